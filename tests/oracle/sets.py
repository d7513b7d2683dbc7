"""What a criteria set is: items of one nerve, facts that are counted over nerves, a verdict from the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from .cuts import Cuts
from .nerves import Hand, Key, MotorNerve, SensoryNerve, Study, hands
from .truth import Truth

Items = dict[str, Truth]
Facts = frozenset[str]
Counts = Counter[str]

INSUFFICIENT = "insufficient_data"


@dataclass(frozen=True)
class Unit:
    """One nerve of one side: its motor study, its sensory study, either may be missing.

    `untested_sensory` stands for a sensory study that was not done (or is left out for CTS): all of it unknown.
    """

    key: Key
    motor: MotorNerve | None
    sensory: SensoryNerve | None
    untested_sensory: SensoryNerve


def units(study: Study) -> list[Unit]:
    keys = list(study.motor) + [key for key in study.sensory if key not in study.motor]
    return [unit_of(study, key) for key in keys]


def unit_of(study: Study, key: Key) -> Unit:
    return Unit(key, study.motor.get(key), study.sensory.get(key), SensoryNerve(*key))


@dataclass(frozen=True)
class CriteriaSet:
    """`items` asks one nerve; `facts` says what of it is counted; `verdict` reads the counts.

    A verdict depends on nothing but how many nerves carry each fact. "X in n nerves and Y in another" is
    |X| >= n, |Y| >= 1, |X or Y| >= n + 1, so unions are facts of their own.
    `monotone`: the verdicts from lowest to highest, where more facts can never lower the verdict.
    `switches`: items switch on the distal amplitude (then the amplitude is completed first, by itself).
    """

    id: str
    family: str
    cuts: Cuts
    items: Callable[[Unit, Hand, Study], Items]
    facts: Callable[[Items], Facts]
    verdict: Callable[[Counts, Study], str]
    monotone: tuple[str, ...] | None = None
    switches: bool = True
    minimum_motor_nerves: int = 1
    block_definition: str = ""  # where a set grades block: amplitude, area and duration of a pair are judged together


def evaluate_items(criteria: CriteriaSet, study: Study) -> dict[Key, Items]:
    hand = hands(study)
    return {unit.key: criteria.items(unit, hand_for(unit, hand), study) for unit in units(study)}


def hand_for(unit: Unit, hand: dict[str, Hand]) -> Hand:
    return hand[unit.key[1]] if unit.key[0] == "median" else Hand()


def count(facts: Iterable[Facts]) -> Counts:
    counts: Counts = Counter()
    for some in facts:
        counts.update(some)
    return counts


def insufficient(criteria: CriteriaSet, study: Study) -> bool:
    return study.n_motor < criteria.minimum_motor_nerves


def verdict(criteria: CriteriaSet, study: Study) -> str:
    """Items that are not evaluable are taken as not met."""
    if insufficient(criteria, study):
        return INSUFFICIENT
    return criteria.verdict(count(criteria.facts(items) for items in evaluate_items(criteria, study).values()), study)


def met(items: Items) -> set[str]:
    return {name for name, value in items.items() if value is True}


def replace_motor(unit: Unit, motor: MotorNerve) -> Unit:
    return replace(unit, motor=motor)
