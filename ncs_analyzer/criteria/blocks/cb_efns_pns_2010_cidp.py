"""Conduction block: EFNS/PNS guideline on CIDP. J Peripher Nerv Syst 2010;15:1-9. Judged by amplitude."""

from ncs_analyzer.criteria.conduction_block import ERB_DROP, BlockDefinition, PairFacts
from ncs_analyzer.criteria.truth import Truth

DEFINITE_DROP, PROBABLE_DROP, DISTAL_PERCENT = 50.0, 30.0, 20.0


def grade(p: PairFacts) -> tuple[Truth, Truth]:
    """Definite, and at least probable (tibial excluded)."""
    distal = p.distal_percent(">=", DISTAL_PERCENT)
    definite = (p.amp_drop(">=", DEFINITE_DROP) & distal).only(~p.erb)
    probable = (p.amp_drop(">=", PROBABLE_DROP) & distal).only(~p.erb & ~p.is_nerve("tibial"))
    return definite, probable | (p.amp_drop(">=", ERB_DROP) & distal).only(p.erb)


BLOCK = BlockDefinition(
    id="cb_efns_pns_2010_cidp",
    title="EFNS/PNS 2010 (CIDP)",
    citation="Van den Bergh PYK, Hadden RDM, Bouche P, et al. J Peripher Nerv Syst 2010;15:1-9; also Eur J Neurol "
    "2010;17:356-363",
    doi="10.1111/j.1468-1331.2009.02930.x",
    status="reprint",
    definite="amplitude drop ≥ 50 %, distal amplitude ≥ 20 % LLN",
    probable="amplitude drop ≥ 30 % (tibial excluded), distal amplitude ≥ 20 % LLN; Erb's point: ≥ 50 %",
    grade=grade,
)
