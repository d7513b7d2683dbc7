"""What makes one think of a hereditary neuropathy: slowing that is alike everywhere, and several entrapments at once.

Uniform slowing: every motor velocity that counts is below its limit, in at least two nerves and at least once in the
demyelinating range, the segments of a nerve lie within 10 m/s of each other, no terminal latency index is low (distal
and proximal alike), and there is neither block nor dispersion. A median velocity below 38 m/s is the usual boundary of
CMT1. HNPP: at least two compression sites abnormal, low terminal latency index in the median, the ulnar and a fibular
nerve, and no velocity in the demyelinating range elsewhere.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Mask
from ncs_analyzer.criteria.dads.tli import low_tli, low_tli_no_cts
from ncs_analyzer.decimals import at_most, below
from ncs_analyzer.grouping import has_any, least
from ncs_analyzer.interpretation.pattern import Pattern

ALIKE_WITHIN: Final = 10.0
"""m/s between the fastest and the slowest segment of one nerve."""
CMT1_MEDIAN: Final = 38.0
NERVES_NEEDED: Final = 2
SITES_NEEDED: Final = 2


@dataclass(frozen=True)
class Hereditary:
    """Per study. `uniform`: uniform slowing; `median_below_38`: with a median forearm below 38 m/s; `hnpp`."""

    uniform: Mask
    median_below_38: Mask
    hnpp: Mask


def find_hereditary(pattern: Pattern) -> Hereditary:
    """Every study."""
    uniform = _uniform(pattern)
    facts, pairs, n = pattern.facts, pattern.facts.physiology.pairs, pattern.facts.physiology.studies
    median = facts.motor.is_nerve("median")[pairs.line] & pairs.counted & below(pairs.velocity, CMT1_MEDIAN)
    return Hereditary(uniform, uniform & has_any(facts.motor.study[pairs.line], median, n), _hnpp(pattern))


def _uniform(pattern: Pattern) -> Mask:
    facts, pairs, n = pattern.facts, pattern.facts.physiology.pairs, pattern.facts.physiology.studies
    motor = facts.motor
    lines, study = len(motor), motor.study
    judged = pairs.counted & ~pairs.erb & ~np.isnan(pairs.velocity_pct)
    fast = judged & ~below(pairs.velocity_pct, 100.0)
    spread = -least(pairs.line[judged], -pairs.velocity[judged], lines) - least(
        pairs.line[judged], pairs.velocity[judged], lines
    )
    slow_lines = has_any(pairs.line, judged, lines)
    apart = pattern.findings["block"] | pattern.findings["dispersion"] | low_tli_no_cts(facts).met
    uneven = has_any(pairs.line, fast, lines) | (slow_lines & ~at_most(spread, ALIKE_WITHIN)) | apart
    found: Mask = (
        (facts.count.total(slow_lines) >= NERVES_NEEDED)
        & has_any(study, pattern.findings["velocity"], n)
        & ~has_any(study, uneven, n)
    )
    return found


def _hnpp(pattern: Pattern) -> Mask:
    facts = pattern.facts
    low = low_tli(facts).met
    found = facts.count.total(pattern.at_compression_site) >= SITES_NEEDED
    found &= facts.count.total(pattern.findings["velocity"]) == 0
    for name in ("median", "ulnar", "fibular"):
        found &= facts.count.total(low & facts.motor.is_nerve(name)) > 0
    return found
