"""Simulated laboratories: healthy people of known distribution, and diseased ones among them."""

from typing import Any

import numpy as np

from ncs_analyzer.arrays import Floats

HEALTHY: dict[str, tuple[float, float, bool, float]] = {
    "distal_latency": (3.7, 0.4, False, 1.0),
    "velocity": (57.0, 4.5, False, -1.0),
    "amplitude": (2.2, 0.35, True, -1.0),
    "minimal_f_latency": (27.0, 2.0, False, 1.0),
}
"""By measure: mean and SD, whether of the logarithms, and the side of disease."""

Z97 = 1.880793608


def truth(measure: str) -> float:
    """The 97th (or 3rd) percentile of the healthy."""
    mean, sd, log, side = HEALTHY[measure]
    at = mean + side * Z97 * sd
    return float(np.exp(at)) if log else at


def laboratory(measure: str, n: int, diseased: float, rng: np.random.Generator, disease: str = "mild") -> Floats:
    """Values of n patients. Disease: relative changes that are exponential ("mild"), log-normal ("clear") or even."""
    mean, sd, log, side = HEALTHY[measure]
    values = rng.normal(mean, sd, n)
    values = np.exp(values) if log else values
    change = {
        "mild": rng.exponential(0.2, n), "clear": rng.lognormal(np.log(0.35), 0.5, n), "even": rng.uniform(0.1, 1.0, n),
    }[disease]  # fmt: skip
    factor = 1 + change if side > 0 else (np.exp(-1.5 * change) if log else 1 / (1 + change))
    ill = rng.random(n) < diseased
    return np.round(np.where(ill, values * factor, values), 2 if measure == "distal_latency" else 1)


def error_in_sd(measure: str, limit: float) -> float:
    """How far a limit lies from the truth, in SD of the healthy; above zero: too lenient."""
    mean, sd, log, side = HEALTHY[measure]
    at = np.log(max(limit, 1e-6)) if log else limit
    return float(side * (at - (mean + side * Z97 * sd)) / sd)


def nobody(n: int) -> Any:
    """People of whom nothing is known."""
    from ncs_analyzer.reference.people import People

    blank = np.full(n, np.nan)
    return People(blank, blank, blank, np.full(n, "", object), blank)
