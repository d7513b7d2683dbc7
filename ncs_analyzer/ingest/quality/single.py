"""Single responses: whether there was one, and numbers that cannot be."""

from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes, Mask
from ncs_analyzer.ingest.quality.checks import Checks
from ncs_analyzer.ingest.quality.possible import (
    LEAST_SNAP,
    POSSIBLE,
    POSSIBLE_ANYWHERE,
    RESPONSE_VALUES,
)
from ncs_analyzer.readings import BIT, VALUES
from ncs_analyzer.vocabulary.anatomy import STUDIES

_ANY: Final = (-np.inf, np.inf)
_UNNAMED: Final = (0.0, 1000.0)
"""For a measure that its kind of study does not usually have."""


def settle_responses(checks: Checks) -> None:
    """Whether there was a response: said, or shown by the numbers. Amplitude 0 with nothing else is no response; a word
    for no response beside a number is a contradiction."""
    pool = checks.pool
    present, absent, untested = (pool.code("response", name) for name in ("present", "absent", "not_tested"))
    response = pool.text["response"]
    columns = [pool.values[name] for name in RESPONSE_VALUES]
    numbers = np.zeros(len(response), np.int32)
    for column in columns:
        numbers += np.isfinite(column) & (column != 0)
    zero = _deny_zero_amplitudes(checks, numbers)
    response[zero & (numbers == 0) & (response != untested)] = absent
    _settle_persistence(checks, numbers, absent)
    denied = ((response == absent) | (response == untested)) & (numbers > 0)
    for row in np.flatnonzero(denied):
        checks.report("response-contradicts-value", ": no response is noted beside a measurement.", row)
    checks.withhold(denied, *RESPONSE_VALUES)
    response[denied] = present
    response[(response < 0) & ((numbers > 0) | (pool.values["persistence_pct"] > 0))] = present
    response[(response < 0) & (pool.unreadable > 0)] = present
    implicit = response < 0
    response[implicit] = untested
    gone = (response == absent) | (response == untested)
    for column in columns:
        column[gone] = np.nan
    alone = implicit & np.isfinite(pool.values["distance_mm"])
    response[alone] = -1  # a distance by itself may belong to a response of another row: see `sort_and_merge`
    if implicit.any():
        checks.pool = pool.take(np.flatnonzero(~implicit | alone))


def _deny_zero_amplitudes(checks: Checks, numbers: Codes) -> Mask:
    """Which amplitudes are 0; beside other measurements that is a contradiction."""
    values = checks.pool.values
    zero: Mask = (values["amplitude_mv"] == 0) | (values["amplitude_uv"] == 0)
    denied = zero & (numbers > 0)
    for row in np.flatnonzero(denied):
        name = "amplitude_mv" if values["amplitude_mv"][row] == 0 else "amplitude_uv"
        checks.report("response-contradicts-value", ": amplitude 0 beside other measurements.", row, name)
    checks.withhold(denied, *RESPONSE_VALUES)
    return zero


def _settle_persistence(checks: Checks, numbers: Codes, absent: int) -> None:
    """Persistence 0 % is no F wave; beside an F latency it is a contradiction."""
    pool = checks.pool
    none = (pool.values["persistence_pct"] == 0) & checks.is_("study", "f_wave")
    response = pool.text["response"]
    response[none & (numbers == 0) & (response < 0)] = absent
    denied = none & (numbers > 0)
    for row in np.flatnonzero(denied):
        checks.report("response-contradicts-value", ": persistence 0 % beside a latency.", row, "persistence_pct")
    checks.withhold(denied, *RESPONSE_VALUES, "persistence_pct")


def refuse_impossible(checks: Checks) -> None:
    """Numbers that cannot be: not among the readings, with an error at the cell."""
    pool = checks.pool
    study = pool.text["study"]
    for name in VALUES:
        column = pool.values[name]
        bounds = np.array([*(_possible(kind, name) for kind in STUDIES), _ANY])
        wrong = (column < bounds[study, 0]) | (column > bounds[study, 1])
        for row in np.flatnonzero(wrong):
            checks.report("impossible-value", f": {name} {column[row]:g} is not possible.", row, name)
        pool.unreadable[wrong] |= BIT[name]
        column[wrong] = np.nan
    _refuse_millivolts(checks)


def _possible(kind: str, name: str) -> tuple[float, float]:
    if name in POSSIBLE[kind]:
        return POSSIBLE[kind][name]
    if name in POSSIBLE_ANYWHERE:
        return POSSIBLE_ANYWHERE[name]
    return _ANY if name == "area_mvms" else _UNNAMED


def _refuse_millivolts(checks: Checks) -> None:
    """A sensory amplitude too small to be seen in µV was written in mV."""
    column = checks.pool.values["amplitude_uv"]
    small = checks.is_any("study", "sensory", "mixed") & (column > 0) & (column < LEAST_SNAP)
    for row in np.flatnonzero(small):
        checks.report("amplitude-unit", f": {column[row]:g} µV is too small; it is probably mV.", row, "amplitude_uv")
    checks.refuse(small, "amplitude_uv")


def _measured(checks: Checks) -> Mask:
    """Rows that hold any number."""
    found = np.zeros(len(checks.pool.line), bool)
    for name in VALUES:
        found |= np.isfinite(checks.pool.values[name])
    return found


def refuse_short_rows(checks: Checks) -> None:
    """A row with too few fields and an error in it: a field is missing before the end, and its cells have moved."""
    pool = checks.pool
    for number, sheet in enumerate(checks.sheets):
        short = sheet.grid.short
        if not short:
            continue
        wrong = {i.row for i in checks.log if i.severity == "error" and i.file == sheet.grid.file}
        moved = (
            (pool.sheet == number) & np.isin(pool.line, [line for line in short if line in wrong]) & _measured(checks)
        )
        for row in np.flatnonzero(moved):
            checks.report("field-count", ": a field of this row is missing; nothing of it was used.", row)
        checks.refuse(moved, *VALUES)
