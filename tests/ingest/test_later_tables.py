"""Tables of nerves and sites in shapes met after the readers were written."""

from pathlib import Path

import pytest

from ncs_analyzer.ingest import read
from tests.ingest.reading import measured, names, of_one, table, values


def test_one_row_for_each_nerve_with_distal_and_proximal_measures(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor NCS",
        "Nerve,Side,DML (ms),dCMAP (mV),pCMAP (mV),MCV (m/s),F-min (ms)",
        "Median,R,5.8,3.2,1.4,31,40.2",
        "Peroneal,L,NR,NR,NR,NR,",
        "",
        "Sensory NCS",
        "Nerve,Side,Peak lat (ms),SNAP (uV)",
        "Sural,R,3.9,11",
    )
    assert measured(found) == {
        "right median motor wrist latency_ms": 5.8,
        "right median motor wrist amplitude_mv": 3.2,
        "right median motor elbow amplitude_mv": 1.4,
        "right median motor elbow velocity_m_per_s": 31.0,
        "right median f_wave wrist latency_ms": 40.2,
        "left fibular motor ankle": "absent",
        "left fibular motor below_fibular_head": "absent",
        "right sural sensory peak_latency_ms": 3.9,
        "right sural sensory amplitude_uv": 11.0,
    }
    assert names(found).count("site-assumed") == 2  # of the proximal amplitude and of the velocity


def test_sites_in_the_headings_of_measures(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "LEFT LOWER LIMB",
        "Motor,DML,Amp ankle,Amp knee,CV",
        ",ms,mV,mV,m/s",
        "Tibial,4.0,13.2,10.9,48",
        "Peroneal,4.6,5.1,4.8,47",
    )
    assert measured(found)["left tibial motor popliteal_fossa amplitude_mv"] == 10.9
    assert measured(found)["left fibular motor above_fibular_head velocity_m_per_s"] == 47.0


def test_a_distal_amplitude_of_a_sensory_nerve(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Nerve (side),Type,Distal latency,Distal amplitude,Proximal amplitude,Conduction velocity",
        "Median (R),Motor,3.6,9.1,8.8,55",
        "Sural (L),Sensory,3.0,14,,49",
    )
    assert measured(found)["left sural sensory amplitude_uv"] == 14.0
    assert measured(found)["right median motor elbow amplitude_mv"] == 8.8


def test_segments_that_stand_for_the_sites(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Nerve,Segment,Latency (ms),Amplitude (mV),Distance (mm),CV (m/s)",
        "R Ulnar motor,Wrist-ADM,2.8,9.0,70,",
        "R Ulnar motor,BE-Wrist,6.4,8.6,210,58.3",
        "R Ulnar motor,AE-BE,8.6,4.0,100,45.5",
    )
    assert {k: v for k, v in measured(found).items() if "distance" not in k} == {
        "right ulnar motor wrist latency_ms": 2.8,
        "right ulnar motor wrist amplitude_mv": 9.0,
        "right ulnar motor below_elbow latency_ms": 6.4,
        "right ulnar motor below_elbow amplitude_mv": 8.6,
        "right ulnar motor below_elbow velocity_m_per_s": 58.3,
        "right ulnar motor above_elbow latency_ms": 8.6,
        "right ulnar motor above_elbow amplitude_mv": 4.0,
        "right ulnar motor above_elbow velocity_m_per_s": 45.5,
    }


def test_nerves_on_rows_of_their_own_under_a_column_of_marks(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "F Wave Studies",
        "NR,F-Lat (ms),Lat Norm (ms)",
        "Left Tibial (Mrkrs) (Abd Hallucis)",
        ",58.2,<61",
        "Left Median (Mrkrs) (Abd Poll Brev)",
        "NR,,<33",
    )
    assert measured(found) == {"left tibial f_wave latency_ms": 58.2, "left median f_wave": "absent"}
    assert found.responses["latency_upper_limit"].tolist() == [33.0, 61.0]


@pytest.mark.parametrize(
    ("heading", "mark", "said"),
    [("NR", "x", "absent"), ("NR flag", "1", "absent"), ("NR", "0", "present"), ("Response", "yes", "present"),
     ("Response", "no", "absent"), ("Response obtained", "0", "absent"), ("NR", "no", "present")],
)  # fmt: skip
def test_a_column_that_says_whether_there_was_a_response(tmp_path: Path, heading: str, mark: str, said: str) -> None:
    measure = "" if said == "absent" else "8.1"
    found = of_one(tmp_path, f"Nerve,Side,Site,{heading},Amp (mV)", f"Median motor,R,Wrist,{mark},{measure}")
    assert found.responses["response"].tolist() == [said]


def test_headings_below_a_table_of_two_sides_keep_their_sides(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        ",Right,,Left,",
        "Nerve/Site,Lat (ms),Amp (mV),Lat (ms),Amp (mV)",
        "Median M,,,,",
        "Wrist,3.6,9.1,3.9,8.4",
        "F-wave,F min (ms),Persist (%),F min (ms),Persist (%)",
        "Median,27.1,80,27.9,70",
    )
    assert measured(found)["right median f_wave latency_ms"] == 27.1
    assert measured(found)["left median f_wave persistence_pct"] == 70.0


def test_panels_below_others_are_of_the_sides_above_them(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "RIGHT,,,,LEFT,,",
        "Motor nerve,Site,Lat ms,,Motor nerve,Site,Lat ms",
        "Median,Wrist,3.9,,Tibial,Ankle,4.8",
        ",Elbow,8.4,,,Popliteal,13.5",
        "",
        "Sensory nerve,Peak ms,Amp uV,,Sensory nerve,Peak ms,Amp uV",
        "Sural,3.9,8,,Radial,2.1,30",
    )
    assert {k.split(" sensory")[0] for k in measured(found) if "sensory" in k} == {"right sural", "left radial"}


def test_a_row_of_units_below_headings_with_sides(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Nerve,Site,L LatOn,R LatOn,L B-PAmp,R B-PAmp,L-R Diff",
        ",,ms,ms,mV,mV,ms",
        "Median,Wrist,3.5,3.6,9.1,8.8,0.1",
    )
    assert measured(found)["left median motor wrist amplitude_mv"] == 9.1
    assert "unit-assumed" not in names(found)
    assert "unreadable-word" not in names(found)


def test_a_unit_of_amplitudes_in_a_column_of_its_own(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Nerve,Side,Study,Stim,Amp,AmpUnit",
        "Median,L,Motor,Wrist,9.8,mV",
        "Sural,L,Sensory,Calf,14,µV",
    )
    assert measured(found) == {
        "left median motor wrist amplitude_mv": 9.8,
        "left sural sensory calf amplitude_uv": 14.0,
    }
    assert "unit-assumed" not in names(found)


def test_a_muscle_where_a_nerve_should_stand_is_no_nerve(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Nerve,Side,Site,Muscle,Lat (ms),Amp (mV)",
        "Median,R,Wrist,APB,3.5,8.1",
        "Soleus,L,Ankle,AH,4.4,9.9",
    )
    assert {k.split()[1] for k in measured(found)} == {"median"}
    assert "unknown-nerve" in names(found)


def test_a_patient_between_headings_and_rows(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "Side;Nerve;Muscle;Site;Latency [ms];Amplitude [mV];NCV [m/s]\n;;;;;;\n"
        "Patient: 77-A; born: 12.12.1970; Sex: male; Date of study: 04.03.2022;;;\n"
        "right;Median;APB;Wrist;3,8;7,5;\nright;Median;APB;Elbow;8,2;7,1;52,3",
    )
    assert list(found.studies["study_id"]) == ["77-A_2022-03-04"]
    assert measured(found)["right median motor elbow velocity_m_per_s"] == 52.3


def test_a_narrow_block_above_a_wide_table_is_not_its_heading(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "Name,ID,Age,Sex,Date\nxx,C-88,52,F,2022-01-31\n,,,,\n"
        "Nerve,Stim,Rec,Latency L,Latency R,Amplitude L,Amplitude R\n"
        "Median motor,Wrist,APB,3.5 ms,3.9 ms,8.2 mV,7.7 mV",
    )
    assert measured(found)["right median motor wrist amplitude_mv"] == 7.7
    assert "field-count" not in names(found)


def test_facts_without_a_label_beside_others(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "Patient;Pat-Nr. 40021;geb. 03.07.1949;weiblich;Größe: 165 cm;Untersuchung vom 17.11.2020\n;;;;;\n"
        "Nerv;Seite;Reizort;Latenz (ms);Amplitude (mV);NLG (m/s)\nMedianus motorisch;rechts;Handgelenk;4,2;6,9;",
    )
    (study,) = found.studies.to_dict("records")
    assert (study["patient_id"], study["sex"], study["height_cm"], study["study_date"]) == (
        "40021",
        "F",
        165.0,
        "2020-11-17",
    )


def test_a_vague_id_and_a_bare_word_for_the_day(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "Registry ID,Exam,Sex,Age (years),Side,Nerve,Type,Stimulation,Latency (ms),Amplitude (mV)\n"
        "REG001,2022-05-05,F,48,Right,Median,Motor,Wrist,3.7,8.0\nREG001,2022-05-05,F,48,Right,Median,Motor,Elbow,7.9,7.8\n"
        "REG002,2022-05-06,M,54,Right,Ulnar,Motor,Wrist,3.1,8.8",
    )
    assert list(found.studies["study_id"]) == ["REG001_2022-05-05", "REG002_2022-05-06"]


def test_an_unreadable_amplitude_still_tells_the_kind_of_study(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "patient,nerve,side,stim site,latency (ms),CMAP amplitude (mV)\nH1,median,right,wrist,3.6,8.6\n"
        "H1,tibial,left,ankle,4.5,9x9",
    )
    assert values(found)["H1 left tibial motor ankle latency_ms"] == 4.5


def test_a_velocity_under_ms_is_in_metres_a_second(tmp_path: Path) -> None:
    heads = "Nerve,Side,Site,OnsetLat_ms,Amp,AmpUnit,CV_ms"
    found = of_one(tmp_path, heads, "Median motor,R,Wrist,3.3,10.4,mV,", "Median motor,R,Elbow,7.1,10.1,mV,59")
    assert measured(found)["right median motor elbow velocity_m_per_s"] == 59.0


def test_sheets_of_kinds_belong_to_the_patient_that_one_of_them_names(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    motor, late = book.active, book.create_sheet("F waves")
    motor.title = "Motor"
    for row in (["Patient ID", "P/44"], ["Age", 52], [], ["Nerve", "Side", "Stim", "Latency (ms)", "CMAP (mV)"],
                ["Ulnar", "L", "Wrist", 2.9, 9.9]):  # fmt: skip
        motor.append(row)
    for row in (["Nerve", "Side", "F min (ms)", "Persistence (%)"], ["Ulnar", "L", 26.8, 90]):
        late.append(row)
    book.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx")
    assert found.studies["patient_id"].tolist() == ["P/44"]
    assert measured(found)["left ulnar f_wave latency_ms"] == 26.8


def test_a_sheet_with_facts_and_no_id_serves_the_workbook(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    who, motor = book.active, book.create_sheet("MNC")
    who.title = "Patient"
    for row in (["Name", "Brown, Tom"], ["Age", 41], ["Gender", "M"], ["Date of exam", "2022-11-09"]):
        who.append(row)
    for row in (["Nerve", "Side", "Site", "Latency ms", "Amplitude mV"], ["Median", "R", "Wrist", 3.6, 9.1]):
        motor.append(row)
    book.save(tmp_path / "t.xlsx")
    (study,) = read(tmp_path / "t.xlsx").studies.to_dict("records")
    assert (study["age_years"], study["sex"], study["study_date"]) == (41.0, "M", "2022-11-09")
    assert study["patient_id"] == "t:MNC"


def test_nerves_across_and_measures_down(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Nerve,,Median R,Median L,Tibial R",
        "DML,ms,3.6,3.5,4.4",
        "CMAP distal,mV,8.8,9.0,11.0",
        "CMAP proximal,mV,8.5,8.8,NR",
        "MCV,m/s,54,55,",
        "F min,ms,27.1,26.9,50.8",
        "Nerve,,Median R,Sural R,",
        "SNAP,uV,18,11,",
        "SCV,m/s,51,47,",
    )
    assert measured(found)["right median motor elbow amplitude_mv"] == 8.5
    assert measured(found)["right tibial motor popliteal_fossa"] == "absent"
    assert measured(found)["left median motor elbow velocity_m_per_s"] == 55.0
    assert measured(found)["right tibial f_wave latency_ms"] == 50.8
    assert measured(found)["right median sensory velocity_m_per_s"] == 51.0


def test_nerves_over_sites_without_a_title(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        ",Rt Median,,Rt Ulnar,,",
        ",Wrist,Elbow,Wrist,BE,AE",
        "Latency (ms),3.8,8.0,2.9,6.5,8.5",
        "Amplitude (mV),8.1,7.9,7.4,7.2,7.0",
        "CV (m/s),,54.8,,58.3,50.0",
    )
    assert measured(found)["right median motor elbow velocity_m_per_s"] == 54.8
    assert measured(found)["right ulnar motor above_elbow amplitude_mv"] == 7.0


def test_limits_in_columns_of_a_block(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Right Median motor (APB),Wrist,Elbow,Normal,Wrist,Elbow",
        "Latency (ms),3.7,8.1,,<4.5,",
        "Velocity (m/s),,51,,,>49",
        "",
        "Left Sural sensory,Calf,Normal,,,",
        "Peak latency (ms),3.8,<4.4,,,",
        "Amplitude (uV),9,>6,,,",
    )
    rows = {(r["nerve"], r["stimulation"]): r for r in found.responses.to_dict("records")}
    assert rows["median", "wrist"]["latency_upper_limit"] == 4.5
    assert rows["median", "elbow"]["velocity_lower_limit"] == 49.0
    assert rows["sural", "calf"]["peak_latency_upper_limit"] == 4.4


def test_a_number_with_its_segment(tmp_path: Path) -> None:
    found = of_one(
        tmp_path, "Motor Median Left,W,E,Ax", "Lat ms,3.9,8.5,11.0", "Amp mV,7.2,6.8,6.5", "NCV m/s,,W-E 50,E-Ax 56"
    )
    assert measured(found)["left median motor axilla velocity_m_per_s"] == 56.0


def test_codes_of_nerve_and_kind_with_measures_of_both_ends(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "patient_code,nerve_code,lat_d,lat_p,amp_d,amp_p,dist_mm,ncv,fmin\n"
        "C01,MEDIAN_MOTOR_R,3.6,7.8,9.0,8.7,225,53.6,26.9\nC01,SURAL_SENSORY_L,3.0,,13,,140,46.7,",
    )
    assert measured(found) == {
        "right median motor wrist latency_ms": 3.6,
        "right median motor wrist amplitude_mv": 9.0,
        "right median motor elbow latency_ms": 7.8,
        "right median motor elbow amplitude_mv": 8.7,
        "right median motor elbow distance_mm": 225.0,
        "right median motor elbow velocity_m_per_s": 53.6,
        "right median f_wave wrist latency_ms": 26.9,
        "left sural sensory latency_ms": 3.0,
        "left sural sensory amplitude_uv": 13.0,
        "left sural sensory distance_mm": 140.0,
        "left sural sensory velocity_m_per_s": 46.7,
    }
    assert not [i for i in found.issues if i.severity == "error"]


def test_a_column_of_names_or_ids(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        "Name / ID,Age,Sex,Nerve,Site,Right,,Left,\n,,,,,Lat,CV,Lat,CV\n"
        "P-9,44,F,Median M,Wrist,3.5,,3.4,\n,,,,Elbow,7.6,55,7.4,56\n"
        "P-10,58,M,Median M,Wrist,6.9,,7.1,\n,,,,Elbow,14.9,29,15.2,28",
    )
    assert list(found.studies["patient_id"]) == ["P-10", "P-9"]
    assert values(found)["P-9 left median motor elbow velocity_m_per_s"] == 56.0


@pytest.mark.parametrize(
    ("heading", "unit", "number", "value"),
    [("amp", "uV", "9000", 9.0), ("dist", "m", "0.215", 215.0), ("onset", "s", "0.0035", 3.5)],
)
def test_paths_of_a_script_with_units_of_every_size(
    tmp_path: Path, heading: str, unit: str, number: str, value: float
) -> None:
    key = "motor|median|R|APB|elbow"
    others = [f"7\t2024-02-13T09:41:00\t{key}|cv\t58\tm/s", f"7\t2024-02-13T09:41:00\t{key}|dur\t5.2\tms"]
    rows = ["subj\tsession_start\tmodality|nerve|side|rec|stim|measure\tval\tunit", *others]
    found = table(tmp_path, "\n".join([*rows, f"7\t2024-02-13T09:41:00\t{key}|{heading}\t{number}\t{unit}"]), "t.tsv")
    assert sorted(v for k, v in measured(found).items() if "58" not in str(v) and v != 5.2) == [value]
    assert list(found.studies["study_date"]) == ["2024-02-13"]


def test_a_column_that_names_the_kind_of_study_must_be_understood(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Nerve,Side,Type,Site,Onset (ms),Peak (ms),Amp,Amp unit",
        "Median,R,M,Wrist,3.2,,8.2,mV",
        "Sural,R,S,Calf,2.9,3.6,7.2,µV",
        "Ulnar,R,Q,Wrist,2.7,,8.0,mV",
    )
    assert measured(found)["right median motor wrist latency_ms"] == 3.2
    assert "unknown-study" in names(found)
    assert not any("ulnar" in key for key in measured(found))


def test_limits_of_several_measures_in_one_cell(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Nerve,Stim site,Record,Distal lat (ms),Amplitude (mV),CV (m/s),Normal",
        "R median,wrist,APB,4.6,6.1,,DL<4.4 Amp>4",
        ",elbow,APB,,5.8,48,CV>49",
    )
    rows = {r["stimulation"]: r for r in found.responses.to_dict("records")}
    assert (rows["wrist"]["latency_upper_limit"], rows["wrist"]["amplitude_lower_limit"]) == (4.4, 4.0)
    assert rows["elbow"]["velocity_lower_limit"] == 49.0
    assert "unreadable-limit" not in names(found)


def test_a_record_number_with_a_hash(tmp_path: Path) -> None:
    found = table(
        tmp_path, "Patient: Roe,MR#: 33-9012,Sex: F\n\nNerve,Side,Site,Lat (ms),Amp (mV)\nMedian motor,R,Wrist,3.5,8.1"
    )
    assert list(found.studies["patient_id"]) == ["33-9012"]


def test_uln_is_a_nerve_and_a_limit(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor NCS,,,",
        "Nerve,Side,Site,Lat (ms),Amp (mV)",
        "Med,R,Wrist,3.5,8.1",
        ",,Elbow,7.6,7.9",
        "Uln,R,Wrist,2.8,9.0",
        ",,Below elbow,6.3,8.8",
    )
    assert measured(found)["right median motor elbow latency_ms"] == 7.6
    assert measured(found)["right ulnar motor below_elbow latency_ms"] == 6.3
    assert measured(found)["right ulnar motor wrist amplitude_mv"] == 9.0


def test_a_title_of_f_waves_over_sides_ends_the_table_above(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "2. Sensory,,Right,,Left,",
        "Nerve,Rec,Lat (ms),Amp (uV),Lat (ms),Amp (uV)",
        "Sural,Ankle,3.6,9,NR,NR",
        "3. F-wave,,Right,,Left,",
        "Median,,28.1,,28.9,",
    )
    assert measured(found)["right median f_wave latency_ms"] == 28.1
    assert measured(found)["left median f_wave latency_ms"] == 28.9
    assert not any("median sensory" in key for key in measured(found))


@pytest.mark.parametrize(
    ("nerve", "muscle", "recording"),
    [
        ("Fibular", "Extensor digitorum", "EDB"),
        ("Tibial", "Abductor digiti minimi", "ADQP"),
        ("Ulnar", "Abductor digiti minimi", "ADM"),
    ],
)
def test_a_muscle_of_the_foot_with_the_name_of_one_of_the_hand(
    tmp_path: Path, nerve: str, muscle: str, recording: str
) -> None:
    site = "Wrist" if nerve == "Ulnar" else "Ankle"
    found = of_one(tmp_path, "Nerve,Side,Muscle,Site,Amp (mV)", f"{nerve} motor,R,{muscle},{site},5.1")
    assert found.responses["recording"].tolist() == [recording]


def test_limits_in_a_row_below_their_values(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor NCS",
        "Nerve,Side,Site,Latency (ms),Amp (mV)",
        "Median,R,Wrist,4.6,3.9",
        "Ref.,,,< 4.2,> 4.0",
        "Ulnar,R,Wrist,2.8,9.0",
        "Ref.,,,< 3.3,> 6.0",
    )
    assert measured(found) == {
        "right median motor wrist latency_ms": 4.6,
        "right median motor wrist amplitude_mv": 3.9,
        "right ulnar motor wrist latency_ms": 2.8,
        "right ulnar motor wrist amplitude_mv": 9.0,
    }
    assert found.responses["latency_upper_limit"].tolist() == [4.2, 3.3]
    assert found.responses["amplitude_lower_limit"].tolist() == [4.0, 6.0]


@pytest.mark.parametrize("limit", ["4.2以下", "max. 4.2", "≦4.2", "(<4.2)", "up to 4.2"])
def test_limits_in_words(tmp_path: Path, limit: str) -> None:
    found = of_one(tmp_path, "Nerve,Side,Site,Latency (ms),Limit", f"Median motor,R,Wrist,4.6,{limit}")
    assert found.responses["latency_upper_limit"].tolist() == [4.2]
    assert found.responses["latency_ms"].tolist() == [4.6]


def test_blanks_of_a_long_list_mean_as_above(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = (
        "Patient,Date,Sex,Age,Study,Nerve,Side,Site,Recording,Parameter,Value,Unit",
        "11,2024-05-06,F,50,Motor,Median,R,Wrist,APB,Latency,3.4,ms",
        ",,,,,,,,,Amplitude,8.1,mV",
        ",,,,,,,Elbow,,Latency,7.2,ms",
        "# repeated after warming",
        ",,,,,Ulnar,R,Wrist,ADM,Latency,2.7,ms",
        "12,2024-05-07,M,61,Motor,Median,L,Wrist,APB,Latency,3.9,ms",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    assert values(read(path)) == {
        "11_2024-05-06 right median motor wrist latency_ms": 3.4,
        "11_2024-05-06 right median motor wrist amplitude_mv": 8.1,
        "11_2024-05-06 right median motor elbow latency_ms": 7.2,
        "11_2024-05-06 right ulnar motor wrist latency_ms": 2.7,
        "12_2024-05-07 left median motor wrist latency_ms": 3.9,
    }


def test_the_f_wave_in_a_row_below_the_sites(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor nerve conduction,Right,,Left,",
        "Nerve / site,Lat (ms),Amp (mV),Lat (ms),Amp (mV)",
        "Median (APB),,,,",
        "Wrist,3.4,8.1,3.5,7.9",
        "Elbow,7.2,7.8,7.4,7.7",
        "F min (ms),27.9,,28.3,",
    )
    late = {k: v for k, v in measured(found).items() if "f_wave" in k}
    assert late == {"right median f_wave latency_ms": 27.9, "left median f_wave latency_ms": 28.3}
    assert measured(found)["left median motor elbow latency_ms"] == 7.4


def test_codes_that_the_file_explains(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor NCS",
        "Nerve,Side,Site,Latency (ms),Amp (mV)",
        "Median,R,Wrist,3.4,8.1",
        "Peroneal,R,Ankle,-88,-88",
        "Tibial,R,Ankle,-99,-99",
        "",
        "Codes: -88 = no response; -99 = not done",
    )
    assert measured(found) == {
        "right median motor wrist latency_ms": 3.4,
        "right median motor wrist amplitude_mv": 8.1,
        "right fibular motor ankle": "absent",
    }


@pytest.mark.parametrize("name", ["Xyz", "Nervus ignotus"])
def test_a_row_of_an_unknown_nerve_with_its_muscle_is_not_of_the_nerve_above(tmp_path: Path, name: str) -> None:
    found = of_one(
        tmp_path,
        "F waves",
        "Nerve,Muscle,Right,Left",
        ",,F min (ms),F min (ms)",
        "Median,APB,27.8,28.6",
        f"{name},ADM,28.2,28.4",
    )
    assert set(measured(found)) == {"right median f_wave latency_ms", "left median f_wave latency_ms"}
    assert "unknown-nerve" in names(found)


def test_a_title_across_a_table_is_no_heading_of_its_columns(tmp_path: Path) -> None:
    across = ",".join(["N. Mediano (APB)"] * 5)
    found = of_one(
        tmp_path,
        "CONDUCCION MOTORA",
        "Nervio / Sitio,DERECHO,DERECHO,IZQUIERDO,IZQUIERDO",
        ",Lat (ms),Amp (mV),Lat (ms),Amp (mV)",
        across,
        "Muñeca,3.65,5.8,3.7,7.2",
        "Qqq,9.5,5.5,8.5,7",
    )
    assert set(measured(found)) == {
        "right median motor wrist latency_ms",
        "right median motor wrist amplitude_mv",
        "left median motor wrist latency_ms",
        "left median motor wrist amplitude_mv",
    }


def test_distances_on_rows_of_their_own_belong_to_their_response(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = (
        "patient_id,study_date,nerve,type,side,site,recording,parameter,value,unit",
        "11,2024-05-06,Sural,Sensory,R,Calf,Ankle,Onset latency,2.9,ms",
        "11,2024-05-06,Sural,Sensory,R,Calf,Ankle,Distance,140,mm",
        "11,2024-05-06,Sural,Sensory,R,Calf,Ankle,Amplitude,12,uV",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    found = read(path)
    assert len(found.responses) == 1
    assert found.responses["distance_mm"].tolist() == [140.0]


def test_several_columns_of_sites_each_in_front_of_its_measures(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Nerve,Side,Muscle,Stimulation 1,,,Stimulation 2,,,,F wave",
        "Nerve,Side,Muscle,Site,Lat (ms),Amp (mV),Site,Lat (ms),Amp (mV),CV (m/s),Min lat (ms)",
        "Median,R,APB,Wrist,3.5,5.9,Elbow,7.6,5.6,57.3,28.7",
        "Ulnar,R,ADM,Wrist,2.8,7.0,Qqq,8.4,2.4,41.1,31.2",
    )
    assert measured(found) == {
        "right median motor wrist latency_ms": 3.5,
        "right median motor wrist amplitude_mv": 5.9,
        "right median motor elbow latency_ms": 7.6,
        "right median motor elbow amplitude_mv": 5.6,
        "right median motor elbow velocity_m_per_s": 57.3,
        "right median f_wave wrist latency_ms": 28.7,
        "right ulnar motor wrist latency_ms": 2.8,
        "right ulnar motor wrist amplitude_mv": 7.0,
        "right ulnar f_wave wrist latency_ms": 31.2,
    }
    assert "unknown-site" in names(found)


def test_columns_of_the_distal_and_the_proximal_site(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Nerf,Côté,Muscle,Site distal,Lat. distale (ms),Ampl. distale (mV),Site proximal,Ampl. proximale (mV),VCM (m/s)",
        "Ulnaire,D,ADM,poignet,5.9,8.2,sus-coude,7.4,22",
        "Fibulaire,D,EDB,cheville,,AR,sous col fibula,AR,",
        "",
        "AR = absence de réponse",
    )
    assert measured(found) == {
        "right ulnar motor wrist latency_ms": 5.9,
        "right ulnar motor wrist amplitude_mv": 8.2,
        "right ulnar motor above_elbow amplitude_mv": 7.4,
        "right ulnar motor above_elbow velocity_m_per_s": 22.0,
        "right fibular motor ankle": "absent",
        "right fibular motor below_fibular_head": "absent",
    }


def test_left_and_right_mirrored_around_the_nerves(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "LEFT,,,RIGHT,",
        "Amp (mV),Lat (ms),MOTOR,Lat (ms),Amp (mV)",
        ",,Median (APB),,",
        "3.2,6.6,Wrist,5.0,6.8",
        "LEFT,,,RIGHT,",
        ",F min (ms),F WAVES,F min (ms),",
        ",31.8,Median,28.4,",
        "LEFT,,,RIGHT,",
        "Amp (mV),Lat (ms),MOTOR,Lat (ms),Amp (mV)",
        ",,Tibial (AH),,",
        "1.9,5.6,Ankle,5.4,2.4",
    )
    assert measured(found) == {
        "left median motor wrist latency_ms": 6.6,
        "left median motor wrist amplitude_mv": 3.2,
        "right median motor wrist latency_ms": 5.0,
        "right median motor wrist amplitude_mv": 6.8,
        "left median f_wave latency_ms": 31.8,
        "right median f_wave latency_ms": 28.4,
        "left tibial motor ankle latency_ms": 5.6,
        "left tibial motor ankle amplitude_mv": 1.9,
        "right tibial motor ankle latency_ms": 5.4,
        "right tibial motor ankle amplitude_mv": 2.4,
    }


def test_segments_and_f_waves_below_under_headings_of_their_own(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "R MEDIAN motor,Rec.: APB",
        "Stim. site,Lat. (ms),Ampl. (mV)",
        "Wrist,4.9,6.1",
        "Elbow,9.1,6.0",
        "Segment,Dist. (mm),CV (m/s)",
        "Wrist - Elbow,225,54",
        "F wave,Min. latency (ms),Persistence (%)",
        "Wrist,28.3,80",
    )
    assert measured(found) == {
        "right median motor wrist latency_ms": 4.9,
        "right median motor wrist amplitude_mv": 6.1,
        "right median motor elbow latency_ms": 9.1,
        "right median motor elbow amplitude_mv": 6.0,
        "right median motor elbow velocity_m_per_s": 54.0,
        "right median motor elbow distance_mm": 225.0,
        "right median f_wave wrist latency_ms": 28.3,
        "right median f_wave wrist persistence_pct": 80.0,
    }
    assert found.responses["recording"].tolist() == ["APB"] * 3


def test_the_f_wave_of_a_motor_row_is_not_its_latency(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = (
        "MRN,EXAM_DT,STUDY_CD,NERVE_DESC,SIDE_CD,REC_SITE_DESC,STIM_SITE_DESC,AMP_MV,FWAVE_MIN_MS,SITE_CD",
        "11,2024-05-06,MOTOR,MEDIAN,R,ABDUCTOR POLLICIS BREVIS,WRIST,8.1,27.9,07",
        "11,2024-05-06,MOTOR,MEDIAN,R,ABDUCTOR POLLICIS BREVIS,ANTECUBITAL FOSSA,7.9,,07",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    assert {key.split(" ", 1)[1]: v for key, v in values(read(path)).items()} == {
        "right median motor wrist amplitude_mv": 8.1,
        "right median motor elbow amplitude_mv": 7.9,
        "right median f_wave wrist latency_ms": 27.9,
    }


def test_nor_is_it_in_the_last_row_of_a_long_table(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    row = "{},2024-05-06,motor,median,R,APB,wrist,8.1,{}"
    lines = [row.format(i, "") for i in range(400)] + [row.format(400, "27.9")]
    heading = "MRN,Exam date,Study,Nerve,Side,Muscle,Site,Amp (mV),F min (ms)"
    path.write_text("\n".join((heading, *lines)), encoding="utf-8")
    assert {k: v for k, v in values(read(path)).items() if k.endswith("latency_ms")} == {
        "400_2024-05-06 right median f_wave wrist latency_ms": 27.9
    }


def test_groups_of_the_same_headings_are_visits(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    lines = (
        "Individual nerve conduction data (left side),,,,,,,,,",
        "Participant,Age/Sex,Baseline (T0),,,,One month after the end of all treatment (T1),,,",
        "Participant,Age/Sex," + ",".join(["Date,Sural Amp (µV),Sural SCV (m/s),Tibial DML (ms)"] * 2),
        "OX-01,61/F,2014-10-13,13.4,45.4,4.7,2015-04-20,7.2,43.6,4.9",
        "OX-02,55/M,2014-11-03,16.1,49.1,5.1,2015-05-18,NR,,5.0",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    found = values(read(path))
    assert found["OX-01_2014-10-13 left sural sensory amplitude_uv"] == 13.4
    assert found["OX-01_2015-04-20 left sural sensory amplitude_uv"] == 7.2
    assert found["OX-02_2015-05-18 left sural sensory"] == "absent"
    assert len(found) == 11


def test_a_legend_ends_with_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "cohort.csv"
    lines = (
        "症例番号,検査日,年齢,性別,右脛骨神経 運動 遠位潜時(ms),右脛骨神経 運動 CMAP振幅 足首(mV),右正中神経 運動 遠位潜時(ms)",
        "DPN-007,2021/09/07,72,男,導出不能,導出不能,4.4",
        "DPN-008,2021/10/16,57,女,5.0,7.9,",
        "導出不能:最大刺激でも反応なし。空欄:未施行。皮膚温32℃以上を確認。,,,,,,",
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    found = values(read(path))
    assert found["DPN-007_2021-09-07 right tibial motor ankle"] == "absent"
    assert not any(key.startswith("DPN-008") and "median" in key for key in found)


@pytest.mark.parametrize(
    ("date", "iso"),
    [("民國112年5月16日", "2023-05-16"), ("令和5年5月16日", "2023-05-16"), ("民國99/1/2", "2010-01-02")],
)
def test_dates_of_other_calendars(tmp_path: Path, date: str, iso: str) -> None:
    path = tmp_path / "one.csv"
    lines = (f"病歷號碼,7,檢查日期,{date}", "", "Nerve,Side,Site,Amp (mV)", "Median motor,R,Wrist,8.1")
    path.write_text("\n".join(lines), encoding="utf-8")
    assert read(path).studies["study_date"].tolist() == [iso]


def test_an_age_with_the_sex_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    lines = ("MRN: 40217,,Age: 58 y/o F,,DOS: 3/22/2023", "", "Nerve,Side,Site,Amp (mV)", "Median motor,R,Wrist,8.1")
    path.write_text("\n".join(lines), encoding="utf-8")
    studies = read(path).studies
    assert (studies["age_years"].tolist(), studies["sex"].tolist()) == ([58.0], ["F"])
