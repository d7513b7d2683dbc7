"""The program and the oracle say the same of random studies that sit on every threshold."""

from fractions import Fraction
from typing import Any

import pytest

from ncs_analyzer.criteria.registry import criteria_sets
from ncs_analyzer.pipeline import Settings
from tests.criteria.agreement import clean, differences, random_studies
from tests.criteria.settled import SEED, STUDIES, digest, kept, said_of
from tests.judged import Judged, analysed
from tests.oracle import SETS
from tests.oracle.nerves import read_study
from tests.studies import Row

CHOICES = [
    (Settings(), 200, 1),
    (Settings(compression_sites="include"), 60, 2),
    (Settings(compression_sites="exclude"), 60, 3),
    (Settings(nerve_counting="any"), 40, 4),
]


def test_the_oracle_knows_every_set() -> None:
    assert set(SETS) == set(criteria_sets())


@pytest.mark.parametrize(("settings", "n", "seed"), CHOICES, ids=lambda value: str(value)[:60])
def test_verdicts_items_levels_grades_and_classes_agree(settings: Settings, n: int, seed: int) -> None:
    assert sorted(differences(random_studies(n, seed), settings)) == []


def test_most_random_studies_are_judged() -> None:
    studies = random_studies(200, 1)
    assert len(clean(analysed(studies), studies)) > 0.9 * len(studies)


@pytest.mark.parametrize("set_id", criteria_sets())
def test_random_studies_reach_every_verdict(set_id: str) -> None:
    reached = {random_batch().verdict(name, set_id) for name in random_batch().number}
    assert set(criteria_sets()[set_id].verdicts) <= reached


def random_batch(_made: list[Judged] = []) -> Judged:  # noqa: B006  (made once)
    if not _made:
        _made.append(analysed(random_studies(1500, 5)))
    return _made[0]


EXACT = {
    "distal latency": ("dml_pct", (100, 110, 115, 120, 125, 130, 150)),
    "distal amplitude": ("dcmap_pct", (10, 20, 50, 80, 100)),
    "velocity": ("velocity_pct", (70, 80, 85, 90, 95, 100)),
    "F latency": ("f_pct", (100, 120, 125, 130, 150)),
    "amplitude ratio": ("amplitude_ratio", (Fraction(36, 100), Fraction(1, 2), Fraction(7, 10))),
    "area ratio": ("area_ratio", (Fraction(1, 2), Fraction(6, 10), Fraction(7, 10))),
    "duration ratio": ("duration_ratio", (Fraction(115, 100), Fraction(13, 10), Fraction(16, 10), Fraction(2))),
}


@pytest.mark.parametrize("measure", EXACT)
def test_random_studies_sit_exactly_on_every_threshold(measure: str) -> None:
    field, thresholds = EXACT[measure]
    seen: set[Any] = set()
    for rows in random_studies(400, 6).values():
        for nerve in read_study(rows).motor.values():
            if field in ("dml_pct", "dcmap_pct"):
                seen.add(getattr(nerve, field))
            elif field == "f_pct":
                seen.add(nerve.f_wave.pct)
            else:
                seen |= {getattr(pair, field) for pair in nerve.recorded_pairs}
    assert {Fraction(threshold) for threshold in thresholds} <= seen


# ---------------------------------------------------------------- settled, and what could change


@pytest.fixture(scope="module")
def blanks() -> tuple[Judged, dict[str, list[Row]], list[str]]:
    studies = random_studies(STUDIES, SEED)
    judged = analysed(studies)
    return judged, studies, clean(judged, studies)


def test_the_file_is_of_these_studies_and_of_this_oracle() -> None:
    studies = random_studies(STUDIES, SEED)
    assert {digest(rows) for rows in studies.values()} == set(kept())
    smallest = sorted(studies.values(), key=len)[:12]
    assert [said_of(rows) for rows in smallest] == [kept()[digest(rows)] for rows in smallest]


@pytest.mark.parametrize("set_id", criteria_sets())
def test_settled_is_sound_and_exact_where_it_can_be(
    blanks: tuple[Judged, dict[str, list[Row]], list[str]], set_id: str
) -> None:
    """Never called settled where a blank could matter; for the sets without negations exactly where none could."""
    judged, studies, names = blanks
    said, oracle = kept(), {}
    for name in names:
        oracle[name] = said[digest(studies[name])][set_id] is None
    wrongly = [name for name in names if judged.settled(name, set_id) and not oracle[name]]
    assert wrongly == []
    cautious = [name for name in names if oracle[name] and not judged.settled(name, set_id)]
    if set_id.startswith("cidp_"):
        assert cautious == []
    else:
        assert len(cautious) <= 0.1 * len(names)


@pytest.mark.parametrize("set_id", [s for s in criteria_sets() if not s.startswith("mmn_")])
def test_what_could_change_the_verdict(blanks: tuple[Judged, dict[str, list[Row]], list[str]], set_id: str) -> None:
    judged, studies, names = blanks
    said = kept()
    for name in names:
        if said[digest(studies[name])][set_id] is None and not judged.settled(name, set_id):
            continue  # the program is cautious: see above
        wanted = {tuple(measure) for measure in said[digest(studies[name])][set_id] or ()}
        found = judged.analysis.could_change[set_id].get(judged.number[name], [])
        of_filter = {m for m in found if m.limit and m.measure == "duration"}
        assert {(m.nerve, m.side, m.measure) for m in found if m not in of_filter} - (wanted - FILTER) <= set(), name
        missed = wanted - FILTER - {(m.nerve, m.side, m.measure) for m in found}
        assert missed == set(), name
        assert not (wanted & FILTER) or of_filter, name


FILTER = {("", "", "low_cut_hz")}
"""What the oracle calls a filter that is not known; to the program it is the limit of a duration."""
