"""Three-valued truth for whole columns: met, not met, not evaluable.

A `Truth` holds, per line, `must` (met whatever the missing values are), `may` (met for some values they could have) and
`met` (the decision: what is not evaluable is taken as not met). And, or and not work on all three at once, so that one
expression gives the verdict, its lower and its upper bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Mask, Rows
from ncs_analyzer.decimals import above, at_least, at_most, below

COMPARATORS = {">=": at_least, "<=": at_most, ">": above, "<": below}
"""The four comparators of published criteria, on decimals."""


@dataclass(frozen=True)
class Truth:
    """Met, not met or not evaluable, for a column of nerves or of studies. `items`: the keys of the items it is made of."""

    met: Mask
    must: Mask
    may: Mask
    items: frozenset[str] = field(default=frozenset(), kw_only=True)

    @classmethod
    def known(cls, mask: Mask) -> "Truth":
        """A condition known everywhere."""
        return cls(mask, mask, mask)

    @classmethod
    def compare(cls, value: Floats, comparator: str, threshold: Floats | float) -> "Truth":
        """value ⋈ threshold; not evaluable where either is NaN."""
        mask = COMPARATORS[comparator](value, threshold)
        unknown = np.isnan(value) | np.isnan(threshold)
        mask = mask & ~unknown
        return cls(mask, mask, mask | unknown)

    def __and__(self, other: "Truth") -> "Truth":
        items = self.items | other.items
        return Truth(self.met & other.met, self.must & other.must, self.may & other.may, items=items)

    def __or__(self, other: "Truth") -> "Truth":
        items = self.items | other.items
        return Truth(self.met | other.met, self.must | other.must, self.may | other.may, items=items)

    def __invert__(self) -> "Truth":
        return Truth(~self.met, ~self.may, ~self.must, items=self.items)

    def settle(self) -> "Truth":
        """As an item: what is not evaluable counts as not met in the decision."""
        return Truth(self.must, self.must, self.may, items=self.items)

    def only(self, where: Mask) -> "Truth":
        """Not met, for certain, elsewhere: the condition does not apply there."""
        return Truth(self.met & where, self.must & where, self.may & where, items=self.items)

    def or_open(self, where: Mask) -> "Truth":
        """Not evaluable where it is not met and something is missing."""
        return Truth(self.met, self.must, self.may | where, items=self.items)

    @property
    def open(self) -> Mask:
        """Where it is not evaluable."""
        found: Mask = self.may & ~self.must
        return found

    def take(self, rows: Rows) -> Self:
        """Some of the lines."""
        return type(self)(self.met[rows], self.must[rows], self.may[rows], items=self.items)


def switch(condition: Truth, then: Truth, otherwise: Truth) -> Truth:
    """`then` where the condition holds, else `otherwise`; where the condition is not evaluable, met if both say so and
    not met if both deny it."""
    return (condition & then) | (~condition & otherwise) | (then & otherwise)


def none(n: int) -> Truth:
    """False everywhere."""
    return Truth.known(np.zeros(n, bool))


def any_of(truths: Sequence[Truth]) -> Truth:
    """At least one of them."""
    found = truths[0]
    for truth in truths[1:]:
        found = found | truth
    return found


def count_true(truths: Sequence[Truth]) -> "Count":
    """How many of them hold, line by line."""
    return Count(
        np.sum([t.met for t in truths], axis=0, dtype=np.int64),
        np.sum([t.must for t in truths], axis=0, dtype=np.int64),
        np.sum([t.may for t in truths], axis=0, dtype=np.int64),
        items=frozenset().union(*(t.items for t in truths)),
    )


@dataclass(frozen=True)
class Count:
    """A number of things, as decided, at least, and at most; `items` as in Truth."""

    met: Codes
    least: Codes
    most: Codes
    items: frozenset[str] = field(default=frozenset(), kw_only=True)

    def __ge__(self, n: "int | Codes") -> Truth:
        return Truth(self.met >= n, self.least >= n, self.most >= n, items=self.items)

    def __gt__(self, n: "int | Codes") -> Truth:
        return self >= n + 1

    def __le__(self, n: int) -> Truth:
        return ~(self > n)

    def __sub__(self, other: "Count") -> "Count":
        return Count(self.met - other.met, self.least - other.most, self.most - other.least)

    def __mul__(self, factor: int) -> "Count":
        return Count(self.met * factor, self.least * factor, self.most * factor)
