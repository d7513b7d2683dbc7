"""Tables by nerve and site: what each cell says, and what is refused rather than guessed."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts import summary, wide
from ncs_analyzer.ingest.places import read_place
from ncs_analyzer.ingest.segments import Segment, read_segment
from ncs_analyzer.ingest.sides import BOTH, sided_heading
from ncs_analyzer.readings import Readings
from tests.ingest.reading import names, of_one, table


def sites(found: Readings) -> list[tuple[str, float]]:
    table = found.responses
    return list(zip(table["stimulation"].astype(str), table["velocity_m_per_s"], strict=True))


@pytest.mark.parametrize(
    ("text", "nerve", "side", "recording", "site"),
    [
        ("Left Ulnar Motor (Abd Dig Minimi)", "ulnar", "left", "ADM", None),
        ("right, Abductor pollicis brevis, Medianus, C8 T1", "median", "right", "APB", None),
        ("Lt. Median (M) Wrist->APB", "median", "left", "APB", "wrist"),
        ("Tibialis anterior, Peroneus, L4", "fibular", None, "TA", None),
        ("左尺神经 腕-小指展肌", "ulnar", "left", "ADM", "wrist"),
        ("우측 정중신경 손목", "median", "right", None, "wrist"),
        ("R Median - Dig II", "median", "right", None, "digit_2"),
    ],
)
def test_places(text: str, nerve: str, side: str | None, recording: str | None, site: str | None) -> None:
    place = read_place(text)
    assert (place.nerve, place.side, place.recording, place.site) == (nerve, side, recording, site)
    assert not place.rest


@pytest.mark.parametrize(
    "text", ["Left Ulnar/Median Motor", "Tibial medial plantaris X cutaneous", "Peroneus cutaneus"]
)
def test_two_nerves_or_an_unknown_branch_are_no_nerve(text: str) -> None:
    assert read_place(text).nerve is None


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("Elbow - Wrist", Segment("wrist", "elbow")),
        ("W-BE", Segment("wrist", "below_elbow")),
        ("Wrist-APB", Segment(None, "wrist")),
        ("A-Elbow", None),
        ("across elbow", None),
    ],
)
def test_segments(text: str, segment: Segment | None) -> None:
    assert read_segment(text) == segment


def test_sides_in_headings() -> None:
    assert sided_heading("L Lat (ms)") == ("left", "Lat (ms)")
    assert sided_heading("L-R Amp (%)") == (BOTH, "Amp (%)")
    assert sided_heading("Lat. D (ms)") is None
    assert sided_heading("Lat. D (ms)", initials=True) == ("right", "Lat. (ms)")


def test_velocity_belongs_to_the_proximal_site_of_a_named_segment(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(
        tmp_path, "Motor", "Nerve/Site,Lat (ms),Amp (mV),Segment,Dist (mm),CV (m/s)", "Right Median (APB),,,,,",
        "Wrist,3.5,8.1,Elbow-Wrist,220,55", "Elbow,7.5,7.9,,,",
    )  # fmt: skip
    assert ("elbow", 55.0) in sites(found)
    assert ("wrist", 55.0) not in sites(found)


def test_an_unknown_word_of_a_site_refuses_its_row(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(
        tmp_path, "Motor", "Nerve/Site,Lat (ms),Amp (mV)", "Right Ulnar (ADM),,", "Wrist,2.9,9.1", "Zzz elbow,7.5,7.9"
    )
    assert list(found.responses["stimulation"].astype(str)) == ["wrist"]
    assert "unknown-site" in names(found)


def test_no_side_no_reading(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "Motor", "Nerve/Site,Lat (ms),Amp (mV)", "Ulnar (ADM),,", "Wrist,2.9,9.1")
    assert found.responses.empty
    assert "missing-side" in names(found)


def test_a_motor_study_of_a_sensory_nerve_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "Motor", "Nerve/Site,Lat (ms),Amp (mV)", "Left Sural Motor (EDB),,", "Calf,2.9,9.1")
    assert found.responses.empty
    assert "unknown-study" in names(found)


def test_an_unlabelled_latency_is_the_onset_and_said_unless_proven(tmp_path) -> None:  # type: ignore[no-untyped-def]
    head = "Nerve,Lat (ms),Amp (uV),Dist (mm),CV (m/s)"
    proven = of_one(tmp_path, "Sensory", head, "Left Sural,3.0,12,140,47")
    assert "latency-kind-assumed" not in names(proven)
    bare = of_one(tmp_path, "Sensory", head, "Left Sural,3.0,12,,")
    assert "latency-kind-assumed" in names(bare)
    assert list(bare.responses["latency_ms"]) == [3.0]


def test_a_limit_in_the_cell(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(tmp_path, "Motor", "Nerve/Site,Lat (ms),Amp (mV)", "Left Ulnar (ADM),,", "Wrist,3.6 (<3.3),9.1")
    assert list(found.responses["latency_ms"]) == [3.6]
    assert list(found.responses["latency_upper_limit"]) == [3.3]


def test_a_needle_examination_is_said_and_not_read(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(
        tmp_path, "Motor", "Nerve/Site,Lat (ms),Amp (mV)", "Left Ulnar (ADM),,", "Wrist,2.9,9.1", "",
        "Side,Muscle,Nerve,Fibs,PSW,Amp,Dur", "Left,ADM,Ulnar,1+,Nml,6.5,12",
    )  # fmt: skip
    assert len(found.responses) == 1
    assert "table-ignored" in names(found)


def test_every_row_is_used_or_reported(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = of_one(
        tmp_path, "Motor", "Nerve/Site,Lat (ms),Amp (mV),Foo", "Left Ulnar (ADM),,,", "Wrist,2.9,9.1,x", "Elbow,,,",
        "Left Zzz nerve,,,", "Wrist,1,2,", "Average,3,4,",
    )  # fmt: skip
    (sheet,) = found.found
    assert sheet.read == sheet.used + sheet.reported == 6
    spoken = {issue.row for issue in found.issues}
    assert {8, 9, 10, 11} <= spoken
    assert any(issue.code.name == "column-ignored" and issue.value is None for issue in found.issues)


def grid(rows: Sequence[Sequence[str | None]]) -> Grid:
    return Grid.of_rows("x.csv", None, [list(row) for row in rows])


def test_layouts_know_their_own() -> None:
    block = grid([["Motor Median Left", None], [None, "Wrist"], ["Lat", "3.5"], ["Amp", "8.1"]])
    table = grid([["Site", "Lat (ms)", "Amp (mV)"], ["Left Median (APB)", None, None], ["Wrist", "3.5", "8.1"]])
    assert summary.fit(block) > wide.fit(block)
    assert summary.fit(table) > wide.fit(table)


def test_a_very_wide_grid_is_no_table_of_sites() -> None:
    assert summary.fit(grid([["Lat (ms)", "Amp (mV)"] * 200, ["1"] * 400])) == 0.0


NERVES = "Patient ID:,X1\n\nMotor\nNerve,Side,Muscle,Site,Lat (ms),Amp (mV),Dist (mm),CV (m/s)\nMedian,R,APB,Wrist,3.4,8,70,\n"


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ("Xyz,R,APB,Wrist,3.9,7,70,\n,,,Elbow,7.7,7.7,200,55", [("unknown-nerve", 6, "Nerve")]),
        ("#N/A,R,APB,Elbow,7.4,8,220,55", [("unknown-nerve", 6, "Nerve")]),
        ("Median,#N/A,APB,Wrist,3.9,7,70,\n,,,Elbow,7.7,7.7,200,55", [("unreadable-word", 6, "Side")]),
        ("Ulnar,,ADM,Wrist,2.6,9,70,\n,,,B Elbow,6.6,8,220,55", [("missing-side", 6, "Side")]),
        ("Median,R,APB,#REF!,7.4,8,220,55", [("unknown-site", 6, "Site")]),
    ],
)
def test_rows_that_do_not_say_what_they_are(tmp_path: Path, rows: str, errors: list[object]) -> None:
    """They are never taken for the nerve, side or site above."""
    found = table(tmp_path, NERVES + rows + "\n")
    assert [(i.code.name, i.row, i.column) for i in found.issues if i.severity == "error"] == errors
    assert list(found.responses["latency_ms"]) == [3.4]


def test_a_title_that_names_the_stimulation(tmp_path: Path) -> None:
    found = of_one(
        tmp_path,
        "Sensory conduction (antidromic; stimulation at the wrist)",
        "Nerve,Side,Recording,Onset (ms),Amp (uV)",
        "Median,Right,Digit II,2.8,25",
        "Ulnar,Right,Digit V,2.6,20",
        "Sural,Right,Ankle,3.2,14",
    )
    assert list(found.responses["stimulation"].astype(object).where(found.responses["stimulation"].notna(), None)) == [
        "wrist",
        "wrist",
        None,
    ]
