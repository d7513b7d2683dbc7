"""The next test that would help most: the single untested measure that could change most verdicts."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncs_analyzer.criteria.what_if import Measure

if TYPE_CHECKING:
    from ncs_analyzer.pipeline import Analysis


@dataclass(frozen=True)
class NextTest:
    """A measure, and the sets (by id) whose verdict it alone could change."""

    measure: Measure
    sets: tuple[str, ...]


def next_test(analysis: "Analysis", study: int) -> NextTest | None:
    """None where no single measure could change a verdict. Of equals the first by nerve, side and measure."""
    sets: dict[Measure, list[str]] = defaultdict(list)
    for name, of_study in analysis.could_change.items():
        for measure in of_study.get(study, ()):
            if not measure.limit:
                sets[measure].append(name)
    if not sets:
        return None
    best = min(sets, key=lambda m: (-len(sets[m]), m.study, m.nerve, m.side, m.measure))
    return NextTest(best, tuple(sets[best]))
