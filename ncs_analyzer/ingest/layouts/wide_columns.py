"""The cells of one measured column of a wide sheet: numbers in the unit of the readings, and what cannot be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ncs_analyzer.arrays import Floats, Rows
from ncs_analyzer.ingest.amounts import in_column_unit
from ncs_analyzer.ingest.cells import Cell, Raw, State, as_text, read_cell, read_limit
from ncs_analyzer.ingest.draft import Sheet
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts.wide_places import RESPONSE, Target
from ncs_analyzer.ingest.ledger import Use
from ncs_analyzer.ingest.quality import LONGEST_DISTAL_LATENCY, POSSIBLE
from ncs_analyzer.vocabulary.match import lexicon

_CODES: Final = frozenset((-1.0, -9.0, -8.0, -7.0, -99.0, -88.0, -77.0, -999.0, -888.0, -777.0, -9999.0, 77.0, 88.0, 99.0, 777.0,
                           888.0, 999.0, 7777.0, 8888.0, 9999.0, 99.9, 999.9, 88.8, 888.8, 99.99))  # fmt: skip
"""Numbers that research sheets write for "missing" or "not done"."""

_DISTAL: Final = ("wrist", "ankle")
_NATURAL_UNIT: Final = {"latency_ms": "ms", "peak_latency_ms": "ms", "duration_ms": "ms", "amplitude_mv": "mV",
                        "amplitude_uv": "µV", "area_mvms": "mV·ms", "velocity_m_per_s": "m/s", "distance_mm": "mm",
                        "persistence_pct": "%"}  # fmt: skip
_SURELY_MICROVOLT: Final = 400.0
"""Half of a column of motor amplitudes above this cannot be mV, nor percentages."""
_SURELY_MILLIVOLT: Final = 50.0
"""Half of a column of motor amplitudes below this are no µV."""
_SURELY_CM: Final = 60.0


Coded = tuple[Rows, list[Raw]]
"""Some cells as codes into their distinct raw values."""


@dataclass
class Measured:
    """One column of cells. `values`: numbers, NaN where there is none; `state`: of every cell; `label`: of the column."""

    column: int
    target: Target
    values: Floats
    state: NDArray[np.int8]
    label: int


def missing_codes(grid: Grid, columns: Iterable[tuple[Target, Coded]]) -> frozenset[float]:
    """The numbers that stand for a missing value in this sheet: those of `_CODES` that occur where they are impossible."""
    found: set[float] = set()
    for target, (codes, distinct) in columns:
        for i in np.unique(codes):
            number = read_cell(distinct[i], grid.comma).number
            if number in _CODES and (number < 0 or number > _most(target)):
                found.add(number)
    return frozenset(found)


def _most(target: Target) -> float:
    """A bound above which no measurement of this column lies."""
    if target.column == "latency_ms" and target.place.kind == "motor" and target.place.site in _DISTAL:
        return LONGEST_DISTAL_LATENCY
    if target.column == "velocity_m_per_s":
        return 95.0
    return POSSIBLE.get(target.place.kind, {}).get(target.column, (0.0, 300.0))[1]


def read_column(
    sheet: Sheet, heading: str, column: int, rows: Rows, coded: Coded, target: Target, missing: frozenset[float]
) -> Measured:
    """Read the cells of one column in some rows; every cell that cannot be read is reported."""
    grid = sheet.grid
    used, codes = np.unique(coded[0], return_inverse=True)  # the other cells of the column may be of other measures
    distinct = [coded[1][i] for i in used]
    limit = target.column.endswith("_limit")
    upper = target.column.endswith("upper_limit")
    name = heading.split("\n")[-1]
    cells = [
        read_limit(raw, upper, grid.comma) if limit else defined_cell(grid, name, raw) or read_cell(raw, grid.comma)
        for raw in distinct
    ]
    if _in_words(cells, distinct, grid, name):
        target = replace(target, column=RESPONSE)
    if target.column == RESPONSE and any(c.state is State.VALUE and c.number not in missing for c in cells):
        sheet.report("column-not-understood", "The numbers do not say whether there was a response.", column=heading)
        cells = [Cell(State.NOT_TESTED)] * len(cells)
    elif target.column == RESPONSE:
        cells = [_response(grid, name, raw, c) for raw, c in zip(distinct, cells, strict=True)]
    cells = [Cell(State.UNREADABLE, problem="impossible-value") if c.number in missing else c for c in cells]
    cells = _in_unit(sheet, heading, target, cells)
    for i in np.unique(codes):
        if cells[i].problem is not None:
            _report(sheet, heading, cells[i], as_text(distinct[i]), rows[codes == i])
    values = np.array([c.number if c.state is State.VALUE else np.nan for c in cells], float)[codes]
    state = np.array([c.state for c in cells], np.int8)[codes]
    sheet.mark(Use.NOT_TESTED, rows[state == State.NOT_TESTED], [column] if target.column != RESPONSE else [])
    sheet.mark(Use.WITH_ROW, rows if target.column == RESPONSE else rows[state == State.NO_RESPONSE], [column])
    return Measured(column, target, values, state, sheet.label(column, heading))


_DEFINED: Final = {"no_response": Cell(State.NO_RESPONSE), "not_tested": Cell(State.NOT_TESTED)}


def defined_cell(grid: Grid, heading: str, raw: Raw) -> Cell | None:
    """What a cell says where the code book or a legend of the file explains it: 888 = no response."""
    return _DEFINED.get(grid.definitions.state(heading, raw) or "")


def _is_present(grid: Grid, heading: str, raw: Raw) -> bool:
    return "present" in (grid.definitions.state(heading, raw), lexicon("state")(as_text(raw)))


def _response(grid: Grid, heading: str, raw: Raw, cell: Cell) -> Cell:
    """A cell that says whether there was a response, in words or by a code that the file explains."""
    if cell.state in (State.NO_RESPONSE, State.NOT_TESTED) or _is_present(grid, heading, raw):
        return cell if cell.state is State.NO_RESPONSE else Cell(State.NOT_TESTED)
    phrase = grid.definitions.phrase(heading, raw) or as_text(raw)
    said = None if phrase.isdigit() else lexicon("yes_no")(phrase)
    known = {"yes": Cell(State.NOT_TESTED), "no": Cell(State.NO_RESPONSE)}
    return known.get(said or "", Cell(State.UNREADABLE, problem="unreadable-word"))


def _in_words(cells: Sequence[Cell], distinct: Sequence[Raw], grid: Grid, heading: str) -> bool:
    """Whether a column only says whether there was a response: "present", and no number."""
    numbers = any(c.state is State.VALUE for c in cells)
    return not numbers and any(_is_present(grid, heading, raw) for raw in distinct)


def _report(sheet: Sheet, heading: str, cell: Cell, text: str, rows: Rows) -> None:
    for row in rows:
        line = sheet.grid.line(int(row))
        if cell.problem == "impossible-value":
            sheet.report(
                cell.problem,
                f"{text} stands for a missing value in this sheet; it is no measurement.",
                line,
                heading,
                text,
            )
        elif cell.problem == "amplitude-unit":
            sheet.report(
                cell.problem, f"An amplitude of {text} under this heading may be mV or µV.", line, heading, text
            )
        else:
            sheet.report_cell(cell, line, heading, text, heading)


def _in_unit(sheet: Sheet, heading: str, target: Target, cells: list[Cell]) -> list[Cell]:
    """The cells in the unit of the readings: by the unit of the cell, of the heading, or by what the numbers prove."""
    plain = np.array([c.number for c in cells if c.state is State.VALUE and c.unit is None and c.number != 0], float)
    factor = target.factor
    if target.column == "amplitude_uv" and target.unit == "mV":
        return _sensory_in_mv(sheet, heading, cells, float(np.median(plain)) if len(plain) else 0.0)
    if (
        target.column == "amplitude_mv"
        and target.unit == "uV"
        and len(plain)
        and np.median(np.abs(plain)) < _SURELY_MILLIVOLT
    ):
        return _refused(cells)
    if target.unit is None and len(plain):
        factor = _proven(target.column, np.abs(plain))
        if factor != 1.0:
            unit = {0.001: "µV", 10.0: "cm", 100.0: "a share of 1"}[factor]
            sheet.report("unit-assumed", f"The values can only be {unit}.", column=heading)
    scaled = [replace(c, number=c.number * factor) if c.state is State.VALUE and c.unit is None else c for c in cells]
    return [in_column_unit(c, target.column) if c.unit else c for c in scaled]


def _proven(column: str, numbers: Floats) -> float:
    """The factor that the numbers themselves prove where no unit is written."""
    middle = float(np.median(numbers))
    if column == "amplitude_mv" and middle > _SURELY_MICROVOLT:
        return 0.001
    if column == "distance_mm" and middle < _SURELY_CM:
        return 10.0
    if column == "persistence_pct" and numbers.max() <= 1 and (numbers < 1).any():
        return 100.0
    return 1.0


def _sensory_in_mv(sheet: Sheet, heading: str, cells: list[Cell], middle: float) -> list[Cell]:
    """Sensory amplitudes under a heading of mV: plainly µV, which is said, or refused; never multiplied by 1000."""
    if middle >= 1:
        sheet.report("amplitude-unit-taken", "Sensory amplitudes under mV were read as µV.", column=heading)
        return cells
    return _refused(cells)


def _refused(cells: list[Cell]) -> list[Cell]:
    """Amplitudes that may be mV or µV."""
    refused = Cell(State.UNREADABLE, problem="amplitude-unit")
    return [refused if c.state is State.VALUE and c.unit is None and c.number != 0 else c for c in cells]


# ---------------------------------------------------------------- columns together


def agree(sheet: Sheet, columns: Sequence[Measured], rows: Rows, uses: dict[int, tuple[str, str]],
          headings: Sequence[str]) -> list[Measured]:  # fmt: skip
    """The columns without those that repeat another; where the two differ in a row, both cells are refused and reported."""
    kept: dict[tuple[object, str, str | None], Measured] = {}
    for column in columns:
        key = column.target.place, column.target.column, column.target.convention
        first = kept.setdefault(key, column)
        if first is column:
            continue
        uses[column.column] = f"repeats {headings[first.column]!r}", "ignored"
        both = (first.state == State.VALUE) | (first.state == State.NO_RESPONSE)
        both &= (column.state == State.VALUE) | (column.state == State.NO_RESPONSE)
        same = (first.state == column.state) & ((first.values == column.values) | np.isnan(first.values))
        fill = (first.state == State.NOT_TESTED) & (column.state != State.NOT_TESTED)
        first.values[fill], first.state[fill] = column.values[fill], column.state[fill]
        for i in np.flatnonzero(both & ~same):
            for one, other in ((first, column), (column, first)):
                message = f"{headings[one.column]!r} and {headings[other.column]!r} name the same measure and differ."
                text = sheet.grid.text(int(rows[i]), one.column)
                sheet.report("duplicate-conflict", message, sheet.grid.line(int(rows[i])), headings[one.column], text)
            first.values[i], first.state[i] = np.nan, State.UNREADABLE
    return list(kept.values())


def say_customs(sheet: Sheet, columns: Iterable[Measured], headings: Sequence[str], unlabelled: Iterable[int]) -> None:
    """Say what no heading wrote: units, stimulation sites, onset or peak."""
    bare: set[str] = set()
    count = 0
    said: set[int] = set()
    latencies = set(unlabelled)
    for measured in columns:
        target, c = measured.target, measured.column
        if c in said or not (measured.state == State.VALUE).any():
            continue
        said.add(c)
        if target.unit is None and target.column in _NATURAL_UNIT and target.column != "persistence_pct":
            bare.add(_NATURAL_UNIT[target.column])
            count += 1
        if target.assumed:
            sheet.report("site-assumed", f"No site is named; {target.assumed} is assumed.", column=headings[c])
    if count:
        sheet.report("unit-assumed", f"{count} columns write no unit; {', '.join(sorted(bare))} are assumed.")
    if latencies & said:
        sheet.report("latency-kind-assumed", f"{len(latencies & said)} columns of sensory latencies do not say onset or peak; "
                     "onset is assumed.")  # fmt: skip
