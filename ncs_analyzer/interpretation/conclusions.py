"""What a reader concludes beside the published sets, each worked out when it is first asked for."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ncs_analyzer.arrays import Codes
from ncs_analyzer.criteria.sets import Facts
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.interpretation.gbs_signs import LongDuration, long_duration
from ncs_analyzer.interpretation.hereditary import Hereditary, find_hereditary
from ncs_analyzer.interpretation.indices import Indices, find_indices
from ncs_analyzer.interpretation.pattern import Pattern, find_pattern
from ncs_analyzer.interpretation.protocol import Step, protocol
from ncs_analyzer.interpretation.serial import Serial, find_serial
from ncs_analyzer.interpretation.severity import severity
from ncs_analyzer.interpretation.sural_sparing import sural_sparing
from ncs_analyzer.responses import Responses


@dataclass(frozen=True)
class Interpretation:
    """The conclusions about every study. `studies`: Readings.studies."""

    facts: Facts
    responses: Responses
    studies: pd.DataFrame

    @cached_property
    def pattern(self) -> Pattern:
        """Classes of the nerves, the pattern of the study, entrapment."""
        return find_pattern(self.facts, self.responses)

    @cached_property
    def severity(self) -> Codes:
        """Codes into severity.SEVERITIES."""
        return severity(self.pattern)

    @cached_property
    def hereditary(self) -> Hereditary:
        """Uniform slowing, and HNPP worth naming."""
        return find_hereditary(self.pattern)

    @cached_property
    def sural_sparing(self) -> dict[str, Truth]:
        """By published variant."""
        return sural_sparing(self.facts.sensory)

    @cached_property
    def long_duration(self) -> LongDuration:
        """Distal CMAP duration that speaks for GBS."""
        return long_duration(self.facts)

    @cached_property
    def indices(self) -> Indices:
        """Ratios of amplitudes."""
        return find_indices(self.responses, self.studies["age_years"].to_numpy(float))

    @cached_property
    def protocol(self) -> list[Step]:
        """Steps of the protocol of EAN/PNS 2021."""
        return protocol(self.facts)

    @cached_property
    def serial(self) -> Serial:
        """Change since the patient's study before."""
        return find_serial(self.pattern, self.studies)
