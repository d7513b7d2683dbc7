"""Where the shipped data lies: inside the package in a wheel, at the root in a checkout."""

from functools import cache
from pathlib import Path


@cache
def shipped(name: str) -> Path:
    """The folder `reference_ranges` or `sample_data`; FileNotFoundError if the installation is incomplete."""
    here = Path(__file__).parent
    for folder in (here / "_shipped" / name, here.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{name} is missing from this installation of ncs-analyzer")
