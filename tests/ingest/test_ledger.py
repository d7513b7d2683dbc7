"""Every cell that holds anything is used, left out for a reason, or reported: in any grid, and in the whole corpus."""

import csv
import io
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncs_analyzer.ingest import read
from ncs_analyzer.ingest.cells import as_text
from ncs_analyzer.ingest.files import open_file
from ncs_analyzer.ingest.ledger import CellCount
from ncs_analyzer.readings import Readings
from tests.ingest.reading import table

CORPUS = sorted(p for p in (Path(__file__).parents[1] / "exports" / "files").rglob("*") if p.is_file())
TEXTS = [p for p in CORPUS if p.suffix in (".csv", ".txt", ".tsv") and "named" not in p.name]
CELLS = [
    "",
    "3.4",
    "NR",
    "<4.4",
    "12,5",
    "Median",
    "right",
    "Wrist",
    "Elbow",
    "mV",
    "Latency (ms)",
    "#N/A",
    "2024-05-06",
    "x",
    "-",
]
TIDY = "patient_id,study,nerve,side,recording,stimulation,latency_ms,amplitude_mv,eye_colour,\n"


def balance(readings: Readings) -> None:
    """What was read is used, left out or reported, cell by cell, and whatever is reported has an issue."""
    for found in readings.found:
        cells = found.cells
        assert cells.read == cells.used + cells.reported + sum(cells.ignored.values())
        if cells.reported:
            assert any((i.file, i.sheet) == (found.file, found.sheet) for i in readings.issues)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_every_cell_of_the_corpus(path: Path) -> None:
    readings = read(path)
    balance(readings)
    held = {
        (g.file, g.sheet): sum(bool(as_text(raw)) for c in g.columns for raw in c) + g.lost
        for g in open_file(str(path)).grids
    }
    for found in readings.found:
        if found.layout not in (None, "patient"):
            assert found.cells.read == held[found.file, found.sheet]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, len(TEXTS) - 1), st.integers(0, 2**32))
def test_every_cell_of_a_mutated_export(which: int, seed: int) -> None:
    balance(read_text(mutated(TEXTS[which], random.Random(seed))))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=9), min_size=1, max_size=12))
def test_every_cell_of_any_grid_below_headings(rows: list[list[str]]) -> None:
    for head in (
        TIDY,
        "ID,1\nMotor\nNerve,Side,Site,Latency (ms),Amplitude (mV),Norm Amp,Remark\n",
        "ID,Age,R_Median_DML_ms,R_Median_CMAP_mV,L_Ulnar_DML_ms,Remark\n",
        "id,side,nerve,kind,site,param,value,unit\n",
    ):
        balance(read_text(head + "\n".join(",".join(row) for row in rows)))


def read_text(text: str) -> Readings:
    from ncs_analyzer.ingest import _read_opened, assemble
    from ncs_analyzer.ingest.draft import Sheet
    from ncs_analyzer.ingest.found import Found

    opened = open_file("a.csv", text.encode())
    sheets: list[Sheet] = []
    unread: list[Found] = []
    _read_opened(opened, sheets, opened.issues, unread)
    return assemble(sheets, opened.issues, unread)


def mutated(path: Path, chance: random.Random) -> str:
    """A text export with rows or columns dropped, doubled or exchanged, and cells changed."""
    csv.field_size_limit(2**30)
    content = path.read_bytes().decode("utf-8", errors="replace")
    delimiter = max(",;\t", key=content.count)
    rows: list[list[Any]] = list(csv.reader(content.replace("\x00", "").splitlines(), delimiter=delimiter))
    for _ in range(chance.choice((1, 3, 12))):
        if not rows:
            break
        at, other = chance.randrange(len(rows)), chance.randrange(len(rows))
        column = chance.randrange(max(len(rows[at]), 1))
        what = chance.randrange(6)
        if what == 0:
            del rows[at]
        elif what == 1:
            rows.insert(other, list(rows[at]))
        elif what == 2:
            rows[at], rows[other] = rows[other], rows[at]
        elif what == 3:
            rows = [row[:column] + row[column + 1 :] for row in rows]
        elif what == 4:
            rows = [[*row[:column], *row[column : column + 1], *row[column:]] for row in rows]
        elif rows[at]:
            rows[at][column % len(rows[at])] = chance.choice(CELLS)
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def test_a_tidy_table_to_the_cell(tmp_path: Path) -> None:
    rows = [
        "P1,motor,median,right,APB,wrist,3.4,8,A,7",
        "P1,motor,median,,APB,elbow,7.4,7.9,A,",
        "P1,motor,ulnar,left,ADM,wrist,x,9,A,",
    ]
    found = table(tmp_path, TIDY + "\n".join(rows)).found[0].cells
    reported = 7 + 1 + 1  # the row without a side, the 7 without a heading, the x
    covariates = 3
    assert found == CellCount(
        9 + 28 - 1, 28 - 1 - reported - covariates, reported, {"heading or title": 9, "covariate": covariates}
    )


def test_a_number_that_nobody_read_is_said(tmp_path: Path) -> None:
    text = (
        "ID,1\nMotor\nNerve,Side,Site,Latency (ms),Amplitude (mV),\nMedian,R,Wrist,3.4,8,5.5\nUlnar,R,Wrist,2.6,8,ok\n"
    )
    readings = table(tmp_path, text)
    assert [(i.row, i.column, i.value) for i in readings.issues if i.code.name == "cell-not-read"] == [(4, "F", "5.5")]
    assert readings.found[0].cells.ignored["note"] == 1


def test_a_count_that_does_not_balance_is_an_error() -> None:
    with pytest.raises(AssertionError):
        CellCount(10, 5, 3, {"note": 1})
