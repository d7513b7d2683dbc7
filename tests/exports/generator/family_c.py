"""Family C: left and right next to each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .kit import Bad, Export, Odd, V, absent
from .people import Motor, Person, Site, person

UP = {"median": "Median", "ulnar": "Ulnar", "fibular": "Peroneal", "tibial": "Tibial"}
WORD = {
    "wrist": "Wrist",
    "elbow": "Elbow",
    "below_elbow": "B.Elbow",
    "above_elbow": "A.Elbow",
    "ankle": "Ankle",
    "below_fibular_head": "B.Fib.Head",
    "above_fibular_head": "A.Fib.Head",
    "popliteal_fossa": "Pop.Fossa",
}
SITES = {
    "median": ("wrist", "elbow"),
    "ulnar": ("wrist", "below_elbow", "above_elbow"),
    "fibular": ("ankle", "below_fibular_head", "above_fibular_head"),
    "tibial": ("ankle", "popliteal_fossa"),
}


def half(m: Motor, site: Site, first: bool, nr: str) -> dict[str, Any]:
    """lat, amp, vel of one side, each with its own context."""
    over = {"study": "motor", "nerve": m.nerve, "side": m.side, "recording": m.recording,
            "stimulation": site.name}  # fmt: skip
    if site.absent:
        return {"lat": nr, "amp": absent(nr, over=over), "vel": "", "dist": ""}
    return {
        "lat": V(site.lat, "distal_latency" if first else "proximal_latency", over=over),
        "amp": V(site.amp, "amplitude", over=over),
        "dur": V(site.dur, "duration", 1, over=over),
        "vel": V(site.vel, "velocity", 0, over=over) if site.vel else "",
        "dist": V(float(site.dist), "distance", 0, over=over) if site.vel else "",
    }


def sens(p: Person, side: str, key: str, nr: str) -> dict[str, Any]:
    x = p.sensory[side, key]
    over: dict[str, Any] = {"study": "sensory", "nerve": x.nerve, "side": side,
                            "recording": x.recording, "stimulation": x.stimulation}  # fmt: skip
    if x.recording == "ankle":
        over["accept"] = {"recording": [None, "ankle", "lateral_malleolus"]}
    if x.absent:
        return {"lat": nr, "amp": absent(nr, "sensory", over=over), "vel": "", "peak": nr}
    return {
        "lat": V(x.onset, "onset_latency", over=over),
        "peak": V(x.peak, "peak_latency", over=over),
        "amp": V(x.amp, "amplitude", over=over),
        "vel": V(x.vel, "velocity", 0, over=over),
    }


def diff(a: Any, b: Any, why: str, percent: bool = False) -> Any:
    if not (isinstance(a, V) and isinstance(b, V) and a.value and b.value):
        return ""
    gap = abs(a.value - b.value)
    return Bad(100 * gap / max(a.value, b.value) if percent else gap, why)


def c01_left_right_two_headers() -> None:
    e = Export(
        "C",
        "c01_left_right_two_headers.csv",
        "Left and Right over LatOn, B-PAmp, CV; a difference group at the end; nerve rows and site "
        "rows; the F-wave summary table apart, also side by side; NR per side",
    )
    p = person("SS-01", "axonal_severe", "F", 63, 161, 401)
    g = e.grid()
    st = e.study("SS-01", "2020-11-30", 63, "F", 161)
    g.row("Patient ID:", "SS-01", "", "Age:", "63 yrs")
    g.row("Sex:", "F", "", "Height:", "161 cm")
    g.row("Test date:", "30-Nov-2020")
    g.blank()
    g.row("Motor Nerve Study Side-to-Side")
    g.row("", "Left", "", "", "Right", "", "", "Difference")
    g.row("Nerve/Site", "LatOn (ms)", "B-PAmp (mV)", "CV (m/s)", "LatOn (ms)", "B-PAmp (mV)",
          "CV (m/s)", "LatOn (ms)", "B-PAmp (%)", "CV (m/s)")  # fmt: skip
    for nerve in ("median", "ulnar", "fibular", "tibial"):
        lm, rm = (p.motor[x, nerve] for x in ("left", "right"))
        g.row(f"{UP[nerve]} ({lm.recording})")
        for i, (a, b) in enumerate(zip(lm.chain(*SITES[nerve]), rm.chain(*SITES[nerve]),
                                       strict=True)):  # fmt: skip
            x, y = half(lm, a, i == 0, "NR"), half(rm, b, i == 0, "NR")
            why = "side-to-side difference"
            g.row(WORD[a.name], x["lat"], x["amp"], x["vel"], y["lat"], y["amp"], y["vel"],
                  diff(x["lat"], y["lat"], why), diff(x["amp"], y["amp"], why, True),
                  diff(x["vel"], y["vel"], why), st=st)  # fmt: skip
    g.blank()
    g.row("Sensory Nerve Study Side-to-Side")
    g.row("", "Left", "", "", "Right", "", "", "Difference")
    g.row("Nerve/Site", "LatOn (ms)", "B-PAmp (uV)", "CV (m/s)", "LatOn (ms)", "B-PAmp (uV)",
          "CV (m/s)", "LatOn (ms)", "B-PAmp (%)", "CV (m/s)")  # fmt: skip
    for key, name, site in (("median_d2", "Median (2nd digit)", "Wrist"), ("sural", "Sural (ankle)",
                            "Calf")):  # fmt: skip
        g.row(name)
        x, y = sens(p, "left", key, "NR"), sens(p, "right", key, "NR")
        why = "side-to-side difference"
        g.row(site, x["lat"], x["amp"], x["vel"], y["lat"], y["amp"], y["vel"],
              diff(x["lat"], y["lat"], why), diff(x["amp"], y["amp"], why, True), st=st)  # fmt: skip
    g.blank()
    g.row("FWave Summary Table")
    g.row("Nerve", "L F-Min (ms)", "R F-Min (ms)", "L-R (ms)", "Normal")
    for nerve, lim in (("tibial", 56.0), ("ulnar", 32.0)):
        fl, fr = p.f["left", nerve], p.f["right", nerve]
        cells = [
            V(f.minimum, "minimal_f_latency", upper=lim,
              over={"study": "f_wave", "nerve": nerve, "side": f.side, "recording": f.recording})
            for f in (fl, fr)
        ]  # fmt: skip
        for c in cells:
            c.accept = {"upper": [lim, None]}
        g.row(f"{UP[nerve]} ({fl.recording})", *cells, diff(*cells, "difference"), f"<{lim}", st=st)
    e.save_text()


def c02_cadwell_comparison() -> None:
    e = Export(
        "C",
        "c02_left_right_comparison.xlsx",
        "only the Left/Right Comparison table was exported: L Lat, R Lat, L-R Lat, L Amp, R Amp, "
        "L-R Amp (%), Site1, Site2, L Vel, R Vel, L-R Vel; velocities stand on the distal row and "
        "belong to Site1; merged sheet title; percentages as real Excel percents",
        workbook=True,
    )
    p = person("99-817", "une", "M", 49, 183, 402)
    g = e.grid("Comparison")
    st = e.study("99-817", "2024-09-16", 49, "M", 183)
    g.row("Left/Right Comparison")
    g.merges.append("A1:K1")
    g.row("ID#:", "99-817", "", "Age:", "49", "", "Sex:", "M", "", "Height:", "183 cm")
    g.row("Exam Date:", datetime(2024, 9, 16))
    g.blank()
    g.row("Site", "L Lat (ms)", "R Lat (ms)", "L-R Lat (ms)", "L Amp (mV)", "R Amp (mV)",
          "L-R Amp (%)", "Site1", "Site2", "L Vel (m/s)", "R Vel (m/s)", "L-R Vel (m/s)")  # fmt: skip
    why = "difference"
    for nerve in ("ulnar", "median", "tibial"):
        lm, rm = (p.motor[x, nerve] for x in ("left", "right"))
        g.row(f"{UP[nerve]} Motor ({lm.recording})")
        la, ra = lm.chain(*SITES[nerve]), rm.chain(*SITES[nerve])
        for i, (a, b) in enumerate(zip(la, ra, strict=True)):
            x, y = half(lm, a, i == 0, "NR"), half(rm, b, i == 0, "NR")
            cells: list[Any] = [WORD[a.name], x["lat"], y["lat"], diff(x["lat"], y["lat"], why),
                                x["amp"], y["amp"]]  # fmt: skip
            assert a.amp and b.amp
            share = round(abs(a.amp - b.amp) / max(a.amp, b.amp), 3)
            cells.append(Bad(share, "difference in percent", 3))
            if i + 1 < len(la):
                u, v = half(lm, la[i + 1], False, "")["vel"], half(rm, ra[i + 1], False, "")["vel"]
                cells += [WORD[la[i + 1].name], WORD[a.name], u, v, diff(u, v, why)]
            r = g.row(*cells, st=st)
            g.formats[r, 7] = "0.0%"
    e.save_book()


def c03_mirrored_blocks() -> None:
    e = Export(
        "C",
        "c03_mirrored_blocks.xlsx",
        "RIGHT block left of the nerve column, LEFT block right of it, columns mirrored (CV, Amp, "
        "Lat | nerve | Lat, Amp, CV); merged group headings; an empty gap column; sensory rows in "
        "the same table with \u00b5V said only in the row ('Sural (\u00b5V)')",
        workbook=True,
    )
    p = person("MIR 3", "cmt1", "F", 19, 167, 403)
    g = e.grid("EMG")
    st = e.study("MIR 3", "2023-10-11", 19, "F")
    g.row("Patient ID", "MIR 3", "", "Date", "2023-10-11", "Age", 19, "Sex", "F")
    g.blank()
    g.row("RIGHT", "", "", "", "Nerve / site", "LEFT", "", "")
    g.merges += ["A3:C3", "F3:H3"]
    g.row("NCV m/s", "Amp mV", "Lat ms", "", "", "Lat ms", "Amp mV", "NCV m/s")
    for nerve in ("median", "ulnar", "tibial"):
        lm, rm = (p.motor[x, nerve] for x in ("left", "right"))
        g.row("", "", "", "", f"{UP[nerve]} motor - {lm.recording}")
        for i, (a, b) in enumerate(zip(lm.chain(*SITES[nerve]), rm.chain(*SITES[nerve]),
                                       strict=True)):  # fmt: skip
            x, y = half(lm, a, i == 0, "NR"), half(rm, b, i == 0, "NR")
            g.row(y["vel"], y["amp"], y["lat"], "", WORD[a.name], x["lat"], x["amp"], x["vel"],
                  st=st)  # fmt: skip
    x, y = sens(p, "left", "median_d2", "NR"), sens(p, "right", "median_d2", "NR")
    g.row("", "", "", "", "Median sensory (\u00b5V) - digit 2")
    for cell in (x["amp"], y["amp"]):
        cell.accept = {}
    why = (
        "\u00b5V said in the nerve row, mV in the column heading: \u00b5V with an issue, or refused"
    )
    r = g.row(y["vel"], Odd(y["amp"].value, why), y["lat"], "", "Wrist", x["lat"],
              Odd(x["amp"].value, why), x["vel"], st=st)  # fmt: skip
    e.issue("warning", "SNAP under a mV heading", r, sheet="EMG", unsure=True)
    for v in (x, y):
        e.forbidden.append({"measure": "amplitude", "value": round(v["amp"].value * 1000, 1)})
    e.exit_accept = [0, 1]
    e.save_book()


def family_c() -> None:
    c01_left_right_two_headers()
    c02_cadwell_comparison()
    c03_mirrored_blocks()
    from .family_bcd2 import more_c  # the second part uses this family's helpers

    more_c()
