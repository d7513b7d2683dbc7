"""Derive a limit for every measure of some studies: sample by sample, with what it is compared with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ncs_analyzer.arrays import Mask
from ncs_analyzer.readings import Readings
from ncs_analyzer.reference.derive.central import central
from ncs_analyzer.reference.derive.enorms import e_norms
from ncs_analyzer.reference.derive.estimate import Estimate, TooFewError
from ncs_analyzer.reference.derive.healthy import healthy
from ncs_analyzer.reference.derive.samples import Sample, samples
from ncs_analyzer.reference.derive.table import own_source
from ncs_analyzer.reference.finder import Finder
from ncs_analyzer.reference.measures import unit_and_side
from ncs_analyzer.reference.tables import Reference

Method = Literal["healthy", "central", "enorms"]


@dataclass(frozen=True)
class Choice:
    """How to derive. `percentile`: of the upper limit; a lower limit is its counterpart (97: the 3rd)."""

    method: Method = "central"
    percentile: float = 97.0
    seed: int = 0
    bootstraps: int = 200


@dataclass(frozen=True)
class Derived:
    """One measure: its sample, the limit (None: refused, and why), and what it is compared with.

    `typical`: the derived limit of the middle patient, `built_in` that patient's limit of the built-in reference, `plain`
    the percentile of all values as they are, `other` the limit of the other indirect method. NaN where there is none.
    """

    sample: Sample
    estimate: Estimate | None
    refused: str
    typical: float
    built_in: float
    plain: float
    other: float

    @property
    def unit(self) -> str:
        """The unit of the measure."""
        return unit_and_side(self.sample.wanted.study, self.sample.wanted.measure)[0]


def derive(readings: Readings, chosen: Mask, choice: Choice, built_in: Reference) -> Iterator[Derived]:
    """Derive a limit of every measure that the chosen studies (a mask) have; those with too few patients are refused."""
    for sample in samples(readings, chosen):
        yield _one(sample, choice, built_in)


def _one(sample: Sample, choice: Choice, built_in: Reference) -> Derived:
    side = unit_and_side(sample.wanted.study, sample.wanted.measure)[1]
    q = choice.percentile / 100 if side == "upper" else 1 - choice.percentile / 100
    estimate, refused = _estimated(choice.method, sample, side, choice)
    second: Method = "enorms" if choice.method == "central" else "central"
    other = None if choice.method == "healthy" else _estimated(second, sample, side, choice)[0]
    found, _ = Finder(built_in, sample.people).find(sample.wanted)
    known = found.value[np.isfinite(found.value)]
    return Derived(
        sample, estimate, refused, _typical(estimate, sample), float(np.median(known)) if len(known) else np.nan,
        float(np.quantile(sample.values, q)), _typical(other, sample),
    )  # fmt: skip


def _estimated(method: Method, sample: Sample, side: str, choice: Choice) -> tuple[Estimate | None, str]:
    values, people, measure = sample.values, sample.people, sample.wanted.measure
    try:
        if method == "enorms":
            return e_norms(values[values > 0], measure, side), ""
        how: dict[str, Any] = {"bootstraps": choice.bootstraps, "seed": choice.seed, "percentile": choice.percentile}
        made = healthy if method == "healthy" else central
        return made(values, people, measure, side, **how), ""
    except TooFewError as refusal:
        return None, str(refusal)


def _typical(estimate: Estimate | None, sample: Sample) -> float:
    """The median, over the patients, of their derived limits."""
    if estimate is None:
        return np.nan
    if len(estimate.rows) == 1 and estimate.rows[0].limit is not None:
        return estimate.rows[0].limit
    finder = Finder(Reference((own_source([(sample, estimate)]),)), sample.people)
    found = finder.find_in(0, sample.wanted).value
    return float(np.nanmedian(found)) if np.isfinite(found).any() else np.nan
