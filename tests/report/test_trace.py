"""Every number of a report is in the input: values and printed limits in their row, other limits in the reference."""

import csv
import re
from functools import cache

import openpyxl
import pandas as pd
import pytest

from ncs_analyzer.reference.tables import default_reference
from ncs_analyzer.resources import shipped
from tests.report.samples import NAMES, records

NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
CM = 10.0
"""Distances are printed in centimetres in some samples."""


@cache
def rows(file: str, sheet: str | None) -> list[list[str]]:
    path = shipped("sample_data") / file
    if path.suffix == ".xlsx":
        cells = openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in cells]
    text = path.read_bytes().decode("utf-8-sig" if path.name != "befunde_de.csv" else "cp1252", errors="replace")
    return list(csv.reader(text.splitlines(), delimiter=";" if ";" in text else ","))


def numbers(source: dict) -> list[float]:
    """All numbers in the row a value stood in."""
    cells = rows(source["file"], source["sheet"])[source["row"] - 1]
    return [float(found.replace(",", ".")) for cell in cells for found in NUMBER.findall(cell)]


def stands(value: float, found: list[float]) -> bool:
    return any(value == pytest.approx(number * factor, rel=1e-9) for number in found for factor in (1, CM))


@pytest.mark.parametrize("name", NAMES)
def test_every_value_and_printed_limit_stands_in_its_row(name: str) -> None:
    seen = 0
    for record in records(name):
        for r in record["readings"]:
            if r["value"] is None:
                continue
            found = numbers(r["source"])
            assert stands(r["value"], found), r
            limit = r["upper"] if r["lower"] is None else r["lower"]
            inherited = r["measure"] == "amplitude" and r["study"] == "motor"
            if r["limit_source"] == "printed" and not inherited:
                assert stands(limit, found), r
            seen += 1
    assert seen > 20


def test_a_value_that_is_not_in_its_row_would_be_found() -> None:
    r = next(r for r in records("tidy.csv")[0]["readings"] if r["value"])
    assert not stands(r["value"] + 0.01, numbers(r["source"]))


def test_fixed_limits_stand_in_the_reference_named() -> None:
    tables = {}
    for source in default_reference().sources:
        table = pd.read_csv(shipped("reference_ranges") / source.id / "limits.csv", comment="#")
        formula = table["intercept"].notna() if "intercept" in table else pd.Series(False, table.index)
        tables[source.id] = {float(v) for side in ("lower", "upper") for v in table[side].dropna()}, bool(formula.any())
    seen = 0
    for record in records():
        for r in record["readings"]:
            if r["limit_source"] in tables and r["measure"] in ("distal_latency", "velocity", "amplitude"):
                own, formula = tables[r["limit_source"]]
                if not formula:
                    assert (r["upper"] if r["lower"] is None else r["lower"]) in own, r
                    seen += 1
    assert seen > 100


def test_percents_are_of_the_unrounded_numbers() -> None:
    for record in records():
        for r in record["readings"]:
            limit = r["upper"] if r["lower"] is None else r["lower"]
            if r["value"] is not None and limit is not None:
                assert r["percent_of_limit"] == pytest.approx(100 * r["value"] / limit)


def test_every_number_that_counts_for_a_verdict_is_a_reading_or_says_that_it_was_computed() -> None:
    seen = 0
    for record in records():
        values = {
            (r["nerve"], r["side"], r["source"]["row"], r["source"]["sheet"], r["value"]) for r in record["readings"]
        }
        for criteria in record["criteria"].values():
            for piece in criteria["evidence"]:
                if piece["value"] is None or piece.get("computed") or not piece["source"]:
                    continue
                key = (piece["nerve"], piece["side"], piece["source"]["row"], piece["source"]["sheet"], piece["value"])
                derived = piece["measure"] in ("terminal_latency_index", "residual_latency")
                assert key in values or derived, piece
                seen += 1
    assert seen > 300
