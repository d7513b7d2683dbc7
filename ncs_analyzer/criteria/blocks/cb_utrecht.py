"""Conduction block: the Utrecht criteria (van den Berg-Vos RM et al., Ann Neurol 2000;48:919-926)."""

from ncs_analyzer.criteria.conduction_block import BlockDefinition, PairFacts
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.physiology.segments import is_long_pair

AREA_DROP, AMP_DROP = 50.0, 30.0
INCHING_MM = 25.0


def grade(p: PairFacts) -> tuple[Truth, Truth]:
    """Definite, and at least probable. A short segment is one of at most 2.5 cm (inching); none ends at Erb's point."""
    long, near = is_long_pair(p.pairs), ~p.erb
    inching = Truth.compare(p.pairs.distance, "<=", INCHING_MM).only(~long)
    definite = p.area_drop(">=", AREA_DROP).only(long & near) | (p.amp_drop(">=", AMP_DROP) & inching).only(near)
    return definite, p.amp_drop(">=", AMP_DROP).only(long & near)


BLOCK = BlockDefinition(
    id="cb_utrecht",
    title="Utrecht",
    citation="Van den Berg-Vos RM, Franssen H, Wokke JHJ, Van Es HW, Van den Berg LH. Ann Neurol 2000;48:919-926. "
    "PMID 11117549",
    doi="",
    status="reprint",
    definite="area drop ≥ 50 % over a long segment, or amplitude drop ≥ 30 % over at most 2.5 cm",
    probable="amplitude drop ≥ 30 % over a long segment",
    grade=grade,
)
