"""The limit for every reading: printed beside it, or from the reference by nerve, measure, age, sex, height, BMI."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Rows
from ncs_analyzer.grouping import alike
from ncs_analyzer.readings import LIMITS, Readings
from ncs_analyzer.reference.finder import DISTANCE, Finder, Wanted
from ncs_analyzer.reference.limit import Limit
from ncs_analyzer.reference.measures import MEASURES
from ncs_analyzer.reference.people import People
from ncs_analyzer.reference.tables import Reference
from ncs_analyzer.responses import KIND, Responses
from ncs_analyzer.vocabulary.anatomy import DISTAL_SITE, NERVES, USUAL_SENSORY_SITES

PRINTED: Final = "printed"
NO_SOURCE, FROM_FILE = -1, 0
_SAME_DISTANCE: Final = 5.0

LIMITED: Final = tuple(dict.fromkeys(column for measures in MEASURES.values() for column, _, _ in measures.values()))
"""Columns of the readings that a limit can exist for."""

_AT_A_DISTANCE: Final = ("latency_ms", "peak_latency_ms", "amplitude_uv")
"""Columns whose limit holds for a distance of its own."""


@dataclass(frozen=True)
class Limits:
    """The limit of every measured column of every response.

    `value[column]`: the limit, NaN without one. `source[column]`: code into `names` (-1: none, 0: printed in the file).
    `row[column]`: line of the reference table. `fit[column]`: what did not fit, bits of `finder`.
    """

    value: dict[str, Floats]
    source: dict[str, Codes]
    row: dict[str, Codes]
    fit: dict[str, Codes]
    names: tuple[str, ...]
    people: People
    rows: dict[tuple[int, int], Limit]

    def percent(self, column: str, values: Floats) -> Floats:
        """Values as percent of their limits."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return 100.0 * values / self.value[column]


def find_limits(readings: Readings, responses: Responses, reference: Reference) -> Limits:
    """Look up every limit. A limit printed in the file outranks the reference; a motor amplitude limit printed at the
    distal site holds for the proximal sites of the same recording that have none of their own."""
    n, people = len(responses), People.of(readings.studies)
    limits = Limits(
        {c: np.full(n, np.nan) for c in LIMITED},
        {c: np.full(n, NO_SOURCE, np.int16) for c in LIMITED},
        {c: np.zeros(n, np.int32) for c in LIMITED},
        {c: np.zeros(n, np.int16) for c in LIMITED},
        (PRINTED, *(source.id for source in reference.sources)),
        people,
        {(i + 1, limit.row): limit for i, source in enumerate(reference.sources) for limit in source.limits},
    )
    _Lookup(limits, responses, Finder(reference, people)).run()
    _print_over(limits, readings, responses)
    _compare_distances(limits, responses)
    return limits


# ---------------------------------------------------------------- limits printed in the file


def _print_over(limits: Limits, readings: Readings, responses: Responses) -> None:
    table = readings.responses
    in_mv = responses.is_kind("motor") | responses.is_kind("h_reflex")
    for name, column in LIMITS.items():
        printed = table[name].to_numpy()
        if not np.isfinite(printed).any():
            continue
        if column == "amplitude":
            printed = _inherited(printed, responses)
            for unit, rows in (("amplitude_mv", in_mv), ("amplitude_uv", ~in_mv)):
                _set(limits, unit, np.flatnonzero(np.isfinite(printed) & rows), printed)
        else:
            _set(limits, column, np.flatnonzero(np.isfinite(printed)), printed)


def _set(limits: Limits, column: str, rows: Rows, printed: Floats) -> None:
    limits.value[column][rows] = printed[rows]
    limits.source[column][rows] = FROM_FILE
    limits.row[column][rows] = 0
    limits.fit[column][rows] = 0


def _inherited(printed: Floats, responses: Responses) -> Floats:
    """Motor amplitude limits with that of the distal site filled in at proximal sites that have none."""
    runs = responses.motor
    has = runs.distal >= 0
    at_distal = np.full(len(runs.first), np.nan)
    at_distal[has] = printed[runs.rows[runs.distal[has]]]
    filled = printed.copy()
    own = printed[runs.rows]
    filled[runs.rows] = np.where(np.isfinite(own), own, at_distal[runs.run])
    return filled


def _compare_distances(limits: Limits, responses: Responses) -> None:
    """Mark the limits that were used for a response recorded at another distance."""
    distance = responses.values["distance_mm"]
    late = responses.is_kind("f_wave") | responses.is_kind("h_reflex")
    for column in _AT_A_DISTANCE:
        rows = np.flatnonzero((limits.source[column] > FROM_FILE) & np.isfinite(distance) & ~late)
        for some in alike(limits.source[column][rows], limits.row[column][rows]):
            some = rows[some]
            stated = limits.rows[int(limits.source[column][some[0]]), int(limits.row[column][some[0]])].distance_mm
            if stated is not None:
                differs = np.abs(distance[some] - stated) > _SAME_DISTANCE
                limits.fit[column][some[differs]] |= DISTANCE


# ---------------------------------------------------------------- limits of the reference


@dataclass
class _Lookup:
    limits: Limits
    responses: Responses
    finder: Finder

    def run(self) -> None:
        """Look up every group of responses of one kind, nerve, recording and amplitude convention, at one place."""
        r = self.responses
        segment = segment_codes(r)
        for rows in alike(r.kind, r.nerve, r.recording, r.convention, r.site, segment):
            self._group(rows, int(segment[rows[0]]))

    def _group(self, rows: Rows, segment: int) -> None:
        r, row = self.responses, rows[0]
        kind = next(k for k, i in KIND.items() if i == r.kind[row])
        nerve = NERVES[r.nerve[row]]
        recording = r.names["recording"][r.recording[row]] if r.recording[row] >= 0 else ""
        site = r.names["stimulation"][r.site[row]] if r.site[row] >= 0 else ""
        stated = r.convention[row] >= 0
        convention = r.names["amplitude_convention"][r.convention[row]] if stated else "baseline_to_peak"
        place = f"{recording}-{site}" if recording and site else ""
        for measure, (column, _, _) in MEASURES[kind].items():
            if measure == "velocity" and kind == "motor":
                wanted = Wanted(kind, nerve, measure, recording, segment_name(r, segment))
            elif measure == "velocity":
                wanted = Wanted(kind, nerve, measure, recording, place)
            else:
                general = holds_there(kind, nerve, recording, site, measure, int(r.site_order[row]))
                wanted = Wanted(
                    kind, nerve, measure, recording, place, convention if measure == "amplitude" else "", general
                )
            self._put(rows, column, wanted)

    def _put(self, rows: Rows, column: str, wanted: Wanted) -> None:
        found, by = self.finder.find(wanted)
        study, limits = self.responses.study[rows], self.limits
        limits.value[column][rows] = found.value[study]
        limits.source[column][rows] = np.where(by[study] >= 0, by[study] + 1, NO_SOURCE)
        limits.row[column][rows] = found.line[study]
        limits.fit[column][rows] = found.fit[study]


def segment_codes(responses: Responses) -> Codes:
    """For every motor response, 512 x the site code of its next more distal site + that of its own; -1 without one."""
    runs = responses.motor
    codes = np.full(len(responses), -1, np.int64)
    has = runs.below >= 0
    upper, lower = runs.rows[has], runs.rows[runs.below[has]]
    codes[upper] = responses.site[lower].astype(np.int64) * 512 + responses.site[upper]
    return codes


def segment_name(responses: Responses, code: int) -> str:
    """A code of `segment_codes` as distal-proximal."""
    sites = responses.names["stimulation"]
    return f"{sites[code // 512]}-{sites[code % 512]}" if code >= 0 else ""


def holds_there(kind: str, nerve: str, recording: str, site: str, measure: str, order: int) -> bool:
    """Whether limits without a place hold there: those of a latency or amplitude hold for the site they were measured
    from; the motor amplitude limit serves the proximal sites of the nerve too."""
    if kind == "motor":
        return order > 0 if measure == "amplitude" else site != "" and site == DISTAL_SITE.get((nerve, recording))
    if kind == "sensory" and nerve in USUAL_SENSORY_SITES:
        return site in ("", *USUAL_SENSORY_SITES[nerve])
    return True
