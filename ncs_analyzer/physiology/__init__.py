"""Readings of one nerve to findings of that nerve, for all nerves of all studies at once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ncs_analyzer.arrays import Codes
from ncs_analyzer.physiology.late_responses import f_waves
from ncs_analyzer.physiology.motor import MotorNerves, motor_nerves
from ncs_analyzer.physiology.segments import Pairs
from ncs_analyzer.physiology.sensory import SensoryNerves, SensoryResponses, sensory_nerves
from ncs_analyzer.reference.lookup import Limits
from ncs_analyzer.responses import Responses
from ncs_analyzer.vocabulary.anatomy import SIDES


@dataclass(frozen=True)
class Physiology:
    """What the nerves of all studies show. `studies`: how many studies there are; `told_cts[side, study]`: 1 median
    neuropathy at the wrist said to be there, 0 said not to be, -1 nothing said; `low_cut[study]` in Hz."""

    studies: int
    motor: MotorNerves
    pairs: Pairs
    sensory: SensoryNerves
    snaps: SensoryResponses
    told_cts: Codes
    include_compression: bool


def find_physiology(
    responses: Responses, limits: Limits, studies: pd.DataFrame, include_compression: bool = False
) -> Physiology:
    """Findings of every nerve. `include_compression`: count pairs across common entrapment sites too."""
    told = np.stack([studies[f"cts_{side}"].map({"yes": 1, "no": 0}).fillna(-1).to_numpy(np.int8) for side in SIDES])
    motor, pairs = motor_nerves(responses, limits, studies, f_waves(responses, limits), told, include_compression)
    sensory, snaps = sensory_nerves(responses, limits)
    return Physiology(len(studies), motor, pairs, sensory, snaps, told, include_compression)
