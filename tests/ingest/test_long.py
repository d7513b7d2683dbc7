"""Long lists: one measurement a row."""

from pathlib import Path

from tests.ingest.reading import codes, table, values

HEAD = "id,date,age,sex,side,nerve,kind,site,param,value,unit"
WHO = "A1,2024-01-02,50,F"


def test_columns_of_a_row_name_the_measurement_together(tmp_path: Path) -> None:
    rows = [f"{WHO},left,median,motor,wrist,latency,3.5,ms", f"{WHO},left,median,motor,elbow,velocity,55,m/s",
            f"{WHO},left,median,F wave,,min latency,28.5,ms", f"{WHO},right,sural,sensory,,amplitude,NR,µV"]  # fmt: skip
    readings = table(tmp_path, "\n".join([HEAD, *rows]))
    assert values(readings) == {
        "A1_2024-01-02 left median motor wrist latency_ms": 3.5,
        "A1_2024-01-02 left median motor elbow velocity_m_per_s": 55.0,
        "A1_2024-01-02 right sural sensory": "absent",
        "A1_2024-01-02 left median f_wave latency_ms": 28.5,
    }
    assert readings.rows == {"read": 4, "used": 4, "reported": 0}


def test_percentages_and_scores_are_reported_and_not_read(tmp_path: Path) -> None:
    rows = [f"{WHO},left,median,motor,wrist,latency,3.5,ms", f"{WHO},left,median,motor,wrist,latency,88,% ULN",
            f"{WHO},left,median,motor,wrist,amplitude,8.2,mV", f"{WHO},left,median,motor,elbow,amplitude,7.9,mV",
            f"{WHO},left,median,motor,wrist,zscore,-1.2,SD"]  # fmt: skip
    readings = table(tmp_path, "\n".join([HEAD, *rows]))
    assert sorted(values(readings).values()) == [3.5, 7.9, 8.2]
    assert readings.rows == {"read": 5, "used": 3, "reported": 2}
    assert {i.row for i in readings.issues if i.code.name == "column-ignored"} == {3, 6}


def test_the_same_measurement_twice(tmp_path: Path) -> None:
    rows = [f"{WHO},left,median,motor,wrist,latency,{x},ms" for x in (3.5, 3.9)]
    rows += [f"{WHO},left,ulnar,motor,wrist,latency,2.8,ms"] * 2 + [f"{WHO},left,tibial,motor,ankle,latency,4.4,ms"]
    readings = table(tmp_path, "\n".join([HEAD, *rows]))
    assert sorted(values(readings).values()) == [2.8, 4.4]
    assert codes(readings, "error") == ["duplicate-conflict"] * 2


def test_lines_of_a_laboratory_with_the_day_under_a_bare_word(tmp_path: Path) -> None:
    rows = ["A1,2024-01-02 09:10,right median motor wrist latency,3.5,ms,< 4.0",
            "A1,2024-01-02 09:10,right median motor wrist amplitude,8.1,mV,> 5.0",
            "A1,2024-01-02 09:10,right sural sensory amplitude,12,uV,> 6"]  # fmt: skip
    head = "MRN,Collected,Component,Result Value,Result Unit,Reference Interval"
    readings = table(tmp_path, "\n".join([head, *rows]))
    assert list(readings.studies["study_date"]) == ["2024-01-02"]
    assert sorted(values(readings).values()) == [3.5, 8.1, 12.0]


def test_fields_of_a_form(tmp_path: Path) -> None:
    fields = ["ncs_date,2022-08-15", "sex,male", "age,57", "site_name,Lund", "lt_ulnar_dml,2.7", "lt_ulnar_cmap_wrist,7.6",
              "lt_ulnar_mcv_be,58", "lt_sural_snap,NR"]  # fmt: skip
    text = "\n".join(["record,redcap_event_name,field_name,value", *(f"301,baseline_arm_1,{f}" for f in fields)])
    readings = table(tmp_path, text)
    (study,) = readings.studies.to_dict("records")
    assert (study["patient_id"], study["study_date"], study["sex"], study["age_years"]) == (
        "301",
        "2022-08-15",
        "M",
        57,
    )
    assert study["site_name"] == "Lund"
    assert values(readings)["301_2022-08-15 left ulnar motor below_elbow velocity_m_per_s"] == 58
    assert values(readings)["301_2022-08-15 left sural sensory"] == "absent"


def test_zero_and_percentages_throughout_are_refused(tmp_path: Path) -> None:
    rows = [
        f"{WHO},left,{n},motor,{s},latency,{v},ms"
        for n, s, v in (("median", "wrist", 85), ("tibial", "ankle", 92), ("ulnar", "wrist", 101))
    ]
    readings = table(tmp_path, "\n".join([HEAD, *rows]))
    assert len(readings.responses) == 0
    assert "percent-of-limit" in codes(readings, "error")


def test_limits_beside_the_values(tmp_path: Path) -> None:
    rows = ["R,median,DML,5.9,ms,3.6,164", "R,median,CMAP wrist,4.3,mV,> 5,86", "R,ulnar,CMAP wrist,,mV,5,"]
    head = "id,side,nerve,param,value,unit,limit_value,percent_value"
    readings = table(tmp_path, "\n".join([head, *(f"A1,{row}" for row in rows)]))
    assert len(readings.responses) == 1
    assert readings.responses.iloc[0]["latency_upper_limit"] == 3.6
    assert readings.responses.iloc[0]["amplitude_lower_limit"] == 5
    assert codes(readings, "error") == []


def test_the_distance_from_the_muscle_to_the_most_distal_site(tmp_path: Path) -> None:
    head = "id,side,nerve,study,recording,stimulation,param,value,unit\n"
    rows = [f"S1,right,median,motor,APB,wrist,{p}\n" for p in ("latency,3.4,ms", "amplitude,8,mV", "distance,70,mm")]
    assert list(table(tmp_path, head + "".join(rows)).responses["distance_mm"]) == [70.0]


def test_a_column_of_values_for_each_side(tmp_path: Path) -> None:
    rows = ["C-5,Median motor,DML (ms),3.6,3.8,<4.2", "C-5,Median motor,CMAP elbow (mV),8.8,8.5,", "C-5,Sural,SNAP (uV),11,NR,>6",
            "C-5,Median motor,MCV (m/s),55,54,>50"]  # fmt: skip
    readings = table(tmp_path, "\n".join(["Case,Nerve,Parameter,Right,Left,Normal", *rows]))
    assert values(readings) == {
        "C-5 right median motor wrist latency_ms": 3.6,
        "C-5 left median motor wrist latency_ms": 3.8,
        "C-5 right median motor elbow amplitude_mv": 8.8,
        "C-5 left median motor elbow amplitude_mv": 8.5,
        "C-5 right median motor elbow velocity_m_per_s": 55.0,
        "C-5 left median motor elbow velocity_m_per_s": 54.0,
        "C-5 right sural sensory amplitude_uv": 11.0,
        "C-5 left sural sensory": "absent",
    }
    assert sorted(readings.responses["latency_upper_limit"].dropna()) == [4.2, 4.2]


def test_names_are_found_by_what_they_hold(tmp_path: Path) -> None:
    rows = [
        "7,N. tibialis motorisch rechts (AH); distal-motorische Latenz,4.3,ms",
        "7,N. tibialis F-Welle rechts; minimale Latenz,52.8,ms",
        "7,N. tibialis motorisch rechts (AH); Amplitude Kniekehle,3.1,mV",
    ]
    readings = table(tmp_path, "\n".join(["PatientenID,Was,Ergebnis,Einheit", *rows]))
    assert sorted(values(readings).values()) == [3.1, 4.3, 52.8]


def test_patients_below_each_other_with_headings_of_their_own(tmp_path: Path) -> None:
    head = "Nerve,Stim. site,Parameter,Unit,Right,Left"
    text = "\n".join([
        "Subject,S-11,Age,49,Sex,F", head,
        "Median motor,Wrist,Distal latency,ms,5.1,4.3", "Median motor,Wrist,Amplitude,mV,5.8,8.9",
        "Median motor,Elbow,CV,m/s,59,61", "",
        "Subject,S-12,Age,61,Sex,M", head,
        "Median motor,Wrist,Distal latency,ms,3.1,3.3", "Median motor,Wrist,Amplitude,mV,9.8,9.1",
        "Median motor,Elbow,CV,m/s,55,57",
    ])  # fmt: skip
    readings = table(tmp_path, text)
    found = values(readings)
    assert found["S-11 right median motor wrist latency_ms"] == 5.1
    assert found["S-12 right median motor wrist latency_ms"] == 3.1
    assert len(found) == 12
    assert readings.studies["age_years"].tolist() == [49, 61]
    assert not codes(readings, "error")


def test_a_lost_line_between_two_patients_is_no_second_patient(tmp_path: Path) -> None:
    """Headings that repeat without a patient above them: the values contradict each other, and none is read."""
    head = "Nerve,Stim. site,Parameter,Unit,Right,Left"
    rows = [
        "Median motor,Wrist,Distal latency,ms,5.1,4.3",
        "Median motor,Wrist,Amplitude,mV,5.8,8.9",
        "Median motor,Elbow,CV,m/s,59,61",
    ]
    text = "\n".join(["Subject,S-11,Age,49,Sex,F", head, *rows, head, *(r.replace("5.", "6.") for r in rows)])
    assert "duplicate-conflict" in codes(table(tmp_path, text), "error")


def test_headings_repeated_at_a_page_break_are_no_patient(tmp_path: Path) -> None:
    rows = [f"{WHO},left,median,motor,wrist,latency,3.5,ms", HEAD, f"{WHO},left,median,motor,wrist,amplitude,8.2,mV",
            f"{WHO},left,median,motor,elbow,amplitude,7.9,mV"]  # fmt: skip
    readings = table(tmp_path, "\n".join([HEAD, *rows]))
    assert readings.studies["patient_id"].tolist() == ["A1"]
    assert sorted(values(readings).values()) == [3.5, 7.9, 8.2]
