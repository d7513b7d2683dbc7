"""All criteria sets and all definitions of conduction block, found by walking the modules of this package."""

from functools import cache

from ncs_analyzer.criteria.conduction_block import BlockDefinition, block_definitions
from ncs_analyzer.criteria.modules import found
from ncs_analyzer.criteria.sets import CriteriaSet, Facts, Result, apply_set

__all__ = ["BlockDefinition", "apply_all", "block_definitions", "choose_sets", "criteria_sets"]

_DISEASES = ("CIDP", "GBS", "MMN", "DADS")


@cache
def criteria_sets() -> dict[str, CriteriaSet]:
    """Every criteria set by id: a module below this package with `SET`. By disease, newest first."""
    sets: list[CriteriaSet] = found("SET")
    return {s.id: s for s in sorted(sets, key=_place)}


def _place(s: CriteriaSet) -> tuple[int, str, int, str]:
    order = _DISEASES.index(s.disease) if s.disease in _DISEASES else len(_DISEASES)
    return order, s.disease, -s.year, s.id


def choose_sets(ids: tuple[str, ...]) -> list[CriteriaSet]:
    """The sets of these ids (all, if none is given); KeyError names an id that is none."""
    known = criteria_sets()
    return [known[i] for i in ids] if ids else list(known.values())


def apply_all(sets: list[CriteriaSet], facts: Facts) -> dict[str, Result]:
    """Every set on all studies."""
    return {criteria.id: apply_set(criteria, facts) for criteria in sets}
