"""How often each item of each set was met, not met, or not evaluable, and what was missing then."""

from typing import Final

import numpy as np
import pandas as pd

from ncs_analyzer.arrays import Mask
from ncs_analyzer.criteria.conditions import Quantity, WorstOfPairs
from ncs_analyzer.criteria.sets import Facts, Item
from ncs_analyzer.grouping import has_any
from ncs_analyzer.pipeline import Analysis

COUNTS: Final = ("nerves", "met", "not_met", "not_evaluable", "not_recorded", "no_limit", "other_reason")

_RAW: Final = {
    "distal_latency": "dml",
    "amplitude": "dcmap",
    "duration": "duration",
    "minimal_f_latency": "f_latency",
    "f_persistence": "f_persistence",
    "terminal_latency_index": "tli",
}
"""By measure, the field of MotorNerves that holds the number before it is compared with a limit."""


def items_table(analysis: Analysis) -> pd.DataFrame:
    """One row per criteria set and item, counted over motor nerves: `nerves` = `met` + `not_met` + `not_evaluable`, and
    `not_evaluable` = `not_recorded` + `no_limit` + `other_reason`."""
    records = []
    for result in analysis.results.values():
        for item in result.set.items:
            truth = result.items[item.key]
            open_ = truth.open & ~truth.met
            unrecorded, unlimited = _missing(item, analysis.facts)
            counts = (
                len(open_), truth.met.sum(), (~truth.met & ~open_).sum(), open_.sum(), (open_ & unrecorded).sum(),
                (open_ & ~unrecorded & unlimited).sum(), (open_ & ~unrecorded & ~unlimited).sum(),
            )  # fmt: skip
            names = {"criteria": result.set.id, "item": item.key, "title": item.title, "measure": item.about.measure}
            records.append(names | dict(zip(COUNTS, map(int, counts), strict=True)))
    return pd.DataFrame(records, columns=["criteria", "item", "title", "measure", *COUNTS])


def _missing(item: Item, facts: Facts) -> tuple[Mask, Mask]:
    """Motor nerves that lack a number the item compares, and those that lack a limit for one."""
    unrecorded = unlimited = np.zeros(len(facts.motor), bool)
    for quantity in item.condition.rests_on:
        no_number, no_limit = _velocity(facts) if quantity.measure == "velocity" else _number(quantity, facts)
        unrecorded, unlimited = unrecorded | no_number, unlimited | no_limit
    return unrecorded, unlimited


def _velocity(facts: Facts) -> tuple[Mask, Mask]:
    """Nerves with a counted segment without a velocity (or with no such segment), and without a limit for one."""
    motor, pairs = facts.motor, facts.physiology.pairs
    n, near = len(motor), pairs.counted & ~pairs.erb & ~pairs.lost
    known = ~np.isnan(pairs.velocity)
    return (
        has_any(pairs.line, near & ~known, n) | ~has_any(pairs.line, near, n),
        has_any(pairs.line, near & known & np.isnan(pairs.velocity_pct), n),
    )


def _number(quantity: Quantity, facts: Facts) -> tuple[Mask, Mask]:
    """The same for any other quantity."""
    motor = facts.motor
    known, nothing = np.ones(len(motor), bool), np.zeros(len(motor), bool)
    if quantity.column == "f_absent":
        known = motor.f_tested | motor.absent
    elif isinstance(quantity, WorstOfPairs):
        known = ~np.asarray(getattr(motor, quantity.open_column))
    elif quantity.measure in _RAW:
        known = ~np.isnan(getattr(motor, _RAW[quantity.measure])) | motor.absent
        known = known | motor.f_absent if quantity.measure == "minimal_f_latency" else known
    if not quantity.column.endswith("_pct"):
        return ~known, nothing
    return ~known, known & np.isnan(getattr(motor, quantity.column))
