"""Quality checks, each on both sides of its bound: what is found, at which cell, and what then rests on it."""

from typing import Any

import numpy as np
import pytest

from ncs_analyzer.readings import BIT, Readings

MOTOR = {"patient_id": "A", "age_years": 50, "sex": "F", "study": "motor", "nerve": "median", "side": "left",
         "recording": "APB"}  # fmt: skip
SENSORY = {**MOTOR, "study": "sensory", "nerve": "ulnar", "recording": "digit_5", "stimulation": "wrist"}
F_WAVE = {**MOTOR, "study": "f_wave", "stimulation": "wrist"}


def motor(site: str, latency: Any = None, amplitude: Any = None, **more: Any) -> dict[str, Any]:
    return {**MOTOR, "stimulation": site, "latency_ms": latency, "amplitude_mv": amplitude, **more}


def sensory(**values: Any) -> dict[str, Any]:
    return {**SENSORY, **values}


def said(readings: Readings, *leave: str) -> list[tuple[str, int | None, str | None]]:
    """Code, row and column of every issue."""
    return [(i.code.name, i.row, i.column) for i in readings.issues if i.code.name not in leave]


def withheld(readings: Readings) -> dict[int, set[str]]:
    """By response, the values that nothing rests on."""
    bits = readings.responses["withheld"].to_numpy()
    return {r: {name for name, bit in BIT.items() if bits[r] & bit} for r in np.flatnonzero(bits)}


def values(readings: Readings, name: str) -> list[float | None]:
    return [None if v != v else v for v in readings.responses[name]]


@pytest.mark.parametrize(
    ("row", "name", "possible", "impossible"),
    [
        (motor("wrist", amplitude=5), "latency_ms", (0.3, 50.0), (0.29, 50.1, -3)),
        (motor("wrist", 3.5), "amplitude_mv", (0.01, 60.0), (60.1, -1)),
        (motor("wrist", 3.5), "duration_ms", (0.5, 100.0), (0.49, 100.1)),
        (motor("wrist", 3.5), "distance_mm", (5.0, 1500.0), (4.9, 1501, -80)),
        (motor("wrist", 3.5), "velocity_m_per_s", (1.0, 100.0), (0.9, 101, -50)),
        (sensory(amplitude_uv=9), "latency_ms", (0.3, 40.0), (0.29, 40.1)),
        (sensory(amplitude_uv=9), "peak_latency_ms", (0.4, 60.0), (0.39, 60.1)),
        (sensory(latency_ms=2.5), "amplitude_uv", (0.1, 500.0), (501, -4)),
        (F_WAVE, "latency_ms", (8.0, 300.0), (7.9, 301)),
        ({**F_WAVE, "latency_ms": 30}, "persistence_pct", (0.1, 100.0), (100.1, -1)),
        (
            {**F_WAVE, "study": "h_reflex", "nerve": "tibial", "stimulation": "popliteal_fossa"},
            "latency_ms",
            (5.0, 150.0),
            (4.9, 151),
        ),
    ],
)
def test_values_that_cannot_be(
    row: dict[str, Any], name: str, possible: tuple[float, ...], impossible: tuple[float, ...]
) -> None:
    for value in possible:
        readings = Readings.from_rows([{**row, name: value}])
        assert values(readings, name) == [value]
        assert "impossible-value" not in {code for code, _, _ in said(readings)}
    for value in impossible:
        readings = Readings.from_rows([{**row, name: value}])
        assert ("impossible-value", 2, name) in said(readings)
        assert not len(readings.responses) or values(readings, name) == [None]


class TestNoResponse:
    def test_amplitude_zero_alone_is_no_response(self) -> None:
        readings = Readings.from_rows([motor("wrist", amplitude=0)])
        assert list(readings.responses["response"]) == ["absent"]
        assert values(readings, "amplitude_mv") == [None]
        assert not said(readings)

    def test_amplitude_zero_beside_a_latency_is_a_contradiction(self) -> None:
        readings = Readings.from_rows([motor("wrist", 3.5, 0)])
        assert said(readings) == [("response-contradicts-value", 2, "amplitude_mv")]
        assert withheld(readings)[0] >= {"latency_ms", "amplitude_mv"}

    def test_a_word_beside_a_number_is_a_contradiction(self) -> None:
        readings = Readings.from_rows([motor("wrist", 3.5, "NR")])
        assert said(readings) == [("response-contradicts-value", 2, "amplitude_mv")]
        assert "latency_ms" in withheld(readings)[0]

    def test_a_blank_is_not_tested(self) -> None:
        readings = Readings.from_rows([motor("wrist"), motor("elbow", 7.5)])
        assert list(readings.responses["response"]) == ["present"]

    def test_persistence_zero(self) -> None:
        alone = Readings.from_rows([{**F_WAVE, "persistence_pct": 0}])
        assert list(alone.responses["response"]) == ["absent"]
        beside = Readings.from_rows([{**F_WAVE, "persistence_pct": 0, "latency_ms": 29}])
        assert said(beside) == [("response-contradicts-value", 2, "persistence_pct")]
        assert withheld(beside)[0] >= {"latency_ms", "persistence_pct"}
        blank = Readings.from_rows([{**F_WAVE, "persistence_pct": 40, "latency_ms": 29}])
        assert not said(blank)


class TestVelocity:
    @pytest.mark.parametrize("velocity", [49.0, 53.7, 58.0])
    def test_one_that_agrees(self, velocity: float) -> None:
        rows = [motor("wrist", 3.6), motor("elbow", 7.6, distance_mm=215, velocity_m_per_s=velocity)]
        assert not said(Readings.from_rows(rows))

    @pytest.mark.parametrize("velocity", [44.0, 64.0])
    def test_one_that_disagrees_is_withheld(self, velocity: float) -> None:
        rows = [motor("wrist", 3.6), motor("elbow", 7.6, distance_mm=215, velocity_m_per_s=velocity)]
        readings = Readings.from_rows(rows)
        assert said(readings) == [("velocity-disagrees", 3, "velocity_m_per_s")]
        assert withheld(readings) == {0: {"latency_ms"}, 1: {"velocity_m_per_s", "distance_mm", "latency_ms"}}
        assert values(readings, "velocity_m_per_s") == [None, velocity]

    def test_distance_in_cm(self) -> None:
        rows = [motor("wrist", 3.6), motor("elbow", 7.6, distance_mm=21.5, velocity_m_per_s=53.7)]
        readings = Readings.from_rows(rows)
        assert said(readings) == [("distance-unit", 3, "distance_mm")]
        assert "distance_mm" in withheld(readings)[1]

    def test_distance_in_cm_without_a_velocity(self) -> None:
        assert said(Readings.from_rows([sensory(latency_ms=2.5, distance_mm=14)])) == [
            ("distance-unit", 2, "distance_mm")
        ]
        assert not said(Readings.from_rows([sensory(latency_ms=2.5, distance_mm=40)]))
        assert not said(Readings.from_rows([sensory(latency_ms=12.0, distance_mm=140)]))

    def test_sensory_by_onset_or_by_peak(self) -> None:
        both = {"latency_ms": 2.5, "peak_latency_ms": 3.2, "distance_mm": 140}
        assert not said(Readings.from_rows([sensory(**both, velocity_m_per_s=56)]))
        assert not said(Readings.from_rows([sensory(**both, velocity_m_per_s=43.8)]))
        assert said(Readings.from_rows([sensory(**both, velocity_m_per_s=35)])) == [
            ("velocity-disagrees", 2, "velocity_m_per_s")
        ]

    def test_an_implied_velocity_that_cannot_be(self) -> None:
        rows = [motor("wrist", 3.6), motor("elbow", 3.9, distance_mm=215)]
        readings = Readings.from_rows(rows)
        assert [code for code, _, _ in said(readings)] == ["distance-unit"] or said(readings) == [
            ("velocity-disagrees", 3, "distance_mm")
        ]
        assert withheld(readings)[1] == {"distance_mm", "latency_ms"}


class TestOrder:
    def test_proximal_latency_must_be_longer(self) -> None:
        readings = Readings.from_rows([motor("wrist", 3.6), motor("elbow", 3.6)])
        assert said(readings) == [("latency-order", 3, "latency_ms")]
        assert withheld(readings) == {0: {"latency_ms"}, 1: {"latency_ms", "velocity_m_per_s"}}
        assert not said(Readings.from_rows([motor("wrist", 3.6), motor("elbow", 3.7)]))

    def test_of_one_muscle_only(self) -> None:
        rows = [motor("wrist", 3.6), {**motor("elbow", 3.0), "side": "right"}]
        assert not said(Readings.from_rows(rows))

    def test_f_wave_comes_after_the_direct_response(self) -> None:
        early = Readings.from_rows([motor("wrist", 12.0), {**F_WAVE, "latency_ms": 12.0}])
        assert said(early) == [("f-before-m", 3, "latency_ms")]
        assert withheld(early) == {0: {"latency_ms"}, 1: {"latency_ms"}}
        assert not said(Readings.from_rows([motor("wrist", 12.0), {**F_WAVE, "latency_ms": 12.1}]))

    def test_peak_comes_after_onset(self) -> None:
        assert said(Readings.from_rows([sensory(latency_ms=3.0, peak_latency_ms=2.9)])) == [
            ("peak-before-onset", 2, "peak_latency_ms")
        ]
        assert not said(Readings.from_rows([sensory(latency_ms=3.0, peak_latency_ms=3.0)]))


@pytest.mark.parametrize(("velocity", "wrong"), [(52.3, True), (52.4, False), (63.3, False), (63.4, True)])
def test_how_far_a_velocity_may_lie_from_distance_and_latencies(velocity: float, wrong: bool) -> None:
    """225 mm and 7.2 - 3.3 ms: read off to 5 mm and 0.1 ms, with 3 % and 1 m/s to spare."""
    rows = [motor("wrist", 3.3), motor("elbow", 7.2, distance_mm=225, velocity_m_per_s=velocity)]
    assert said(Readings.from_rows(rows)) == [("velocity-disagrees", 3, "velocity_m_per_s")] * wrong


class TestCentimetres:
    """Distances in cm under mm, where no velocity is written to deny them."""

    @pytest.mark.parametrize(("distal", "wrong"), [(11.9, True), (12.0, False)])
    def test_between_muscle_and_most_distal_site(self, distal: float, wrong: bool) -> None:
        readings = Readings.from_rows([motor("wrist", 3.5, distance_mm=distal), motor("elbow", 7.5, distance_mm=60)])
        assert said(readings) == [("distance-unit", 2, "distance_mm"), ("distance-unit", 3, "distance_mm")] * wrong
        assert withheld(readings) == ({0: {"distance_mm"}, 1: {"distance_mm"}} if wrong else {})

    @pytest.mark.parametrize(("forearm", "wrong"), [(44.9, True), (45.0, False)])
    def test_along_a_limb(self, forearm: float, wrong: bool) -> None:
        readings = Readings.from_rows([motor("wrist", 3.5), motor("elbow", 12.5, distance_mm=forearm)])
        assert said(readings) == [("distance-unit", 3, "distance_mm")] * wrong

    def test_across_the_elbow_it_may_be_short(self) -> None:
        rows = [motor("below_elbow", 7.0, distance_mm=230), motor("above_elbow", 7.5, distance_mm=20)]
        assert not said(Readings.from_rows([r | {"nerve": "ulnar", "recording": "ADM"} for r in rows]))

    def test_what_a_velocity_proves_is_left(self) -> None:
        rows = [motor("wrist", 3.5, distance_mm=7.5), motor("elbow", 7.5, distance_mm=220, velocity_m_per_s=55)]
        assert said(Readings.from_rows(rows)) == [("distance-unit", 2, "distance_mm")]


class TestPercentages:
    @staticmethod
    def table(latency: float, velocity: float) -> Readings:
        nerves = (("median", "APB"), ("ulnar", "ADM"), ("tibial", "AH"), ("fibular", "EDB"))
        rows = [
            {**motor("ankle" if m in ("AH", "EDB") else "wrist", latency), "nerve": n, "recording": m}
            | {"velocity_m_per_s": velocity}
            for n, m in nerves
        ]
        return Readings.from_rows(rows)

    def test_of_latencies(self) -> None:
        readings = self.table(95, 60)
        assert {code for code, _, _ in said(readings)} == {"percent-of-limit"}
        assert [row for _, row, _ in said(readings)] == [2, 3, 4, 5]
        assert readings.responses["velocity_m_per_s"].isna().all()

    def test_of_velocities(self) -> None:
        assert {code for code, _, _ in said(self.table(4, 91))} == {"percent-of-limit"}

    def test_measurements_are_left_alone(self) -> None:
        assert not said(self.table(39, 79))

    def test_nothing_of_such_a_table_is_used(self) -> None:
        """What an F latency of 96 or a SNAP of 88 is there, nobody knows."""
        nerves = [{**motor("wrist", 95, 110), "nerve": n} for n in ("median", "ulnar")]
        rows = [
            *nerves,
            motor("elbow", 96, 110),
            {**F_WAVE, "latency_ms": 96.0},
            sensory(latency_ms=38.0, amplitude_uv=88.0),
        ]
        readings = Readings.from_rows(rows)
        assert {code for code, _, _ in said(readings)} == {"percent-of-limit"}
        assert len(said(readings)) == 5
        assert readings.responses[["latency_ms", "amplitude_mv", "amplitude_uv"]].isna().all(axis=None)

    def test_of_amplitudes(self) -> None:
        def table(amplitude: float) -> Readings:
            return Readings.from_rows([motor("wrist", 3.5, amplitude), motor("elbow", 7.5, amplitude),
                                       {**motor("wrist", 3.5, amplitude), "nerve": "ulnar"}])  # fmt: skip

        assert {code for code, _, _ in said(table(64))} == {"percent-of-limit"}
        assert not said(table(45))

    def test_fractions_of_a_limit(self) -> None:
        assert {code for code, _, _ in said(self.table(0.96, 1.04))} == {"percent-of-limit"}
        assert "percent-of-limit" not in {code for code, _, _ in said(self.table(2.0, 2.9))}
        assert "percent-of-limit" not in {code for code, _, _ in said(self.table(1.9, 3.0))}

    def test_one_nerve_amid_measurements(self) -> None:
        percent = [
            {**motor("wrist", 96.0, 64), "nerve": "ulnar"},
            {**motor("below_elbow", 97.0, 64, velocity_m_per_s=91), "nerve": "ulnar"},
        ]
        rows = [motor("wrist", 3.5), motor("elbow", 7.5), sensory(latency_ms=2.5), *percent]
        readings = Readings.from_rows(rows)
        assert [(c, r) for c, r, _ in said(readings)] == [("percent-of-limit", 5), ("percent-of-limit", 6)]
        assert readings.responses["latency_ms"].notna().sum() == 3


class TestDuplicates:
    def test_that_agree_are_one(self) -> None:
        readings = Readings.from_rows([motor("wrist", 3.6, 8), motor("wrist", 3.6, duration_ms=5.5)])
        assert len(readings.responses) == 1
        assert values(readings, "duration_ms") == [5.5]
        assert said(readings) == [("duplicate-row", 3, None)]

    def test_that_conflict_are_none(self) -> None:
        readings = Readings.from_rows([motor("wrist", 3.6), motor("wrist", 3.7), motor("elbow", 7.6)])
        assert values(readings, "latency_ms") == [None, 7.6]
        assert said(readings) == [("duplicate-conflict", 2, "latency_ms"), ("duplicate-conflict", 3, "latency_ms")]

    def test_an_untested_one_says_nothing(self) -> None:
        rows = [motor("wrist", 3.6), {**motor("wrist"), "response": "not_tested"}]
        readings = Readings.from_rows(rows)
        assert values(readings, "latency_ms") == [3.6]

    def test_present_against_absent_is_a_conflict(self) -> None:
        rows = [motor("wrist", 3.6), {**motor("wrist"), "response": "absent"}]
        assert {code for code, _, _ in said(Readings.from_rows(rows))} == {"duplicate-conflict"}


class TestUnits:
    def test_a_sensory_amplitude_in_millivolts(self) -> None:
        readings = Readings.from_rows([sensory(latency_ms=2.5, amplitude_uv=0.02)])
        assert said(readings) == [("amplitude-unit", 2, "amplitude_uv")]
        assert values(readings, "amplitude_uv") == [None]
        assert values(Readings.from_rows([sensory(amplitude_uv=0.1)]), "amplitude_uv") == [0.1]


class TestWho:
    @pytest.mark.parametrize("age", [0, 0.5, 120])
    def test_ages_that_can_be(self, age: float) -> None:
        assert list(Readings.from_rows([motor("wrist", 3) | {"age_years": age}]).studies["age_years"]) == [age]

    @pytest.mark.parametrize("age", [-1, 120.1, 1961])
    def test_ages_that_cannot_be(self, age: float) -> None:
        readings = Readings.from_rows([motor("wrist", 3) | {"age_years": age}])
        assert readings.studies["age_years"].isna().all()
        assert ("demographics-unreadable", 2, "age_years") in said(readings)

    def test_rows_that_contradict_each_other(self) -> None:
        readings = Readings.from_rows([motor("wrist", 3), motor("elbow", 7) | {"sex": "M"}])
        assert list(readings.studies["sex"]) == [None]
        assert "demographics-conflict" in {code for code, _, _ in said(readings)}

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [("side", None, "missing-side"), ("side", "up", "missing-side"), ("nerve", "vagus", "unknown-nerve"),
         ("nerve", None, "unknown-nerve"), ("stimulation", "nose", "unknown-site"), ("study", "needle", "unknown-study")],
    )  # fmt: skip
    def test_a_row_that_does_not_say_where(self, name: str, value: str | None, code: str) -> None:
        readings = Readings.from_rows([motor("wrist", 3) | {name: value}, motor("elbow", 7)])
        assert (code, 2, name) in said(readings)
        assert values(readings, "latency_ms") == [7]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("<1", "censored-number"), ("#DIV/0!", "error-cell"), ("abc", "unreadable-number"), ("1.2.3", "unreadable-number"),
     ("2024-04-02", "date-in-number-cell"),
    ("04-May", "date-in-number-cell"), (True, "unreadable-number"), ("1e400", "unreadable-number"),
     ("3 m/s", "unreadable-number"), ("96%", "percent-of-limit"), ("4.4¹", "unreadable-number"),
     ("4.4②", "unreadable-number"), ("10₂", "unreadable-number"), ("3½", "unreadable-number"), ("3 mV", "unreadable-number")],
)  # fmt: skip
def test_cells_that_are_no_measurement(cell: Any, code: str) -> None:
    readings = Readings.from_rows([motor("wrist", cell, 8)])
    assert [i.code.name for i in readings.issues if i.column == "latency_ms"] == [code]
    assert values(readings, "latency_ms") == [None]
    assert values(readings, "amplitude_mv") == [8]
    assert readings.responses["unreadable"][0] == BIT["latency_ms"]


@pytest.mark.parametrize("patient", ["../x", "=1+1", "<b>", "a\x1b[31m", "x" * 81, "/etc/x", "C:\\x"])
def test_an_id_that_is_none(patient: str) -> None:
    found = Readings.from_rows([motor("wrist", 3.4) | {"patient_id": patient}])
    assert [i.code.name for i in found.issues if i.code.name.startswith("id-")] == ["id-unusual"]
    assert found.studies["patient_id"].tolist() == [patient]


@pytest.mark.parametrize("patient", ["P/2019/44", "A-1 <", "O'Neil-3", "12.04.77"])
def test_an_id_like_any_other(patient: str) -> None:
    found = Readings.from_rows([motor("wrist", 3.4) | {"patient_id": patient}])
    assert not any(i.code.name == "id-unusual" for i in found.issues)
