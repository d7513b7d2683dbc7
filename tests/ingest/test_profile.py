"""A laboratory's profile: what it changes, what it leaves, and what it refuses."""

import tomllib
from pathlib import Path

import pytest

from ncs_analyzer.ingest import read
from ncs_analyzer.ingest.profile import Profile, ProfileError, load_profile, profile_of
from ncs_analyzer.readings import Readings
from ncs_analyzer.report.profile import suggested_profile
from ncs_analyzer.report.record import reading_record

TABLE = """\
Kennung,study_date,study,nerve,side,recording,stimulation,Reizantwort,Stärke,amplitude_uv,Notiz
P1,03/05/2024,motor,Med.nerv,li.,APB,Hdgl,3.6,8.1,,see 4.5
P1,03/05/2024,motor,Med.nerv,li.,APB,elbow,7.6,x,,
P1,03/05/2024,sensory,ulnar,right,digit_5,wrist,2.4,,11,
"""
PROFILE = {
    "laboratory": "A",
    "columns": {"kennung": "patient_id", "Reizantwort": "latency_ms", "Notiz": "ignore", "Stärke": "amplitude"},
    "units": {"Stärke": "mV"},
    "nerves": {"Med.nerv": "median"},
    "sites": {"Hdgl": "wrist"},
    "sides": {"li.": "left"},
    "conventions": {"amplitude": "peak_to_peak", "date_order": "mdy"},
    "defaults": {"low_cut_hz": 10},
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "lab.csv"
    path.write_text(TABLE)
    return path


def test_words_headings_units_dates_and_defaults(table: Path) -> None:
    readings = read(table, profile_of(PROFILE))
    own = readings.responses
    assert list(readings.studies["patient_id"]) == ["P1"]
    assert list(readings.studies["study_date"]) == ["2024-03-05"]
    assert list(readings.studies["low_cut_hz"]) == [10.0]
    assert list(own["latency_ms"]) == [3.6, 7.6, 2.4]
    assert own["amplitude_mv"][0] == 8.1
    assert list(own["nerve"]) == ["median", "median", "ulnar"]
    assert list(own["stimulation"]) == ["wrist", "elbow", "wrist"]
    assert set(own["amplitude_convention"]) == {"peak_to_peak"}


def test_without_it_nothing_is_guessed(table: Path) -> None:
    readings = read(table)
    assert list(readings.responses["nerve"]) == ["ulnar"]
    assert readings.responses["latency_ms"].isna().all()


def test_addresses_keep_the_headings_of_the_file(table: Path) -> None:
    readings = read(table, profile_of(PROFILE))
    (issue,) = (i for i in readings.issues if i.severity == "error")
    assert (issue.code.name, issue.row, issue.column, issue.value) == ("unreadable-number", 3, "Stärke", "x")
    assert readings.cells.address(0, "latency_ms")["column"] == "Reizantwort"
    headings = [column.heading for column in readings.found[0].columns]
    assert "Kennung" in headings
    assert "Notiz" not in headings
    assert any("Notiz" in note for note in readings.found[0].notes)


def test_an_ignored_column_is_no_covariate(table: Path) -> None:
    assert "Notiz" not in read(table, profile_of(PROFILE)).studies.columns


def test_a_study_that_says_its_filter_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("patient_id,low_cut_hz,study,nerve,side,stimulation,latency_ms\nA,2,motor,median,left,wrist,3\n")
    readings = read(path, profile_of({"defaults": {"low_cut_hz": 10, "group": "x"}}))
    assert list(readings.studies["low_cut_hz"]) == [2.0]
    assert list(readings.studies["group"]) == ["x"]


@pytest.mark.parametrize(("wanted", "column"), [("peak", "peak_latency_ms"), ("onset", "latency_ms")])
def test_sensory_latencies_without_a_label(wanted: str, column: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    motor = "R median motor DML (ms),L median motor DML (ms)"
    sensory = "R median sensory latency (ms),R ulnar sensory latency (ms),L median sensory latency (ms)"
    path.write_text(f"ID,Age,Sex,{sensory},{motor}\nA,40,F,3.1,3.0,3.2,3.9,3.8\nB,50,M,3.4,3.5,3.6,4.0,4.1\n")
    assumed = read(path)
    assert "latency-kind-assumed" in {i.code.name for i in assumed.issues}
    readings = read(path, profile_of({"conventions": {"sensory_latency": wanted}}))
    own = readings.responses[readings.responses["study"] == "sensory"]
    assert sorted(own[column]) == [3.0, 3.1, 3.2, 3.4, 3.5, 3.6]
    assert own.drop(columns=column)[["latency_ms", "peak_latency_ms"][wanted == "onset"]].isna().all()
    assert "latency-kind-assumed" not in {i.code.name for i in readings.issues}


def test_the_decimal_sign_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("patient_id;study;nerve;side;stimulation;latency_ms\nA;motor;median;left;wrist;3,125\n")
    assert read(path).responses["latency_ms"].tolist() == [3.125]
    assert read(path, profile_of({"conventions": {"decimal": "point"}})).responses["latency_ms"].isna().all()


def test_outputs_carry_its_hash(table: Path, tmp_path: Path) -> None:
    path = tmp_path / "lab.toml"
    path.write_text('laboratory = "A"\n')
    readings = read(table, path)
    stamp = reading_record(readings)["profile"]
    assert stamp["name"] == "lab.toml"
    assert len(stamp["hash"]) == 64
    path.write_text('laboratory = "B"\n')
    assert reading_record(read(table, path))["profile"]["hash"] != stamp["hash"]
    assert "profile" not in reading_record(read(table))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("laboratory = ", "no TOML|not a TOML"),
        ("[colums]\na = 'b'", "did you mean columns"),
        ("[columns]\na = 'zzz'", r"columns\.a: 'zzz' names no column"),
        ("[sites]\nk = 'wirst'", r"sites\.k: 'wirst' is not known\. Did you mean wrist"),
        ("[units]\nAmp = 'volts'", "no unit"),
        ("[units]\nlatency_ms = 's'", "whose unit is fixed"),
        ("[units]\nZzz = 'mV'", "not understood as a heading"),
        ("[conventions]\namplitude = 'peak'", "baseline_to_peak"),
        ("[defaults]\nlow_cut_hz = -2", "greater than 0"),
        ("hash = 'a'", "not for the profile"),
    ],
)
def test_what_cannot_be_relied_on_is_refused(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "lab.toml"
    path.write_text(text)
    with pytest.raises(ProfileError, match=words):
        load_profile(path)


class TestSuggestion:
    def test_it_is_a_profile_that_changes_nothing(self) -> None:
        folder = Path(__file__).parents[1] / "exports" / "files"
        for name in ("B/b03_keypoint_semicolon.csv", "E/e03_headings_with_units.xlsx", "H/h01_order_capitals.csv"):
            plain = read(folder / name)
            suggested = profile_of(tomllib.loads(suggested_profile(plain)))
            assert suggested.columns
            _same(plain, read(folder / name, suggested))

    def test_doubtful_lines_are_marked(self, table: Path) -> None:
        text = suggested_profile(read(table))
        assert '# ? "Hdgl" = ' in text
        assert '# ? date_order = "dmy"' in text
        assert '# ? "Reizantwort" = ' in text

    def test_hostile_headings_stay_text(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text('patient_id,nerve,side,study,latency_ms,"x"" = 1\n[sites]\x1b[31m"\nA,median,left,motor,3,5\n')
        text = suggested_profile(read(path))
        assert "\x1b" not in text
        assert set(tomllib.loads(text)) <= set(Profile.model_fields)


def _same(one: Readings, other: Readings) -> None:
    assert one.responses.equals(other.responses)
    assert one.studies.equals(other.studies)
    assert [i.record() for i in one.issues] == [i.record() for i in other.issues]
