"""A number under a heading in the unit of the readings."""

from dataclasses import replace
from typing import NamedTuple

from ncs_analyzer.ingest.cells import Cell, State
from ncs_analyzer.ingest.headings import Heading
from ncs_analyzer.readings import LIMITS, VALUES


class Amount(NamedTuple):
    """The cell in the unit of the readings, and the issue code and message that go with it."""

    cell: Cell
    code: str | None = None
    message: str = ""


def in_readings_unit(cell: Cell, heading: Heading, name: str) -> Amount:
    """Convert one cell of the readings' column `name`. A unit in the cell outranks the heading's.

    A sensory amplitude under mV is µV (said) or, where it could be mV, refused: never multiplied by 1000. A motor
    amplitude under µV is converted, or refused where the number can only be mV.
    """
    if cell.state is not State.VALUE:
        return Amount(cell)
    unit, number = cell.unit or heading.unit, f"{cell.number:g}"
    if name == "amplitude_uv" and unit == "mV" and cell.number > 0:
        if cell.number >= 1:
            return Amount(
                replace(cell, unit="uV"),
                "amplitude-unit-taken",
                f"A sensory amplitude of {number} under mV was read as µV.",
            )
        return _refused(f"A sensory amplitude of {number} under mV may be mV or µV.")
    if name == "amplitude_mv" and unit == "uV" and cell.number > 0:
        if cell.number < 50:
            return _refused(f"A motor amplitude of {number} under µV may be mV or µV.")
        return Amount(replace(cell, number=cell.number / 1000, unit="mV"))
    if cell.unit == "%" and VALUES[name] != "%":
        return _refused(f"{number} % is a percentage of a limit, not a measurement.", "percent-of-limit")
    if cell.unit is not None:
        return Amount(cell)
    return Amount(replace(cell, number=cell.number * heading.factor) if heading.factor != 1.0 else cell)


def in_column_unit(cell: Cell, name: str) -> Cell:
    """A cell that writes its own unit, in the unit of the readings' column `name`; unreadable where that unit measures
    something else."""
    column = LIMITS.get(name, name)
    natural = {**VALUES, "temperature_c": "C"}.get(column)
    if cell.state is not State.VALUE or natural is None or cell.unit == natural:
        return cell
    if (cell.unit, natural) == ("uV", "mV"):
        return replace(cell, number=cell.number / 1000, unit="mV")
    return Cell(State.UNREADABLE, problem="percent-of-limit" if cell.unit == "%" else "unreadable-number")


def _refused(message: str, code: str = "amplitude-unit") -> Amount:
    return Amount(Cell(State.UNREADABLE), code, message)
