"""What limits exist for: each measure of a reference table, its unit, and on which side of it lies the abnormal."""

from dataclasses import dataclass
from typing import Final, Literal

Side = Literal["upper", "lower"]

MEASURES: Final[dict[str, dict[str, tuple[str, str, Side]]]] = {
    "motor": {
        "distal_latency": ("latency_ms", "ms", "upper"),
        "amplitude": ("amplitude_mv", "mV", "lower"),
        "area": ("area_mvms", "mV*ms", "lower"),
        "duration": ("duration_ms", "ms", "upper"),
        "velocity": ("velocity_m_per_s", "m/s", "lower"),
    },
    "sensory": {
        "onset_latency": ("latency_ms", "ms", "upper"),
        "peak_latency": ("peak_latency_ms", "ms", "upper"),
        "amplitude": ("amplitude_uv", "uV", "lower"),
        "velocity": ("velocity_m_per_s", "m/s", "lower"),
    },
    "mixed": {
        "onset_latency": ("latency_ms", "ms", "upper"),
        "peak_latency": ("peak_latency_ms", "ms", "upper"),
        "amplitude": ("amplitude_uv", "uV", "lower"),
        "velocity": ("velocity_m_per_s", "m/s", "lower"),
    },
    "f_wave": {
        "minimal_f_latency": ("latency_ms", "ms", "upper"),
        "f_persistence": ("persistence_pct", "%", "lower"),
    },
    "h_reflex": {
        "h_latency": ("latency_ms", "ms", "upper"),
        "amplitude": ("amplitude_mv", "mV", "lower"),
    },
}
"""By study: measure -> the column of the readings that holds it, its unit, and the side that limits it."""

SKEWED: Final = ("amplitude", "area")
"""Measures whose mean and SD on the printed scale say nothing about percentiles."""

Pairing = Literal["sides", "sites", "segments", "responses", "m_wave"]


@dataclass(frozen=True)
class Difference:
    """A measure of two responses: `of` is the measure compared, `pairing` which two, `unit` and `side` as above.

    *sides*: left and right of one response; the size of the difference, in percent of the better side.
    *sites*: a motor response and that of the next more distal site; *segments*: likewise for velocities.
    *responses*: this response and the one named in the column `against`, same side. *m_wave*: an F wave and the distal
    motor response of the same muscle.
    """

    of: str
    pairing: Pairing
    unit: str
    side: Side = "upper"

    @property
    def percent(self) -> bool:
        """Whether it is given in percent."""
        return self.unit == "%"


def _of_sides(kind: str) -> dict[str, Difference]:
    found = {}
    for name, (_, unit, side) in MEASURES[kind].items():
        if name != "f_persistence":
            found[f"{name}_side_difference"] = Difference(name, "sides", unit)
            if side == "lower":
                found[f"{name}_side_difference_pct"] = Difference(name, "sides", "%")
    return found


DIFFERENCES: Final[dict[str, dict[str, Difference]]] = {
    "motor": {
        **_of_sides("motor"),
        "amplitude_drop": Difference("amplitude", "sites", "mV"),
        "amplitude_drop_pct": Difference("amplitude", "sites", "%"),
        "area_drop": Difference("area", "sites", "mV*ms"),
        "area_drop_pct": Difference("area", "sites", "%"),
        "duration_increase": Difference("duration", "sites", "ms"),
        "duration_increase_pct": Difference("duration", "sites", "%"),
        "velocity_drop": Difference("velocity", "segments", "m/s"),
        "velocity_drop_pct": Difference("velocity", "segments", "%"),
        "distal_latency_difference": Difference("distal_latency", "responses", "ms"),
    },
    "sensory": {
        **_of_sides("sensory"),
        "onset_latency_difference": Difference("onset_latency", "responses", "ms"),
        "peak_latency_difference": Difference("peak_latency", "responses", "ms"),
        "amplitude_ratio": Difference("amplitude", "responses", "ratio", "lower"),
    },
    "mixed": {
        **_of_sides("mixed"),
        "onset_latency_difference": Difference("onset_latency", "responses", "ms"),
        "peak_latency_difference": Difference("peak_latency", "responses", "ms"),
    },
    "f_wave": {
        **_of_sides("f_wave"),
        "f_minus_m_latency": Difference("minimal_f_latency", "m_wave", "ms"),
    },
    "h_reflex": _of_sides("h_reflex"),
}
"""By study: the measures that compare two responses."""


def measures_of(study: str) -> tuple[str, ...]:
    """Every measure a limit of that kind of study may be of."""
    return (*MEASURES[study], *DIFFERENCES[study])


def unit_and_side(study: str, measure: str) -> tuple[str, Side]:
    """The unit of a measure and the side that limits it; KeyError if there is no such measure."""
    if measure in DIFFERENCES[study]:
        difference = DIFFERENCES[study][measure]
        return difference.unit, difference.side
    return MEASURES[study][measure][1:]
