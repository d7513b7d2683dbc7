"""Rows whose cells stand under the wrong headings are refused whole."""

from pathlib import Path

import pytest

from ncs_analyzer.ingest import read
from tests.ingest.reading import sheet, values

HEAD = (
    "patient_id,age_years,sex,study,nerve,side,recording,stimulation,response,"
    "latency_ms,peak_latency_ms,amplitude_mv,amplitude_uv,distance_mm"
)
WRIST = "A1,50,F,motor,median,left,APB,wrist,,3.5,,8.2,,70"
ULNAR = "A1,50,F,motor,ulnar,left,ADM,wrist,,2.8,,9.1,,"
SURAL = "A1,50,F,sensory,sural,left,ankle,calf,,2.9,3.6,,12,140"
SOUND = {"A1 left median motor wrist latency_ms": 3.5, "A1 left ulnar motor wrist latency_ms": 2.8,
         "A1 left sural sensory calf amplitude_uv": 12}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("A1,50,F,,motor,tibial,left,AH,ankle,,4.1,,7.7,", "nerve"),
        ("A1,50,F,tibial,left,AH,ankle,,4.1,,7.7,,80,", "study"),
        ("A1,50,F,motor,tibial,left,AH,ankle,4.1,,7.7,,80,", "response"),
        ("A1,50,F,motor,tibial,left,AH,ankle,,4.1,7.7,,80,", "amplitude_uv"),
        ("A1,50,F,motor,tibial,left,AH,ankle,,,4.1,,7.7,80", "amplitude_uv"),
    ],
)
def test_a_row_that_has_slid(tmp_path: Path, row: str, column: str) -> None:
    found = sheet(tmp_path, HEAD, WRIST, ULNAR, SURAL, row)
    assert [(i.code.name, i.row, i.column) for i in found.issues if i.severity == "error"] == [
        ("shifted-columns", 5, column)
    ]
    assert not {key for key in values(found) if "tibial" in key}
    assert SOUND.items() <= values(found).items()


def test_amplitudes_of_a_table_that_always_writes_them_so_have_not_slid(tmp_path: Path) -> None:
    """µV for every motor response is a unit, not a slip."""
    rows = [row.replace(",8.2,,", ",,8.2,").replace(",9.1,,", ",,9.1,") for row in (WRIST, ULNAR)]
    found = sheet(tmp_path, HEAD, *rows)
    assert {i.code.name for i in found.issues if i.severity == "error"} == {"amplitude-unit"}
    assert values(found)["A1 left median motor wrist latency_ms"] == 3.5


class TestMissingFields:
    """A text file whose rows are written to their end, blank or not."""

    def test_an_error_in_a_short_row_refuses_it(self, tmp_path: Path) -> None:
        found = sheet(tmp_path, HEAD, WRIST, ULNAR, "A1,50,F,motor,tibial,left,AH,ankle,,7.7,,80,")
        assert [(i.code.name, i.row) for i in found.issues if i.severity == "error"] == [
            ("impossible-value", 4), ("field-count", 4),
        ]  # fmt: skip
        assert not {key for key in values(found) if "tibial" in key}

    def test_a_short_row_without_one_is_said(self, tmp_path: Path) -> None:
        found = sheet(tmp_path, HEAD, WRIST, ULNAR, "A1,50,F,motor,tibial,left,AH,ankle,,4.1,,7.7")
        assert [(i.code.name, i.row) for i in found.issues if i.severity == "warning"] == [("row-not-understood", 4)]
        assert values(found)["A1 left tibial motor ankle amplitude_mv"] == 7.7

    def test_where_blank_ends_are_never_written_nothing_is_missing(self, tmp_path: Path) -> None:
        found = sheet(tmp_path, HEAD, WRIST, "A1,50,F,motor,ulnar,left,ADM,wrist,,2.8,,9.1", SURAL)
        assert not [i for i in found.issues if i.severity in ("error", "warning")]


def test_a_row_without_a_patient_is_an_error(tmp_path: Path) -> None:
    found = sheet(tmp_path, HEAD, WRIST, ULNAR, SURAL[2:])
    assert "A1 left median motor wrist latency_ms" in values(found)
    found = sheet(tmp_path, HEAD, WRIST, ULNAR, SURAL.replace("A1", "", 1))
    assert [(i.code.name, i.row) for i in found.issues if i.severity == "error"] == [("row-without-patient", 4)]


class TestPrintedTables:
    """Text files of several tables, each with headings and widths of its own."""

    MOTOR = (
        "Motor",
        "Nerve,Side,Site,Lat (ms),Amp (mV),Dist (mm)",
        "Median,Left,Wrist,3.5,8.2,",
        "Median,Left,Elbow,7.5,8.0,220",
    )
    SENSORY = ("", "Sensory", "Nerve,Side,Site,Lat (ms),Amp (uV)", "Ulnar,Left,Wrist,2.6,15", "Sural,Left,Calf,2.9,12")

    def test_a_field_too_many(self, tmp_path: Path) -> None:
        wrong = self.MOTOR[3].replace("7.5", "7,5")
        found = sheet(tmp_path, "ID,7,Age,50", "", *self.MOTOR[:3], wrong, *self.SENSORY)
        assert [(i.code.name, i.row) for i in found.issues if i.severity == "error"] == [("field-count", 6)]
        assert not {key for key in values(found) if "elbow" in key}

    def test_the_end_cut_off(self, tmp_path: Path) -> None:
        path = tmp_path / "cut.csv"
        path.write_text("\n".join(("ID,7,Age,50", "", *self.MOTOR, *self.SENSORY))[:-3])
        found = read(path)
        assert [(i.code.name, i.row) for i in found.issues if i.severity == "error"] == [("row-cut-off", 11)]
        path.write_text("\n".join(("ID,7,Age,50", "", *self.MOTOR, *self.SENSORY)))
        assert not [i for i in read(path).issues if i.severity == "error"]

    def test_rows_parted_by_another_sign(self, tmp_path: Path) -> None:
        rows = [row.replace(",", ";") for row in self.SENSORY]
        found = sheet(tmp_path, "ID,7,Age,50", "", *self.MOTOR, *rows)
        assert [i.row for i in found.issues if i.code.name == "row-in-one-cell"] == [10, 11]
