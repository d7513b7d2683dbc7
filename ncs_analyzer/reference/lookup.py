"""The limit for every reading: printed beside it, or from the reference by nerve, measure, age, sex, height, BMI."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Floats, Keys, Mask, Rows
from ncs_analyzer.readings import LIMITS, Readings
from ncs_analyzer.reference.measures import MEASURES
from ncs_analyzer.reference.tables import Limit, Reference, Source
from ncs_analyzer.responses import KIND, Responses
from ncs_analyzer.vocabulary.anatomy import DISTAL_SITE, NERVES, USUAL_MUSCLE, USUAL_SENSORY_SITES

PRINTED: Final = "printed"
NO_SOURCE, FROM_FILE = -1, 0
_SAME_DISTANCE: Final = 5.0

LIMITED: Final = tuple(dict.fromkeys(column for measures in MEASURES.values() for column, _, _ in measures.values()))
"""Columns of the readings that a limit can exist for."""


@dataclass(frozen=True)
class Limits:
    """The limit of every measured column of every response.

    `value[column]`: the limit, NaN without one. `source[column]`: code into `names` (-1: none, 0: printed in the file).
    `row[column]`: line of the reference table. `notes`: sentences for the summary of a study, by study number.
    """

    value: dict[str, Floats]
    source: dict[str, Codes]
    row: dict[str, Codes]
    names: tuple[str, ...]
    notes: dict[int, list[str]] = field(default_factory=dict)

    def percent(self, column: str, values: Floats) -> Floats:
        """Values as percent of their limits."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return 100.0 * values / self.value[column]


def find_limits(readings: Readings, responses: Responses, reference: Reference) -> Limits:
    """Look up every limit. A limit printed in the file outranks the reference; a motor amplitude limit printed at the
    distal site holds for the proximal sites of the same recording that have none of their own."""
    n = len(responses)
    limits = Limits(
        {c: np.full(n, np.nan) for c in LIMITED},
        {c: np.full(n, NO_SOURCE, np.int8) for c in LIMITED},
        {c: np.zeros(n, np.int32) for c in LIMITED},
        (PRINTED, *(source.id for source in reference.sources)),
    )
    people = _People.of(readings.studies)
    _Lookup(limits, responses, reference, people).run()
    _print_over(limits, readings, responses)
    return limits


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


@dataclass(frozen=True)
class _People:
    """Demographics as arrays, one entry per study; NaN and "" where unknown."""

    age: Floats
    height: Floats
    bmi: Floats
    sex: NDArray[np.object_]
    filter: Floats

    @classmethod
    def of(cls, studies: pd.DataFrame) -> "_People":
        height, weight = studies["height_cm"].to_numpy(float), studies["weight_kg"].to_numpy(float)
        return cls(
            studies["age_years"].to_numpy(float),
            height,
            weight / (height / 100.0) ** 2,
            studies["sex"].fillna("").to_numpy(object),
            studies["low_cut_hz"].to_numpy(float),
        )


@dataclass
class _Lookup:
    limits: Limits
    responses: Responses
    reference: Reference
    people: _People
    _found: dict[tuple[int, tuple[str, ...]], tuple[Floats, Codes]] = field(default_factory=dict)
    _banded: dict[int, Mask] = field(default_factory=dict)

    def run(self) -> None:
        r = self.responses
        code = ((r.kind.astype(np.int64) * 64 + r.nerve) * 512 + r.recording + 1) * 4 + r.convention + 1
        order = np.argsort(code, kind="stable")
        kinds, first = np.unique(code[order], return_index=True)
        self._by_key = self._index()
        for i in range(len(kinds)):
            rows = order[first[i] : first[i + 1] if i + 1 < len(kinds) else None]
            self._group(rows)
        self._say_bands()

    def _index(self) -> list[dict[tuple[str, ...], list[Limit]]]:
        index: list[dict[tuple[str, ...], list[Limit]]] = []
        for source in self.reference.sources:
            table: dict[tuple[str, ...], list[Limit]] = {}
            for limit in source.limits:
                table.setdefault(limit.key, []).append(limit)
            index.append({k: sorted(v, key=lambda x: x.strata) for k, v in table.items()})
        return index

    def _group(self, rows: Rows) -> None:
        """The limits of responses of one kind, nerve, recording and amplitude convention."""
        r, row = self.responses, rows[0]
        kind = next(k for k, i in KIND.items() if i == r.kind[row])
        nerve = NERVES[r.nerve[row]]
        recording = r.names["recording"][r.recording[row]] if r.recording[row] >= 0 else ""
        convention = (
            r.names["amplitude_convention"][r.convention[row]] if r.convention[row] >= 0 else "baseline_to_peak"
        )
        for measure, (column, _, _) in MEASURES[kind].items():
            if measure == "velocity":
                self._velocities(rows, kind, nerve, recording, column)
                continue
            served = rows[self._at_usual_site(rows, kind, nerve, recording, measure)]
            if len(served):
                wanted = (kind, nerve, measure, recording, "", convention if measure == "amplitude" else "")
                self._put(served, column, wanted)

    def _at_usual_site(self, rows: Rows, kind: str, nerve: str, recording: str, measure: str) -> Mask:
        """Limits of a latency or amplitude hold for the site they were measured from. The motor amplitude limit serves
        the proximal sites of the nerve too."""
        r = self.responses
        sites = r.names["stimulation"]
        if kind == "motor":
            if measure == "amplitude":
                return r.site_order[rows] > 0
            usual = DISTAL_SITE.get((nerve, recording))
            return r.site[rows] == (sites.index(usual) if usual else -9)
        if kind in ("sensory", "mixed") and nerve in USUAL_SENSORY_SITES and kind == "sensory":
            usual_codes = [sites.index(s) for s in USUAL_SENSORY_SITES[nerve]]
            return (r.site[rows] < 0) | np.isin(r.site[rows], usual_codes)
        return np.ones(len(rows), bool)

    def _velocities(self, rows: Rows, kind: str, nerve: str, recording: str, column: str) -> None:
        r = self.responses
        if kind == "motor":
            segment = self._segments[rows]
        else:
            segment = np.where(
                (r.recording[rows] >= 0) & (r.site[rows] >= 0), r.recording[rows] * 512 + r.site[rows], -1
            )
        for code in np.unique(segment):
            names = ""
            if code >= 0:
                distal = r.names["stimulation" if kind == "motor" else "recording"][code // 512]
                names = f"{distal}-{r.names['stimulation'][code % 512]}"
            some = rows[segment == code]
            self._put(some, column, (kind, nerve, "velocity", recording, names, ""))

    @property
    def _segments(self) -> Keys:
        """For every motor response, the codes of its next more distal site and its own; -1 without one."""
        if not hasattr(self, "_segment_codes"):
            r, runs = self.responses, self.responses.motor
            codes = np.full(len(r), -1, np.int64)
            has = runs.below >= 0
            upper, lower = runs.rows[has], runs.rows[runs.below[has]]
            codes[upper] = r.site[lower].astype(np.int64) * 512 + r.site[upper]
            self._segment_codes = codes
        return self._segment_codes

    def _put(self, rows: Rows, column: str, wanted: tuple[str, str, str, str, str, str]) -> None:
        """Ask the sources in order; the first that has a matching row decides, reading by reading."""
        open_rows = rows
        for i, source in enumerate(self.reference.sources):
            if not len(open_rows):
                return
            if not source.serves(wanted[0], wanted[1], wanted[2], wanted[3]):
                continue
            value, line = self._per_study(i, source, wanted)
            study = self.responses.study[open_rows]
            hit = np.isfinite(value[study])
            served = open_rows[hit]
            self.limits.value[column][served] = value[study[hit]]
            self.limits.source[column][served] = i + 1
            self.limits.row[column][served] = line[study[hit]]
            self._say_differences(served, column, i, source, wanted)
            open_rows = open_rows[~hit]

    def _per_study(self, i: int, source: Source, wanted: tuple[str, ...]) -> tuple[Floats, Codes]:
        """The limit of one measure for every study, by the most specific row of one source."""
        known = self._found.get((i, wanted))
        if known is not None:
            return known
        n = len(self.people.age)
        value, line = np.full(n, np.nan), np.zeros(n, np.int32)
        kind, nerve, measure, recording, segment, convention = wanted
        names = (nerve, "superficial_radial") if (kind, nerve) == ("sensory", "radial") else (nerve,)
        side = MEASURES[kind][measure][2]
        # a row without a recording is of the usual muscle; a sensory one of any site
        generic = kind not in ("motor", "f_wave") or recording == USUAL_MUSCLE.get(nerve)
        recordings = dict.fromkeys(("", recording) if generic else (recording,))
        # from the least to the most specific: any recording before the named one, any segment before the named one
        keys = [
            (kind, name, measure, rec, seg, conv)
            for name in reversed(names)
            for conv in dict.fromkeys(("", convention))
            for rec in recordings
            for seg in dict.fromkeys(("", segment))
        ]
        own_segment = any(
            key[4] for key in self._by_key[i] if key[:3] == (kind, nerve, measure) and key[4] == segment and segment
        )
        for key in keys:
            if own_segment and not key[4]:
                continue
            for limit in self._by_key[i].get(key, ()):
                match = self._matches(i, source, limit)
                if match.any():
                    value[match] = self._limit(limit, side)[match]
                    line[match] = limit.row
        self._found[i, wanted] = value, line
        return value, line

    def _matches(self, i: int, source: Source, limit: Limit) -> Mask:
        """Who falls under a row. What a row asks for and is not known does not match."""
        people = self.people
        match = np.ones(len(people.age), bool)
        age = self._ages(i, source)
        for low, high, given in (
            (limit.age_min, limit.age_max, age),
            (limit.height_min_cm, limit.height_max_cm, people.height),
            (limit.bmi_min, limit.bmi_max, people.bmi),
        ):
            if low is not None:
                match &= given >= low
            if high is not None:
                match &= given < high
        if limit.sex:
            match &= people.sex == limit.sex
        if limit.low_cut_hz is not None:
            match &= people.filter == limit.low_cut_hz
        if limit.per_year:
            match &= np.isfinite(people.age)
        if limit.per_cm:
            match &= np.isfinite(people.height)
        return match

    def _ages(self, i: int, source: Source) -> Floats:
        """Ages as the source sees them, with the nearest band where its card allows that."""
        if i not in self._ages_of:
            age = self.people.age
            self._ages_of[i] = source.banded_ages(age)
            self._banded[i] = np.isfinite(age) & (self._ages_of[i] != age)
        return self._ages_of[i]

    def _limit(self, limit: Limit, side: str) -> Floats:
        people = self.people
        if limit.intercept is None:
            given = limit.upper if side == "upper" else limit.lower
            assert given is not None
            return np.full(len(people.age), given)
        mean = (
            limit.intercept
            + (limit.per_year or 0.0) * np.nan_to_num(people.age)
            + (limit.per_cm or 0.0) * np.nan_to_num(people.height)
        )
        spread = abs((limit.sd or 0.0) * (limit.sd_multiplier or 0.0))
        return np.asarray(mean + spread if side == "upper" else mean - spread, float)

    # ------------------------------------------------------------ what did not fit, in words

    def _say(self, study: int, sentence: str) -> None:
        notes = self.limits.notes.setdefault(study, [])
        if sentence not in notes:
            notes.append(sentence)

    def _say_differences(self, rows: Rows, column: str, i: int, source: Source, wanted: tuple[str, ...]) -> None:
        """Distances unlike that of the limit, and ages outside the table."""
        banded = self._banded.get(i)
        if banded is not None and banded.any():
            for study in np.unique(self.responses.study[rows][banded[self.responses.study[rows]]]):
                self._aged.setdefault(int(study), set()).add(source.title)
        if column not in ("latency_ms", "peak_latency_ms", "amplitude_uv") or wanted[0] in ("f_wave", "h_reflex"):
            return
        stated = {limit.row: limit.distance_mm for limit in source.limits if limit.distance_mm is not None}
        if not stated or not len(rows):
            return
        of_row = np.array([stated.get(int(line), np.nan) for line in np.unique(self.limits.row[column][rows])])
        expected = of_row[np.searchsorted(np.unique(self.limits.row[column][rows]), self.limits.row[column][rows])]
        distance = self.responses.values["distance_mm"][rows]
        differs = np.abs(distance - expected) > _SAME_DISTANCE
        for row, mm in zip(rows[differs], expected[differs], strict=True):
            r = self.responses
            side = r.names["side"][r.side[row]]
            self._say(
                int(r.study[row]),
                f"Distance differs: the {side} {wanted[1].replace('_', ' ')} {wanted[0].replace('_', ' ')} response was "
                f"recorded at {r.values['distance_mm'][row]:g} mm, its limit holds for {mm:g} mm.",
            )

    def __post_init__(self) -> None:
        self._aged: dict[int, set[str]] = {}
        self._ages_of: dict[int, Floats] = {}

    def _say_bands(self) -> None:
        for study, titles in self._aged.items():
            self._say(
                study,
                f"Age {self.people.age[study]:g} lies outside {', '.join(sorted(titles))}: the nearest adult band was used.",
            )
