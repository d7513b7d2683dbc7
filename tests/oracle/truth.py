"""Three-valued truth: True (met), False (not met), None (not evaluable)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

Truth = bool | None
Test = Callable[[Fraction | None, Fraction | int], Truth]


def any_of(values: Iterable[Truth]) -> Truth:
    """One met is enough; nothing at all is *not met*; otherwise an unknown one leaves it open."""
    seen = list(values)
    if any(value is True for value in seen):
        return True
    return None if any(value is None for value in seen) else False


def all_of(values: Iterable[Truth]) -> Truth:
    """One not met is enough to deny it; otherwise an unknown one leaves it open."""
    seen = list(values)
    if any(value is False for value in seen):
        return False
    return None if any(value is None for value in seen) else True


def either(*values: Truth) -> Truth:
    return any_of(values)


def both(*values: Truth) -> Truth:
    return all_of(values)


def switch(condition: Truth, if_met: Truth, if_not_met: Truth) -> Truth:
    """An item that switches on a condition; condition unknown: known only where both branches agree."""
    if condition is True:
        return if_met
    if condition is False:
        return if_not_met
    return if_met if if_met is if_not_met else None


def above(value: Fraction | None, limit: Fraction | int) -> Truth:
    return None if value is None else value > limit


def at_least(value: Fraction | None, limit: Fraction | int) -> Truth:
    return None if value is None else value >= limit


def below(value: Fraction | None, limit: Fraction | int) -> Truth:
    return None if value is None else value < limit


def at_most(value: Fraction | None, limit: Fraction | int) -> Truth:
    return None if value is None else value <= limit


def word(value: Truth) -> str:
    return {True: "met", False: "not_met", None: "not_evaluable"}[value]
