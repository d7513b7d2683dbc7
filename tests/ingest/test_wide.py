"""Wide sheets: who the rows are, what stands in the cells, what is refused."""

import json
from pathlib import Path

import pytest

from ncs_analyzer.ingest import read
from tests.exports.compare import HERE, truths
from tests.ingest.reading import codes, sheet, table, values

HEAD = "ID,Age,Sex,R Median DML (ms),R Median CMAP wrist (mV),R Median CMAP elbow (mV),R Median MCV (m/s)"


def test_a_row_is_a_patient(tmp_path: Path) -> None:
    readings = table(tmp_path, f"{HEAD}\nA1,50,F,3.5,8.2,7.9,55")
    assert values(readings) == {
        "A1 right median motor wrist latency_ms": 3.5,
        "A1 right median motor wrist amplitude_mv": 8.2,
        "A1 right median motor elbow amplitude_mv": 7.9,
        "A1 right median motor elbow velocity_m_per_s": 55.0,
    }
    assert codes(readings) == []
    address = readings.cells.address(0, "amplitude_mv")
    assert (address["row"], address["column"]) == (2, "R Median CMAP wrist (mV)")


def test_means_units_and_notes_are_no_patients_and_limits_are_limits(tmp_path: Path) -> None:
    rows = ["Normal,,,<4.4,>4,,>49", "A1,50,F,3.5,8.2,7.9,55", "Mean,50,,3.5,8.2,7.9,55", "SD,,,0.1,0.2,0.1,1",
            "NR: no response was recorded here,,,,,,"]  # fmt: skip
    readings = table(tmp_path, "\n".join([HEAD, *rows]))
    assert list(readings.studies["patient_id"]) == ["A1"]
    assert readings.rows == {"read": 5, "used": 2, "reported": 3}
    limits = readings.responses.set_index("stimulation")
    assert limits.loc["wrist", ["latency_upper_limit", "amplitude_lower_limit"]].tolist() == [4.4, 4.0]
    assert limits.loc["elbow", "velocity_lower_limit"] == 49


def test_visits_as_columns(tmp_path: Path) -> None:
    head = "ID,age,date_V1,R_Median_DML_V1,R_Sural_SNAP_V1,date_V2,R_Median_DML_V2,R_Sural_SNAP_V2"
    readings = table(tmp_path, f"{head}\nA1,50,2020-01-02,3.5,12,2021-01-02,3.9,9\nA2,60,2020-01-03,3.3,15,,,")
    assert list(readings.studies["study_date"]) == ["2020-01-02", "2021-01-02", "2020-01-03"]
    assert values(readings)["A1_2021-01-02 right median motor wrist latency_ms"] == 3.9


def test_visits_without_dates_are_studies_of_their_own(tmp_path: Path) -> None:
    head = "ID,R_Median_DML_V1,R_Sural_SNAP_V1,R_Median_DML_V2,R_Sural_SNAP_V2"
    readings = table(tmp_path, f"{head}\nA1,3.5,12,3.9,9")
    assert len(readings.studies) == 2
    assert sorted(readings.responses["latency_ms"].dropna()) == [3.5, 3.9]


def test_a_row_for_each_hand_with_the_id_above(tmp_path: Path) -> None:
    head = "ID,Date,Age,Sex,Hand,Median DML,Median CMAP wrist,Ulnar DML"
    readings = table(tmp_path, f"{head}\nA1,2020-01-02,50,F,R,4.9,6.1,2.8\n,,,,L,3.5,8.2,2.7")
    assert len(readings.studies) == 1
    assert values(readings)["A1_2020-01-02 left median motor wrist latency_ms"] == 3.5


def test_missing_codes_are_refused_wherever_they_stand(tmp_path: Path) -> None:
    head = "ID,R Tibial DML (ms),R Tibial CMAP ankle (mV),R Sural SNAP (uV)"
    readings = table(tmp_path, f"{head}\nA1,99,99,99\nA2,4.4,9.1,14\nA3,4.6,8.8,12")
    assert [i.row for i in readings.issues if i.code.name == "impossible-value"] == [2, 2, 2]
    assert not any(key.startswith("A1") for key in values(readings))


def test_ninety_nine_may_be_a_measurement_elsewhere(tmp_path: Path) -> None:
    head = "ID,R Tibial DML (ms),R Tibial CMAP ankle (mV),R Median SNAP (uV)"
    readings = table(tmp_path, f"{head}\nA1,4.1,9.9,99\nA2,4.4,9.1,54")
    assert values(readings)["A1 right median sensory amplitude_uv"] == 99


def test_no_response_in_words_and_as_zero(tmp_path: Path) -> None:
    readings = table(
        tmp_path, f"{HEAD},R Median F min (ms)\nA1,50,F,,0,,,\nA2,50,F,,NR,NR,NR,NR\nA3,50,F,3.5,8.2,0,,NR"
    )
    found = values(readings)
    assert found["A1 right median motor wrist"] == "absent"
    assert found["A2 right median motor elbow"] == "absent"
    assert found["A3 right median motor elbow"] == "absent"
    assert found["A3 right median f_wave"] == "absent"
    assert "A1 right median f_wave" not in found  # a blank says nothing
    assert codes(readings, "error") == []


def test_nr_under_a_velocity_repeats_the_silent_nerve(tmp_path: Path) -> None:
    head = "ID,R Tibial DML,R Tibial CMAP,R Tibial MCV,R Sural SNAP"
    readings = table(tmp_path, f"{head}\nA1,NR,NR,NR,9\nA2,4.4,9.1,44,12")
    assert [k for k in values(readings) if k.startswith("A1")] == [
        "A1 right tibial motor ankle",
        "A1 right sural sensory amplitude_uv",
    ]


def test_zero_is_no_latency_and_no_velocity(tmp_path: Path) -> None:
    readings = table(tmp_path, f"{HEAD}\nA1,50,F,0,8.2,7.9,0\nA2,50,F,3.4,8.2,7.9,55")
    assert [(i.row, i.column) for i in readings.issues if i.code.name == "impossible-value"] == [
        (2, "R Median DML (ms)"), (2, "R Median MCV (m/s)"),
    ]  # fmt: skip


def test_two_columns_of_one_name_that_differ(tmp_path: Path) -> None:
    head = "ID,R Sural SNAP (uV),R Sural SNAP (uV),R Median DML (ms),R Median MCV (m/s)"
    readings = table(tmp_path, f"{head}\nA1,12,9,3.5,55\nA2,14,14,3.4,56")
    assert codes(readings, "error") == ["duplicate-conflict", "duplicate-conflict"]
    assert "A1 right sural sensory amplitude_uv" not in values(readings)
    assert values(readings)["A2 right sural sensory amplitude_uv"] == 14


def test_base_and_peak_to_peak_are_two_readings(tmp_path: Path) -> None:
    head = "ID,R Sural SNAP b-p (uV),R Sural SNAP p-p (uV),R Sural SCV (m/s),R Median DML"
    readings = table(tmp_path, f"{head}\nA1,9,14,50,3.5")
    sural = readings.responses[readings.responses["nerve"] == "sural"]
    assert dict(zip(sural["amplitude_convention"], sural["amplitude_uv"], strict=True)) == {
        "baseline_to_peak": 9,
        "peak_to_peak": 14,
    }


@pytest.mark.parametrize(
    ("heading", "cell", "column", "value"),
    [
        ("R Median CMAP wrist (uV)", "8200", "amplitude_mv", 8.2),
        ("R Median CMAP wrist", "8200", "amplitude_mv", 8.2),
        ("R Median CMAP wrist", "8.2", "amplitude_mv", 8.2),
        ("R Median distance wrist-elbow (cm)", "21", "distance_mm", 210),
        ("R Median distance wrist-elbow", "21", "distance_mm", 210),
        ("R Median distance wrist-elbow (mm)", "210", "distance_mm", 210),
        ("R Median DML (s)", "0.0035", "latency_ms", 3.5),
        ("R Median F persistence", "0.8", "persistence_pct", 80),
    ],
)
def test_units(tmp_path: Path, heading: str, cell: str, column: str, value: float) -> None:
    readings = table(tmp_path, f"ID,{heading},L Sural SNAP (uV),R Median MCV (m/s)\nA1,{cell},9,50")
    assert readings.responses[column].dropna().tolist() == pytest.approx([value])


def test_sensory_amplitudes_under_millivolt(tmp_path: Path) -> None:
    head = "ID,R Sural SNAP (mV),L Ulnar SNAP (mV),R Median DML (ms)"
    readings = table(tmp_path, f"{head}\nA1,12,0.012,3.5\nA2,14,0.009,3.4")
    found = values(readings)
    assert found["A1 right sural sensory amplitude_uv"] == 12
    assert "A1 left ulnar sensory amplitude_uv" not in found
    assert sorted(set(codes(readings))) == ["age-missing", "amplitude-unit", "amplitude-unit-taken", "sex-missing"]


def test_percentages_of_limits_are_refused_as_a_sheet(tmp_path: Path) -> None:
    readings = table(tmp_path, f"{HEAD}\nA1,50,F,85,205,198,112\nA2,50,F,110,120,110,96")
    assert len(readings.responses) == 0
    assert readings.rows == {"read": 2, "used": 0, "reported": 2}


@pytest.mark.parametrize(
    ("heading", "cells", "sexes"),
    [
        ("Sex", ("1", "2"), [None, None]),
        ("Sex (1 = M, 2 = F)", ("1", "2"), ["M", "F"]),
        ("sex_male", ("1", "0"), ["M", "F"]),
        ("Female", ("yes", "no"), ["F", "M"]),
        ("Sexo", ("H", "M"), ["M", "F"]),
        ("Sexe (H/F)", ("H", "F"), ["M", "F"]),
        ("Geschlecht", ("w", "m"), ["F", "M"]),
    ],
)
def test_sex(tmp_path: Path, heading: str, cells: tuple[str, str], sexes: list[str | None]) -> None:
    head = f'ID,"{heading}",R Median DML (ms),R Median MCV (m/s),R Sural SNAP (uV)'
    readings = table(tmp_path, f"{head}\nA1,{cells[0]},3.5,55,12\nA2,{cells[1]},3.4,56,14")
    assert [s if isinstance(s, str) else None for s in readings.studies["sex"]] == sexes


@pytest.mark.parametrize(
    ("heading", "cell", "name", "value"),
    [
        ("Age (months)", "18", "age_years", 1.5),
        ("Height (m)", "1.71", "height_cm", 171),
        ("Height (in)", "70", "height_cm", 177.8),
        ("Height", "5'9", "height_cm", 175.26),
        ("Weight (lb)", "154", "weight_kg", 69.853),
        ("Age", "999", "age_years", None),
    ],
)
def test_demographic_units(tmp_path: Path, heading: str, cell: str, name: str, value: float | None) -> None:
    head = f"ID,{heading},R Median DML (ms),R Median MCV (m/s),R Sural SNAP (uV)"
    readings = table(tmp_path, f"{head}\nA1,{cell},3.5,55,12")
    found = readings.studies[name].iloc[0]
    assert found == pytest.approx(value, abs=0.01) if value is not None else found != found


def test_an_unknown_first_column_of_codes_names_the_patients(tmp_path: Path) -> None:
    readings = table(
        tmp_path, "Zuordnung,R Median DML (ms),R Median MCV (m/s),R Sural SNAP (uV)\nK-014,3.5,55,12\nK-015,3.4,56,14"
    )
    assert list(readings.studies["patient_id"]) == ["K-014", "K-015"]
    assert readings.found[0].notes


def test_stacked_headings(tmp_path: Path) -> None:
    text = ",,RIGHT,,,,LEFT,\nID,Age,MEDIAN,,SURAL,,MEDIAN,\n,,DML,MCV,uV,m/s,DML,MCV\nA1,50,3.5,55,12,50,3.6,54"
    found = values(table(tmp_path, text))
    assert found["A1 right sural sensory amplitude_uv"] == 12
    assert found["A1 left median motor elbow velocity_m_per_s"] == 54


def test_a_column_that_is_not_understood_is_named(tmp_path: Path) -> None:
    readings = table(tmp_path, f"{HEAD},Median latency R\nA1,50,F,3.5,8.2,7.9,55,2.9")
    (issue,) = [i for i in readings.issues if i.code.name == "column-not-understood"]
    assert (issue.severity, issue.row, issue.column) == ("warning", 1, "Median latency R")


@pytest.mark.parametrize("truth", truths("E", "F", "G", "H"), ids=lambda path: path.stem)
def test_every_row_and_column_is_accounted_for(truth: Path) -> None:
    readings = read(HERE / "files" / json.loads(truth.read_text(encoding="utf-8"))["file"])
    assert readings.rows["read"] == readings.rows["used"] + readings.rows["reported"]
    cited = set(readings.cells.labels)
    for found in readings.found:
        letters = [column.letter for column in found.columns]
        assert len(set(letters)) == len(letters)
        measured = {c.heading for c in found.columns if c.use == "used"}
        assert found.layout is None or measured or not found.used
        if found.layout in ("wide", "tidy"):
            assert {label for label in cited if label} <= {c.heading for f in readings.found for c in f.columns}


def test_a_column_may_only_say_whether_there_was_a_response(tmp_path: Path) -> None:
    head = "ID,R Median motor response,R Median DML (ms),R Median CMAP wrist (mV),R Sural response obtained?,R Sural SNAP (uV)"
    readings = table(tmp_path, f"{head}\nA1,Present,3.5,8.2,Yes,12\nA2,Absent,,,No,\nA3,Not tested,,,,")
    assert values(readings) == {
        "A1 right median motor wrist latency_ms": 3.5,
        "A1 right median motor wrist amplitude_mv": 8.2,
        "A1 right sural sensory amplitude_uv": 12.0,
        "A2 right median motor wrist": "absent",
        "A2 right sural sensory": "absent",
    }


def test_numbers_do_not_say_whether_there_was_a_response(tmp_path: Path) -> None:
    readings = table(tmp_path, f"{HEAD},R Sural response\nA1,50,F,3.5,8.2,7.9,55,1\nA2,50,F,3.5,8.2,7.9,55,0")
    assert not any("sural" in key for key in values(readings))
    assert codes(readings) == ["column-not-understood"]


@pytest.mark.parametrize(
    "headings",
    [
        "Médian D LMD (ms);Médian D ampl. coude (mV);Sural G ampl. (µV);SPE G LMD",
        "Mediano D LMD (ms);Mediano D ampl. codo (mV);Sural I ampl. (µV);Peroneo I LMD",
        "Mediano D LMD (ms);Mediano D ampl. cotovelo (mV);Sural E ampl. (µV);Fibular E LMD",
    ],
)
def test_initials_of_the_sides(tmp_path: Path, headings: str) -> None:
    readings = table(tmp_path, f"ID;{headings}\nA1;3,5;7,9;12;4,4")
    assert values(readings) == {
        "A1 right median motor wrist latency_ms": 3.5,
        "A1 right median motor elbow amplitude_mv": 7.9,
        "A1 left sural sensory amplitude_uv": 12.0,
        "A1 left fibular motor ankle latency_ms": 4.4,
    }


def test_the_name_of_the_form_before_every_variable(tmp_path: Path) -> None:
    names = ["r_median_dml", "r_median_cmap_wrist", "r_ulnar_dml", "l_tibial_dml", "l_sural_snap", "l_fibular_dml"]
    readings = table(tmp_path, "id," + ",".join(f"nsx_{n}" for n in names) + "\nA1,3.5,8,2.8,4.4,12,4.6")
    assert len(values(readings)) == 6


def test_the_columns_beside_tell_motor_from_sensory(tmp_path: Path) -> None:
    head = "ID,R Median DL,R Median CMAP,R Median CV,R Median SNAP,R Median SCV,R Ulnar CMAP,R Ulnar CV,R Ulnar SNAP"
    readings = table(tmp_path, f"{head}\nA1,3.5,8.2,55,22,51,9,58,14")
    found = values(readings)
    assert found["A1 right median motor wrist latency_ms"] == 3.5
    assert found["A1 right median motor elbow velocity_m_per_s"] == 55
    assert not any(key.endswith("velocity_m_per_s") for key in found if "ulnar" in key)  # of either kind
    assert "column-not-understood" in codes(readings)


def test_the_group_above_tells_motor_from_sensory(tmp_path: Path) -> None:
    rows = [",Right median,,,Right sural", "ID,Latency (ms),CMAP (mV),CV (m/s),Amp (uV)", "A1,3.5,8.2,55,12"]
    assert values(table(tmp_path, "\n".join(rows)))["A1 right median motor elbow velocity_m_per_s"] == 55


def test_a_hand_in_each_group_of_columns(tmp_path: Path) -> None:
    rows = [",,RIGHT HAND,,LEFT HAND,", "Code,Age,Med DML,Uln DML,Med DML,Uln DML", "T01,52,5.4,2.8,3.3,2.7"]
    assert values(table(tmp_path, "\n".join(rows))) == {
        "T01 left median motor wrist latency_ms": 3.3,
        "T01 left ulnar motor wrist latency_ms": 2.7,
        "T01 right median motor wrist latency_ms": 5.4,
        "T01 right ulnar motor wrist latency_ms": 2.8,
    }


def test_muscles_and_fingers_name_the_nerve_of_the_columns_beside(tmp_path: Path) -> None:
    head = "ID,Hand (R/L),DML (ms),CMAP APB (mV),Forearm MCV (m/s),SNAP D2 (µV),Ulnar DML (ms)"
    found = values(table(tmp_path, f"{head}\nH1,R,5.1,8.8,55,9,2.7"))
    assert found["H1 right median motor wrist latency_ms"] == 5.1
    assert found["H1 right median motor elbow velocity_m_per_s"] == 55
    assert found["H1 right ulnar motor wrist latency_ms"] == 2.7


def test_a_measure_without_a_nerve_is_said(tmp_path: Path) -> None:
    readings = table(tmp_path, f"{HEAD},DML (ms)\nA1,50,F,3.5,8.2,7.9,55,3.1")
    assert [i.column for i in readings.issues if i.code.name == "column-not-understood"] == ["DML (ms)"]
    assert 3.1 not in values(readings).values()


def test_a_row_of_percentages_amid_measurements(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "ID,R.MM.DML,R.MM.CMAP1,R.MM.NCV1,L.SS.SNAP1\nA1,3.9,7.2,54,9.5\nA2,7.4,2.1,31,NR\nA3,85,142,110,210\nA4,4.1,6.0,51,6.1",
    )
    assert sorted({key.split()[0] for key in values(found)}) == ["A1", "A2", "A4"]
    assert [(i.row, i.column) for i in found.issues if i.code.name == "percent-of-limit"] == [
        (4, "L.SS.SNAP1"),
        (4, "R.MM.CMAP1"),
        (4, "R.MM.DML"),
        (4, "R.MM.NCV1"),
    ]


def test_a_velocity_between_motor_responses_and_f_waves(tmp_path: Path) -> None:
    found = table(tmp_path, "ID,Median-R DML,Median-R CMAP,Median-R CV,Median-R FW,Median-R SNAP\n1,3.7,8.1,54,27.7,19")
    assert values(found)["1 right median motor elbow velocity_m_per_s"] == 54.0


def test_two_velocities_behind_their_responses(tmp_path: Path) -> None:
    found = table(tmp_path, "ID,Median-R DML,Median-R CMAP,Median-R CV,Median-R SNAP,Median-R NCV\n1,3.7,8.1,54,19,51")
    assert values(found)["1 right median motor elbow velocity_m_per_s"] == 54.0
    assert values(found)["1 right median sensory velocity_m_per_s"] == 51.0


def test_a_blank_id_of_somebody_else_is_not_the_patient_above(tmp_path: Path) -> None:
    head = "ID,Date,Sex,Age,Height (cm),R.MM.DML,R.MM.CMAP1,R.UM.DML,R.UM.CMAP1"
    rows = [
        "W1,2024-01-13,M,65,172,3.5,9.2,2.7,9.6",
        ",2024-02-14,F,69,158,3.5,7.7,3.1,10.3",
        "W3,2024-03-15,M,35,174,3.0,8.7,2.9,8.0",
    ]
    found = sheet(tmp_path, head, *rows)
    assert found.studies["patient_id"].tolist() == ["W1", "W3", "export:row 3"]
    assert "patient-id-missing" in {i.code.name for i in found.issues}
    same = sheet(tmp_path, head, rows[0], rows[1].replace("F,69,158", "M,65,172"), rows[2])
    assert same.studies["patient_id"].tolist() == ["W1", "W1", "W3"]
