"""Blocks of one nerve each, tables beside each other, and forms: what each cell says, and what is refused."""

import pytest

from ncs_analyzer.readings import Readings
from tests.ingest.reading import codes, of_one

VALUES = ("latency_ms", "amplitude_mv", "amplitude_uv", "duration_ms", "velocity_m_per_s", "distance_mm")


def values(found: Readings) -> set[tuple[str, str, str, str, str, float]]:
    rows = found.responses.astype(object).where(found.responses.notna(), None).to_dict("records")
    return {
        (r["study"], r["side"], r["nerve"], r["stimulation"] or "", name, float(r[name]))
        for r in rows
        for name in VALUES
        if r[name] is not None
    }


MEDIAN = {
    ("motor", "left", "median", "wrist", "latency_ms", 3.5),
    ("motor", "left", "median", "elbow", "latency_ms", 7.5),
    ("motor", "left", "median", "wrist", "amplitude_mv", 8.1),
    ("motor", "left", "median", "elbow", "amplitude_mv", 7.9),
    ("motor", "left", "median", "elbow", "velocity_m_per_s", 55.0),
}


@pytest.mark.parametrize(
    "lines",
    [
        ("Motor Median Left,,", ",Wrist,W-E", "Lat (ms),3.5,7.5", "Amp (mV),8.1,7.9", "NCV (m/s),,55"),
        ("Motor Median Left,Wrist,Elbow", "Lat (ms),3.5,7.5", "Amp (mV),8.1,7.9", "NCV (m/s),,55"),
        ("N. MEDIANO IZQUIERDO MOTOR,Muñeca,Codo", "Latencia (ms),3.5,7.5", "Amplitud PAMC (mV),8.1,7.9", "VCM (m/s),,55"),
        ("MOTOR - MEDIAN,,", ",LEFT,", ",Wrist,Elbow", "Latency (ms),3.5,7.5", "Amplitude (mV),8.1,7.9",
         "Segment,,W-E", "MNCV (m/s),,55"),
        ("Motor Median Left,,,,,Normal limits", ",Lat (ms),Amp (mV),NCV (m/s),,,Lat,Amp,NCV",
         "Wrist,3.5,8.1,,,Wrist,<4.0,>5.0,", "W-E,7.5,7.9,55,,W-E,,,>50"),
    ],
    ids=["segments", "sites", "spanish", "sides above sites", "sites down"],
)  # fmt: skip
def test_one_nerve_in_every_form(tmp_path, lines: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, *lines)
    assert values(found) == MEDIAN
    assert codes(found) == []


def test_both_sides_above_the_sites(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "MOTOR - ULNAR (FDI)", ",RIGHT,,,LEFT", ",Wrist,B. elbow,,Wrist,B. elbow",
                     "Latency (ms),3.5,7.0,,3.8,7.8", "Amplitude (mV),12,11,,7.5,7.0")  # fmt: skip
    latencies = {(v[1], v[3], v[5]) for v in values(found) if v[4] == "latency_ms"}
    assert latencies == {
        ("right", "wrist", 3.5), ("right", "below_elbow", 7.0), ("left", "wrist", 3.8), ("left", "below_elbow", 7.8),
    }  # fmt: skip
    assert set(found.responses["recording"]) == {"FDI"}


@pytest.mark.parametrize("title", ["Normal limits - Motor Median", "Normal limits"])
def test_limits_of_a_block_beside(tmp_path, title: str) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, f"Motor Median Left,,,,{title},,", ",Wrist,W-E,,,Wrist,W-E", "Lat (ms),3.5,7.5,,Lat (ms),<3.9,",
                     "Amp (mV),8.1,7.9,,Amp (mV),>5,", "NCV (m/s),,55,,NCV (m/s),,>50")  # fmt: skip
    assert values(found) == MEDIAN
    by_site = found.responses.set_index(found.responses["stimulation"].astype(str))
    assert by_site.loc["wrist", "latency_upper_limit"] == 3.9
    assert by_site.loc["wrist", "amplitude_lower_limit"] == 5
    assert by_site.loc["elbow", "velocity_lower_limit"] == 50


def test_an_f_wave_row_inside_a_motor_block(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(
        tmp_path, "Motor Median Left,,", ",Wrist,W-E", "Lat (ms),3.5,7.5", "Amp (mV),8.1,7.9", "F-wave (ms),28.3,"
    )
    assert ("f_wave", "left", "median", "wrist", "latency_ms", 28.3) in values(found)


def test_f_waves_of_both_sides_under_their_title(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "F WAVE (minimal latency ms)", ",RIGHT,,LEFT", "Ulnar,27.8,,31.4", "Median,26.4,,28.2")
    assert values(found) == {
        ("f_wave", "right", "ulnar", "", "latency_ms", 27.8), ("f_wave", "left", "ulnar", "", "latency_ms", 31.4),
        ("f_wave", "right", "median", "", "latency_ms", 26.4), ("f_wave", "left", "median", "", "latency_ms", 28.2),
    }  # fmt: skip


def test_sites_above_the_columns(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "Motor", ",,WRIST,,ELBOW,,,F WAVE",
                     "Nerve,Side,DL (ms),Amp (mV),PL (ms),Amp (mV),CV (m/s),Min lat (ms)",
                     "Median,L,3.5,8.1,7.5,7.9,55,28.3")  # fmt: skip
    extra = {("motor", "left", "median", "elbow", "latency_ms", 7.5)}
    assert values(found) - extra == MEDIAN - extra | {("f_wave", "left", "median", "", "latency_ms", 28.3)}


def test_a_merged_f_wave_is_one_reading(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "MOTOR,Stimulation,LEFT,LEFT,LEFT", "MOTOR,Stimulation,Latency,Amplitude,F min",
                     "MOTOR,Stimulation,ms,mV,ms", "Median (APB),Wrist,3.5,8.1,28.3",
                     "Median (APB),Elbow,7.5,7.9,28.3")  # fmt: skip
    assert list(found.responses["study"]).count("f_wave") == 1


def test_tables_beside_each_other_with_different_headings(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "MOTOR,,,,,F WAVES (min. latency ms),,", "Nerve,Site,Side,Lat (ms),,Nerve,RIGHT,LEFT",
                     "Median,Wrist,L,3.5,,Median,26.1,27.2", "Median,Elbow,L,7.5,,Ulnar,26.3,")  # fmt: skip
    assert {(v[0], v[1], v[2], v[5]) for v in values(found)} == {
        ("motor", "left", "median", 3.5), ("motor", "left", "median", 7.5), ("f_wave", "right", "median", 26.1),
        ("f_wave", "left", "median", 27.2), ("f_wave", "right", "ulnar", 26.3),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("Motor Median Left,,", ",Wrist,Qqq", "Lat (ms),3.5,7.5", "Amp (mV),8.1,7.9"), "row-not-understood"),
        (("Motor Median,,", ",Wrist,Elbow", "Lat (ms),3.5,7.5", "Amp (mV),8.1,7.9"), "missing-side"),
        (
            ("Motor Median Left,,", ",RIGHT,RIGHT", ",Wrist,Elbow", "Lat (ms),3.5,7.5", "Amp (mV),8.1,7.9"),
            "row-not-understood",
        ),
    ],
)
def test_blocks_that_do_not_say_enough_are_refused(tmp_path, lines: tuple[str, ...], code: str) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, *lines)
    assert code in codes(found)
    assert all(v[3] == "wrist" for v in values(found))


def test_the_limb_decides_between_two_sites(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "Motor", ",,Wrist/Ankle,,Elbow/Knee,", "Nerve,Side,Lat (ms),Amp (mV),Lat (ms),Amp (mV)",
                     "Median,L,3.5,8.1,7.5,7.9", "Tibial,L,4.0,9.0,12.5,8.0")  # fmt: skip
    assert {(v[2], v[3]) for v in values(found)} == {
        ("median", "wrist"), ("median", "elbow"), ("tibial", "ankle"), ("tibial", "popliteal_fossa"),
    }  # fmt: skip


def test_a_nerve_is_not_read_at_a_site_of_the_other_limb(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(
        tmp_path,
        "Motor",
        ",,Wrist,,Elbow,",
        "Nerve,Side,Lat (ms),Amp (mV),Lat (ms),Amp (mV)",
        "Tibial,L,3.5,8.1,7.5,7.9",
    )
    assert values(found) == set()
    assert "unknown-site" in codes(found)


def test_the_same_headings_under_other_sites_are_another_table(tmp_path) -> None:  # type: ignore[no-untyped-def]
    measures = "Nerve,Side,Lat (ms),Amp (mV),Lat (ms),Amp (mV)"
    found = of_one(tmp_path, "Motor", ",,Wrist,,Elbow,", measures, "Median,L,3.5,8.1,7.5,7.9",
                     ",,Ankle,,Fib head,", measures, "Peroneal,L,4.0,5.1,11.5,4.9")  # fmt: skip
    assert {(v[2], v[3]) for v in values(found)} >= {("fibular", "ankle"), ("fibular", "below_fibular_head")}


BOTH_SIDES = {
    ("motor", "right", "median", "wrist", "latency_ms", 3.5), ("motor", "right", "median", "elbow", "latency_ms", 7.5),
    ("motor", "right", "median", "wrist", "amplitude_mv", 8.1), ("motor", "right", "median", "elbow", "amplitude_mv", 7.9),
    ("motor", "left", "median", "wrist", "latency_ms", 3.6), ("motor", "left", "median", "elbow", "latency_ms", 7.6),
    ("motor", "left", "median", "wrist", "amplitude_mv", 8.2), ("motor", "left", "median", "elbow", "amplitude_mv", 8.0),
}  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ("Motor", ",,D,,I,", "Nervio,Sitio,Lat (ms),Amp (mV),Lat (ms),Amp (mV)", "Mediano,Muñeca,3.5,8.1,3.6,8.2",
         ",Codo,7.5,7.9,7.6,8.0"),
        ("Motor studies", ",Right Median,,Left Median,", "Site,Lat (ms),Amp (mV),Lat (ms),Amp (mV)", "Wrist,3.5,8.1,3.6,8.2",
         "Elbow,7.5,7.9,7.6,8.0"),
        ("RIGHT,,,,LEFT,,,", "Nerve,Site,Lat (ms),Amp (mV),Nerve,Site,Lat (ms),Amp (mV)",
         "Median,Wrist,3.5,8.1,Median,Wrist,3.6,8.2", ",Elbow,7.5,7.9,,Elbow,7.6,8.0"),
        ("RIGHT SIDE,,,,,LEFT SIDE,,,", "Nerve,Site,Lat (ms),Amp (mV),,Nerve,Site,Lat (ms),Amp (mV)",
         "Median,Wrist,3.5,8.1,,Median,Wrist,3.6,8.2", ",Elbow,7.5,7.9,,,Elbow,7.6,8.0"),
        ("RIGHT UPPER LIMB", "Nerve,Site,Lat (ms),Amp (mV)", "Median,Wrist,3.5,8.1", ",Elbow,7.5,7.9", "", "LEFT UPPER LIMB",
         "Nerve,Site,Lat (ms),Amp (mV)", "Median,Wrist,3.6,8.2", ",Elbow,7.6,8.0"),
        ("Motor,,,,,,,", ",,Right,Left,Diff (%),Right,Left,Diff (%)", "Nerve,Site,Lat (ms),Lat (ms),,Amp (mV),Amp (mV),",
         "Median,Wrist,3.5,3.6,3,8.1,8.2,1", ",Elbow,7.5,7.6,1,7.9,8.0,1"),
    ],
    ids=["initials", "nerves above", "tables side by side", "banners", "titles of limbs", "differences"],
)  # fmt: skip
def test_both_sides_in_every_form(tmp_path, lines: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, *lines)
    assert values(found) == BOTH_SIDES
    assert codes(found) == []


@pytest.mark.parametrize("label", ["Lat (% of normal)", "Lat (L-R)", "Lat (SD)", "Lat (ratio)", "F lat (max) ms"])
def test_what_stands_in_brackets_may_make_it_another_measure(tmp_path, label: str) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "Motor Median Left,,", ",Wrist,Elbow", f"{label},80,90", "Amp (mV),8.1,7.9")
    assert {v[4] for v in values(found)} == {"amplitude_mv"}


def test_sides_beside_the_measures_and_nerves_across(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "Motor conduction,,", ",Median,Ulnar", "DML right (ms),3.5,2.9", "DML left (ms),3.6,3.0",
                     "CMAP right (mV),8.1,9.0", "CMAP left (mV),8.2,9.1", "MCV right (m/s),55,57")  # fmt: skip
    assert {(v[1], v[2], v[4], v[5]) for v in values(found)} == {
        ("right", "median", "latency_ms", 3.5), ("left", "median", "latency_ms", 3.6), ("right", "ulnar", "latency_ms", 2.9),
        ("left", "ulnar", "latency_ms", 3.0), ("right", "median", "amplitude_mv", 8.1), ("left", "median", "amplitude_mv", 8.2),
        ("right", "ulnar", "amplitude_mv", 9.0), ("left", "ulnar", "amplitude_mv", 9.1),
        ("right", "median", "velocity_m_per_s", 55.0), ("right", "ulnar", "velocity_m_per_s", 57.0),
    }  # fmt: skip
    assert "site-assumed" in codes(found)


@pytest.mark.parametrize(
    "lines",
    [("H REFLEX,,", ",Right,Left", "Latency (ms),29.1,NR"), ("H-reflex latency (ms),,", ",Right,Left", "Tibial / soleus,29.1,NR"),
     ("H-reflex,Right,Left", "H latency (ms),29.1,NR")],
)  # fmt: skip
def test_boxes_of_h_reflexes(tmp_path, lines: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, *lines)
    assert values(found) == {("h_reflex", "right", "tibial", "", "latency_ms", 29.1)}
    assert set(found.responses["response"]) == {"present", "absent"}
