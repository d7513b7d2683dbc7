"""Which single untested measure could change a verdict: every one is given the values that matter, one at a time.

For each measure that a tested nerve lacks (or lacks a limit for) the study is copied once per value the measure could
have, and the set is applied to the copies. All copies of all studies are evaluated together. Values are chosen on both
sides of every threshold in use; a site never stimulated stands in as the usual forearm or leg segment.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Floats, Keys, Mask, Rows
from ncs_analyzer.criteria.sets import CriteriaSet, Facts, Options, Result, apply_set
from ncs_analyzer.grouping import find
from ncs_analyzer.physiology import Physiology
from ncs_analyzer.physiology.motor import MotorNerves, derive
from ncs_analyzer.physiology.segments import AAN_SEGMENTS, SITE_CODE, Pairs
from ncs_analyzer.physiology.sensory import SensoryNerves, SensoryResponses
from ncs_analyzer.responses import NERVE
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, NERVES, SIDES

USUAL_SEGMENT: Final = {
    "median": ("wrist", "elbow"),
    "ulnar": ("wrist", "below_elbow"),
    "radial": ("forearm", "elbow"),
    "fibular": ("ankle", "below_fibular_head"),
    "tibial": ("ankle", "popliteal_fossa"),
}

LATE: Final = (50.0, 105.0, 112.0, 122.0, 127.0, 140.0, 1e4)
"""Percent of an upper limit: on both sides of every cut-off between 100 and 150 %."""
SMALL: Final = (5.0, 15.0, 30.0, 65.0, 90.0, 105.0, 1e3, 1e5)
"""Percent of an amplitude limit: on both sides of 10, 20, 50, 80 and 100 %."""
SLOW: Final = (1e3, 97.0, 92.0, 87.0, 82.0, 75.0, 1.0)
"""Percent of a velocity limit."""
MILLIVOLTS: Final = (0.05, 0.9, 1.5, 1e3)
RATIOS: Final = (2.0, 0.75, 0.65, 0.55, 0.45, 0.30, 1e-6)
"""Proximal over distal amplitude or area."""
LENGTHS: Final = (1.0, 1.2, 1.5, 1.7, 3.0)
"""Proximal over distal duration."""
DURATIONS: Final = (
    0.01,
    6.65,
    7.0,
    7.5,
    7.9,
    8.05,
    8.15,
    8.25,
    8.35,
    8.45,
    8.55,
    8.7,
    8.85,
    8.95,
    9.1,
    9.3,
    9.55,
    9.7,
    10.3,
    1e3,
)
"""ms; between any two limits of distal CMAP duration in use."""
FILTERS: Final = (2.0, 5.0, 10.0, 20.0)


AT_ONCE: Final = 500
"""Studies whose copies are evaluated together: bounds the memory."""


@dataclass(frozen=True)
class Measure:
    """One untested measure of one nerve. `study`: motor or sensory (F waves: f_wave); `limit`: only its limit lacks."""

    study: str
    nerve: str
    side: str
    measure: str
    limit: bool = False

    def record(self) -> dict[str, Any]:
        """The entry of `could_change`."""
        return {
            "nerve": self.nerve,
            "side": self.side,
            "measure": self.measure,
            "study": self.study,
            "missing": "limit" if self.limit else "value",
        }


@dataclass(frozen=True)
class _Trial:
    """Values to try for one kind of measure: one copy of the study per entry of `lines` (lines of the motor nerves, or
    of the sensory responses). `values` go into the fields of that line; `fill` with `amount` into whatever its pairs of
    sites lack: the measure of a nerve is tried as a whole."""

    table: str
    lines: Rows
    study: str
    measure: str
    values: dict[str, NDArray[Any]]
    fill: str = ""
    amount: Floats | None = None
    limit: bool = False


def could_change(
    sets: Sequence[CriteriaSet], results: dict[str, Result], facts: Facts
) -> dict[str, dict[int, list[Measure]]]:
    """For every set, by study, the measures that alone can change its verdict; settled studies have none."""
    unsettled = np.logical_or.reduce([~results[criteria.id].settled for criteria in sets])
    found: dict[str, dict[int, list[Measure]]] = {criteria.id: {} for criteria in sets}
    studies = np.flatnonzero(unsettled)
    if not len(studies):
        return found
    physiology = _with_stand_ins(facts.physiology)
    for start in range(0, len(studies), AT_ONCE):
        wanted = np.zeros(facts.physiology.studies, bool)
        wanted[studies[start : start + AT_ONCE]] = True
        copies = _Copies(physiology, list(_trials(physiology, wanted)), facts.options)
        for criteria in sets:
            _collect(criteria, results[criteria.id], copies, found[criteria.id])
    return found


def _collect(criteria: CriteriaSet, result: Result, copies: "_Copies", found: dict[int, list[Measure]]) -> None:
    """Add the measures whose copies have another verdict than their study."""
    changed = copies.verdict(criteria) != result.verdict[copies.study]
    if not any(q.measure == "sensory" for item in criteria.items for q in item.condition.rests_on):
        changed &= ~copies.of_untested_sensory
    for copy in np.flatnonzero(changed & ~result.settled[copies.study]):
        listed = found.setdefault(int(copies.study[copy]), [])
        measure = copies.measure(int(copy))
        if measure not in listed:
            listed.append(measure)


# ---------------------------------------------------------------- what is missing


def _trials(p: Physiology, wanted: Mask) -> Iterator[_Trial]:
    motor, pairs, snaps = p.motor, p.pairs, p.snaps
    there = ~motor.absent & wanted[motor.study]
    yield from _motor_trials(motor, there)
    yield from _amplitude_trials(motor, pairs, there)
    yield from _duration_trials(motor, pairs, there)
    lines, ratio = _spread(np.flatnonzero(there & _lacks(pairs, pairs.area_ratio, len(motor))), RATIOS)
    yield _Trial("motor", lines, "motor", "area", {}, "area", ratio)
    lines, pct = _spread(np.flatnonzero(there & _lacks(pairs, pairs.velocity_pct, len(motor))), SLOW)
    yield _Trial("motor", lines, "motor", "velocity", {}, "velocity", pct)
    yield from _sensory_trials(
        snaps, wanted[p.sensory.study[snaps.line]] & p.sensory.counted[snaps.line] & ~snaps.absent
    )


def _spread(lines: Rows, values: Sequence[float]) -> tuple[Rows, Floats]:
    """Every line with every value."""
    return np.repeat(lines, len(values)), np.tile(np.array(values), len(lines))


def _lacks(pairs: Pairs, column: Floats, n: int) -> Mask:
    """Nerves with a counted pair (or a stand-in for one) whose column is missing."""
    found = np.zeros(n, bool)
    found[pairs.line[(pairs.counted | _stands_in(pairs)) & ~pairs.lost & np.isnan(column)]] = True
    return found


def _motor_trials(motor: MotorNerves, there: Mask) -> Iterator[_Trial]:
    lines, pct = _spread(np.flatnonzero(there & np.isnan(motor.dml_pct)), LATE)
    known = motor.dml[lines]
    dml = np.where(np.isfinite(known), known, np.clip(pct / 20, 0.1, None))
    yield _Trial("motor", lines, "motor", "distal_latency", {"dml_pct": pct, "dml": dml})
    lines, pct = _spread(np.flatnonzero(there & np.isnan(motor.f_pct) & ~motor.f_absent), LATE)
    yield _Trial("motor", lines, "f_wave", "minimal_f_latency", {"f_pct": pct, "f_tested": np.ones(len(lines), bool)})
    lines = np.flatnonzero(there & ~motor.f_tested)
    yes = np.ones(len(lines), bool)
    yield _Trial("motor", lines, "f_wave", "minimal_f_latency", {"f_absent": yes, "f_tested": yes})
    lines, pct = _spread(
        np.flatnonzero(there & motor.f_tested & ~motor.f_absent & np.isnan(motor.f_persistence)), (10.0, 90.0)
    )
    yield _Trial("motor", lines, "f_wave", "f_persistence", {"f_persistence": pct})
    lines, mm = _spread(np.flatnonzero(there & np.isnan(motor.distal_distance)), (1.0, 1e4))
    yield _Trial("motor", lines, "motor", "distance", {"distal_distance": mm})


def _amplitude_trials(motor: MotorNerves, pairs: Pairs, there: Mask) -> Iterator[_Trial]:
    """Distal and proximal amplitudes of a nerve, and their limit."""
    n, blank = len(motor), np.isnan(motor.dcmap)
    near = _lacks(pairs, pairs.amp_ratio, n)
    lines, ratio = _spread(np.flatnonzero(there & ~blank & near), RATIOS)
    yield _Trial("motor", lines, "motor", "amplitude", {}, "amplitude", ratio)
    standing = np.zeros(n, bool)
    standing[pairs.line[_stands_in(pairs)]] = True
    lines = np.flatnonzero(there & ~blank & standing)
    yield _Trial("motor", lines, "motor", "amplitude", {}, "lost", np.zeros(len(lines)))
    for ratio_tried in (1.0, 0.65, 0.45, 1e-6):
        lines, pct = _spread(np.flatnonzero(there & blank & np.isfinite(motor.dcmap_lln)), SMALL)
        values = {"dcmap": pct * motor.dcmap_lln[lines] / 100}
        yield _Trial("motor", lines, "motor", "amplitude", values, "amplitude", np.full(len(lines), ratio_tried))
        lines, mv = _spread(np.flatnonzero(there & blank), MILLIVOLTS)
        yield _Trial("motor", lines, "motor", "amplitude", {"dcmap": mv}, "amplitude", np.full(len(lines), ratio_tried))
    for ratio_tried in (1.0, 0.65, 0.45, 1e-6):
        for size in MILLIVOLTS:
            lines, pct = _spread(np.flatnonzero(there & blank & np.isnan(motor.dcmap_lln)), SMALL)
            values = {"dcmap": np.full(len(lines), size), "dcmap_lln": 100 * size / pct}
            yield _Trial("motor", lines, "motor", "amplitude", values, "amplitude", np.full(len(lines), ratio_tried))
    first = np.full(n, np.nan)
    at_distal = (pairs.distal_row == motor.row[pairs.line]) & np.isfinite(pairs.amp_proximal)
    first[pairs.line[at_distal]] = pairs.amp_proximal[at_distal]
    lines, ratio = _spread(np.flatnonzero(there & blank & np.isfinite(first)), RATIOS)
    yield _Trial("motor", lines, "motor", "amplitude", {"dcmap": first[lines] / ratio}, "amplitude", ratio)
    no_limit = there & ~blank & np.isnan(motor.dcmap_lln)
    other_limit = _lacks(pairs, pairs.amp_distal_lln, n) | _lacks(pairs, pairs.prox_pct, n)
    lines, pct = _spread(np.flatnonzero(no_limit | (there & ~blank & other_limit)), SMALL)
    lln = np.where(np.isnan(motor.dcmap_lln[lines]), 100 * motor.dcmap[lines] / pct, motor.dcmap_lln[lines])
    yield _Trial("motor", lines, "motor", "amplitude", {"dcmap_lln": lln}, "limit", pct, limit=True)
    for ratio_tried in (0.65, 0.45, 1e-6):
        lines, pct = _spread(np.flatnonzero(no_limit & near), SMALL)
        values = {"dcmap_lln": 100 * motor.dcmap[lines] / pct}
        yield _Trial("motor", lines, "motor", "amplitude", values, "amplitude", np.full(len(lines), ratio_tried))


def _duration_trials(motor: MotorNerves, pairs: Pairs, there: Mask) -> Iterator[_Trial]:
    """Distal and proximal durations of a nerve, their limit, and the filter."""
    blank = np.isnan(motor.duration)
    near = _lacks(pairs, pairs.dur_ratio, len(motor))
    lines, ratio = _spread(np.flatnonzero(there & ~blank & near), LENGTHS)
    yield _Trial("motor", lines, "motor", "duration", {}, "duration", ratio)
    for ms, lengths in ((DURATIONS, (1.0, 3.0)), ((0.01,), LENGTHS)):
        for length in lengths:
            lines, tried = _spread(np.flatnonzero(there & blank), ms)
            yield _Trial(
                "motor", lines, "motor", "duration", {"duration": tried}, "duration", np.full(len(lines), length)
            )
    first = np.full(len(motor), np.nan)
    at_distal = (pairs.distal_row == motor.row[pairs.line]) & np.isfinite(pairs.dur_proximal)
    first[pairs.line[at_distal]] = pairs.dur_proximal[at_distal]
    lines, ratio = _spread(np.flatnonzero(there & blank & np.isfinite(first)), LENGTHS)
    yield _Trial("motor", lines, "motor", "duration", {"duration": first[lines] / ratio}, "duration", ratio)
    lines, pct = _spread(np.flatnonzero(there & np.isnan(motor.duration_pct)), (50.0, 1e4))
    yield _Trial("motor", lines, "motor", "duration", {"duration_pct": pct}, limit=True)
    lines, hz = _spread(np.flatnonzero(there & ~blank & np.isnan(motor.low_cut)), FILTERS)
    yield _Trial("motor", lines, "motor", "duration", {"low_cut": hz}, limit=True)


def _sensory_trials(snaps: SensoryResponses, use: Mask) -> Iterator[_Trial]:
    lines, pct = _spread(np.flatnonzero(use & np.isnan(snaps.snap_pct)), (10.0, 60.0, 75.0, 90.0, 120.0))
    yield _Trial("snaps", lines, "sensory", "amplitude", {"snap_pct": pct})
    lines, pct = _spread(np.flatnonzero(use & np.isnan(snaps.onset_pct) & np.isnan(snaps.peak_pct)), (50.0, 1e3))
    yield _Trial("snaps", lines, "sensory", "onset_latency", {"onset_pct": pct})
    lines, pct = _spread(np.flatnonzero(use & np.isnan(snaps.velocity_pct)), (1e3, 95.0, 75.0, 1.0))
    yield _Trial("snaps", lines, "sensory", "velocity", {"velocity_pct": pct})


# ---------------------------------------------------------------- stand-ins for what was never recorded

_STAND_IN: Final = -7


def _stands_in(pairs: Pairs) -> Mask:
    return pairs.proximal_row == _STAND_IN


def _with_stand_ins(p: Physiology) -> Physiology:
    """The same physiology with a blank pair for nerves whose usual segment was not recorded, and a blank sensory study
    beside arm nerves without one. They change nothing until a value is tried in them."""
    motor = p.motor
    lower = np.array([SITE_CODE[USUAL_SEGMENT[name][0]] for name in MOTOR_NERVES], np.int32)
    upper = np.array([SITE_CODE[USUAL_SEGMENT[name][1]] for name in MOTOR_NERVES], np.int32)
    usual = motor.site == lower[motor.nerve]
    lacking = _no_segment(motor, p.pairs) | _no_aan_segment(motor, p.pairs) | _no_first(motor, p.pairs)
    missing = np.flatnonzero(lacking & ~motor.absent)
    farther = np.where(motor.lower_limb, SITE_CODE["thigh"], SITE_CODE["axilla"])
    proximal = np.where(usual, upper[motor.nerve], farther)[missing].astype(np.int32)
    blank = _blank_pairs(motor, missing, proximal)
    joined = _concatenate(p.pairs, blank)
    order = np.argsort(joined.line, kind="stable")
    return _with_blank_snaps(replace(p, pairs=joined.take(order)))


def _no_segment(motor: MotorNerves, pairs: Pairs) -> Mask:
    """Nerves without any counted pair short of Erb's point."""
    has = np.zeros(len(motor), bool)
    has[pairs.line[pairs.counted & ~pairs.erb]] = True
    return ~has


def _no_aan_segment(motor: MotorNerves, pairs: Pairs) -> Mask:
    """Nerves without the segment that AAN 1991 looks at."""
    has = np.zeros(len(motor), bool)
    has[pairs.line[pairs.aan_counted]] = True
    return ~has & motor.is_nerve(*AAN_SEGMENTS)


def _no_first(motor: MotorNerves, pairs: Pairs) -> Mask:
    """Nerves without a counted segment that starts at the distal site."""
    has = np.zeros(len(motor), bool)
    has[pairs.line[pairs.first]] = True
    return ~has


def _blank_pairs(motor: MotorNerves, lines: Rows, proximal: Codes) -> Pairs:
    nan, no = np.full(len(lines), np.nan), np.zeros(len(lines), bool)
    return Pairs(
        line=lines,
        distal_row=motor.row[lines],
        proximal_row=np.full(len(lines), _STAND_IN),
        distal=motor.site[lines],
        proximal=proximal,
        amp_distal=motor.dcmap[lines],
        amp_proximal=nan,
        amp_distal_lln=motor.dcmap_lln[lines],
        area_distal=nan,
        area_proximal=nan,
        dur_distal=motor.duration[lines],
        dur_proximal=nan,
        lost=no,
        prox_pct=nan,
        velocity=nan,
        velocity_pct=nan,
        computed=no,
        compression=no,
        counted=no,
        erb=no,
        anastomosis=no,
        aan_counted=no,
        first=no,
        distance=nan,
    )


def _concatenate(a: Any, b: Any) -> Any:
    return replace(a, **{name: np.concatenate([getattr(a, name), getattr(b, name)]) for name in a.__dataclass_fields__})


def _with_blank_snaps(p: Physiology) -> Physiology:
    motor, sensory, snaps = p.motor, p.sensory, p.snaps
    arms = np.flatnonzero(~motor.lower_limb)
    code = np.array([NERVE[name] for name in MOTOR_NERVES], np.int32)[motor.nerve[arms]]

    def key(study: Codes, nerve: Codes, side: Codes) -> Keys:
        return (study.astype(np.int64) * len(NERVES) + nerve) * 2 + side

    own, wanted = key(sensory.study, sensory.nerve, sensory.side), key(motor.study[arms], code, motor.side[arms])
    missing = arms[find(own, wanted) < 0]
    if not len(missing):
        return p
    code = np.array([NERVE[name] for name in MOTOR_NERVES], np.int32)[motor.nerve[missing]]
    nerves = SensoryNerves(
        np.concatenate([sensory.study, motor.study[missing]]),
        np.concatenate([sensory.nerve, code]),
        np.concatenate([sensory.side, motor.side[missing]]),
    )
    nan, no = np.full(len(missing), np.nan), np.zeros(len(missing), bool)
    line = np.arange(len(sensory), len(nerves))
    blank = SensoryResponses(line, np.full(len(missing), _STAND_IN), no, nan, nan, nan, nan, nan, nan, no)
    order = np.argsort(key(nerves.study, nerves.nerve, nerves.side), kind="stable")
    place = np.empty(len(order), np.intp)
    place[order] = np.arange(len(order))
    joined: SensoryResponses = _concatenate(snaps, blank)
    joined = joined.with_(line=place[joined.line])
    return replace(
        p,
        sensory=SensoryNerves(nerves.study[order], nerves.nerve[order], nerves.side[order]),
        snaps=joined.take(np.argsort(joined.line, kind="stable")),
    )


# ---------------------------------------------------------------- copies of studies


class _Copies:
    """One copy of a study for every value tried, all in one physiology."""

    def __init__(self, p: Physiology, trials: list[_Trial], options: Options) -> None:
        self.base, self.trials, self.options = p, trials, options
        owner = {"motor": p.motor.study, "pairs": p.motor.study[p.pairs.line], "snaps": p.sensory.study[p.snaps.line]}
        self.study = np.concatenate([owner[t.table][t.lines] for t in trials]).astype(np.int32)
        self.start = np.cumsum([0, *(len(t.lines) for t in trials)])
        self.facts = Facts(self._physiology(owner), options)

    @property
    def of_untested_sensory(self) -> Mask:
        """Copies that try a sensory study beside a motor nerve, of which nothing was recorded."""
        tries = [
            (self.base.snaps.row[t.lines] == _STAND_IN) if t.table == "snaps" else np.zeros(len(t.lines), bool)
            for t in self.trials
        ]
        return np.concatenate(tries)

    def verdict(self, criteria: CriteriaSet) -> Codes:
        return apply_set(criteria, self.facts).verdict

    def measure(self, copy: int) -> Measure:
        t = int(np.searchsorted(self.start, copy, side="right")) - 1
        trial = self.trials[t]
        line = int(trial.lines[copy - self.start[t]])
        if trial.table == "snaps":
            sensory = int(self.base.snaps.line[line])
            nerve, side = NERVES[self.base.sensory.nerve[sensory]], SIDES[self.base.sensory.side[sensory]]
            return Measure(trial.study, nerve, side, trial.measure, trial.limit)
        nerve, side = MOTOR_NERVES[self.base.motor.nerve[line]], SIDES[self.base.motor.side[line]]
        return Measure(trial.study, nerve, side, trial.measure, trial.limit)

    def _physiology(self, owner: dict[str, Codes]) -> Physiology:
        p, n = self.base, len(self.study)
        own_motor, motor_at = _expand(p.motor.study, self.study, p.studies)
        own_pairs, pairs_at = _expand(owner["pairs"], self.study, p.studies)
        own_nerves, nerves_at = _expand(p.sensory.study, self.study, p.studies)
        own_snaps, snaps_at = _expand(owner["snaps"], self.study, p.studies)
        copy_of_pair, copy_of_snap, copy_of_nerve = (_copies(own, n) for own in (own_pairs, own_snaps, own_nerves))
        motor = p.motor.take(motor_at).with_(study=_copies(own_motor, n))
        first_motor, first_nerve = (
            np.searchsorted(p.motor.study, self.study),
            np.searchsorted(p.sensory.study, self.study),
        )
        pairs = p.pairs.take(pairs_at)
        pairs = pairs.with_(line=pairs.line - first_motor[copy_of_pair] + own_motor[:-1][copy_of_pair])
        snaps = p.snaps.take(snaps_at)
        snaps = snaps.with_(line=snaps.line - first_nerve[copy_of_snap] + own_nerves[:-1][copy_of_snap])
        sensory = SensoryNerves(copy_of_nerve, p.sensory.nerve[nerves_at], p.sensory.side[nerves_at])
        first_snap = np.searchsorted(owner["snaps"], self.study)
        target = np.full(n, -1, np.intp)
        for t, trial in enumerate(self.trials):
            copies = np.arange(self.start[t], self.start[t + 1])
            if trial.table == "snaps":
                snaps = _put(snaps, own_snaps[copies] + trial.lines - first_snap[copies], trial.values)
            else:
                target[copies] = own_motor[copies] + trial.lines - first_motor[copies]
                motor = _put(motor, target[copies], trial.values)
        pairs = _follow_distal(motor, pairs)
        tried = np.flatnonzero(pairs.line == target[copy_of_pair])
        pairs = self._fill(motor, pairs, tried, copy_of_pair[tried])
        told = p.told_cts[:, self.study]
        return Physiology(n, derive(motor, pairs, told), pairs, sensory, snaps, told, p.include_compression)

    def _fill(self, motor: MotorNerves, pairs: Pairs, rows: Rows, copy: Codes) -> Pairs:
        """Put what each trial tries into the pairs of its nerve that lack it."""
        none_near, none_aan = _no_segment(motor, pairs), _no_aan_segment(motor, pairs)
        none_first = _no_first(motor, pairs)
        none_at_all = np.ones(len(motor), bool)
        none_at_all[pairs.line[pairs.counted]] = False
        trial = np.searchsorted(self.start, copy, side="right") - 1
        for t, tried in enumerate(self.trials):
            own = rows[trial == t]
            if not tried.fill or not len(own):
                continue
            assert tried.amount is not None
            amount = tried.amount[copy[trial == t] - self.start[t]]
            stand_in = _stands_in(pairs)[own]
            lacking = none_near if tried.fill in ("velocity", "duration") else none_at_all
            stand_in &= (lacking | none_aan | (none_first & (tried.fill == "velocity")))[pairs.line[own]]
            use = (pairs.counted[own] | stand_in) & ~pairs.lost[own]
            own, amount, stand_in = own[use], amount[use], stand_in[use]
            new = own[stand_in]
            pairs = _put(
                pairs,
                new,
                {
                    "counted": lacking[pairs.line[new]],
                    "aan_counted": none_aan[pairs.line[new]],
                    "first": none_first[pairs.line[new]],
                },
            )
            pairs = _FILLS[tried.fill](pairs, own, amount)
        return pairs


def _put(table: Any, rows: Rows, values: dict[str, NDArray[Any]]) -> Any:
    """A table with some entries of some fields changed."""
    changed = {}
    for name, value in values.items():
        column = getattr(table, name).copy()
        column[rows] = value
        changed[name] = column
    return table.with_(**changed)


def _fill_ratio(distal: str, proximal: str) -> Callable[[Pairs, Rows, Floats], Pairs]:
    """Give a pair the ratio tried by completing whichever end is missing."""

    def fill(pairs: Pairs, rows: Rows, ratio: Floats) -> Pairs:
        low, high = getattr(pairs, distal)[rows], getattr(pairs, proximal)[rows]
        low_new = np.where(np.isfinite(low), low, np.where(np.isfinite(high), high / ratio, 1.0))
        high_new = np.where(np.isfinite(high), high, low_new * ratio)
        filled: Pairs = _put(pairs, rows, {distal: low_new, proximal: high_new})
        return filled

    return fill


def _fill_amplitude(pairs: Pairs, rows: Rows, ratio: Floats) -> Pairs:
    filled = _fill_ratio("amp_distal", "amp_proximal")(pairs, rows, ratio)
    lacking = np.isnan(filled.prox_pct[rows])
    value = 100 * filled.amp_proximal[rows] / filled.amp_distal_lln[rows]
    done: Pairs = _put(filled, rows[lacking], {"prox_pct": value[lacking]})
    return done


def _fill_velocity(pairs: Pairs, rows: Rows, percent: Floats) -> Pairs:
    lacking = np.isnan(pairs.velocity_pct[rows])
    rows, percent = rows[lacking], percent[lacking]
    known = pairs.velocity[rows]
    values = {"velocity_pct": percent, "velocity": np.where(np.isfinite(known), known, percent / 2)}
    filled: Pairs = _put(pairs, rows, values)
    return filled


def _fill_lost(pairs: Pairs, rows: Rows, _amount: Floats) -> Pairs:
    lost = rows[_stands_in(pairs)[rows]]
    filled: Pairs = _put(pairs, lost, {"lost": np.ones(len(lost), bool)})
    return filled


def _fill_limit(pairs: Pairs, rows: Rows, percent: Floats) -> Pairs:
    lln = pairs.amp_distal_lln[rows]
    lln = np.where(np.isnan(lln), 100 * pairs.amp_distal[rows] / percent, lln)
    prox = pairs.prox_pct[rows]
    filled: Pairs = _put(pairs, rows, {"amp_distal_lln": lln, "prox_pct": np.where(np.isnan(prox), percent, prox)})
    return filled


_FILLS: Final[dict[str, Callable[[Pairs, Rows, Floats], Pairs]]] = {
    "amplitude": _fill_amplitude,
    "area": _fill_ratio("area_distal", "area_proximal"),
    "duration": _fill_ratio("dur_distal", "dur_proximal"),
    "velocity": _fill_velocity,
    "lost": _fill_lost,
    "limit": _fill_limit,
}


def _follow_distal(motor: MotorNerves, pairs: Pairs) -> Pairs:
    """Pairs that start at the distal site carry the nerve's distal amplitude, its limit, and its distal duration."""
    at_distal = pairs.distal_row == motor.row[pairs.line]

    def follow(own: Floats, nerve: Floats) -> Floats:
        return np.where(at_distal & np.isnan(own), nerve[pairs.line], own)

    return pairs.with_(
        amp_distal=follow(pairs.amp_distal, motor.dcmap),
        amp_distal_lln=follow(pairs.amp_distal_lln, motor.dcmap_lln),
        dur_distal=follow(pairs.dur_distal, motor.duration),
    )


def _expand(owner: Codes, studies: Codes, n: int) -> tuple[Keys, Rows]:
    """The lines of the wanted studies one after the other: where each copy starts, and which line each entry is."""
    start = np.searchsorted(owner, np.arange(n + 1))
    count = (start[1:] - start[:-1])[studies]
    begins = np.concatenate([[0], np.cumsum(count)])
    at = np.arange(begins[-1]) - np.repeat(begins[:-1] - start[:-1][studies], count)
    return begins.astype(np.int64), at


def _copies(begins: Keys, n: int) -> Codes:
    return np.repeat(np.arange(n, dtype=np.int32), np.diff(begins))
