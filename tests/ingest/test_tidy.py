"""The tidy table: every column of the contract, and what contradicts."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from ncs_analyzer.ingest import read
from ncs_analyzer.readings import CATEGORIES, LIMITS, STUDY_COLUMNS, VALUES, Readings
from tests.ingest.reading import codes, table, values

HEAD = "patient_id,study_date,age_years,sex,study,nerve,side,recording,stimulation,response,latency_ms,amplitude_mv,amplitude_uv"
ROW = "A1,2024-01-02,50,F,motor,median,left,APB,wrist,,3.5,8.2,"

EVERY = {
    "patient_id": "A1", "study_id": "S1", "study_date": "2024-03-05", "age_years": 50.5, "sex": "F", "height_cm": 170.0,
    "weight_kg": 64.0, "days_since_onset": 90.0, "group": "treated", "low_cut_hz": 20.0, "cts_left": "no",
    "cts_right": "yes", "phenotype": "distal", "nerve": "median", "side": "left", "recording": "APB",
    "stimulation": "elbow", "response": "present", "latency_upper_limit": 9.0, "amplitude_lower_limit": 4.0,
    "velocity_lower_limit": 49.0, "duration_upper_limit": 6.9, "temperature_c": 32.5,
}  # fmt: skip
MOTOR = EVERY | {"study": "motor", "latency_ms": 7.5, "amplitude_mv": 8.25, "area_mvms": 30.5, "duration_ms": 5.75,
                 "distance_mm": 220.0, "velocity_m_per_s": 55.0, "amplitude_convention": "baseline_to_peak"}  # fmt: skip
SENSORY = EVERY | {"study": "sensory", "recording": "digit_2", "stimulation": "wrist", "latency_ms": 2.5, "peak_latency_ms": 3.25,
                   "amplitude_uv": 24.5, "distance_mm": 140.0, "velocity_m_per_s": 56.0, "peak_latency_upper_limit": 3.75,
                   "amplitude_convention": "peak_to_peak"}  # fmt: skip
F_WAVE = EVERY | {"study": "f_wave", "stimulation": "wrist", "latency_ms": 28.5, "persistence_pct": 90.0}


@pytest.mark.parametrize("record", [MOTOR, SENSORY, F_WAVE], ids=["motor", "sensory", "f_wave"])
def test_every_column_arrives(record: dict[str, object]) -> None:
    readings = Readings.from_rows([record])
    found = {**readings.studies.iloc[0], **readings.responses.iloc[0]}
    assert {name: found[name] for name in record} == record
    assert codes(readings) == []


def test_the_records_cover_the_contract() -> None:
    assert {*STUDY_COLUMNS, *VALUES, *LIMITS, *CATEGORIES} <= {*MOTOR, *SENSORY, *F_WAVE}


def test_columns_in_any_order_and_covariates(tmp_path: Path) -> None:
    readings = table(
        tmp_path,
        "hba1c,Side,NERVE,study,latency_ms,Patient ID\n7.1,left,median,motor,3.5,A1\n7.1,left,ulnar,motor,2.9,A1",
    )
    assert values(readings)["A1 left median motor wrist latency_ms"] == 3.5
    assert readings.studies["hba1c"].tolist() == ["7.1"]


def test_a_covariate_that_differs_within_a_study_is_said(tmp_path: Path) -> None:
    rows = [ROW + ",x", ROW.replace("median", "ulnar").replace("APB", "ADM") + ",y"]
    readings = table(tmp_path, "\n".join([HEAD + ",remark", *rows]))
    assert [(i.code.name, i.column) for i in readings.issues] == [("column-ignored", "remark")]


@pytest.mark.parametrize(
    ("dates", "expected", "issues"),
    [
        (("2024-01-02", "2024-01-03"), ["2024-01-02", "2024-01-03"], []),
        (("05/03/2024", "27/03/2024"), ["2024-03-05", "2024-03-27"], []),
        (("05/03/2024", "03/27/2024"), ["2024-05-03", "2024-03-27"], []),
        (("05/03/2024", "06/03/2024"), [None, None], ["date-order-unknown", "date-order-unknown"]),
        (("05.03.2024", "06.03.2024"), ["2024-03-05", "2024-03-06"], []),
    ],
)  # fmt: skip
def test_the_order_of_dates_is_decided_by_the_column(
    tmp_path: Path, dates: tuple[str, str], expected: list[str | None], issues: list[str]
) -> None:
    rows = [ROW.replace("2024-01-02", date).replace("A1", f"A{i}") for i, date in enumerate(dates)]
    readings = table(tmp_path, "\n".join([HEAD, *rows]))
    assert [d if isinstance(d, str) else None for d in readings.studies["study_date"]] == expected
    assert codes(readings) == issues


def test_dates_that_cannot_be_read_still_tell_two_studies_apart(tmp_path: Path) -> None:
    rows = [
        ROW.replace("2024-01-02", date).replace("3.5", latency)
        for date, latency in (("05/03/2024", "3.5"), ("06/03/2024", "4.1"))
    ]
    readings = table(tmp_path, "\n".join([HEAD, *rows]))
    assert sorted(readings.responses["latency_ms"]) == [3.5, 4.1]
    assert readings.studies["study_id"].is_unique


def test_duplicates(tmp_path: Path) -> None:
    same = table(tmp_path, "\n".join([HEAD, ROW, ROW]))
    assert (len(same.responses), codes(same, "info", "error")) == (1, ["duplicate-row"])
    other = table(tmp_path, "\n".join([HEAD, ROW, ROW.replace("3.5", "3.9")]))
    assert codes(other, "error") == ["duplicate-conflict"] * 2
    assert other.responses["latency_ms"].isna().all()
    assert [i.row for i in other.issues if i.severity == "error"] == [2, 3]


def test_headings_pasted_again_in_the_middle(tmp_path: Path) -> None:
    readings = table(tmp_path, "\n".join([HEAD, ROW, HEAD, ROW.replace("A1", "A2")]))
    assert list(readings.studies["patient_id"]) == ["A1", "A2"]
    assert readings.rows == {"read": 3, "used": 3, "reported": 0}


def test_an_id_left_out_among_written_ones_refuses_its_row(tmp_path: Path) -> None:
    rows = [
        ROW,
        ROW.replace("median", "ulnar").replace("APB", "ADM"),
        ROW.replace("A1", "").replace("median", "tibial").replace("APB,wrist", "AH,ankle"),
    ]
    readings = table(tmp_path, "\n".join([HEAD, *rows]))
    assert len(readings.responses) == 2
    assert ("row-without-patient", 4) in [(i.code.name, i.row) for i in readings.issues]
    assert readings.rows == {"read": 3, "used": 2, "reported": 1}


def test_ids_as_above_where_each_stands_once(tmp_path: Path) -> None:
    below = ROW.replace("A1,2024-01-02,50,F", ",2024-01-02,50,F").replace("median", "ulnar").replace("APB", "ADM")
    readings = table(tmp_path, "\n".join([HEAD, ROW, below, ROW.replace("A1", "A2")]))
    assert values(readings)["A1_2024-01-02 left ulnar motor wrist latency_ms"] == 3.5


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ("median", "medain", "unknown-nerve", "nerve"),
        ("left", "both", "missing-side", "side"),
        ("motor", "motr", "unknown-study", "study"),
        ("wrist", "wirst", "unknown-site", "stimulation"),
        ("3.5", "3.5.1", "unreadable-number", "latency_ms"),
        ("3.5", "999", "impossible-value", "latency_ms"),
        (",8.2,", ",,8200", "amplitude-unit", "amplitude_uv"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, old: str, new: str, code: str, column: str) -> None:
    readings = table(tmp_path, f"{HEAD}\n{ROW.replace(old, new)}")
    assert (code, 2, column) in [(i.code.name, i.row, i.column) for i in readings.issues if i.severity == "error"]


@pytest.mark.parametrize("first", [1.0, 1])
def test_true_is_no_number_even_below_a_one(first: float, tmp_path: Path) -> None:
    rows = [MOTOR | {"latency_ms": first, "stimulation": "wrist"}, MOTOR | {"latency_ms": True}]
    book = Workbook()
    for row in (list(MOTOR), *(list(row.values()) for row in rows)):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "book.xlsx")
    for readings in (Readings.from_rows(rows), read(tmp_path / "book.xlsx")):
        assert [i.value for i in readings.issues if i.code.name == "unreadable-number"] == ["True"]
        assert sorted(readings.responses["latency_ms"].isna()) == [False, True]


def test_rows_whose_cells_have_slid(tmp_path: Path) -> None:
    """Nothing of the row is read, and the next site does not become the most distal one."""
    wrist = "A1,2024-01-02,50,F,motor,median,left,APB,wrist,3.5,8.0,,\n"
    elbow = "A1,2024-01-02,50,F,motor,median,left,APB,elbow,7.4,7.8,220,56\n"
    head = "patient_id,study_date,age_years,sex,study,nerve,side,recording,stimulation,latency_ms,amplitude_mv,distance_mm,"
    head += "velocity_m_per_s\n"
    sound = table(tmp_path, head + wrist + elbow)
    assert not codes(sound, "error")
    for slid in (wrist.replace("wrist,", ""), wrist.replace("motor,", "3,motor,"), wrist.replace("50,F,", "50,")):
        found = table(tmp_path, head + slid + elbow + elbow.replace("A1", "A2"))
        errors = [(i.code.name, i.row) for i in found.issues if i.severity == "error"]
        assert {("shifted-columns", 2), ("field-count", 2)} & set(errors), slid
        assert set(found.responses["latency_ms"].dropna()) == {7.4}
        assert len(found.studies) == 2
    slid = wrist.replace("APB,wrist,3.5,8.0,,", "APB,wrist,wrist,3.5,8.0,")
    found = table(tmp_path, head + slid + elbow + elbow.replace("A1", "A2"))
    assert list(found.responses["stimulation"]) == ["wrist", "elbow", "elbow"]


def test_a_column_of_examinations_that_holds_dates(tmp_path: Path) -> None:
    head = "Pat.-ID;Untersuchung;Seite;Nerv;Ableitung;Reizort;Latenz (ms);Amplitude (mV);Amplitude (µV)\n"
    found = table(tmp_path, head + "K1;19.03.2024;rechts;N. medianus;APB;Handgelenk;3,2;9,5;–\n")
    assert (list(found.studies["study_date"]), list(found.responses["study"])) == (["2024-03-19"], ["motor"])


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#LOST TEXT!"])
def test_an_error_instead_of_an_id_is_no_patient(tmp_path: Path, cell: str) -> None:
    found = table(tmp_path, "\n".join([HEAD, ROW, ROW.replace("A1", cell)]))
    assert list(found.studies["patient_id"]) == ["A1"]
    assert ("error-cell", 3) in {(i.code.name, i.row) for i in found.issues}


@pytest.mark.parametrize("name", ["line", "sheet", "conflicts", "when", "one_file", "unnamed"])
def test_a_covariate_never_takes_the_place_of_a_fact(tmp_path: Path, name: str) -> None:
    found = table(tmp_path, f"{HEAD},{name}\n{ROW},02/03/2024\n{ROW.replace('wrist', 'elbow')},02/03/2024\n")
    assert found.studies.loc[0, ["patient_id", "study_date", "age_years"]].tolist() == ["A1", "2024-01-02", 50.0]
    assert found.studies.loc[0, f"{name} (as in the file)"] == "02/03/2024"
