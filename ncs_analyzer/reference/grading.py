"""Every reading against its limit: one row per measured value, with grade, percent of limit and source cell."""

from typing import Any, Final

import numpy as np
import pandas as pd

from ncs_analyzer.arrays import Codes, Floats, Mask, Rows
from ncs_analyzer.decimals import above, below
from ncs_analyzer.grouping import named
from ncs_analyzer.readings import BIT, RESPONSE_CELL, VALUES, Readings
from ncs_analyzer.reference.lookup import NO_SOURCE, Limits
from ncs_analyzer.reference.measures import MEASURES
from ncs_analyzer.reference.scores import about
from ncs_analyzer.responses import ABSENT, NOT_TESTED, Responses
from ncs_analyzer.vocabulary.anatomy import STUDIES

GRADES: Final = ("normal", "low", "high", "absent", "not_tested", "no_limit")

COLUMNS: Final = (
    "study_no", "response_no", "study", "nerve", "side", "recording", "stimulation", "measure", "value", "unit",
    "response", "lower", "upper", "limit_source", "percent_of_limit", "grade", "limit_row", "limit_for", "limit_note",
    "z_score", "percentile", "file", "sheet", "row", "column",
)  # fmt: skip

_MAIN: Final = {
    "motor": "amplitude_mv",
    "sensory": "amplitude_uv",
    "mixed": "amplitude_uv",
    "f_wave": "latency_ms",
    "h_reflex": "latency_ms",
}
"""The main measure of a response: the one that is reported where there was none."""

_PLAIN: Final = {
    "latency_ms": "proximal_latency",
    "amplitude_mv": "amplitude",
    "amplitude_uv": "amplitude",
    "area_mvms": "area",
    "duration_ms": "duration",
    "distance_mm": "distance",
    "velocity_m_per_s": "velocity",
    "peak_latency_ms": "peak_latency",
    "persistence_pct": "f_persistence",
}
"""The name of a measure that no limit exists for."""


def _names_and_sides() -> dict[tuple[str, str], tuple[str, int]]:
    """By kind of study and column: the public name, and the side of the limit (0 lower, 1 upper, -1 none)."""
    found = {(kind, column): (_PLAIN[column], -1) for kind in STUDIES for column in VALUES}
    for kind, measures in MEASURES.items():
        for name, (column, _, side) in measures.items():
            found[kind, column] = (name, ("lower", "upper").index(side))
    return found


_KNOWN: Final = _names_and_sides()
_MEASURE_NAMES: Final = tuple(dict.fromkeys([*(name for name, _ in _KNOWN.values()), "proximal_latency"]))
_MEASURE_OF: Final = np.array([[_MEASURE_NAMES.index(_KNOWN[kind, c][0]) for c in VALUES] for kind in STUDIES])
_SIDE_OF: Final = np.array([[_KNOWN[kind, c][1] for c in VALUES] for kind in STUDIES])
_MAIN_COLUMN: Final = np.array([list(VALUES).index(_MAIN[kind]) for kind in STUDIES])
_LATENCY: Final = list(VALUES).index("latency_ms")
_BITS: Final = np.array(list(BIT.values()))
_UNITS: Final = tuple(dict.fromkeys(VALUES.values()))
_UNIT_OF: Final = np.array([_UNITS.index(unit) for unit in VALUES.values()])
_GRADE: Final = {name: i for i, name in enumerate(GRADES)}


def graded_readings(readings: Readings, responses: Responses, limits: Limits) -> pd.DataFrame:
    """All readings of all studies, sorted as the responses and within one in the order of VALUES.

    Columns: COLUMNS, text as categories. `value` NaN for absent and not tested responses, which are one reading each of
    their main measure; `grade` null for values that contradict others; `lower`, `upper`: the limit on the side that
    matters; `row` 0 where a value has no cell. `limit_row`, `limit_for`, `limit_note`: the line of the table, whom it is
    for, and what did not fit; `z_score`, `percentile`: where that line gives mean and SD.
    """
    r, table, cells = responses, readings.responses, readings.cells
    stated = np.column_stack([table[name].to_numpy() for name in VALUES])
    gone = (r.response == ABSENT) | (r.response == NOT_TESTED)
    has = np.column_stack([gone, np.isfinite(stated) & ~gone[:, None]])
    rows, place = np.divmod(np.flatnonzero(has), has.shape[1])
    valued = place > 0
    column = np.where(valued, place - 1, _MAIN_COLUMN[r.kind[rows]])
    cell = np.where(valued, column, RESPONSE_CELL)

    kind = r.kind[rows]
    value = np.where(valued, stated[rows, column], np.nan)
    limit, source, line, fit = _limits(limits, rows, column)
    side = _SIDE_OF[kind, column]
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = 100.0 * value / limit
    withheld = valued & ((table["withheld"].to_numpy()[rows] & _BITS[column]) != 0)
    grade = np.select(
        [~valued & (r.response[rows] == ABSENT), ~valued, withheld, np.isnan(limit), (side == 0) & below(value, limit),
         (side == 1) & above(value, limit)],
        [_GRADE["absent"], _GRADE["not_tested"], -1, _GRADE["no_limit"], _GRADE["low"], _GRADE["high"]],
        _GRADE["normal"],
    )  # fmt: skip
    text = {
        "study": (kind, STUDIES),
        "nerve": (r.nerve[rows], r.names["nerve"]),
        "side": (r.side[rows], r.names["side"]),
        "recording": (table["recording"].cat.codes.to_numpy()[rows], r.names["recording"]),
        "stimulation": (r.site[rows], r.names["stimulation"]),
        "measure": (_measures(responses, rows, column, valued), _MEASURE_NAMES),
        "unit": (_UNIT_OF[column], _UNITS),
        "response": (r.response[rows], r.names["response"]),
        "limit_source": (source, limits.names),
        "grade": (grade, GRADES),
        "file": (cells.file[rows], cells.files),
        "sheet": (cells.sheet[rows], cells.sheets),
        "column": (cells.columns[rows, cell], cells.labels),
    }
    found: dict[str, Any] = {name: named(codes, names) for name, (codes, names) in text.items()}
    found |= {"study_no": r.study[rows], "response_no": rows, "value": value, "percent_of_limit": percent}
    found |= {"lower": np.where(side == 0, limit, np.nan), "upper": np.where(side == 1, limit, np.nan)}
    found |= about(limits, line, source, fit, r.study[rows], value)
    found["row"] = np.maximum(cells.rows[rows, cell], 0)
    return pd.DataFrame({name: found[name] for name in COLUMNS}, copy=False)


def _limits(limits: Limits, rows: Rows, column: Codes) -> tuple[Floats, Codes, Codes, Codes]:
    """The limit of each reading, its source as a code into `Limits.names`, its line there, and what did not fit."""
    value, source = np.full(len(rows), np.nan), np.full(len(rows), NO_SOURCE)
    line, fit = np.zeros(len(rows), np.int32), np.zeros(len(rows), np.int16)
    for k, name in enumerate(VALUES):
        if name in limits.value:
            at = np.flatnonzero(column == k)
            value[at], source[at] = limits.value[name][rows[at]], limits.source[name][rows[at]]
            line[at], fit[at] = limits.row[name][rows[at]], limits.fit[name][rows[at]]
    return value, source, line, fit


def _measures(responses: Responses, rows: Rows, column: Codes, valued: Mask) -> Codes:
    """The measure's public name: by kind of study and, for motor latencies, by site; as codes into _MEASURE_NAMES. The
    latency of the elbow is no distal one where that of the wrist is missing."""
    names = _MEASURE_OF[responses.kind[rows], column]
    proximal = np.zeros(len(responses), bool)
    runs = responses.motor
    first = np.zeros(len(runs.rows), bool)
    first[runs.distal[runs.distal >= 0]] = True
    first[runs.first] = True
    proximal[runs.rows[~first]] = True
    proximal[runs.rows] |= responses.beyond_distal[runs.rows]
    names[valued & proximal[rows] & (column == _LATENCY)] = _MEASURE_NAMES.index("proximal_latency")
    return names
