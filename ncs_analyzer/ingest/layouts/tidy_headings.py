"""Which column of the tidy table each heading names."""

from functools import lru_cache
from typing import Final

from ncs_analyzer.ingest.headings import Heading, read_heading, tidy_name
from ncs_analyzer.readings import LIMITS, STUDY_COLUMNS, VALUES

_TEXT_ROLES: Final = {
    "study": "study",
    "nerve": "nerve",
    "side": "side",
    "recording": "recording",
    "site": "stimulation",
    "response": "response",
    "convention": "amplitude_convention",
}


def column_of(heading: Heading) -> str | None:
    """The tidy column a heading stands for; amplitudes need a unit, an F or H latency is the row's latency."""
    role = heading.role
    if role == "amplitude" or role in ("cmap", "snap"):
        unit = heading.unit or {"cmap": "mV", "snap": "uV"}.get(role)
        if heading.limit:
            return "amplitude_lower_limit"
        return {"mV": "amplitude_mv", "uV": "amplitude_uv"}.get(unit or "")
    name = {
        "latency": "latency_ms",
        "f_latency": "latency_ms",
        "h_latency": "latency_ms",
        "peak_latency": "peak_latency_ms",
        "area": "area_mvms",
        "duration": "duration_ms",
        "distance": "distance_mm",
        "velocity": "velocity_m_per_s",
        "f_persistence": "persistence_pct",
    }.get(role)
    if name and heading.limit:
        return next((limit for limit, column in LIMITS.items() if column == name), None)
    return name


def map_headings(row: list[str]) -> dict[str, tuple[int, float]]:
    """Tidy column names found in a row of headings: their positions and the factors to the tidy units."""
    mapped: dict[str, tuple[int, float]] = {}
    before = ""
    for c, text in enumerate(row):
        name, factor = named_column(text)
        if name is None and text and (limit := limit_beside(text, before)) is not None:
            name, factor = limit, mapped[before][1]
        if name is not None and name not in mapped:
            mapped[name] = (c, factor)
            before = name if name in VALUES else ""
    return mapped


def limit_beside(text: str, before: str) -> str | None:
    """The limits that a column headed by a bare word for limits holds: those of the measure to its left."""
    heading = read_heading(text) if before else None
    if heading is None or heading.role != "norm":
        return None
    of = "amplitude" if before.startswith("amplitude") else before
    return next((limit for limit, measured in LIMITS.items() if measured == of), None)


@lru_cache(1 << 14)
def named_column(text: str) -> tuple[str | None, float]:
    """The tidy column that a heading names, and the factor to its unit."""
    name = tidy_name(text)
    heading = read_heading(text) if text and name is None else None
    if heading is None:
        return name, 1.0
    name = _TEXT_ROLES.get(heading.role) or column_of(heading)
    if name is None and heading.role in (*STUDY_COLUMNS, "date_of_birth", "temperature_c"):
        name = heading.role
    return "patient_id" if heading.role == "patient" else name, heading.factor
