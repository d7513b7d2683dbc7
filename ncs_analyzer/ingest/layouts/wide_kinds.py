"""Motor or sensory, and the nerve, where the columns beside a heading tell what it does not say itself.

Only within a run of neighbouring columns of one nerve, side and visit: "Med DML, Med CMAP, Med NLG, Med SNAP, Med sNLG".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from ncs_analyzer.ingest.layouts.wide_headings import Meaning
from ncs_analyzer.ingest.layouts.wide_places import implied_nerves

_OTHER: Final = {"motor": "sensory", "sensory": "motor"}


def kinds_of_neighbours(meanings: Mapping[int, Meaning]) -> dict[int, Meaning]:
    """The meanings, with the kind of study where the run of columns proves it."""
    found = dict(meanings)
    for run in _runs(meanings):
        for place, c in enumerate(run):
            m = meanings[c]
            if m.kind is None and m.measure and not (m.derived or m.rest or m.others or m.limit or m.percent):
                kind = _kind([meanings[other] for other in run], place)
                found[c] = replace(m, kind=kind) if kind else m
    return found


def nerves_of_neighbours(meanings: Mapping[int, Meaning]) -> dict[int, Meaning]:
    """The meanings, with the nerve of neighbouring columns without one where muscles and fingers among them name it:
    "DML, CMAP APB, MCV, SNAP D2"."""
    found = dict(meanings)
    run: list[int] = []
    for c in [*sorted(meanings), -1]:
        m = meanings.get(c)
        if m is not None and m.measure and m.nerve is None and m.understood and (not run or c == run[-1] + 1):
            run.append(c)
            continue
        told = [nerves for other in run if (nerves := implied_nerves(meanings[other]))]
        common = set(told[0]).intersection(*told[1:]) if told else set()
        if len(common) == 1 and len(told) > 1:
            nerve = common.pop()
            found |= {o: replace(m, nerve=nerve) for o in run if (m := meanings[o]).kind or m.unit or m.sites}
        run = [c] if m is not None and m.measure and m.nerve is None and m.understood else []
    return found


def _runs(meanings: Mapping[int, Meaning]) -> Iterator[list[int]]:
    """Neighbouring columns of one nerve, side and visit."""
    run: list[int] = []
    for c, m in sorted(meanings.items()):
        if run and (c != run[-1] + 1 or _whose(meanings[run[-1]]) != _whose(m)):
            yield run
            run = []
        if m.nerve:
            run.append(c)
    if run:
        yield run


def _whose(m: Meaning) -> tuple[str | None, ...]:
    return m.nerve, m.side, m.visit


def _of_two_velocities(run: Sequence[Meaning]) -> dict[int, str]:
    """Two velocities, one behind the motor and one behind the sensory response: "DML, CMAP, CV, SNAP, CV"."""
    before: dict[int, str] = {}
    kind: str | None = None
    for i, m in enumerate(run):
        kind = m.kind if m.kind in _OTHER else kind
        if m.kind is None and m.measure == "velocity" and m.understood and not m.limit and kind is not None:
            before[i] = kind
    return before if sorted(before.values()) == ["motor", "sensory"] else {}


def _kind(run: Sequence[Meaning], place: int) -> str | None:
    """The kind of one column: that of its neighbours on both sides where they agree; the one of which the run has no such
    measure yet; motor for a latency in front of a motor response."""
    measure = run[place].measure
    before = next((m.kind for m in reversed(run[:place]) if m.kind in _OTHER), None)
    after = next((m.kind for m in run[place + 1 :] if m.kind in _OTHER), None)
    given = {m.kind for m in run if m.measure == measure and m.kind in _OTHER and not m.limit}
    if measure == "velocity":
        beside = [m.kind for m in run[max(place - 1, 0) : place + 2]]
        if beside[0] == "motor" and beside[-1] == "f_wave":
            return "motor"  # F waves stand with the motor responses
        if not given and (told := _of_two_velocities(run)):
            return told.get(place)
    if before and before == after:
        return None if before in given and _OTHER[before] not in given and measure != "amplitude" else before
    if len(given) == 1:
        other = _OTHER[given.pop() or ""]
        return other if other in (before, after) else None
    return "motor" if before is None and after == "motor" and measure == "latency" and not given else None
