"""Measures of two responses against their limits: left and right, proximal and distal, one nerve and another."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ncs_analyzer.arrays import Floats, Rows
from ncs_analyzer.decimals import above, below
from ncs_analyzer.grouping import alike, combine
from ncs_analyzer.reference.finder import Finder, Wanted
from ncs_analyzer.reference.lookup import holds_there, segment_codes, segment_name
from ncs_analyzer.reference.measures import DIFFERENCES, MEASURES, Difference, unit_and_side
from ncs_analyzer.reference.people import People
from ncs_analyzer.reference.tables import Reference
from ncs_analyzer.responses import KIND, NERVE, Responses
from ncs_analyzer.vocabulary.anatomy import CONVENTIONS, NERVES, STUDIES

COLUMNS: Final = (
    "study_no", "study", "nerve", "side", "recording", "segment", "against", "measure", "value", "unit", "lower", "upper",
    "limit_source", "limit_row", "grade", "response_no", "other_no",
)  # fmt: skip


def graded_differences(responses: Responses, people: People, reference: Reference) -> pd.DataFrame:
    """Every difference that has a limit, sorted by study and response. Columns: COLUMNS; `response_no`: the response the
    finding belongs to (of two sides the worse one), `other_no`: the one it is compared with; `grade`: normal, low, high."""
    finder = Finder(reference, people)
    parts = [part for part in _all(responses, finder) if len(part["study_no"])]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    table = pd.DataFrame({name: np.concatenate([part[name] for part in parts]) for name in COLUMNS})
    return table.sort_values(["study_no", "response_no", "measure"], ignore_index=True)


Part = dict[str, NDArray[Any]]
"""The columns of one kind of difference."""


def _all(r: Responses, finder: Finder) -> Iterator[Part]:
    segment = segment_codes(r)
    of_pairs = ((_sides(r), ("sides",)), (_sites(r), ("sites", "segments")))
    for (here, other), pairings in of_pairs:
        for some in alike(
            r.kind[here], r.nerve[here], r.recording[here], r.convention[here], r.site[here], segment[here]
        ):
            yield from _of_place(r, finder, here[some], other[some], int(segment[here[some[0]]]), pairings)
    yield from _against(r, finder)


def _of_place(
    r: Responses, finder: Finder, here: Rows, other: Rows, segment: int, pairings: tuple[str, ...]
) -> Iterator[Part]:
    first = here[0]
    kind, nerve = STUDIES[r.kind[first]], NERVES[r.nerve[first]]
    recording, site = _named(r, "recording", int(r.recording[first])), _named(r, "stimulation", int(r.site[first]))
    place = segment_name(r, segment)
    for name, difference in DIFFERENCES[kind].items():
        if difference.pairing not in pairings:
            continue
        of_segment = difference.of == "velocity" or difference.pairing != "sides"
        if not of_segment and not holds_there(kind, nerve, recording, site, _distal(kind, difference.of), 0):
            continue
        column = MEASURES[kind][difference.of][0]
        convention = (
            (_named(r, "amplitude_convention", int(r.convention[first])) or CONVENTIONS[0])
            if "amplitude" in name
            else ""
        )
        wanted = Wanted(kind, nerve, name, recording, place if of_segment else "", convention)
        yield _graded(
            r, finder, wanted, here, other, _value(difference, r.values[column][here], r.values[column][other])
        )


def _distal(kind: str, measure: str) -> str:
    """A motor side difference is that of the distal site, also of amplitudes."""
    return "distal_latency" if kind == "motor" else measure


def _value(difference: Difference, here: Floats, other: Floats) -> Floats:
    """Of sides the size of the difference, in percent of the better side; otherwise the fall from the more distal response
    to this one (of durations the rise), in percent of the distal one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if difference.pairing == "sides":
            found = np.abs(here - other)
            return 100 * found / np.maximum(here, other) if difference.percent else found
        found = here - other if difference.of == "duration" else other - here
        return 100 * found / other if difference.percent else found


def _sides(r: Responses) -> tuple[Rows, Rows]:
    """Pairs of one response on both sides; of each the right one first."""
    rows = np.flatnonzero(r.side >= 0)
    key = combine(r.study, r.kind, r.nerve, r.recording, r.site, r.convention)[rows]
    order = np.lexsort((r.side[rows], key))
    rows, key = rows[order], key[order]
    pair = np.flatnonzero((key[1:] == key[:-1]) & (r.side[rows[1:]] != r.side[rows[:-1]]))
    return rows[pair + 1], rows[pair]


def _sites(r: Responses) -> tuple[Rows, Rows]:
    """Motor responses and those of the next more distal site."""
    runs = r.motor
    has = runs.below >= 0
    return runs.rows[has], runs.rows[runs.below[has]]


def _against(r: Responses, finder: Finder) -> Iterator[Part]:
    """Responses of two nerves or muscles of one limb, as the tables name them."""
    limits = {
        (x.study, x.nerve, x.measure, x.recording, x.against)
        for s in finder.reference.sources
        for x in s.limits
        if x.against
    }
    for kind, nerve, measure, recording, against in sorted(limits):
        other_nerve, other_recording = against.split(" ")
        difference = DIFFERENCES[kind][measure]
        here, other = (
            _at(r, kind, n, place, difference.of) for n, place in ((nerve, recording), (other_nerve, other_recording))
        )
        key = combine(r.study, r.side)
        common, i, j = np.intersect1d(key[here], key[other], return_indices=True)
        if len(common):
            column = MEASURES[kind][difference.of][0]
            a, b = r.values[column][here[i]], r.values[column][other[j]]
            with np.errstate(divide="ignore", invalid="ignore"):
                value = a / b if difference.unit == "ratio" else a - b
            yield _graded(r, finder, Wanted(kind, nerve, measure, recording, against=against), here[i], other[j], value)


def _at(r: Responses, kind: str, nerve: str, recording: str, measure: str) -> Rows:
    rows = np.flatnonzero(
        (r.kind == KIND[kind])
        & (r.nerve == NERVE[nerve])
        & (r.recording == r.code("recording", recording))
        & (r.side >= 0)
    )
    site = [_named(r, "stimulation", int(code)) for code in r.site[rows]]
    distal = np.array([holds_there(kind, nerve, recording, s, _distal(kind, measure), 0) for s in site], bool)
    return rows[distal] if len(rows) else rows


def _graded(r: Responses, finder: Finder, wanted: Wanted, here: Rows, other: Rows, value: Floats) -> Part:
    found, by = finder.find(wanted)
    study = r.study[here]
    unit, side = unit_and_side(wanted.study, wanted.measure)
    limit = found.value[study]
    keep = np.flatnonzero(np.isfinite(value) & np.isfinite(limit))
    here, other, value, limit, study = here[keep], other[keep], value[keep], limit[keep], study[keep]
    beyond = above(value, limit) if side == "upper" else below(value, limit)
    worse = _worse(r, wanted, here, other)
    columns: dict[str, Any] = {
        "study_no": study, "study": wanted.study, "nerve": wanted.nerve,
        "side": np.array([*r.names["side"], None], object)[r.side[worse]], "recording": wanted.recording or None,
        "segment": wanted.segment or None, "against": wanted.against or None, "measure": wanted.measure, "value": value,
        "unit": unit, "lower": limit if side == "lower" else np.nan, "upper": limit if side == "upper" else np.nan,
        "limit_source": np.array([*(s.id for s in finder.reference.sources), None], object)[by[study]],
        "limit_row": found.line[study], "grade": np.where(beyond, "high" if side == "upper" else "low", "normal"),
        "response_no": worse, "other_no": np.where(worse == here, other, here),
    }  # fmt: skip
    return {
        name: column if isinstance(column, np.ndarray) else np.full(len(keep), column, _type_of(column))
        for name, column in columns.items()
    }


def _type_of(value: object) -> type:
    return float if isinstance(value, float) else object


def _worse(r: Responses, wanted: Wanted, here: Rows, other: Rows) -> Rows:
    difference = DIFFERENCES[wanted.study][wanted.measure]
    if difference.pairing != "sides":
        return here
    column, _, side = MEASURES[wanted.study][difference.of]
    a, b = r.values[column][here], r.values[column][other]
    return np.where(a >= b if side == "upper" else a <= b, here, other)


def _named(r: Responses, column: str, code: int) -> str:
    return r.names[column][code] if code >= 0 else ""
