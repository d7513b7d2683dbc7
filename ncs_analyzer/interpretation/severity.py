"""How severe: by the amplitudes of sural, tibial and fibular nerves, the worse side. `severity/1` is this program's own.

severe: a tibial or fibular CMAP absent or below 25 % of LLN; moderate: a sural SNAP absent or below 25 %, or a tibial or
fibular CMAP below 50 %; mild: any of them below LLN; none: all tested within limits. Below 25 % of normal is what axonal
loss is called severe at in teaching; the rest is a choice.
"""

from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes
from ncs_analyzer.decimals import below
from ncs_analyzer.grouping import least
from ncs_analyzer.interpretation.pattern import Pattern

NAME: Final = "severity/1"
SEVERITIES: Final = ("not_known", "none", "mild", "moderate", "severe")
SEVERE_PERCENT: Final = 25.0
MODERATE_PERCENT: Final = 50.0


def severity(pattern: Pattern) -> Codes:
    """Codes into SEVERITIES, per study. Nerves explained by entrapment are left out."""
    facts, n = pattern.facts, pattern.facts.physiology.studies
    motor, nerves = facts.motor, facts.sensory.nerves
    percent_motor, percent_sural = np.split(pattern.amplitude_pct, [len(motor)])
    leg = motor.is_nerve("tibial", "fibular") & ~pattern.explained
    sural = nerves.is_nerve("sural")
    worst_motor = least(motor.study[leg], percent_motor[leg], n)
    worst_sural = least(nerves.study[sural], percent_sural[sural], n)
    code = np.zeros(n, np.int8)
    for name, holds in (
        ("none", ~np.isnan(worst_motor) | ~np.isnan(worst_sural)),
        ("mild", below(worst_motor, 100.0) | below(worst_sural, 100.0)),
        ("moderate", below(worst_motor, MODERATE_PERCENT) | below(worst_sural, SEVERE_PERCENT)),
        ("severe", below(worst_motor, SEVERE_PERCENT)),
    ):
        code[holds] = SEVERITIES.index(name)
    return code
