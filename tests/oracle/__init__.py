"""An independent, slow, plain implementation of every criteria set, to hold the program against.

Written from `criteria.md`, `interpretation.md` and `contract.md` alone; it shares nothing with the program.
Deliberately one study at a time, exact numbers, no tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .blocks import BlockReport, block_reports
from .cidp import CIDP_SETS, ean_extras, efns_supportive_sensory
from .dads import DADS_SETS, terminal_latency_index
from .gbs import GBS_SETS, aman_amsan, high_specificity_signs
from .mmn import MMN_SETS
from .nerves import Key, Row, read_study
from .pattern import Pattern, pattern_of
from .sets import CriteriaSet, evaluate_items, verdict
from .settled import could_change, is_settled
from .truth import word

SETS: dict[str, CriteriaSet] = {criteria.id: criteria for criteria in (*CIDP_SETS, *GBS_SETS, *MMN_SETS, *DADS_SETS)}


@dataclass(frozen=True)
class Result:
    """The verdict of one set, whether it is settled, what alone could change it, and what the text asks beside it."""

    verdict: str
    settled: bool | None
    could_change: set[tuple[str, str, str]] | None
    items: dict[Key, dict[str, str]]
    extras: dict[str, Any] = field(default_factory=dict)


def evaluate(
    rows: Iterable[Row],
    compression_sites: str | None = None,
    nerve_counting: str = "literal",
    *,
    only: Iterable[str] | None = None,
    settle: bool = True,
) -> dict[str, Result]:
    """All criteria sets on the rows of one study (`only`: some of them; `settle=False`: verdicts alone)."""
    study = read_study(rows, compression_sites, nerve_counting)
    results = {}
    for set_id in only or SETS:
        criteria = SETS[set_id]
        extras: dict[str, Any] = {}
        if set_id == "cidp_ean_pns_2021":
            extras = ean_extras(study)
        elif set_id == "cidp_efns_pns_2010":
            extras = {"supportive_sensory": efns_supportive_sensory(study)}
        elif criteria.family == "gbs":
            extras = {"subtype": aman_amsan(criteria, study), **high_specificity_signs(study)}
        elif criteria.family == "mmn":
            extras = {"blocks": block_reports(study)}
        elif criteria.family == "dads":
            extras = {
                "tli": {key: terminal_latency_index(nerve) for key, nerve in study.motor.items() if not nerve.absent}
            }
        results[set_id] = Result(
            verdict(criteria, study),
            is_settled(criteria, study) if settle else None,
            could_change(criteria, study) if settle else None,
            {
                key: {item: word(value) for item, value in items.items()}
                for key, items in evaluate_items(criteria, study).items()
                if items
            },
            extras,
        )
    return results


def pattern(rows: Iterable[Row], compression_sites: str | None = None) -> Pattern:
    """Class of each nerve and category of the study."""
    return pattern_of(read_study(rows, compression_sites))


def blocks(rows: Iterable[Row], compression_sites: str | None = None) -> dict[tuple[str, str, str, str], BlockReport]:
    """Every pair, counted or excluded: (nerve, side, distal, proximal) -> numbers and grades."""
    return block_reports(read_study(rows, compression_sites))
