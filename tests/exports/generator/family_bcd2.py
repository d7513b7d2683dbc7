"""Families B, C and D, second part: other shapes of one-cell labels, of sides beside each other, of blocks."""

from __future__ import annotations

from typing import Any

from .family_d import beside, block, sensory_block
from .kit import Bad, Export, V, absent
from .people import Motor, Person, Sensory, Site, person
from .tables import Style, motor_cells, sensory_cells, write

SITES = {"median": ("wrist", "elbow"), "ulnar": ("wrist", "below_elbow", "above_elbow"),
         "fibular": ("ankle", "below_fibular_head", "above_fibular_head"),
         "tibial": ("ankle", "popliteal_fossa")}  # fmt: skip
UP = {"median": "Median", "ulnar": "Ulnar", "fibular": "Peroneal", "tibial": "Tibial"}
WORD = {"wrist": "Wrist", "elbow": "Elbow", "below_elbow": "Below elbow", "above_elbow": "Above elbow",
        "ankle": "Ankle", "below_fibular_head": "Below fibular head",
        "above_fibular_head": "Above fibular head", "popliteal_fossa": "Popliteal fossa"}  # fmt: skip


def b06_dots() -> None:
    e = Export(
        "B",
        "b06_dotted_labels.csv",
        "'L.Ulnar.Motor - B.Elbow' in one cell, muscle in the next; delta latency and segment length; "
        "NCS ID in the block; two-digit comma file with points",
    )
    p = person("DX-7", "une", "F", 43, 168, 911)
    g = e.grid()
    st = e.study("DX-7", "2024-08-19", 43, "F", 168)
    s = Style(dist_cm=False, nr_in="amp", limits=False, distal_distance=True, sensory_vel="onset")
    s.words = {**s.words, "below_elbow": "B.Elbow", "above_elbow": "A.Elbow"}
    g.row("ID No: DX-7", "", "Age: 43", "", "Sex: F")
    g.row("Height: 168 cm", "", "Date of exam: 19.08.2024")
    g.blank()
    g.row("Nerve - Site", "Muscle", "Onset (ms)", "Amplitude (mV)", "Duration (ms)", "Length (mm)",
          "Delta (ms)", "NCV (m/s)")  # fmt: skip
    for side, nerve in (("left", "ulnar"), ("right", "ulnar"), ("left", "median")):
        m = p.motor[side, nerve]
        for ctx, c in motor_cells(g, m, SITES[nerve], s):
            c["muscle"] = m.recording
            c["site"] = f"{side[0].upper()}.{UP[nerve]}.Motor - {c['site']}"
            write(g, st, ctx, c, ("site", "muscle", "lat", "amp", "dur", "dist", "delta", "vel"))
    g.blank()
    g.row("Nerve - Site", "Recording", "Onset (ms)", "Peak (ms)", "Amplitude (uV)", "Length (mm)",
          "NCV (m/s)")  # fmt: skip
    for side, key, where in (("left", "ulnar_d5", "Digit 5"), ("left", "duc", "Dorsum of hand")):
        x = p.sensory[side, key]
        ctx, c = sensory_cells(g, x, s)
        c["rec"] = where
        c["site"] = f"{side[0].upper()}.{s.nerves[x.nerve]}.Sensory - {c['site']}"
        write(g, st, ctx, c, ("site", "rec", "onset", "peak", "amp", "dist", "vel"))
    e.save_text(",")


def b07_stim_rec() -> None:
    e = Export(
        "B",
        "b07_stim_rec_words.xlsx",
        "'Right Tibial Motor, Stim: Ankle, Rec: AH' in one cell; 'Absent' in the latency; several "
        "kinds in one table with a unit in every heading but the amplitude's in two columns (CMAP, SNAP)",
        workbook=True,
    )
    p = person("SR 12", "axonal_severe", "M", 73, 175, 912)
    g = e.grid("NCS")
    st = e.study("SR 12", "2023-12-04", 73, "M", 175)
    s = Style(
        dist_cm=True, nr_in="lat", nr="Absent", limits=False, sensory_vel="onset", sensory_amp="bp"
    )
    g.row("Patient code", "SR 12", "", "Age (years)", 73, "", "Sex", "M", "", "Height (cm)", 175)
    g.row("Date", "2023-12-04")
    g.blank()
    g.row(
        "Nerve / Site", "Latency (ms)", "CMAP (mV)", "SNAP (\u00b5V)", "Distance (cm)", "CV (m/s)"
    )
    keys = ("site", "lat", "cmap", "snap", "dist", "vel")
    for side, nerve in (("right", "tibial"), ("right", "fibular"), ("left", "median")):
        m = p.motor[side, nerve]
        for ctx, c in motor_cells(g, m, SITES[nerve], s):
            c["cmap"] = c.get("amp", "")
            c["site"] = (
                f"{side.capitalize()} {UP[nerve]} Motor, Stim: {c['site']}, Rec: {m.recording}"
            )
            write(g, st, ctx, c, keys)
    for side, key, where in (("right", "sural", "Ankle"), ("left", "ulnar_d5", "Digit 5")):
        x = p.sensory[side, key]
        ctx, c = sensory_cells(g, x, s)
        c |= {"snap": c.get("amp", ""), "lat": c["onset"]}
        c["site"] = (
            f"{side.capitalize()} {s.nerves[x.nerve]} Sensory, Stim: {c['site']}, Rec: {where}"
        )
        write(g, st, ctx, c, keys)
    e.save_book()


def b08_nerve_muscle_site() -> None:
    e = Export(
        "B",
        "b08_muscle_first.txt",
        "columns Nerve ('Rt Median APB') and Site on every row; limits in a column 'Ref' as '< 4.4'; tab",
    )
    p = person("77", "cts", "F", 62, 159, 913)
    g = e.grid()
    st = e.study("77", None, 62, "F", 159)
    s = Style(dist_cm=True, nr_in="amp", signs=("< ", "> "))
    g.row("Patient number", "77")
    g.row("Age", "62 y")
    g.row("Gender", "female")
    g.row("Height", "1.59 m")
    g.blank()
    g.row("Motor")
    g.row("Nerve", "Site", "Lat [ms]", "Ref", "Amp [mV]", "Ref", "Dist [cm]", "Vel [m/s]", "Ref")
    for side, nerve in (("right", "median"), ("left", "median"), ("right", "fibular")):
        m = p.motor[side, nerve]
        for ctx, c in motor_cells(g, m, SITES[nerve], s):
            c["nerve"] = f"{side[0].upper()}t {UP[nerve]} {m.recording}"
            write(
                g,
                st,
                ctx,
                c,
                ("nerve", "site", "lat", "lat_lim", "amp", "amp_lim", "dist", "vel", "vel_lim"),
            )
    e.save_text("\t")


# ---------------------------------------------------------------- sides beside each other


def half(m: Motor, s: Site, distal: bool, nr: str) -> dict[str, Any]:
    """The cells of one site and side."""
    over = {"study": "motor", "nerve": m.nerve, "side": m.side, "recording": m.recording,
            "stimulation": s.name}  # fmt: skip
    if s.absent:
        return {"lat": nr, "amp": absent(nr, over=over), "vel": ""}
    return {
        "lat": V(s.lat, "distal_latency" if distal else "proximal_latency", over=over),
        "amp": V(s.amp, "amplitude", over=over),
        "vel": V(s.vel, "velocity", 0, over=over) if s.vel else "",
    }


def pairs(p: Person, nerve: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Site, right cells, left cells of each site of a nerve."""
    r, left = p.motor["right", nerve], p.motor["left", nerve]
    chains = zip(r.chain(*SITES[nerve]), left.chain(*SITES[nerve]), strict=True)
    return [
        (a.name, half(r, a, not i, "NR"), half(left, b, not i, "NR"))
        for i, (a, b) in enumerate(chains)
    ]


def c04_sides_below_measures() -> None:
    e = Export(
        "C",
        "c04_sides_below_measures.csv",
        "measures above, R and L below them in a second row of headings; nerve rows without a side",
    )
    p = person("C-04", "foot_drop", "M", 50, 179, 914)
    g = e.grid()
    st = e.study("C-04", "2021-06-22", 50, "M", 179)
    g.row("Patient ID:", "C-04", "Age:", "50", "Sex:", "M", "Height:", "179 cm")
    g.row("Date:", "22.06.2021")
    g.blank()
    g.row("Motor conduction")
    g.row("Nerve/Site", "Latency (ms)", "", "Amplitude (mV)", "", "CV (m/s)", "")
    g.row("", "R", "L", "R", "L", "R", "L")
    for nerve in ("fibular", "tibial", "median"):
        g.row(f"{UP[nerve]} ({p.motor['right', nerve].recording})")
        for site, a, b in pairs(p, nerve):
            g.row(WORD[site], a["lat"], b["lat"], a["amp"], b["amp"], a["vel"], b["vel"], st=st)
    e.save_text()


def c05_groups_units() -> None:
    e = Export(
        "C",
        "c05_groups_units_row.xlsx",
        "RIGHT and LEFT merged over Lat, Amp, CV; units on a third row; nerve and site in two columns; "
        "a Normal column for the velocities at the end",
        workbook=True,
    )
    p = person("555", "cidp", "F", 58, 166, 915)
    g = e.grid("Side by side")
    st = e.study("555", "2022-11-03", 58, "F", 166)
    g.row("MRN", "555", "Age", 58, "Sex", "F", "Height", "166 cm")
    g.row("Study date", "3 Nov 2022")
    g.blank()
    g.row("Motor NCS")
    g.row("Nerve", "Site", "RIGHT", "", "", "LEFT", "", "", "Comment")
    g.merges += ["C5:E5", "F5:H5"]
    g.row("", "", "Lat", "Amp", "CV", "Lat", "Amp", "CV", "")
    g.row("", "", "ms", "mV", "m/s", "ms", "mV", "m/s", "")
    for nerve in ("median", "ulnar", "tibial"):
        for i, (site, a, b) in enumerate(pairs(p, nerve)):
            cells = (a["lat"], a["amp"], a["vel"], b["lat"], b["amp"], b["vel"])
            for c in cells:
                if isinstance(c, V):
                    c.over["recording"] = None
            g.row(UP[nerve] if not i else "", WORD[site], *cells, "slow" if nerve == "tibial" and not i else "",
                  st=st)  # fmt: skip
    e.save_book()


def c06_spanish_sides() -> None:
    e = Export(
        "C",
        "c06_derecho_izquierdo.csv",
        "Spanish: 'Lat. D (ms)', 'Lat. I (ms)', 'Dif.'; semicolon and decimal comma; sensory table apart",
    )
    p = person("ES-6", "cts", "F", 44, 161, 916)
    g = e.grid()
    g.comma = True
    st = e.study("ES-6", "2020-02-25", 44, "F", 161)
    g.row("Historia", "ES-6")
    g.row("Edad", "44 a\u00f1os")
    g.row("Sexo", "Mujer")
    g.row("Talla", "161 cm")
    g.row("Fecha", "25/02/2020")
    g.blank()
    g.row("Conducci\u00f3n motora")
    g.row("Nervio / Sitio", "Lat. D (ms)", "Lat. I (ms)", "Dif.", "Amp. D (mV)", "Amp. I (mV)", "VC D (m/s)",
          "VC I (m/s)")  # fmt: skip
    names = {"median": "Mediano", "ulnar": "Cubital"}
    words = {
        "wrist": "Mu\u00f1eca",
        "elbow": "Codo",
        "below_elbow": "Bajo codo",
        "above_elbow": "Sobre codo",
    }
    for nerve in ("median", "ulnar"):
        g.row(f"{names[nerve]} ({p.motor['right', nerve].recording})")
        for site, a, b in pairs(p, nerve):
            gap = Bad(abs((a["lat"].value or 0) - (b["lat"].value or 0)), "difference")
            g.row(
                words[site], a["lat"], b["lat"], gap, a["amp"], b["amp"], a["vel"], b["vel"], st=st
            )
    g.blank()
    g.row("Conducci\u00f3n sensitiva")
    g.row(
        "Nervio / Sitio",
        "Lat. inicio D (ms)",
        "Lat. inicio I (ms)",
        "Amp. D (\u00b5V)",
        "Amp. I (\u00b5V)",
    )
    g.row("Mediano (dedo II)")

    def skin(x: Sensory) -> tuple[V, V]:
        over = {"study": "sensory", "nerve": "median", "side": x.side, "recording": "digit_2",
                "stimulation": "wrist"}  # fmt: skip
        return V(x.onset, "onset_latency", over=over), V(x.amp, "amplitude", over=over)

    (la, aa), (lb, ab) = skin(p.sensory["right", "median_d2"]), skin(p.sensory["left", "median_d2"])
    g.row("Mu\u00f1eca", la, lb, aa, ab, st=st)
    e.save_text(";")


# ---------------------------------------------------------------- blocks


def d04_tables_beside() -> None:
    e = Export(
        "D",
        "d04_small_tables_beside.csv",
        "small tables side by side, right nerve left of the left nerve, each with its title and its "
        "own headings Site, Lat, Amp, NCV",
    )
    p = person("D-04", "une", "M", 34, 182, 917)
    g = e.grid()
    st = e.study("D-04", "2018-09-12", 34, "M", 182)
    g.row("Hospital ID", "D-04", "", "", "", "Age", "34")
    g.row("Sex", "M", "", "", "", "Height", "182 cm")
    g.row("Date", "2018-09-12")
    g.blank()
    for nerve in ("median", "ulnar", "tibial"):
        g.row(f"Right {UP[nerve]} Motor", "", "", "", "", f"Left {UP[nerve]} Motor")
        g.row(*("Site", "Lat (ms)", "Amp (mV)", "NCV (m/s)", "") * 2)
        for site, a, b in pairs(p, nerve):
            for c in (*a.values(), *b.values()):
                if isinstance(c, V):
                    c.over["recording"] = None
            g.row(
                WORD[site],
                a["lat"],
                a["amp"],
                a["vel"],
                "",
                WORD[site],
                b["lat"],
                b["amp"],
                b["vel"],
                st=st,
            )
        g.blank()
    e.save_text()


def d05_corner_titles() -> None:
    e = Export(
        "D",
        "d05_corner_titles.xlsx",
        "title in the corner of the block ('Rt Median motor'), units in the row labels, full words; two "
        "sheets, two patients; reference block at the right called 'Reference'",
        workbook=True,
    )
    for pid, kind, sex, age in (("C5-1", "gbs", "M", 41), ("C5-2", "axonal", "F", 59)):
        p = person(pid, kind, sex, age, 170, 918)
        g = e.grid(pid)
        st = e.study(pid, "2020-07-07", age, sex, 170)
        g.row("ID", pid, "", "Sex", sex)
        g.row("Age", age, "", "Height", "170 cm")
        g.row("Exam date", "7 July 2020")
        g.blank()
        for side, nerve in (("right", "median"), ("left", "ulnar"), ("right", "tibial")):
            top, *rows = block(p.motor[side, nerve], SITES[nerve], "No response")
            label = {
                "Lat": "Latency (ms)",
                "Dur": "Duration (ms)",
                "Amp": "Amplitude (mV)",
                "NCV": "Velocity (m/s)",
            }
            g.row(f"{side[0].upper()}t {UP[nerve]} motor", *top[1:], "", "Reference", st=st)
            for row in rows:
                g.row(label[row[0]], *row[1:], "", Bad(4.4, "reference column"), st=st)
            g.blank()
    e.save_book()


def d06_german_blocks() -> None:
    e = Export(
        "D",
        "d06_bloecke_deutsch.csv",
        "German blocks beside each other: 'Motorisch Medianus links', Latenz, Dauer, Amplitude, NLG; sensory "
        "blocks 'Sensibel Suralis rechts'; semicolon and decimal comma",
    )
    p = person("DE-6", "axonal", "M", 68, 177, 919)
    g = e.grid()
    g.comma = True
    st = e.study("DE-6", "2016-11-24", 68, "M", 177)
    g.row("Pat.-Nr.", "DE-6", "", "Alter", "68 J.")
    g.row("Geschlecht", "m", "", "Gr\u00f6\u00dfe", "177 cm")
    g.row("Datum", "24.11.2016")
    g.blank()
    words = {"Lat": "Latenz (ms)", "Dur": "Dauer (ms)", "Amp": "Amplitude (mV)", "NCV": "NLG (m/s)"}
    names = {"median": "Medianus", "tibial": "Tibialis"}
    tops = {"Wrist": "Handgelenk", "W-E": "Handgelenk-Ellenbeuge", "Elbow": "Ellenbeuge", "Ankle": "Kn\u00f6chel",
            "Ank-PF": "Kn\u00f6chel-Kniekehle", "PF": "Kniekehle", "": ""}  # fmt: skip
    for nerve in ("median", "tibial"):
        parts = []
        for side, word in (("left", "links"), ("right", "rechts")):
            top, *rows = block(p.motor[side, nerve], SITES[nerve], "n.a.l.")
            turned = [[words[row[0]], *row[1:]] for row in rows]
            parts.append((f"Motorisch {names[nerve]} {word}", [[tops[t] for t in top], *turned]))
        beside(g, st, parts)
        g.blank()
    g.row("Sensibel Suralis rechts")
    top, *rows = sensory_block(p, "right", "sural", "n.a.l.")
    g.row("", "Wert")
    for row in rows:
        label = {"Amp": "Amplitude (\u00b5V)"}.get(row[0], words[row[0]])
        g.row(label, *row[1:], st=st)
    e.save_text(";")


def more_b() -> None:
    b06_dots()
    b07_stim_rec()
    b08_nerve_muscle_site()


def more_c() -> None:
    c04_sides_below_measures()
    c05_groups_units()
    c06_spanish_sides()


def more_d() -> None:
    d04_tables_beside()
    d05_corner_titles()
    d06_german_blocks()
