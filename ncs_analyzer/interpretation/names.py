"""Nerves and segments by the names a report gives them."""

from typing import TYPE_CHECKING

from ncs_analyzer.physiology.motor import MotorNerves
from ncs_analyzer.physiology.segments import COMPRESSION_SITES
from ncs_analyzer.physiology.sensory import SensoryNerves
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, NERVES, SIDES
from ncs_analyzer.wording import plain

if TYPE_CHECKING:
    from ncs_analyzer.pipeline import Analysis


def nerve_name(nerves: MotorNerves | SensoryNerves, line: int) -> str:
    """Side and nerve of a line."""
    names = MOTOR_NERVES if isinstance(nerves, MotorNerves) else NERVES
    return f"{SIDES[nerves.side[line]]} {plain(names[nerves.nerve[line]])}"


def site(analysis: "Analysis", code: int) -> str:
    """The name of a stimulation site."""
    return analysis.responses.names["stimulation"][code]


def segment_name(analysis: "Analysis", pair: int) -> str:
    """From where to where a pair of sites goes."""
    pairs = analysis.physiology.pairs
    return f"{plain(site(analysis, pairs.distal[pair]))} to {plain(site(analysis, pairs.proximal[pair]))}"


def compression_name(analysis: "Analysis", pair: int) -> str | None:
    """The entrapment site a pair crosses, or None."""
    pairs, motor = analysis.physiology.pairs, analysis.physiology.motor
    if not pairs.compression[pair]:
        return None
    return COMPRESSION_SITES[MOTOR_NERVES[motor.nerve[pairs.line[pair]]]][2]
