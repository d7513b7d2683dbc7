"""Family A, second part: tables as different machines print them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .kit import Bad, Export, Grid, Odd, V
from .people import person
from .tables import Style, f_cells, h_cells, motor_cells, sensory_cells, write

ARM = ("wrist", "elbow")
ULNAR = ("wrist", "below_elbow", "above_elbow")
FIB = ("ankle", "below_fibular_head", "above_fibular_head")
TIB = ("ankle", "popliteal_fossa")
SITES = {"median": ARM, "ulnar": ULNAR, "fibular": FIB, "tibial": TIB}
LONG = {"APB": "Abductor pollicis brevis", "ADM": "Abductor digiti minimi (manus)",
        "EDB": "Extensor digitorum brevis", "AH": "Abductor hallucis"}  # fmt: skip
UP = {"median": "Median", "ulnar": "Ulnar", "fibular": "Peroneal", "tibial": "Tibial"}


def needle(g: Grid) -> None:
    """A table of a needle examination, which is no conduction study."""
    why = "needle EMG"
    g.row(
        "Side", "Muscle", "Nerve", "Root", "Ins Act", "Fibs", "Psw", "Amp", "Dur", "Poly", "Recrt"
    )
    for side, muscle, nerve, root in (("Right", "Abd Poll Brev", "Median", "C8-T1"),
                                      ("Right", "1stDorInt", "Ulnar", "C8-T1"),
                                      ("Left", "AntTibialis", "Dp Br Peron", "L4-5")):  # fmt: skip
        g.row(
            side, muscle, nerve, root, "Nml", "1+", "Nml", Bad(6.5, why), Bad(12.0, why), "0", "Nml"
        )


def a19_nicolet() -> None:
    e = Export(
        "A",
        "a19_nerve_to_muscle_segments.xlsx",
        "'Median.R to Abductor pollicis brevis.R' above its sites; Segment 'Wrist-Elbow' names the "
        "recording site first; units on a second row; a page header with the patient's name repeated "
        "amid the table; M latency beside the F latency",
        workbook=True,
    )
    p = person("N19-04", "axonal", "F", 57, 166, 901)
    g = e.grid("Nerve Conduction")
    st = e.study("N19-04", "2024-05-30", 57, "F", 166)
    s = Style(dist_cm=False, nr_in="amp", limits=False, distal_distance=True, sensory_vel="onset")
    g.row("Patient Name:", "Probe, Paula", "", "Patient ID:", "N19-04")
    g.row("Age:", "57 years 2 months", "", "Gender:", "Female")
    st.accept = {"age_years": [57, 57.17, 57.2, 57.1666666, None]}
    g.row("Height:", "5 ft 5.4 in", "", "Exam Date:", "30-May-2024")
    st.height_cm = 166.1
    g.blank()
    g.row("Motor Nerve Conduction:")
    g.row("Nerve and Site", "Onset Latency", "Amplitude", "Segment", "Latency Difference", "Distance",
          "Conduction Velocity")  # fmt: skip
    g.row("", "ms", "mV", "", "ms", "mm", "m/s")
    for n, (side, nerve) in enumerate(
        (("right", "median"), ("right", "ulnar"), ("left", "tibial"))
    ):
        m = p.motor[side, nerve]
        letter = side[0].upper()
        g.row(f"{UP[nerve]}.{letter} to {LONG[m.recording]}.{letter}")
        chain = m.chain(*SITES[nerve])
        for i, (ctx, c) in enumerate(motor_cells(g, m, SITES[nerve], s)):
            below = s.word(chain[i - 1].name) if i else LONG[m.recording].split(" (")[0]
            c["segment"] = f"{below}-{s.word(chain[i].name)}"
            if not i:
                c["delta"] = Bad(chain[0].lat, "latency difference")
            write(g, st, ctx, c, ("site", "lat", "amp", "segment", "delta", "dist", "vel"))
            if n == 1 and i == 0:
                g.row("Patient Name:", "Probe, Paula", "", "Patient ID:", "N19-04")
                g.row("Page 2 of 3")
        g.blank()
    g.row("Sensory Nerve Conduction:")
    g.row("Nerve and Site", "Onset Latency", "Peak Latency", "Amplitude", "Segment", "Latency Difference",
          "Distance", "Conduction Velocity")  # fmt: skip
    g.row("", "ms", "ms", "\u00b5V", "", "ms", "mm", "m/s")
    for side, key, where in (("right", "median_d2", "Digit II (index finger)"),
                             ("right", "ulnar_d5", "Digit V (little finger)"),
                             ("left", "sural", "Ankle")):  # fmt: skip
        x = p.sensory[side, key]
        letter = side[0].upper()
        g.row(f"{s.nerves[x.nerve]}.{letter} to {where}.{letter}")
        ctx, c = sensory_cells(g, x, s)
        c["amp"] = V(x.amp, "amplitude", 1)
        c["segment"] = f"{where.split(' (')[0]}-{c['site']}"
        write(g, st, ctx, c, ("site", "onset", "peak", "amp", "segment", "delta", "dist", "vel"))
    g.blank()
    g.row("F-Wave Studies:")
    g.row("Nerve", "M-Latency", "F-Latency", "F %")
    g.row("", "ms", "ms", "%")
    for side, nerve in (("right", "median"), ("left", "tibial")):
        ctx, c = f_cells(g, p.f[side, nerve], s)
        ctx |= {"stimulation": None, "recording": None}
        write(g, st, ctx, c, ("site", "m", "min", "pers"), site=f"{UP[nerve]}.{side[0].upper()}")
    e.save_book()


def a20_own_headings() -> None:
    e = Export(
        "A",
        "a20_headings_per_nerve.csv",
        "every nerve is a small table of its own: 'Lt. Median nerve (APB)', then the headings again; "
        "'Int(ms)' is a difference; footnotes and a needle EMG table, which must be said, not read",
    )
    p = person("20-777", "cidp", "M", 44, 178, 902)
    g = e.grid()
    st = e.study("20-777", "2023-09-27", 44, "M", 178)
    s = Style(dist_cm=False, nr_in="amp", limits=False, sensory_vel="onset", lat_dec=2, amp_dec=2)
    g.row("Hospital No.", "20-777", "Sex / Age", "M / 44y")
    g.row("Height", "178cm", "Date", "2023/09/27")
    g.blank()
    g.row("MOTOR CONDUCTION STUDY")
    head = {"site": "Site", "lat": "Lat(ms)", "dur": "Dur(ms)", "amp": "Amp(mV)", "area": "Area(mVms)",
            "segment": "Segment", "dist": "Dist(mm)", "delta": "Int(ms)", "vel": "MCV(m/s)"}  # fmt: skip
    for side, nerve in (
        ("left", "median"),
        ("right", "ulnar"),
        ("left", "fibular"),
        ("right", "tibial"),
    ):
        m = p.motor[side, nerve]
        g.row(f"{side[0].upper()}t. {UP[nerve]} nerve ({m.recording})")
        g.row(*head.values())
        for ctx, c in motor_cells(g, m, SITES[nerve], s):
            write(g, st, ctx, c, head)
        g.blank()
    g.row("SENSORY CONDUCTION STUDY")
    head = {"site": "Site", "onset": "Onset(ms)", "peak": "Peak(ms)", "amp": "Amp(uV)",
            "segment": "Segment", "dist": "Dist(mm)", "vel": "SCV(m/s)"}  # fmt: skip
    for side, key, where in (
        ("left", "median_d2", "Index finger"),
        ("right", "sural", "Lat. malleolus"),
    ):
        x = p.sensory[side, key]
        g.row(f"{side[0].upper()}t. {s.nerves[x.nerve]} nerve ({where})")
        g.row(*head.values())
        ctx, c = sensory_cells(g, x, s)
        write(g, st, ctx, c, head)
        g.blank()
    g.row("* below the lower limit of normal; NR = no response")
    g.row("Temperature of the hand was above 32 C in all studies.")
    g.blank()
    g.row("NEEDLE EMG")
    needle(g)
    e.save_text(width=False)


def a21_columns_merged() -> None:
    e = Export(
        "A",
        "a21_nerve_side_columns_merged.xlsx",
        "columns Nerve, Side, Muscle merged over the sites; a Normal column after each measure; two "
        "patients in one sheet, the second without a height; 'ABSENT'; H-reflex table",
        workbook=True,
    )
    g = e.grid("Sheet1")
    s = Style(dist_cm=True, nr_in="lat", nr="ABSENT", signs=("<", ">"))
    people = (("PT-A", "axonal_severe", "M", 70, 181), ("PT-B", "cts", "F", 38, None))
    for pid, kind, sex, age, height in people:
        p = person(pid, kind, sex, age, height or 164, 903)
        st = e.study(pid, "2022-01-19", age, sex, height)
        g.row("Patient ID", pid, "", "Age", f"{age} yrs", "", "Gender", sex)
        g.row("Study date", "19 Jan 2022", "", *(("Height", f"{height} cm") if height else ()))
        g.blank()
        g.row("Motor NCS")
        g.row("Nerve", "Side", "Muscle", "Stim", "Lat (ms)", "Normal", "Amp (mV)", "Normal", "Dur (ms)",
              "Dist (cm)", "CV (m/s)", "Normal")  # fmt: skip
        for side, nerve in (("right", "median"), ("left", "median"), ("right", "tibial")):
            m = p.motor[side, nerve]
            top = g.next
            for i, (ctx, c) in enumerate(motor_cells(g, m, SITES[nerve], s)):
                c |= (
                    {"nerve": UP[nerve], "side": side.capitalize(), "rec": m.recording}
                    if not i
                    else {}
                )
                write(g, st, ctx, c, ("nerve", "side", "rec", "site", "lat", "lat_lim", "amp", "amp_lim",
                      "dur", "dist", "vel", "vel_lim"))  # fmt: skip
            g.merges += [f"{col}{top}:{col}{g.next - 1}" for col in "ABC"]
        g.blank()
        g.row("H Reflex")
        g.row("Nerve", "Side", "H Lat (ms)", "Normal")
        for side in ("right", "left"):
            ctx, c = h_cells(g, p.h[side], s)
            ctx |= {"stimulation": None, "recording": None}
            c |= {"nerve": "Tibial", "side": side.capitalize()}
            if p.h[side].minimum is None:
                c["min"] = c.pop("nr") if c.get("nr") else c["min"]
            write(g, st, ctx, c, ("nerve", "side", "min", "lat_lim"))
        g.blank()
    e.save_book()


def a22_sections_in_one_table() -> None:
    e = Export(
        "A",
        "a22_sections_in_one_table.csv",
        "one table with section rows MOTOR and SENSORY inside; amplitudes without a unit; 'N.R.'; a "
        "limit row 'Normal' under each nerve; patient line with bars between; Right and Left written out",
    )
    p = person("C22", "axonal_severe", "F", 64, 160, 904)
    g = e.grid()
    st = e.study("C22", "2021-10-05", 64, "F", 160)
    s = Style(
        dist_cm=False, nr_in="amp", nr="N.R.", limits=False, sensory_vel="onset", sensory_amp="bp"
    )
    g.row("ID: C22 | Age: 64 | Sex: F | Height: 160 cm | Date: 05 Oct 2021")
    g.blank()
    keys = ("site", "lat", "amp", "dist", "vel")
    g.row("Nerve / Site", "Onset Lat (ms)", "Amp", "Dist (mm)", "CV (m/s)")
    why = "limits row"
    g.row("MOTOR")
    for side, nerve, lim in (("right", "median", (4.4, 4.0, 49.0)), ("left", "fibular", (6.5, 2.0, 44.0)),
                             ("right", "tibial", (5.8, 4.0, 41.0))):  # fmt: skip
        m = p.motor[side, nerve]
        g.row(f"{side.capitalize()} {UP[nerve]} ({m.recording})")
        for ctx, c in motor_cells(g, m, SITES[nerve], s):
            write(g, st, ctx, c, keys)
        g.row("Normal", Bad(lim[0], why), Bad(lim[1], why), "", Bad(lim[2], why))
    g.row("SENSORY")
    for side, key, where in (("right", "median_d2", "Digit 2"), ("left", "sural", "Ankle"),
                             ("right", "ulnar_d5", "Digit 5")):  # fmt: skip
        x = p.sensory[side, key]
        g.row(f"{side.capitalize()} {s.nerves[x.nerve]} ({where})")
        ctx, c = sensory_cells(g, x, s)
        if "onset" in c:
            c["lat"] = c["onset"]
        write(g, st, ctx, c, keys)
    e.save_text()


def a23_segment_rows() -> None:
    e = Export(
        "A",
        "a23_segment_rows.xlsx",
        "segments on rows of their own between the sites: 'Wrist - Elbow' with distance and velocity "
        "only; one patient per sheet; a hidden sheet; a limits sheet",
        workbook=True,
    )
    for pid, kind, sex, age, height in (("SG1", "une", "M", 51, 176), ("SG2", "gbs", "F", 29, 163)):
        p = person(pid, kind, sex, age, height, 905)
        g = e.grid(pid)
        st = e.study(pid, "2020-08-31", age, sex, height)
        s = Style(dist_cm=False, nr_in="amp", limits=False)
        g.row("ID", pid)
        g.row("Date of examination", datetime(2020, 8, 31))
        g.row("Age", age, "Sex", sex)
        g.row("Height", height)
        g.blank()
        g.row("Motor nerve conduction studies")
        g.row(
            "Nerve/Site", "Latency ms", "Amplitude mV", "Duration ms", "Distance mm", "Velocity m/s"
        )
        for side, nerve in (("left", "ulnar"), ("right", "median"), ("left", "tibial")):
            m = p.motor[side, nerve]
            g.row(f"{side.capitalize()} {UP[nerve]} - {m.recording}")
            chain = m.chain(*SITES[nerve])
            last: str | None = None
            for site, (ctx, c) in zip(chain, motor_cells(g, m, SITES[nerve], s), strict=True):
                velocity, distance = c.pop("vel", ""), c.pop("dist", "")
                write(g, st, ctx, c, ("site", "lat", "amp", "dur"))
                if last is not None:
                    g.row(f"{last} - {c['site']}", "", "", "", distance, velocity, st=st, **ctx)
                last = s.word(site.name)
    hidden = e.grid("old")
    hidden.hidden = True
    hidden.row("Site", "Latency ms", "Amplitude mV")
    hidden.row("Left Ulnar Motor (ADM)", Bad(9.9, "hidden sheet"), Bad(9.9, "hidden sheet"))
    limits = e.grid("Reference values")
    limits.row("Normal values of our laboratory")
    limits.row("Nerve", "Latency ms", "Amplitude mV", "Velocity m/s")
    for nerve, a, b, v in (("Median", 4.4, 4.0, 49.0), ("Ulnar", 3.3, 6.0, 49.0)):
        why = "limits table"
        limits.row(nerve, Bad(a, why), Bad(b, why), Bad(v, why))
    e.save_book()


def a24_two_heading_rows() -> None:
    e = Export(
        "A",
        "a24_two_heading_rows.csv",
        "headings in two rows: Latency over Onset and Peak, Amplitude over B-P and P-P; side in a column "
        "as R / L; the peak-to-peak column repeats the response in another convention",
    )
    p = person("K24", "normal", "M", 35, 184, 906)
    g = e.grid()
    st = e.study("K24", "2019-12-11", 35, "M", 184)
    g.row("Patient no", "K24")
    g.row("Age", "35")
    g.row("Sex", "Male")
    g.row("Height (cm)", "184")
    g.row("Exam date", "11-Dec-2019")
    g.blank()
    g.row("Sensory Nerve Conduction Studies")
    g.row("Nerve", "Side", "Stim site", "Rec site", "Latency (ms)", "", "Amplitude (\u00b5V)", "",
          "Distance (mm)", "Velocity (m/s)")  # fmt: skip
    g.row("", "", "", "", "Onset", "Peak", "B-P", "P-P", "", "")
    s = Style(dist_cm=False, nr_in="amp", limits=False, sensory_vel="onset", sensory_amp="bp")
    why = "a second amplitude of the same response, peak to peak"
    for side, key, where in (("right", "median_d2", "Digit 2"), ("left", "ulnar_d5", "Digit 5"),
                             ("left", "sural", "Ankle"), ("right", "sradial", "Snuffbox")):  # fmt: skip
        x = p.sensory[side, key]
        ctx, c = sensory_cells(g, x, s)
        c |= {"nerve": s.nerves[x.nerve], "side": side[0].upper(), "rec": where,
              "pp": Odd(x.amp_pp, why)}  # fmt: skip
        write(
            g,
            st,
            ctx,
            c,
            ("nerve", "side", "site", "rec", "onset", "peak", "amp", "pp", "dist", "vel"),
        )
    e.save_text()


def a25_unlabelled_latency() -> None:
    e = Export(
        "A",
        "a25_plain_latency_imperial.csv",
        "sensory latency only called Latency: the onset, as distance over velocity proves; 5'7\" and "
        "154 lb; date of birth instead of age; column Response with Present and Absent; quoted names",
    )
    p = person("M-25/3", "cmt1", "F", 27, 170, 907)
    g = e.grid()
    st = e.study("M-25/3", "2023-03-14", 27, "F", 170.2)
    st.accept = {"age_years": [27, 27.5, 27.48, 27.49, 27.484], "height_cm": [170.2, 170.18]}
    s = Style(
        dist_cm=True,
        nr_in="column",
        nr="Absent",
        limits=False,
        sensory_vel="onset",
        sensory_amp="bp",
    )
    g.row("Name", "Sample, Sally", "MRN", "M-25/3")
    g.row("DOB", "18 Sep 1995", "Sex", "Female")
    g.row("Height", "5'7\"", "Weight", "154 lb")
    g.row("Study Date", "14 Mar 2023")
    g.blank()

    def rows(
        cells: list[tuple[dict[str, Any], dict[str, Any]]], keys: tuple[str, ...], name: str
    ) -> None:
        for i, (ctx, c) in enumerate(cells):
            c["nr"] = c["nr"] or "Present"
            c["nerve"] = name if not i else ""
            write(g, st, ctx, c, keys)

    g.row("Motor")
    g.row("Nerve", "Stimulation", "Response", "Latency (ms)", "Amplitude (mV)", "Distance (cm)",
          "Velocity (m/s)")  # fmt: skip
    for side, nerve in (("left", "median"), ("left", "fibular"), ("right", "ulnar")):
        m = p.motor[side, nerve]
        label = f"{side.capitalize()} {UP[nerve]} to {m.recording}"
        rows(
            motor_cells(g, m, SITES[nerve], s),
            ("nerve", "site", "nr", "lat", "amp", "dist", "vel"),
            label,
        )
    g.blank()
    g.row("Sensory")
    g.row("Nerve", "Stimulation", "Response", "Latency (ms)", "Amplitude (\u00b5V)", "Distance (cm)",
          "Velocity (m/s)")  # fmt: skip
    for side, key, where in (("left", "median_d2", "digit 2"), ("right", "sural", "ankle")):
        x = p.sensory[side, key]
        label = f"{side.capitalize()} {s.nerves[x.nerve]} to {where}"
        keys = ("nerve", "site", "nr", "onset", "amp", "dist", "vel")
        rows([sensory_cells(g, x, s)], keys, label)
    e.save_text()


def a26_other_tests() -> None:
    e = Export(
        "A",
        "a26_other_tests_between.csv",
        "blink reflex, repetitive stimulation and sympathetic skin response between the conduction "
        "tables: said, not read; conduction tables after them are read",
    )
    p = person("OT-26", "normal", "F", 55, 162, 908)
    g = e.grid()
    st = e.study("OT-26", "2024-01-29", 55, "F", 162)
    s = Style(dist_cm=True, nr_in="column", limits=False, sensory_vel="onset")
    g.row("Patient ID:", "OT-26", "Age:", "55", "Sex:", "F")
    g.row("Height:", "162 cm", "Test Date:", "29.01.2024")
    g.blank()
    head = {"site": "Stim Site", "nr": "NR", "lat": "Lat (ms)", "amp": "Amp (mV)", "dist": "Dist (cm)",
            "vel": "Vel (m/s)"}  # fmt: skip
    g.row("Motor Nerves")
    g.row(*head.values())
    for side, nerve in (("right", "median"), ("left", "ulnar")):
        m = p.motor[side, nerve]
        g.row(f"{side.capitalize()} {UP[nerve]} ({m.recording})")
        for ctx, c in motor_cells(g, m, SITES[nerve], s):
            write(g, st, ctx, c, head)
    g.blank()
    why = "another test"
    g.row("Repetitive Nerve Stimulation")
    g.row("Nerve", "Muscle", "Rate (Hz)", "Amp 1 (mV)", "Amp 4 (mV)", "Decr %")
    g.row("Right Ulnar", "ADM", "3", Bad(8.8, why), Bad(8.7, why), Bad(1.1, why))
    g.blank()
    g.row("Blink Reflex")
    g.row("Side", "R1 (ms)", "R2 ipsi (ms)", "R2 contra (ms)")
    g.row("Right", Bad(10.9, why), Bad(33.4, why), Bad(34.0, why))
    g.row("Left", Bad(11.1, why), Bad(33.0, why), Bad(33.9, why))
    g.blank()
    g.row("Sympathetic Skin Response")
    g.row("Site", "Latency (ms)", "Amplitude (mV)")
    g.row("Right Palm", Bad(1480.0, why), Bad(1.2, why))
    g.blank()
    g.row("Sensory Nerves")
    shead = {"site": "Stim Site", "nr": "NR", "onset": "Onset (ms)", "peak": "Peak (ms)",
             "amp": "P-P Amp (\u00b5V)", "dist": "Dist (cm)", "vel": "Vel (m/s)"}  # fmt: skip
    g.row(*shead.values())
    for side, key, where in (("right", "median_d2", "2nd digit"), ("left", "sfibular", "Ankle")):
        x = p.sensory[side, key]
        g.row(f"{side.capitalize()} {s.nerves[x.nerve]} ({where})")
        ctx, c = sensory_cells(g, x, s)
        write(g, st, ctx, c, shead)
    e.save_text()


def more_a() -> None:
    a19_nicolet()
    a20_own_headings()
    a21_columns_merged()
    a22_sections_in_one_table()
    a23_segment_rows()
    a24_two_heading_rows()
    a25_unlabelled_latency()
    a26_other_tests()
