"""What a measurement can be at all, and how far measurements that depend on each other may disagree."""

from typing import Final

from ncs_analyzer.readings import VALUES

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

LATENCY_STEP: Final = 0.1
"""ms; how finely the difference of two latencies is read off."""
DISTANCE_STEP: Final = 5.0
"""mm; how finely a distance is read off."""
SPARE: Final = 0.03
"""What is forgiven on top, as a share."""
FASTEST_IMPLIED: Final = 150.0
"""m/s; above it distance and latencies cannot both be right."""
PERCENT_VELOCITY: Final = 80.0
"""m/s; a table whose middle velocity is faster holds percentages (the fastest upper limits of the tables are lower)."""
PERCENT_CMAP: Final = (45.0, 700.0)
"""mV; a table whose middle CMAP lies between holds percentages: the largest limits of the tables are far lower, and
microvolts are more."""
LEAST_SNAP: Final = 0.1
"""µV; a sensory potential below it is lost in the noise of any averaging, so the number is in mV."""
SHORTEST_DISTAL: Final = 12.0
"""mm; no muscle lies nearer to the most distal site of its nerve, even in a newborn; in cm it is a usual distance."""
SHORTEST_LIMB: Final = 45.0
"""mm; no forearm and no lower leg is shorter."""
SHORTEST_DISTANCE: Final = 40.0
"""mm; below it a distance that gives a tenth of a usual velocity is in cm."""
