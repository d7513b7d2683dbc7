"""Rows of the tidy readings table -> what is known of each nerve (criteria.md, section 1).

Everything is a `Fraction`, so that 6.6 ms against 4.4 ms is exactly 150 %. `None` is "blank": never tested, not
readable, or without a limit. A response that was looked for and not found is `absent=True`, never `None`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from .truth import Test, Truth, above, any_of, at_most, below, either

Row = Mapping[str, Any]
Key = tuple[str, str]

MOTOR_NERVES = ("median", "ulnar", "radial", "fibular", "tibial")
ARM_NERVES = ("median", "ulnar", "radial")
SENSORY_NERVES = ("median", "ulnar", "radial", "sural")
SIDES = ("left", "right")
USUAL_MUSCLE = {"median": "APB", "ulnar": "ADM", "radial": "EIP", "fibular": "EDB", "tibial": "AH"}

#: From distal to proximal.
SITE_ORDER = {
    site: place
    for place, site in enumerate(
        ("palm", "wrist", "forearm", "below_elbow", "elbow", "above_elbow", "arm", "axilla", "erb")
    )
} | {
    site: place
    for place, site in enumerate(
        ("ankle", "leg", "calf", "below_fibular_head", "above_fibular_head", "popliteal_fossa")
    )
}

#: The only pairs of AAN 1991 item 2 and of INCAT.
AAN_PAIR = {
    "median": ("wrist", "elbow"),
    "ulnar": ("wrist", "below_elbow"),
    "fibular": ("ankle", "below_fibular_head"),
}

#: The counted pair a proximal stimulation that was never done would have made.
NEXT_PAIR = AAN_PAIR | {"radial": ("elbow", "axilla"), "tibial": ("ankle", "popliteal_fossa")}


# ---------------------------------------------------------------------------------------------------------- cells


def number(cell: Any) -> Fraction | None:
    """A cell as an exact decimal; blank, missing and NaN are None."""
    if cell is None or isinstance(cell, Fraction):
        return cell
    text = str(cell).strip()
    if text == "" or text.lower() == "nan":
        return None
    return Fraction(Decimal(text))


def word_in(row: Row, column: str) -> str:
    cell = row.get(column)
    return "" if cell is None else str(cell).strip()


def percent(value: Fraction | None, limit: Fraction | None) -> Fraction | None:
    return None if value is None or not limit else 100 * value / limit


def response_of(row: Row) -> str:
    """present, absent or not_tested; a blank never becomes absent, but F persistence 0 % without latency does."""
    said = word_in(row, "response")
    if word_in(row, "study") == "f_wave" and said != "not_tested":
        persistence = number(row.get("persistence_pct"))
        if number(row.get("latency_ms")) is None and persistence is not None:
            if persistence == 0:
                return "absent"
            return said or "present"
    if said:
        return said
    measures = ("latency_ms", "peak_latency_ms", "amplitude_mv", "amplitude_uv", "area_mvms", "duration_ms",
                "velocity_m_per_s")  # fmt: skip
    return "present" if any(number(row.get(measure)) is not None for measure in measures) else "not_tested"


# ---------------------------------------------------------------------------------------------------------- motor


@dataclass(frozen=True)
class Site:
    """One tested stimulation site of the muscle that counts."""

    name: str
    absent: bool = False
    latency: Fraction | None = None
    latency_limit: Fraction | None = None
    amplitude: Fraction | None = None
    amplitude_limit: Fraction | None = None
    area: Fraction | None = None
    duration: Fraction | None = None
    duration_limit: Fraction | None = None
    velocity: Fraction | None = None  # of the segment to the next more distal tested site
    velocity_limit: Fraction | None = None
    distance: Fraction | None = None

    @property
    def amplitude_pct(self) -> Fraction | None:
        return percent(self.amplitude, self.amplitude_limit)

    @property
    def velocity_pct(self) -> Fraction | None:
        return percent(self.velocity, self.velocity_limit)


@dataclass(frozen=True)
class FWave:
    """`state` is unknown (no F row, not tested, blank), absent or present."""

    state: str = "unknown"
    latency: Fraction | None = None
    limit: Fraction | None = None
    persistence: Fraction | None = None

    @property
    def pct(self) -> Fraction | None:
        return percent(self.latency, self.limit) if self.state == "present" else None


@dataclass(frozen=True)
class Hypothetical:
    """What a proximal stimulation that was never done would have shown; all None as long as it was not done."""

    amplitude_ratio: Fraction | None = None
    area_ratio: Fraction | None = None
    duration_ratio: Fraction | None = None
    velocity_pct: Fraction | None = None
    velocity: Fraction | None = None


@dataclass(frozen=True)
class Pair:
    """A pair of consecutive tested sites whose distal end has a response; i and j are places in the nerve's sites."""

    i: int
    j: int
    distal: str
    proximal: str
    counted: bool
    proximal_absent: bool
    amplitude_ratio: Fraction | None
    area_ratio: Fraction | None
    duration_ratio: Fraction | None
    velocity: Fraction | None
    velocity_pct: Fraction | None
    distal_mv: Fraction | None
    distal_pct: Fraction | None
    proximal_mv: Fraction | None
    proximal_pct: Fraction | None
    distal_limit: Fraction | None
    distance: Fraction | None
    hypothetical: bool = False

    @property
    def erb(self) -> bool:
        return self.proximal == "erb"


def crosses_entrapment(nerve: str, distal: str, proximal: str) -> bool:
    """The common entrapment sites of section 1."""
    if nerve == "median":
        return distal == "palm"
    if nerve == "ulnar":
        starts_low = SITE_ORDER[distal] <= SITE_ORDER["below_elbow"]
        return starts_low and SITE_ORDER[proximal] >= SITE_ORDER["elbow"]
    if nerve == "fibular":
        starts_low = SITE_ORDER[distal] <= SITE_ORDER["below_fibular_head"]
        return starts_low and SITE_ORDER[proximal] >= SITE_ORDER["above_fibular_head"]
    return False


def ratio(proximal: Fraction | None, distal: Fraction | None) -> Fraction | None:
    return None if proximal is None or not distal else proximal / distal


@dataclass(frozen=True)
class MotorNerve:
    """A tested motor nerve of one side: the muscle that counts, its sites from distal to proximal, its F wave."""

    nerve: str
    side: str
    muscle: str
    sites: tuple[Site, ...]
    f_wave: FWave = FWave()
    include_compression_sites: bool = False
    hypothetical: Hypothetical = Hypothetical()

    @property
    def key(self) -> Key:
        return self.nerve, self.side

    @property
    def limb(self) -> str:
        return f"{'arm' if self.nerve in ARM_NERVES else 'leg'} {self.side}"

    @cached_property
    def distal_place(self) -> int:
        return next(place for place, site in enumerate(self.sites) if site.name != "palm")

    @cached_property
    def distal(self) -> Site:
        """The most distal tested site other than the palm."""
        return self.sites[self.distal_place]

    @property
    def absent(self) -> bool:
        return self.distal.absent

    @cached_property
    def dcmap_pct(self) -> Fraction | None:
        return None if self.absent else self.distal.amplitude_pct

    @cached_property
    def dml_pct(self) -> Fraction | None:
        return None if self.absent else percent(self.distal.latency, self.distal.latency_limit)

    @property
    def distal_duration(self) -> Fraction | None:
        return None if self.absent else self.distal.duration

    @cached_property
    def recorded_pairs(self) -> tuple[Pair, ...]:
        """Pairs that were really stimulated, counted and excluded."""
        if self.absent:
            return ()
        pairs = []
        for i, j in zip(range(len(self.sites)), range(1, len(self.sites)), strict=False):
            distal, proximal = self.sites[i], self.sites[j]
            if distal.absent:
                continue
            crosses = crosses_entrapment(self.nerve, distal.name, proximal.name)
            gone = proximal.absent
            pairs.append(
                Pair(
                    i=i,
                    j=j,
                    distal=distal.name,
                    proximal=proximal.name,
                    counted=self.include_compression_sites or not crosses,
                    proximal_absent=gone,
                    amplitude_ratio=Fraction(0) if gone else ratio(proximal.amplitude, distal.amplitude),
                    area_ratio=Fraction(0) if gone else ratio(proximal.area, distal.area),
                    duration_ratio=None if gone else ratio(proximal.duration, distal.duration),
                    velocity=None if gone else proximal.velocity,
                    velocity_pct=None if gone else proximal.velocity_pct,
                    distal_mv=distal.amplitude,
                    distal_pct=distal.amplitude_pct,
                    proximal_mv=None if gone else proximal.amplitude,
                    proximal_pct=None if gone else proximal.amplitude_pct,
                    distal_limit=distal.amplitude_limit,
                    distance=proximal.distance,
                )
            )
        return tuple(pairs)

    @cached_property
    def never_stimulated(self) -> Pair:
        """The counted pair that is missing when no proximal stimulation was done."""
        distal, proximal = NEXT_PAIR[self.nerve]
        guess = self.hypothetical
        return Pair(
            i=self.distal_place,
            j=-1,
            distal=distal,
            proximal=proximal,
            counted=True,
            proximal_absent=False,
            amplitude_ratio=guess.amplitude_ratio,
            area_ratio=guess.area_ratio,
            duration_ratio=guess.duration_ratio,
            velocity=guess.velocity,
            velocity_pct=guess.velocity_pct,
            distal_mv=self.distal.amplitude,
            distal_pct=self.distal.amplitude_pct,
            proximal_mv=None,
            proximal_pct=None,
            distal_limit=self.distal.amplitude_limit,
            distance=None,
            hypothetical=True,
        )

    @cached_property
    def no_counted_pair(self) -> bool:
        return not self.absent and not any(pair.counted for pair in self.recorded_pairs)

    @cached_property
    def no_counted_segment(self) -> bool:
        """No counted pair that can carry a velocity or a duration ratio (Erb's point never does)."""
        return not self.absent and not any(pair.counted and not pair.erb for pair in self.recorded_pairs)

    @cached_property
    def block_pairs(self) -> tuple[Pair, ...]:
        """Counted pairs for amplitude and area; the one never stimulated where there is none."""
        counted = tuple(pair for pair in self.recorded_pairs if pair.counted)
        return (*counted, self.never_stimulated) if self.no_counted_pair else counted

    @cached_property
    def segments(self) -> tuple[Pair, ...]:
        """Counted pairs for velocity and duration: Erb's point never counts."""
        counted = tuple(pair for pair in self.recorded_pairs if pair.counted and not pair.erb)
        return (*counted, self.never_stimulated) if self.no_counted_segment else counted

    @cached_property
    def no_aan_pair(self) -> bool:
        if self.absent or self.nerve not in AAN_PAIR:
            return False
        return all((pair.distal, pair.proximal) != AAN_PAIR[self.nerve] for pair in self.recorded_pairs)

    @cached_property
    def aan_pairs(self) -> tuple[Pair, ...]:
        """The pair named by AAN 1991; never stimulated: its hypothetical stand-in; radial and tibial: none."""
        if self.absent or self.nerve not in AAN_PAIR:
            return ()
        if self.no_aan_pair:
            return (self.never_stimulated,)
        return tuple(pair for pair in self.recorded_pairs if (pair.distal, pair.proximal) == AAN_PAIR[self.nerve])

    @cached_property
    def first_segment(self) -> Pair | None:
        """The counted segment that starts at the distal site (TLI; median forearm velocity), done or not."""
        if self.absent:
            return None
        starts = (pair for pair in self.segments if not pair.hypothetical and pair.i == self.distal_place)
        return next(starts, self.never_stimulated)

    # -- questions the criteria ask; an absent CMAP contributes nothing, so the answer is "not met"

    def dcmap_at_least(self, limit: int) -> Truth:
        return False if self.absent else None if self.dcmap_pct is None else self.dcmap_pct >= limit

    def dcmap_below(self, limit: int) -> Truth:
        """Only of a CMAP that is there; an absent one is asked for by name."""
        return False if self.absent else below(self.dcmap_pct, limit)

    def any_velocity(self, test: Test, limit: int) -> Truth:
        """`test(MCV%, limit)` in some counted segment: the lowest decides. No response, no velocity."""
        if self.absent:
            return False
        return any_of(test(pair.velocity_pct, limit) for pair in self.segments if not pair.proximal_absent)

    def distal_latency(self, test: Test, limit: int) -> Truth:
        return False if self.absent else test(self.dml_pct, limit)

    def f_latency(self, test: Test, limit: int) -> Truth:
        if self.absent or self.f_wave.state == "absent":
            return False
        return test(self.f_wave.pct, limit)

    @property
    def f_absent(self) -> Truth:
        if self.absent:
            return False
        return {"absent": True, "present": False, "unknown": None}[self.f_wave.state]

    def amplitude_ratio(self, test: Test, limit: Fraction) -> Truth:
        """`test(ratio, limit)` in a counted pair; a pair to Erb's point needs a reduction of at least 50 % as well."""
        return any_of(
            erb_rule(pair, pair.amplitude_ratio, test(pair.amplitude_ratio, limit)) for pair in self.block_pairs
        )

    def drop_in(self, pairs: Iterable[Pair], limit: Fraction) -> Truth:
        """Amplitude or area ratio below `limit` in one of the pairs (Erb: each by its own 50 %)."""
        return any_of(
            either(
                erb_rule(pair, pair.amplitude_ratio, below(pair.amplitude_ratio, limit)),
                erb_rule(pair, pair.area_ratio, below(pair.area_ratio, limit)),
            )
            for pair in pairs
        )

    def duration_ratio(self, test: Test, limit: Fraction) -> Truth:
        """`test(duration ratio, limit)` in a counted segment; proximal response absent: not evaluable."""
        return any_of(test(pair.duration_ratio, limit) for pair in self.segments)


def erb_rule(pair: Pair, value: Fraction | None, met: Truth) -> Truth:
    if not pair.erb:
        return met
    enough = at_most(value, Fraction(1, 2))
    return False if met is False or enough is False else None if met is None or enough is None else True


# -------------------------------------------------------------------------------------------------------- sensory


@dataclass(frozen=True)
class SensoryNerve:
    """A tested sensory nerve of one side."""

    nerve: str
    side: str
    absent: bool = False
    amplitude: Fraction | None = None
    amplitude_limit: Fraction | None = None
    velocity: Fraction | None = None
    velocity_limit: Fraction | None = None
    onset: Fraction | None = None
    onset_limit: Fraction | None = None
    peak: Fraction | None = None
    peak_limit: Fraction | None = None

    @property
    def key(self) -> Key:
        return self.nerve, self.side

    @property
    def limb(self) -> str:
        return f"{'leg' if self.nerve == 'sural' else 'arm'} {self.side}"

    @property
    def amplitude_pct(self) -> Fraction | None:
        return None if self.absent else percent(self.amplitude, self.amplitude_limit)

    @property
    def velocity_pct(self) -> Fraction | None:
        return None if self.absent else percent(self.velocity, self.velocity_limit)

    @property
    def latency_long(self) -> Truth:
        """Onset or peak, whichever has a value and a limit."""
        if self.absent:
            return False
        known = [
            pct > 100
            for pct in (percent(self.onset, self.onset_limit), percent(self.peak, self.peak_limit))
            if pct is not None
        ]
        return any(known) if known else None

    @property
    def snap_abnormal(self) -> Truth:
        return True if self.absent else below(self.amplitude_pct, 100)

    @property
    def velocity_slow(self) -> Truth:
        return False if self.absent else below(self.velocity_pct, 100)

    @property
    def abnormal(self) -> Truth:
        return either(self.snap_abnormal, self.latency_long, self.velocity_slow)

    @property
    def normal(self) -> Truth:
        """SNAP evaluable, nothing tested abnormal."""
        if self.abnormal is True:
            return False
        return None if self.amplitude_pct is None else True


# ---------------------------------------------------------------------------------------------------------- study


@dataclass(frozen=True)
class Study:
    """One study as the criteria see it."""

    motor: dict[Key, MotorNerve]
    sensory: dict[Key, SensoryNerve]
    low_cut_hz: Fraction | None = None
    cts: dict[str, str] = field(default_factory=lambda: {"left": "", "right": ""})
    phenotype: str = ""
    compression_sites: str | None = None
    nerve_counting: str = "literal"

    @property
    def n_motor(self) -> int:
        return len(self.motor)

    @property
    def n_present(self) -> int:
        return sum(not nerve.absent for nerve in self.motor.values())

    def with_motor(self, nerve: MotorNerve) -> Study:
        return replace(self, motor={**self.motor, nerve.key: nerve})

    def with_sensory(self, nerve: SensoryNerve) -> Study:
        return replace(self, sensory={**self.sensory, nerve.key: nerve})


@dataclass(frozen=True)
class Hand:
    """What carpal tunnel syndrome takes out of a median nerve."""

    cts: bool = False
    latency_left_out: bool = False


def ulnar_latency_normal(ulnar: MotorNerve | None) -> bool:
    """ "Ulnar DML of the same hand tested and <= ULN"."""
    return ulnar is not None and at_most(ulnar.dml_pct, 100) is True


def hand_of(cts_column: str, median: MotorNerve | None, ulnar_normal: bool) -> Hand:
    """CTS known, or, where the column is empty, suspected.

    A DML that is missing cannot be an item either if its being long would at once mean suspected CTS.
    """
    if cts_column == "yes":
        return Hand(cts=True, latency_left_out=True)
    if cts_column == "no" or median is None or median.absent:
        return Hand()
    forearm = median.first_segment
    slow = forearm is not None and below(forearm.velocity_pct, 90) is True
    would_be_suspected = ulnar_normal and not slow
    suspected = would_be_suspected and above(median.dml_pct, 100) is True
    return Hand(cts=suspected, latency_left_out=would_be_suspected and (suspected or median.dml_pct is None))


def hands(study: Study) -> dict[str, Hand]:
    return {
        side: hand_of(
            study.cts.get(side, ""),
            study.motor.get(("median", side)),
            ulnar_latency_normal(study.motor.get(("ulnar", side))),
        )
        for side in SIDES
    }


# --------------------------------------------------------------------------------------------------------- reading


def read_sites(rows: Iterable[Row]) -> tuple[Site, ...]:
    """Tested sites of one muscle, distal to proximal, velocity computed where it is not printed; the amplitude limit of
    the distal site holds for the sites that have none of their own."""
    tested = sorted(
        (row for row in rows if response_of(row) != "not_tested"),
        key=lambda row: SITE_ORDER[word_in(row, "stimulation")],
    )
    sites: list[Site] = []
    for row in tested:
        if response_of(row) == "absent":
            sites.append(
                Site(
                    word_in(row, "stimulation"),
                    absent=True,
                    amplitude_limit=number(row.get("amplitude_lower_limit")),
                    distance=number(row.get("distance_mm")),
                )
            )
            continue
        velocity = number(row.get("velocity_m_per_s"))
        latency, distance = number(row.get("latency_ms")), number(row.get("distance_mm"))
        before = sites[-1].latency if sites and not sites[-1].absent else None
        if (
            velocity is None
            and distance is not None
            and latency is not None
            and before is not None
            and latency > before
        ):
            velocity = distance / (latency - before)
        sites.append(
            Site(
                word_in(row, "stimulation"),
                latency=latency,
                latency_limit=number(row.get("latency_upper_limit")),
                amplitude=number(row.get("amplitude_mv")),
                amplitude_limit=number(row.get("amplitude_lower_limit")),
                area=number(row.get("area_mvms")),
                duration=number(row.get("duration_ms")),
                duration_limit=number(row.get("duration_upper_limit")),
                velocity=velocity,
                velocity_limit=number(row.get("velocity_lower_limit")),
                distance=distance,
            )
        )
    distal = next((site for site in sites if site.name != "palm"), None)
    limit = None if distal is None else distal.amplitude_limit
    return tuple(site if site.amplitude_limit is not None else replace(site, amplitude_limit=limit) for site in sites)


def muscle_that_counts(nerve: str, muscles: Mapping[str, tuple[Site, ...]]) -> str | None:
    """The usual one, unless its distal response is absent or untested and another muscle has one."""

    def distal(muscle: str) -> Site | None:
        return next((site for site in muscles.get(muscle, ()) if site.name != "palm"), None)

    usual = USUAL_MUSCLE[nerve]
    others = sorted(muscle for muscle in muscles if muscle != usual)
    first = distal(usual)
    if first is not None and not first.absent:
        return usual
    for muscle in others:
        site = distal(muscle)
        if site is not None and not site.absent:
            return muscle
    return next((muscle for muscle in (usual, *others) if distal(muscle) is not None), None)


def read_f_wave(rows: Iterable[Row], nerve: str, muscle: str) -> FWave:
    for row in rows:
        if (word_in(row, "recording") or USUAL_MUSCLE[nerve]) != muscle:
            continue
        response = response_of(row)
        if response == "not_tested":
            continue
        if response == "absent":
            return FWave("absent", limit=number(row.get("latency_upper_limit")))
        return FWave(
            "present",
            number(row.get("latency_ms")),
            number(row.get("latency_upper_limit")),
            number(row.get("persistence_pct")),
        )
    return FWave()


def read_study(rows: Iterable[Row], compression_sites: str | None = None, nerve_counting: str = "literal") -> Study:
    """All rows of one study."""
    rows = list(rows)
    motor: dict[Key, MotorNerve] = {}
    sensory: dict[Key, SensoryNerve] = {}
    for nerve in MOTOR_NERVES:
        for side in SIDES:
            mine = [row for row in rows if (word_in(row, "nerve"), word_in(row, "side")) == (nerve, side)]
            muscles: dict[str, list[Row]] = {}
            for row in mine:
                if word_in(row, "study") == "motor":
                    muscles.setdefault(word_in(row, "recording") or USUAL_MUSCLE[nerve], []).append(row)
            sites = {muscle: read_sites(its_rows) for muscle, its_rows in muscles.items()}
            muscle = muscle_that_counts(nerve, sites)
            if muscle is None:
                continue
            motor[nerve, side] = MotorNerve(
                nerve,
                side,
                muscle,
                sites[muscle],
                read_f_wave((row for row in mine if word_in(row, "study") == "f_wave"), nerve, muscle),
                include_compression_sites=compression_sites == "include",
            )
    for row in rows:
        nerve, side = word_in(row, "nerve").removeprefix("superficial_"), word_in(row, "side")
        if word_in(row, "study") != "sensory" or nerve not in SENSORY_NERVES or (nerve, side) in sensory:
            continue
        response = response_of(row)
        if response == "not_tested":
            continue
        limits: dict[str, Any] = {
            "amplitude_limit": number(row.get("amplitude_lower_limit")),
            "velocity_limit": number(row.get("velocity_lower_limit")),
            "onset_limit": number(row.get("latency_upper_limit")),
            "peak_limit": number(row.get("peak_latency_upper_limit")),
        }
        if response == "absent":
            sensory[nerve, side] = SensoryNerve(nerve, side, absent=True, **limits)
            continue
        onset, distance = number(row.get("latency_ms")), number(row.get("distance_mm"))
        velocity = number(row.get("velocity_m_per_s"))
        if velocity is None and onset and distance is not None:
            velocity = distance / onset
        sensory[nerve, side] = SensoryNerve(
            nerve,
            side,
            amplitude=number(row.get("amplitude_uv")),
            velocity=velocity,
            onset=onset,
            peak=number(row.get("peak_latency_ms")),
            **limits,
        )

    def study_level(column: str) -> str:
        return next((word_in(row, column) for row in rows if word_in(row, column)), "")

    return Study(
        motor,
        sensory,
        low_cut_hz=number(study_level("low_cut_hz")),
        cts={"left": study_level("cts_left"), "right": study_level("cts_right")},
        phenotype=study_level("phenotype"),
        compression_sites=compression_sites,
        nerve_counting=nerve_counting,
    )
