"""The corpus of exports once more, changed in ways that change nothing, or that leave a name nobody knows.

A blank column, a remark below, another delimiter, other words for the same: the readings stay. An unknown nerve or site:
its readings are lost, and no other reading appears in their place.
"""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from ncs_analyzer.ingest.cells import Raw
from ncs_analyzer.ingest.files import open_file
from tests.exports.compare import compare_with, export_of, later_truths, truths

FAMILIES = ("A", "B", "C", "D", "E", "F", "G", "H", "I")
Rows = list[list[Raw]]


def words(pattern: str, by: str) -> Callable[[Rows], Rows]:
    found = re.compile(pattern, re.IGNORECASE)

    def changed(rows: Rows) -> Rows:
        return [
            [found.sub(by, v) if isinstance(v, str) and len(v) < 70 else v for v in row]
            for row in rows
        ]

    return changed


SAME: dict[str, Callable[[Rows], Rows]] = {
    "a blank column": lambda rows: [[None, *row] for row in rows],
    "a remark below": lambda rows: [*rows, [], ["Printed by the laboratory"], ["Technician: AB"]],
    "a title above": lambda rows: [["University Hospital, Department of Neurology"], [], *rows],
    "sides cut short": lambda rows: words(r"\bleft\b", "Lt")(words(r"\bright\b", "Rt")(rows)),
    "nerves cut short": lambda rows: words(r"\bmedian\b", "Med")(words(r"\bulnar\b", "Uln")(rows)),
    "units in brackets": lambda rows: words(r"\((ms|mV)\)", r"[\1]")(words("µV", "uV")(rows)),
}
UNKNOWN: dict[str, Callable[[Rows], Rows]] = {
    "the ulnar nerve": words(r"\b(ulnar|cubital|ulnaris|ulnaire|ulnare)\b|尺骨|尺神经|척골", "Xyz"),
    "the tibial nerve": words(r"\b(tibial|tibialis|tibiale)\b|胫|脛骨|경골", "Xyz"),
    "the elbow": words(
        r"\b(elbow|codo|coude|gomito|ellenbeuge|ellenbogen|cotovelo)\b|肘|주관절|팔꿈치", "Qqq"
    ),
}
MEANT = (
    "a_contradictions", "MEP-report", "CIDP_case_block", "compte_rendu_ENMG_20210423", "ncs_stim_dump", "ko_nerve_site_list",
    "de_neurographie_brandstetter", "ENMG_setor_agosto",
)  # fmt: skip
"""A changed word is a muscle there, which then stands under its own name."""


def exports() -> list[tuple[str, dict[str, Any], Rows]]:
    """The exports of one regular sheet, with their truth and their cells at the place they stand."""
    found = []
    for path in (*truths(*FAMILIES), *later_truths()[::3]):  # every third one, for the sake of time
        truth = json.loads(path.read_text(encoding="utf-8"))
        grids = open_file(str(export_of(path, truth))).grids
        plain = (
            not truth.get("ambiguous")
            and not truth.get("read_or_refuse")
            and not path.stem.startswith(MEANT)
        )
        if (
            len(grids) != 1
            or not plain
            or grids[0].refused
            or grids[0].height > 400
            or grids[0].width > 150
        ):
            continue
        (grid,) = grids
        rows: Rows = []
        for r in range(grid.height):
            rows += [[] for _ in range(grid.line(r) - 1 - len(rows))]
            rows.append([grid.raw(r, c) for c in range(grid.width)])
        found.append((path.stem, truth | {"expected_issues": []}, rows))
    return found


EXPORTS = exports()


def saved(value: Raw) -> str:
    """As a spreadsheet saves a cell: a whole number without decimals."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def written(rows: Rows, path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(
            [f"'{v}" if isinstance(v, str) and v.startswith("=") else v for v in row]
        )
    book.save(path)
    return path


@pytest.mark.parametrize("change", SAME)
def test_the_same_readings(tmp_path: Path, change: str) -> None:
    for name, truth, rows in EXPORTS:
        outcome = compare_with(truth, written(SAME[change](rows), tmp_path / f"{name}.xlsx"))
        assert (outcome.wrong, outcome.missing) == ([], []), name


def test_the_same_readings_with_a_decimal_comma(tmp_path: Path) -> None:
    number = re.compile(r"([<>≤≥]?=?\s*\d+)\.(\d+)")
    for name, truth, rows in EXPORTS:
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            texts = [
                [
                    "" if v is None else v.isoformat()[:10] if hasattr(v, "isoformat") else saved(v)
                    for v in row
                ]
                for row in rows
            ]
            csv.writer(stream, delimiter=";").writerows([[number.sub(r"\1,\2", t) if number.fullmatch(t) else t for t in row]
                                                         for row in texts])  # fmt: skip
        outcome = compare_with(truth, path)
        assert (outcome.wrong, outcome.missing) == ([], []), name


@pytest.mark.parametrize("change", UNKNOWN)
def test_no_other_reading_in_the_place_of_an_unknown_name(tmp_path: Path, change: str) -> None:
    lost = 0
    for name, truth, rows in EXPORTS:
        outcome = compare_with(truth, written(UNKNOWN[change](rows), tmp_path / f"{name}.xlsx"))
        assert outcome.wrong == [], name
        lost += len(outcome.missing)
    assert lost > 1000
