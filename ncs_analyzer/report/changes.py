"""What other limits would change in a cohort: grades of readings and verdicts."""

from collections import Counter
from typing import Any

import numpy as np

from ncs_analyzer.pipeline import analyze
from ncs_analyzer.readings import Readings
from ncs_analyzer.reference.grading import graded_readings
from ncs_analyzer.reference.tables import Reference

Record = dict[str, Any]


def cohort_changes(readings: Readings, a: Reference, b: Reference) -> Record:
    """Readings whose grade, and studies whose verdict, is another one with `b` than with `a`; counted, most first."""
    first, second = analyze(readings, a), analyze(readings, b)
    graded = [graded_readings(readings, x.responses, x.limits) for x in (first, second)]
    grades = [table["grade"].astype(object).fillna("withheld").to_numpy() for table in graded]
    differs = np.flatnonzero(grades[0] != grades[1])
    about = graded[0].iloc[differs]
    counted = Counter(zip(about["study"], about["nerve"], about["measure"], *(g[differs] for g in grades), strict=True))
    verdicts = Counter(
        (name, before, after)
        for name, result in first.results.items()
        for study in range(len(first))
        if (before := result.name(study)) != (after := second.results[name].name(study))
    )
    return {
        "studies": len(first),
        "readings": len(graded[0]),
        "readings_that_change": len(differs),
        "grades": _ranked(counted, ("study", "nerve", "measure", "a", "b"), "readings"),
        "verdicts": _ranked(verdicts, ("criteria", "a", "b"), "studies"),
    }


def _ranked(counted: Counter[Any], names: tuple[str, ...], count: str) -> list[Record]:
    order = sorted(counted.items(), key=lambda item: (-item[1], tuple(map(str, item[0]))))
    return [{**dict(zip(names, key, strict=True)), count: n} for key, n in order]
