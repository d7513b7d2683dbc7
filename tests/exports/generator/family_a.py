"""Family A: summary tables with the nerve on a row of its own, or on its first site's row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .kit import Bad, Export, Odd, Study, V, absent
from .people import Person, person
from .tables import (
    SITES,
    Style,
    f_cells,
    h_cells,
    motor_cells,
    sensory_cells,
    write,
    write_motor,
    write_sensory,
)

ARM = ("wrist", "elbow")
ULNAR = ("wrist", "below_elbow", "above_elbow")
KNEE = ("ankle", "below_fibular_head", "above_fibular_head")
TIBIAL = ("ankle", "popliteal_fossa")

CADWELL_MOTOR = {
    "site": "Site",
    "nr": "NR",
    "lat": "Onset (ms)",
    "lat_lim": "Norm Onset (ms)",
    "amp": "O-P Amp (mV)",
    "amp_lim": "Norm O-P Amp",
    "dur": "Neg Dur (ms)",
    "site1": "Site1",
    "site2": "Site2",
    "delta": "Delta-O (ms)",
    "dist": "Dist (cm)",
    "vel": "Vel (m/s)",
    "vel_lim": "Norm Vel (m/s)",
}
CADWELL_SENSORY = {
    "site": "Site",
    "nr": "NR",
    "peak": "Peak (ms)",
    "peak_lim": "Norm Peak (ms)",
    "amp": "P-T Amp (\u00b5V)",
    "amp_lim": "Norm P-T Amp",
    "site1": "Site1",
    "site2": "Site2",
    "delta": "Delta-P (ms)",
    "dist": "Dist (cm)",
    "vel": "Vel (m/s)",
    "vel_lim": "Norm Vel (m/s)",
}


def sites_of(nerve: str) -> tuple[str, ...]:
    return {"median": ARM, "ulnar": ULNAR, "fibular": KNEE, "tibial": TIBIAL}[nerve]


def no_stim(ctx: dict[str, Any]) -> dict[str, Any]:
    """F and H tables that do not name the stimulation site."""
    return {**ctx, "stimulation": None}


def a01_full_report() -> None:
    """Everything one below another, as a Cadwell report pasted into a sheet."""
    e = Export(
        "A",
        "a01_full_report_bom.csv",
        "four tables one below another; nerve header rows of their own with a skin temperature in "
        "them; velocity printed on the distal row (Site1-Site2); height in feet and inches; m/d/y "
        "dates; F table with side-to-side difference; UTF-8 BOM; blank rows and a closing remark "
        "with numbers in it",
    )
    p = person("44-1093", "axonal", "M", 62, 175, 1)
    g = e.grid()
    st = e.study("44-1093", "2024-03-14", 62, "M", 175.3)
    st.accept = {"age_years": [62, 62.6, 62.65], "height_cm": [175, 175.3, 175.26]}
    s = Style(vel_row="distal")
    g.row("Cascade Valley Neurodiagnostics")
    g.row("Electrodiagnostic Report")
    g.blank()
    g.row("Patient:", "Quillfeather, Ansel", "", "ID#:", "44-1093")
    g.row("DOB:", "07/22/1961", "", "Sex:", "Male")
    g.row("Height:", "5' 9\"", "", "Weight:", "182 lbs")
    g.row("Exam Date:", "3/14/2024 10:42 AM", "", "Examined by:", "B. Orlova MD")
    g.row("Indication:", "Numb feet 2 years, vel loss? r/o PN (prior 8/2021 elsewhere)")
    g.blank()
    g.row("Motor Summary Table")
    g.row(*CADWELL_MOTOR.values())
    for side, nerve, temp in (
        ("left", "fibular", "31.4"),
        ("right", "fibular", "31.2"),
        ("left", "tibial", "31.4"),
        ("right", "tibial", "31.2"),
        ("right", "median", "32.9"),
        ("right", "ulnar", "32.9"),
    ):
        m = p.motor[side, nerve]
        label = (
            f"{side.capitalize()} {s.nerves[nerve]} Motor ({s.muscles[m.recording]})  {temp}\u00b0C"
        )
        write_motor(g, st, m, sites_of(nerve), s, CADWELL_MOTOR, label=label)
    g.blank()
    g.row("Anti Sensory Summary Table")
    g.row(*CADWELL_SENSORY.values())
    for side, key in (
        ("left", "sural"),
        ("right", "sural"),
        ("right", "sfibular"),
        ("right", "median_d2"),
        ("right", "ulnar_d5"),
        ("right", "sradial"),
    ):
        write_sensory(g, st, p.sensory[side, key], s, CADWELL_SENSORY)
    g.blank()
    g.row("F Wave Studies")
    g.row("Nerve", "NR", "F-Lat (ms)", "Lat Norm (ms)", "L-R F-Lat (ms)", "L-R Lat Norm")
    for side, nerve in (("left", "tibial"), ("right", "tibial"), ("right", "ulnar")):
        f = p.f[side, nerve]
        ctx, c = f_cells(g, f, s)
        g.row(f"{side.capitalize()} {s.nerves[nerve]} ({s.muscles[f.recording]})")
        c["min"] = V(f.minimum, "minimal_f_latency", 2, upper=c["min"].upper)
        a, b = p.f["left", "tibial"].minimum, p.f["right", "tibial"].minimum
        assert a and b
        diff = Bad(abs(a - b), "side-to-side difference", 2)
        c["diff"] = diff if nerve == "tibial" else ""
        keys = ("site", "nr", "min", "lat_lim", "diff", "diff_lim")
        write(g, st, no_stim(ctx), c, keys, diff_lim="<4.0" if c["diff"] else "")
    g.blank()
    g.row("H Reflex Studies")
    g.row("Nerve", "NR", "H-Lat (ms)", "Lat Norm (ms)", "L-R H-Lat (ms)", "L-R Lat Norm")
    for side in ("left", "right"):
        ctx, c = h_cells(g, p.h[side], s)
        g.row(f"{side.capitalize()} Tibial (Soleus)")
        write(g, st, no_stim(ctx), c, ("site", "nr", "min", "lat_lim"))
    g.blank()
    g.row(
        "Impression: length dependent axonal neuropathy. Left sural 4.1 uV last year (now lower)."
    )
    e.save_text(bom=b"\xef\xbb\xbf")


def a02_semicolon_cp1252() -> None:
    e = Export(
        "A",
        "a02_semicolon_comma_cp1252.csv",
        "semicolon, decimal comma, cp1252; velocity on the proximal row; distance in mm with the "
        "distal distance to the muscle; limits after a column called Normal; two decimals; the "
        "patient block uses one cell per line ('Age: 47 yrs')",
    )
    p = person("NL-20771", "cidp", "F", 47, 166, 2)
    g = e.grid()
    g.comma = True
    st = e.study("NL-20771", "2023-11-21", 47, "F", 166)
    s = Style(dist_cm=False, distal_distance=True, lat_dec=2, amp_dec=2, sensory_amp="bp")
    s.sensory_vel = "onset"
    g.row("Clinical Neurophysiology - Nerve conduction")
    g.row("Patient ID: NL-20771")
    g.row("Age: 47 yrs")
    g.row("Gender: female")
    g.row("Height: 166 cm")
    g.row("Date of examination: 21-11-2023")
    g.blank()
    g.row("MOTOR")
    head = {
        "site": "Stim Site",
        "lat": "Latency (ms)",
        "lat_lim": "Normal",
        "amp": "Amplitude (mV)",
        "amp_lim": "Normal",
        "dur": "Duration (ms)",
        "area": "Neg Area (mVms)",
        "dist": "Distance (mm)",
        "vel": "Velocity (m/s)",
        "vel_lim": "Normal",
    }
    g.row(*head.values())
    s.nr_in = "amp"
    for side, nerve in (
        ("left", "median"),
        ("right", "median"),
        ("left", "ulnar"),
        ("right", "ulnar"),
        ("right", "fibular"),
        ("right", "tibial"),
    ):
        sites = {"median": (*ARM, "axilla"), "ulnar": (*ULNAR, "axilla")}.get(
            nerve, sites_of(nerve)
        )
        m = p.motor[side, nerve]
        label = f"{side.capitalize()} {s.nerves[nerve]} ({m.recording})"
        write_motor(g, st, m, sites, s, head, label=label)
    g.blank()
    g.row("SENSORY ANTIDROMIC")
    shead = {
        "site": "Stim Site",
        "onset": "Onset (ms)",
        "onset_lim": "Normal",
        "peak": "Peak (ms)",
        "amp": "Amplitude (\u00b5V)",
        "amp_lim": "Normal",
        "dist": "Distance (mm)",
        "vel": "Velocity (m/s)",
        "vel_lim": "Normal",
    }
    g.row(*shead.values())
    for side, key in (
        ("left", "median_d2"),
        ("right", "median_d2"),
        ("left", "ulnar_d5"),
        ("right", "sural"),
    ):
        x = p.sensory[side, key]
        word = {"digit_2": "Dig II", "digit_5": "Dig V", "ankle": "Malleolus"}[x.recording]
        label = f"{side.capitalize()} {s.nerves[x.nerve]} sensory ({word})"
        g.row(label)
        ctx, c = sensory_cells(g, x, s)
        if "peak" in c:
            c["peak"].upper = None  # this sheet prints the onset limit only
        write(g, st, ctx, c, shead)
    e.save_text(";", "cp1252")


def a03_sheet_per_table() -> None:
    e = Export(
        "A",
        "a03_sheet_per_table.xlsx",
        "one table per sheet, patient block on a sheet of its own, a Notes sheet full of numbers, "
        "a hidden sheet with last year's motor table and a very hidden one with normal values",
        workbook=True,
    )
    p = person("7700315", "cts", "F", 51, 162, 3)
    st = e.study("7700315", "2024-05-06", 51, "F", 162)
    s = Style(vel_row="distal")
    info = e.grid("Patient")
    info.row("Patient information")
    info.row("MRN", 7700315)
    info.row("Name", "Ferreira-Test, Olga")
    info.row("Age", 51)
    info.row("Sex", "F")
    info.row("Height (cm)", 162)
    info.row("Exam date", datetime(2024, 5, 6))
    info.formats[7, 2] = "mm/dd/yyyy"
    motor = e.grid("Motor")
    motor.row(*CADWELL_MOTOR.values())
    for side, nerve in (
        ("left", "median"),
        ("right", "median"),
        ("left", "ulnar"),
        ("right", "ulnar"),
    ):
        write_motor(motor, st, p.motor[side, nerve], sites_of(nerve), s, CADWELL_MOTOR)
    sens = e.grid("Anti Sensory")
    sens.row(*CADWELL_SENSORY.values())
    for side, key in (
        ("left", "median_d2"),
        ("right", "median_d2"),
        ("left", "ulnar_d5"),
        ("right", "ulnar_d5"),
        ("right", "sradial"),
    ):
        write_sensory(sens, st, p.sensory[side, key], s, CADWELL_SENSORY)
    fw = e.grid("F Wave")
    fw.row("Nerve (muscle)", "NR", "Min F-Lat (ms)", "Norm", "Max F-Lat (ms)", "% F", "M-Lat (ms)")
    for side, nerve in (("right", "median"), ("right", "ulnar")):
        f = p.f[side, nerve]
        ctx, c = f_cells(fw, f, s)
        label = f"{side.capitalize()} {s.nerves[nerve]} ({s.muscles[f.recording]})"
        keys = ("site", "nr", "min", "lat_lim", "max", "pers", "m")
        write(fw, st, no_stim(ctx), c, keys, site=label)
    notes = e.grid("Notes")
    notes.row("Right hand 31.8 C, warmed to 32.6 C.")
    notes.row("Median DML right", Bad(5.9, "note: trial run"), "ms before warming (not used)")
    notes.row("Left ulnar", Bad(48.0, "note"), "m/s on a second try")
    old = e.grid("Motor 2022")
    old.hidden = True
    old.row(*CADWELL_MOTOR.values())
    old.row("Right Median Motor (Abd Poll Brev)")
    old.row(
        "Wrist",
        "",
        Bad(4.1, "hidden sheet"),
        "<4.4",
        Bad(8.8, "hidden sheet"),
        ">4.0",
        Bad(5.4, "hidden sheet"),
    )
    norm = e.grid("NormValues")
    norm.very_hidden = True
    norm.row("Nerve", "DML (ms)", "Amp (mV)", "MCV (m/s)")
    norm.row("Median", Bad(4.4, "hidden limits"), Bad(4.0, "hidden limits"), Bad(49.0, "limits"))
    e.issue("info", "hidden sheet not read", sheet="Motor 2022")
    e.issue("info", "hidden sheet not read", sheet="NormValues")
    e.save_book()


def a04_stim_site_utf16() -> None:
    e = Export(
        "A",
        "a04_stim_site_tab_utf16.txt",
        "UTF-16 with BOM, tab separated; nerve and side in columns, printed on the first row only "
        "(blank = as above); segment column 'Segment Name' (Wrist-ADM, Elbow-Wrist); a column "
        "'Stim (mA)' between latency and amplitude",
    )
    p = person("GH/5561", "une", "M", 38, 181, 4)
    g = e.grid()
    st = e.study("GH/5561", "2024-02-29", 38, "M", 181)
    s = Style(dist_cm=False, distal_distance=True, nr_in="amp", sensory_vel="onset", limits=False)
    s.words = {**s.words, "below_elbow": "Below elbow", "above_elbow": "Above elbow"}
    g.row("Patient", "GH/5561")
    g.row("Study date", "29-Feb-2024")
    g.row("Age / Sex", "38 / M")
    st.accept = {"age_years": [38, None], "sex": ["M", None]}
    g.row("Height", "181 cm")
    g.blank()
    g.row("Motor nerve conduction")
    head = {
        "side": "Side",
        "nerve": "Nerve",
        "muscle": "Muscle",
        "site": "Stim Site",
        "lat": "Latency (ms)",
        "stim": "Stim (mA)",
        "amp": "Amplitude (mV)",
        "area": "Area (mVms)",
        "segment": "Segment Name",
        "dist": "Distance (mm)",
        "vel": "Velocity (m/s)",
    }
    g.row(*head.values())
    for side, nerve in (("left", "ulnar"), ("right", "ulnar"), ("left", "median")):
        m = p.motor[side, nerve]
        sites = (*sites_of(nerve), "axilla") if nerve == "ulnar" else sites_of(nerve)
        for i, (ctx, c) in enumerate(motor_cells(g, m, sites, s)):
            c["stim"] = Bad(22.5 + 4 * i, "stimulus strength")
            if i == 0:
                c |= {"side": side.capitalize(), "nerve": s.nerves[nerve], "muscle": m.recording}
                c["segment"] = f"{s.word('wrist')}-{m.recording}"
            write(g, st, ctx, c, head)
    g.blank()
    g.row("Sensory nerve conduction")
    shead = {
        "side": "Side",
        "nerve": "Nerve",
        "rec": "Rec Site",
        "site": "Stim Site",
        "onset": "Onset Lat (ms)",
        "peak": "Peak Lat (ms)",
        "amp": "Amplitude (\u03bcV)",
        "segment": "Segment Name",
        "dist": "Distance (mm)",
        "vel": "Velocity (m/s)",
    }
    g.row(*shead.values())
    for side, key in (("left", "ulnar_d5"), ("left", "duc"), ("right", "ulnar_d5")):
        x = p.sensory[side, key]
        ctx, c = sensory_cells(g, x, s)
        word = {"digit_5": "Digit 5", "hand_dorsum": "Dorsum of hand"}[x.recording]
        c |= {"side": side.capitalize(), "nerve": s.nerves[x.nerve], "rec": word}
        c["segment"] = f"{c['site']}-{word}"
        if key == "duc":
            c["side"] = ""  # as above: still left
        write(g, st, ctx, c, shead)
    e.save_text("\t", "utf-16-le", bom=b"\xff\xfe")


def a05_three_patients() -> None:
    e = Export(
        "A",
        "a05_three_patients_stacked.csv",
        "three patients one below another, each with a block and tables; the third table has its "
        "columns in another order and the nerve on the first site's row; dates 03/04, 05/04 and "
        "17/04/2024, of which only the last shows the order; no NR column in the second",
    )
    g = e.grid()
    s = Style(vel_row="distal")
    plan: list[tuple[Person, str, str]] = [
        (person("A-301", "normal", "F", 29, 171, 5), "03/04/2024", "2024-04-03"),
        (person("A-302", "axonal_severe", "M", 71, 169, 5), "05/04/2024", "2024-04-05"),
        (person("A-303", "gbs", "F", 44, 158, 5), "17/04/2024", "2024-04-17"),
    ]
    for n, (p, shown, iso) in enumerate(plan):
        st = e.study(p.pid, iso, p.age, p.sex, p.height)
        if n < 2:
            st.accept = {"study_date": [iso, None]}
        g.row("Patient ID", p.pid)
        g.row("Age", f"{p.age} years", "Sex", {"F": "Female", "M": "Male"}[p.sex])
        g.row("Height", f"{p.height} cm", "Date", shown)
        g.row("Motor Summary Table")
        head = dict(CADWELL_MOTOR)
        if n == 1:
            del head["nr"]
            s.nr_in = "cells"
        if n == 2:
            s.nr_in = "column"
            order = "site site1 site2 delta dist vel vel_lim nr amp amp_lim lat lat_lim dur"
            head = {k: CADWELL_MOTOR[k] for k in order.split()}
        g.row(*head.values())
        for side, nerve in (("right", "fibular"), ("right", "tibial"), ("right", "median")):
            write_motor(g, st, p.motor[side, nerve], sites_of(nerve), s, head, first=n == 2)
        g.blank()
        g.row("Anti Sensory Summary Table")
        shead = dict(CADWELL_SENSORY)
        if n == 1:
            del shead["nr"]
        g.row(*shead.values())
        for side, key in (("right", "sural"), ("left", "sural"), ("right", "ulnar_d5")):
            write_sensory(g, st, p.sensory[side, key], s, shead, first=n == 2)
        g.blank(2)
    e.issue("warning", "order of day and month decided by another cell, or date left out", 3)
    e.issues[-1]["optional"] = True
    e.save_text()


def a06_patient_per_sheet() -> None:
    e = Export(
        "A",
        "a06_patient_per_sheet.xlsx",
        "a patient per sheet; sheet names are not ids; the third sheet has no id at all (file stem "
        "and sheet name, with a warning); dates are real Excel dates; heights as 5 ft 4, 1.78 m and "
        "missing; age '63 yrs'; the fourth sheet is an empty copy of the form",
        workbook=True,
    )
    s = Style(vel_row="distal")
    plan: list[Any] = [
        ("Visit1", person("M-0091", "cmt1", "M", 23, 178, 6), "1.78 m", datetime(2023, 9, 4)),
        ("Visit2", person("M-0117", "une", "F", 63, 163, 6), "5 ft 4 in", datetime(2023, 9, 12)),
        ("Visit3", person("noid", "normal", "F", 35, 170, 6), "", datetime(2023, 10, 1)),
    ]
    for sheet, p, height, when in plan:
        g = e.grid(sheet)
        known = p.pid != "noid"
        st = e.study(
            p.pid if known else f"a06_patient_per_sheet/{sheet}",
            when.date().isoformat(),
            p.age,
            p.sex,
            p.height if height else None,
        )
        if not known:
            st.extra["patient_id_contains"] = ["a06_patient_per_sheet", sheet]
            e.issue("warning", "no patient id: file stem and sheet name used", sheet=sheet)
        if "ft" in height:
            st.height_cm = 162.6
            st.accept = {"height_cm": [162.56, 162.6, 163]}
        g.row("NERVE CONDUCTION STUDY")
        g.row("MRN:", p.pid if known else "")
        g.row("Age:", f"{p.age} yrs", "", "Sex:", p.sex)
        g.row("Height:", height, "", "Date of study:", when)
        g.formats[4, 5] = "d-mmm-yy"
        g.blank()
        g.row(*CADWELL_MOTOR.values())
        for side, nerve in (("right", "median"), ("right", "ulnar"), ("left", "fibular")):
            write_motor(g, st, p.motor[side, nerve], sites_of(nerve), s, CADWELL_MOTOR)
        g.blank()
        g.row(*CADWELL_SENSORY.values())
        for side, key in (("right", "median_d2"), ("right", "ulnar_d5"), ("left", "sural")):
            write_sensory(g, st, p.sensory[side, key], s, CADWELL_SENSORY)
    form = e.grid("Form")
    form.row("NERVE CONDUCTION STUDY")
    form.row("MRN:", "")
    form.row("Age:", "", "", "Sex:", "")
    form.row("Height:", "", "", "Date of study:", "")
    form.blank()
    form.row(*CADWELL_MOTOR.values())
    form.row("Right Median Motor (Abd Poll Brev)")
    form.row("Wrist", "", "", "<4.4", "", ">4.0")
    form.row("Elbow", "", "", "", "", "", "", "", "", "", "", "", ">49")
    e.assumed.append("the empty form makes no study and no error")
    e.save_book()


def a07_merged_as_above() -> None:
    e = Export(
        "A",
        "a07_merged_as_above.xlsx",
        "side, nerve and muscle in merged cells running down over several rows (one side cell "
        "covers two nerves); a merged title across the table; the fibular site words 'Fib. head' "
        "and 'Knee'; headings with line breaks in the cell",
        workbook=True,
    )
    p = person("KK 1127", "foot_drop", "M", 57, 174, 7)
    g = e.grid("NCS")
    st = e.study("KK 1127", "2024-01-18", 57, "M", 174)
    s = Style(dist_cm=False, lat_dec=2, amp_dec=2, nr_in="amp", limits=False, sensory_vel="onset")
    s.words = {
        **SITES,
        "below_fibular_head": "Fib. head",
        "above_fibular_head": ("Knee", "above_fibular_head"),
        "popliteal_fossa": "Knee",
    }
    g.row("Nerve conduction study 18 Jan 2024")
    g.merges.append("A1:J1")
    g.row("Hospital no.", "KK 1127", "Age", 57, "Sex", "male", "Height", "174 cm")
    g.row("Test date", datetime(2024, 1, 18))
    g.blank()
    head = {
        "side": "Side",
        "nerve": "Nerve",
        "muscle": "Recording\nmuscle",
        "site": "Stimulation\nsite",
        "lat": "Onset\nlatency\n(ms)",
        "amp": "Amplitude\n(mV)",
        "dur": "Duration\n(ms)",
        "dist": "Distance\n(mm)",
        "vel": "CV\n(m/s)",
    }
    g.row(*head.values())
    start = g.next
    for side in ("left", "right"):
        top = g.next
        for nerve in ("fibular", "tibial"):
            m = p.motor[side, nerve]
            r0 = g.next
            for i, (ctx, c) in enumerate(motor_cells(g, m, sites_of(nerve), s)):
                if i == 0:
                    c |= {"nerve": s.nerves[nerve], "muscle": m.recording}
                    if nerve == "fibular":
                        c["side"] = side.upper()
                if nerve == "fibular" and ctx["stimulation"] == "above_fibular_head":
                    e.issue("warning", "'Knee' of the fibular nerve", g.next, sheet="NCS")
                write(g, st, ctx, c, head)
            g.merges += [f"B{r0}:B{g.next - 1}", f"C{r0}:C{g.next - 1}"]
        g.merges.append(f"A{top}:A{g.next - 1}")
    g.blank()
    e.assumed.append(f"rows {start}.. inherit side, nerve and muscle from the merged cell above")
    g.row("Side", "Nerve", "Recording\nsite", "Stimulation\nsite", "Onset\nlatency\n(ms)",
          "Amplitude\n(\u00b5V)", "", "Distance\n(mm)", "CV\n(m/s)")  # fmt: skip
    r0 = g.next
    for key in ("sfibular", "sural"):
        for side in ("left", "right"):
            x = p.sensory[side, key]
            ctx, c = sensory_cells(g, x, s)
            c["rec"] = "Ankle"
            if side == "left":
                c["nerve"] = s.nerves[x.nerve]
            keys = ("side", "nerve", "rec", "site", "onset", "amp", "none", "dist", "vel")
            write(g, st, ctx, c, keys, side=side.upper())
    g.merges += [f"B{r0}:B{r0 + 1}", f"B{r0 + 2}:B{r0 + 3}"]
    e.save_book()


def a08_missing_side_unknown_nerve() -> None:
    e = Export(
        "A",
        "a08_missing_side_unknown_nerve.csv",
        "one nerve without side, one made-up technician's test, one site word nobody knows; the "
        "rest must still be read (exit 1)",
    )
    p = person("S-8", "normal", "F", 41, 168, 8)
    g = e.grid()
    st = e.study("S-8", "2022-12-30", 41, "F", 168)
    s = Style(vel_row="distal")
    g.row("ID", "S-8")
    g.row("Age", "41")
    g.row("Sex", "F")
    g.row("Height (cm)", "168")
    g.row("Exam date", "30.12.2022")
    g.row(*CADWELL_MOTOR.values())
    write_motor(g, st, p.motor["right", "median"], ARM, s, CADWELL_MOTOR)
    r = g.next
    why = "no side"
    g.row("Ulnar Motor (Abd Dig Minimi)")
    g.row("Wrist", "", Bad(2.7, why), "<3.3", Bad(9.9, why), ">6.0", Bad(5.61, why), "B Elbow",
          "Wrist", Bad(3.7, why), Bad(21.5, why), Bad(58, why), ">49")  # fmt: skip
    g.row("B Elbow", "", Bad(6.4, why), "", Bad(9.6, why), "", Bad(5.8, why))
    e.issue("error", "side missing", r)
    r = g.next
    why = "unknown nerve"
    g.row("Left Custom Test 3 Motor (Ch 2)")
    g.row("Site A", "", Bad(3.0, why), "", Bad(6.2, why), "", Bad(5.0, why))
    e.issue("error", "unknown nerve", r)
    write_motor(g, st, p.motor["left", "tibial"], TIBIAL, s, CADWELL_MOTOR)
    g.row("Left Median Motor (Abd Poll Brev)")
    m = p.motor["left", "median"]
    (ctx, c), _ = motor_cells(g, m, ARM, s)
    drop = ("dist", "vel", "vel_lim", "delta", "site1", "site2")
    write(g, st, ctx, {k: v for k, v in c.items() if k not in drop}, CADWELL_MOTOR)
    r = g.next
    why = "stimulation site not known"
    g.row("Zz Point", "", Bad(7.4, why), "", Bad(8.0, why), "", Bad(5.7, why))
    e.issue("error", "unknown stimulation site", r, "Site", unsure=True)
    e.exit_status = 1
    e.save_text()


def a09_extra_columns() -> None:
    e = Export(
        "A",
        "a09_extra_columns.xlsx",
        "columns in another order with the limit left of the value, '% Norm', 'L-R Diff', 'Rel Amp "
        "%', 'Temp', 'Gain', a percent row under every site, a Mean row, z-scores, a comment column "
        "with numbers",
        workbook=True,
    )
    p = person("0042", "axonal", "F", 66, 159, 9)
    g = e.grid("Sheet1")
    st = e.study("0042", "2023-06-15", 66, "F", 159)
    s = Style(dist_cm=False, nr_in="amp", distal_distance=True)
    g.row("Patient no.", "0042", "Age (y)", 66, "Gender", "Female", "Height", 159)
    g.row("Visit date", "2023-06-15")
    g.blank()
    head = {
        "site": "Nerve / Stim Site",
        "temp": "Temp (\u00b0C)",
        "lat_lim": "Norm Lat",
        "lat": "Lat (ms)",
        "latz": "Lat z",
        "amp_lim": "Norm Amp",
        "amp": "Neg Amp (mV)",
        "rel": "Rel Amp (%)",
        "pct": "% Norm",
        "lr": "L-R Diff (%)",
        "area": "Neg Area (mVms)",
        "dist": "Dist (mm)",
        "vel": "CV (m/s)",
        "vel_lim": "Norm CV",
        "gain": "Gain (mV/D)",
        "comment": "Comment",
    }
    g.row(*head.values())
    for side, nerve in (("left", "fibular"), ("right", "fibular"), ("left", "median")):
        m = p.motor[side, nerve]
        g.row(f"{side.capitalize()} {s.nerves[nerve]} ({m.recording})")
        chain = m.chain(*sites_of(nerve))
        for i, (ctx, c) in enumerate(motor_cells(g, m, sites_of(nerve), s)):
            c["temp"] = Bad(31.6, "temperature")
            c["latz"] = Bad(-0.4 + i, "z-score")
            c["gain"] = Bad(5, "amplifier gain")
            amp = chain[i].amp
            if amp is not None:
                c["pct"] = Bad(round(100 * amp / (2.0 if nerve == "fibular" else 4.0)), "percent")
                c["lr"] = Bad(12.5, "side-to-side difference")
            if i == 1:
                c["comment"] = "repeated, 2.1 mV at 60 mA"
            write(g, st, ctx, c, head)
        g.row("% of distal", "", "", Bad(151.0, "percent row"), "", "", Bad(94.0, "percent row"))
    g.row("Mean of both sides", "", "", Bad(4.8, "average"), "", "", Bad(1.4, "average"))
    g.blank()
    shead = {
        "site": "Nerve / Stim Site",
        "temp": "Temp (\u00b0C)",
        "peak_lim": "Norm Peak",
        "peak": "Peak Lat (ms)",
        "onset": "Onset Lat (ms)",
        "amp_lim": "Norm Amp",
        "amp": "P-P Amp (\u03bcV)",
        "pct": "% Norm",
        "lr": "L-R Diff (%)",
        "dist": "Dist (mm)",
        "vel": "CV (m/s)",
        "vel_lim": "Norm CV",
    }
    s.sensory_vel = "onset"
    g.row(*shead.values())
    for side, key in (("left", "sural"), ("right", "sural"), ("left", "ulnar_d5")):
        x = p.sensory[side, key]
        word = {"ankle": "Ankle", "digit_5": "Dig V"}[x.recording]
        g.row(f"{side.capitalize()} {s.nerves[x.nerve]} Sensory ({word})")
        ctx, c = sensory_cells(g, x, s)
        c |= {"temp": Bad(31.6, "temperature"), "pct": Bad(71, "percent"), "lr": Bad(9.0, "diff")}
        c["onset"].upper = None
        write(g, st, ctx, c, shead)
    e.save_book()


def a10_nr_words_in_cells() -> None:
    e = Export(
        "A",
        "a10_nr_words_in_cells.csv",
        "no NR column: NR, No Response, Absent and 0.0 in the value cells; NT, -, CNT and blanks "
        "for not tested; an F wave with persistence 0 % and a blank latency (absent), one with "
        "everything blank (not tested), one 'NO F WAVE'; H reflex absent",
    )
    p = person("2201", "axonal_severe", "M", 74, 172, 10)
    g = e.grid()
    st = e.study("2201", "2021-10-19", 74, "M", 172)
    s = Style(vel_row="proximal", nr_in="cells", distal_distance=True, limits=False)
    g.row("Patient ID:", "2201", "Age:", "74 y", "Sex:", "M", "Height:", "172cm")
    g.row("Study Date:", "2021/10/19")
    g.blank()
    head = {
        "site": "Stim Site",
        "lat": "Onset (ms)",
        "amp": "Amp (mV)",
        "dist": "Dist (cm)",
        "vel": "Vel (m/s)",
    }
    g.row(*head.values())
    for word, side in (("NR", "right"), ("No Response", "left")):
        s.nr = word
        g.row(f"{side.capitalize()} Peroneal Motor (EDB)")
        for ctx, c in motor_cells(g, p.motor[side, "fibular"], KNEE, s):
            c.pop("dist", None)
            write(g, st, ctx, c, head)
    g.row("Right Tibial Motor (AH)")
    for ctx, c in motor_cells(g, p.motor["right", "tibial"], TIBIAL, s):
        write(g, st, ctx, c, head)
    ctx = {"study": "motor", "nerve": "tibial", "side": "left", "recording": "AH"}
    g.row("Left Tibial Motor (AH)")
    g.row("Ankle", "", absent("0.0"), "", "", st=st, **ctx, stimulation="ankle")
    g.row("Pop Fossa", "-", "-", "", "")
    g.row("Right Peroneal Motor (TA)")
    g.row("B Fib Head", "NT", "NT", "", "")
    g.row("Pop Fossa", "CNT", "CNT", "", "")
    s.nr = "Absent"
    g.row("Right Median Motor (APB)")
    for ctx, c in motor_cells(g, p.motor["right", "median"], ARM, s):
        write(g, st, ctx, c, head)
    g.blank()
    g.row("Stim Site", "Peak (ms)", "Amp (uV)", "Dist (cm)", "Vel (m/s)")
    g.row("Right Sural Sensory (Ankle)")
    sctx: dict[str, Any] = {"study": "sensory", "nerve": "sural", "recording": "ankle"}
    sctx["stimulation"] = "calf"
    g.row("Calf", "NR", absent("NR", "sensory"), st=st, side="right", **sctx)
    g.row("Left Sural Sensory (Ankle)")
    g.row("Calf", "Absent", absent("Absent", "sensory"), st=st, side="left", **sctx)
    g.row("Right Superficial Peroneal Sensory (Ankle)")
    g.row("Lower leg", "", "", "", "")
    write_sensory(g, st, p.sensory["right", "ulnar_d5"], s, ("site", "peak", "amp", "dist", "vel"))
    g.blank()
    g.row("F-Wave")
    g.row("Nerve", "Min F Lat (ms)", "Persistence (%)")
    fctx = {"study": "f_wave"}
    r = g.row("Right Tibial (AH)", absent("", "f_wave"), Odd(0, "persistence of an absent F wave"),
              st=st, nerve="tibial", side="right", recording="AH", **fctx)  # fmt: skip
    e.assumed.append(f"row {r}: persistence 0 % with a blank latency is absent")
    f = p.f["right", "ulnar"]
    g.row("Right Ulnar (ADM)", V(f.minimum, "minimal_f_latency"),
          V(float(f.persistence), "f_persistence", 0),
          st=st, nerve="ulnar", side="right", recording="ADM", **fctx)  # fmt: skip
    g.row("Left Tibial (AH)", "", "")
    g.row("Right Median (APB)", absent("NO F WAVE", "f_wave"), "",
          st=st, nerve="median", side="right", recording="APB", **fctx)  # fmt: skip
    g.blank()
    g.row("H-Reflex")
    g.row("Nerve", "H Lat (ms)")
    for side in ("right", "left"):
        g.row(f"{side.capitalize()} Tibial (Soleus)", absent("absent", "h_reflex"), st=st,
              study="h_reflex", nerve="tibial", side=side, recording="soleus")  # fmt: skip
    e.save_text()


def a11_contradictions() -> None:
    e = Export(
        "A",
        "a11_contradictions.csv",
        "the sample's own style (nerve on the first row, stimulation only from Site2) with values "
        "that contradict each other: velocity against distance and latency, proximal before "
        "distal, mm in a cm column, NR beside numbers, peak before onset; each needs an issue",
    )
    g = e.grid()
    st = e.study("C-77", "2024-06-03", 50, "F", 170)
    g.row("Patient ID", "C-77")
    g.row("Age", "50")
    g.row("Sex", "F")
    g.row("Height", "170 cm")
    g.row("Date", "2024-06-03")
    g.blank()
    g.row(*CADWELL_MOTOR.values())

    def site(label: str, lat: float, amp: float, dur: float, ctx: dict[str, Any], seg: Any) -> int:
        first = seg.pop("first", False)
        lim = {"median": (4.4, 4.0), "ulnar": (3.3, 6.0), "tibial": (5.8, 4.0)}[ctx["nerve"]]
        measure = "distal_latency" if first else "proximal_latency"
        return g.row(
            label,
            "",
            V(lat, measure, upper=lim[0] if first else None),
            f"<{lim[0]}" if first else "",
            V(amp, "amplitude", lower=lim[1] if first else None),
            f">{lim[1]}" if first else "",
            V(dur, "duration", 2),
            *seg.get("cells", ()),
            st=st,
            **ctx,
        )

    def seg(prox: str, a: str, b: str, delta: float, cm: float, vel: int, low: int) -> dict:
        over = {"stimulation": prox}
        return {
            "cells": (
                a,
                b,
                Bad(delta, "latency difference"),
                V(cm * 10, "distance", scale=0.1, over=over),
                V(float(vel), "velocity", 0, lower=float(low), over=over),
                f">{low}",
            )
        }

    base = {"study": "motor", "nerve": "median", "side": "right", "recording": "APB"}
    x = seg("elbow", "Elbow", "Wrist", 4.1, 22.0, 72, 49) | {"first": True}
    r = site(
        "Right Median Motor (Abd Poll Brev)", 3.6, 8.2, 5.5, base | {"stimulation": "wrist"}, x
    )
    e.issue("warning", "velocity 72 against 220 mm / 4.1 ms = 54", r, "Vel (m/s)", unsure=True)
    site("Elbow", 7.7, 8.0, 5.7, base | {"stimulation": "elbow"}, {})

    base = {"study": "motor", "nerve": "ulnar", "side": "left", "recording": "ADM"}
    x = seg("below_elbow", "B Elbow", "Wrist", 3.8, 21.5, 57, 49) | {"first": True}
    site("Left Ulnar Motor (Abd Dig Minimi)", 2.9, 9.9, 5.8, base | {"stimulation": "wrist"}, x)
    x = seg("above_elbow", "A Elbow", "B Elbow", 1.9, 10.0, 53, 49)
    r = site("B Elbow", 2.4, 9.6, 6.0, base | {"stimulation": "below_elbow"}, x)
    e.issue("warning", "below-elbow latency before the wrist latency", r, "Onset (ms)", unsure=True)
    site("A Elbow", 8.6, 9.3, 6.2, base | {"stimulation": "above_elbow"}, {})

    base = {"study": "motor", "nerve": "tibial", "side": "right", "recording": "AH"}
    over = {"stimulation": "popliteal_fossa"}
    x = {
        "first": True,
        "cells": (
            "Pop Fossa",
            "Ankle",
            Bad(8.6, "latency difference"),
            Odd("395.0", "mm under a cm heading: 395 mm, 3950 mm or refused"),
            V(46.0, "velocity", 0, lower=41.0, over=over),
            ">41",
        ),
    }
    r = site("Right Tibial Motor (Abd Hall)", 4.5, 10.1, 5.3, base | {"stimulation": "ankle"}, x)
    e.issue("warning", "395 in a cm column", r, "Dist (cm)", unsure=True)
    site("Pop Fossa", 13.1, 7.9, 6.4, base | {"stimulation": "popliteal_fossa"}, {})

    why = "NR beside numbers: absent, present or refused"
    r = g.row("Left Fibular Motor (EDB)", Odd("NR", why), Odd("5.1", why), "<6.5", Odd("2.2", why),
              ">2.0", Odd("5.30", why), "B Fib Head", "Ankle", "", "", "", ">44")  # fmt: skip
    e.issue("warning", "NR beside a number", r, "NR", unsure=True)
    g.blank()
    g.row("Site", "NR", "Onset (ms)", "Norm Onset (ms)", "Peak (ms)", "Norm Peak (ms)",
          "P-T Amp (\u00b5V)", "Norm P-T Amp", "Dist (cm)", "Vel (m/s)", "Norm Vel (m/s)")  # fmt: skip
    sctx: dict[str, Any] = {"study": "sensory", "side": "right", "stimulation": "wrist"}

    def sens(label: str, on: float, pk: float, amp: float, cm: float, vel: int, **ctx: Any) -> int:
        return g.row(
            label,
            "",
            V(on, "onset_latency", upper=3.0),
            "<3.0",
            V(pk, "peak_latency", upper=3.7),
            "<3.7",
            V(amp, "amplitude", lower=15.0),
            ">15",
            V(cm * 10, "distance", scale=0.1),
            V(float(vel), "velocity", 0, lower=50.0),
            ">50",
            st=st,
            **{**sctx, **ctx},
        )

    e.assumed.append("a sensory label without a site row: stimulation not said by the file")
    none = {"stimulation": None}
    sens("Right Median Anti Sensory (2nd Digit)", 2.6, 3.3, 33.1, 14, 54, nerve="median",
         recording="digit_2", **none)  # fmt: skip
    r = sens("Right Ulnar Anti Sensory (5th Digit)", 3.4, 2.7, 28.4, 14, 52, nerve="ulnar",
             recording="digit_5", **none)  # fmt: skip
    e.issue("warning", "peak before onset", r, "Peak (ms)", unsure=True)
    e.exit_accept = [0, 1]
    e.flags["implausible"] = True
    e.save_text()


def a12_shifted_columns() -> None:
    e = Export(
        "A",
        "a12_shifted_columns.csv",
        "two nerves slid one column to the left (one with its limits, one where the amplitude "
        "lands in the latency column as a believable 8.9 ms); must be refused with cells named; "
        "all others are sound",
    )
    p = person("1300-4", "normal", "M", 45, 176, 12)
    g = e.grid()
    st = e.study("1300-4", "2024-04-22", 45, "M", 176)
    s = Style(vel_row="distal")
    g.row("ID", "1300-4", "Age", "45", "Sex", "M", "Height", "176 cm", "Date", "22-Apr-2024")
    g.blank()
    g.row(*CADWELL_MOTOR.values())
    write_motor(g, st, p.motor["left", "median"], ARM, s, CADWELL_MOTOR)
    why = "cells slid one column to the left"
    g.row("Right Median Motor (Abd Poll Brev)")
    r = g.row("Wrist", Bad(3.5, why), "<4.4", Bad(8.9, why), ">4.0", Bad(5.61, why), "Elbow",
              "Wrist", Bad(4.0, why), Bad(22.5, why), Bad(56, why), ">49", "")  # fmt: skip
    e.issue("error", "cells slid to the left", r, "NR")
    r = g.row("Elbow", Bad(7.5, why), "", Bad(8.7, why), "", Bad(5.8, why))
    e.issue("error", "cells slid to the left", r, "NR")
    write_motor(g, st, p.motor["right", "tibial"], TIBIAL, s, CADWELL_MOTOR)
    g.blank()
    g.row(*CADWELL_SENSORY.values())
    write_sensory(g, st, p.sensory["right", "ulnar_d5"], s, CADWELL_SENSORY)
    r = g.next
    r = g.row("Left Sural Anti Sensory (Lat Malleolus)", Bad(3.7, why), Bad(8.9, why), "<4.4", "",
              ">6", "Calf", "Lat Malleolus", Bad(3.7, why), Bad(14.0, why), Bad(38, why),
              ">32")  # fmt: skip
    e.issue("error", "a number in the NR column, no amplitude", r, "NR")
    e.exit_status = 1
    e.save_text()


def a13_limit_spellings() -> None:
    e = Export(
        "A",
        "a13_limit_spellings.xlsx",
        "limits as '\u2264 4.4', '<4.4 ms', 'up to 4.4', bare 4.4 as a number, '> 49 m/s', "
        "'\u2265 49', '49-65' ranges; headings ULN and LLN; a limit row without value",
        workbook=True,
    )
    p = person("L-130", "cts", "F", 59, 165, 13)
    g = e.grid("Tabelle1")
    st = e.study("L-130", "2022-03-28", 59, "F", 165)
    s = Style(dist_cm=False, nr_in="amp", limits=False, distal_distance=True)
    g.row("Patient ID", "L-130", "Age", 59, "Sex", "Female", "Height", 165)
    g.row("Date of test", "28 March 2022")
    g.blank()
    g.row("Site", "DML / Lat (ms)", "ULN (ms)", "CMAP (mV)", "LLN (mV)", "Distance (mm)",
          "MCV (m/s)", "LLN (m/s)")  # fmt: skip
    spell: list[tuple[str, str, Any, Any, Any]] = [
        ("right", "median", "\u2264 4.4", "\u2265 4.0", "> 49 m/s"),
        ("left", "median", "<4.4 ms", ">4.0 mV", "\u226549"),
        ("right", "ulnar", 3.3, 6.0, 49),
        ("left", "ulnar", "< 3.3", "> 6", ">49"),
        ("right", "fibular", "6.5", "2", "44"),
    ]
    lims = {"median": (4.4, 4.0, 49.0), "ulnar": (3.3, 6.0, 49.0), "fibular": (6.5, 2.0, 44.0)}
    for side, nerve, up, low, vel in spell:
        m = p.motor[side, nerve]
        a, b, v = lims[nerve]
        g.row(f"{side.capitalize()} {s.nerves[nerve]} Motor ({m.recording})")
        for i, (ctx, c) in enumerate(motor_cells(g, m, sites_of(nerve), s)):
            if i == 0:
                c["lat"].upper, c["amp"].lower = a, b
                c |= {"up": up, "low": low}
            else:
                c["vel"].lower = v
                c["vlow"] = vel
            keys = ("site", "lat", "up", "amp", "low", "dist", "vel", "vlow")
            write(g, st, ctx, c, keys)
    m = p.motor["right", "tibial"]
    g.row("Right Tibial Motor (AH)")
    for i, (ctx, c) in enumerate(motor_cells(g, m, TIBIAL, s)):
        c |= {"up": "up to 5.8", "low": "4-20"} if i == 0 else {"vlow": "41-60"}
        for key, name, val in (
            ("lat", "upper", 5.8),
            ("amp", "lower", 4.0),
            ("vel", "lower", 41.0),
        ):
            if key in c and (i == 0) == (key != "vel"):
                c[key].accept = {name: [val, None]}
                if name == "lower":
                    c[key].accept["upper"] = [None, 20.0, 60.0]
        write(g, st, ctx, c, ("site", "lat", "up", "amp", "low", "dist", "vel", "vlow"))
    g.row("Left Tibial Motor (AH)")
    g.row("Ankle", "", "<5.8", "", ">4.0", "", "", "")
    g.row("Pop Fossa", "", "", "", "", "", "", ">41")
    e.assumed.append("left tibial: limits printed, nothing tested: no reading, not absent")
    e.save_book()


def a14_quoted_decimal_comma() -> None:
    e = Export(
        "A",
        "a14_quoted_decimal_comma.csv",
        'commas separate and "3,4" in quotes is a number; LF line ends; U+03BC; ragged rows; '
        "title and page rows between the tables ('Page 2 of 3'); sex 'f', age '33,5'",
    )
    p = person("B. 99/12", "normal", "F", 33, 172, 14)
    g = e.grid()
    g.comma = True
    st = e.study("B. 99/12", "2023-01-31", 33.5, "F", 172)
    s = Style(vel_row="distal", lat_dec=1, amp_dec=1)
    g.row("Reference no.", "B. 99/12")
    st.accept = {"patient_id": ["B. 99/12", "a14_quoted_decimal_comma"]}
    g.row("Patient ID", "B. 99/12")
    g.row("Sex", "f")
    g.row("Age", "33,5")
    g.row("Height", "172,0 cm")
    g.row("Date", "31/01/2023")
    g.blank()
    g.row("Motor Summary Table")
    g.row(*CADWELL_MOTOR.values())
    for side, nerve in (("left", "median"), ("left", "ulnar")):
        write_motor(g, st, p.motor[side, nerve], sites_of(nerve), s, CADWELL_MOTOR)
    g.row("Page 2 of 3")
    g.row("Motor Summary Table (continued)")
    g.row(*CADWELL_MOTOR.values())
    write_motor(g, st, p.motor["left", "fibular"], KNEE, s, CADWELL_MOTOR)
    g.row("Page 3 of 3")
    g.blank()
    head = dict(CADWELL_SENSORY, amp="P-T Amp (\u03bcV)")
    g.row("Anti Sensory Summary Table")
    g.row(*head.values())
    for key in ("sural", "median_d3"):
        write_sensory(g, st, p.sensory["left", key], s, head)
    e.save_text(newline="\n", width=False)


def a15_units_row() -> None:
    e = Export(
        "A",
        "a15_units_row_snap_in_mv.csv",
        "units on a second header row; and a sensory table whose unit row says mV over values that "
        "can only be \u00b5V (24.6): \u00b5V with an issue or refused, never 24600",
    )
    p = person("771", "normal", "M", 52, 180, 15)
    g = e.grid()
    st = e.study("771", "2024-08-27", 52, "M", 180)
    s = Style(vel_row="distal", limits=False, sensory_amp="bp")
    g.row("MRN 771, 52 yo male, 180 cm, 27 Aug 2024")
    st.accept = {
        "patient_id": ["771", "a15_units_row_snap_in_mv"],
        "age_years": [52, None],
        "sex": ["M", None],
        "height_cm": [180, None],
        "study_date": ["2024-08-27", None],
    }
    e.assumed.append("a free-text patient line may be read or reported; never misread")
    g.blank()
    keys = ("site", "nr", "lat", "amp", "dur", "site1", "site2", "delta", "dist", "vel")
    g.row("Site", "NR", "Onset", "O-P Amp", "Neg Dur", "Site1", "Site2", "Delta-O", "Dist", "Vel")
    g.row("", "", "ms", "mV", "ms", "", "", "ms", "cm", "m/s")
    for side, nerve in (("right", "median"), ("right", "tibial")):
        write_motor(g, st, p.motor[side, nerve], sites_of(nerve), s, keys)
    g.blank()
    g.row("Site", "NR", "Peak", "O-P Amp", "Site1", "Site2", "Delta-P", "Dist", "Vel")
    r = g.row("", "", "ms", "mV", "", "", "ms", "cm", "m/s")
    for key in ("median_d2", "sural"):
        x = p.sensory["right", key]
        label = {"median_d2": "2nd Digit", "sural": "Lat Malleolus"}[key]
        g.row(f"Right {s.nerves[x.nerve]} Anti Sensory ({label})")
        ctx, c = sensory_cells(g, x, s)
        assert x.amp is not None
        c["amp"] = Odd(x.amp, "SNAP under mV: \u00b5V with an issue, or refused")
        e.forbidden.append({"measure": "amplitude", "value": round(x.amp * 1000, 1)})
        keys = ("site", "nr", "peak", "amp", "site1", "site2", "delta", "dist", "vel")
        write(g, st, ctx, c, keys)
    e.issue("warning", "SNAP under a mV heading", r, "O-P Amp", unsure=True)
    e.issues[-1]["row_unsure"] = True
    e.exit_accept = [0, 1]
    e.save_text()


def a16_mac_comparisons() -> None:
    e = Export(
        "A",
        "a16_cr_only_comparisons.csv",
        "CR-only line ends; a mixed palmar (Trans Palm) table, a Combined Sensory Index table and "
        "a Left/Right Comparison table whose differences must not be read; the comparison repeats "
        "values read before",
    )
    p = person("CSI 5", "cts", "F", 48, 160, 16)
    g = e.grid()
    st = e.study("CSI 5", "2024-07-09", 48, "F", 160)
    st.accept = {"study_date": ["2024-07-09", None]}
    s = Style(vel_row="distal")
    g.row("Patient ID:", "CSI 5", "Age:", "48", "Gender:", "F", "Height:", "160 cm")
    g.row("Exam date:", "July 9, 2024")
    g.blank()
    g.row("Motor Summary Table")
    g.row(*CADWELL_MOTOR.values())
    for side in ("left", "right"):
        write_motor(g, st, p.motor[side, "median"], ARM, s, CADWELL_MOTOR)
    g.blank()
    g.row("Trans Palm Summary Table")
    keys = ("site", "nr", "peak", "peak_lim", "amp", "amp_lim", "site1", "site2", "delta", "dist",
            "vel")  # fmt: skip
    g.row("Site", "NR", "Peak (ms)", "Norm Peak (ms)", "P-T Amp (\u00b5V)", "Norm P-T Amp", "Site1",
          "Site2", "Delta-P (ms)", "Dist (cm)", "Vel (m/s)")  # fmt: skip
    for nerve, amp, peak, low in (("median", 31.5, 2.9, 50.0), ("ulnar", 24.2, 1.9, 12.0)):
        g.row(f"Right {nerve.capitalize()} Trans Palm (Wrist)")
        g.row(
            "Palm",
            "",
            V(peak, "peak_latency", upper=2.2),
            "<2.2",
            V(amp, "amplitude", lower=low),
            f">{low:.0f}",
            "Palm",
            "Wrist",
            Bad(peak, "latency difference"),
            V(80.0, "distance", scale=0.1),
            V(80 / peak, "velocity", 0),
            st=st,
            study="mixed",
            nerve=nerve,
            side="right",
            recording="wrist",
            stimulation="palm",
        )
    assert len(keys) == 11
    g.blank()
    g.row("Combined Sensory Index")
    g.row("Test", "Median (ms)", "Other (ms)", "Difference (ms)")
    why = "comparison test"
    for test, a, b in (("Right Ring finger (ulnar)", 4.9, 3.3), ("Right Thumb (radial)", 4.4, 2.9)):
        g.row(test, Odd(a, why), Odd(b, why), Bad(a - b, "difference"))
    g.row("CSI", "", "", Bad(4.1, "index"))
    g.blank()
    g.row("Left/Right Comparison")
    g.row("Site", "L Lat (ms)", "R Lat (ms)", "L-R Lat (ms)", "L Amp (mV)", "R Amp (mV)",
          "L-R Amp (%)")  # fmt: skip
    g.row("Median Motor (Abd Poll Brev)")
    left, right = (p.motor[x, "median"].chain(*ARM) for x in ("left", "right"))
    for word, a2, b2 in zip(("Wrist", "Elbow"), left, right, strict=True):
        assert a2.lat and b2.lat and a2.amp and b2.amp
        why = "repeats the motor table: the same reading again, or skipped"
        g.row(
            word,
            Odd(a2.lat, why),
            Odd(b2.lat, why),
            Bad(abs(a2.lat - b2.lat), "difference"),
            Odd(a2.amp, why),
            Odd(b2.amp, why),
            Bad(100 * abs(a2.amp - b2.amp) / max(a2.amp, b2.amp), "difference"),
        )
    e.save_text(newline="\r")


def a17_two_visits() -> None:
    e = Export(
        "A",
        "a17_two_visits.csv",
        "one patient, two examinations in one file (same id, two dates): two studies; the second "
        "block repeats only id and date, not age, sex and height",
    )
    g = e.grid()
    first = person("RX-5", "gbs", "M", 36, 183, 17)
    second = person("RX-5", "normal", "M", 36, 183, 18)
    s = Style(vel_row="distal")
    for p, iso, shown in (
        (first, "2023-02-13", "13.02.2023"),
        (second, "2023-09-25", "25.09.2023"),
    ):
        st: Study = e.study("RX-5", iso, 36, "M", 183)
        g.row("Patient ID:", "RX-5")
        g.row("Exam Date:", shown)
        if p is first:
            g.row("Age:", "36 Years", "", "Sex:", "Male", "", "Height:", "6'0\"")
            st.accept = {"height_cm": [182.9, 182.88, 183]}
        else:
            why = "not repeated in the second block: carried over or null"
            st.accept = {
                "age_years": [36, None],
                "sex": ["M", None],
                "height_cm": [182.9, 182.88, 183, None],
            }
            e.assumed.append(why)
        st.height_cm = 182.9
        g.row(*CADWELL_MOTOR.values())
        for side, nerve in (("right", "median"), ("right", "ulnar"), ("left", "fibular")):
            write_motor(g, st, p.motor[side, nerve], sites_of(nerve), s, CADWELL_MOTOR)
        g.row("F Wave Studies")
        g.row("Nerve", "NR", "F-Lat (ms)", "Lat Norm (ms)")
        for side, nerve in (("right", "tibial"), ("right", "ulnar")):
            ctx, c = f_cells(g, p.f[side, nerve], s)
            label = f"Right {s.nerves[nerve]} ({s.muscles[p.f[side, nerve].recording]})"
            write(g, st, no_stim(ctx), c, ("site", "nr", "min", "lat_lim"), site=label)
        g.blank()
    e.save_text()


def a18_many_sites() -> None:
    e = Export(
        "A",
        "a18_many_sites.xlsx",
        "long ulnar and median studies to axilla and Erb, palm stimulation, radial to EIP, "
        "fibular to TA, ulnar to FDI and to ADM in one table; spelling 'B. Elbow', 'A. Elbow', 'Ax', "
        "\"Erb's\", 'Below Fib Head', 'Abv Fib Head'; conduction block",
        workbook=True,
    )
    p = person("MMN-2", "mmn", "M", 43, 179, 19)
    g = e.grid("NCS Motor")
    st = e.study("MMN-2", "2024-10-30", 43, "M", 179)
    s = Style(dist_cm=True, lat_dec=2, amp_dec=2, limits=False)
    s.words = {
        **SITES,
        "below_elbow": "B. Elbow",
        "above_elbow": "A. Elbow",
        "axilla": "Ax",
        "erb": "Erb's",
        "below_fibular_head": "Below Fib Head",
        "above_fibular_head": "Abv Fib Head",
        "arm": "Upper arm",
    }
    g.row("Id", "MMN-2")
    g.row("Age", "43 y")
    g.row("Sex", "M")
    g.row("Height", "179 cm")
    g.row("Recorded", datetime(2024, 10, 30, 9, 15))
    st.accept = {"study_date": ["2024-10-30", None]}
    g.blank()
    head = {
        "site": "Stim Site",
        "nr": "NR",
        "lat": "Onset (ms)",
        "amp": "Amp (mV)",
        "area": "Area (mVms)",
        "dur": "Dur (ms)",
        "segment": "Segment Name",
        "dist": "Dist (cm)",
        "vel": "Vel (m/s)",
    }
    g.row(*head.values())
    every = {
        "median": ("wrist", "elbow", "axilla", "erb"),
        "ulnar": ("wrist", "below_elbow", "above_elbow", "axilla", "erb"),
        "ulnar_fdi": ("wrist", "below_elbow", "above_elbow"),
        "radial": ("forearm", "elbow", "arm"),
        "fibular": ("ankle", "below_fibular_head", "above_fibular_head"),
        "fibular_ta": ("below_fibular_head", "above_fibular_head"),
    }
    for side, key in (
        ("right", "ulnar"),
        ("left", "ulnar"),
        ("right", "ulnar_fdi"),
        ("right", "radial"),
        ("right", "fibular"),
        ("right", "fibular_ta"),
    ):
        write_motor(g, st, p.motor[side, key], every[key], s, head)
    m = p.motor["right", "median"]
    g.row("Right Median Motor (Abd Poll Brev)")
    ctx: dict[str, Any] = {"study": "motor", "nerve": "median", "side": "right", "recording": "APB"}
    wrist = m.sites[0]
    assert wrist.lat and wrist.amp
    g.row("Palm", "", Odd(1.9, "palm latency: distal or proximal", 2), V(wrist.amp + 0.6, "amplitude",
          2), st=st, **ctx, stimulation="palm")  # fmt: skip
    for i, (c2, c) in enumerate(motor_cells(g, m, every["median"], s)):
        if i == 0:
            c["segment"] = "Wrist-Palm"
            c["dist"] = V(70.0, "distance", scale=0.1)
            c["vel"] = V(70 / (wrist.lat - 1.9), "velocity", 0)
        write(g, st, c2, c, head)
    e.assumed.append("with the palm stimulated, the wrist latency stays the distal latency")
    e.save_book()


def family_a() -> None:
    a01_full_report()
    a02_semicolon_cp1252()
    a03_sheet_per_table()
    a04_stim_site_utf16()
    a05_three_patients()
    a06_patient_per_sheet()
    a07_merged_as_above()
    a08_missing_side_unknown_nerve()
    a09_extra_columns()
    a10_nr_words_in_cells()
    a11_contradictions()
    a12_shifted_columns()
    a13_limit_spellings()
    a14_quoted_decimal_comma()
    a15_units_row()
    a16_mac_comparisons()
    a17_two_visits()
    a18_many_sites()
    from .family_a2 import more_a  # the second part stands apart

    more_a()
