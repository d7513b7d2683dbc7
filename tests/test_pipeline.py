"""`analyze` is a function: the same input gives the same output, and nothing it was given is changed."""

import copy

import numpy as np
import pytest

from ncs_analyzer import analyze, document, load_reference, read
from ncs_analyzer.pipeline import Settings
from ncs_analyzer.readings import Readings
from tests.criteria.agreement import random_studies
from tests.judged import NO_REFERENCE, Judged, analysed
from tests.studies import Row, motor, study

SAMPLES = "sample_data/tidy.csv"


def rows() -> list[Row]:
    return [{**row, "patient_id": name} for name, rows in random_studies(30, 9).items() for row in rows]


def test_the_same_input_gives_the_same_output() -> None:
    assert document(analyze(read(SAMPLES))) == document(analyze(read(SAMPLES)))


def test_asking_twice_gives_the_same_answer() -> None:
    analysis = analyze(Readings.from_rows(rows()), NO_REFERENCE)
    assert document(analysis) == document(analysis)


def test_nothing_given_is_changed() -> None:
    given = rows()
    kept = copy.deepcopy(given)
    readings = Readings.from_rows(given)
    responses, studies = readings.responses.copy(deep=True), readings.studies.copy(deep=True)
    issues = list(readings.issues)
    document(analyze(readings, NO_REFERENCE))
    assert given == kept
    assert readings.responses.equals(responses)
    assert readings.studies.equals(studies)
    assert list(readings.issues) == issues


def test_the_reference_is_not_changed() -> None:
    reference = load_reference(["aanem_ndtf_2016"])
    before = [source.hash for source in reference.sources]
    analyze(read(SAMPLES), reference)
    assert [source.hash for source in reference.sources] == before


def test_physiology_is_not_changed_by_what_could_change() -> None:
    judged = analysed(random_studies(30, 9))
    motor_before = judged.analysis.physiology.motor.dcmap_pct.copy()
    drops_before = judged.analysis.physiology.pairs.amp_ratio.copy()
    assert judged.analysis.could_change
    assert np.array_equal(judged.analysis.physiology.motor.dcmap_pct, motor_before, equal_nan=True)
    assert np.array_equal(judged.analysis.physiology.pairs.amp_ratio, drops_before, equal_nan=True)


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(KeyError):
        analyze(read(SAMPLES), settings=Settings(criteria=("cidp_of_tomorrow",)))


def test_only_the_sets_asked_for_are_applied() -> None:
    chosen = ("cidp_barohn_1989", "gbs_ho_1995")
    judged = analysed({"P": study(motor("ulnar"), motor("tibial"))}, Settings(criteria=chosen))
    assert set(judged.analysis.results) == set(chosen)


def test_the_choice_of_sets_changes_no_verdict() -> None:
    studies = random_studies(40, 10)
    every, one = analysed(studies), analysed(studies, Settings(criteria=("gbs_uncini_2017",)))
    for name in one.number:
        assert one.verdict(name, "gbs_uncini_2017") == every.verdict(name, "gbs_uncini_2017")


def test_no_study_is_no_error() -> None:
    empty = Judged(analyze(Readings.from_rows([]), NO_REFERENCE))
    assert len(empty.analysis) == 0
    assert document(empty.analysis)["studies"] == []


def test_a_study_without_motor_nerves_is_insufficient() -> None:
    from tests.studies import sensory

    judged = analysed({"P": study(sensory("sural"))})
    assert {r.name(0) for r in judged.analysis.results.values()} == {"insufficient_data"}
