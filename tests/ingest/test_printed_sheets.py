"""Sheets as laboratories print them: blocks, patients side by side, limits in odd places, and what must be refused."""

from pathlib import Path

import pytest

from ncs_analyzer.ingest.headings import read_heading
from ncs_analyzer.ingest.layouts.wide_headings import read_wide_heading
from ncs_analyzer.ingest.places import place_named, read_place
from ncs_analyzer.ingest.segments import read_segment
from ncs_analyzer.readings import Readings
from tests.ingest.reading import measured, names, of_one, sheet, values


def dates(found: Readings) -> dict[str, str | None]:
    return dict(zip(found.studies["patient_id"], found.studies["study_date"], strict=True))


# ---------------------------------------------------------------- patients


def test_patients_side_by_side_keep_their_readings(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "Clinic,,,,,,",
        "ID,11,,,ID,22,",
        "Age / Sex,46 / F,,,Age / Sex,67 / M,",
        ",,,,,,",
        "MOTOR,,,,MOTOR,,",
        "Nerve / Site,Lat (ms),Amp (mV),,Nerve / Site,Lat (ms),Amp (mV)",
        "R Median - Wrist,5.1,7.2,,R Ulnar - Wrist,3.1,7.9",
        "R Median - Elbow,9.2,6.9,,R Ulnar - B Elbow,7.5,7.4",
    )
    assert values(found) == {
        "11 right median motor wrist latency_ms": 5.1,
        "11 right median motor wrist amplitude_mv": 7.2,
        "11 right median motor elbow latency_ms": 9.2,
        "11 right median motor elbow amplitude_mv": 6.9,
        "22 right ulnar motor wrist latency_ms": 3.1,
        "22 right ulnar motor wrist amplitude_mv": 7.9,
        "22 right ulnar motor below_elbow latency_ms": 7.5,
        "22 right ulnar motor below_elbow amplitude_mv": 7.4,
    }
    assert found.studies.set_index("patient_id")["age_years"].to_dict() == {"11": 46.0, "22": 67.0}


def test_the_date_above_the_id_is_of_the_next_patient(tmp_path: Path) -> None:
    block = ("Nerve,Side,Site,Lat (ms),Amp (mV)", "Median,R,Wrist,3.6,7.0", "")
    found = sheet(
        tmp_path,
        "Date,2023-09-12,Height,160 cm", "ID,1,Sex,M", "", *block,
        "Report", "Date,2023-09-12,Height,175 cm", "ID,2,Sex,F", "", *block,
    )  # fmt: skip
    assert dates(found) == {"1": "2023-09-12", "2": "2023-09-12"}
    assert found.studies["height_cm"].tolist() == [160.0, 175.0]


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        (("Processo,7,Idade,52 anos", "Data do exame,06-03-2023"), "2023-03-06"),
        (("NHC,7,Edad,52 años", "Fecha,06/03/2023"), "2023-03-06"),
        (("ID,7,Age,52 yrs", "Date,06/03/2023"), None),  # English is written in both orders
        (("NHC,7,Edad,52 años", "Fecha,03/25/2023"), "2023-03-25"),  # a date that allows one order decides
    ],
)
def test_the_language_of_a_file_settles_day_and_month(tmp_path: Path, lines: tuple[str, ...], date: str | None) -> None:
    found = sheet(tmp_path, *lines, "", "Nerve,Side,Site,Lat (ms),Amp (mV)", "Median,R,Wrist,3.6,7.0")
    (read_as,) = dates(found).values()
    assert (read_as if isinstance(read_as, str) else None) == date
    assert ("date-order-taken" in names(found)) == (date == "2023-03-06")
    assert ("date-order-unknown" in names(found)) == (date is None)


def test_an_age_at_enrolment_is_that_of_the_first_visit_and_no_date(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "ID,NCS date,Age at enrolment,Date of enrolment,R median DML (ms),R median CMAP wrist (mV),R ulnar DML (ms)",
        "1,2020-05-06,58,2020-04-01,3.9,7.1,2.9",
    )
    assert found.studies["age_years"].tolist() == [58.0]
    assert found.studies["study_date"].tolist() == ["2020-05-06"]


# ---------------------------------------------------------------- blocks


def test_segments_in_a_row_of_their_own_inside_a_block(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor Median Right (APB),,,,,Motor Median Left (APB),,",
        ",Wrist,Elbow,Axilla,,,Wrist,Elbow",
        "Lat (ms),3.7,7.9,11.1,,Lat (ms),3.5,7.6",
        "Amp (mV),8.8,8.4,2.9,,Amp (mV),9.4,9.1",
        ",,W-E,E-Ax,,,,W-E",
        "NCV (m/s),,56,41,,NCV (m/s),,57",
    )
    assert measured(found)["right median motor elbow velocity_m_per_s"] == 56.0
    assert measured(found)["right median motor axilla velocity_m_per_s"] == 41.0
    assert measured(found)["left median motor elbow velocity_m_per_s"] == 57.0
    assert measured(found)["right median motor axilla latency_ms"] == 11.1


def test_segments_that_abbreviate_the_sites_beside_them(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor - Cubital Dto (Abdutor 5.º dedo),,,,,",
        ",Punho,P-AbC,Abaixo cotov.,AbC-AcC,Acima cotov.",
        "Lat (ms),2.5,,6.2,,8.0",
        "Dist (mm),,210,,100,",
        "VC (m/s),,56.8,,55.6,",
    )
    assert measured(found)["right ulnar motor below_elbow velocity_m_per_s"] == 56.8
    assert measured(found)["right ulnar motor above_elbow distance_mm"] == 100.0


def test_segments_that_do_not_abbreviate_their_neighbours_are_not_read(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor - Cubital Dto (ADM),,,,,",
        ",Punho,X-Y,Abaixo cotov.,AbC-Z,Acima cotov.",
        "Lat (ms),2.5,,6.2,,8.0",
        "VC (m/s),,56.8,,55.6,",
    )
    assert not any(name.endswith("velocity_m_per_s") for name in measured(found))
    assert measured(found)["right ulnar motor above_elbow latency_ms"] == 8.0


def test_a_legend_of_sites_explains_the_segments_of_a_block(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Moteur Ulnaire Droit (abd. du V),,,",
        ",Poignet,Sous coude,Sus coude",
        "Latence (ms),2.7,6.1,7.9",
        "Segment,,Po-SC,SC-SuC",
        "VCM (m/s),,55.3,55.6",
        "",
        '"NF : non fait - Po : poignet, C : coude, SC/SuC : sous/sus coude"',
    )
    assert measured(found)["right ulnar motor below_elbow velocity_m_per_s"] == 55.3
    assert measured(found)["right ulnar motor above_elbow velocity_m_per_s"] == 55.6


def test_limits_in_rows_below_the_measures_of_a_block(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "정중신경 (단무지외전근),오른쪽,,,왼쪽,,",
        ",손목,손목-팔꿈치,팔꿈치,손목,손목-팔꿈치,팔꿈치",
        "잠복기(㎳),3.6,,8.6,3.5,,7.4",
        "  정상,<4.2,,,<4.2,,",
        "진폭(㎷),7.9,,3.1,10.2,,10",
        "  정상,>5.0,,,>5.0,,",
        "속도(㎧),,43,,,55.4,",
        "  정상,,>50,,,>50,",
    )
    found_in = found.responses.set_index(["side", "stimulation"])
    assert found_in.loc[("right", "wrist"), "latency_upper_limit"] == 4.2
    assert found_in.loc[("left", "wrist"), "amplitude_lower_limit"] == 5.0
    assert found_in.loc[("right", "elbow"), "velocity_lower_limit"] == 50.0
    assert measured(found)["right median motor elbow amplitude_mv"] == 3.1


def test_f_waves_in_one_row_under_their_nerves(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "F waves Left,,,F waves Right,,",
        ",Median (APB),Ulnar (ADM),,Median (APB),Ulnar (ADM)",
        "F min (ms),27.8,NR,F min (ms),27.6,28.3",
    )
    assert measured(found) == {
        "left median f_wave latency_ms": 27.8,
        "left ulnar f_wave": "absent",
        "right median f_wave latency_ms": 27.6,
        "right ulnar f_wave latency_ms": 28.3,
    }


# ---------------------------------------------------------------- tables


def test_sites_and_segments_below_the_measures(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor NCS",
        "Nerve,Side,Muscle,Distal latency (ms),Amplitude (mV),,,Velocity (m/s),",
        ",,,,Wrist,Elbow,Axilla,Wrist-Elbow,Elbow-Axilla",
        "Median,R,APB,4.35,7.2,6.9,6.7,52.4,60.1",
        ",L,,3.92,8.8,8.5,8.1,53.6,61.7",
        ",Normal,,<3.6,>5.0,,,>50,>50",
        "Ulnar,R,ADM,2.61,9.9,9.4,9.2,55.0,58.8",
        ",L,,2.55,10.3,9.9,-,56.2,-",
        ",Normal,,<3.0,>5.0,,,>50,>50",
    )
    assert measured(found)["right median motor wrist latency_ms"] == 4.35
    assert measured(found)["left median motor axilla amplitude_mv"] == 8.1
    assert measured(found)["right median motor elbow velocity_m_per_s"] == 52.4
    assert measured(found)["right ulnar motor axilla velocity_m_per_s"] == 58.8
    wrists = found.responses.query("stimulation == 'wrist'")
    assert wrists["latency_upper_limit"].tolist() == [3.6, 3.6, 3.0, 3.0]  # of both sides


def test_limits_in_brackets_under_no_heading(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor",
        "Side nerve (muscle) - site,Onset lat. (ms),,Amp. (mV),,CV (m/s),",
        "Rt Tibial (AH) - ankle,6.0,(<5.8),1.9,(>4),,",
        "Rt Tibial (AH) - pop. fossa,17.7,,1.7,,36,(>40)",
    )
    ankle, knee = found.responses.to_dict("records")
    assert (ankle["latency_upper_limit"], ankle["amplitude_lower_limit"]) == (5.8, 4.0)
    assert knee["velocity_lower_limit"] == 40.0


def test_the_limit_of_a_difference_is_not_that_of_the_latency(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "H reflex",
        "Nerve,Side,H latency (ms),Side-to-side (ms),Ref",
        "Tibial,L,33.4,0.7,<1.5",
    )
    assert found.responses["latency_upper_limit"].isna().all()


def test_segment_rows_behind_the_name_of_their_nerve(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor",
        "Side nerve (muscle) - site,Onset lat. (ms),Amp. (mV),Dist. (cm),CV (m/s)",
        "Rt Radial (EIP) - forearm,2.5,3.8,,",
        "Rt Radial (EIP) - elbow,4.1,3.5,,",
        "Rt Radial (EIP): FA-E,,,10.0,63",
        "Rt Ulnar (ADM) - wrist,3.2,7.2,,",
        "Rt Ulnar (ADM) - below elbow,7.5,6.9,,",
        "Rt Ulnar (ADM): W-BE,,,23.0,53",
    )
    assert measured(found)["right radial motor elbow distance_mm"] == 100.0
    assert "right radial motor forearm distance_mm" not in measured(found)
    assert measured(found)["right ulnar motor below_elbow velocity_m_per_s"] == 53.0


def test_an_end_of_a_segment_is_known_with_all_its_words(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor",
        "Nerve,Side,Site,Lat (ms),Amp (mV),Site 1,Site 2,Dist (cm),Vel (m/s)",
        "Ulnar,R,Wrist,4.3,4.8,Qz elbow,Wrist,22.5,36",
        "Ulnar,R,Below elbow,10.6,3.3,,,,",
    )
    assert not any(name.endswith("velocity_m_per_s") for name in measured(found))
    assert "unknown-site" in names(found)


def test_a_finger_before_the_wrist_is_where_the_stimulus_was(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "SENSORY",
        "Nerve,Side,Site,Onset ms,Amp uV",
        "Median,R,Dig 2 - wrist,2.6,16",
        "Median,L,Wrist - Dig 2,2.6,17",
    )
    sites = found.responses.set_index("side")[["stimulation", "recording"]]
    assert sites.loc["right"].tolist() == ["digit_2", "wrist"]
    assert sites.loc["left"].tolist() == ["wrist", "digit_2"]


def test_a_distance_where_a_site_should_stand(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Sensory",
        "Stim Site,Peak (ms),P-T Amp (uV),Site1,Site2,Dist (cm),Vel (m/s)",
        "Left Sup Fibular Anti Sensory (Ant Lat Mall),,,,,,",
        "14 cm,4.3,3.1,14 cm,Ant Lat Mall,14.0,33",
    )
    assert measured(found) == {
        "left superficial_fibular sensory peak_latency_ms": 4.3,
        "left superficial_fibular sensory amplitude_uv": 3.1,
        "left superficial_fibular sensory distance_mm": 140.0,
        "left superficial_fibular sensory velocity_m_per_s": 33.0,
    }


# ---------------------------------------------------------------- refused


def test_an_unknown_nerve_in_a_table_of_f_waves_is_not_the_nerve_above(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "F waves,,,,",
        "Nerve,Right,,Left,",
        ",F min (ms),Persistence (%),F min (ms),Persistence (%)",
        "Median,27.1,90,28.4,90",
        "Qzxnerve,36.2,40,28.9,100",
    )
    assert measured(found)["right median f_wave latency_ms"] == 27.1
    assert measured(found)["left median f_wave persistence_pct"] == 90.0
    assert len(measured(found)) == 4
    assert "unknown-nerve" in names(found)


def test_a_column_of_one_side_that_is_not_known_is_said(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Sensory",
        "Nerve,RIGHT,,,LEFT,,",
        ",Onset (ms),Qzx (ms),Amp (uV),Onset (ms),Qzx (ms),Amp (uV)",
        "Sural,2.5,3.2,24.6,2.5,3.3,22.1",
    )
    assert names(found).count("column-not-understood") == 2


def test_a_row_that_names_a_site_which_nothing_carries_is_refused(tmp_path: Path) -> None:
    rows = ("Nerve,Side,Site,Lat (ms),Amp (mV),Qzx", "Median,R,Wrist,3.6,7.0,Elbow", "Ulnar,R,Wrist,2.6,9.0,")
    found = of_one(tmp_path, "Motor", *rows)
    assert measured(found) == {"right ulnar motor wrist latency_ms": 2.6, "right ulnar motor wrist amplitude_mv": 9.0}
    issue = next(i for i in found.issues if i.code.name == "name-not-used")
    assert (issue.row, issue.column, issue.value) == (6, "F", "Elbow")


def test_a_remark_may_name_a_site(tmp_path: Path) -> None:
    rows = ("Nerve,Side,Site,Lat (ms),Amp (mV),Comment", "Median,R,Wrist,3.6,7.0,Elbow")
    found = of_one(tmp_path, "Motor", *rows)
    assert "name-not-used" not in names(found)
    assert len(measured(found)) == 2


# ---------------------------------------------------------------- lists and wide sheets


def test_limits_in_the_headings_of_a_wide_sheet(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "ID,Age,Sex,DML R median (APB) [ms] (<4.2),CMAP R median wrist [mV] (>5),SNAP R sural calf-ankle [uV] (>6)",
        "1,44,M,3.9,7.1,12.1",
        "2,50,F,4.4,6.5,4.9",
    )
    assert len(values(found)) == 6
    assert found.responses["latency_upper_limit"].dropna().tolist() == [4.2, 4.2]
    assert sorted(found.responses["amplitude_lower_limit"].dropna()) == [5.0, 5.0, 6.0, 6.0]


def test_zero_and_one_below_a_limit_are_no_measurements(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "ID,Age,Sex,R median DML (ms),R ulnar CMAP wrist mV <6,L median CMAP wrist (mV)",
        "1,44,M,3.9,0,5.5",
        "2,50,F,4.0,1,6.5",
    )
    assert not any("ulnar" in name for name in values(found))
    assert len(values(found)) == 4


@pytest.mark.parametrize(("side", "found_nerve"), [("R", True), ("L", False)])
def test_a_blank_nerve_of_a_list_is_the_one_above_on_the_same_side(
    tmp_path: Path, side: str, found_nerve: bool
) -> None:
    found = sheet(
        tmp_path,
        "Patient ID,Age,Sex,Side,Nerve,Parameter,Value,Unit",
        "D-1,61,M,R,Tibial (AH),DML,5.6,ms",
        ",,,R,,CMAP ankle,6.2,mV",
        f",,,{side},,CMAP popliteal fossa,4.9,mV",
        ",,,R,Sural,SNAP,4.7,uV",
    )
    name = "D-1 right tibial motor popliteal_fossa amplitude_mv"
    assert (name in values(found)) == found_nerve
    assert ("unknown-nerve" in names(found)) != found_nerve  # never carried along as a fact of the patient
    assert values(found)["D-1 right tibial motor ankle amplitude_mv"] == 6.2


def test_a_measure_without_a_value_still_begins_a_nerve(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "Patient ID,Age,Sex,Side,Nerve,Parameter,Value,Unit",
        "D-1,61,M,R,Sural,SNAP,4.7,uV",
        ",,,L,Fibular (EDB),DML,,ms",
        ",,,,,CMAP ankle,NR,mV",
    )
    assert values(found) == {"D-1 right sural sensory amplitude_uv": 4.7, "D-1 left fibular motor ankle": "absent"}
    assert found.studies["patient_id"].tolist() == ["D-1"]


def test_headings_that_are_sentences(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "Folio\tEdad\tSexo\t"
        "Latencia distal motora del nervio mediano derecho, estímulo en muñeca y registro en abductor corto del pulgar (ms)\t"
        "Velocidad de conducción motora del nervio mediano derecho, segmento codo-muñeca (m/s)\t"
        "Amplitud del PANS del nervio mediano derecho, antidrómico, muñeca a segundo dedo (µV)",
        "INN-004\t34\tF\t9.0\t22\t5.1",
    )
    assert values(found) == {
        "INN-004 right median motor wrist latency_ms": 9.0,
        "INN-004 right median motor elbow velocity_m_per_s": 22.0,
        "INN-004 right median sensory wrist amplitude_uv": 5.1,
    }


def test_a_segment_over_measures_of_one_site(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "ID,Età,Sesso,DESTRA,,,,",
        ",,,MEDIANO motorio,,,,SURALE sensitivo",
        ",,,segm. polso-gomito,,,,polpaccio-malleolo",
        ",,,LD (ms),cMAP polso (mV),cMAP gomito (mV),VCM (m/s),SAP (µV)",
        "A-1,67,M,4.0,6.4,6.1,52,",
        "A-2,44,F,,,,,",
    )
    assert values(found) == {
        "A-1 right median motor wrist latency_ms": 4.0,
        "A-1 right median motor wrist amplitude_mv": 6.4,
        "A-1 right median motor elbow amplitude_mv": 6.1,
        "A-1 right median motor elbow velocity_m_per_s": 52.0,
    }


def test_a_code_book_may_tell_the_cases_of_a_code_apart(tmp_path: Path) -> None:
    data = sheet(
        tmp_path,
        "Pat,Age,Sx,MMr_DL,MMr_A2,UMr_A2,UMr_V1",
        "M-1,64,F,8.9,4.8,6.1,41",
        "M-2,70,F,4.1,7.7,8.0,55",
        "",
        '"MM = median motor, rec. APB; UM = ulnar motor, rec. ADM; DL = distal motor latency, ms"',
        '"A2 = CMAP amplitude, elbow (MM), below elbow (UM)"',
        '"V1 = motor velocity m/s: elbow-wrist (MM), below elbow-wrist (UM)"',
    )
    assert values(data)["M-1 right median motor elbow amplitude_mv"] == 4.8
    assert values(data)["M-2 right ulnar motor below_elbow amplitude_mv"] == 8.0
    assert values(data)["M-1 right ulnar motor below_elbow velocity_m_per_s"] == 41.0


# ---------------------------------------------------------------- who


@pytest.mark.parametrize(
    ("lines", "patient"),
    [
        (('Patient:,"K, N",QZK:,ZZC0087', "DOB:,14/03/1961,Age:,63 yrs"), "ZZC0087"),
        (("NAME:,OTIENO B.,OP/IP NO.:,11873/23", "AGE:,34 Yrs,SEX:,Male"), "11873/23"),
        (("Name:,A B,QX No.:,4471", "Age:,34 Yrs,Sex:,Male"), "4471"),
        (("MRN:,8812,QZK:,ZZC0087", "Age:,34 Yrs,Sex:,Male"), "8812"),  # a label that is known counts first
        (("Name:,A B,TEL:,0123456", "Age:,34 Yrs,Sex:,Male"), "export"),
    ],
)
def test_the_number_of_a_patient_under_a_label_of_the_hospital(
    tmp_path: Path, lines: tuple[str, ...], patient: str
) -> None:
    found = sheet(tmp_path, *lines, "", "Nerve,Side,Site,Lat (ms),Amp (mV)", "Median,R,Wrist,3.6,7.0")
    assert found.studies["patient_id"].tolist() == [patient]


def test_an_unknown_number_in_a_wide_sheet_names_the_patient_and_says_so(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "Date of NCS,QXT No.,Age,Sex,R median DML (ms),R median CMAP wrist (mV),L median DML (ms)",
        "14/06/2021,64418,45,M,5.9,4.1,6.3",
        "19/07/2021,64419,23,F,5.0,5.2,5.2",
    )
    assert found.studies["patient_id"].tolist() == ["64418", "64419"]
    assert any("QXT No." in note for note in found.found[0].notes)


def test_letters_of_a_code_are_no_id(tmp_path: Path) -> None:
    found = sheet(
        tmp_path, "Pat,Age,Sex,R sural SNAP (uV),SSr_A,R median DML (ms),R ulnar DML (ms)", "M-1,64,F,8.9,10.1,3.9,2.8"
    )
    assert found.studies["patient_id"].tolist() == ["M-1"]


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("site", "meaning"),
    [
        ("Ab. cotov.", "below_elbow"),
        ("Ac. cotov.", "above_elbow"),
        ("Ab elbow", "above_elbow"),
        ("Ab. codo", "below_elbow"),
    ],
)
def test_ab_is_above_in_english_only(tmp_path: Path, site: str, meaning: str) -> None:
    found = of_one(tmp_path, "Motor", "Nerve,Side,Site,Lat (ms),Amp (mV)", f"Ulnar,R,{site},6.6,7.0")
    assert found.responses["stimulation"].tolist() == [meaning]


def test_a_legend_does_not_undo_what_a_word_means(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "ID,Age,Sex,R median DML (ms),R median CMAP wrist (mV),R sural SNAP (uV),R tibial DML (ms),Remarks",
        "1,44,M,3.9,7.1,導出不能,4.4,Tibial: no response from popliteal fossa at max",
        "2,50,F,4.0,6.5,4.9,4.9,",
        "",
        "導出不能:最大上刺激でも電位が得られないもの NT・空欄:未施行",
    )
    assert values(found)["1 right sural sensory"] == "absent"
    assert values(found)["1 right tibial motor ankle latency_ms"] == 4.4


def test_marks_of_no_response_under_a_heading_of_their_own(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Conduction motrice",
        "Site,Qz,Lat. (ms),Ampl. (mV)",
        "SPE moteur droit (pédieux),,,",
        "Cheville,AR,,",
        "SPE moteur gauche (pédieux),,,",
        "Cheville,,5.8,0.9",
    )
    assert measured(found)["right fibular motor ankle"] == "absent"
    assert measured(found)["left fibular motor ankle amplitude_mv"] == 0.9


def test_an_h_reflex_beside_a_table_of_f_waves(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "F-wave,,,,,,H-reflex (Tibial soleus),",
        "Nerve,Rt F min (ms),Rt Pers. (%),Lt F min (ms),Lt Pers. (%),,Side,H Lat (ms)",
        "Tibial,61,60,60.2,70,,Rt,NR",
        "Peroneal,,,55.1,80,,Lt,37.4",
    )
    assert measured(found)["left tibial h_reflex latency_ms"] == 37.4
    assert measured(found)["right tibial h_reflex"] == "absent"
    assert measured(found)["left fibular f_wave latency_ms"] == 55.1


# ---------------------------------------------------------------- kinds of study and states


def test_a_column_of_kinds_of_study_under_any_heading(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "検査日,患者番号,年齢,性別,検査,神経-刺激部位,導出部位,潜時(ms),振幅,単位",
        "2024/05/13,K-1,71,女,運動,右脛骨神経-足関節,母趾外転筋,5.4,4.2,mV",
        ",,,,F波(最短),右脛骨神経-足関節,母趾外転筋,56.4,,",
        ",,,,H波,右脛骨神経-膝窩,ヒラメ筋,34.8,,",
        ",,,,H波,左脛骨神経-膝窩,ヒラメ筋,導出されず,,",
    )
    assert {name.split("_2024-05-13 ")[-1]: value for name, value in values(found).items()} == {
        "right tibial motor ankle latency_ms": 5.4,
        "right tibial motor ankle amplitude_mv": 4.2,
        "right tibial f_wave ankle latency_ms": 56.4,
        "right tibial h_reflex popliteal_fossa latency_ms": 34.8,
        "left tibial h_reflex popliteal_fossa": "absent",
    }


@pytest.mark.parametrize(("cells", "side"), [(("R", "L"), True), (("upper", "lower"), False)])
def test_a_limb_may_be_a_side(tmp_path: Path, cells: tuple[str, str], side: bool) -> None:
    found = of_one(
        tmp_path,
        "Motor",
        "Limb,Nerve,Site,Lat (ms),Amp (mV)",
        f"{cells[0]},Median,Wrist,3.6,7.0",
        f"{cells[1]},Ulnar,Wrist,2.6,9.0",
    )
    assert bool(measured(found)) == side
    assert ("missing-side" in names(found)) != side


@pytest.mark.parametrize("word", ["NO F WAVE", "absent", "no response"])
def test_a_legend_adds_to_a_word_and_does_not_turn_it(tmp_path: Path, word: str) -> None:
    found = sheet(
        tmp_path,
        "ID,Age,Sex,R tibial DML (ms),R tibial F min (ms),R tibial CMAP ankle (mV)",
        f"1,44,M,3.9,{word},7.1",
        "2,50,F,4.0,48.5,6.5",
        "",
        f"{word} = none in 10 stimuli",
    )
    assert values(found)["1 right tibial f_wave"] == "absent"


def test_a_title_says_which_way_the_impulse_runs_in_a_wide_sheet(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "Register - SENSORY (antidromic),,,,",
        "ID,Age,R median D2 SNAP uV,R ulnar D5 SNAP uV,L median D2 SNAP uV",
        "1,44,21.3,16.8,22.0",
        "2,45,20.3,15.8,21.0",
    )
    assert set(found.responses["stimulation"]) == {"wrist"}


def test_a_segment_is_not_a_site_that_nothing_carries(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Motor Peroneal Right (EDB),,,",
        ",Lat (ms),Amp (mV),NCV (m/s)",
        "Ankle,6.3,1.2,",
        "A-FH,14.6,1.0,35",
    )
    assert "name-not-used" not in names(found)
    assert measured(found)["right fibular motor below_fibular_head velocity_m_per_s"] == 35.0


def test_the_proximal_latency_at_a_site_in_brackets(tmp_path: Path) -> None:
    found = sheet(
        tmp_path,
        "HC,Edad,Sexo,Lado,Nervio,Parámetro,Valor,Unidad",
        "7,49,F,Derecho,Mediano motor (APB),Latencia distal (muñeca),5.1,ms",
        ",,,Derecho,Mediano motor (APB),Latencia proximal (codo),9.0,ms",
        ",,,Derecho,Tibial posterior reflejo H (sóleo),Latencia H,32.7,ms",
        ",,,Izquierdo,Mediano motor (APB),Latencia distal (muñeca),4.1,ms",
    )
    assert values(found)["7 right median motor elbow latency_ms"] == 9.0
    reflex = found.responses[found.responses["study"] == "h_reflex"]
    assert reflex["recording"].tolist() == ["soleus"]


# ---------------------------------------------------------------- words and marks


def test_a_row_of_a_nerve_under_unknown_headings_is_said(tmp_path: Path) -> None:
    """One number is enough: a table whose headings are not understood is no note."""
    found = of_one(
        tmp_path, "Motor,,", "Nerve,Side,Site,Lat (ms)", "Median,Left,Wrist,3.5", "", "Reflex", "Nerve,Side,Qx (ms)",
        "Tibial,Left,35.6",
    )  # fmt: skip
    assert [(i.code.name, i.row) for i in found.issues if i.severity == "warning"] == [("row-not-understood", 10)]


@pytest.mark.parametrize(("heading", "mark"), [("n. ausl.", "x"), ("NR", "X"), ("n. ausl.", "✓"), ("NR", "+")])
def test_a_column_that_is_ticked_where_there_was_no_response(tmp_path: Path, heading: str, mark: str) -> None:
    found = measured(
        of_one(
            tmp_path, "Motorisch", f"Nerv,Seite,Reizort,{heading},Latenz (ms),Ampl. (mV)", f"N. tibialis,links,Knöchel,{mark},,",
            "N. tibialis,rechts,Knöchel,,4.1,6.2",
        )
    )  # fmt: skip
    assert found["left tibial motor ankle"] == "absent"
    assert found["right tibial motor ankle latency_ms"] == 4.1


def test_a_column_of_no_is_no_mark(tmp_path: Path) -> None:
    found = of_one(tmp_path, "Nerve,Side,Site,Diabetes,Lat (ms),Amp (mV)", "Median,Left,Wrist,no,3.5,8.2")
    assert found.responses["response"].tolist() == ["present"]


@pytest.mark.parametrize(
    ("segment", "site"),
    [("HG-uE", "below_elbow"), ("uE-oE", "above_elbow"), ("팔꿈치아래-위", "above_elbow"), ("肘下-上", "above_elbow"),
     ("비골두아래-위", "above_fibular_head")],
)  # fmt: skip
def test_segments_that_leave_out_what_goes_without_saying(segment: str, site: str) -> None:
    found = read_segment(segment)
    assert found is not None
    assert found.proximal == site


@pytest.mark.parametrize(
    ("text", "muscle"), [("Abd. 5º dedo", "ADM"), ("1º interóseo dorsal", "FDI"), ("Abd. del 5º dedo", "ADM")]
)
def test_muscles_with_ordinals(text: str, muscle: str) -> None:
    assert place_named(text) == muscle


def test_the_soleus_in_chinese_is_no_comparison(tmp_path: Path) -> None:
    found = measured(of_one(tmp_path, "H反射", "神经,H波潜伏期(ms)", "左侧 胫神经(比目鱼肌),33.8"))
    assert 33.8 in found.values()


@pytest.mark.parametrize("heading", ["H 잠시 (ms)", "H 潜時 (ms)", "H잠시"])
def test_the_latency_of_an_h_reflex(heading: str) -> None:
    read = read_heading(heading)
    assert read is not None
    assert read.role == "h_latency"


@pytest.mark.parametrize("unit", ["(mot. mV, sens. µV)", "(mV/µV)", "[mV bzw. µV]", "mV or uV", "(mV) / (µV)"])
def test_the_units_of_both_kinds_in_one_heading(tmp_path: Path, unit: str) -> None:
    found = measured(
        of_one(
            tmp_path, f'Nerve;Study;Side;Site;Lat (ms);"Amplitude {unit}"'.replace(";", "|"),
            "Median|motor|Left|Wrist|3.5|8.2", "Sural|sensory|Left|Calf|2.9|12",
        )
    )  # fmt: skip
    assert found["left median motor wrist amplitude_mv"] == 8.2
    assert found["left sural sensory calf amplitude_uv"] == 12


def test_a_label_that_says_how_the_amplitude_was_taken_is_not_ambiguous() -> None:
    meaning = read_wide_heading("Median motor R, APB: CMAP amplitude (base-peak), stim. wrist")
    assert meaning.whole
    assert meaning.convention == "baseline_to_peak"


def test_sx_beside_other_headings_is_no_side(tmp_path: Path) -> None:
    found = of_one(tmp_path, "sx,Nerve,Side,Site,Lat (ms),Amp (mV)", "F,Median,Right,Wrist,3.5,8.2")
    assert measured(found) == {"right median motor wrist latency_ms": 3.5, "right median motor wrist amplitude_mv": 8.2}


def test_stimulated_and_recorded_in_brackets() -> None:
    """The place in front of 刺激 is stimulated, that in front of 導出 recorded from."""
    found = read_place("正中神経 感覚 (手首刺激-示指導出)")
    assert (found.site, found.recording) == ("wrist", "digit_2")
    assert read_place("右正中神経 運動 (APB導出)").recording == "APB"
    assert read_place("Median sensory (wrist x digit 2)").recording is None
