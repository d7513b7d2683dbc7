"""From single measurements, each with its own row, to responses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Mask, Rows
from ncs_analyzer.grouping import combine
from ncs_analyzer.ingest.cells import State
from ncs_analyzer.ingest.draft import Block, Sheet, coded
from ncs_analyzer.ingest.layouts.wide_columns import Measured
from ncs_analyzer.ingest.layouts.wide_places import Place, joined_late
from ncs_analyzer.readings import BIT, LIMITS, RESPONSE_CELL, VALUES


@dataclass
class Entry:
    """The cells of one parameter, with the study and the line of each."""

    cells: Measured
    study: Codes
    line: Codes


@dataclass
class _List:
    """All measurements one below the other. `place`: code into `places`; `column`: place of the measure in VALUES, then
    LIMITS."""

    study: Codes
    place: Codes
    column: Codes
    line: Codes
    value: Floats
    state: Codes
    label: Codes
    places: list[tuple[Place, str | None]]


_COLUMNS = (*VALUES, *LIMITS)


def add_entries(sheet: Sheet, entries: Sequence[Entry]) -> None:
    """Add the responses of a list of measurements. The same measurement twice is used once where both agree; where they
    differ, neither is, and both are reported."""
    if not entries:
        return
    together = joined_late({e.cells.target.place for e in entries})
    for entry in entries:
        target = entry.cells.target
        entry.cells.target = replace(target, place=together.get(target.place, target.place))
    found = _one_list(entries)
    _refuse_zero(sheet, found)
    keep = _settle_repeats(sheet, found)
    key = combine(found.study, found.place)
    _, first, response = np.unique(key, return_index=True, return_inverse=True)
    block = _block(found, keep, response, first)
    said = np.zeros(len(first), bool)
    said[response[keep & (found.state != State.NOT_TESTED)]] = True
    sheet.blocks.append(block.take(np.flatnonzero(said)))


def _one_list(entries: Sequence[Entry]) -> _List:
    places: dict[tuple[Place, str | None], int] = {}
    of = [places.setdefault((e.cells.target.place, e.cells.target.convention), len(places)) for e in entries]
    sizes = [len(e.study) for e in entries]
    return _List(
        study=np.concatenate([e.study for e in entries]),
        place=np.repeat(of, sizes),
        column=np.repeat([_COLUMNS.index(e.cells.target.column) for e in entries], sizes),
        line=np.concatenate([e.line for e in entries]),
        value=np.concatenate([e.cells.values for e in entries]),
        state=np.concatenate([e.cells.state for e in entries]),
        label=np.repeat([e.cells.label for e in entries], sizes),
        places=list(places),
    )


def _refuse_zero(sheet: Sheet, found: _List) -> None:
    """0 is no latency, velocity or duration; an amplitude of 0 may be no response."""
    amplitude = np.isin(found.column, [_COLUMNS.index("amplitude_mv"), _COLUMNS.index("amplitude_uv")])
    persistence = found.column == _COLUMNS.index("persistence_pct")
    wrong = (found.state == State.VALUE) & (found.value == 0) & ~amplitude & ~persistence
    for i in np.flatnonzero(wrong):
        what = _COLUMNS[found.column[i]]
        sheet.report("impossible-value", f"0 is no {what}.", int(found.line[i]), sheet.labels[found.label[i]], "0")
    found.state[wrong], found.value[wrong] = State.UNREADABLE, np.nan


def _settle_repeats(sheet: Sheet, found: _List) -> Mask:
    """Which measurements are used."""
    keep = np.ones(len(found.line), bool)
    key = combine(found.study, found.place, found.column)
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero(key[order][1:] == key[order][:-1])
    for key_value in np.unique(key[order[same]]):
        members = np.flatnonzero((key == key_value) & (found.state != State.NOT_TESTED))
        values = {
            (int(found.state[i]), float(found.value[i]) if found.state[i] == State.VALUE else 0.0) for i in members
        }
        for i in members if len(values) > 1 else members[1:]:
            code = "duplicate-conflict" if len(values) > 1 else "duplicate-row"
            words = "different values" if len(values) > 1 else "the same value"
            sheet.report(
                code,
                f"The measurement stands more than once with {words}.",
                int(found.line[i]),
                sheet.labels[found.label[i]],
            )
            keep[i] = False
    return keep


def _block(found: _List, keep: Mask, response: Rows, first: Rows) -> Block:
    block = Block.blank(found.study[first], found.line[first])
    own = [found.places[p] for p in found.place[first]]
    for name, values in {
        "study": [p.kind for p, _ in own],
        "nerve": [p.nerve for p, _ in own],
        "side": [p.side for p, _ in own],
        "stimulation": [p.site for p, _ in own],
        "recording": [p.recording for p, _ in own],
        "amplitude_convention": [c for _, c in own],
    }.items():
        block.text[name] = coded(values)
    block.rows[:, RESPONSE_CELL] = block.line
    absent = np.full(len(first), -1, np.int32)
    for k, name in enumerate(_COLUMNS):
        column = np.full(len(first), np.nan)
        mine = keep & (found.column == k)
        column[response[mine]] = found.value[mine]
        if name in LIMITS:
            block.limits[name] = column
            continue
        block.values[name] = column
        block.rows[response[mine], k], block.columns[response[mine], k] = found.line[mine], found.label[mine]
        block.unreadable[response[mine & (found.state == State.UNREADABLE)]] |= BIT[name]
        gone = np.flatnonzero(mine & (found.state == State.NO_RESPONSE))
        new = gone[absent[response[gone]] < 0]
        absent[response[new]] = 0
        block.rows[response[new], RESPONSE_CELL] = found.line[new]
        block.columns[response[new], RESPONSE_CELL] = found.label[new]
    block.text["response"] = absent, ["absent"]
    return block
