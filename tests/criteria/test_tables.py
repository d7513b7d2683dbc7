"""Every item, grade and verdict of every published set, at its threshold, beside it, and with each input missing."""

import pytest

from ncs_analyzer.criteria.registry import block_definitions, criteria_sets
from ncs_analyzer.pipeline import Settings
from tests.criteria.tables import Case, read_tables
from tests.judged import Judged, analysed

TABLES = read_tables()
ITEMS = [(table.about, case) for table in TABLES for case in table.items]
GRADES = [(table.about, case) for table in TABLES for case in table.grades]
VERDICTS = [(table.about, case) for table in TABLES for case in table.verdicts]
ALL = [*ITEMS, *GRADES, *VERDICTS]


@pytest.fixture(scope="module")
def judged() -> dict[Settings, Judged]:
    """All studies of all tables, one batch for each choice of settings."""
    batches: dict[Settings, dict[str, Case]] = {}
    for _, case in ALL:
        batches.setdefault(case.settings, {})[case.id] = case
    return {
        settings: analysed({name: case.rows for name, case in cases.items()}, settings)
        for settings, cases in batches.items()
    }


def _ids(cases: list[tuple[str, Case]]) -> list[str]:
    return [case.id for _, case in cases]


def test_no_case_stands_twice() -> None:
    ids = _ids(ALL)
    assert sorted(ids) == sorted(set(ids))


def test_the_studies_are_read_as_meant(judged: dict[Settings, Judged]) -> None:
    assert [words for batch in judged.values() for words in batch.complaints()] == []


@pytest.mark.parametrize(("about", "case"), ITEMS, ids=_ids(ITEMS))
def test_item(judged: dict[Settings, Judged], about: str, case: Case) -> None:
    item, nerve, *_ = case.asked
    assert judged[case.settings].item(case.id, about, item, nerve) == case.expected


@pytest.mark.parametrize(("about", "case"), GRADES, ids=_ids(GRADES))
def test_grade(judged: dict[Settings, Judged], about: str, case: Case) -> None:
    _, nerve, distal, proximal = case.asked
    assert judged[case.settings].grade(case.id, about, nerve, "right", distal, proximal) == case.expected


@pytest.mark.parametrize(("about", "case"), VERDICTS, ids=_ids(VERDICTS))
def test_verdict(judged: dict[Settings, Judged], about: str, case: Case) -> None:
    batch = judged[case.settings]
    assert batch.verdict(case.id, about) == case.expected
    assert batch.settled(case.id, about) == case.settled
    for path, expected in case.also.items():
        assert batch.extra(case.id, about, path) == expected, path


# ---------------------------------------------------------------- nothing published is left out


@pytest.mark.parametrize("set_id", criteria_sets())
def test_every_item_of_a_set_is_met_and_not_met_and_left_open(set_id: str) -> None:
    seen: dict[str, set[str]] = {}
    for about, case in ITEMS:
        if about == set_id:
            seen.setdefault(case.asked[0], set()).add(case.expected)
    assert {item.key for item in criteria_sets()[set_id].items} == set(seen)
    decided_by_row = {"cidp_koski_2009": {"absent"}}  # a response is there or not: nothing to leave open
    for item, outcomes in seen.items():
        wanted = {"met", "not_met"} | ({"not_evaluable"} if item not in decided_by_row.get(set_id, ()) else set())
        assert wanted <= outcomes, item


@pytest.mark.parametrize("set_id", criteria_sets())
def test_every_verdict_of_a_set_is_reached(set_id: str) -> None:
    reached = {case.expected for about, case in VERDICTS if about == set_id}
    assert reached == set(criteria_sets()[set_id].names)


@pytest.mark.parametrize("definition", block_definitions())
def test_every_grade_of_a_definition_is_reached(definition: str) -> None:
    reached = {case.expected for about, case in GRADES if about == definition}
    assert {"definite", "probable", "none", "not_evaluable"} <= reached


def test_tables_are_about_what_exists() -> None:
    assert {table.about for table in TABLES} == {*criteria_sets(), *block_definitions()}
