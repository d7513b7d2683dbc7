"""Family B: nerve and site in one cell, or nerve rows with a segments column (Natus, Keypoint)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .kit import Bad, Export, Odd, V, absent
from .people import Sensory, person
from .tables import Style, f_cells, motor_cells, sensory_cells, write

ULNAR = ("wrist", "below_elbow", "above_elbow")
FIB = ("ankle", "below_fibular_head", "above_fibular_head")
TIB = ("ankle", "popliteal_fossa")
ARM = ("wrist", "elbow")


def sites_of(nerve: str) -> tuple[str, ...]:
    return {"median": ARM, "ulnar": ULNAR, "fibular": FIB, "tibial": TIB}[nerve]


def ortho(s: Sensory) -> dict[str, Any]:
    """The same response recorded the other way round."""
    return {"recording": s.stimulation, "stimulation": s.recording}


def b01_nerve_site_one_cell() -> None:
    e = Export(
        "B",
        "b01_nerve_site_one_cell.csv",
        "'R Median - Wrist' in one cell; 'Rel Amp %' beside the amplitude; orthodromic sensory "
        "('R Median - Dig II', Rec. Site Wrist); key and value pairs twice in a row in the block; "
        "d/m/y date with an a.m. time",
    )
    p = person("26-0917", "cts", "F", 75, 157, 301)
    g = e.grid()
    st = e.study("26-0917", "2023-05-18", 74, "F", None)
    st.accept = {"age_years": [74, 74.4, 74.41, 74.42]}
    s = Style(dist_cm=False, nr_in="amp", limits=False, distal_distance=True, sensory_vel="onset")
    g.row("Full Name:", "Doris TESTCASE", "Gender:", "Female")
    g.row("Patient ID:", "26-0917", "Date of Birth:", "19/12/1948")
    g.row("Visit Date:", "18/05/2023 10:40 AM", "Examining Physician:", "L. Invented")
    g.row("Patient History:", "?Carpal tunnel syndrome R>L, 3 months")
    g.blank()
    g.row("Motor Nerve Conduction")
    head = {
        "site": "Nerve / Sites",
        "muscle": "Muscle",
        "lat": "Latency ms",
        "amp": "Amplitude mV",
        "rel": "Rel Amp %",
        "dur": "Duration ms",
        "dist": "Distance mm",
        "vel": "Velocity m/s",
    }
    g.row(*head.values())
    for side, nerve in (("right", "median"), ("left", "median"), ("right", "ulnar")):
        for ctx, c in motor_cells(g, p.motor[side, nerve], sites_of(nerve), s):
            c["muscle"] = ctx["recording"]
            c["site"] = f"{side[0].upper()} {s.nerves[nerve]} - {c['site']}"
            write(g, st, ctx, c, head)
    g.blank()
    g.row("Sensory Nerve Conduction")
    shead = {
        "site": "Nerve / Sites",
        "rec": "Rec. Site",
        "onset": "Onset Lat ms",
        "peak": "Peak Lat ms",
        "amp": "Amp. \u00b5V",
        "dist": "Distance mm",
        "vel": "Velocity m/s",
    }
    g.row(*shead.values())
    for side, key, finger in (
        ("right", "median_d2", "Dig II"),
        ("left", "median_d2", "Dig II"),
        ("right", "ulnar_d5", "Dig V"),
    ):
        x = p.sensory[side, key]
        ctx, c = sensory_cells(g, x, s)
        c |= {"site": f"{side[0].upper()} {s.nerves[x.nerve]} - {finger}", "rec": "Wrist"}
        ctx |= ortho(x)
        write(g, st, ctx, c, shead)
    g.blank()
    g.row("F Wave")
    g.row("Nerve", "Fmin ms", "Fmax ms", "Mean F ms", "F %")
    for nerve in ("median", "ulnar"):
        ctx, c = f_cells(g, p.f["right", nerve], s)
        label = f"R {s.nerves[nerve]} - {p.f['right', nerve].recording}"
        ctx["stimulation"] = None
        write(g, st, ctx, c, ("site", "min", "max", "mean", "pers"), site=label)
    e.save_text(width=False)


def b02_viking_segments() -> None:
    e = Export(
        "B",
        "b02_viking_segments.xlsx",
        "nerve row 'R Median - APB', sites below, units on a second header row, a Segments column "
        "with its own rows ('Wrist - APB', 'Elbow - Wrist') so that a row is about two things; "
        "two columns called Ref., 'Lat Diff', 'Amp %'",
        workbook=True,
    )
    p = person("40-2210", "axonal_severe", "M", 67, 178, 302)
    g = e.grid("MNC SNC")
    st = e.study("40-2210", "2024-02-07", 67, "M", 178)
    s = Style(dist_cm=False, nr_in="lat", distal_distance=True, sensory_vel="onset")
    s.words = {**s.words, "above_fibular_head": ("Above fib head", "above_fibular_head"),
               "below_fibular_head": "Below fib head", "popliteal_fossa": "Popliteal fossa"}  # fmt: skip
    g.row("Patient ID", "40-2210", "", "Age", 67)
    g.row("Gender", "Male", "", "Height (cm)", 178)
    g.row("Test Date", datetime(2024, 2, 7))
    g.formats[3, 2] = "mm/dd/yy"
    g.blank()
    g.row("MNC")
    keys = ("site", "lat", "lat_lim", "amp", "amp_lim", "rel", "dur", "segment", "dist", "delta",
            "vel", "vel_lim")  # fmt: skip
    g.row("Nerve / Sites", "Latency", "Ref.", "Amplitude", "Ref.", "Amp %", "Duration", "Segments",
          "Distance", "Lat Diff", "Velocity", "Ref.")  # fmt: skip
    g.row("", "ms", "ms", "mV", "mV", "%", "ms", "", "mm", "ms", "m/s", "m/s")
    for side, nerve in (
        ("right", "fibular"),
        ("right", "tibial"),
        ("right", "median"),
        ("right", "ulnar"),
    ):
        m = p.motor[side, nerve]
        g.row(f"{side[0].upper()} {s.nerves[nerve]} - {m.recording}")
        chain = m.chain(*sites_of(nerve))
        for i, (ctx, c) in enumerate(motor_cells(g, m, sites_of(nerve), s)):
            below = s.word(chain[i - 1].name) if i else m.recording
            c["segment"] = f"{s.word(chain[i].name)} - {below}"
            write(g, st, ctx, c, keys)
        g.blank()
    g.row("SNC")
    g.row("Nerve / Sites", "Rec. Site", "Onset Lat", "Peak Lat", "Ref.", "NP Amp", "Ref.",
          "Segments", "Distance", "Velocity", "Ref.")  # fmt: skip
    g.row("", "", "ms", "ms", "ms", "\u00b5V", "\u00b5V", "", "mm", "m/s", "m/s")
    s.sensory_amp, s.nr_in = "bp", "amp"
    for side, key in (("right", "sural"), ("right", "sradial"), ("right", "ulnar_d5")):
        x = p.sensory[side, key]
        word = {"sural": "Ankle", "sradial": "Snuffbox", "ulnar_d5": "Dig V"}[key]
        g.row(f"{side[0].upper()} {s.nerves[x.nerve]} - {word}")
        ctx, c = sensory_cells(g, x, s)
        if "onset" in c:
            c["onset"].upper = None
        c |= {"rec": word, "segment": f"{c['site']} - {word}"}
        write(g, st, ctx, c, ("site", "rec", "onset", "peak", "peak_lim", "amp", "amp_lim",
              "segment", "dist", "vel", "vel_lim"))  # fmt: skip
        g.blank()
    e.save_book()


def b03_keypoint_semicolon() -> None:
    e = Export(
        "B",
        "b03_keypoint_semicolon.csv",
        "Keypoint: 'Medianus Motor Right / Wrist' with Latin nerve names, 'Peroneus', 'Suralis'; "
        "semicolon and decimal comma; a column 'Dev. (SD)' and one 'CV%'; nerves separated by rows "
        "of dashes; U+03BC",
    )
    p = person("K-5512", "foot_drop", "F", 33, 170, 303)
    g = e.grid()
    g.comma = True
    st = e.study("K-5512", "2022-09-26", 33, "F", 170)
    s = Style(dist_cm=False, nr_in="amp", limits=False, distal_distance=True, sensory_vel="onset")
    s.words = {**s.words, "below_fibular_head": "Below fibula head",
               "above_fibular_head": ("Above fibula head", "above_fibular_head"),
               "popliteal_fossa": "Popliteal fossa"}  # fmt: skip
    latin = {"median": "Medianus", "ulnar": "Ulnaris", "fibular": "Peroneus", "tibial": "Tibialis",
             "sural": "Suralis", "superficial_fibular": "Peroneus superficialis"}  # fmt: skip
    g.row("Patient-ID", "K-5512")
    g.row("Age", "33 years")
    g.row("Sex", "Female")
    g.row("Height", "170 cm")
    g.row("Date of test", "26.09.2022")
    g.blank()
    keys = ("site", "muscle", "lat", "dev", "amp", "dur", "dist", "vel", "cvp")
    g.row("Nerve/Stimulation", "Recording", "Lat (ms)", "Dev. (SD)", "Amp (mV)", "Dur (ms)",
          "Dist (mm)", "CV (m/s)", "CV%")  # fmt: skip
    for side, nerve in (("left", "fibular"), ("right", "fibular"), ("left", "tibial")):
        m = p.motor[side, nerve]
        for i, (ctx, c) in enumerate(motor_cells(g, m, sites_of(nerve), s)):
            c |= {"muscle": m.recording, "dev": Bad(0.4 * i - 0.7, "deviation in SD")}
            c["site"] = f"{latin[nerve]} Motor {side.capitalize()} / {c['site']}"
            if i:
                c["cvp"] = Bad(97 - 20 * i, "percent of the mean velocity")
            write(g, st, ctx, c, keys)
        g.row(*["-----"] * 9)
    g.blank()
    keys = ("site", "rec", "onset", "peak", "amp", "dist", "vel")
    g.row("Nerve/Stimulation", "Recording", "Lat (ms)", "Peak (ms)", "Amp (\u03bcV)", "Dist (mm)",
          "CV (m/s)")  # fmt: skip
    for side, key in (("left", "sfibular"), ("right", "sfibular"), ("left", "sural")):
        x = p.sensory[side, key]
        ctx, c = sensory_cells(g, x, s)
        c["site"] = f"{latin[x.nerve]} Sensory {side.capitalize()} / {c['site']}"
        c["rec"] = "Ankle"
        if key == "sural":
            for k in ("onset", "peak", "amp", "dist", "vel"):
                c[k].dec = max(c[k].dec, 1) if k != "dist" else 0
        write(g, st, ctx, c, keys)
    e.save_text(";")


def b04_neurosoft() -> None:
    e = Export(
        "B",
        "b04_neurosoft_tab.txt",
        "Neurosoft: nerve row 'right, Abductor pollicis brevis, Medianus, C8 T1', sites '1. wrist', "
        "'2. elbow'; columns Stim., mA and Stim., ms (not latencies), Time, ms (a difference), "
        "Norm. vel. and Dev., %; F-wave table with 'Blocks, %'",
    )
    p = person("N 301", "gbs", "M", 28, 182, 304)
    g = e.grid()
    st = e.study("N 301", "2021-12-13", 28, "M", 182)
    s = Style(dist_cm=False, nr_in="amp", limits=False, dur_dec=1)
    muscles = {"median": "Abductor pollicis brevis, Medianus, C8 T1",
               "ulnar": "Abductor digiti minimi, Ulnaris, C8 T1",
               "tibial": "Abductor hallucis, Tibialis, L4 L5 S1",
               "fibular": "Extensor digitorum brevis, Peroneus, L4 L5 S1"}  # fmt: skip
    words = {"wrist": "wrist", "elbow": "elbow", "below_elbow": "below elbow", "above_elbow":
             "above elbow", "ankle": "ankle", "popliteal_fossa": "popliteal fossa",
             "below_fibular_head": "fibular head"}  # fmt: skip
    s.words = {**s.words, **words}
    g.row("Patient ID:", "N 301")
    g.row("Age:", "28 years")
    g.row("Sex:", "male")
    g.row("Height, cm:", "182")
    g.row("Visit date:", "13.12.2021")
    g.blank()
    g.row("Motor nerve conduction")
    keys = ("site", "lat", "amp", "dur", "area", "ma", "ms", "dist", "delta", "vel", "nv", "dev")
    g.row("Site", "Lat., ms", "Ampl., mV", "Dur., ms", "Area, mV\u00d7ms", "Stim., mA", "Stim., ms",
          "Dist., mm", "Time, ms", "Vel., m/s", "Norm. vel., m/s", "Dev. vel., %")  # fmt: skip
    for side, nerve in (("right", "median"), ("right", "ulnar"), ("left", "tibial"),
                        ("left", "fibular")):  # fmt: skip
        m = p.motor[side, nerve]
        sites = ("ankle", "below_fibular_head") if nerve == "fibular" else sites_of(nerve)
        g.row(f"{side}, {muscles[nerve]}")
        for i, (ctx, c) in enumerate(motor_cells(g, m, sites, s)):
            c["site"] = f"{i + 1}. {c['site']}"
            c |= {"ma": Bad(30 + 10 * i, "stimulus strength"), "ms": Bad(0.2, "stimulus width")}
            if i:
                low = 50.0 if nerve in ("median", "ulnar") else 40.0
                c["vel"].lower = low
                c["nv"] = f"{low:.0f}"
                assert isinstance(c["vel"].value, float)
                c["dev"] = Bad(100 * (c["vel"].value / low - 1), "deviation in percent")
            write(g, st, ctx, c, keys)
    e.assumed.append("'fibular head' alone is below_fibular_head; bare 'Norm. vel.' 50 is a limit")
    for r in st.readings:
        if r["measure"] == "velocity":
            r["accept"] = {"lower": [r["lower"], None]}
    g.blank()
    g.row("F-wave")
    g.row("Test", "F lat. min., ms", "F lat. mean, ms", "F lat. max., ms", "Blocks, %",
          "F vel. max., m/s", "M lat., ms")  # fmt: skip
    for side, nerve in (("right", "median"), ("left", "tibial")):
        ctx, c = f_cells(g, p.f[side, nerve], s, zero_persistence=False)
        label = f"{side}, {muscles[nerve]}"
        ctx["stimulation"] = None
        c.pop("pers", None)
        pers = p.f[side, nerve].persistence
        c["blocks"] = Odd(100 - pers, "F blocks: 100 - persistence, or left out")
        if p.f[side, nerve].minimum:
            c["fv"] = Bad(44.1, "F velocity")
        write(g, st, ctx, c, ("site", "min", "mean", "max", "blocks", "fv", "m"), site=label)
    e.save_text("\t")


def b05_units_in_cells() -> None:
    e = Export(
        "B",
        "b05_units_in_cells.csv",
        "one table for motor and sensory, units inside the value cells ('3.6 ms', '8.1mV', '24 "
        "\u00b5V', '225 mm', '54 m/s'); nerve, side and kind in one cell ('Lt. Median (M) Wrist->APB')",
    )
    p = person("U77", "normal", "M", 40, 176, 305)
    g = e.grid()
    st = e.study("U77", "2023-08-03", 40, "M", 176)
    g.row("ID: U77")
    g.row("Date: 2023-08-03")
    g.row("Age: 40 years; Sex: M; Height: 176 cm")
    st.accept = {"age_years": [40, None], "sex": ["M", None], "height_cm": [176, None]}
    g.blank()
    g.row("Study", "Latency", "Amplitude", "Distance", "Velocity")
    abbr = {"left": "Lt.", "right": "Rt."}

    def v(value: float | None, measure: str, unit: str, dec: int = 1, **kw: Any) -> V:
        assert value is not None
        return V(round(value, dec), measure, dec, text=f"{value:.{dec}f}{unit}", **kw)

    for side, nerve in (("left", "median"), ("left", "ulnar"), ("right", "tibial")):
        m = p.motor[side, nerve]
        s = Style(nr_in="amp", limits=False)
        chain = m.chain(*(("wrist", "below_elbow") if nerve == "ulnar" else sites_of(nerve)))
        for i, site in enumerate(chain):
            label = f"{abbr[side]} {s.nerves[nerve]} (M) {s.word(site.name)}->{m.recording}"
            g.row(
                label,
                v(site.lat, "proximal_latency" if i else "distal_latency", " ms"),
                v(site.amp, "amplitude", "mV"),
                v(float(site.dist), "distance", " mm", 0),
                v(site.vel, "velocity", " m/s", 0) if site.vel else "",
                st=st,
                study="motor",
                nerve=nerve,
                side=side,
                recording=m.recording,
                stimulation=site.name,
            )
    for side, key in (("left", "sural"), ("right", "sural")):
        x = p.sensory[side, key]
        g.row(
            f"{abbr[side]} Sural (S) Calf->Ankle",
            v(x.onset, "onset_latency", " ms"),
            v(x.amp, "amplitude", " \u00b5V"),
            v(float(x.dist), "distance", " mm", 0),
            v(x.vel, "velocity", " m/s", 0),
            st=st,
            study="sensory",
            nerve="sural",
            side=side,
            recording="ankle",
            stimulation="calf",
        )
    g.row("Lt. Sup. Peroneal (S) Leg->Ankle", "NR", absent("NR", "sensory"), "", "", st=st,
          study="sensory", nerve="superficial_fibular", side="left", recording="ankle",
          stimulation="leg")  # fmt: skip
    e.assumed.append("sensory latency without label: onset, because distance / velocity agrees")
    e.save_text()


def family_b() -> None:
    b01_nerve_site_one_cell()
    b02_viking_segments()
    b03_keypoint_semicolon()
    b04_neurosoft()
    b05_units_in_cells()
    from .family_bcd2 import more_b  # the second part uses this family's helpers

    more_b()
