"""What contradicts itself or cannot be: checked on all responses at once, before anything rests on a value.

Impossible values and conflicting duplicates are not among the readings. Values that contradict each other are kept,
withheld from every limit and criterion, and reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ncs_analyzer.ingest.quality.assumed import say_usual_recordings, settle_blank_sites, settle_knee, settle_leg
from ncs_analyzer.ingest.quality.checks import Checks
from ncs_analyzer.ingest.quality.contradictions import find_contradictions
from ncs_analyzer.ingest.quality.duplicates import sort_and_merge
from ncs_analyzer.ingest.quality.percentages import refuse_percentages
from ncs_analyzer.ingest.quality.possible import LONGEST_DISTAL_LATENCY, PERCENT_CMAP, PERCENT_VELOCITY, POSSIBLE
from ncs_analyzer.ingest.quality.single import refuse_impossible, refuse_short_rows, settle_responses
from ncs_analyzer.issues import Issue

if TYPE_CHECKING:
    from ncs_analyzer.ingest.assemble import Pool
    from ncs_analyzer.ingest.draft import Sheet

__all__ = ["LONGEST_DISTAL_LATENCY", "PERCENT_CMAP", "PERCENT_VELOCITY", "POSSIBLE", "check"]


def check(pool: Pool, sheets: Sequence[Sheet], log: list[Issue], labels: list[str]) -> Pool:
    """The pool sorted by study, kind, nerve, side, recording and site, without what cannot be among the readings."""
    checks = Checks(pool, sheets, log, labels)
    say_usual_recordings(checks)
    settle_knee(checks)
    settle_leg(checks)
    settle_blank_sites(checks)
    settle_responses(checks)
    refuse_percentages(checks)
    refuse_impossible(checks)
    sort_and_merge(checks)
    find_contradictions(checks)
    refuse_short_rows(checks)
    return checks.pool
