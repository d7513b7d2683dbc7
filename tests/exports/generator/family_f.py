"""Family F: several header rows with merged cells, LEFT and RIGHT over nerves over measures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from openpyxl.utils import get_column_letter

from .family_e import Getter, Words, fwave, motor, sensory
from .kit import Bad, Export, Grid, V
from .people import person

ARM = ("wrist", "elbow")
UL = ("wrist", "below_elbow")
FIB = ("ankle", "above_fibular_head")
TIB = ("ankle", "popliteal_fossa")

Column = tuple[str, str, str, Getter]  # side, nerve, measure, cell


def columns(w: Words, *, knee: str = "KNE") -> list[Column]:
    """The usual columns: each under its nerve under its side."""
    out: list[Column] = []
    for side in ("left", "right"):
        up = side.upper()

        def m(nerve: str, what: str, site: str, sites: tuple[str, ...], side: str = side) -> Getter:
            return motor(w, side, nerve, what, site, sites)

        out += [
            (up, "MEDIAN SENSORY", "uV", sensory(w, side, "median_d2", "amp")),
            (up, "MEDIAN SENSORY", "m/s", sensory(w, side, "median_d2", "vel")),
            (up, "SURAL", "uV", sensory(w, side, "sural", "amp")),
            (up, "SURAL", "m/s", sensory(w, side, "sural", "vel")),
            (up, "MEDIAN MOTOR", "DL", m("median", "lat", "wrist", ARM)),
            (up, "MEDIAN MOTOR", "CMAP-WRI", m("median", "amp", "wrist", ARM)),
            (up, "MEDIAN MOTOR", "CMAP-ELB", m("median", "amp", "elbow", ARM)),
            (up, "MEDIAN MOTOR", "MCV", m("median", "vel", "elbow", ARM)),
            (up, "MEDIAN MOTOR", "F WAVE", fwave(w, side, "median")),
            (up, "PERONEAL MOTOR", "DL", m("fibular", "lat", "ankle", FIB)),
            (up, "PERONEAL MOTOR", "CMAP-ANK", m("fibular", "amp", "ankle", FIB)),
            (up, "PERONEAL MOTOR", f"CMAP-{knee}", m("fibular", "amp", FIB[1], FIB)),
            (up, "PERONEAL MOTOR", "MCV", m("fibular", "vel", FIB[1], FIB)),
            (up, "TIBIAL MOTOR", "DL", m("tibial", "lat", "ankle", TIB)),
            (up, "TIBIAL MOTOR", "CMAP-ANK", m("tibial", "amp", "ankle", TIB)),
            (up, "TIBIAL MOTOR", f"CMAP-{knee}", m("tibial", "amp", TIB[1], TIB)),
            (up, "TIBIAL MOTOR", "MCV", m("tibial", "vel", TIB[1], TIB)),
            (up, "TIBIAL MOTOR", "F WAVE", fwave(w, side, "tibial")),
        ]
    return out


def loosen(e: Export) -> None:
    """'Knee' of the fibular nerve: above_fibular_head, or popliteal fossa where it says PF."""
    for st in e.studies:
        for r in st.readings:
            if r["nerve"] == "fibular" and r["stimulation"] == "above_fibular_head":
                if r["measure"] == "velocity":
                    r["accept"] = {"stimulation": ["above_fibular_head", "popliteal_fossa", None]}
            elif r["measure"] == "velocity" and r["study"] == "motor":
                r["accept"] = {"stimulation": [r["stimulation"], None]}


def header(g: Grid, cols: list[Column], lead: list[str], row0: int, *, merge: bool) -> None:
    """Three heading rows; repeated words only in the first column of their group."""
    lines: list[list[Any]] = [list(lead), [""] * len(lead), [""] * len(lead)]
    for level in range(3):
        last: Any = None
        start = 0
        for n, col in enumerate(cols):
            key = col[: level + 1]
            c = len(lead) + n + 1
            if level == 2 or key != last:
                lines[level].append(col[level])
                if merge and level < 2 and last is not None and c - 1 > start:
                    a, b = get_column_letter(start), get_column_letter(c - 1)
                    g.merges.append(f"{a}{row0 + level}:{b}{row0 + level}")
                start = c
            else:
                lines[level].append("")
            last = key
        end = len(lead) + len(cols)
        if merge and level < 2 and end > start:
            a, b = get_column_letter(start), get_column_letter(end)
            g.merges.append(f"{a}{row0 + level}:{b}{row0 + level}")
    for line in lines:
        g.row(*line)
    if merge:
        for n in range(1, len(lead) + 1):
            a = get_column_letter(n)
            g.merges.append(f"{a}{row0}:{a}{row0 + 2}")


def f01_three_headers() -> None:
    e = Export(
        "F",
        "f01_three_merged_headers.xlsx",
        "LEFT / RIGHT over nerve over measure, all merged; patient columns merged downwards; 'KNE' "
        "(tibial: popliteal fossa; fibular: above_fibular_head with a warning); units only in the "
        "heading of the sensory columns; 'NO F WAVE' in F columns",
        workbook=True,
    )
    w = Words(absent_amp="NR", absent_rest="", missing=None)
    cols = columns(w)
    f_words = Words(absent_amp="NO F WAVE", missing=None)
    cols = [
        (a, b, c, fwave(f_words, a.lower(), "median" if "MEDIAN" in b else "tibial"))
        if c == "F WAVE"
        else (a, b, c, get)
        for a, b, c, get in cols
    ]
    g = e.grid("NCS")
    header(g, cols, ["PT", "DATE", "AGE", "SEX"], 1, merge=True)
    for pid, kind, sex, age in (("F-01", "gbs", "M", 39), ("F-02", "axonal_severe", "F", 66),
                                ("F-03", "normal", "F", 27)):  # fmt: skip
        p = person(pid, kind, sex, age, 168, 601)
        st = e.study(pid, "2017-07-21", age, sex)
        r = g.row(pid, datetime(2017, 7, 21), age, sex, *(get(p) for *_, get in cols), st=st)
        g.formats[r, 2] = "dd-mmm-yy"
    loosen(e)
    e.issue("warning", "'Knee' of the fibular nerve", sheet="NCS")
    e.save_book()


def f02_unmerged_csv() -> None:
    e = Export(
        "F",
        "f02_headers_saved_as_csv.csv",
        "the same saved as CSV: merged headings became blanks, so a column's side and nerve stand "
        "some columns to its left; a grading row (0-4) and a mean column at the right end",
    )
    w = Words(absent_amp="NR", absent_rest="NR", missing="")
    cols = columns(w, knee="PF")
    g = e.grid()
    g.row("NCS database export 2016")
    header(g, cols, ["ID", "Age", "Sex", "Height"], 2, merge=False)
    g.rows[1] += ["SUMMARY", ""]
    g.rows[3] += ["mean MCV", "grade"]
    for n, (pid, kind, sex, age) in enumerate((("21", "cidp", "F", 48), ("22", "cmt1", "M", 30),
                                               ("23", "normal", "M", 57))):  # fmt: skip
        p = person(pid, kind, sex, age, 172, 602)
        st = e.study(pid, None, age, sex, 172)
        g.row(pid, age, sex, 172, *(get(p) for *_, get in cols), Bad(38.4 + n, "average"),
              Bad(n, "grade"), st=st)  # fmt: skip
    for st in e.studies:
        for r in st.readings:
            if r["stimulation"] == "above_fibular_head":
                r["stimulation"] = "popliteal_fossa"
                r["accept"] = {"stimulation": ["popliteal_fossa", "above_fibular_head", None]}
            elif r["measure"] == "velocity" and r["study"] == "motor":
                r["accept"] = {"stimulation": [r["stimulation"], None]}
    e.save_text(newline="\n")


def f03_four_headers_units() -> None:
    e = Export(
        "F",
        "f03_four_headers_units.xlsx",
        "four heading rows (limb, nerve, measure, unit), side inside the nerve cell ('Lt Median'); "
        "a blank separator column between the sides; a 'normal' row under the headings; latencies "
        "in text cells with comma",
        workbook=True,
    )
    g = e.grid("data")
    w = Words(absent_amp="absent", absent_rest="-", missing="-")
    groups: list[tuple[str, str, list[tuple[str, str, Any, Getter]]]] = []
    for side, s in (("right", "Rt"), ("left", "Lt")):
        for limb, word, nerve, sites, lim in (
            ("UPPER LIMB", "Median", "median", ARM, (4.4, 4.0, 49)),
            ("UPPER LIMB", "Ulnar", "ulnar", UL, (3.3, 6.0, 49)),
            ("LOWER LIMB", "Tibial", "tibial", TIB, (5.8, 4.0, 41)),
        ):
            groups.append(
                (
                    limb,
                    f"{s} {word}",
                    [
                        ("DML", "ms", f"<{lim[0]}", motor(w, side, nerve, "lat", sites[0], sites)),
                        (
                            "dCMAP",
                            "mV",
                            f">{lim[1]}",
                            motor(w, side, nerve, "amp", sites[0], sites),
                        ),
                        ("pCMAP", "mV", "", motor(w, side, nerve, "amp", sites[1], sites)),
                        ("MCV", "m/s", f">{lim[2]}", motor(w, side, nerve, "vel", sites[1], sites)),
                    ],
                )
            )
    lines: list[list[Any]] = [["Subject", "Age", "Sex"], ["", "", ""], ["", "", ""],
                              ["", "years", ""], ["normal", "", ""]]  # fmt: skip
    gets: list[Getter | None] = []
    last = ""
    col = 3
    for n, (limb, word, items) in enumerate(groups):
        if n == 3:
            for line in lines:
                line.append("")
            gets.append(None)
            col += 1
            last = ""
        start = col + 1
        for i, (measure, unit, normal, get) in enumerate(items):
            lines[0].append(limb if limb != last else "")
            last = limb
            lines[1].append(word if i == 0 else "")
            lines[2].append(measure)
            lines[3].append(unit)
            lines[4].append(normal)
            gets.append(get)
            col += 1
        g.merges.append(f"{get_column_letter(start)}2:{get_column_letter(col)}2")
    for line in lines:
        g.row(*line)
    for pid, kind, sex, age in (("S01", "cts", "F", 58), ("S02", "gbs", "M", 24),
                                ("S03", "cidp", "M", 71)):  # fmt: skip
        p = person(pid, kind, sex, age, 170, 603)
        st = e.study(pid, None, age, sex)
        cells: list[Any] = []
        for get in gets:
            cell = get(p) if get else ""
            if isinstance(cell, V) and cell.measure.endswith("latency") and cell.value:
                shown = round(cell.value, 1)
                cell.value, cell.text = shown, f"{shown:.1f}".replace(".", ",")
            cells.append(cell)
        g.row(pid, age, sex, *cells, st=st)
    for st in e.studies:
        for r in st.readings:
            name = {"distal_latency": "upper", "amplitude": "lower", "velocity": "lower"}
            table = {"median": (4.4, 4.0, 49.0), "ulnar": (3.3, 6.0, 49.0), "tibial": (5.8, 4.0,
                     41.0)}[r["nerve"]]  # fmt: skip
            index = {"distal_latency": 0, "amplitude": 1, "velocity": 2}[r["measure"]]
            accept: dict[str, Any] = {name[r["measure"]]: [None, table[index]]}
            if r["stimulation"] not in ("wrist", "ankle"):
                accept["stimulation"] = [r["stimulation"], None]
            r["accept"] = accept
            if r["stimulation"] == "below_elbow":
                r["stimulation"] = None
    e.assumed.append("pCMAP and MCV do not name the proximal site: ulnar not compared")
    e.flags["repeats"] = True
    e.save_book()


def family_f() -> None:
    f01_three_headers()
    f02_unmerged_csv()
    f03_four_headers_units()
