"""Conduction block: Pfeiffer G et al., criterion D, by amplitude ratio (PMID 10904219)."""

from ncs_analyzer.criteria.conduction_block import ERB_DROP, BlockDefinition, PairFacts
from ncs_analyzer.criteria.truth import Truth, switch

SMALL_MV = 1.0
RATIO, SMALL_RATIO = 0.50, 0.36


def grade(p: PairFacts) -> tuple[Truth, Truth]:
    """One grade: definite; at Erb's point only probable."""
    ratio = p.pairs.amp_ratio
    block = switch(p.distal_mv(">", SMALL_MV), Truth.compare(ratio, "<", RATIO), Truth.compare(ratio, "<", SMALL_RATIO))
    return block.only(~p.erb), (block & p.amp_drop(">=", ERB_DROP)).only(p.erb)


BLOCK = BlockDefinition(
    id="cb_pfeiffer_d",
    title="Pfeiffer D",
    citation="Pfeiffer G, Wicklein EM, Wittig K. Clin Neurophysiol 2000;111:1388-1394",
    doi="10.1016/S1388-2457(00)00329-1",
    status="reprint",
    definite="amplitude ratio < 0.5 where the distal amplitude is above 1 mV, < 0.36 where it is smaller",
    probable="Erb's point only",
    grade=grade,
)
