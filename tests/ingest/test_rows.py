"""Row tables as machines and hospitals write them: what stands in one cell, in rows of their own, in columns."""

from pathlib import Path
from typing import Any

import pytest

from ncs_analyzer.ingest import read
from ncs_analyzer.ingest.headings import label_roles, read_heading
from ncs_analyzer.ingest.places import read_place
from ncs_analyzer.readings import Readings


def table(tmp_path: Path, text: str) -> Readings:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    return read(path)


def found(readings: Readings) -> dict[str, Any]:
    """Every value by patient, study, side, nerve, recorded from and stimulated at, and measure."""
    values = {}
    for row in readings.responses.astype(object).to_dict("records"):
        who = readings.studies["patient_id"][row["study_no"]]
        names = (row[k] for k in ("study", "side", "nerve", "recording", "stimulation"))
        place = " ".join(str(n) for n in (who, *names) if n == n)
        if row["response"] == "absent":
            values[place] = None
        for name in (
            "latency_ms",
            "peak_latency_ms",
            "amplitude_mv",
            "amplitude_uv",
            "velocity_m_per_s",
            "distance_mm",
        ):
            if row[name] == row[name]:
                values[f"{place} {name}"] = row[name]
    return values


def test_heading_says_in_which_order_a_cell_names_things(tmp_path: Path) -> None:
    assert label_roles("Nerve / muscle / site") == ("nerve", "recording", "site")
    head = "ID;A1\n\nSensory\nNerve, recording, stimulation;Onset latency (ms);Amplitude (µV)\n"
    values = found(table(tmp_path, head + "Lt Median, digit II, wrist;2.4;36.7\nRt Sural, ankle, calf;3.0;10.7\n"))
    assert values["A1 sensory left median digit_2 wrist latency_ms"] == 2.4
    assert values["A1 sensory right sural ankle calf amplitude_uv"] == 10.7


def test_title_says_which_way_the_impulse_runs(tmp_path: Path) -> None:
    rows = "Nerve;Onset latency (ms);Amplitude (µV)\nRt Sural ankle - calf;3.0;10.7\n"
    values = found(table(tmp_path, "ID;A1\n\nSensory (antidromic)\n" + rows))
    assert values["A1 sensory right sural ankle calf amplitude_uv"] == 10.7
    values = found(table(tmp_path, "ID;A1\n\nSensory (orthodromic)\n" + rows))
    assert values["A1 sensory right sural calf ankle amplitude_uv"] == 10.7


def test_patients_in_columns_of_a_table_with_two_rows_of_headings(tmp_path: Path) -> None:
    readings = table(
        tmp_path,
        "Motor conduction\nHosp. No.;Age / Sex;Date;Nerve;Side;Stim. site;Latency;Latency;Amplitude\n"
        ";;;;;;ms;normal;mV\nH1;54 / F;2024-04-03;Median;Right;Wrist;5.5;<4.0;7\n;;;Median;Right;Elbow;9.3;;6.8\n"
        "H2;41 / M;2024-04-17;Tibial;Left;Ankle;4.3;<5.8;10.6\n",
    )
    values = found(readings)
    assert values["H1 motor right median elbow latency_ms"] == 9.3
    assert values["H2 motor left tibial ankle amplitude_mv"] == 10.6
    assert list(readings.studies["age_years"]) == [54, 41]
    assert readings.responses["latency_upper_limit"].iloc[0] == 4.0
    assert [i.code.name for i in readings.issues if i.severity == "error"] == []


def test_a_blank_id_among_ids_on_every_row_is_refused(tmp_path: Path) -> None:
    readings = table(
        tmp_path,
        "MRN;Nerve / site;Latency (ms);Amplitude (mV)\nH1;Rt Median - wrist;3.5;7\nH1;Rt Median - elbow;7.3;6.8\n"
        ";Rt Tibial - ankle;4.3;10.6\n",
    )
    assert [i.row for i in readings.issues if i.code.name == "row-without-patient"] == [4]
    assert not any("tibial" in name for name in found(readings))


def test_a_nerve_alone_in_its_row_stands_in_any_column(tmp_path: Path) -> None:
    values = found(
        table(
            tmp_path,
            "ID;A1\n\nMotor NCS\nTest;Site;Lat., ms;Ampl., mV\nright, Abductor pollicis brevis, Medianus, C8 T1;;;\n"
            "1;wrist;3.3;8.5\n2;elbow;7.8;8.3\n",
        )
    )
    assert values["A1 motor right median APB elbow latency_ms"] == 7.8


def test_segments_in_rows_of_their_own_join_their_site(tmp_path: Path) -> None:
    readings = table(
        tmp_path,
        "ID;A1\n\nMOTOR\nSite / Segment;Lat (ms);Amp (mV);Dist (mm);CV (m/s)\nLeft Median / APB;;;;\nWrist;3.6;4.8;;\n"
        "Wrist - Elbow;;;215;56\nElbow;7.4;4.5;;\n",
    )
    assert len(readings.responses) == 2
    assert found(readings)["A1 motor left median APB elbow velocity_m_per_s"] == 56


def test_velocities_on_unknown_rows_are_not_used(tmp_path: Path) -> None:
    readings = table(
        tmp_path,
        "ID;A1\n\nMotor\nNerve;Lat (ms);Amp (mV);CV (m/s)\nLeft ulnar wrist;3;9;54\nLeft ulnar below elbow;7;8;50\n"
        "Left ulnar above elbow;9;8;\n",
    )
    assert "row-not-understood" in [i.code.name for i in readings.issues]
    assert readings.responses["velocity_m_per_s"].isna().all()


def test_comparison_of_two_nerves_and_rows_of_differences(tmp_path: Path) -> None:
    values = found(
        table(
            tmp_path,
            "ID;A1\n\nComparison\nStim Site;Peak (ms);P-T Amp (µV)\nLeft Median/Ulnar Palm Comparison (Wrist);;\n"
            "Median Palm;2.7;19.3\nUlnar Palm;2.0;27.0\nDifference median - ulnar;0.7;\n",
        )
    )
    assert values == {
        "A1 mixed left median wrist palm peak_latency_ms": 2.7,
        "A1 mixed left median wrist palm amplitude_uv": 19.3,
        "A1 mixed left ulnar wrist palm peak_latency_ms": 2.0,
        "A1 mixed left ulnar wrist palm amplitude_uv": 27.0,
    }


def test_a_kind_said_for_another_table_yields_to_the_headings(tmp_path: Path) -> None:
    values = found(
        table(
            tmp_path,
            "ID;A1\n\nF waves\nNerve;F min (ms);Persistence (%)\nLeft tibial;50;90\n\nWeitere\n"
            "Nerve;Latency (ms);Amplitude (µV)\nLeft sural calf;3.0;12\n",
        )
    )
    assert values["A1 sensory left sural calf amplitude_uv"] == 12


def test_notes_among_the_rows_name_no_nerve(tmp_path: Path) -> None:
    readings = table(
        tmp_path,
        "ID;A1\n\nMotor\nSite;Lat (ms);Amp (mV)\nLeft median (APB);;\nWrist;3.6;4.8\n"
        "Note: right ulnar nerve tested at 31 °C;;\nElbow;7.4;4.5\n",
    )
    assert found(readings)["A1 motor left median APB elbow latency_ms"] == 7.4


def test_late_responses_without_a_heading_over_their_nerves(tmp_path: Path) -> None:
    values = found(
        table(tmp_path, "ID;A1\n\nF Wave Studies\n;NR;F-Lat (ms);Lat Norm (ms)\nLeft Median (APB);;;\n;;29.8;<33\n")
    )
    assert values["A1 f_wave left median APB latency_ms"] == 29.8


@pytest.mark.parametrize(
    ("text", "side", "nerve"),
    [
        ("D Mediano", "right", "median"), ("N. médian G", "left", "median"), ("Mediano I / Muñeca", "left", "median"),
        ("Mediano S", None, "median"), ("Fibular E", "left", "fibular"), ("Medianus.R", "right", "median"),
    ],
)  # fmt: skip
def test_initials_of_sides_beside_nerves(text: str, side: str | None, nerve: str) -> None:
    place = read_place(text)
    assert (place.side, place.nerve) == (side, nerve)


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("M. abd. dig. V", "ADM"), ("Abduct. poll. brev.", "APB"), ("2º dedo", "digit_2"), ("V doigt", "digit_5"),
        ("Knee (popliteal fossa)", "popliteal_fossa"), ("外果後方", "ankle"), ("Neck of fibula", "below_fibular_head"),
    ],
)  # fmt: skip
def test_places_cut_short_and_numbered(text: str, site: str) -> None:
    assert read_place(text).site == site


def test_a_bracket_that_makes_another_measure_is_not_passed_over() -> None:
    peak = read_heading("Latenz (Peak) (ms)")
    assert peak is not None and peak.role == "peak_latency"
    assert read_heading("Latency (% of limit) (ms)") is None
    length = read_heading("Strecke (mm)")
    assert length is not None and length.role == "distance"


def test_a_text_too_long_for_a_label_is_none() -> None:
    assert read_heading("latency " * 100_000) is None
    assert read_place("median wrist " * 100_000).nerve is None
