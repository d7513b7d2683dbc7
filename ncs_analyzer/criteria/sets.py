"""Criteria sets: what each is, its items in the paper's order, and how it is applied to all studies at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np

from ncs_analyzer.arrays import Codes, Keys, Mask
from ncs_analyzer.criteria.conditions import Condition, Quantity
from ncs_analyzer.criteria.conduction_block import Block, PairFacts, Status, block_definitions
from ncs_analyzer.criteria.counting import Choice, Rule, Tally, choose
from ncs_analyzer.criteria.sensory import SensoryFindings
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.physiology import Physiology
from ncs_analyzer.physiology.carpal_tunnel import left_out
from ncs_analyzer.physiology.motor import MotorNerves

Wrist = Literal["counts", "left out", "left out if asked"]

INSUFFICIENT: Final = "insufficient_data"


@dataclass(frozen=True)
class Options:
    """What changes verdicts. `compression_sites`: as given by the user, None if not given (then excluded, but GBS sets
    count the median distal latency); `nerve_counting`: of EAN/PNS 2021."""

    compression_sites: Literal["exclude", "include"] | None = None
    nerve_counting: Literal["literal", "any"] = "literal"

    @property
    def include_compression(self) -> bool:
        return self.compression_sites == "include"


@dataclass(frozen=True)
class NerveFinding:
    """A condition on a motor nerve that looks beyond its own numbers: at its pairs of sites, or its sensory study.

    `find` gives it decided: what is not evaluable is not met.
    """

    text: str
    find: Callable[["Facts"], Truth]
    rests_on: tuple[Quantity, ...]


@dataclass(frozen=True)
class Item:
    """One item of a set, by the paper's letter. `wrist`: whether the median distal latency counts where the nerve is
    compressed at the wrist."""

    key: str
    title: str
    condition: Condition | NerveFinding
    wrist: Wrist = "counts"

    @property
    def about(self) -> Quantity:
        """The quantity the item is about."""
        return self.condition.rests_on[0]

    @property
    def text(self) -> str:
        """The condition in words, with its exclusion."""
        excluded = {
            "counts": "",
            "left out": " (CTS excluded)",
            "left out if asked": " (in CTS too, unless it was asked to be excluded)",
        }
        return self.condition.text + excluded[self.wrist]


@dataclass(frozen=True)
class Facts:
    """What all sets look at: the physiology of all studies, the options, and what is derived from them once."""

    physiology: Physiology
    options: Options

    @property
    def motor(self) -> MotorNerves:
        return self.physiology.motor

    @cached_property
    def count(self) -> Tally:
        """Counts of motor nerves by study."""
        return Tally(self.motor.study, self.physiology.studies)

    @cached_property
    def tested(self) -> Keys:
        """How many motor nerves were tested in each study."""
        return self.count.total()

    @cached_property
    def sensory(self) -> SensoryFindings:
        return SensoryFindings(self.physiology)

    @cached_property
    def compressed(self) -> Truth:
        """Median nerves taken as compressed at the wrist: told so, or suspected with a prolonged distal latency."""
        told = self.physiology.told_cts[self.motor.side, self.motor.study]
        found = left_out(self.motor, told)
        return Truth(found["met"], found["must"], found["may"])

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """Every pair graded by every definition of conduction block."""
        pairs = PairFacts(self.physiology)
        return {d.id: d.apply(pairs) for d in block_definitions().values()}

    def test(self, condition: Condition) -> Truth:
        """A condition on every motor nerve; what is not evaluable is decided as not met."""
        return condition.test(self.motor).settle()


@dataclass(frozen=True)
class Evaluation:
    """One set applied to all studies: `e["a"]` is item a on every motor nerve."""

    facts: Facts
    items: Mapping[str, Truth]

    def __getitem__(self, key: str) -> Truth:
        return self.items[key]

    def any_of(self, keys: str) -> Truth:
        """Any of the items with these one-letter keys, on every motor nerve."""
        found = self.items[keys[0]]
        for key in keys[1:]:
            found = found | self.items[key]
        return found

    @property
    def count(self) -> Tally:
        return self.facts.count


@dataclass(frozen=True)
class Decision:
    """What a set says of all studies. `choices`: verdicts in the order they are asked, the first that holds wins;
    `rules`: by verdict, what was counted for it; `extra`: further results by name, by study."""

    choices: list[Choice]
    otherwise: str
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CriteriaSet:
    """A published set of criteria. `verdicts` from the most to the least; `counting`, `excluded`, `decisions` and the
    like are the sentences of its documentation page."""

    id: str
    title: str
    year: int
    disease: str
    purpose: str
    citation: str
    doi: str
    status: Status
    verdicts: tuple[str, ...]
    items: tuple[Item, ...]
    counting: str
    decide: Callable[[Evaluation], Decision]
    least_nerves: int = 1
    excluded: str = ""
    always_said: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    performance: tuple[str, ...] = ()
    fulfilled_by: tuple[str, ...] = ()

    @property
    def positive(self) -> tuple[str, ...]:
        """Verdicts that say the criteria are met: those named, else all but the last."""
        return self.fulfilled_by or self.verdicts[:-1]

    @property
    def names(self) -> tuple[str, ...]:
        """All verdicts it can give."""
        return (*self.verdicts, INSUFFICIENT)


@dataclass(frozen=True)
class Result:
    """A set's verdict on every study. `verdict`: codes into `set.names`; `items`: each item on every motor nerve;
    `counted`: by item, the motor nerves in which it was counted for the verdict; `extra`: see Decision."""

    set: CriteriaSet
    verdict: Codes
    settled: Mask
    items: Mapping[str, Truth]
    counted: Mapping[str, Mask]
    extra: dict[str, Any]

    def name(self, study: int) -> str:
        """The verdict on one study."""
        return self.set.names[self.verdict[study]]


def apply_set(criteria: CriteriaSet, facts: Facts) -> Result:
    """Apply one set to all studies."""
    evaluation = evaluate(criteria, facts)
    decision = criteria.decide(evaluation)
    names = criteria.names
    verdict, settled = choose(facts.physiology.studies, decision.choices, decision.otherwise, names)
    too_few = facts.tested < criteria.least_nerves
    verdict[too_few] = names.index(INSUFFICIENT)
    counted = _counted(decision.rules, verdict, names, evaluation)
    return Result(criteria, verdict, settled | too_few, evaluation.items, counted, decision.extra)


def evaluate(criteria: CriteriaSet, facts: Facts) -> Evaluation:
    """The items of a set on every motor nerve."""
    tested = {item.key: test_item(item, facts) for item in criteria.items}
    return Evaluation(facts, {key: replace(truth, items=frozenset({key})) for key, truth in tested.items()})


def test_item(item: Item, facts: Facts) -> Truth:
    """One item on every motor nerve. Where the paper leaves out carpal tunnel syndrome, so does the item."""
    condition = item.condition
    truth = condition.find(facts) if isinstance(condition, NerveFinding) else facts.test(condition)
    motor, asked = facts.motor, facts.options.compression_sites == "exclude"
    if item.wrist == "left out" or (item.wrist == "left out if asked" and asked):
        return truth & ~Truth(motor.cts, motor.cts_must, motor.cts_may)
    return truth


def _counted(
    rules: Mapping[str, list[Rule]], verdict: Codes, names: tuple[str, ...], evaluation: Evaluation
) -> dict[str, Mask]:
    """Where each item was counted by a rule that holds for the verdict given."""
    study = evaluation.facts.motor.study
    found = {key: np.zeros(len(study), bool) for key in evaluation.items}
    for name, group in rules.items():
        given = verdict == names.index(name)
        for rule in group:
            holds = (rule.truth.met & given)[study]
            for truth in rule.counted:
                for key in truth.items:
                    found[key] |= holds & truth.met & evaluation[key].met
    return found
