"""Every reading against its limit: one row per measured value, with grade, percent of limit and source cell."""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Rows
from ncs_analyzer.decimals import above, below
from ncs_analyzer.readings import BIT, RESPONSE_CELL, VALUES, Readings
from ncs_analyzer.reference.lookup import NO_SOURCE, Limits
from ncs_analyzer.reference.measures import MEASURES
from ncs_analyzer.responses import ABSENT, KIND, NOT_TESTED, Responses

GRADES: Final = ("normal", "low", "high", "absent", "not_tested", "no_limit")

COLUMNS: Final = (
    "study_no", "response_no", "study", "nerve", "side", "recording", "stimulation", "measure", "value", "unit",
    "response", "lower", "upper", "limit_source", "percent_of_limit", "grade", "file", "sheet", "row", "column",
)  # fmt: skip

_MAIN: Final = {
    "motor": ("amplitude_mv", "amplitude"),
    "sensory": ("amplitude_uv", "amplitude"),
    "mixed": ("amplitude_uv", "amplitude"),
    "f_wave": ("latency_ms", "minimal_f_latency"),
    "h_reflex": ("latency_ms", "h_latency"),
}
"""The main measure of a response: the one that is reported where there was none."""

_SIDE: Final = {(kind, column): side for kind, measures in MEASURES.items() for column, _, side in measures.values()}
_NAME: Final = {
    (kind, column): name for kind, measures in MEASURES.items() for name, (column, _, _) in measures.items()
}
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


def graded_readings(readings: Readings, responses: Responses, limits: Limits) -> pd.DataFrame:
    """All readings of all studies, sorted as the responses and within one in the order of VALUES.

    Columns: COLUMNS. `value` NaN for absent and not tested responses; `grade` null for values that contradict others;
    `lower`, `upper`: the limit on the side that matters.
    """
    parts = [_column(readings, responses, limits, name) for name in VALUES]
    parts += [
        _without_value(readings, responses, limits, name) for name in ("amplitude_mv", "amplitude_uv", "latency_ms")
    ]
    table = {name: np.concatenate([part[name] for part in parts]) for name in (*COLUMNS, "_order")}
    order = np.lexsort((table.pop("_order"), table["response_no"]))
    return pd.DataFrame({name: column[order] for name, column in table.items()}, columns=list(COLUMNS))


def _rows(
    readings: Readings, responses: Responses, limits: Limits, rows: Rows, column: str, cell: int
) -> dict[str, Any]:
    """What the readings of some responses share."""
    r, cells = responses, readings.cells

    def text(name: str, codes: Codes) -> NDArray[np.object_]:
        return np.array([*r.names[name], None], object)[codes]

    kinds = np.array([*KIND], object)[r.kind[rows]]
    sides = np.array([_SIDE.get((kind, column), "") for kind in KIND], object)[r.kind[rows]]
    limit = limits.value[column][rows] if column in limits.value else np.full(len(rows), np.nan)
    source = limits.source[column][rows] if column in limits.source else np.full(len(rows), NO_SOURCE)
    label = cells.columns[rows, cell]
    line = cells.rows[rows, cell]
    table = readings.responses
    return {
        "study_no": r.study[rows],
        "response_no": rows,
        "study": kinds,
        "nerve": text("nerve", r.nerve[rows]),
        "side": text("side", r.side[rows]),
        "recording": text("recording", table["recording"].cat.codes.to_numpy()[rows]),
        "stimulation": text("stimulation", r.site[rows]),
        "response": text("response", r.response[rows]),
        "lower": np.where(sides == "lower", limit, np.nan),
        "upper": np.where(sides == "upper", limit, np.nan),
        "limit_source": np.array([*limits.names, None], object)[source],
        "unit": np.full(len(rows), VALUES[column], object),
        "file": np.array(cells.files, object)[cells.file[rows]] if len(cells.files) else np.full(0, None, object),
        "sheet": np.array([*cells.sheets, None], object)[cells.sheet[rows]],
        "row": np.where(line > 0, line, 0),
        "column": np.array([*cells.labels, None], object)[label],
        "_side": sides,
        "_limit": limit,
    }


def _column(readings: Readings, responses: Responses, limits: Limits, column: str) -> dict[str, Any]:
    """The readings of one measured column."""
    stated = readings.responses[column].to_numpy()
    rows = np.flatnonzero(np.isfinite(stated) & (responses.response != ABSENT) & (responses.response != NOT_TESTED))
    out = _rows(readings, responses, limits, rows, column, list(VALUES).index(column))
    value, limit, sides = stated[rows], out.pop("_limit"), out.pop("_side")
    low = (sides == "lower") & below(value, limit)
    high = (sides == "upper") & above(value, limit)
    grade = np.where(low, "low", np.where(high, "high", "normal")).astype(object)
    grade[np.isnan(limit)] = "no_limit"
    grade[(readings.responses["withheld"].to_numpy()[rows] & BIT[column]) != 0] = None
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = 100.0 * value / limit
    return {
        **out,
        "measure": _names(responses, rows, column),
        "value": value,
        "percent_of_limit": percent,
        "grade": grade,
        "_order": np.full(len(rows), list(VALUES).index(column)),
    }


def _names(responses: Responses, rows: Rows, column: str) -> NDArray[np.object_]:
    """The measure's public name: by kind of study and, for motor latencies, by site."""
    names = np.array([_NAME.get((kind, column), _PLAIN[column]) for kind in KIND], object)[responses.kind[rows]]
    if column == "latency_ms":
        proximal = np.zeros(len(responses), bool)
        runs = responses.motor
        has = runs.distal >= 0
        first = np.zeros(len(runs.rows), bool)
        first[runs.distal[has]] = True
        first[runs.first] = True
        proximal[runs.rows[~first]] = True
        names[proximal[rows]] = "proximal_latency"
    return names


def _without_value(readings: Readings, responses: Responses, limits: Limits, column: str) -> dict[str, Any]:
    """Absent and not tested responses, as one reading each of their main measure."""
    kinds = [KIND[kind] for kind, (main, _) in _MAIN.items() if main == column]
    gone = (responses.response == ABSENT) | (responses.response == NOT_TESTED)
    rows = np.flatnonzero(gone & np.isin(responses.kind, kinds))
    out = _rows(readings, responses, limits, rows, column, RESPONSE_CELL)
    out.pop("_limit"), out.pop("_side")
    names = np.array([_MAIN[kind][1] for kind in KIND], object)
    return {
        **out,
        "measure": names[responses.kind[rows]],
        "value": np.full(len(rows), np.nan),
        "percent_of_limit": np.full(len(rows), np.nan),
        "grade": np.where(responses.response[rows] == ABSENT, "absent", "not_tested").astype(object),
        "_order": np.full(len(rows), -1),
    }
