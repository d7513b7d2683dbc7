"""Readings with their limits, and issues, as CSV: UTF-8, comma, point; text never becomes a formula."""

from collections.abc import Iterable
from typing import Any, Final, TextIO

import pandas as pd

from ncs_analyzer.grouping import repeated
from ncs_analyzer.issues import Issue
from ncs_analyzer.pipeline import Analysis
from ncs_analyzer.readings import Readings
from ncs_analyzer.reference.grading import graded_readings
from ncs_analyzer.report.csv_lines import csv_header, csv_lines
from ncs_analyzer.wording import safe

WHO: Final = ("patient_id", "study_id", "study_date", "age_years", "sex", "height_cm", "group")


def readings_table(analysis: Analysis) -> pd.DataFrame:
    """One row per reading: the study it belongs to, value, limit, percent of limit, grade, and the cell it stood in.

    Columns: WHO and those of `graded_readings` but for its row numbers; text as categories.
    """
    graded = graded_readings(analysis.readings, analysis.responses, analysis.limits)
    study = graded["study_no"].to_numpy()
    who = {name: repeated(analysis.readings.studies[name], study) for name in WHO}
    values = graded.drop(columns=["study_no", "response_no"])
    values["row"] = values["row"].astype("Int64").where(values["row"] > 0)
    return pd.concat([pd.DataFrame(who, copy=False), values], axis=1)


def write_readings(analysis: Analysis, stream: TextIO) -> None:
    """The table of readings."""
    write_table(readings_table(analysis), stream)


def issues_table(issues: Iterable[Issue]) -> pd.DataFrame:
    """One row per issue, in the names of the contract."""
    names = ("severity", "code", "message", "file", "sheet", "row", "column", "value")
    records = [issue.record() for issue in issues]
    columns: dict[str, Any] = {name: pd.array([_safe(r[name]) for r in records], dtype=object) for name in names}
    return pd.DataFrame(columns | {"row": pd.array(columns["row"], dtype="Int64")}, copy=False)


def _safe(value: str | int | None) -> str | int | None:
    return safe(value) if isinstance(value, str) else value


def write_issues(readings: Readings, stream: TextIO) -> None:
    """The table of issues."""
    write_table(issues_table(readings.issues), stream)


def write_table(table: pd.DataFrame, stream: TextIO) -> None:
    """A table as CSV, its text made inert."""
    stream.write(csv_header(table))
    stream.writelines(csv_lines(table))
