"""Family E: research sheets, one row per patient and one column per measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .kit import Bad, Export, Grid, Odd, Study, V, absent
from .people import Person, person

KNEE = {"accept": {"stimulation": ["popliteal_fossa", "above_fibular_head"]}}
ALL_SITES = {
    "median": ("wrist", "elbow", "axilla"),
    "ulnar": ("wrist", "below_elbow", "above_elbow", "axilla"),
    "fibular": ("ankle", "below_fibular_head", "above_fibular_head"),
    "tibial": ("ankle", "popliteal_fossa"),
}


@dataclass
class Words:
    """How a sheet writes what has no number."""

    absent_amp: Any = "NR"  # in the amplitude (or F) column of an absent response
    absent_rest: Any = ""  # in its other columns
    missing: Any = "NA"
    dec: dict[str, int] = field(
        default_factory=lambda: {"lat": 1, "amp": 1, "dur": 1, "vel": 0, "area": 1, "f": 1}
    )


Getter = Callable[[Person], Any]


def motor(
    w: Words,
    side: str,
    nerve: str,
    what: str,
    site: str,
    sites: tuple[str, ...],
    *,
    recording: str | None = None,
    as_site: str | None = None,
    accept: dict[str, Any] | None = None,
) -> Getter:
    """The cell of one motor measure; latency, amplitude, duration, area or segment velocity."""

    def get(p: Person) -> Any:
        if (side, nerve) in untested(p):
            return w.missing
        chain = p.motor[side, nerve].chain(*sites)
        i = [s.name for s in chain].index(site)
        over: dict[str, Any] = {
            "study": "motor",
            "nerve": nerve,
            "side": side,
            "recording": recording,
            "stimulation": as_site or site,
        }
        if accept:
            over["accept"] = accept
        here = chain[i]
        if here.absent:
            if what != "amp" or (i > 0 and chain[0].absent and w.absent_rest != w.absent_amp):
                return w.absent_rest
            return absent(w.absent_amp, over=over)
        if what == "vel":
            return V(here.vel, "velocity", w.dec["vel"], over=over) if here.vel else ""
        measure = {
            "lat": "proximal_latency" if i else "distal_latency",
            "amp": "amplitude",
            "dur": "duration",
            "area": "area",
        }[what]
        value = {"lat": here.lat, "amp": here.amp, "dur": here.dur, "area": here.area}[what]
        return V(value, measure, w.dec[what], over=over)

    return get


def sensory(
    w: Words,
    side: str,
    key: str,
    what: str,
    *,
    sites: bool = False,
    recording: str | None = None,
) -> Getter:
    """The cell of one sensory measure: amp, amp_pp, onset, peak or vel."""

    def get(p: Person) -> Any:
        if (side, key) in untested(p):
            return w.missing
        x = p.sensory[side, key]
        over: dict[str, Any] = {
            "study": "sensory",
            "nerve": x.nerve,
            "side": side,
            "recording": recording or (x.recording if sites else None),
            "stimulation": x.stimulation if sites else None,
        }
        if x.absent:
            if not what.startswith("amp"):
                return w.absent_rest
            return absent(w.absent_amp, "sensory", over=over)
        if what == "vel":
            return V(x.vel, "velocity", w.dec["vel"], over=over)
        if what.startswith("amp"):
            return V(x.amp if what == "amp" else x.amp_pp, "amplitude", w.dec["amp"], over=over)
        value = x.onset if what == "onset" else x.peak
        return V(value, f"{what}_latency", w.dec["lat"], over=over)

    return get


def fwave(w: Words, side: str, nerve: str, *, blank: bool = False, what: str = "min") -> Getter:
    """Minimal F latency; `blank`: an absent F wave is an empty cell, which says nothing."""

    def get(p: Person) -> Any:
        if (side, nerve) in untested(p):
            return w.missing
        f = p.f[side, nerve]
        over = {"study": "f_wave", "nerve": nerve, "side": side}
        if f.minimum is None:
            if blank or what != "min":
                return ""
            return absent(w.absent_amp, "f_wave", over=over)
        if what == "pers":
            return V(float(f.persistence), "f_persistence", 0, over=over)
        return V(f.minimum, "minimal_f_latency", w.dec["f"], over=over)

    return get


UNTESTED: dict[str, set[tuple[str, str]]] = {}


def untested(p: Person) -> set[tuple[str, str]]:
    return UNTESTED.get(p.pid, set())


def fill(g: Grid, columns: list[tuple[str, Any]], p: Person, st: Study, first: list[Any]) -> int:
    """One patient's row: the leading demographic cells, then every column."""
    return g.row(*first, *(get(p) if callable(get) else get for _, get in columns), st=st)


def heads(columns: list[tuple[str, Any]]) -> list[str]:
    return [name for name, _ in columns]


def e01_gbs_dots() -> None:
    e = Export(
        "E",
        "e01_gbs_dots.csv",
        "R.MM.DML style with its columns in another order, left after right, some left out; CMAP1 "
        "= 0 with the rest blank is no response, CMAP2 = 0 with CMAP1 present is a proximal one; "
        "NA not tested; blank F latency says nothing; two dates of one patient",
    )
    g = e.grid()
    w = Words(absent_amp="0", missing="NA")
    w.dec |= {"dur": 2, "amp": 2, "vel": 1}
    code = {"median": "MM", "ulnar": "UM", "fibular": "PM", "tibial": "TM"}
    cols: list[tuple[str, Any]] = []
    for side in ("right", "left"):
        for nerve in ("ulnar", "median", "tibial", "fibular"):
            pre = f"{side[0].upper()}.{code[nerve]}"
            sites = ALL_SITES[nerve]
            last = {"as_site": "popliteal_fossa"} | KNEE if nerve == "fibular" else {}
            cols.append((f"{pre}.DML", motor(w, side, nerve, "lat", sites[0], sites)))
            for what, head in (("amp", "CMAP"), ("dur", "Dur")):
                for i, site in enumerate(sites, 1):
                    kw: Any = last if i == 3 else {}
                    get = motor(w, side, nerve, what, site, sites, **kw)
                    cols.append((f"{pre}.{head}{i}", get))
            for i, site in enumerate(sites[1:], 1):
                kw = last if i == 2 else {}
                cols.append((f"{pre}.NCV{i}", motor(w, side, nerve, "vel", site, sites, **kw)))
            cols.append((f"{pre}.FL", fwave(w, side, nerve, blank=True)))
        for code2, key in (("MS", "median_d2"), ("US", "ulnar_d5"), ("SS", "sural")):
            pre = f"{side[0].upper()}.{code2}"
            cols.append((f"{pre}.SNAP1", sensory(w, side, key, "amp")))
            cols.append((f"{pre}.NCV1", sensory(w, side, key, "vel")))
    g.row("Hosp", "Date", "ID", "Sex", "Age", *heads(cols))
    plan = [
        ("100231", "gbs", "M", 58, 170, "2021-03-05"),
        ("100231", "axonal", "M", 58, 170, "2021-04-02"),
        ("100287", "normal", "F", 34, 161, "2021-05-17"),
        ("100333", "axonal_severe", "F", 69, 157, "2021-08-09"),
        ("100340", "cidp", "M", 47, 176, "2021-11-23"),
        ("100412", "cmt1", "F", 25, 168, "2022-01-14"),
    ]
    UNTESTED["100333"] = {("left", "median"), ("left", "ulnar"), ("left", "median_d2")}
    for pid, kind, sex, age, height, when in plan:
        p = person(pid, kind, sex, age, height, 101 if kind == "gbs" else 102)
        st = e.study(pid, when, age, sex)
        fill(g, cols, p, st, ["B", when, pid, sex, age])
    e.assumed.append("fibular CMAP3/NCV2 popliteal fossa; recording muscles are not said")
    e.save_text(newline="\n")


def e02_snake_case() -> None:
    e = Export(
        "E",
        "e02_snake_case_covariates.csv",
        "r_median_motor_wrist_lat style; ages with decimals, 'male'/'female'; covariates whose "
        "names look like nerves (median_income_keur, tibial_pulse_bpm, radial_artery_psv_cms, "
        "sural_biopsy_n, ulnar_deviation_deg) must not be read; 'absent' in amplitude columns",
    )
    g = e.grid()
    w = Words(absent_amp="absent", absent_rest="", missing="")
    w.dec |= {"lat": 2, "amp": 2}
    cols: list[tuple[str, Any]] = []
    for side in ("right", "left"):
        s = side[0]
        for nerve, word, sites, names in (
            ("median", "median", ("wrist", "elbow"), ("wrist", "elbow")),
            ("ulnar", "ulnar", ("wrist", "below_elbow", "above_elbow"), ("wrist", "be", "ae")),
            ("fibular", "peroneal", ("ankle", "below_fibular_head"), ("ankle", "fibhead")),
            ("tibial", "tibial", ("ankle", "popliteal_fossa"), ("ankle", "popfossa")),
        ):
            for site, name in zip(sites, names, strict=True):
                for what in ("lat", "amp"):
                    get = motor(w, side, nerve, what, site, sites)
                    cols.append((f"{s}_{word}_motor_{name}_{what}", get))
                if site != sites[0]:
                    get = motor(w, side, nerve, "vel", site, sites)
                    i = names.index(name)
                    cols.append((f"{s}_{word}_motor_{names[i - 1]}_{name}_ncv", get))
            cols.append((f"{s}_{word}_fwave_min", fwave(w, side, nerve)))
        for key, word in (("median_d2", "median"), ("ulnar_d5", "ulnar"), ("sural", "sural")):
            for what, name in (("peak", "peak_lat"), ("amp", "amp"), ("vel", "cv")):
                cols.append((f"{s}_{word}_sensory_{name}", sensory(w, side, key, what)))
    trap: list[tuple[str, Any]] = [
        ("median_income_keur", Bad(31.4, "covariate")),
        ("tibial_pulse_bpm", Bad(72, "covariate")),
        ("radial_artery_psv_cms", Bad(48.0, "covariate")),
        ("sural_biopsy_n", Bad(1, "covariate")),
        ("r_ulnar_deviation_deg", Bad(12.0, "covariate")),
        ("hba1c_pct", 7.9),
    ]
    lead = ["subject_id", "visit_date", "age", "sex", "height_cm", "bmi", "diagnosis", "center"]
    g.row(*lead, "onset_to_ncs_days", *heads(trap), *heads(cols))
    UNTESTED["DN-003"] = {("left", "tibial"), ("left", "sural")}
    for pid, kind, sex, age, height in (
        ("DN-001", "axonal", "F", 61.3, 165),
        ("DN-002", "normal", "M", 44.8, 182),
        ("DN-003", "axonal_severe", "M", 70.1, 174),
        ("DN-004", "cts", "F", 57.5, 158),
    ):
        p = person(pid, kind, sex, int(age), height, 103)
        st = e.study(pid, "2020-10-0" + pid[-1], age, sex, height)
        word = {"F": "female", "M": "male"}[sex]
        first = [pid, st.study_date, str(age), word, height, "27.1", "T2DM", "Lund", 400]
        fill(g, trap + cols, p, st, first)
    e.assumed.append("'sensory_amp' without unit: uV")
    e.save_text(newline="\n")


def e03_heading_with_units() -> None:
    e = Export(
        "E",
        "e03_headings_with_units.xlsx",
        "'Median motor R - DML (ms)' style under a merged title row; Excel dates; a codebook sheet "
        "beside the data; a pivot sheet with means; empty rows between groups; a footnote row",
        workbook=True,
    )
    g = e.grid("data")
    w = Words(absent_amp="NR", absent_rest="NR", missing=None)
    w.dec |= {"lat": 2, "amp": 1}
    cols: list[tuple[str, Any]] = []
    for nerve, word, rec, sites, names in (
        ("median", "Median", "APB", ("wrist", "elbow"), ("wrist", "elbow")),
        ("ulnar", "Ulnar", "ADM", ("wrist", "below_elbow", "above_elbow"),
         ("wrist", "below elbow", "above elbow")),
        ("fibular", "Fibular", "EDB", ("ankle", "below_fibular_head"), ("ankle", "fibular head")),
        ("tibial", "Tibial", "AH", ("ankle", "popliteal_fossa"), ("ankle", "popliteal fossa")),
    ):  # fmt: skip
        for side in ("right", "left"):
            head = f"{word} motor {side[0].upper()} - "
            kw: Any = {"recording": rec}
            cols.append((head + "DML (ms)", motor(w, side, nerve, "lat", sites[0], sites, **kw)))
            for site, name in zip(sites, names, strict=True):
                get = motor(w, side, nerve, "amp", site, sites, **kw)
                cols.append((f"{head}CMAP {name} {rec} (mV)", get))
            for i in range(1, len(sites)):
                get = motor(w, side, nerve, "vel", sites[i], sites, **kw)
                cols.append((f"{head}MCV {names[i - 1]}-{names[i]} (m/s)", get))
            cols.append((head + "F min (ms)", fwave(w, side, nerve)))
            cols.append((head + "F persistence (%)", fwave(w, side, nerve, what="pers")))
    for key, word in (("median_d2", "Median sensory"), ("sural", "Sural sensory")):
        for side in ("right", "left"):
            head = f"{word} {side[0].upper()} - "
            cols.append((head + "onset latency (ms)", sensory(w, side, key, "onset")))
            cols.append((head + "SNAP (\u00b5V)", sensory(w, side, key, "amp")))
            cols.append((head + "SCV (m/s)", sensory(w, side, key, "vel")))
    e.assumed.append("a DML heading without muscle: recording may be null")
    g.row("CIDP registry - nerve conduction at baseline (exported 12 Feb 2024)")
    g.merges.append("A1:H1")
    g.row("Patient", "Date of NCS", "Age at NCS (years)", "Sex (F/M)", "Height (cm)", "Group",
          *heads(cols))  # fmt: skip
    plan = [
        ("CR01", "cidp", "M", 62, 177, "CIDP"),
        ("CR02", "cidp", "F", 55, 164, "CIDP"),
        ("", "", "", 0, 0, ""),
        ("CR03", "axonal", "F", 71, 160, "control"),
        ("CR04", "normal", "M", 39, 185, "control"),
    ]
    UNTESTED["CR04"] = {("left", n) for n in ALL_SITES} | {("left", "sural")}
    for n, (pid, kind, sex, age, height, group) in enumerate(plan):
        if not pid:
            g.blank()
            continue
        p = person(pid, kind, sex, age, height, 104)
        st = e.study(pid, f"2023-11-{14 + n}", age, sex, height)
        row = fill(g, cols, p, st, [pid, datetime(2023, 11, 14 + n), age, sex, height, group])
        g.formats[row, 2] = "yyyy-mm-dd"
    for st in e.studies:
        for r in st.readings:
            if r["measure"] == "distal_latency" or r["measure"] == "velocity":
                r["recording"] = None
    g.blank()
    g.row("NR = no response; empty = not tested. Values above 2 SD in bold.")
    code = e.grid("codebook")
    code.row("variable", "meaning", "unit", "normal")
    code.row("DML", "distal motor latency", "ms", "< 4.4 (median)")
    code.row("CMAP", "compound muscle action potential, negative peak", "mV", Bad(4.0, "code book"))
    code.row("MCV", "motor conduction velocity", "m/s", Bad(49.0, "code book"))
    means = e.grid("means")
    means.row("Group", "Median motor R - DML (ms)", "Median motor R - CMAP wrist APB (mV)", "n")
    means.row("CIDP", Bad(6.1, "average"), Bad(4.7, "average"), 2)
    means.row("control", Bad(3.6, "average"), Bad(8.0, "average"), 2)
    e.save_book()


def e04_camel_tabs() -> None:
    e = Export(
        "E",
        "e04_camel_tabs.tsv",
        "'MedianMotorLeft_Amp_Wrist' style, tab separated, decimal comma, 'ne' (not elicitable) "
        "for no response and 'nt' for not tested; id column 'Pseudonym'; side inside the word",
    )
    g = e.grid()
    g.comma = True
    w = Words(absent_amp="ne", absent_rest="ne", missing="nt")
    cols: list[tuple[str, Any]] = []
    for nerve, word, sites, names in (
        ("median", "Median", ("wrist", "elbow"), ("Wrist", "Elbow")),
        ("ulnar", "Ulnar", ("wrist", "below_elbow", "above_elbow"), ("Wrist", "BelowElbow",
         "AboveElbow")),
        ("tibial", "Tibial", ("ankle", "popliteal_fossa"), ("Ankle", "PopFossa")),
    ):  # fmt: skip
        for side in ("left", "right"):
            pre = f"{word}Motor{side.capitalize()}"
            for site, name in zip(sites, names, strict=True):
                cols.append((f"{pre}_Amp_{name}", motor(w, side, nerve, "amp", site, sites)))
                cols.append((f"{pre}_Lat_{name}", motor(w, side, nerve, "lat", site, sites)))
            for i in range(1, len(sites)):
                get = motor(w, side, nerve, "vel", sites[i], sites)
                cols.append((f"{pre}_CV_{names[i - 1]}{names[i]}", get))
    for key, word in (("sural", "Sural"), ("ulnar_d5", "Ulnar")):
        for side in ("left", "right"):
            pre = f"{word}Sensory{side.capitalize()}"
            cols.append((f"{pre}_Amp", sensory(w, side, key, "amp")))
            cols.append((f"{pre}_CV", sensory(w, side, key, "vel")))
    g.row("Pseudonym", "ExamDate", "AgeYears", "Sex", "HeightCm", "Treatment", *heads(cols))
    UNTESTED["X7F2"] = {("right", "tibial"), ("right", "ulnar_d5")}
    for pid, kind, sex, age, height in (
        ("X7F2", "axonal_severe", "M", 73, 170),
        ("K09Q", "gbs", "F", 31, 166),
        ("B4LL", "une", "F", 52, 161),
    ):
        p = person(pid, kind, sex, age, height, 105)
        st = e.study(pid, "2019-06-30", age, sex, height)
        fill(g, cols, p, st, [pid, "30.06.2019", age, sex, height, "IVIg"])
    e.save_text("\t", newline="\n")


def e05_lt_rt_be() -> None:
    e = Export(
        "E",
        "e05_lt_rt_be.xlsx",
        "'Lt ulnar CMAP BE (mV)' / 'Rt peroneal CMAP FH' / 'NCV BE-W' abbreviations; chart numbers "
        "with leading zeros as text; d/m/y dates as text decided by one row (27/03); TA as a "
        "muscle ('Rt peroneal TA CMAP FH'); 'Tibial F min L' with the side at the end",
        workbook=True,
    )
    g = e.grid("Sheet1")
    w = Words(absent_amp="NR", absent_rest="", missing=None)
    cols: list[tuple[str, Any]] = []
    for side, s in (("left", "Lt"), ("right", "Rt")):
        u = ALL_SITES["ulnar"]
        cols.append((f"{s} ulnar DML (ms)", motor(w, side, "ulnar", "lat", "wrist", u)))
        for site, name in zip(u, ("W", "BE", "AE", "Ax"), strict=True):
            get = motor(w, side, "ulnar", "amp", site, u)
            cols.append((f"{s} ulnar CMAP {name} (mV)", get))
        for i, name in ((1, "BE-W"), (2, "AE-BE"), (3, "Ax-AE")):
            get = motor(w, side, "ulnar", "vel", u[i], u)
            cols.append((f"{s} ulnar NCV {name} (m/s)", get))
        f = ("ankle", "below_fibular_head", "above_fibular_head")
        cols.append((f"{s} peroneal DML (ms)", motor(w, side, "fibular", "lat", "ankle", f)))
        for site, name in zip(f, ("Ank", "FH", "PF"), strict=True):
            kw: Any = {}
            if name == "PF":
                kw = {"as_site": "popliteal_fossa"} | KNEE
            cols.append((f"{s} peroneal CMAP {name} (mV)",
                         motor(w, side, "fibular", "amp", site, f, **kw)))  # fmt: skip
        cols.append((f"{s} peroneal NCV FH-Ank (m/s)",
                     motor(w, side, "fibular", "vel", f[1], f)))  # fmt: skip
        cols.append((f"{s} sural SNAP (uV)", sensory(w, side, "sural", "amp")))
        cols.append((f"{s} sural SNCV (m/s)", sensory(w, side, "sural", "vel")))

    def ta(side: str) -> Getter:
        def get(p: Person) -> Any:
            site = p.motor[side, "fibular_ta"].sites[0]
            over = {"study": "motor", "nerve": "fibular", "side": side, "recording": "TA",
                    "stimulation": "below_fibular_head"}  # fmt: skip
            return V(site.amp, "amplitude", over=over)

        return get

    cols.append(("Rt peroneal TA CMAP FH (mV)", ta("right")))
    for nerve in ("Tibial", "Ulnar"):
        for side in ("left", "right"):
            name = f"{nerve} F min {side[0].upper()}"
            cols.append((name, fwave(w, side, nerve.lower())))
    g.row("Chart no", "Test date", "Age", "M/F", *heads(cols))
    for pid, kind, sex, age, shown, iso in (
        ("0000417", "foot_drop", "M", 44, "05/03/2018", "2018-03-05"),
        ("0012093", "une", "M", 60, "27/03/2018", "2018-03-27"),
        ("0450001", "cidp", "F", 53, "11/04/2018", "2018-04-11"),
    ):
        p = person(pid, kind, sex, age, 168, 106)
        st = e.study(pid, iso, age, sex)
        fill(g, cols, p, st, [pid, shown, age, sex])
    e.save_book()


def e06_spanish() -> None:
    e = Export(
        "E",
        "e06_vcm_mediano.csv",
        "Spanish research sheet: I = left, D = right, PAMC/PANS/VCM/VCS/LMD; Sexo H/M where M is "
        "mujer (female!); semicolon, decimal comma, cp1252; dates d/m/y; 'ausente', 'no evocable'",
    )
    g = e.grid()
    g.comma = True
    w = Words(absent_amp="ausente", absent_rest="", missing="")
    w.dec |= {"vel": 1}
    cols: list[tuple[str, Any]] = []
    for side, s in (("right", "D"), ("left", "I")):
        for nerve, word, sites in (
            ("median", "mediano", ("wrist", "elbow")),
            ("ulnar", "cubital", ("wrist", "below_elbow")),
            ("tibial", "tibial", ("ankle", "popliteal_fossa")),
        ):
            cols.append((f"LMD {word} {s} (ms)", motor(w, side, nerve, "lat", sites[0], sites)))
            cols.append((f"PAMC {word} {s} (mV)", motor(w, side, nerve, "amp", sites[0], sites)))
            get = motor(w, side, nerve, "vel", sites[1], sites)

            def loose(p: Person, get: Getter = get) -> Any:
                cell = get(p)  # the heading does not say the proximal site
                if isinstance(cell, V):
                    cell.over = cell.over | {"stimulation": None}
                return cell

            cols.append((f"VCM {word} {s} (m/s)", loose))
            cols.append((f"Onda F {word} {s} (ms)", fwave(w, side, nerve)))
        cols.append((f"PANS sural {s} (\u00b5V)", sensory(w, side, "sural", "amp")))
        cols.append((f"VCS sural {s} (m/s)", sensory(w, side, "sural", "vel")))
        cols.append((f"PANS mediano {s} (\u00b5V)", sensory(w, side, "median_d3", "amp")))
    g.row("N\u00ba historia", "Fecha", "Edad", "Sexo", "Talla (cm)", "Diagn\u00f3stico",
          *heads(cols))  # fmt: skip
    w2 = {"F": "M", "M": "H"}
    for pid, kind, sex, age, height, shown, iso in (
        ("80121", "cts", "F", 49, 159, "09/01/2022", "2022-01-09"),
        ("80344", "axonal_severe", "M", 68, 171, "23/01/2022", "2022-01-23"),
        ("80790", "gbs", "F", 37, 163, "14/02/2022", "2022-02-14"),
    ):
        p = person(pid, kind, sex, age, height, 107)
        st = e.study(pid, iso, age, sex, height)
        st.accept = {"sex": [sex, None]}
        if pid == "80790":
            w.absent_amp = "no evocable"
        fill(g, cols, p, st, [pid, shown, age, w2[sex], height, "PNP"])
    e.assumed.append("Sexo H/M: M is mujer; F or null, never M")
    e.save_text(";", "cp1252")


def e07_percent_of_limit() -> None:
    e = Export(
        "E",
        "e07_percent_of_limit.csv",
        "the same columns as E01, but every value is a percent of the limit (DML 85, NCV 104, "
        "CMAP 212): must be refused as a whole (exit 2)",
    )
    g = e.grid()
    names = []
    for side in "LR":
        for code in ("MM", "UM", "PM", "TM"):
            names += [f"{side}.{code}.{x}" for x in ("CMAP1", "CMAP2", "DML", "NCV1", "FL")]
    g.row("id", *names)
    p = person("q", "normal", "F", 40, 165, 108)
    lims = {"MM": (4.0, 4.4, 49.0, 31.0), "UM": (6.0, 3.3, 49.0, 32.0), "PM": (2.0, 6.5, 44.0, 56.0),
            "TM": (4.0, 5.8, 41.0, 56.0)}  # fmt: skip
    nerve_of = {"MM": "median", "UM": "ulnar", "PM": "fibular", "TM": "tibial"}
    for pid, kind in (("2001_2019-03-02", "normal"), ("2002_2019-04-11", "axonal"),
                      ("2003_2019-05-20", "gbs"), ("2004_2019-05-21", "normal")):  # fmt: skip
        p = person(pid, kind, "F", 40, 165, 108)
        row: list[Any] = [pid]
        for side in ("left", "right"):
            for code in ("MM", "UM", "PM", "TM"):
                nerve = nerve_of[code]
                a, d, v, fl = lims[code]
                s = p.motor[side, nerve].chain(*ALL_SITES[nerve][:2])
                f = p.f[side, nerve].minimum
                vals = [
                    s[0].amp and 100 * s[0].amp / a,
                    s[1].amp and 100 * s[1].amp / a,
                    s[0].lat and 100 * s[0].lat / d,
                    s[1].vel and 100 * s[1].vel / v,
                    f and 100 * f / fl,
                ]
                row += ["NA" if x is None else Bad(x, "percent of the limit") for x in vals]
        g.row(*row)
    e.issue("error", "percent of limit, not values")
    e.exit_status = 2
    e.save_text(newline="\n")


def e08_raw_and_percent_sheets() -> None:
    e = Export(
        "E",
        "e08_raw_and_percent_sheets.xlsx",
        "sheet 'raw' with values and sheet 'pct_of_LLN' with the same headings and percents: only "
        "the raw sheet is read; a third sheet holds the limits used",
        workbook=True,
    )
    w = Words(absent_amp=0, absent_rest=None, missing=None)
    raw = e.grid("raw")
    pct = e.grid("pct_of_LLN")
    cols: list[tuple[str, Any]] = []
    scale: list[float | None] = []
    for side in ("right", "left"):
        for nerve, word, lims in (
            ("median", "Med", (4.4, 4.0, 49.0)),
            ("ulnar", "Uln", (3.3, 6.0, 49.0)),
            ("tibial", "Tib", (5.8, 4.0, 41.0)),
        ):
            sites = ALL_SITES[nerve][:2]
            s = side[0].upper()
            cols.append((f"{s} {word} DML", motor(w, side, nerve, "lat", sites[0], sites)))
            cols.append((f"{s} {word} CMAP dist", motor(w, side, nerve, "amp", sites[0], sites)))
            cols.append((f"{s} {word} CMAP prox", motor(w, side, nerve, "amp", sites[1], sites)))
            cols.append((f"{s} {word} MCV", motor(w, side, nerve, "vel", sites[1], sites)))
            scale += [lims[0], lims[1], lims[1], lims[2]]
    for g in (raw, pct):
        g.row("PatID", "Exam date", "Age", "Sex", *heads(cols))
    for pid, kind, sex, age in (("P-11", "cidp", "F", 59), ("P-12", "axonal", "M", 64),
                                ("P-13", "normal", "M", 30)):  # fmt: skip
        p = person(pid, kind, sex, age, 170, 109)
        st = e.study(pid, "2024-03-19", age, sex)
        fill(raw, cols, p, st, [pid, "2024-03-19", age, sex])
        row: list[Any] = [pid, "2024-03-19", age, sex]
        for (_, get), limit in zip(cols, scale, strict=True):
            cell = get(p)
            value = cell.value if isinstance(cell, V) else None
            assert limit
            row.append(Bad(100 * value / limit, "percent of the limit", 1) if value else None)
        pct.row(*row)
    for st in e.studies:
        for r in st.readings:
            if r["stimulation"] in ("elbow", "below_elbow", "popliteal_fossa"):
                r["stimulation"] = None
            elif r["stimulation"] in ("wrist", "ankle"):
                r["accept"] = {"stimulation": [r["stimulation"], None]}
    lim = e.grid("limits")
    lim.row("nerve", "DML", "CMAP", "MCV")
    lim.row("Med", Bad(4.4, "limit"), Bad(4.0, "limit"), Bad(49.0, "limit"))
    lim.row("Uln", Bad(3.3, "limit"), Bad(6.0, "limit"), Bad(49.0, "limit"))
    e.issue("warning", "sheet of percents not read", sheet="pct_of_LLN", unsure=True)
    e.exit_accept = [0, 1]
    e.flags["repeats"] = True
    e.assumed.append("'CMAP prox' and 'MCV' do not name the site: stimulation not compared")
    e.save_book()


def e09_units_row_and_means() -> None:
    e = Export(
        "E",
        "e09_units_row_and_means.csv",
        "row 2 holds the units, row 3 the normal limits ('<4.4', '>49'), the last rows Mean, SD "
        "and n: none of these is a patient",
    )
    g = e.grid()
    w = Words(absent_amp="NR", absent_rest="-", missing="-")
    cols: list[tuple[str, Any]] = []
    units: list[str] = []
    limits: list[Any] = []
    values: list[tuple[str, float]] = []
    for side in ("R", "L"):
        full = {"R": "right", "L": "left"}[side]
        for nerve, word, sites, lim in (
            ("median", "Median", ("wrist", "elbow"), (4.4, 4.0, 49)),
            ("fibular", "Peroneal", ("ankle", "below_fibular_head"), (6.5, 2.0, 44)),
        ):
            cols.append((f"{side} {word} DML", motor(w, full, nerve, "lat", sites[0], sites)))
            cols.append((f"{side} {word} CMAP", motor(w, full, nerve, "amp", sites[0], sites)))
            cols.append((f"{side} {word} MNCV", motor(w, full, nerve, "vel", sites[1], sites)))
            units += ["ms", "mV", "m/s"]
            limits += [f"<{lim[0]}", f">{lim[1]}", f">{lim[2]}"]
            values += [("upper", lim[0]), ("lower", lim[1]), ("lower", float(lim[2]))]
        cols.append((f"{side} Sural SNAP", sensory(w, full, "sural", "amp")))
        units.append("\u00b5V")
        limits.append(">6")
        values.append(("lower", 6.0))
    g.row("Code", "Age", "Sex", "Height", *heads(cols))
    g.row("", "years", "", "cm", *units)
    g.row("Normal", "", "", "", *limits)
    for pid, kind, sex, age, height in (
        ("N01", "normal", "F", 28, 165),
        ("N02", "normal", "M", 35, 180),
        ("N03", "axonal", "F", 66, 158),
        ("N04", "axonal_severe", "M", 72, 173),
    ):
        p = person(pid, kind, sex, age, height, 110)
        st = e.study(pid, None, age, sex, height)
        fill(g, cols, p, st, [pid, age, sex, height])
        for r in st.readings:
            col = ord(r["cell"].split(",")[1]) - ord("A") - 4
            name, value = values[col]
            r["accept"] = {name: [value, None]}
            if r["measure"] == "velocity":
                r["stimulation"] = None
    e.assumed.append("the limits of row 3 may be attached to each reading or left out")
    e.assumed.append("MNCV does not name the proximal site: stimulation not compared")
    why = "summary row"
    g.row("Mean", Bad(50.2, why), "", Bad(169.0, why), *[Bad(x, why) for x in
          (4.0, 6.7, 51.3, 4.9, 2.9, 43.0, 9.9, 3.9, 6.8, 51.0, 4.8, 3.0, 43.3, 10.2)])  # fmt: skip
    g.row("SD", Bad(21.9, why), "", "", *[Bad(x, why) for x in (0.3, 1.5, 3.1)])
    g.row("n", Bad(4, why))
    e.save_text()


def e10_sex_codes_duplicates() -> None:
    e = Export(
        "E",
        "e10_sex_codes_duplicate_columns.csv",
        "Sex 1/2 must not be guessed (null with a warning); two columns of the same name: for "
        "'R_Sural_SNAP_uV' they agree, for 'L_Sural_SNAP_uV' they differ (conflict: error, not "
        "read) in one patient; age 0.8 of an infant among adults",
    )
    g = e.grid()
    w = Words(absent_amp="NR", missing="")
    sites = ("wrist", "elbow")
    cols: list[tuple[str, Any]] = []
    for s, side in (("R", "right"), ("L", "left")):
        cols.append((f"{s}_Median_DML_ms", motor(w, side, "median", "lat", "wrist", sites)))
        cols.append((f"{s}_Median_CMAP_wrist_mV", motor(w, side, "median", "amp", "wrist", sites)))
        cols.append((f"{s}_Median_CMAP_elbow_mV", motor(w, side, "median", "amp", "elbow", sites)))
        cols.append((f"{s}_Median_NCV_mps", motor(w, side, "median", "vel", "elbow", sites)))
    cols.append(("R_Sural_SNAP_uV", sensory(w, "right", "sural", "amp")))
    head = ["ID", "Sex", "Age", *heads(cols), "R_Sural_SNAP_uV", "L_Sural_SNAP_uV",
            "L_Sural_SNAP_uV"]  # fmt: skip
    g.row(*head)
    for n, (pid, kind, age) in enumerate((("1", "axonal", 61.5), ("2", "normal", 33.2),
                                          ("3", "normal", 0.8))):  # fmt: skip
        p = person(f"e10-{pid}", kind, "F", int(age), 165, 111)
        if age < 1:  # an infant: slow and small
            for m in p.motor.values():
                lat = 0.0
                for i, site in enumerate(m.sites):
                    site.dist = 30 if i == 0 else 90
                    lat = 2.2 if i == 0 else lat + site.dist / 30.0
                    site.lat, site.amp = round(lat, 2), 4.1
        st = e.study(pid, None, age, None)
        right, left = p.sensory["right", "sural"], p.sensory["left", "sural"]
        same = "the same column again: one reading"
        ctx = {"study": "sensory", "nerve": "sural", "side": "left"}
        r = g.next
        if n == 0:
            two: list[Any] = [
                Bad(left.amp, "conflicting columns"),
                Bad(11.9, "conflicting columns"),
            ]
            e.issue("error", "two columns of one name differ", r, "L_Sural_SNAP_uV")
        else:
            two = [V(left.amp, "amplitude", over=ctx), Odd(left.amp, same)]
        fill(g, [*cols, ("", Odd(right.amp, same)), ("", two[0]), ("", two[1])], p, st,
             [pid, 1 + n % 2, age])  # fmt: skip
        e.issue("warning", "sex code 1/2 not decoded", r, "Sex")
    e.exit_status = 1
    e.save_text(newline="\n")


def e11_visits() -> None:
    e = Export(
        "E",
        "e11_visits.xlsx",
        "two visits of each patient as rows; dates m/d/y as text decided by 3/25; one visit without "
        "a date; a patient whose only row is empty but for the demographics; a 'Visit' column",
        workbook=True,
    )
    g = e.grid("Sheet1")
    w = Words(absent_amp="NR", absent_rest="NR", missing="not tested")
    cols: list[tuple[str, Any]] = []
    for side in ("R", "L"):
        full = {"R": "right", "L": "left"}[side]
        s = ("wrist", "below_elbow", "above_elbow")
        cols.append((f"Ulnar {side} DML (ms)", motor(w, full, "ulnar", "lat", s[0], s)))
        cols.append((f"Ulnar {side} CMAP wrist (mV)", motor(w, full, "ulnar", "amp", s[0], s)))
        cols.append((f"Ulnar {side} CMAP below elbow (mV)",
                     motor(w, full, "ulnar", "amp", s[1], s)))  # fmt: skip
        cols.append((f"Ulnar {side} CMAP above elbow (mV)",
                     motor(w, full, "ulnar", "amp", s[2], s)))  # fmt: skip
        cols.append((f"Ulnar {side} MCV forearm (m/s)", motor(w, full, "ulnar", "vel", s[1], s)))
        cols.append((f"Ulnar {side} MCV across elbow (m/s)",
                     motor(w, full, "ulnar", "vel", s[2], s)))  # fmt: skip
        cols.append((f"Ulnar {side} SNAP D5 (uV)",
                     sensory(w, full, "ulnar_d5", "amp", recording="digit_5")))  # fmt: skip
    g.row("Record ID", "Visit", "Visit date", "Age", "Gender", "MRC sum", *heads(cols))
    rows: list[Any] = [
        ("V-1", "baseline", "3/4/2021", "2021-03-04", "cidp", 1),
        ("V-1", "6 months", "9/10/2021", "2021-09-10", "cidp", 2),
        ("V-2", "baseline", "3/25/2021", "2021-03-25", "mmn", 3),
        ("V-2", "6 months", "", None, "mmn", 4),
        ("V-3", "baseline", "4/1/2021", "2021-04-01", None, 5),
    ]
    for pid, visit, shown, iso, kind, seed in rows:
        if kind is None:
            g.row(pid, visit, shown, 50, "Female", 58)
            continue
        sex = "Male" if pid == "V-1" else "Female"
        age = 48 if pid == "V-1" else 55
        p = person(pid, kind, sex[0], age, 170, 112 + seed)
        st = e.study(pid, iso, age, sex[0])
        fill(g, cols, p, st, [pid, visit, shown, age, sex, 52])
    UNTESTED.pop("V-3", None)
    e.assumed.append("V-3 has no measurement: no study, or a study without readings")
    e.flags["optional_studies"] = ["V-3"]
    e.save_book()


def e12_date_of_birth() -> None:
    e = Export(
        "E",
        "e12_date_of_birth.csv",
        "date of birth instead of age; one birth date after the examination (age null, warning), "
        "one missing; name column beside the id; patient names never in the output; ids in "
        "scientific notation look (12E4) stay text",
    )
    g = e.grid()
    w = Words(absent_amp="NR", missing="")
    s = ("wrist", "elbow")
    t = ("ankle", "popliteal_fossa")
    cols: list[tuple[str, Any]] = []
    for side in ("Left", "Right"):
        low = side.lower()
        cols += [
            (f"{side} Median DML ms", motor(w, low, "median", "lat", "wrist", s)),
            (f"{side} Median CMAP wrist mV", motor(w, low, "median", "amp", "wrist", s)),
            (f"{side} Median CMAP elbow mV", motor(w, low, "median", "amp", "elbow", s)),
            (f"{side} Median NCV elbow-wrist m/s", motor(w, low, "median", "vel", "elbow", s)),
            (f"{side} Tibial DML ms", motor(w, low, "tibial", "lat", "ankle", t)),
            (f"{side} Tibial CMAP ankle mV", motor(w, low, "tibial", "amp", "ankle", t)),
        ]
    g.row("Name", "MRN", "DOB", "Date", "Sex", *heads(cols))
    for name, pid, dob, when, sex, age in (
        ("Albers, Test", "12E4", "1950-02-28", "2024-02-27", "F", 73),
        ("Brandt, Test", "00012", "1988-07-14", "2024-02-28", "M", 35),
        ("Cole, Test", "9-1", "2025-01-01", "2024-02-28", "M", None),
        ("Dahl, Test", "9-2", "", "2024-03-01", "F", None),
    ):
        p = person(pid, "normal", sex, age or 50, 170, 120)
        st = e.study(pid, when, age, sex)
        if age:
            st.accept = {"age_years": [age, 73.998, 73.99, 74.0, 35.6, 35.63, 35.62]}
        r = fill(g, cols, p, st, [name, pid, dob, when, sex])
        if age is None:
            e.issue("warning", "age unknown", r, "DOB")
            if dob:
                e.issues[-1]["severity_unsure"] = True
    e.flags["must_not_appear"] = ["Albers", "Brandt", "Cole", "Dahl"]
    e.exit_accept = [0, 1]
    e.save_text(newline="\n")


def e13_many_absences() -> None:
    e = Export(
        "E",
        "e13_absent_and_missing_codes.csv",
        "NR, 0, absent, ne, AR and 'no response' are absent; blank, NA, -, NT, n/a, 'not done' are "
        "not tested; 999 and -9 are impossible values (errors), never measurements; <0.1 is a "
        "censored number",
    )
    g = e.grid()
    head = ["Pat", "Age", "Sex"]
    for side in ("R", "L"):
        head += [f"{side} Tibial DML (ms)", f"{side} Tibial CMAP ankle (mV)",
                 f"{side} Tibial CMAP pop fossa (mV)", f"{side} Tibial NCV (m/s)",
                 f"{side} Sural SNAP (uV)"]  # fmt: skip
    g.row(*head)

    def tib(side: str, what: str, value: float | None, text: str | None = None) -> V:
        measure, site = {
            "dml": ("distal_latency", "ankle"),
            "amp": ("amplitude", "ankle"),
            "amp2": ("amplitude", "popliteal_fossa"),
            "vel": ("velocity", "popliteal_fossa"),
        }[what]
        over = {"study": "motor", "nerve": "tibial", "side": side, "stimulation": site}
        if what == "vel":
            over["stimulation"] = "popliteal_fossa"
        if value is None:
            return absent(text or "", over=over)
        return V(value, measure, 0 if what == "vel" else 1, over=over)

    def sur(side: str, value: float | None, text: str = "") -> V:
        over = {"study": "sensory", "nerve": "sural", "side": side}
        return absent(text, "sensory", over=over) if value is None else V(value, "amplitude",
                                                                          over=over)  # fmt: skip

    r, lf = "right", "left"
    rows: list[list[Any]] = [
        [tib(r, "dml", 4.9), tib(r, "amp", 6.6), tib(r, "amp2", 5.1), tib(r, "vel", 43),
         sur(r, 8.1), "", tib(lf, "amp", None, "NR"), "", "", sur(lf, None, "NR")],
        ["", tib(r, "amp", None, "0"), "", "", sur(r, None, "0"), tib(lf, "dml", 5.4),
         tib(lf, "amp", 1.9), tib(lf, "amp2", None, "0"), "", sur(lf, 3.2)],
        ["absent", tib(r, "amp", None, "absent"), "", "", sur(r, None, "ne"), "",
         tib(lf, "amp", None, "AR"), "", "", sur(lf, None, "no response")],
        ["NA", "NA", "NA", "NA", "-", "", "", "", "", "NT"],
        [tib(r, "dml", 5.0), tib(r, "amp", 4.2), tib(r, "amp2", 3.3), tib(r, "vel", 41), "n/a",
         "not done", "not done", "not done", "not done", "DNT"],
        [Bad(999, "missing code"), Bad(999, "missing code"), Bad(999, "missing code"),
         Bad(999, "missing code"), Bad(-9, "missing code"), tib(lf, "dml", 5.2), tib(lf, "amp", 5.0),
         tib(lf, "amp2", 4.4), tib(lf, "vel", 42), Odd("<0.1", "censored")],
    ]  # fmt: skip
    for n, row in enumerate(rows, 1):
        st = e.study(f"Z{n}", None, 50 + n, "M")
        line = g.row(f"Z{n}", 50 + n, "M", *row, st=st)
        if n == 6:
            for name in head[3:8]:
                e.issue("error", "impossible value", line, name)
    e.studies = [st for st in e.studies if st.readings]
    e.flags["optional_studies"] = ["Z4"]
    e.exit_status = 1
    e.save_text(newline="\n")


def e14_row_per_hand() -> None:
    e = Export(
        "E",
        "e14_row_per_hand.csv",
        "carpal tunnel study, one row per hand: side in a column ('Hand' R/L), nerve in the "
        "heading; boston score, Phalen, US area (mm2) columns are no readings; both hands of a "
        "patient are one study",
    )
    g = e.grid()
    g.row("study_no", "exam_date", "age", "sex", "hand", "BCTQ", "phalen", "csa_mm2", "DML_median",
          "CMAP_median_wrist", "CMAP_median_elbow", "MCV_median_forearm", "DML_ulnar",
          "SNAP_D2_uV", "SCV_D2_wrist", "grade")  # fmt: skip
    for n, (kind, sex, age) in enumerate(
        (("cts", "F", 54), ("normal", "F", 41), ("cts", "M", 66)), 1
    ):
        pid = f"CT{n:03d}"
        p = person(pid, kind, sex, age, 165, 130)
        st = e.study(pid, f"2023-02-{10 + n}", age, sex)
        for hand, side in (("R", "right"), ("L", "left")):
            a, b = p.motor[side, "median"].chain("wrist", "elbow")
            u = p.motor[side, "ulnar"].sites[0]
            x = p.sensory[side, "median_d2"]
            m = {"study": "motor", "nerve": "median"}
            w = m | {"stimulation": "wrist"}
            k = m | {"stimulation": "elbow"}
            d = {"study": "sensory", "nerve": "median", "recording": None, "stimulation": None}
            g.row(
                pid,
                st.study_date,
                age,
                sex,
                hand,
                Bad(2.6, "score"),
                "pos",
                Bad(13.0, "ultrasound area"),
                V(a.lat, "distal_latency", 1, over=w),
                V(a.amp, "amplitude", 1, over=w),
                V(b.amp, "amplitude", 1, over=k),
                V(b.vel, "velocity", 0, over=k),
                V(u.lat, "distal_latency", 1, over=w | {"nerve": "ulnar"}),
                V(x.amp, "amplitude", 1, over=d),
                V(x.vel, "velocity", 0, over=d),
                Bad(2, "grade"),
                st=st,
                side=side,
            )
    e.assumed.append("D2 is digit 2, recorded or stimulated: sites not compared")
    e.save_text(newline="\n")


def family_e() -> None:
    e01_gbs_dots()
    e02_snake_case()
    e03_heading_with_units()
    e04_camel_tabs()
    e05_lt_rt_be()
    e06_spanish()
    e07_percent_of_limit()
    e08_raw_and_percent_sheets()
    e09_units_row_and_means()
    e10_sex_codes_duplicates()
    e11_visits()
    e12_date_of_birth()
    e13_many_absences()
    e14_row_per_hand()
    from .family_e_second import second_set
    from .family_e_third import third_set

    second_set()
    third_set()
