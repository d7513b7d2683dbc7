"""What contradicts itself or cannot be: checked on all responses at once, before anything rests on a value.

Impossible values and conflicting duplicates are not among the readings. Values that contradict each other are kept,
withheld from every limit and criterion, and reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Keys, Mask, Rows
from ncs_analyzer.grouping import combine
from ncs_analyzer.issues import CODES, Issue
from ncs_analyzer.readings import BIT, RESPONSE_CELL, USUAL_RECORDING, VALUES, assumed_recording
from ncs_analyzer.vocabulary.anatomy import SITE_ORDER, STUDIES, USUAL_MOTOR_SITE

if TYPE_CHECKING:
    from ncs_analyzer.ingest.assemble import Pool
    from ncs_analyzer.ingest.draft import Sheet


RESPONSE_VALUES: Final = tuple(name for name in VALUES if name not in ("distance_mm", "persistence_pct"))
"""Measures that exist only where there was a response."""

POSSIBLE: Final = {
    "motor": {
        "latency_ms": (0.3, 100.0),
        "amplitude_mv": (0.0, 60.0),
        "area_mvms": (0.0, 400.0),
        "duration_ms": (0.5, 100.0),
    },
    "sensory": {"latency_ms": (0.3, 40.0), "amplitude_uv": (0.0, 500.0), "duration_ms": (0.2, 40.0)},
    "mixed": {"latency_ms": (0.3, 40.0), "amplitude_uv": (0.0, 1000.0), "duration_ms": (0.2, 40.0)},
    "f_wave": {"latency_ms": (8.0, 300.0)},
    "h_reflex": {"latency_ms": (5.0, 150.0), "amplitude_mv": (0.0, 60.0)},
}
"""What a measurement of each study can be at all: outside lies a slip of the keyboard, a unit or a percentage. Wide on
purpose: slower and smaller than any neuropathy, faster and larger than any child or adult (compare the extremes of the
tables in reference_ranges)."""

POSSIBLE_ANYWHERE: Final = {
    "peak_latency_ms": (0.4, 60.0),
    "distance_mm": (5.0, 1500.0),
    "velocity_m_per_s": (1.0, 100.0),
    "persistence_pct": (0.0, 100.0),
}
LONGEST_DISTAL_LATENCY: Final = 50.0
"""ms; no distal motor latency is longer, a percentage of a limit is."""

_LATENCY_STEP, _DISTANCE_STEP, _SPARE = 0.1, 5.0, 0.07
"""How finely latencies (difference of two, ms) and distances (mm) are read off, and what is forgiven on top."""


def check(pool: Pool, sheets: Sequence[Sheet], log: list[Issue], labels: list[str]) -> Pool:
    """The pool sorted by study, kind, nerve, side, recording and site, without what cannot be among the readings."""
    checks = _Checks(pool, sheets, log, labels)
    checks.say_usual_recordings()
    checks.settle_knee()
    checks.settle_blank_sites()
    checks.settle_responses()
    checks.refuse_impossible()
    checks.sort_and_merge()
    checks.contradictions()
    return checks.pool


class _Checks:
    def __init__(self, pool: Pool, sheets: Sequence[Sheet], log: list[Issue], labels: list[str]) -> None:
        self.pool, self.sheets, self.log, self.labels = pool, sheets, log, labels

    # ------------------------------------------------------------ helpers

    def is_(self, column: str, name: str) -> Mask:
        names = self.pool.names[column]
        found: Mask = self.pool.text[column] == (names.index(name) if name in names else -9)
        return found

    def report(self, code: str, message: str, row: int | np.intp, value: str | None = None) -> None:
        """An issue at the cell of one value (None: of the response) of one response."""
        k = RESPONSE_CELL if value is None else list(VALUES).index(value)
        sheet = self.sheets[self.pool.sheet[row]]
        column = int(self.pool.columns[row, k])
        number = self.pool.values[value][row] if value else np.nan
        self.log.append(
            Issue(
                CODES[code],
                message,
                sheet.grid.file,
                sheet.grid.sheet,
                int(self.pool.rows[row, k]) or int(self.pool.line[row]),
                self.labels[column] if column >= 0 else None,
                f"{number:g}" if np.isfinite(number) else None,
            )
        )

    def withhold(self, rows: Rows | Mask, *names: str) -> None:
        for name in names:
            self.pool.withheld[rows] |= BIT[name]

    def words(self, row: int | np.intp) -> str:
        """Which response it is, in words."""
        parts = []
        for column in ("side", "nerve", "study", "stimulation"):
            code = self.pool.text[column][row]
            if code >= 0:
                parts.append(self.pool.names[column][code].replace("_", " "))
        return " ".join(parts)

    # ------------------------------------------------------------ single responses

    def say_usual_recordings(self) -> None:
        """A row that names no muscle or recording site is taken as recorded from the usual one; said once per sheet."""
        pool = self.pool
        blank = pool.text["recording"] < 0
        for kinds, usual in USUAL_RECORDING:
            of_kind = blank & np.logical_or.reduce([self.is_("study", kind) for kind in kinds])
            for nerve, place in usual.items():
                rows = np.flatnonzero(of_kind & self.is_("nerve", nerve))
                for i in np.unique(pool.sheet[rows]):
                    grid = self.sheets[i].grid
                    count = int((pool.sheet[rows] == i).sum())
                    message = f"{count} {nerve} rows name no recording site; {place} is assumed for them."
                    self.log.append(Issue(CODES["muscle-assumed"], message, grid.file, grid.sheet))

    def settle_knee(self) -> None:
        """The knee is the popliteal fossa for the tibial nerve and, said with a warning, above the fibular head for
        the fibular nerve."""
        pool, knee = self.pool, self.is_("stimulation", "knee")
        if not knee.any():
            return
        fibular = knee & self.is_("nerve", "fibular")
        for row in np.flatnonzero(fibular):
            self.report("site-assumed", f"{self.words(row)}: the knee was taken as above the fibular head.", row)
        pool.text["stimulation"][fibular] = pool.code("stimulation", "above_fibular_head")
        pool.text["stimulation"][knee & ~fibular] = pool.code("stimulation", "popliteal_fossa")

    def settle_blank_sites(self) -> None:
        """A motor row that names no stimulation site: the usual distal site, said, where it is the only row of its
        recording; otherwise it cannot be placed."""
        pool = self.pool
        blank = np.flatnonzero(self.is_("study", "motor") & (pool.text["stimulation"] < 0))
        if not len(blank):
            return
        key = combine(pool.study, pool.text["nerve"], pool.text["side"], _recording(pool))
        motor = key[self.is_("study", "motor")]
        drop = np.zeros(len(key), bool)
        for row in blank:
            nerve = pool.names["nerve"][pool.text["nerve"][row]]
            usual = USUAL_MOTOR_SITE.get(nerve)
            if usual and (motor == key[row]).sum() == 1:
                pool.text["stimulation"][row] = pool.code("stimulation", usual)
                self.report(
                    "site-assumed",
                    f"{self.words(row)}: no stimulation site is named; the usual distal one is assumed.",
                    row,
                )
            else:
                self.report("unknown-site", f"{self.words(row)}: no stimulation site is named.", row)
                drop[row] = True
        self.pool = pool.take(np.flatnonzero(~drop))

    def settle_responses(self) -> None:
        """Whether there was a response: said, or shown by the numbers. Amplitude 0 with nothing else is no response;
        a word for no response beside a number is a contradiction."""
        pool = self.pool
        present, absent, untested = (pool.code("response", name) for name in ("present", "absent", "not_tested"))
        response = pool.text["response"]
        columns = [pool.values[name] for name in RESPONSE_VALUES]
        numbers = sum((np.isfinite(c) & (c != 0)).astype(np.int8) for c in columns)
        zero = (pool.values["amplitude_mv"] == 0) | (pool.values["amplitude_uv"] == 0)
        for row in np.flatnonzero(zero & (numbers > 0)):
            name = "amplitude_mv" if pool.values["amplitude_mv"][row] == 0 else "amplitude_uv"
            self.report(
                "response-contradicts-value", f"{self.words(row)}: amplitude 0 beside other measurements.", row, name
            )
            self.withhold(np.array([row]), *RESPONSE_VALUES)
        response[zero & (numbers == 0) & (response != untested)] = absent
        nothing = (pool.values["persistence_pct"] == 0) & (numbers == 0) & self.is_("study", "f_wave")
        response[nothing & (response < 0)] = absent
        denied = ((response == absent) | (response == untested)) & (numbers > 0)
        for row in np.flatnonzero(denied):
            self.report(
                "response-contradicts-value", f"{self.words(row)}: no response is noted beside a measurement.", row
            )
            self.withhold(np.array([row]), *RESPONSE_VALUES)
        response[denied] = present
        response[(response < 0) & ((numbers > 0) | (pool.values["persistence_pct"] > 0))] = present
        response[(response < 0) & (pool.unreadable > 0)] = present
        implicit = response < 0
        response[implicit] = untested
        gone = (response == absent) | (response == untested)
        for column in columns:
            column[gone] = np.nan
        if implicit.any():
            self.pool = pool.take(np.flatnonzero(~implicit))

    def refuse_impossible(self) -> None:
        """Numbers that cannot be: not among the readings, with an error at the cell."""
        pool = self.pool
        study = pool.text["study"]
        for name in VALUES:
            column = pool.values[name]
            low = np.full(len(STUDIES) + 1, POSSIBLE_ANYWHERE.get(name, (-np.inf, np.inf))[0])
            high = np.full(len(STUDIES) + 1, POSSIBLE_ANYWHERE.get(name, (-np.inf, np.inf))[1])
            for i, kind in enumerate(STUDIES):
                if name in POSSIBLE[kind]:
                    low[i], high[i] = POSSIBLE[kind][name]
                elif name not in POSSIBLE_ANYWHERE and name != "area_mvms":
                    low[i], high[i] = 0.0, 1000.0
            wrong = (column < low[study]) | (column > high[study])
            if name in ("amplitude_mv", "amplitude_uv"):
                wrong |= column < 0
            for row in np.flatnonzero(wrong):
                self.report(
                    "impossible-value", f"{self.words(row)}: {name} {column[row]:g} is not possible.", row, name
                )
            pool.unreadable[wrong] |= BIT[name]
            column[wrong] = np.nan

    # ------------------------------------------------------------ several responses

    def sort_and_merge(self) -> None:
        """Sort; merge rows of the same response that agree; drop those that conflict, with an error each."""
        pool = self.pool
        key = _key(pool)
        order = np.argsort(key, kind="stable")
        if not (np.diff(order) == 1).all():
            pool = self.pool = pool.take(order)
            key = key[order]
        same = np.flatnonzero(key[1:] == key[:-1]) + 1
        if not len(same):
            return
        drop = np.zeros(len(key), bool)
        starts = same[~np.isin(same - 1, same)] - 1
        for start in starts:
            stop = start + 1
            while stop < len(key) and key[stop] == key[start]:
                stop += 1
            self.merge(np.arange(start, stop), drop)
        self.pool = pool.take(np.flatnonzero(~drop))

    def merge(self, rows: Rows, drop: Mask) -> None:
        pool = self.pool
        untested = pool.code("response", "not_tested")
        tested = rows[pool.text["response"][rows] != untested]
        if not len(tested):
            tested = rows[:1]
        drop[rows[~np.isin(rows, tested)]] = True
        if len(tested) == 1:
            return
        numbers = np.array([pool.values[name][tested] for name in VALUES])
        clash = [n for n, line in zip(VALUES, numbers, strict=True) if len(np.unique(line[np.isfinite(line)])) > 1]
        if clash or len(np.unique(pool.text["response"][tested])) > 1:
            what = ", ".join(clash) or "response"
            for row in tested:
                others = ", ".join(str(pool.line[r]) for r in tested if r != row)
                message = f"{self.words(row)} stands more than once with different {what} (also row {others})."
                self.report("duplicate-conflict", message, row, clash[0] if clash else None)
            drop[tested] = True
            return
        first = tested[0]
        for row in tested[1:]:
            for k, name in enumerate(VALUES):
                if np.isnan(pool.values[name][first]) and np.isfinite(pool.values[name][row]):
                    pool.values[name][first] = pool.values[name][row]
                    pool.rows[first, k], pool.columns[first, k] = pool.rows[row, k], pool.columns[row, k]
            for limit in pool.limits.values():
                limit[first] = limit[row] if np.isnan(limit[first]) else limit[first]
            self.report("duplicate-row", f"{self.words(row)} stands more than once; the values agree.", row)
        drop[tested[1:]] = True

    def contradictions(self) -> None:
        pool = self.pool
        onset, peak = pool.values["latency_ms"], pool.values["peak_latency_ms"]
        nerve_like = self.is_("study", "sensory") | self.is_("study", "mixed")
        for row in np.flatnonzero(peak < onset):
            self.report(
                "peak-before-onset", f"{self.words(row)}: the peak comes before the onset.", row, "peak_latency_ms"
            )
        self.withhold(peak < onset, "latency_ms", "peak_latency_ms")
        self.sensory_velocity(nerve_like, onset, peak)
        proximal = self.motor_segments()
        self.distal_latency(proximal)
        self.f_before_m(proximal)

    def sensory_velocity(self, rows: Mask, onset: Floats, peak: Floats) -> None:
        """The velocity is distance over onset latency, or over peak latency in laboratories that measure so."""
        distance, velocity = self.pool.values["distance_mm"], self.pool.values["velocity_m_per_s"]
        by_onset = _agrees(velocity, distance, onset, _LATENCY_STEP / 2)
        by_peak = _agrees(velocity, distance, peak, _LATENCY_STEP / 2)
        slowest = distance / (peak + _LATENCY_STEP) * (1 - _SPARE) - 1
        known = np.isfinite(velocity) & np.isfinite(distance)
        wrong = rows & known & np.where(np.isfinite(onset), ~by_onset & ~by_peak, velocity < slowest)
        for row in np.flatnonzero(wrong):
            latency = onset if np.isfinite(onset[row]) else peak
            self.disagreement(row, distance[row] / latency[row])
        self.withhold(wrong, "velocity_m_per_s", "distance_mm", "latency_ms")

    def motor_segments(self) -> Mask:
        """Check every segment between two sites; returns which rows are the proximal end of one."""
        pool = self.pool
        order = _site_order(pool)
        motor = self.is_("study", "motor") & (pool.text["response"] == pool.code("response", "present")) & (order >= 0)
        rows = np.flatnonzero(motor)
        proximal = np.zeros(len(order), bool)
        if len(rows) < 2:
            return proximal
        here, below = rows[1:], rows[:-1]
        same = np.ones(len(here), bool)
        for codes in (pool.study, pool.text["nerve"], pool.text["side"], _recording(pool)):
            same &= codes[here] == codes[below]
        here, below = here[same], below[same]
        proximal[here] = True
        latency, distance, velocity = (pool.values[n] for n in ("latency_ms", "distance_mm", "velocity_m_per_s"))
        gap = latency[here] - latency[below]
        for row, distal in zip(here[gap <= 0], below[gap <= 0], strict=True):
            message = f"{self.words(row)}: latency {latency[row]:g} ms is not longer than {latency[distal]:g} ms more distally."
            self.report("latency-order", message, row, "latency_ms")
        self.withhold(here[gap <= 0], "latency_ms", "velocity_m_per_s")
        self.withhold(below[gap <= 0], "latency_ms")
        known = (gap > 0) & np.isfinite(velocity[here]) & np.isfinite(distance[here])
        wrong = here[known & ~_agrees(velocity[here], distance[here], gap, _LATENCY_STEP)]
        for row, difference in zip(wrong, gap[np.isin(here, wrong)], strict=True):
            self.disagreement(row, distance[row] / difference)
        self.withhold(wrong, "velocity_m_per_s", "distance_mm", "latency_ms")
        bare = here[(gap > 0) & np.isnan(velocity[here]) & np.isfinite(distance[here])]
        implied = distance[bare] / (latency[bare] - latency[below[np.isin(here, bare)]])
        for row, value in zip(bare, implied, strict=True):
            if not POSSIBLE_ANYWHERE["velocity_m_per_s"][0] <= value <= _FASTEST_IMPLIED:
                self.disagreement(row, value)
                self.withhold(np.array([row]), "distance_mm", "latency_ms")
        return proximal

    def disagreement(self, row: np.intp, implied: float) -> None:
        """A velocity that distance and latency deny; ten times off means the unit of the distance."""
        pool = self.pool
        printed, distance = pool.values["velocity_m_per_s"][row], pool.values["distance_mm"][row]
        ratio = (printed if np.isfinite(printed) else 50.0) / implied
        if 7.5 < ratio < 13 or 7.5 < 1 / ratio < 13:
            message = (
                f"{self.words(row)}: distance {distance:g} mm gives {implied:.3g} m/s; its unit is probably another."
            )
            self.report("distance-unit", message, row, "distance_mm")
            return
        message = f"{self.words(row)}: distance {distance:g} mm and the latencies give {implied:.3g} m/s, {printed:g} is written."
        self.report("velocity-disagrees", message, row, "velocity_m_per_s")

    def distal_latency(self, proximal: Mask) -> None:
        """A distal motor latency as long as this is a percentage or a slip."""
        latency = self.pool.values["latency_ms"]
        wrong = self.is_("study", "motor") & ~proximal & (latency > LONGEST_DISTAL_LATENCY)
        for row in np.flatnonzero(wrong):
            self.report(
                "impossible-value",
                f"{self.words(row)}: distal latency {latency[row]:g} ms is not possible.",
                row,
                "latency_ms",
            )
        self.pool.unreadable[wrong] |= BIT["latency_ms"]
        latency[wrong] = np.nan

    def f_before_m(self, proximal: Mask) -> None:
        """An F wave comes later than the direct response from the same muscle."""
        pool = self.pool
        latency = pool.values["latency_ms"]
        muscle = combine(pool.study, pool.text["nerve"], pool.text["side"], _recording(pool))
        direct = np.flatnonzero(self.is_("study", "motor") & ~proximal & np.isfinite(latency))
        late = np.flatnonzero(self.is_("study", "f_wave") & np.isfinite(latency))
        if not len(direct) or not len(late):
            return
        order = np.argsort(muscle[direct], kind="stable")
        direct = direct[order]
        at = np.minimum(np.searchsorted(muscle[direct], muscle[late]), len(direct) - 1)
        m = direct[at]
        wrong = (muscle[m] == muscle[late]) & (latency[late] <= latency[m])
        for row, other in zip(late[wrong], m[wrong], strict=True):
            measured = f"the distal latency {latency[other]:g} ms"
            message = f"{self.words(row)}: F latency {latency[row]:g} ms is not longer than {measured}."
            self.report("f-before-m", message, row, "latency_ms")
        self.withhold(late[wrong], "latency_ms")
        self.withhold(m[wrong], "latency_ms")


_FASTEST_IMPLIED: Final = 150.0


def _agrees(velocity: Floats, distance: Floats, time: Floats, step: float) -> Mask:
    """Whether a velocity lies within what distance over time allows, given how finely both are read off."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slow = (distance - _DISTANCE_STEP) / (time + step)
        fast = np.where(time > step, (distance + _DISTANCE_STEP) / (time - step), np.inf)
    found: Mask = (velocity >= slow * (1 - _SPARE) - 1) & (velocity <= fast * (1 + _SPARE) + 1)
    return found


def _recording(pool: Pool) -> Codes:
    return assumed_recording(pool.text["study"], pool.text["nerve"], pool.text["recording"])


def _site_order(pool: Pool) -> Codes:
    order = np.array([*(SITE_ORDER.get(name, -1) for name in pool.names["stimulation"]), -1], np.int32)
    return order[pool.text["stimulation"]]


def _key(pool: Pool) -> Keys:
    """Study, kind, nerve, side, recording, site (distal first), convention: the identity of a response, in order."""
    ranked = [(SITE_ORDER.get(name, 999), name, i) for i, name in enumerate(pool.names["stimulation"])]
    rank = np.zeros(len(ranked) + 1, np.int32)
    for position, (_, _, i) in enumerate(sorted(ranked)):
        rank[i] = position
    rank[-1] = -1
    text = pool.text
    nerve = (text["study"], text["nerve"], text["side"], _recording(pool))
    return combine(pool.study, *nerve, rank[text["stimulation"]], text["amplitude_convention"])
