"""Conduction block, each definition by itself (interpretation.md, section 1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from .cuts import Cut, divided_by, exactly, lower_excludes, lower_includes, representatives, times
from .nerves import ARM_NERVES, Key, Pair, Study

DEFINITE, PROBABLE, NONE = "definite", "probable", "none"
PROBABLE_OR_BETTER, NOT_EVALUABLE = "probable_or_better", "not_evaluable"

#: "Long segment (wrist-elbow/below_elbow, elbow/above_elbow-axilla)".
LONG_SEGMENTS = {
    ("wrist", "elbow"),
    ("wrist", "below_elbow"),
    ("elbow", "axilla"),
    ("above_elbow", "axilla"),
}
MMN_DEFINITE_NERVES = ("median", "ulnar", "fibular")


@dataclass(frozen=True)
class Numbers:
    """One pair with every number known."""

    nerve: str
    distal: str
    proximal: str
    proximal_absent: bool
    amp_drop: Fraction
    area_drop: Fraction
    dur_increase: Fraction
    distal_pct: Fraction
    distal_mv: Fraction
    distance: Fraction | None

    @property
    def erb(self) -> bool:
        return self.proximal == "erb"

    @property
    def long(self) -> bool:
        return (self.distal, self.proximal) in LONG_SEGMENTS

    def duration_at_most(self, limit: int) -> bool:
        """A proximal response that is absent is a complete block: the condition is met."""
        return self.proximal_absent or self.dur_increase <= limit


def mmn_efns_pns_2010(pair: Numbers) -> str:
    if pair.nerve == "tibial" or not (pair.distal_pct > 20 and pair.distal_mv > 1):
        return NONE
    listed = pair.nerve in MMN_DEFINITE_NERVES
    if pair.erb:  # any duration
        return PROBABLE if listed and pair.area_drop >= 50 else NONE
    short = pair.duration_at_most(30)
    if listed and pair.area_drop >= 50 and short:
        return DEFINITE
    if pair.nerve in ARM_NERVES and pair.long and pair.area_drop >= 30 and short:
        return PROBABLE
    if listed and pair.area_drop >= 50 and not short:
        return PROBABLE
    return NONE


def aaem_segment(pair: Numbers | Pair, nerve: str) -> str:
    """first: > 50 / > 40; second: > 60 / > 50; proximal: probable at best; none: not a segment of the definition."""
    if pair.erb:
        return "proximal"
    if nerve in ("median", "ulnar"):
        return "none" if pair.distal == "palm" and pair.proximal == "wrist" else "first"
    if nerve == "radial":
        return "second" if pair.proximal == "axilla" else "first"
    if nerve == "fibular" and pair.distal == "below_fibular_head":
        return "first"
    return "second"


def cb_aaem_1999(pair: Numbers) -> str:
    segment = aaem_segment(pair, pair.nerve)
    if segment == "none" or pair.distal_pct < 20:
        return NONE
    if segment == "proximal":  # Erb: from a drop of 50 %, any duration
        return PROBABLE if pair.amp_drop >= 50 or pair.area_drop >= 50 else NONE
    amp_limit, area_limit = (50, 40) if segment == "first" else (60, 50)
    definite_drop = pair.amp_drop > amp_limit or pair.area_drop > area_limit
    probable_drop = pair.amp_drop >= amp_limit - 10 or pair.area_drop >= area_limit - 10
    if pair.duration_at_most(30):
        return DEFINITE if definite_drop else PROBABLE if probable_drop else NONE
    return PROBABLE if definite_drop and pair.duration_at_most(60) else NONE


def cb_utrecht(pair: Numbers) -> str:
    if pair.erb:  # no long segment ends at Erb's point
        return NONE
    inching = pair.distance is not None and pair.distance <= 25
    if (pair.long and pair.area_drop >= 50) or (inching and pair.amp_drop >= 30):
        return DEFINITE
    return PROBABLE if pair.long and pair.amp_drop >= 30 else NONE


def cb_pfeiffer_d(pair: Numbers) -> str:
    drop = 50 if pair.distal_mv > 1 else 64
    if not pair.amp_drop > drop:
        return NONE
    return PROBABLE if pair.erb else DEFINITE


def cb_efns_pns_2010_cidp(pair: Numbers) -> str:
    if pair.distal_pct < 20:
        return NONE
    if pair.amp_drop >= 50:
        return PROBABLE if pair.erb else DEFINITE
    if pair.amp_drop >= 30 and pair.nerve != "tibial" and not pair.erb:
        return PROBABLE
    return NONE


@dataclass(frozen=True)
class Definition:
    """A grading of complete numbers, and the cuts of those it reads."""

    grade: Callable[[Numbers], str]
    pct: tuple[Cut, ...] = ()
    mv: tuple[Cut, ...] = ()
    amplitude: tuple[Cut, ...] = ()
    area: tuple[Cut, ...] = ()
    duration: tuple[Cut, ...] = ()
    distance: tuple[Cut, ...] = ()


DEFINITIONS = {
    "mmn_efns_pns_2010": Definition(
        mmn_efns_pns_2010,
        pct=lower_includes(20),
        mv=lower_includes(1),
        area=lower_includes("0.5", "0.7"),
        duration=lower_includes("1.3"),
    ),
    "cb_aaem_1999": Definition(
        cb_aaem_1999,
        pct=lower_excludes(20),
        amplitude=exactly("0.4", "0.5", "0.6"),
        area=exactly("0.5", "0.6", "0.7"),
        duration=lower_includes("1.3", "1.6"),
    ),
    "cb_utrecht": Definition(
        cb_utrecht,
        amplitude=lower_includes("0.7"),
        area=lower_includes("0.5"),
        distance=lower_includes(25),
    ),
    "cb_pfeiffer_d": Definition(cb_pfeiffer_d, mv=lower_includes(1), amplitude=exactly("0.36", "0.5")),
    "cb_efns_pns_2010_cidp": Definition(
        cb_efns_pns_2010_cidp, pct=lower_excludes(20), amplitude=lower_includes("0.5", "0.7")
    ),
}


AAEM_CUTS = {
    "first": (lower_excludes("0.5") + lower_includes("0.6"), lower_excludes("0.6") + lower_includes("0.7")),
    "second": (lower_excludes("0.4") + lower_includes("0.5"), lower_excludes("0.5") + lower_includes("0.6")),
    "proximal": (lower_includes("0.5"), lower_includes("0.5")),
    "none": ((), ()),
}


def ratio_cuts(definition: str, nerve: str, pair: Pair) -> tuple[tuple[Cut, ...], tuple[Cut, ...]]:
    """Where a definition cuts the amplitude and the area ratio of this pair."""
    if definition == "cb_aaem_1999":
        return AAEM_CUTS[aaem_segment(pair, nerve)]
    return DEFINITIONS[definition].amplitude, DEFINITIONS[definition].area


def possible_numbers(nerve: str, pair: Pair, definition: str) -> Iterator[Numbers]:
    """Every way the blank numbers of a pair could have come out, one value of each class the definition can see."""
    reads = DEFINITIONS[definition]
    amplitude_cuts, area_cuts = ratio_cuts(definition, nerve, pair)
    if pair.distal_mv is not None or not (reads.pct or reads.mv or reads.amplitude):
        amplitudes = [pair.distal_mv]
    else:
        cuts = list(reads.mv)
        if pair.distal_limit is not None:
            cuts += times(reads.pct, pair.distal_limit / 100)
        if pair.proximal_mv is not None:
            cuts += divided_by(pair.proximal_mv, amplitude_cuts)
        amplitudes = list(representatives(cuts))
    for amplitude in amplitudes:
        if not reads.pct or (pair.distal_limit is not None and amplitude is not None):
            pcts = [100 * amplitude / pair.distal_limit if amplitude and pair.distal_limit else Fraction(100)]
        else:
            pcts = representatives(reads.pct)
        if pair.amplitude_ratio is not None:
            ratios = [pair.amplitude_ratio]
        elif not reads.amplitude:
            ratios = [Fraction(1)]
        elif pair.proximal_mv is not None and amplitude:
            ratios = [pair.proximal_mv / amplitude]
        else:
            ratios = representatives(amplitude_cuts)
        areas = representatives(area_cuts) if pair.area_ratio is None else [pair.area_ratio]
        durations = representatives(reads.duration) if pair.duration_ratio is None else [pair.duration_ratio]
        long = (pair.distal, pair.proximal) in LONG_SEGMENTS
        unknown_distance = reads.distance and pair.distance is None and not long and not pair.hypothetical
        distances = representatives(reads.distance) if unknown_distance else [pair.distance]
        for pct in pcts:
            for amplitude_ratio in ratios:
                for area_ratio in areas:
                    for duration_ratio in durations:
                        for distance in distances:
                            yield Numbers(
                                nerve,
                                pair.distal,
                                pair.proximal,
                                pair.proximal_absent,
                                amp_drop=100 * (1 - amplitude_ratio),
                                area_drop=100 * (1 - area_ratio),
                                dur_increase=100 * (duration_ratio - 1),
                                distal_pct=pct,
                                distal_mv=Fraction(10) if amplitude is None else amplitude,
                                distance=distance,
                            )


def grade(definition: str, nerve: str, pair: Pair) -> str:
    """The grade of a pair; a blank number leaves it open only where it could change the grade."""
    grading = DEFINITIONS[definition].grade
    possible = {grading(numbers) for numbers in possible_numbers(nerve, pair, definition)}
    if len(possible) == 1:
        return possible.pop()
    return PROBABLE_OR_BETTER if possible == {DEFINITE, PROBABLE} else NOT_EVALUABLE


@dataclass(frozen=True)
class BlockReport:
    """One pair, counted or excluded, with its three numbers and its grade by each definition."""

    counted: bool
    amplitude_reduction_pct: Fraction | None
    area_reduction_pct: Fraction | None
    duration_increase_pct: Fraction | None
    grades: dict[str, str]


def _reduction(value: Fraction | None) -> Fraction | None:
    return None if value is None else 100 * (1 - value)


def block_reports(study: Study) -> dict[tuple[str, str, str, str], BlockReport]:
    """(nerve, side, distal site, proximal site) -> report, for every pair that was stimulated."""
    reports = {}
    for nerve in study.motor.values():
        for pair in nerve.recorded_pairs:
            increase = _reduction(pair.duration_ratio)
            reports[nerve.nerve, nerve.side, pair.distal, pair.proximal] = BlockReport(
                pair.counted,
                _reduction(pair.amplitude_ratio),
                _reduction(pair.area_ratio),
                None if increase is None else -increase,
                {definition: grade(definition, nerve.nerve, pair) for definition in DEFINITIONS},
            )
    return reports


def counted_grades(study: Study, key: Key, definition: str) -> list[str]:
    """Grades of the counted pairs of a motor nerve (the pair never stimulated among them, as not evaluable)."""
    nerve = study.motor[key]
    return [grade(definition, nerve.nerve, pair) for pair in nerve.block_pairs]
