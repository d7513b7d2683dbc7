"""From measured columns to responses: which columns belong to one response, and whether there was one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ncs_analyzer.arrays import Codes, Mask, Rows
from ncs_analyzer.ingest.cells import State
from ncs_analyzer.ingest.draft import Block, Sheet, constant
from ncs_analyzer.ingest.layouts.wide_columns import Measured
from ncs_analyzer.ingest.layouts.wide_places import RESPONSE, Place, joined_late
from ncs_analyzer.readings import BIT, LIMITS, RESPONSE_CELL, VALUES
from ncs_analyzer.vocabulary.anatomy import SITE_ORDER

Group = dict[str, Measured]
"""The columns of one response by the column of the readings they fill."""


def add_responses(sheet: Sheet, columns: Sequence[Measured], rows: Rows, study: Codes, blanks: bool,
                  headings: Sequence[str]) -> None:  # fmt: skip
    """Add the responses of some rows. `study`: of each row; `blanks`: the sheet leaves cells blank or says NA, so that a
    0 is no word for "not tested"."""
    together = joined_late({c.target.place for c in columns})
    columns = [_at(column, together.get(column.target.place)) for column in columns]
    groups = _grouped(columns)
    silent = _silent(groups)
    for (place, convention), group in groups.items():
        main = _main(place)
        never = silent.get((place.nerve, place.side), np.zeros(len(rows), bool))
        absent = _absent(sheet, place, group, main, never, blanks, rows, headings)
        sheet.blocks.append(_block(sheet, place, convention, group, absent, rows, study))


def _at(column: Measured, place: Place | None) -> Measured:
    """The column as one of another place."""
    return column if place is None else replace(column, target=replace(column.target, place=place))


def _grouped(columns: Sequence[Measured]) -> dict[tuple[Place, str | None], Group]:
    """The columns of each response. Amplitudes of two conventions make two responses; all else goes with the first."""
    groups: dict[tuple[Place, str | None], Group] = {}
    for column in columns:
        if column.target.convention:
            groups.setdefault((column.target.place, column.target.convention), {})[column.target.column] = column
    for column in columns:
        if not column.target.convention:
            place = column.target.place
            known = sorted(c or "" for p, c in groups if p == place)
            taken = (
                known and column.target.column.startswith("amplitude_") and not column.target.column.endswith("limit")
            )
            convention = known[0] or None if known and not taken else None
            groups.setdefault((place, convention), {})[column.target.column] = column
    return groups


def _main(place: Place) -> str:
    """The column that a word for no response is about."""
    if place.kind in ("f_wave", "h_reflex"):
        return "latency_ms"
    return "amplitude_mv" if place.kind == "motor" else "amplitude_uv"


def _silent(groups: dict[tuple[Place, str | None], Group]) -> dict[tuple[str, str], Mask]:
    """Rows in which a motor nerve gave no response at its most distal site."""
    found: dict[tuple[str, str], tuple[int, Mask]] = {}
    for (place, _), group in groups.items():
        amplitude = group.get("amplitude_mv")
        response = group.get(RESPONSE)
        if place.kind != "motor" or place.site is None or (amplitude is None and response is None):
            continue
        order, key = SITE_ORDER[place.site], (place.nerve, place.side)
        if key not in found or order < found[key][0]:
            said = [c.state == State.NO_RESPONSE for c in (amplitude, response) if c is not None]
            zero = [amplitude.values == 0] if amplitude is not None else []
            found[key] = order, np.logical_or.reduce([*said, *zero])
    return {key: mask for key, (_, mask) in found.items()}


def _absent(sheet: Sheet, place: Place, group: Group, main: str, never: Mask, blanks: bool, rows: Rows,
            headings: Sequence[str]) -> Codes:  # fmt: skip
    """For each row the label of the cell that says there was no response, or -1. A 0 that cannot be a measurement is
    refused; where the nerve gave no response at all, 0 and NR in its other columns repeat that."""
    absent = np.full(len(rows), -1, np.int32)
    whole = group.get(main)
    gone = never if whole is None else (whole.state == State.NO_RESPONSE) | (whole.values == 0)
    for name, column in group.items():
        if name in LIMITS:
            continue
        said = column.state == State.NO_RESPONSE
        zero = (column.state == State.VALUE) & (column.values == 0)
        if name == RESPONSE:
            pass
        elif name == main:
            if place.kind in ("f_wave", "h_reflex"):
                said = said | (zero & (never | blanks))
                column.values[zero] = np.nan
                _refuse(sheet, column, zero & ~said, rows, headings)
        elif whole is None and place.kind == "motor":
            repeats = never & (said | zero)
            column.state[repeats], column.values[repeats] = State.NOT_TESTED, np.nan
            said = said & ~repeats
            _refuse(sheet, column, zero & ~repeats, rows, headings)
        elif name != "persistence_pct":
            _refuse(sheet, column, zero & ~gone, rows, headings)
        absent[said & (absent < 0)] = column.label
    return absent


def _refuse(sheet: Sheet, column: Measured, wrong: Mask, rows: Rows, headings: Sequence[str]) -> None:
    for i in np.flatnonzero(wrong):
        heading = headings[column.column]
        sheet.report(
            "impossible-value", f"0 is no measurement of {heading!r}.", sheet.grid.line(int(rows[i])), heading, "0"
        )
    column.state[wrong], column.values[wrong] = State.UNREADABLE, np.nan


def _block(sheet: Sheet, place: Place, convention: str | None, group: Group, absent: Codes, rows: Rows,
           study: Codes) -> Block:  # fmt: skip
    n, lines = len(rows), sheet.grid.lines[rows]
    block = Block.blank(study, lines)
    block.text = {
        "study": constant(place.kind, n),
        "nerve": constant(place.nerve, n),
        "side": constant(place.side, n),
        "stimulation": constant(place.site, n),
        "recording": constant(place.recording, n),
        "amplitude_convention": constant(convention, n),
        "response": (np.where(absent >= 0, 0, -1).astype(np.int32), ["absent"]),
    }
    said = absent >= 0
    for k, name in enumerate(VALUES):
        column = group.get(name)
        block.values[name] = np.full(n, np.nan) if column is None else column.values
        if column is not None:
            block.rows[:, k], block.columns[:, k] = lines, column.label
            block.unreadable[column.state == State.UNREADABLE] |= BIT[name]
            said |= column.state != State.NOT_TESTED
    for name in LIMITS:
        limit = group.get(name)
        block.limits[name] = np.full(n, np.nan) if limit is None else limit.values
    block.rows[:, RESPONSE_CELL], block.columns[:, RESPONSE_CELL] = lines, absent
    return block.take(np.flatnonzero(said))
