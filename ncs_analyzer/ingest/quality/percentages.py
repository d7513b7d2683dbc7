"""Tables, and nerves of a table, that hold percentages or fractions of a limit instead of measurements."""

from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats, Mask
from ncs_analyzer.grouping import combine
from ncs_analyzer.ingest.quality.checks import Checks
from ncs_analyzer.readings import VALUES

_TRUNK: Final = ("motor", "sensory", "mixed")
_LONG: Final = 40.0
"""ms; a table whose middle latency of a nerve trunk is longer holds percentages."""
_FAST: Final = 80.0
"""m/s; a table whose middle velocity is faster holds percentages (the fastest upper limits of the tables are lower)."""
_LARGE: Final = (45.0, 700.0)
"""mV; a table whose middle CMAP lies between holds percentages: the largest limits of the tables are far lower, and
microvolts are more."""
_SHORT: Final = 2.0
_SLOW: Final = 3.0
"""ms and m/s; a table whose middle latency and velocity are both lower holds fractions of a limit: so slow a nerve has
no latency so short."""
_FEWEST: Final = 3
"""Values that a table needs to be judged as a whole."""


def refuse_percentages(checks: Checks) -> None:
    """Nothing is used of a table, or of a nerve amid measurements, whose numbers can only be percentages: what the other
    numbers of such a table are, nobody knows."""
    pool = checks.pool
    tables = np.isin(pool.sheet, [sheet for sheet in _suspected(checks) if _holds_percentages(checks, int(sheet))])
    latency, velocity = pool.values["latency_ms"], pool.values["velocity_m_per_s"]
    both = _any_of(checks, *_TRUNK) & (latency > _LONG) & (velocity > _FAST) & ~tables
    text = pool.text
    nerve = combine(pool.sheet, pool.study, text["study"], text["nerve"], text["side"])
    nerves = np.isin(nerve, nerve[both]) & ~tables
    for rows, of in ((tables, "table"), (nerves, "nerve")):
        for row in np.flatnonzero(rows):
            name = next((n for n in VALUES if np.isfinite(pool.values[n][row])), None)
            message = f": the values of this {of} are percentages or fractions of a limit, not measurements."
            checks.report("percent-of-limit", message, row, name)
        checks.refuse(rows, *VALUES)


def _any_of(checks: Checks, *kinds: str) -> Mask:
    found = np.zeros(len(checks.pool.sheet), bool)
    for kind in kinds:
        found |= checks.is_("study", kind)
    return found


def _suspected(checks: Checks) -> list[int]:
    """The tables with any number that is rare among measurements."""
    values = checks.pool.values
    odd = (values["latency_ms"] > _LONG) | (values["velocity_m_per_s"] > _FAST) | (values["velocity_m_per_s"] < _SLOW)
    odd |= values["amplitude_mv"] > _LARGE[0]
    found: list[int] = np.unique(checks.pool.sheet[odd]).tolist()
    return found


def _holds_percentages(checks: Checks, sheet: int) -> bool:
    """Whether the latencies, velocities or amplitudes of one table are none."""
    pool = checks.pool
    here = pool.sheet == sheet

    def given(name: str, *kinds: str) -> Floats:
        column = pool.values[name][here & _any_of(checks, *kinds)]
        known: Floats = column[np.isfinite(column)]
        return known if len(known) >= _FEWEST else np.full(1, np.nan)

    for kind in _TRUNK:
        if _all_high(given("latency_ms", kind), _LONG) or _all_high(given("velocity_m_per_s", kind), _FAST):
            return True
    if _LARGE[0] < np.median(given("amplitude_mv", "motor")) < _LARGE[1]:
        return True
    return bool(
        np.median(given("latency_ms", *_TRUNK)) < _SHORT and np.median(given("velocity_m_per_s", *_TRUNK)) < _SLOW
    )


def _all_high(numbers: Floats, bound: float) -> bool:
    """Whether the middle of the numbers lies above a bound and the least of them not far below."""
    return bool(np.median(numbers) > bound and numbers.min() > bound / 2)
