"""Rows of a wide sheet whose cells stand one column beside their headings."""

from pathlib import Path

import pytest

from tests.ingest.reading import sheet, values

HEAD = "ID,Age,R.MM.DML,R.MM.CMAP1,R.MM.CMAP2,R.MM.NCV1,R.UM.DML,R.UM.CMAP1,R.UM.CMAP2,R.UM.NCV1,R.SS.SNAP1,R.SS.NCV1"
SOUND = "W1,50,3.5,9.2,8.5,54,2.7,9.6,9.3,55,14,46"
CIDP = "W2,50,9.8,1.2,0.4,22,7.7,0.9,0.3,19,2,31"


@pytest.mark.parametrize(
    "row",
    ["W3,50,9.2,8.5,54,2.7,9.6,9.3,55,14,46,", "W3,50,,3.5,9.2,8.5,54,2.7,9.6,9.3,55,14",
     "W3,50,3.5,9.2,8.5,54,9.6,9.3,55,14,46,"],
)  # fmt: skip
def test_a_cell_too_few_or_too_many(tmp_path: Path, row: str) -> None:
    found = sheet(tmp_path, HEAD, SOUND, CIDP, row)
    assert [(i.code.name, i.row) for i in found.issues if i.severity == "error"] == [("shifted-columns", 4)]
    assert not any(isinstance(v, float) for k, v in values(found).items() if k.startswith("W3"))
    assert values(found)["W1 right median motor wrist latency_ms"] == 3.5


def test_even_where_most_rows_have_moved(tmp_path: Path) -> None:
    moved = [f"W{i},50,9.2,8.5,54,2.7,9.6,9.3,55,14,46," for i in range(3, 9)]
    found = sheet(tmp_path, HEAD, SOUND, *moved)
    assert [i.row for i in found.issues if i.code.name == "shifted-columns"] == [3, 4, 5, 6, 7, 8]


def test_illness_is_no_shift(tmp_path: Path) -> None:
    rows = [
        CIDP,
        "W3,50,3.4,0.4,0.3,50,2.6,0.5,0.4,52,1,40",
        "W4,50,5.9,8.1,7.7,51,2.8,9.1,8.8,56,3,44",
        "W5,50,,,,,,,,,,",
    ]
    assert "shifted-columns" not in {i.code.name for i in sheet(tmp_path, HEAD, SOUND, *rows).issues}
