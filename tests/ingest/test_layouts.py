"""The layouts against each other: one is passed over only where it could not have won."""

from functools import cache
from pathlib import Path

import pytest

from ncs_analyzer.ingest.files import open_file
from ncs_analyzer.ingest.layouts import LAYOUTS, Layout

EXPORTS = sorted(
    path
    for folder in ("sample_data", "tests/exports/files")
    for path in Path(__file__).parents[2].joinpath(folder).rglob("*")
    if path.suffix in (".csv", ".xlsx", ".xls", ".ods", ".txt", ".tsv")
)


@cache
def fits() -> dict[str, dict[str, float]]:
    """By sheet of an export and by layout, how well it fits."""
    grids = {f"{path.name} {i}": grid for path in EXPORTS for i, grid in enumerate(open_file(str(path)).grids)}
    return {name: {layout.name: layout.fit(grid) for layout in LAYOUTS} for name, grid in grids.items()}


def test_there_are_exports_of_every_layout() -> None:
    assert {max(own, key=own.__getitem__) for own in fits().values()} == {layout.name for layout in LAYOUTS}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_no_layout_fits_better_than_it_says(layout: Layout) -> None:
    assert {name: own[layout.name] for name, own in fits().items() if not 0.0 <= own[layout.name] <= layout.most} == {}
