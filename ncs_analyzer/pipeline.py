"""The one path through the rooms: readings, limits, physiology, criteria, interpretation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ncs_analyzer.criteria.registry import apply_all, choose_sets
from ncs_analyzer.criteria.sets import Facts, Options, Result
from ncs_analyzer.criteria.what_if import Measure, could_change
from ncs_analyzer.interpretation.conclusions import Interpretation
from ncs_analyzer.interpretation.pattern import Pattern
from ncs_analyzer.physiology import Physiology, find_physiology
from ncs_analyzer.readings import Readings
from ncs_analyzer.reference.lookup import Limits, find_limits
from ncs_analyzer.reference.misfits import sentences
from ncs_analyzer.reference.tables import Reference, default_reference
from ncs_analyzer.responses import Responses


@dataclass(frozen=True)
class Settings:
    """What a user can choose. `criteria`: ids of the sets to apply (empty: all); `compression_sites`: None means
    excluded, as the sets ask; `nerve_counting`: of EAN/PNS 2021. Recorded in every output."""

    criteria: tuple[str, ...] = ()
    compression_sites: Literal["exclude", "include"] | None = None
    nerve_counting: Literal["literal", "any"] = "literal"

    @property
    def options(self) -> Options:
        """The settings that change verdicts."""
        return Options(self.compression_sites, self.nerve_counting)


@dataclass(frozen=True)
class Analysis:
    """Everything found in some readings. `results`: the verdicts of each criteria set by id."""

    readings: Readings
    reference: Reference
    settings: Settings
    responses: Responses
    limits: Limits
    physiology: Physiology
    results: Mapping[str, Result] = field(repr=False)

    @cached_property
    def facts(self) -> Facts:
        """What the criteria looked at."""
        return Facts(self.physiology, self.settings.options)

    @cached_property
    def interpretation(self) -> Interpretation:
        """What a reader concludes beside the criteria."""
        return Interpretation(self.facts, self.responses, self.readings.studies)

    @property
    def pattern(self) -> Pattern:
        """Classes of the nerves and the pattern of every study."""
        return self.interpretation.pattern

    @cached_property
    def could_change(self) -> dict[str, dict[int, list[Measure]]]:
        """By set and study, the untested measures that alone could change the verdict."""
        return could_change([result.set for result in self.results.values()], dict(self.results), self.facts)

    @cached_property
    def misfits(self) -> dict[int, list[str]]:
        """By study, sentences on limits that do not quite fit the values compared with them."""
        return sentences(self.limits, self.responses, self.reference)

    def __len__(self) -> int:
        """How many studies there are."""
        return len(self.readings.studies)


def analyze(readings: Readings, reference: Reference | None = None, settings: Settings | None = None) -> Analysis:
    """Analyse all studies of some readings. Without a reference: the built-in one. Raises KeyError for an unknown
    criteria set."""
    reference = reference or default_reference()
    settings = settings or Settings()
    responses = Responses.of(readings)
    limits = find_limits(readings, responses, reference)
    physiology = find_physiology(responses, limits, readings.studies, settings.options.include_compression)
    facts = Facts(physiology, settings.options)
    results = apply_all(choose_sets(settings.criteria), facts)
    analysis = Analysis(readings, reference, settings, responses, limits, physiology, results)
    analysis.__dict__["facts"] = facts
    return analysis
