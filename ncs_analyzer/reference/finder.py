"""One measure looked up in one source for every study: the most specific row that fits, and what did not fit."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Mask
from ncs_analyzer.reference.boxcox import back
from ncs_analyzer.reference.limit import Limit
from ncs_analyzer.reference.measures import unit_and_side
from ncs_analyzer.reference.people import People
from ncs_analyzer.reference.tables import Reference, Source
from ncs_analyzer.vocabulary.anatomy import CONVENTIONS, USUAL_MUSCLE

AGE, HEIGHT, BMI, SEX, FILTER, OUTSIDE, CONVENTION, NEAREST, DISTANCE = (np.int16(1 << i) for i in range(9))
"""What did not fit, as bits: a stratum not known (rows that need it were passed over), a value outside every row, the
amplitude convention of the table, the nearest age used, another distance than the limit's."""

UNKNOWN: Final = {"age": AGE, "height": HEIGHT, "bmi": BMI, "sex": SEX, "filter": FILTER}
ANY_UNKNOWN: Final = AGE | HEIGHT | BMI | SEX | FILTER


class Wanted(NamedTuple):
    """What a limit is wanted of. `segment`: its place; `general`: whether rows without a segment hold there too;
    `against`: the other response of a difference."""

    study: str
    nerve: str
    measure: str
    recording: str
    segment: str = ""
    convention: str = ""
    general: bool = True
    against: str = ""


class Found(NamedTuple):
    """By study: the limit (NaN: none), the line of the table (0), and what did not fit."""

    value: Floats
    line: Codes
    fit: Codes


@dataclass
class Finder:
    """Looks up in the sources of a reference for some people."""

    reference: Reference
    people: People

    def __post_init__(self) -> None:
        self._found: dict[tuple[int, Wanted], Found] = {}
        self._ages: dict[int, tuple[Floats, Mask]] = {}
        self._rows: dict[int, dict[tuple[str, ...], list[Limit]]] = {}

    def find(self, wanted: Wanted) -> tuple[Found, Codes]:
        """Ask the sources in order; the first with a row that fits decides, person by person. With its number, or -1."""
        n = len(self.people)
        value, line, fit = np.full(n, np.nan), np.zeros(n, np.int32), np.zeros(n, np.int16)
        by = np.full(n, -1, np.int16)
        for number in self.reference.asked(wanted.study, wanted.nerve, wanted.measure, wanted.recording):
            found = self.find_in(number, wanted)
            still = np.isnan(value)
            hit = still & np.isfinite(found.value)
            value[hit], line[hit], by[hit] = found.value[hit], found.line[hit], number
            fit = np.where(hit, found.fit, np.where(still, fit | found.fit, fit))
        misled = np.isnan(value) & ((fit & ANY_UNKNOWN) != 0)
        return Found(value, line, np.where(misled, fit & ~OUTSIDE, fit).astype(np.int16)), by

    def find_in(self, number: int, wanted: Wanted) -> Found:
        """Ask one source."""
        if (number, wanted) not in self._found:
            self._found[number, wanted] = self._look(number, wanted)
        return self._found[number, wanted]

    def _look(self, number: int, wanted: Wanted) -> Found:
        n = len(self.people)
        value, line, fit = np.full(n, np.nan), np.zeros(n, np.int32), np.zeros(n, np.int16)
        _, side = unit_and_side(wanted.study, wanted.measure)
        age, covered = self.ages(number)
        candidates = self.candidates(number, wanted)
        for limit in candidates:
            match = covered & self._matches(limit, age)
            value[match] = self._value(limit, side)[match]
            line[match] = limit.row
        if candidates:
            for stratum in {s for limit in candidates for s in limit.asks_for}:
                fit[covered & self.people.unknown(stratum)] |= UNKNOWN[stratum]
            card = self.reference.sources[number].card
            if card is not None and (card.age_min is not None or card.age_max is not None):
                fit[self.people.unknown("age")] |= AGE
            known = (fit & ANY_UNKNOWN) == 0
            fit[np.isnan(value) & known] |= OUTSIDE
            fit[np.isfinite(value) & (age != self.people.age) & np.isfinite(age)] |= NEAREST
        elif wanted.convention and any(
            self.candidates(number, wanted._replace(convention=other)) for other in CONVENTIONS
        ):
            fit[covered] |= CONVENTION
        return Found(value, line, fit)

    def ages(self, number: int) -> tuple[Floats, Mask]:
        """Ages as a source sees them, with the nearest band where its card allows that, and whom it speaks for."""
        if number not in self._ages:
            source = self.reference.sources[number]
            age = source.banded_ages(self.people.age)
            self._ages[number] = age, source.covers(age)
        return self._ages[number]

    def candidates(self, number: int, wanted: Wanted) -> list[Limit]:
        """The rows of a source that are of the measure, from the least to the most specific: of any recording before
        the named one, of any segment before the named one (none of them where the named one has rows), then by strata."""
        rows = self._index(number)
        twin = ("superficial_radial",) if (wanted.study, wanted.nerve) == ("sensory", "radial") else ()
        # a row without a recording is of the usual muscle; a sensory one of any site
        usual = wanted.study not in ("motor", "f_wave") or wanted.recording == USUAL_MUSCLE.get(wanted.nerve)
        recordings = dict.fromkeys(("", wanted.recording) if usual else (wanted.recording,))

        def of(segment: str) -> list[Limit]:
            return [
                limit
                for name in (*twin, wanted.nerve)
                for convention in dict.fromkeys(("", wanted.convention))
                for recording in recordings
                for limit in rows.get(
                    (wanted.study, name, wanted.measure, recording, segment, convention, wanted.against), ()
                )
            ]

        own = of(wanted.segment) if wanted.segment else []
        return own or (of("") if wanted.general else [])

    def _index(self, number: int) -> dict[tuple[str, ...], list[Limit]]:
        if number not in self._rows:
            self._rows[number] = index(self.reference.sources[number])
        return self._rows[number]

    def _matches(self, limit: Limit, age: Floats) -> Mask:
        """Who falls under a row. What a row asks for and is not known does not match."""
        people = self.people
        match = np.ones(len(people), bool)
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
            match &= np.isfinite(age)
        if limit.per_cm:
            match &= np.isfinite(people.height)
        return match

    def _value(self, limit: Limit, side: str) -> Floats:
        given = limit.side(side)
        if limit.intercept is None:
            assert given is not None
            return np.full(len(self.people), given)
        mean = predicted(limit, self.people)
        spread = abs((limit.sd or 0.0) * (limit.sd_multiplier or 0.0))
        return back(mean + spread if side == "upper" else mean - spread, limit.power)


def index(source: Source) -> dict[tuple[str, ...], list[Limit]]:
    """The rows of a table by what they are of, the least specific first."""
    rows: dict[tuple[str, ...], list[Limit]] = {}
    for limit in sorted(source.limits, key=lambda x: x.strata):
        rows.setdefault(limit.key, []).append(limit)
    return rows


def predicted(limit: Limit, people: People) -> Floats:
    """The mean of a formula for everybody; 0 stands for what is not known (such people never match)."""
    age, height = np.nan_to_num(people.age), np.nan_to_num(people.height)
    return np.asarray((limit.intercept or 0.0) + (limit.per_year or 0.0) * age + (limit.per_cm or 0.0) * height, float)
