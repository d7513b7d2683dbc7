"""The layouts against each other: one is passed over only where it could not have won."""

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


def test_there_are_exports_of_every_layout() -> None:
    best = {max(LAYOUTS, key=lambda layout: layout.fit(grid)).name for p in EXPORTS for grid in open_file(str(p)).grids}
    assert best == {layout.name for layout in LAYOUTS}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_no_layout_fits_better_than_it_says(layout: Layout) -> None:
    for path in EXPORTS:
        for grid in open_file(str(path)).grids:
            assert 0.0 <= layout.fit(grid) <= layout.most, path.name
