"""Classes of nerves and the pattern of a study, at each border of a count."""

import pytest

from ncs_analyzer.interpretation.pattern import (
    CATEGORIES,
    DISTRIBUTIONS,
    MOTOR_CLASSES,
    SENSORY_CLASSES,
    SENSORY_MOTOR,
)
from tests.judged import analysed
from tests.studies import Row, motor, sensory, study

SLOW = {"mcv": "39"}  # 78 % of 50, CMAP 200 %: demyelinating
SMALL = {"amp": "4.9", "amp2": "4.9"}  # below 5.0: axonal


def motor_class(nerve: str, **changes: str | None) -> str:
    judged = analysed({"P": study(motor(nerve, **changes))})
    return MOTOR_CLASSES[judged.analysis.pattern.motor_class[0]]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "normal"),
        ({"mcv": "40"}, "slowed"),  # 80 %
        ({"mcv": "39.9"}, "demyelinating"),
        ({"mcv": "50"}, "normal"),
        ({"mcv": "49.9"}, "slowed"),
        ({"amp": "3.9", "amp2": "3.9", "mcv": "36"}, "axonal"),  # CMAP 78 %: only below 70 %
        ({"amp": "3.9", "amp2": "3.9", "mcv": "35"}, "axonal"),
        ({"amp": "3.9", "amp2": "3.9", "mcv": "34.9"}, "demyelinating"),
        ({"amp": "4.0", "amp2": "4.0", "mcv": "39.9"}, "demyelinating"),  # CMAP 80 %
        ({"dml": "4.0"}, "normal"),
        ({"dml": "4.1"}, "slowed"),
        ({"dml": "5.0"}, "slowed"),  # 125 %
        ({"dml": "5.1"}, "demyelinating"),
        ({"amp": "3.9", "dml": "6.0"}, "axonal"),
        ({"amp": "3.9", "dml": "6.1"}, "demyelinating"),
        ({"f": "30.0"}, "normal"),
        ({"f": "30.1"}, "slowed"),
        ({"f": "36.0"}, "slowed"),  # 120 %
        ({"f": "36.1"}, "demyelinating"),
        ({"f": "absent"}, "slowed"),
        ({"f": None}, "normal"),
        ({"amp2": "7.1"}, "normal"),
        ({"amp2": "7.0"}, "demyelinating"),
        ({"amp": "4.9", "amp2": "4.9"}, "axonal"),
        ({"amp": "5.0", "amp2": "5.0"}, "normal"),
        ({"amp": "absent"}, "axonal"),
        ({"dur2": "6.5"}, "normal"),
        ({"dur2": "6.6"}, "demyelinating"),
        ({"dur": "9.6", "dur2": "9.6"}, "normal"),  # ulnar at 2 Hz
        ({"dur": "9.7", "dur2": "9.7"}, "demyelinating"),
        ({"amp": ""}, "not_classifiable"),
        ({"amp_limit": ""}, "not_classifiable"),
        ({"amp_limit": "", "mcv": "34"}, "demyelinating"),
    ],
)
def test_class_of_a_motor_nerve(changes: dict[str, str | None], expected: str) -> None:
    assert motor_class("ulnar", **changes) == expected


def test_tibial_block_and_dispersion_have_their_own_limits() -> None:
    assert motor_class("tibial", amp2="5.1") == "normal"
    assert motor_class("tibial", amp2="5.0") == "demyelinating"
    assert motor_class("tibial", dur2="9.9") == "normal"
    assert motor_class("tibial", dur2="10.0") == "demyelinating"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "normal"),
        ({"snap": "10"}, "normal"),
        ({"snap": "9.9"}, "reduced"),
        ({"snap": "absent"}, "reduced"),
        ({"velocity": "50"}, "normal"),
        ({"velocity": "49.9"}, "slowed"),
        ({"onset": "3.0"}, "normal"),
        ({"onset": "3.1", "peak": "3.9"}, "slowed"),
        ({"peak": "4.1"}, "slowed"),
        ({"snap": "9.9", "velocity": "40"}, "reduced"),
        ({"snap_limit": ""}, "not_classifiable"),
    ],
)
def test_class_of_a_sensory_nerve(changes: dict[str, str | None], expected: str) -> None:
    judged = analysed({"P": study(motor("ulnar"), sensory("sural", **changes))})
    assert SENSORY_CLASSES[judged.analysis.pattern.sensory_class[0]] == expected


# ---------------------------------------------------------------- studies

NERVES = [(n, s) for n in ("fibular", "tibial", "ulnar") for s in "RL"]


def batch(demyelinating: int, axonal: int, sensory_lost: int = 0, normal: int = 1) -> list[list[Row]]:
    """As many nerves of each kind."""
    kinds: list[dict[str, str]] = [SLOW] * demyelinating + [SMALL] * axonal + [{}] * normal
    found = [motor(*nerve, **kind) for nerve, kind in zip(NERVES, kinds, strict=False)]
    lost = [("sural", "R"), ("sural", "L"), ("superficial_radial", "R")][:sensory_lost]
    return found + [sensory(*nerve, snap="9") for nerve in lost]


def category(*nerves: list[Row], **about: str) -> str:
    judged = analysed({"P": study(*nerves, **about)})
    return CATEGORIES[judged.analysis.pattern.category[0]]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 0, 0, 2), "normal"),
        ((2, 0), "demyelinating"),
        ((2, 2), "demyelinating"),
        ((2, 3), "mixed"),
        ((3, 2), "demyelinating"),
        ((1, 2), "mixed"),
        ((1, 1), "equivocal"),
        ((1, 0), "focal"),
        ((0, 2), "axonal"),
        ((0, 1), "focal"),
        ((0, 1, 1), "axonal"),
        ((0, 0, 2, 2), "axonal"),
        ((0, 0, 1, 2), "focal"),
        ((1, 0, 2), "equivocal"),
        ((1, 1, 2), "equivocal"),
        ((2, 1, 3), "demyelinating"),
    ],
)
def test_pattern_by_counts(counts: tuple[int, ...], expected: str) -> None:
    assert category(*batch(*counts)) == expected


def test_one_motor_nerve_is_not_enough() -> None:
    assert category(motor("ulnar", **SLOW)) == "insufficient_data"
    assert category(sensory("sural", snap="9")) == "insufficient_data"
    no_limit = dict.fromkeys(("dml_limit", "amp_limit", "mcv_limit", "f_limit"), "")
    assert category(motor("ulnar", **no_limit), motor("tibial", **no_limit)) == "insufficient_data"
    assert category(motor("ulnar", **no_limit), motor("tibial")) == "normal"


def test_motor_and_sensory_of_one_nerve_are_one_nerve() -> None:
    assert category(motor("ulnar", **SMALL), sensory("ulnar", snap="9"), motor("tibial")) == "focal"
    assert category(motor("ulnar", **SMALL), sensory("ulnar", "L", snap="9"), motor("tibial")) == "axonal"


def test_what_an_entrapment_explains_is_focal() -> None:
    elbow = motor("ulnar", sites="wrist below_elbow above_elbow", mcv3="35")
    assert category(elbow, motor("tibial")) == "focal"
    assert category(elbow, sensory("ulnar", snap="9"), motor("tibial")) == "focal"
    assert category(motor("median", dml="4.9"), motor("ulnar"), sensory("median", snap="9")) == "focal"
    assert category(motor("ulnar"), motor("tibial"), sensory("median", snap="9"), cts_right="yes") == "focal"


def test_an_entrapment_beside_a_neuropathy_is_not_counted() -> None:
    elbow = motor("ulnar", sites="wrist below_elbow above_elbow", mcv3="35", **SMALL, amp3="4.9")
    assert category(elbow, motor("tibial", **SMALL), motor("fibular")) == "focal"
    assert category(elbow, motor("tibial", **SMALL), motor("fibular", **SMALL)) == "axonal"


def test_slowness_across_a_site_explains_nothing_where_the_nerve_is_slow_below_it() -> None:
    both = motor("ulnar", sites="wrist below_elbow above_elbow", mcv="45", mcv3="44")
    worse = motor("ulnar", sites="wrist below_elbow above_elbow", mcv="45", mcv3="34.9")
    judged = analysed({"same": study(both, motor("tibial")), "worse": study(worse, motor("tibial"))})
    pattern = judged.analysis.pattern
    assert pattern.at_compression_site[judged.motor_lines[judged.number["same"], "ulnar", "right"]] == False  # noqa: E712
    assert pattern.at_compression_site[judged.motor_lines[judged.number["worse"], "ulnar", "right"]] == True  # noqa: E712


def test_included_sites_explain_nothing() -> None:
    from ncs_analyzer.pipeline import Settings

    rows = {"P": study(motor("ulnar", sites="wrist below_elbow above_elbow", mcv3="39"), motor("tibial", mcv="39"))}
    assert CATEGORIES[analysed(rows).analysis.pattern.category[0]] == "focal"
    included = analysed(rows, Settings(compression_sites="include"))
    assert CATEGORIES[included.analysis.pattern.category[0]] == "demyelinating"


# ---------------------------------------------------------------- sensory or motor, and where


def words(*nerves: list[Row]) -> tuple[str, str]:
    pattern = analysed({"P": study(*nerves)}).analysis.pattern
    return SENSORY_MOTOR[pattern.sensory_motor[0]], DISTRIBUTIONS[pattern.distribution[0]]


FOUR = [("ulnar", "R"), ("ulnar", "L"), ("tibial", "R"), ("tibial", "L")]


def four(**amplitudes: str) -> list[list[Row]]:
    """Ulnar and tibial nerves of both sides, some small; by "ulnar_R"."""
    return [motor(n, s, **({"amp": a, "amp2": a} if (a := amplitudes.get(f"{n}_{s}")) else {})) for n, s in FOUR]


def test_sensory_and_motor() -> None:
    legs = [sensory("sural", s, snap="9") for s in "RL"]
    assert words(*four())[0] == "none"
    assert words(*four(tibial_R="3", tibial_L="3"))[0] == "motor"
    assert words(*four(), *legs)[0] == "sensory"
    assert words(*four(tibial_R="3", tibial_L="3"), *legs)[0] == "sensorimotor"


@pytest.mark.parametrize(
    ("amplitudes", "expected"),
    [
        ({}, "none"),
        ({"tibial_R": "3"}, "focal"),
        ({"tibial_R": "3", "tibial_L": "3"}, "length_dependent"),
        ({"tibial_R": "3", "tibial_L": "3", "ulnar_R": "4", "ulnar_L": "4"}, "length_dependent"),
        ({"tibial_R": "4", "tibial_L": "4", "ulnar_R": "3", "ulnar_L": "3"}, "generalised"),
        ({"ulnar_R": "3", "ulnar_L": "3"}, "upper_limb"),
        ({"tibial_R": "4", "tibial_L": "2", "ulnar_R": "4", "ulnar_L": "4"}, "length_dependent"),  # exactly 50 %
        ({"tibial_R": "4", "tibial_L": "1.9", "ulnar_R": "4", "ulnar_L": "4"}, "asymmetric"),
        ({"tibial_R": "3", "ulnar_R": "3"}, "asymmetric"),  # the classes differ
    ],
)
def test_distribution(amplitudes: dict[str, str], expected: str) -> None:
    found = words(*four(**amplitudes))[1]
    assert found == expected


def test_legs_alone_without_arms_tested() -> None:
    assert words(*(motor("tibial", s, amp="3", amp2="3") for s in "RL"), motor("fibular"))[1] == "lower_limb"
