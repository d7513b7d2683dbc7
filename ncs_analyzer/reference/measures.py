"""What limits exist for: each measure of a reference table, its unit, and on which side of it lies the abnormal."""

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
