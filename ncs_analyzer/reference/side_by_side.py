"""The limits of every source for one nerve and one person, side by side, and two references against each other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ncs_analyzer.reference.finder import Finder, Wanted
from ncs_analyzer.reference.limit import Limit
from ncs_analyzer.reference.measures import unit_and_side
from ncs_analyzer.reference.misfits import words
from ncs_analyzer.reference.people import People
from ncs_analyzer.reference.tables import Reference, Source, default_rules
from ncs_analyzer.vocabulary.anatomy import USUAL_MUSCLE, USUAL_SENSORY_RECORDING

Record = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """One person; None where not known. Years, cm, kg, Hz (low-cut filter)."""

    age: float | None = None
    sex: str | None = None
    height: float | None = None
    weight: float | None = None
    low_cut: float | None = None

    @property
    def known(self) -> bool:
        """Whether anything is known of the person."""
        return any(v is not None for v in (self.age, self.sex, self.height, self.weight, self.low_cut))


PANEL: Final = tuple(
    Person(age, sex, height, weight)
    for age, heights, weights in ((4, (103, 103), (17, 17)), (12, (150, 150), (42, 42)), (25, (165, 179), (60, 75)),
                                  (45, (165, 179), (68, 83)), (65, (163, 176), (68, 82)), (75, (161, 174), (66, 80)))
    for sex, height, weight in zip("FM", heights, weights, strict=True)
)  # fmt: skip
"""People for whom two references are compared: from childhood to old age, of usual height and weight."""


def crowd(persons: Iterable[Person]) -> People:
    """People as arrays."""
    some = list(persons)

    def column(name: str) -> Any:
        return np.array([np.nan if getattr(p, name) is None else getattr(p, name) for p in some], float)

    height = column("height")
    return People(
        column("age"), height, column("weight") / (height / 100) ** 2, np.array([p.sex or "" for p in some], object),
        column("low_cut"),
    )  # fmt: skip


def all_limits(sources: Iterable[Source], nerve: str, measures: tuple[str, ...], person: Person) -> list[Record]:
    """What each source has for a nerve (all measures if none are named): for that person, or every row if nothing is
    known of the person. Sorted by study, measure, place and source."""
    found = [
        record
        for source in sources
        for record in (_for_person(source, nerve, measures, person) if person.known else _rows(source, nerve, measures))
    ]
    order = ("study", "measure", "recording", "segment", "against", "convention")
    return sorted(found, key=lambda r: (*(r[name] or "" for name in order), not r["built_in_order"], r["source"]))


def _of(source: Source, nerve: str, measures: tuple[str, ...]) -> Iterator[Limit]:
    return (x for x in source.limits if x.nerve == nerve and (not measures or x.measure in measures))


def _rows(source: Source, nerve: str, measures: tuple[str, ...]) -> Iterator[Record]:
    for limit in _of(source, nerve, measures):
        yield _record(source, limit, limit, limit.side(unit_and_side(limit.study, limit.measure)[1]), "")


def _for_person(source: Source, nerve: str, measures: tuple[str, ...], person: Person) -> Iterator[Record]:
    finder = Finder(Reference((source,)), crowd([person]))
    rows = {limit.row: limit for limit in source.limits}
    for first in {limit.key: limit for limit in _of(source, nerve, measures)}.values():
        found = finder.find_in(0, wanted_of(first))
        limit = rows.get(int(found.line[0]))
        value = float(found.value[0])
        yield _record(source, first, limit, None if np.isnan(value) else value, words(int(found.fit[0]), limit))


def wanted_of(limit: Limit) -> Wanted:
    """The question a row answers, with the usual muscle where it names none."""
    usual = USUAL_MUSCLE if limit.study in ("motor", "f_wave") else USUAL_SENSORY_RECORDING
    return Wanted(
        limit.study, limit.nerve, limit.measure, limit.recording or usual.get(limit.nerve, ""), limit.segment,
        limit.convention, not limit.segment or limit.measure.startswith("velocity"), limit.against,
    )  # fmt: skip


def _record(source: Source, of: Limit, limit: Limit | None, value: float | None, note: str) -> Record:
    unit, side = unit_and_side(of.study, of.measure)
    rule = next((r for r in default_rules() if r.fits(of.study, of.nerve, of.measure, of.recording)), None)
    blank = dict.fromkeys(("row", "for", "statistic", "n", "distance_mm", "mean", "sd"))
    about = blank if limit is None else {
        "row": limit.row,
        "for": limit.strata_words or "everybody",
        "statistic": limit.statistic or None,
        "n": None if limit.n is None else int(limit.n),
        "distance_mm": limit.distance_mm,
        "mean": limit.mean,
        "sd": limit.sd,
    }  # fmt: skip
    return {
        "source": source.id, "title": source.title, "study": of.study, "nerve": of.nerve, "measure": of.measure,
        "recording": of.recording or None, "segment": of.segment or None, "against": of.against or None,
        "convention": of.convention or None,
        "lower": value if side == "lower" else None, "upper": value if side == "upper" else None, "unit": unit, **about,
        "ages": None if source.card is None else source.card.ages,
        "built_in_order": rule is not None and source.id in rule.sources, "note": note or None,
    }  # fmt: skip


# ---------------------------------------------------------------- two references


def differences(a: Reference, b: Reference, persons: tuple[Person, ...] = PANEL) -> list[Record]:
    """Measures and places whose limit is not the same in two references, for some people.

    `a`, `b`: the lowest and the highest limit of those people; None: no limit. `largest_change_pct`: of one person.
    """
    people = crowd(persons)
    finders = Finder(a, people), Finder(b, people)
    wanted = dict.fromkeys(wanted_of(limit) for r in (a, b) for source in r.sources for limit in source.limits)
    found = []
    for question in sorted(wanted):
        (first, by_first), (second, by_second) = (finder.find(question) for finder in finders)
        same = (first.value == second.value) | (np.isnan(first.value) & np.isnan(second.value))
        if same.all():
            continue
        with np.errstate(invalid="ignore"):
            change = 100 * (second.value - first.value) / np.abs(first.value)
        largest = change[np.argmax(np.abs(np.nan_to_num(change)))]
        found.append({
            "study": question.study, "nerve": question.nerve, "measure": question.measure,
            "recording": question.recording or None, "segment": question.segment or None,
            "against": question.against or None, "convention": question.convention or None,
            "unit": unit_and_side(question.study, question.measure)[0],
            "a": _range(first.value), "b": _range(second.value),
            "a_sources": _names(a, by_first), "b_sources": _names(b, by_second),
            "people_that_differ": int((~same).sum()),
            "largest_change_pct": None if np.isnan(largest) else float(largest),
        })  # fmt: skip
    return found


def _range(values: Any) -> list[float] | None:
    known = values[~np.isnan(values)]
    return [float(known.min()), float(known.max())] if len(known) else None


def _names(reference: Reference, by: Any) -> list[str]:
    return sorted({reference.sources[i].id for i in np.unique(by) if i >= 0})
