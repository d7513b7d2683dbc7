"""Family D: block sheets, one small table per nerve, limits in a block of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .kit import Bad, Export, Grid, Odd, Study, V, absent
from .people import Motor, Person, person

SITES = {
    "median": ("wrist", "elbow", "axilla"),
    "ulnar": ("wrist", "below_elbow", "above_elbow"),
    "fibular": ("ankle", "below_fibular_head", "above_fibular_head"),
    "tibial": ("ankle", "popliteal_fossa"),
}
SHORT = {
    "wrist": ("Wrist", "W"),
    "elbow": ("Elbow", "E"),
    "axilla": ("Axilla", "Ax"),
    "below_elbow": ("BE", "BE"),
    "above_elbow": ("AE", "AE"),
    "ankle": ("Ankle", "Ank"),
    "below_fibular_head": ("FH", "FH"),
    "above_fibular_head": ("AFH", "AFH"),
    "popliteal_fossa": ("PF", "PF"),
}


def block(m: Motor, sites: tuple[str, ...], nr: str, *, merged: bool = False) -> list[list[Any]]:
    """Rows Lat, Dur, Amp, NCV across sites and segments; `merged`: segments stand for sites."""
    chain = m.chain(*sites)
    top: list[Any] = [""]
    rows: dict[str, list[Any]] = {"Lat": ["Lat"], "Dur": ["Dur"], "Amp": ["Amp"], "NCV": ["NCV"]}
    for i, s in enumerate(chain):
        over: dict[str, Any] = {"study": "motor", "nerve": m.nerve, "side": m.side,
                                "recording": None, "stimulation": s.name}  # fmt: skip
        seg = f"{SHORT[chain[i - 1].name][1]}-{SHORT[s.name][1]}"
        vel = V(s.vel, "velocity", 1, over=over) if s.vel else ""
        if i and not merged:
            top.append(seg)
            for key, cells in rows.items():
                cells.append(vel if key == "NCV" else "")
        top.append(seg if i and merged else SHORT[s.name][0])
        rows["NCV"].append(vel if merged and i else "")
        if s.absent:
            rows["Lat"].append("")
            rows["Dur"].append("")
            if i and merged:
                rows["Amp"].append(Odd(nr, "NR under a segment heading: its proximal site"))
            else:
                rows["Amp"].append(absent(nr, over=over))
            continue
        lat = V(s.lat, "proximal_latency" if i else "distal_latency", 2, over=over)
        dur = V(s.dur, "duration", 2, over=over)
        amp = V(s.amp, "amplitude", 2, over=over)
        if i and merged:
            why = "site value under a segment heading: the proximal site's, or refused"
            rows["Lat"].append(Odd(s.lat, why, 2))
            rows["Dur"].append(Odd(s.dur, why, 2))
            rows["Amp"].append(Odd(s.amp, why, 2))
        else:
            rows["Lat"].append(lat)
            rows["Dur"].append(dur)
            rows["Amp"].append(amp)
    return [top, *rows.values()]


def beside(g: Grid, st: Study, parts: list[tuple[str, list[list[Any]]]], gap: int = 1) -> None:
    """Blocks next to each other, titles above."""
    widths = [max(len(r) for r in rows) for _, rows in parts]
    title: list[Any] = []
    for (name, _), w in zip(parts, widths, strict=True):
        title += [name, *[""] * (w - 1 + gap)]
    g.row(*title)
    for i in range(max(len(rows) for _, rows in parts)):
        line: list[Any] = []
        for (_, rows), w in zip(parts, widths, strict=True):
            cells = rows[i] if i < len(rows) else []
            line += [*cells, *[""] * (w - len(cells) + gap)]
        g.row(*line, st=st)


def who(g: Grid, p: Person, date: Any) -> None:
    g.row("Hosp. ID", p.pid, "", "Age", p.age, "Sex", p.sex)
    g.row("Date", date, "", "Height", p.height)


def sensory_block(p: Person, side: str, key: str, nr: str) -> list[list[Any]]:
    x = p.sensory[side, key]
    over = {"study": "sensory", "nerve": x.nerve, "side": side, "recording": None,
            "stimulation": None}  # fmt: skip
    if x.absent:
        return [["", "Value"], ["Lat", ""], ["Amp", absent(nr, "sensory", over=over)], ["NCV", ""]]
    return [
        ["", "Value"],
        ["Lat", V(x.onset, "onset_latency", 2, over=over)],
        ["Amp", V(x.amp, "amplitude", 1, over=over)],
        ["NCV", V(x.vel, "velocity", 1, over=over)],
    ]


def d01_blocks_csv() -> None:
    e = Export(
        "D",
        "d01_blocks_below.csv",
        "a block per nerve ('Motor Median Left'), sites and segments as columns (Wrist, W-E, Elbow, "
        "E-Ax, Axilla), NCV under the segment columns only; a 'Normal limits' block after all; F "
        "values in a block 'F-wave'",
    )
    p = person("D-1001", "cidp", "M", 52, 174, 501)
    g = e.grid()
    st = e.study("D-1001", "2019-05-14", 52, "M", 174)
    who(g, p, "2019-05-14")
    g.blank()
    for side in ("left", "right"):
        for nerve in ("median", "ulnar", "tibial"):
            g.row(f"Motor {nerve.capitalize()} {side.capitalize()}")
            for row in block(p.motor[side, nerve], SITES[nerve], "NR"):
                g.row(*row, st=st)
            g.blank()
    g.row("Sensory Sural Left")
    for row in sensory_block(p, "left", "sural", "NR"):
        g.row(*row, st=st)
    g.blank()
    g.row("F-wave")
    g.row("", "Median", "Ulnar", "Tibial")
    for side in ("left", "right"):
        cells = []
        for nerve in ("median", "ulnar", "tibial"):
            f = p.f[side, nerve]
            over = {"study": "f_wave", "nerve": nerve, "side": side}
            cells.append(V(f.minimum, "minimal_f_latency", over=over))
        g.row(side.capitalize(), *cells, st=st)
    g.blank()
    g.row("Normal limits")
    g.row("", "Median", "Ulnar", "Tibial")
    why = "limits block"
    g.row("Lat", Bad(4.4, why), Bad(3.3, why), Bad(5.8, why))
    g.row("Amp", Bad(4.0, why), Bad(6.0, why), Bad(4.0, why))
    g.row("NCV", Bad(49.0, why), Bad(49.0, why), Bad(41.0, why))
    g.row("F-wave", Bad(31.0, why), Bad(32.0, why), Bad(56.0, why))
    for r in st.readings:
        lim = {"distal_latency": "upper", "amplitude": "lower", "velocity": "lower",
               "minimal_f_latency": "upper"}.get(r["measure"])  # fmt: skip
        table = {
            "median": {"distal_latency": 4.4, "amplitude": 4.0, "velocity": 49.0,
                       "minimal_f_latency": 31.0},
            "ulnar": {"distal_latency": 3.3, "amplitude": 6.0, "velocity": 49.0,
                      "minimal_f_latency": 32.0},
            "tibial": {"distal_latency": 5.8, "amplitude": 4.0, "velocity": 41.0,
                       "minimal_f_latency": 56.0},
        }  # fmt: skip
        if lim and r["nerve"] in table:
            r["accept"] = {lim: [None, table[r["nerve"]][r["measure"]]]}
    e.assumed.append("limits of the block may be attached or left out")
    e.assumed.append("no units printed: ms, m/s, Amp in mV (motor) and uV (sensory)")
    e.save_text()


def d02_segment_columns() -> None:
    e = Export(
        "D",
        "d02_segment_columns.xlsx",
        "columns Wrist, W-E, E-Ax as the README shows: only the velocity is surely of the segment, "
        "latency and amplitude under W-E are of the elbow or nothing; left and right blocks side "
        "by side; one patient a sheet, an empty form as last sheet",
        workbook=True,
    )
    for pid, kind, sex, age in (("B1", "gbs", "F", 45), ("B2", "axonal_severe", "M", 68)):
        p = person(pid, kind, sex, age, 169, 502)
        g = e.grid(f"pt {pid}")
        st = e.study(pid, "2018-02-20", age, sex, 169)
        who(g, p, datetime(2018, 2, 20))
        g.formats[2, 2] = "yyyy.mm.dd"
        g.blank()
        for nerve in ("median", "ulnar", "fibular", "tibial"):
            parts = [
                (f"Motor {nerve.capitalize()} {side.capitalize()}",
                 block(p.motor[side, nerve], SITES[nerve], "NR", merged=True))
                for side in ("left", "right")
            ]  # fmt: skip
            beside(g, st, parts)
            g.blank()
    e.assumed.append("no units printed: ms, m/s, Amp in mV")
    form = e.grid("form")
    form.row("Hosp. ID", "", "", "Age", "", "Sex")
    form.row("Motor Median Left", "", "", "", "Motor Median Right")
    form.row("", "Wrist", "W-E", "E-Ax", "", "", "Wrist", "W-E", "E-Ax")
    for x in ("Lat", "Dur", "Amp", "NCV"):
        form.row(x, "", "", "", "", x)
    e.save_book()


def d03_blocks_with_limits() -> None:
    e = Export(
        "D",
        "d03_limits_second_block.xlsx",
        "measured blocks left, 'ULN/LLN' blocks with the same titles right of them on the same "
        "rows, a percent block ('% of LLN') further right; sensory blocks below; FH and PF columns",
        workbook=True,
    )
    p = person("LB-9", "axonal", "F", 60, 155, 503)
    g = e.grid("NCS")
    st = e.study("LB-9", "2022-06-08", 60, "F", 155)
    who(g, p, datetime(2022, 6, 8))
    g.blank()
    why, pct = "limits block", "percent block"
    lims = {"fibular": (6.5, 2.0, 44.0), "tibial": (5.8, 4.0, 41.0), "ulnar": (3.3, 6.0, 49.0)}
    g.row("MEASURED", "", "", "", "", "", "", "NORMAL LIMITS", "", "", "% OF LIMIT")
    for side in ("left", "right"):
        for nerve, (dml, amp, vel) in lims.items():
            rows = block(p.motor[side, nerve], SITES[nerve], "NR")
            chain = p.motor[side, nerve].chain(*SITES[nerve])
            title = f"Motor {nerve.capitalize()} {side.capitalize()}"
            limit = [["", "Limit"], ["Lat", Bad(dml, why)], ["Dur", ""], ["Amp", Bad(amp, why)],
                     ["NCV", Bad(vel, why)]]  # fmt: skip
            a = chain[0]
            assert a.lat and a.amp and chain[1].vel
            share = [["", "%"], ["Lat", Bad(100 * a.lat / dml, pct)], ["Dur", ""],
                     ["Amp", Bad(100 * a.amp / amp, pct)],
                     ["NCV", Bad(100 * chain[1].vel / vel, pct)]]  # fmt: skip
            wide = max(len(r) for r in rows)
            for r in rows:
                r += [""] * (6 - wide)
            beside(g, st, [(title, rows), (title, limit), (title, share)])
            g.blank()
            for r in st.readings:
                if r["nerve"] == nerve and r["side"] == side:
                    key = {"distal_latency": ("upper", dml), "amplitude": ("lower", amp),
                           "velocity": ("lower", vel)}.get(r["measure"])  # fmt: skip
                    if key:
                        r["accept"] = {key[0]: [None, key[1]]}
    g.row("Sensory Sural Left")
    for row in sensory_block(p, "left", "sural", "NR"):
        g.row(*row, st=st)
    e.assumed.append("no units printed: ms, m/s, Amp in mV (motor) and uV (sensory)")
    e.save_book()


def family_d() -> None:
    d01_blocks_csv()
    d02_segment_columns()
    d03_blocks_with_limits()
    from .family_bcd2 import more_d  # the second part uses this family's helpers

    more_d()
