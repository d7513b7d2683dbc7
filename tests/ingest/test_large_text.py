"""The fast path for large text tables reads what the careful path reads, or leaves the table to it."""

import io

import pytest

from ncs_analyzer.ingest.files import open_file
from ncs_analyzer.ingest.files.large_text import read_large

REGULAR = "patient_id,nerve,side,amplitude_mv\nP1,median,left,8.1\n\nP2,ulnar,right,7\n"


def cells(grid):
    return [grid.row(r) for r in range(grid.height)]


@pytest.mark.parametrize(
    "text",
    [
        REGULAR,
        REGULAR.replace("\n", "\r\n"),
        "\ufeff" + REGULAR,
        REGULAR.replace("median", '"median"'),
        REGULAR.replace("median", '"median, left"'),
        REGULAR.rstrip("\n"),
        REGULAR.replace("P2,ulnar,right,7", "P2,ulnar"),
        REGULAR.replace("ulnar", "NA"),
    ],
)
def test_same_cells_and_lines_as_the_careful_reader(text):
    content = text.encode("utf-8")
    fast = read_large("x.csv", io.BytesIO(content), ",", 4)
    careful = open_file("x.csv", content).grids[0]
    assert fast is not None
    assert cells(fast) == [row + [""] * (4 - len(row)) for row in cells(careful)]
    assert fast.lines.tolist() == careful.lines.tolist()


@pytest.mark.parametrize(
    "content",
    [
        REGULAR.replace("median", '"me\ndian"').encode(),
        REGULAR.replace("median", "m\x00edian").encode(),
        REGULAR.replace("median,left", "median\rleft").encode(),
        REGULAR.replace("median", "médian").encode("cp1252"),
        REGULAR.replace("P2,ulnar,right,7", "P2,ulnar,right,7,8").encode(),
        REGULAR.replace("median", '"median').encode(),
    ],
    ids=["line-break-in-cell", "zero-byte", "bare-return", "not-utf-8", "long-row", "open-quote"],
)
def test_leaves_irregular_tables_to_the_careful_reader(content):
    assert read_large("x.csv", io.BytesIO(content), ",", 4) is None


def test_carriage_return_and_line_feed_across_two_blocks(monkeypatch):
    monkeypatch.setattr("ncs_analyzer.ingest.files.large_text._BLOCK", 7)
    content = REGULAR.replace("\n", "\r\n").encode()
    assert read_large("x.csv", io.BytesIO(content), ",", 4) is not None
