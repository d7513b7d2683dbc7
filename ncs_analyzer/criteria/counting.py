"""The counting forms of published criteria: "in two nerves", "in one nerve and another parameter in another nerve"."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ncs_analyzer.arrays import Codes, Keys, Mask
from ncs_analyzer.criteria.truth import Count, Truth, count_true


@dataclass(frozen=True)
class Tally:
    """Counts lines of nerves by study. `study`: the study of each line; `studies`: how many there are."""

    study: Codes
    studies: int

    def __call__(self, truth: Truth) -> Count:
        """In how many nerves of each study it holds."""
        return Count(self._sum(truth.met), self._sum(truth.must), self._sum(truth.may))

    def _sum(self, mask: Mask) -> Keys:
        return np.bincount(self.study[mask], minlength=self.studies).astype(np.int64)

    def total(self, mask: Mask | None = None) -> Keys:
        """How many lines each study has (where the mask holds)."""
        return self._sum(np.ones(len(self.study), bool) if mask is None else mask)


@dataclass(frozen=True)
class Rule:
    """One way to fulfil a level: whether each study does, and which conditions on nerves it counted."""

    truth: Truth
    counted: tuple[Truth, ...]


def in_nerves(count: Tally, x: Truth, n: int) -> Rule:
    """X in at least n nerves."""
    return Rule(count(x) >= n, (x,))


def with_other(count: Tally, x: Truth, n: int, y: Truth) -> Rule:
    """X in n nerves, and Y in at least one nerve outside these n."""
    return Rule((count(x) >= n) & (count(y) >= 1) & (count(x | y) >= n + 1), (x, y))


def fulfilled(rules: Sequence[Rule]) -> Truth:
    """At least one rule holds."""
    found = rules[0].truth
    for rule in rules[1:]:
        found = found | rule.truth
    return found


def how_many(rules: Sequence[Rule]) -> Count:
    """How many of the rules hold for each study."""
    return count_true([rule.truth for rule in rules])


def contributing(rules: Sequence[Rule], study: Codes) -> Truth:
    """The nerves that carry something counted by a rule that holds (as decided)."""
    found: Truth | None = None
    for rule in rules:
        holds = Truth(rule.truth.met[study], rule.truth.must[study], rule.truth.may[study])
        for x in rule.counted:
            found = (holds & x) if found is None else found | (holds & x)
    assert found is not None
    return found


Choice = tuple[str, Truth]


def choose(n: int, choices: Sequence[Choice], otherwise: str, names: Sequence[str]) -> tuple[Codes, Mask]:
    """The first verdict that holds for each of n studies, and whether it is settled.

    Settled: whatever the missing values are, the same verdict comes first. Returns codes into `names`.
    """
    verdict = np.full(n, names.index(otherwise), np.int8)
    taken = np.zeros(n, bool)
    barred = np.zeros(n, bool)
    possible = np.zeros(n, np.int64)
    for name, truth in choices:
        verdict[truth.met & ~taken] = names.index(name)
        taken |= truth.met
        possible += truth.may & ~barred
        barred |= truth.must
    possible += ~barred
    return verdict, possible == 1
