"""The text of a reference table to its limits, with every problem it has."""

import csv
import io
import math
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Any, Final

from ncs_analyzer.reference.checks import cell_problems
from ncs_analyzer.reference.limit import NUMBERS, REQUIRED, TEXT, Limit
from ncs_analyzer.reference.problem import Problem
from ncs_analyzer.reference.strata import row_problems

_COLUMNS: Final = (*TEXT, *NUMBERS)


class TableError(ValueError):
    """A reference table that cannot be relied on. `problems`: every one found, each with its row."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = "\n  ".join(map(str, self.problems))
        super().__init__(f"{name}: {count} problem{'s' if count != 1 else ''} in the reference table\n  {lines}")


def check_table(text: str) -> tuple[tuple[Limit, ...], tuple[Problem, ...]]:
    """The limits of a table and its problems, errors and warnings, in the order of the rows. Lines above the headings
    that start with # say how the table was made."""
    text = text.lstrip("\ufeff").replace("\0", "\ufffd")
    said = len(made_how(text))
    text = text.split("\n", said)[said]
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="")
    problems = _heading_problems([(h or "").strip() for h in reader.fieldnames or []])
    if problems:
        return (), tuple(problems)
    reader.fieldnames = [(h or "").strip() for h in reader.fieldnames or []]
    limits, sound = [], []
    for cells in reader:
        if not any(v.strip() for v in cells.values() if isinstance(v, str)) and not cells.get(""):
            continue
        limit, wrong = _limit(cells, reader.line_num + said)
        unreadable = {p.column for p in wrong}
        wrong += [p for p in cell_problems(limit) if p.column not in unreadable]
        problems += wrong
        limits.append(limit)
        if not wrong:
            sound.append(limit)
    if not limits:
        problems.append(Problem("it holds no limit", "Write one row per limit and stratum."))
    problems += row_problems(sound)
    return tuple(limits), tuple(sorted(problems, key=lambda p: (p.row or 0, p.column or "")))


def made_how(text: str) -> list[str]:
    """The lines above the headings that say how a table was made, without their #."""
    lines = takewhile(lambda line: line.startswith("#"), text.split("\n"))
    return [line.lstrip("#").strip() for line in lines]


def checked_limits(text: str, name: str) -> tuple[Limit, ...]:
    """The limits of a table. Raises TableError with every problem where one of them is an error."""
    limits, problems = check_table(text)
    if any(p.severity == "error" for p in problems):
        raise TableError(name, problems)
    return limits


def sound_limits(text: str) -> tuple[Limit, ...]:
    """The limits of a table without any problem: a shipped one. Faster, for it is read at every start."""
    lines = csv.reader(io.StringIO(text, newline=""))
    columns: list[tuple[str, Callable[[str], Any]]] = [(name, str if name in TEXT else float) for name in next(lines)]
    return tuple(
        Limit(lines.line_num, **{name: kind(cell) for (name, kind), cell in zip(columns, cells, strict=True) if cell})
        for cells in lines
    )


def _heading_problems(headings: list[str]) -> list[Problem]:
    if len(headings) == 1 and any(mark in headings[0] for mark in ";\t"):
        return [Problem("the columns are not separated by commas", "Save as CSV with commas and points.", 1)]
    problems = [
        Problem(f"the column {c} is missing", f"Add {', '.join(REQUIRED)}.", 1, c)
        for c in REQUIRED
        if c not in headings
    ]
    problems += [
        Problem("not a column of a reference table", f"Rename or delete it; columns: {', '.join(_COLUMNS)}.", 1, h)
        for h in headings
        if h and h not in _COLUMNS
    ]
    problems += [
        Problem("the column stands twice", "Delete one.", 1, h)
        for h in dict.fromkeys(headings)
        if headings.count(h) > 1
    ]
    return problems


def _limit(cells: dict[str, Any], line: int) -> tuple[Limit, list[Problem]]:
    """One row, with the cells that could not be read."""
    problems = []
    if cells.get(""):
        problems.append(
            Problem(
                "more cells than headings", "Look for a decimal comma or a comma too many.", line, None, cells[""][0]
            )
        )
    values: dict[str, Any] = {column: (cells.get(column) or "").strip() for column in TEXT}
    for column in NUMBERS:
        text = (cells.get(column) or "").strip()
        if not text:
            continue
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            values[column] = number
        else:
            remedy = "Write a plain number with a decimal point; leave the cell empty where there is none."
            problems.append(Problem("not a number", remedy, line, column, text))
    return Limit(line, **values), problems
