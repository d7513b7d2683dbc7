"""The shipped sources: built from their printed numbers, checked, and complete."""

import csv
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest
from pydantic import TypeAdapter

from ncs_analyzer.reference.card import SourceCard
from ncs_analyzer.reference.measures import MEASURES, measures_of
from ncs_analyzer.reference.parse import check_table, checked_limits
from ncs_analyzer.reference.tables import Rule, builtin, builtin_ids, default_rules
from ncs_analyzer.resources import shipped
from ncs_analyzer.vocabulary.anatomy import NERVES
from tests.reference.printed import agrees, build_module, printed_rows

ROOT = shipped("reference_ranges")
SOURCES = builtin_ids()


def test_limits_are_what_the_build_makes_of_the_printed_numbers() -> None:
    build = build_module()
    sources = [build.Source(ROOT / name) for name in SOURCES]
    underlying = build.adopted(sources)
    for source in sources:
        assert build.build(source, underlying) == (ROOT / source.id / "limits.csv").read_text(encoding="utf-8"), (
            source.id
        )


@pytest.mark.parametrize("name", SOURCES)
def test_every_shipped_limit_is_printed(name: str) -> None:
    printed = printed_rows(ROOT / name / "printed.csv")
    for limit in builtin(name).limits:
        assert any(agrees(limit, row) for row in printed), f"{name} row {limit.row}: {limit}"


@pytest.mark.parametrize("name", SOURCES)
def test_no_unconfirmed_number_is_shipped(name: str) -> None:
    printed = printed_rows(ROOT / name / "printed.csv")
    sure = [row for row in printed if row["verification"] != "unconfirmed"]
    for limit in builtin(name).limits:
        assert any(agrees(limit, row) for row in sure), f"{name} row {limit.row}"


@pytest.mark.parametrize("name", SOURCES)
def test_card_and_warnings(name: str) -> None:
    """What is shipped is sound: at a start it is read without these checks."""
    card = builtin(name).card
    assert card is not None
    check_kinds(card)
    assert card.id == name
    assert all(getattr(card, field.name) != "" for field in fields(card) if field.name not in ("doi", "pmid"))
    warnings = check_table(limits_text(name))[1]
    assert [str(w) for w in warnings if not any(k in str(w) for k in card.known_warnings)] == []
    assert [k for k in card.known_warnings if not any(k in str(w) for w in warnings)] == []


@pytest.mark.parametrize("name", SOURCES)
def test_a_shipped_table_reads_alike_with_and_without_checks(name: str) -> None:
    assert builtin(name).limits
    assert builtin(name).limits == checked_limits(limits_text(name), name)


def limits_text(name: str) -> str:
    return (ROOT / name / "limits.csv").read_text(encoding="utf-8")


def check_kinds(entry: SourceCard | Rule) -> None:
    for name, kind in get_type_hints(type(entry)).items():
        TypeAdapter(kind).validate_python(getattr(entry, name), strict=True)


def test_every_folder_has_its_three_files() -> None:
    folders = [p for p in ROOT.iterdir() if p.is_dir() and p.name != "__pycache__"]
    for folder in folders:
        assert {p.name for p in folder.iterdir()} == {"limits.csv", "printed.csv", "source.toml"}, folder.name
    assert {p.name for p in folders} == set(SOURCES)


def test_no_row_is_used_of_an_age_the_source_does_not_speak_for() -> None:
    for name in SOURCES:
        card = builtin(name).card
        assert card is not None
        for limit in builtin(name).limits:
            if limit.age_min is not None and card.age_min is not None:
                assert limit.age_min >= card.age_min, (name, limit.row)
            if limit.age_max is not None and card.age_max is not None:
                assert limit.age_max <= card.age_max, (name, limit.row)


# ---------------------------------------------------------------- the order of the sources


def test_rules_name_what_exists() -> None:
    for rule in default_rules():
        check_kinds(rule)
        assert rule.study in MEASURES
        assert set(rule.sources) <= set(SOURCES)
        assert set(rule.nerves) <= {"*", *NERVES}
        assert set(rule.measures) <= {"*", *measures_of(rule.study)}


def first_rule(study: str, nerve: str, measure: str, recording: str) -> Rule | None:
    return next((r for r in default_rules() if r.fits(study, nerve, measure, recording)), None)


def test_every_rule_is_needed() -> None:
    """No rule stands behind one that takes all of its measures, and each source of a rule has rows for it."""
    for rule in default_rules():
        for name in rule.sources:
            served = {
                (limit.nerve, limit.measure, recording)
                for limit in builtin(name).limits if limit.study == rule.study
                for recording in ((limit.recording,) if limit.recording else ("", *rule.recordings))
            }  # fmt: skip
            of_rule = [found for found in served if first_rule(rule.study, *found) is rule]
            assert of_rule, f"{name} has nothing for {rule}"


def test_sources_of_one_rule_speak_for_different_ages() -> None:
    """Never two sources for one person within one nerve and measure."""
    for rule in default_rules():
        for i, first in enumerate(rule.sources):
            for second in rule.sources[i + 1 :]:
                a, b = builtin(first).card, builtin(second).card
                assert a is not None
                assert b is not None
                for nerve in NERVES:
                    if all(any(x.nerve == nerve and rule.fits(x.study, nerve, x.measure, x.recording)
                               for x in builtin(name).limits) for name in (first, second)):  # fmt: skip
                        start = max(a.age_min or 0, b.age_min or 0)
                        end = min(a.age_max or 200, b.age_max or 200)
                        assert start >= end or (first, second) in KNOWN_MIXTURES, (first, second, nerve)


KNOWN_MIXTURES = {
    ("ryan_2019", "preston_shapiro_2021"): "the textbook's 'adults' are read as from 16 years on; to 18 Ryan decides",
}


def test_no_rule_speaks_of_a_hidden_path() -> None:
    text = (ROOT / "default.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)) == {"use"}


def test_printed_files_name_their_source() -> None:
    for name in SOURCES:
        with Path(ROOT / name / "printed.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        assert all(row["source"] for row in rows), name
