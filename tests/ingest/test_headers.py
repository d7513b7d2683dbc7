"""Rows of headings above each other: sides, sites, kinds of study and limits as the columns say them together."""

from collections.abc import Sequence

import pytest

from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.layouts.header import Header, find_header
from ncs_analyzer.ingest.layouts.stack import read_stack
from ncs_analyzer.ingest.sides import BOTH, group_of


def header(*rows: Sequence[str], below: Sequence[str] = ("Median", "3.5")) -> Header:
    found = find_header(Grid.of_rows("x.csv", None, [list(row) for row in (*rows, below)]), 0)
    assert found is not None
    assert found.first == len(rows)
    return found


def said(found: Header) -> list[tuple[str, str | None, str | None, bool]]:
    columns = found.headings.items()
    return [(h.role, found.sides.get(c), found.sites.get(c), h.limit) for c, h in columns]


@pytest.mark.parametrize(
    ("texts", "role", "side", "site", "kind", "limit"),
    [
        (("RIGHT HAND", "DML (ms)"), "distal_latency", "right", None, None, False),
        (("Lado izquierdo", "Latencia (ms)"), "latency", "left", None, None, False),
        (("Latenz [ms]", "re"), "latency", "right", None, None, False),
        (("Latenz [ms]", "Norm"), "latency", None, None, None, True),
        (("NORMAL", "Velocity", "m/s"), "velocity", None, None, None, True),
        (("左侧", "波幅(mV)"), "amplitude", "left", None, None, False),
        (("Diferencia D-I", "VC (m/s)"), "velocity", BOTH, None, None, False),
        (("GOMITO", "LP (ms)"), "latency", None, "elbow", None, False),
        (("W-E", "NCV"), "velocity", None, "elbow", None, False),
        (("F波", "最短潜時(ms)"), "f_latency", None, None, "f_wave", False),
        (("ONDA F", "Lat. min. (ms)"), "f_latency", None, None, "f_wave", False),
        (("Latency (ms)", "Peak"), "peak_latency", None, None, None, False),
        (("Sensory", "Amplitude"), "amplitude", None, None, "sensory", False),
    ],
)
def test_stacked_headings_are_read_together(
    texts: tuple[str, ...], role: str, side: str | None, site: str | None, kind: str | None, limit: bool
) -> None:
    stack = read_stack(texts)
    assert stack.heading is not None
    assert (stack.heading.role, stack.side, stack.site, stack.kind, stack.heading.limit) == (
        role,
        side,
        site,
        kind,
        limit,
    )


@pytest.mark.parametrize(
    "texts",
    [
        ("LEFT", "RIGHT", "Lat (ms)"),
        ("Wrist", "Elbow", "Lat (ms)"),
        ("F wave", "Amplitude"),
        ("W-E", "Amplitude"),
        ("Zzz", "Amplitude"),
    ],
)
def test_contradictions_and_unknown_words_name_no_measure(texts: tuple[str, ...]) -> None:
    assert read_stack(texts).heading is None


def test_sides_above_merged_or_not() -> None:
    measures = ("Nerve", "Site", "Lat (ms)", "Amp (mV)", "Lat (ms)", "Amp (mV)")
    expected = [("latency", "left", None, False), ("amplitude", "left", None, False)]
    expected += [("latency", "right", None, False), ("amplitude", "right", None, False)]
    for sides in (("", "", "LEFT", "", "RIGHT", ""), ("Nerve", "Site", "LEFT", "LEFT", "RIGHT", "RIGHT")):
        assert said(header(sides, measures))[2:] == expected


def test_limits_between_the_sides_belong_to_both() -> None:
    sides = ("MOTOR", "Site", "LEFT", "LEFT", "NORMAL", "NORMAL", "RIGHT", "RIGHT")
    found = header(sides, ("MOTOR", "Site", *("Latency", "Amplitude") * 3), ("MOTOR", "Site", *("ms", "mV") * 3))
    assert found.kind == "motor"
    assert [(c, h.limit) for c, h in found.headings.items() if h.limit] == [(4, True), (5, True)]
    assert found.headings[5].unit == "mV"


def test_measures_above_sides_differences_and_limits() -> None:
    found = header(
        ("Nerv", "Reizort", "Latenz [ms]", "", "", "", "NLG [m/s]", "", ""),
        ("", "", "re", "li", "Diff.", "Norm", "re", "li", "Diff."),
    )
    assert {c: found.sides[c] for c in (2, 3, 4, 6)} == {2: "right", 3: "left", 4: BOTH, 6: "right"}
    assert found.headings[5].limit
    assert found.headings[5].role == "latency"


def test_a_data_row_is_no_row_of_headings() -> None:
    rows = [["Nerve", "Lat (ms)", "Amp (mV)"], ["Median", "", ""], ["Wrist", "3.5", "8"]]
    found = find_header(Grid.of_rows("x.csv", None, [list(r) for r in rows]), 0)
    assert found is not None
    assert found.first == 1


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Right side", "right"),
        ("linke Hand", "left"),
        ("Côté gauche", "left"),
        ("Dif. D-I", BOTH),
        ("L - R difference", BOTH),
        ("Peak", None),
    ],
)
def test_group_headings(text: str, side: str | None) -> None:
    assert group_of(text) == side
