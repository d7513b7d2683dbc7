"""Family G: long lists, one parameter a row."""

from __future__ import annotations

from typing import Any

from .kit import Bad, Export, Study, V, absent
from .people import Person, person

SITES = {
    "median": ("wrist", "elbow"),
    "ulnar": ("wrist", "below_elbow", "above_elbow"),
    "fibular": ("ankle", "below_fibular_head"),
    "tibial": ("ankle", "popliteal_fossa"),
}

Item = tuple[str, str, str, str, str, Any, dict[str, Any]]  # study side nerve measure site V ctx


def items(p: Person, nerves: list[tuple[str, str]], keys: list[tuple[str, str]], nr: str,
          recording: bool = False) -> list[Item]:  # fmt: skip
    """Every reading of the chosen nerves, one by one."""
    out: list[Item] = []
    for side, nerve in nerves:
        m = p.motor[side, nerve]
        for i, s in enumerate(m.chain(*SITES[nerve])):
            ctx: dict[str, Any] = {"study": "motor", "nerve": nerve, "side": side,
                                   "recording": m.recording if recording else None,
                                   "stimulation": s.name}  # fmt: skip
            if s.absent:
                out.append(("motor", side, nerve, "amp", s.name, absent(nr), ctx))
                continue
            lat = "proximal_latency" if i else "distal_latency"
            out.append(("motor", side, nerve, "lat", s.name, V(s.lat, lat), ctx))
            out.append(("motor", side, nerve, "amp", s.name, V(s.amp, "amplitude"), ctx))
            out.append(("motor", side, nerve, "dur", s.name, V(s.dur, "duration"), ctx))
            if s.vel:
                out.append(("motor", side, nerve, "vel", s.name, V(s.vel, "velocity", 0), ctx))
    for side, key in keys:
        x = p.sensory[side, key]
        ctx = {"study": "sensory", "nerve": x.nerve, "side": side, "recording": None,
               "stimulation": None}  # fmt: skip
        if x.absent:
            out.append(("sensory", side, x.nerve, "amp", "", absent(nr, "sensory"), ctx))
            continue
        out.append(("sensory", side, x.nerve, "lat", "", V(x.onset, "onset_latency"), ctx))
        out.append(("sensory", side, x.nerve, "peak", "", V(x.peak, "peak_latency"), ctx))
        out.append(("sensory", side, x.nerve, "amp", "", V(x.amp, "amplitude"), ctx))
        out.append(("sensory", side, x.nerve, "vel", "", V(x.vel, "velocity", 0), ctx))
    return out


def f_items(p: Person, nerves: list[tuple[str, str]], nr: str) -> list[Item]:
    out: list[Item] = []
    for side, nerve in nerves:
        f = p.f[side, nerve]
        ctx = {"study": "f_wave", "nerve": nerve, "side": side}
        cell = absent(nr, "f_wave") if f.minimum is None else V(f.minimum, "minimal_f_latency")
        out.append(("f_wave", side, nerve, "f", "", cell, ctx))
        if f.minimum is not None:
            cell = V(float(f.persistence), "f_persistence", 0)
            out.append(("f_wave", side, nerve, "pers", "", cell, ctx))
    return out


def g01_side_nerve_param_value() -> None:
    e = Export(
        "G",
        "g01_side_nerve_param_value.csv",
        "side, nerve, param, value for one patient named in a block above; params DML, CMAP1, CMAP2, "
        "DUR1, NCV1, FL with nerve codes MM, UM, TM and MS, SS; value NR",
    )
    p = person("G-17", "axonal_severe", "M", 55, 179, 701)
    g = e.grid()
    st = e.study("G-17", "2015-03-26", 55, "M", 179)
    g.row("id", "G-17")
    g.row("date", "2015-03-26")
    g.row("age", "55")
    g.row("sex", "M")
    g.row("height", "179")
    g.blank()
    g.row("side", "nerve", "param", "value")
    code = {"median": "MM", "ulnar": "UM", "tibial": "TM", "fibular": "PM", "sural": "SS"}
    nerves = [("right", "median"), ("right", "tibial"), ("left", "fibular"), ("left", "ulnar")]
    for study, side, nerve, what, site, cell, ctx in items(p, nerves, [], "NR"):
        n = SITES[nerve].index(site) + 1
        name = {"lat": "DML", "amp": f"CMAP{n}", "dur": f"DUR{n}", "vel": f"NCV{n - 1}"}[what]
        if what == "lat" and n > 1:
            continue
        if cell.value is None and n > 1:
            continue  # absent once, at the distal site
        assert study == "motor"
        g.row(side[0].upper(), code[nerve], name, cell, st=st, **ctx)
    for _, side, nerve, what, _, cell, ctx in f_items(p, [("right", "tibial")], "NR"):
        if what == "f":
            g.row(side[0].upper(), code[nerve], "FL", cell, st=st, **ctx)
    sural = items(p, [], [("right", "sural"), ("left", "sural")], "NR")
    for _, side, _, what, _, cell, ctx in sural:
        if what == "amp":
            g.row(side[0].upper(), "SS", "SNAP1", cell, st=st, **ctx)
    e.save_text(newline="\n")


def g02_long_with_percent() -> None:
    e = Export(
        "G",
        "g02_long_with_percent_rows.csv",
        "long list of several patients with id, date, side, nerve, kind, site, param, value, unit; "
        "rows whose unit is '% LLN' or '% ULN', and param 'zscore', must not be read; rows in random "
        "order; semicolon; a comment column",
    )
    g = e.grid()
    g.row("id", "exam_date", "age", "sex", "side", "nerve", "kind", "site", "param", "value", "unit",
          "comment")  # fmt: skip
    unit = {"lat": "ms", "amp": "mV", "dur": "ms", "vel": "m/s", "peak": "ms", "f": "ms",
            "pers": "%"}  # fmt: skip
    word = {"lat": "latency", "amp": "amplitude", "dur": "duration", "vel": "velocity",
            "peak": "peak latency", "f": "F min latency", "pers": "F persistence"}  # fmt: skip
    all_rows: list[tuple[int, Study, Item]] = []
    plan = (("L-1", "cidp", "F", 44), ("L-2", "normal", "M", 36))
    for pid, kind, sex, age in plan:
        p = person(pid, kind, sex, age, 170, 702)
        st = e.study(pid, "2021-09-30", age, sex)
        nerves = [("left", "median"), ("left", "ulnar"), ("left", "tibial")]
        rows = items(p, nerves, [("left", "sural")], "no response")
        rows += f_items(p, [("left", "ulnar")], "no response")
        all_rows += [((7 * n + 3) % 101, st, item) for n, item in enumerate(rows)]
    all_rows.sort(key=lambda x: x[0])
    for n, (_, st, (study, side, nerve, what, site, cell, ctx)) in enumerate(all_rows):
        lead = [st.patient_id, st.study_date, st.age_years, st.sex, side, nerve]
        kind = {"motor": "motor", "sensory": "sensory", "f_wave": "F wave"}[study]
        u = "\u00b5V" if study == "sensory" and what == "amp" else unit[what]
        g.row(*lead, kind, site.replace("_", " "), word[what], cell, u, "", st=st, **ctx)
        if n % 5 == 0 and cell.value:
            g.row(*lead, kind, site.replace("_", " "), word[what], Bad(112, "percent of limit"),
                  "% LLN" if what in ("amp", "vel") else "% ULN", "calc")  # fmt: skip
        if n % 9 == 0:
            g.row(*lead, kind, site.replace("_", " "), "zscore", Bad(-1.7, "z-score"), "SD", "calc")
    e.save_text(";", newline="\n")


def g03_redcap_eav() -> None:
    e = Export(
        "G",
        "g03_redcap_eav.csv",
        "REDCap EAV export: record, redcap_event_name, field_name, value; field names like "
        "rt_median_dml; event names carry no date, the field ncs_date does; checkbox and note fields "
        "between; 'NR' values",
    )
    g = e.grid()
    g.row("record", "redcap_event_name", "field_name", "value")
    for pid, kind, sex, age, when in (("301", "une", "M", 57, "2022-08-15"),
                                      ("302", "axonal_severe", "F", 71, "2022-08-16")):  # fmt: skip
        p = person(pid, kind, sex, age, 168, 703)
        st = e.study(pid, when, age, sex, 168)
        lead = [pid, "baseline_arm_1"]
        g.row(*lead, "ncs_date", when)
        g.row(*lead, "age", age)
        g.row(*lead, "sex", {"M": "male", "F": "female"}[sex])
        g.row(*lead, "height_cm", 168)
        g.row(*lead, "consent___1", Bad(1, "checkbox"))
        nerves = [("left", "ulnar"), ("right", "fibular")]
        for _, side, nerve, what, site, cell, ctx in items(p, nerves, [("left", "sural")], "NR"):
            s = {"left": "lt", "right": "rt"}[side]
            short = {"below_elbow": "be", "above_elbow": "ae", "below_fibular_head": "fibhead"}
            part = short.get(site, site)
            if nerve == "sural":
                name = {"lat": "onset", "amp": "snap", "vel": "cv", "peak": "peak"}[what]
                g.row(*lead, f"{s}_sural_{name}", cell, st=st, **ctx)
                continue
            word = {"ulnar": "ulnar", "fibular": "peroneal"}[nerve]
            name = {"lat": f"lat_{part}", "amp": f"cmap_{part}", "dur": f"dur_{part}",
                    "vel": f"mcv_{part}"}[what]  # fmt: skip
            if what == "lat" and site in ("wrist", "ankle"):
                name = "dml"
            g.row(*lead, f"{s}_{word}_{name}", cell, st=st, **ctx)
        g.row(*lead, "ncs_comments", Bad("left ulnar 32 m/s across elbow", "note"))
        g.row(*lead, "ncs_complete", Bad(2, "form status"))
    e.save_text(newline="\n")


def family_g() -> None:
    g01_side_nerve_param_value()
    g02_long_with_percent()
    g03_redcap_eav()
