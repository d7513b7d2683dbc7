"""Tables, and nerves of a table, that hold percentages or fractions of a limit instead of measurements."""

from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats
from ncs_analyzer.grouping import combine
from ncs_analyzer.ingest.quality.checks import Checks
from ncs_analyzer.ingest.quality.possible import PERCENT_CMAP, PERCENT_VELOCITY
from ncs_analyzer.readings import VALUES

_TRUNK: Final = ("motor", "sensory", "mixed")
_LONG: Final = 40.0
"""ms; a table whose middle latency of a nerve trunk is longer holds percentages."""
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
    both = checks.is_any("study", *_TRUNK) & (latency > _LONG) & (velocity > PERCENT_VELOCITY) & ~tables
    text = pool.text
    nerve = combine(pool.sheet, pool.study, text["study"], text["nerve"], text["side"])
    nerves = np.isin(nerve, nerve[both]) & ~tables
    for rows, of in ((tables, "table"), (nerves, "nerve")):
        for row in np.flatnonzero(rows):
            name = next((n for n in VALUES if np.isfinite(pool.values[n][row])), None)
            message = f": the values of this {of} are percentages or fractions of a limit, not measurements."
            checks.report("percent-of-limit", message, row, name)
        checks.refuse(rows, *VALUES)


def _suspected(checks: Checks) -> list[int]:
    """The tables with any number that is rare among measurements."""
    values = checks.pool.values
    odd = (
        (values["latency_ms"] > _LONG)
        | (values["velocity_m_per_s"] > PERCENT_VELOCITY)
        | (values["velocity_m_per_s"] < _SLOW)
    )
    odd |= values["amplitude_mv"] > PERCENT_CMAP[0]
    found: list[int] = np.unique(checks.pool.sheet[odd]).tolist()
    return found


def _holds_percentages(checks: Checks, sheet: int) -> bool:
    """Whether the latencies, velocities or amplitudes of one table are none."""
    pool = checks.pool
    here = pool.sheet == sheet

    def given(name: str, *kinds: str) -> Floats:
        column = pool.values[name][here & checks.is_any("study", *kinds)]
        known: Floats = column[np.isfinite(column)]
        return known if len(known) >= _FEWEST else np.full(1, np.nan)

    for kind in _TRUNK:
        if _all_high(given("latency_ms", kind), _LONG) or _all_high(given("velocity_m_per_s", kind), PERCENT_VELOCITY):
            return True
    if PERCENT_CMAP[0] < np.median(given("amplitude_mv", "motor")) < PERCENT_CMAP[1]:
        return True
    return bool(
        np.median(given("latency_ms", *_TRUNK)) < _SHORT and np.median(given("velocity_m_per_s", *_TRUNK)) < _SLOW
    )


def _all_high(numbers: Floats, bound: float) -> bool:
    """Whether the middle of the numbers lies above a bound and the least of them not far below."""
    return bool(np.median(numbers) > bound and numbers.min() > bound / 2)
