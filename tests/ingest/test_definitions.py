"""What a file says of its own words: legends above and below, code books, missing values, codes of sex and side."""

from pathlib import Path

import openpyxl
import pytest

from ncs_analyzer.ingest import read
from ncs_analyzer.ingest.definitions import Definitions, state_of
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.legends import definitions_of
from ncs_analyzer.readings import Readings
from tests.ingest.reading import codes, table, values


def workbook(tmp_path: Path, **sheets: list[list[object]]) -> Readings:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    return read(tmp_path / "t.xlsx")


def told(*rows: list[str]) -> Definitions:
    return definitions_of([Grid.of_rows("f", None, [list(row) for row in rows])])


def test_a_line_of_definitions_whose_commas_parted_it() -> None:
    found = told(["# DML = distal latency", "ms; SPL = sensory peak latency. 999 = not done"])
    assert found.words["dml"] == "distal latency, ms"  # the key loses the sign of a comment
    assert found.words["spl"] == "sensory peak latency"
    assert found.words["999"] == "not done"


def test_two_abbreviations_at_once_and_variables_with_codes() -> None:
    found = told(["D / G = droit / gauche"], ["Sex: 1 = male, 2 = female"])
    assert (found.words["d"], found.words["g"]) == ("droit", "gauche")
    assert found.phrase("Sex", 2) == "female"
    assert found.phrase("Group", 2) is None


def test_an_abbreviation_with_points() -> None:
    found = told(["Legende: k. A. = keine Antwort; n. u. = nicht untersucht. DML = distal latency"])
    assert (found.words["k. a."], found.words["n. u."]) == ("keine Antwort", "nicht untersucht")
    assert found.words["dml"] == "distal latency"


def test_a_code_of_every_variable() -> None:
    found = told(["Codes"], ["variable", "value", "label"], ["(all NCS)", "-88", "no response"], ["sex", "2", "female"])
    assert found.phrase("R_med_dml", -88) == "no response"
    assert found.phrase("R_med_dml", 2) is None


def test_what_is_explained_in_two_ways_is_not_explained() -> None:
    assert told(["M = median"], ["M = motor"]).words == {}


def test_a_small_number_for_missing_values_of_the_whole_file_may_be_a_measurement() -> None:
    assert "9" not in told(["9 = missing"]).words


@pytest.mark.parametrize(
    ("phrase", "state"),
    [
        ("tested, no response obtained", "no_response"),
        ("not done / missing", "not_tested"),
        ("nicht durchgeführt", "not_tested"),
        ("Nerv untersucht, keine Reizantwort", "no_response"),
        ("resposta ausente", "no_response"),
        ("réponse absente", "no_response"),
        ("not done or no response", None),
        ("distal motor latency", None),
    ],
)
def test_states_in_words(phrase: str, state: str | None) -> None:
    assert state_of(phrase) == state


def test_letters_for_nerves_and_codes_for_missing_mean_what_the_code_book_says(tmp_path: Path) -> None:
    readings = workbook(
        tmp_path,
        Data=[["ID", "Sex", "M_DL_R", "M_A_R", "S_A_R"], ["A1", 1, 3.5, 8.2, 12], ["A2", 2, -99, -99, -88]],
        Key=[["Abbreviation", "Meaning"], ["M", "median motor"], ["S", "sural"], ["DL", "distal latency (ms)"],
             ["A", "amplitude"], ["R", "right"], ["-99", "not done"], ["-88", "no response"],
             ["Sex", "1 = male, 2 = female"]],
    )  # fmt: skip
    assert values(readings) == {
        "A1 right median motor wrist latency_ms": 3.5,
        "A1 right median motor wrist amplitude_mv": 8.2,
        "A1 right sural sensory amplitude_uv": 12.0,
        "A2 right sural sensory": "absent",
    }
    assert list(readings.studies["sex"]) == ["M", "F"]


def test_labels_of_variables_tell_the_columns(tmp_path: Path) -> None:
    readings = workbook(
        tmp_path,
        Data=[["ID", "V1", "V2", "MSR1"], ["A1", 3.6, 9.1, 22], ["A2", 999, 999, 888]],
        Codebook=[["Variable", "Label", "Missing values", "Value labels"],
                  ["V1", "Right median nerve, distal motor latency (ms)", "999", None],
                  ["V2", "Right median nerve, CMAP amplitude, elbow (mV)", "999", None],
                  ["MSR1", "Right median SNAP amplitude, digit 2 (µV)", "999", "{888, no response}"]],
    )  # fmt: skip
    assert values(readings) == {
        "A1 right median motor wrist latency_ms": 3.6,
        "A1 right median motor elbow amplitude_mv": 9.1,
        "A1 right median sensory amplitude_uv": 22.0,
        "A2 right median sensory": "absent",
    }
    assert readings.cells.address(0, "latency_ms")["column"] == "V1"


def test_a_label_that_names_another_side_than_its_variable_is_refused(tmp_path: Path) -> None:
    readings = workbook(
        tmp_path,
        Data=[["ID", "R_MED_DML", "R_ULN_DML", "R_TIB_DML", "L_MED_DML"], ["A1", 3.6, 2.9, 4.4, 3.7]],
        Codebook=[["Variable", "Label"], ["R_MED_DML", "Left median distal motor latency (ms)"]],
    )
    assert "A1 left median motor wrist latency_ms" in values(readings)
    assert "A1 right median motor wrist latency_ms" not in values(readings)
    assert "column-not-understood" in codes(readings)


def test_a_legend_below_the_patients_is_no_patient(tmp_path: Path) -> None:
    head = "Pat-ID;Alter;Med re DML;Med re MSAP;Med re NLG;Med re SNAP;Med re sNLG"
    legend = "DML = distal motorische Latenz (ms); MSAP = Amplitude (mV); kA = keine Antwort"
    readings = table(tmp_path, f"{head}\nN01;61;4,1;7,7;51;18,2;49\nN02;60;kA;kA;kA;kA;kA\n{legend};;;;")
    assert list(readings.studies["patient_id"]) == ["N01", "N02"]
    assert values(readings)["N01 right median motor elbow velocity_m_per_s"] == 51
    assert values(readings)["N02 right median motor wrist"] == "absent"
    assert values(readings)["N02 right median sensory"] == "absent"


def test_the_name_of_the_sheet_says_what_its_headings_leave_open(tmp_path: Path) -> None:
    head = ["ID", "Median DML (ms)", "Sural SNAP (µV)", "Tibial DML (ms)"]
    readings = workbook(tmp_path, Right=[head, ["A1", 3.5, 12, 4.4]], Left=[head, ["A1", 3.6, 13, 4.5]])
    assert values(readings)["A1 left median motor wrist latency_ms"] == 3.6
    assert values(readings)["A1 right sural sensory amplitude_uv"] == 12
    readings = workbook(tmp_path, Median=[["ID", "R DML", "R CMAP wrist", "Duration", "L DML"], ["A1", 3.5, 8, 7, 3.6]])
    assert sorted(values(readings)) == [
        "A1 left median motor wrist latency_ms",
        "A1 right median motor wrist amplitude_mv",
        "A1 right median motor wrist latency_ms",
    ]


def test_a_letter_as_the_name_of_a_sheet_says_nothing(tmp_path: Path) -> None:
    head = ["ID", "Median DML (ms)", "Median CMAP (mV)", "Ulnar DML (ms)"]
    assert values(workbook(tmp_path, R=[head, ["A1", 3.5, 12, 2.9]])) == {}


def test_a_case_of_one_nerve_in_a_definition_does_not_bind_the_others(tmp_path: Path) -> None:
    top: list[list[object]] = [
        ["ID", "LEFT", None, None, None],
        [None, "PERONEAL", None, "TIBIAL", None],
        [None, "CMAP-ANK", "CMAP-KNE", "CMAP-ANK", "CMAP-KNE"],
        [None, "mV", "mV", "mV", "mV"],
    ]
    legend = [None, "KNE = stimulation at the knee (popliteal fossa for tibial)."]
    found = workbook(tmp_path, NCS=[*top, ["P1", 4.1, 3.9, 8.2, 7.1], ["P2", 3.1, 2.9, 6.2, 5.1], [], legend]).responses
    assert set(zip(found["nerve"].astype(str), found["stimulation"].astype(str), strict=True)) == {
        ("fibular", "ankle"),
        ("fibular", "above_fibular_head"),
        ("tibial", "ankle"),
        ("tibial", "popliteal_fossa"),
    }
