"""Conduction block: AAEM consensus criteria. Olney RK, Muscle Nerve 1999;22(Suppl 8):S225-S229. By nerve and segment."""

from ncs_analyzer.arrays import Mask
from ncs_analyzer.criteria.conduction_block import ERB_DROP, BlockDefinition, PairFacts
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.physiology.segments import ends_at, starts_at

DISTAL_PERCENT = 20.0
MINIMAL, MODERATE = 30.0, 60.0
FOREARM = {"definite": (50.0, 40.0), "probable": (40.0, 30.0)}
LEG = {"definite": (60.0, 50.0), "probable": (50.0, 40.0)}
"""Percent of amplitude and of area: exceeded for definite, reached for probable."""


def _leg(p: PairFacts) -> Mask:
    """Radial arm, fibular leg and tibial leg; across the fibular head alone the fibular nerve is judged as a forearm."""
    radial_arm = p.is_nerve("radial") & ends_at(p.pairs, "axilla")
    across = starts_at(p.pairs, "below_fibular_head") & ends_at(p.pairs, "above_fibular_head", "popliteal_fossa")
    found: Mask = radial_arm | p.is_nerve("tibial") | (p.is_nerve("fibular") & ~across)
    return found


def grade(p: PairFacts) -> tuple[Truth, Truth]:
    """Definite, and at least probable."""
    hand = starts_at(p.pairs, "palm") & ends_at(p.pairs, "wrist")
    leg, near = _leg(p), ~p.erb & ~hand & ~ends_at(p.pairs, "thigh")
    distal = p.distal_percent(">=", DISTAL_PERCENT)
    minimal, moderate = p.duration_increase("<=", MINIMAL), p.duration_increase("<=", MODERATE)

    def dropped(level: str, comparator: str) -> Truth:
        (amp, area), (leg_amp, leg_area) = FOREARM[level], LEG[level]
        arm = p.amp_drop(comparator, amp) | p.area_drop(comparator, area)
        low = p.amp_drop(comparator, leg_amp) | p.area_drop(comparator, leg_area)
        return arm.only(~leg) | low.only(leg)

    large = dropped("definite", ">")
    definite = (large & minimal & distal).only(near)
    probable = ((dropped("probable", ">=") & minimal & distal) | (large & moderate & distal)).only(near)
    half = (p.amp_drop(">=", ERB_DROP) | p.area_drop(">=", ERB_DROP)) & distal
    return definite, probable | half.only(p.erb & p.arm)


BLOCK = BlockDefinition(
    id="cb_aaem_1999",
    title="AAEM 1999",
    citation="Olney RK. Muscle Nerve 1999;22(Suppl 8):S225-S229",
    doi="",
    status="unconfirmed",
    definite="duration increase ≤ 30 % and amplitude drop > 50 % or area drop > 40 % (radial arm, fibular and tibial leg: "
    "> 60 or > 50 %); distal CMAP ≥ 20 % LLN; none at Erb's point or the thigh",
    probable="duration increase ≤ 30 % and amplitude drop 40-49.9 % or area drop 30-39.9 % (leg and radial arm 50-59.9 or "
    "40-49.9 %); or duration increase 31-60 % with the definite drop; Erb's point: amplitude or area drop ≥ 50 %",
    grade=grade,
)
