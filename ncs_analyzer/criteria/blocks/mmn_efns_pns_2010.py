"""Conduction block: EFNS/PNS guideline on MMN, first revision. J Peripher Nerv Syst 2010;15:295-301. Judged by area."""

from ncs_analyzer.criteria.conduction_block import ERB_DROP, BlockDefinition, PairFacts
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.physiology.segments import is_long_pair

DEFINITE_NERVES = ("median", "ulnar", "fibular")
LARGE_DROP, DROP = 50.0, 30.0
DISPERSED = 30.0
DISTAL_PERCENT, DISTAL_MV = 20.0, 1.0


def grade(p: PairFacts) -> tuple[Truth, Truth]:
    """Definite, and at least probable. Where the duration is missing, a drop of 50 % is at least probable."""
    distal = p.distal_percent(">", DISTAL_PERCENT) & p.distal_mv(">", DISTAL_MV)
    large, drop = p.area_drop(">=", LARGE_DROP) & distal, p.area_drop(">=", DROP) & distal
    short = p.duration_increase("<=", DISPERSED)
    in_list, near = p.is_nerve(*DEFINITE_NERVES), ~p.erb
    definite = (large & short).only(in_list & near)
    long_arm = (drop & short).only(is_long_pair(p.pairs) & p.arm & near)
    at_erb = (p.area_drop(">=", ERB_DROP) & distal).only(in_list & p.erb)
    return definite, large.only(in_list & near) | long_arm | at_erb


BLOCK = BlockDefinition(
    id="mmn_efns_pns_2010",
    title="EFNS/PNS 2010 (MMN)",
    citation="Joint Task Force of the EFNS and the PNS. J Peripher Nerv Syst 2010;15:295-301",
    doi="10.1111/j.1529-8027.2010.00290.x",
    status="reprint",
    definite="median, ulnar, fibular: area drop ≥ 50 % and duration increase ≤ 30 %, distal amplitude > 20 % LLN and > 1 mV",
    probable="arm nerve, long segment: area drop ≥ 30 % and duration increase ≤ 30 %; or area drop ≥ 50 % and duration "
    "increase > 30 % in a nerve of the definite list; same distal precondition; Erb's point, those nerves: area drop ≥ 50 %",
    grade=grade,
)
