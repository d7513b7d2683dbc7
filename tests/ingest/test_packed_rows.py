"""Rows that stand in one cell whole are refused, never taken for remarks."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from ncs_analyzer.ingest import read
from tests.ingest.reading import sheet, values

HEAD = "patient_id,age_years,sex,study,nerve,side,recording,stimulation,latency_ms,amplitude_mv"
ONE = "A1,50,F,motor,median,left,APB,wrist,3.5,8.2"
TWO = "B2,61,M,motor,median,left,APB,wrist,9.5,0.4"
PACKED = [TWO.replace(",", ";"), TWO.replace(",", "\t"), TWO.replace(",", "|"), f'"{TWO}"', TWO.replace(",", "，")]


@pytest.mark.parametrize("row", PACKED)
def test_in_a_tidy_table(tmp_path: Path, row: str) -> None:
    found = sheet(tmp_path, HEAD, ONE, row, ONE.replace("median", "ulnar").replace("APB", "ADM"))
    assert [(i.code.name, i.row) for i in found.issues if i.severity == "error"] == [("row-in-one-cell", 3)]
    assert {key.split("_")[0].split()[0] for key in values(found)} == {"A1"}
    (account,) = found.found
    assert (account.read, account.used, account.reported) == (3, 2, 1)


@pytest.mark.parametrize("row", PACKED)
def test_in_a_wide_sheet(tmp_path: Path, row: str) -> None:
    wide = "id,sex,age,R median DML,R median CMAP (mV),R ulnar DML,R ulnar CMAP (mV),L sural SNAP (uV)"
    found = sheet(tmp_path, wide, "A1,F,50,3.5,8.2,2.9,9.1,12", row.replace("motor", "3"), "C3,F,50,3.6,8.1,2.8,9.4,11")
    assert [(i.code.name, i.row) for i in found.issues if i.severity == "error"] == [("row-in-one-cell", 3)]


def test_every_row_quoted(tmp_path: Path) -> None:
    found = sheet(tmp_path, HEAD, f'"{ONE}"', f'"{TWO}"')
    assert [i.row for i in found.issues if i.code.name == "row-in-one-cell"] == [2, 3]
    assert not len(found.responses)


def test_in_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    for line in (HEAD, ONE):
        book.active.append(line.split(","))
    book.active.append([TWO.replace(",", ";")])
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx")
    assert [(i.code.name, i.row) for i in found.issues if i.severity == "error"] == [("row-in-one-cell", 3)]


@pytest.mark.parametrize("remark", [
    "Limits: median DML < 4.4 ms; ulnar DML < 3.3 ms; sural > 6 µV; room 12; see legend",
    "NR = no response; NT = not tested; R = right; L = left; APB = abductor pollicis brevis",
    "1; 2; see note",
])  # fmt: skip
def test_a_remark_is_none(tmp_path: Path, remark: str) -> None:
    assert "row-in-one-cell" not in {i.code.name for i in sheet(tmp_path, HEAD, ONE, remark).issues}
