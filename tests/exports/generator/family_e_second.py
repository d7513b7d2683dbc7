"""Family E, second set: how other groups, machines and registries name the same columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from .family_e import UNTESTED, Getter, Words, fill, fwave, heads, motor, sensory
from .kit import Bad, Export, Grid, Study, V, absent
from .people import Person, person

Columns = list[tuple[str, Any]]
Plan = Iterable[tuple[str, str, str, int]]

ARM = {"median": ("wrist", "elbow"), "ulnar": ("wrist", "below_elbow", "above_elbow")}
LEG = {"fibular": ("ankle", "below_fibular_head"), "tibial": ("ankle", "popliteal_fossa")}
FOUR = ARM | LEG
FEW: Plan = (
    ("1001", "cidp", "F", 61),
    ("1002", "normal", "M", 44),
    ("1003", "axonal_severe", "M", 70),
)


def loose(get: Getter, **over: Any) -> Getter:
    """The same cell where the heading does not say the site."""

    def cell(p: Person) -> Any:
        found = get(p)
        if isinstance(found, V):
            found.over = found.over | {"stimulation": None} | over
        return found

    return cell


def scaled(get: Getter, factor: float, dec: int) -> Getter:
    """The same cell printed in another unit."""

    def cell(p: Person) -> Any:
        found = get(p)
        if isinstance(found, V) and found.value is not None:
            found.scale, found.dec = factor, dec
        return found

    return cell


def dist(side: str, nerve: str, site: str, scale: float = 1.0) -> Getter:
    def get(p: Person) -> Any:
        sites = p.motor[side, nerve].chain(*FOUR[nerve])
        here = next(s for s in sites if s.name == site)
        if here.absent:
            return ""
        over = {
            "study": "motor",
            "nerve": nerve,
            "side": side,
            "recording": None,
            "stimulation": site,
        }
        return V(float(here.dist), "distance", 0 if scale == 1 else 1, scale=scale, over=over)

    return get


def people(
    e: Export,
    g: Grid,
    cols: Columns,
    plan: Plan,
    seed: int,
    first: Callable[[str, str, int, int], list[Any]],
    **kw: Any,
) -> None:
    """One row per patient; `first` gives the leading cells of id, sex, age and number."""
    for n, (pid, kind, sex, age) in enumerate(plan):
        p = person(pid, kind, sex, age, kw.get("height", 170), seed)
        dates = kw.get("dates")
        st = e.study(kw["shown"](pid) if "shown" in kw else pid, dates[n] if dates else None,
                     kw.get("age", lambda a: a)(age), kw.get("sex", lambda s: s)(sex), kw.get("height_cm"))  # fmt: skip
        fill(g, cols, p, st, first(pid, sex, age, n))


def e15_spss() -> None:
    e = Export("E", "e15_spss_eight_letters.csv", "SPSS names of eight letters (RMEDCMPE, RULCMPBE), sex 1/2 without a code "
               "book, SYSMIS as blank, an index column 'caseno'")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="0", missing="")
    w.dec |= {"vel": 1, "amp": 2}
    cols: Columns = []
    for s, side in (("R", "right"), ("L", "left")):
        m = lambda nerve, what, site, side=side: motor(w, side, nerve, what, site, FOUR[nerve])  # noqa: E731
        cols += [
            (f"{s}MEDDML", m("median", "lat", "wrist")), (f"{s}MEDCMPW", m("median", "amp", "wrist")),
            (f"{s}MEDCMPE", m("median", "amp", "elbow")), (f"{s}MEDMCV", m("median", "vel", "elbow")),
            (f"{s}MEDFMIN", fwave(w, side, "median", blank=True)), (f"{s}ULNDML", m("ulnar", "lat", "wrist")),
            (f"{s}ULCMPW", m("ulnar", "amp", "wrist")), (f"{s}ULCMPBE", m("ulnar", "amp", "below_elbow")),
            (f"{s}ULCMPAE", m("ulnar", "amp", "above_elbow")), (f"{s}TIBDML", m("tibial", "lat", "ankle")),
            (f"{s}TIBCMPA", m("tibial", "amp", "ankle")), (f"{s}TIBMCV", m("tibial", "vel", "popliteal_fossa")),
            (f"{s}SURSNAP", sensory(w, side, "sural", "amp")), (f"{s}SURSCV", sensory(w, side, "sural", "vel")),
        ]  # fmt: skip
    g.row("CASENO", "SEX", "AGE", *heads(cols))
    people(
        e,
        g,
        cols,
        FEW,
        301,
        lambda pid, sex, age, n: [pid, {"M": 1, "F": 2}[sex], age],
        sex=lambda s: None,
    )
    e.issue("warning", "sex codes not decoded", 2, "SEX")
    e.save_text(newline="\n")


def e16_r_names() -> None:
    e = Export("E", "e16_r_dotted_names.csv", "written by R: quoted names with dots for blanks and brackets "
               "(Right.Median.Motor.Wrist.Latency..ms.), row numbers in a first column without heading, NA")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="NR", absent_rest="NA", missing="NA")
    w.dec |= {"lat": 2}
    cols: Columns = []
    for side in ("right", "left"):
        for nerve, sites in FOUR.items():
            word = {"fibular": "Peroneal"}.get(nerve, nerve.capitalize())
            for i, site in enumerate(sites):
                name = {"below_elbow": "Below.Elbow", "above_elbow": "Above.Elbow", "below_fibular_head": "Fibular.Head",
                        "popliteal_fossa": "Popliteal.Fossa"}.get(site, site.capitalize())  # fmt: skip
                pre = f"{side.capitalize()}.{word}.Motor.{name}"
                cols.append((f"{pre}.Latency..ms.", motor(w, side, nerve, "lat", site, sites)))
                cols.append((f"{pre}.Amplitude..mV.", motor(w, side, nerve, "amp", site, sites)))
                if i:
                    cols.append(
                        (f"{pre}.Velocity..m.s.", motor(w, side, nerve, "vel", site, sites))
                    )
        for key, word in (("sural", "Sural"), ("ulnar_d5", "Ulnar")):
            cols.append(
                (
                    f"{side.capitalize()}.{word}.Sensory.Peak.Latency..ms.",
                    sensory(w, side, key, "peak"),
                )
            )
            cols.append(
                (f"{side.capitalize()}.{word}.Sensory.Amplitude..uV.", sensory(w, side, key, "amp"))
            )
    g.row("", "Subject.ID", "Age..years.", "Sex", "Height..cm.", "Group", *heads(cols))
    people(e, g, cols, FEW, 302, lambda pid, sex, age, n: [n + 1, pid, age, {"M": "Male", "F": "Female"}[sex], 170, "A"],
           height_cm=170)  # fmt: skip
    e.save_text(newline="\n")


def e17_merged() -> None:
    e = Export("E", "e17_two_merged_levels.xlsx", "nerve and side merged over the measures ('Right median (APB)' over 'DML (ms)'), "
               "demographics merged over both rows, height in metres, Excel dates, empty cells between groups",
               workbook=True)  # fmt: skip
    g = e.grid("Tabelle1")
    w = Words(absent_amp="NR", absent_rest="-", missing=None)
    top: list[Any] = ["Study no.", "Date of EMG", "Age (y)", "Sex", "Height (m)"]
    low: list[Any] = [None] * 5
    cols: Columns = []
    for side in ("right", "left"):
        for nerve, sites in FOUR.items():
            muscle = {"median": "APB", "ulnar": "ADM", "fibular": "EDB", "tibial": "AH"}[nerve]
            start = len(top) + 1
            mine: Columns = [
                ("DML (ms)", motor(w, side, nerve, "lat", sites[0], sites, recording=muscle))
            ]
            for site in sites:
                word = site.replace("_", " ").replace("fibular head", "fib. head")
                mine.append(
                    (
                        f"CMAP {word} (mV)",
                        motor(w, side, nerve, "amp", site, sites, recording=muscle),
                    )
                )
            for site in sites[1:]:
                name = {
                    "above_elbow": "MCV across elbow (m/s)",
                    "below_elbow": "MCV forearm (m/s)",
                }.get(site, "MCV (m/s)")
                mine.append((name, motor(w, side, nerve, "vel", site, sites, recording=muscle)))
            mine.append(("Min. F latency (ms)", fwave(w, side, nerve)))
            top += [f"{side.capitalize()} {nerve} ({muscle})"] + [None] * (len(mine) - 1)
            low += [name for name, _ in mine]
            cols += mine
            from openpyxl.utils import get_column_letter as letter

            g.merges.append(f"{letter(start)}1:{letter(len(top))}1")
    g.row(*top)
    g.row(*low)
    for c in "ABCDE":
        g.merges.append(f"{c}1:{c}2")
    UNTESTED["1002"] = set()
    for n, (pid, kind, sex, age) in enumerate(FEW):
        p = person(pid, kind, sex, age, 171, 303)
        st = e.study(pid, f"2022-05-{11 + n}", age, sex, 171)
        fill(g, cols, p, st, [pid, datetime(2022, 5, 11 + n), age, sex, "1.71"])
    e.save_book()


def e18_redcap() -> None:
    e = Export("E", "e18_redcap_wide.csv", "REDCap export: record_id, redcap_event_name, sex 0/1 without code book, form status "
               "columns, names with a side suffix (med_cmap_elbow_l), a calculated ratio and check boxes")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="NR", missing="")
    cols: Columns = []
    for s, side in (("r", "right"), ("l", "left")):
        for nerve, sites in FOUR.items():
            word = {"median": "med", "ulnar": "uln", "fibular": "per", "tibial": "tib"}[nerve]
            for i, site in enumerate(sites):
                name = {
                    "below_elbow": "be",
                    "above_elbow": "ae",
                    "below_fibular_head": "fh",
                    "popliteal_fossa": "pf",
                }.get(site, site)
                cols.append((f"{word}_cmap_{name}_{s}", motor(w, side, nerve, "amp", site, sites)))
                if i:
                    cols.append(
                        (f"{word}_mcv_{name}_{s}", motor(w, side, nerve, "vel", site, sites))
                    )
            cols.append((f"{word}_dml_{s}", motor(w, side, nerve, "lat", sites[0], sites)))
            cols.append((f"{word}_fmin_{s}", fwave(w, side, nerve)))
        cols.append((f"sural_snap_{s}", sensory(w, side, "sural", "amp")))
        cols.append((f"sural_scv_{s}", sensory(w, side, "sural", "vel")))
    trap: Columns = [
        ("med_uln_ratio", Bad(0.9, "ratio")),
        ("nerves_tested___1", Bad(1, "check box")),
        ("ncs_complete", Bad(2, "status")),
    ]
    g.row("record_id", "redcap_event_name", "ncs_date", "age", "sex", *heads(cols), *heads(trap))
    people(e, g, [*cols, *trap], FEW, 304, lambda pid, sex, age, n: [pid, "baseline_arm_1", f"2020-02-0{n + 1}", age, n % 2],
           sex=lambda s: None, dates=["2020-02-01", "2020-02-02", "2020-02-03"])  # fmt: skip
    e.issue("warning", "sex code", 2, "sex")
    e.save_text(newline="\n")


def e19_french() -> None:
    e = Export("E", "e19_registre_francais.csv", "French registry: D/G, LDM, PAM, VCM, 'onde F', H/F for sex, semicolons, decimal "
               "comma, cp1252, dates d/m/y, 'absent' and 'NF' (not done)")  # fmt: skip
    g = e.grid()
    g.comma = True
    w = Words(absent_amp="absent", absent_rest="", missing="NF")
    cols: Columns = []
    for s, side in (("D", "right"), ("G", "left")):
        for nerve, word, site_words in (
            ("median", "Médian", ("poignet", "coude")),
            ("ulnar", "Ulnaire", ("poignet", "sous le coude", "au-dessus du coude")),
            ("tibial", "Tibial", ("cheville", "creux poplité")),
        ):
            sites = FOUR[nerve]
            cols.append((f"{word} {s} LDM (ms)", motor(w, side, nerve, "lat", sites[0], sites)))
            for site, name in zip(sites, site_words, strict=True):
                cols.append(
                    (
                        f"{word} {s} amplitude motrice {name} (mV)",
                        motor(w, side, nerve, "amp", site, sites),
                    )
                )
            for site, name in zip(sites[1:], site_words[1:], strict=True):
                before = site_words[site_words.index(name) - 1]
                cols.append(
                    (
                        f"{word} {s} VCM {before}-{name} (m/s)",
                        motor(w, side, nerve, "vel", site, sites),
                    )
                )
            cols.append((f"{word} {s} latence onde F (ms)", fwave(w, side, nerve)))
        cols.append((f"Sural {s} amplitude sensitive (µV)", sensory(w, side, "sural", "amp")))
        cols.append((f"Sural {s} VCS (m/s)", sensory(w, side, "sural", "vel")))
    g.row("N° dossier", "Date de l'examen", "Âge (ans)", "Sexe (H/F)", "Taille (cm)", *heads(cols))
    UNTESTED["1002"] = {("left", "tibial"), ("left", "sural")}
    people(e, g, cols, FEW, 305, lambda pid, sex, age, n: [pid, f"{14 + n}/03/2021", age, {"M": "H", "F": "F"}[sex], 170],
           dates=["2021-03-14", "2021-03-15", "2021-03-16"], height_cm=170)  # fmt: skip
    UNTESTED.pop("1002")
    e.save_text(";", "cp1252")


def e20_german() -> None:
    e = Export("E", "e20_register_deutsch.xlsx", "German register: 'N. medianus re MSAP Handgelenk [mV]', m/w, numbers as text with "
               "comma, 'n.a.' and 'nicht auslösbar', 'Größe [cm]'", workbook=True)  # fmt: skip
    g = e.grid("Neurographie")
    g.comma = True
    g.text_numbers = True
    w = Words(absent_amp="nicht auslösbar", absent_rest=None, missing="n.u.")
    cols: Columns = []
    for s, side in (("re", "right"), ("li", "left")):
        for nerve, word, names in (
            ("median", "N. medianus", ("Handgelenk", "Ellenbeuge")),
            ("ulnar", "N. ulnaris", ("Handgelenk", "unterhalb Sulcus", "oberhalb Sulcus")),
            ("fibular", "N. peroneus", ("Sprunggelenk", "Fibulaköpfchen")),
        ):
            sites = FOUR[nerve]
            cols.append((f"{word} {s} DML [ms]", motor(w, side, nerve, "lat", sites[0], sites)))
            for site, name in zip(sites, names, strict=True):
                cols.append(
                    (f"{word} {s} MSAP {name} [mV]", motor(w, side, nerve, "amp", site, sites))
                )
            for site, name in zip(sites[1:], names[1:], strict=True):
                cols.append(
                    (f"{word} {s} mNLG {name} [m/s]", motor(w, side, nerve, "vel", site, sites))
                )
            cols.append((f"{word} {s} F-Wellen-Latenz [ms]", fwave(w, side, nerve)))
        cols.append((f"N. suralis {s} SNAP [µV]", sensory(w, side, "sural", "amp")))
        cols.append((f"N. suralis {s} sNLG [m/s]", sensory(w, side, "sural", "vel")))
    g.row("Pat.-Nr.", "Untersuchungsdatum", "Alter", "Geschlecht", "Größe [cm]", *heads(cols))
    people(e, g, cols, FEW, 306, lambda pid, sex, age, n: [pid, f"{n + 3}.11.2018", age, {"M": "m", "F": "w"}[sex], 170],
           dates=["2018-11-03", "2018-11-04", "2018-11-05"], height_cm=170)  # fmt: skip
    e.save_book()


def e21_portuguese() -> None:
    e = Export("E", "e21_planilha_portugues.csv", "Portuguese: D/E for the sides beside 'cotovelo', PAMC, VCM, 'latência distal', "
               "'ausente', semicolons, comma, sex masculino/feminino")  # fmt: skip
    g = e.grid()
    g.comma = True
    w = Words(absent_amp="ausente", absent_rest="", missing="")
    cols: Columns = []
    for s, side in (("D", "right"), ("E", "left")):
        for nerve, word, names in (
            ("median", "Mediano", ("punho", "cotovelo")),
            ("tibial", "Tibial", ("tornozelo", "fossa poplítea")),
        ):
            sites = FOUR[nerve]
            cols.append((f"{word} {s} latência distal motora (ms)" if False else f"{word} motor {s} latência distal (ms)",
                         motor(w, side, nerve, "lat", sites[0], sites)))  # fmt: skip
            for site, name in zip(sites, names, strict=True):
                cols.append(
                    (
                        f"{word} motor {s} amplitude {name} (mV)",
                        motor(w, side, nerve, "amp", site, sites),
                    )
                )
            cols.append(
                (
                    f"{word} motor {s} velocidade (m/s)",
                    motor(w, side, nerve, "vel", sites[1], sites),
                )
            )
            cols.append((f"{word} {s} onda F (ms)", fwave(w, side, nerve)))
        cols.append((f"Sural {s} amplitude (µV)", sensory(w, side, "sural", "amp")))
        cols.append((f"Sural {s} velocidade (m/s)", sensory(w, side, "sural", "vel")))
    g.row("Prontuário", "Data do exame", "Idade", "Sexo", "Altura (cm)", *heads(cols))
    people(e, g, cols, FEW, 307,
           lambda pid, sex, age, n: [pid, f"{20 + n}/06/2019", age, {"M": "masculino", "F": "feminino"}[sex], 170],
           dates=["2019-06-20", "2019-06-21", "2019-06-22"], height_cm=170)  # fmt: skip
    e.save_text(";", "utf-8", bom=b"\xef\xbb\xbf")


def e22_visit_columns() -> None:
    e = Export("E", "e22_visits_as_columns.csv", "visits as columns: every measure with _V1 and _V2, a date each; one patient did "
               "not come to the second visit")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="NR", missing="")
    names: list[str] = []
    for visit in ("V1", "V2"):
        names.append(f"ncs_date_{visit}")
        for s in ("R", "L"):
            names += [f"{s}_Median_DML_{visit}", f"{s}_Median_CMAP_wrist_{visit}", f"{s}_Median_CMAP_elbow_{visit}",
                      f"{s}_Median_MCV_{visit}", f"{s}_Sural_SNAP_{visit}"]  # fmt: skip
    g.row("ID", "age", "sex", *names)
    for n, (pid, kind, sex, age) in enumerate(FEW):
        cells: list[Any] = []
        here: list[Study] = []
        for v in (1, 2):
            if v == 2 and n == 1:
                cells += [""] * 11
                continue
            date = f"202{v}-04-1{n}"
            st = e.study(pid, date, age, sex)
            here.append(st)
            cells.append(date)
            p = person(pid, kind, sex, age, 170, 308 + v)
            for side in ("right", "left"):
                sites = ARM["median"]
                for get in (
                    motor(w, side, "median", "lat", "wrist", sites), motor(w, side, "median", "amp", "wrist", sites),
                    motor(w, side, "median", "amp", "elbow", sites), motor(w, side, "median", "vel", "elbow", sites),
                    sensory(w, side, "sural", "amp"),
                ):  # fmt: skip
                    cells.append((st, get(p)))
        row = g.next
        out = []
        for c, cell in enumerate([pid, age, sex, *cells], 1):
            st, cell = cell if isinstance(cell, tuple) else (None, cell)
            out.append(g._cell(cell, row, c, st, {}))
        g.rows.append(out)
    e.save_text(newline="\n")


def e23_percent_beside() -> None:
    e = Export("E", "e23_percent_beside_raw.csv", "percent of ULN or LLN and z-scores beside each raw column; a mean MCV of both sides; "
               "columns of judgments (normal / abnormal)")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="NR", missing="")
    cols: Columns = []
    for s, side in (("Right", "right"), ("Left", "left")):
        for nerve, lim in (("median", (4.4, 4.0, 49.0)), ("tibial", (5.8, 4.0, 41.0))):
            sites = FOUR[nerve]
            word = nerve.capitalize()

            def part(get: Getter, limit: float) -> Getter:
                def cell(p: Person) -> Any:
                    found = get(p)
                    return (
                        Bad(100 * found.value / limit, "percent")
                        if isinstance(found, V) and found.value
                        else ""
                    )

                return cell

            lat, amp = (
                motor(w, side, nerve, "lat", sites[0], sites),
                motor(w, side, nerve, "amp", sites[0], sites),
            )
            vel = motor(w, side, nerve, "vel", sites[1], sites)
            cols += [
                (f"{s} {word} DML (ms)", lat), (f"{s} {word} DML (% ULN)", part(lat, lim[0])),
                (f"{s} {word} CMAP (mV)", amp), (f"{s} {word} CMAP % of LLN", part(amp, lim[1])),
                (f"{s} {word} MCV (m/s)", loose(vel)), (f"{s} {word} MCV %LLN", part(vel, lim[2])),
                (f"{s} {word} MCV z-score", Bad(-1.3, "z-score")), (f"{s} {word} MCV abnormal (0/1)", Bad(1, "judgment")),
            ]  # fmt: skip
    cols.append(("Mean Median MCV", Bad(51.2, "mean of both sides")))
    g.row("Patient ID", "Age", "Sex", *heads(cols))
    people(e, g, cols, FEW, 309, lambda pid, sex, age, n: [pid, age, sex])
    e.save_text()


def e24_microvolt() -> None:
    e = Export("E", "e24_units_row_microvolt_cm.csv", "a row of units under CamelCase names: CMAP in µV, distances in cm, latencies in "
               "ms; temperature columns; no id, but a serial number")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="NR", absent_rest="", missing="NT")
    cols: Columns = []
    units: list[str] = []
    for side in ("Right", "Left"):
        low = side.lower()
        for nerve in ("median", "ulnar"):
            sites, word = ARM[nerve], nerve.capitalize()
            for i, site in enumerate(sites):
                name = "".join(part.capitalize() for part in site.split("_"))
                cols.append(
                    (
                        f"{side}{word}{name}CMAP",
                        scaled(motor(w, low, nerve, "amp", site, sites), 1000, 0),
                    )
                )
                cols.append((f"{side}{word}{name}Lat", motor(w, low, nerve, "lat", site, sites)))
                units += ["µV", "ms"]
                if i:
                    cols.append((f"{side}{word}{name}Dist", dist(low, nerve, site, 0.1)))
                    cols.append(
                        (f"{side}{word}{name}Velocity", motor(w, low, nerve, "vel", site, sites))
                    )
                    units += ["cm", "m/s"]
        cols.append((f"{side}MedianSNAP", sensory(w, low, "median_d2", "amp")))
        units.append("µV")
    g.row("SerialNumber", "Age", "Sex", "HandTemp", *heads(cols))
    g.row("", "years", "", "°C", *units)
    people(e, g, cols, FEW, 310, lambda pid, sex, age, n: [pid, age, sex, "32.1"])
    e.flags["factors"] = [0.001, 10]
    e.save_text(newline="\n")


def e25_missing_codes() -> None:
    e = Export("E", "e25_codes_with_code_book.xlsx", "999 not done, -9 not recorded, sex 0/1 explained in a code book sheet; a sheet of "
               "limits; SNAP columns in which 99 stands too", workbook=True)  # fmt: skip
    g = e.grid("data")
    w = Words(absent_amp="NR", missing=None)
    cols: Columns = []
    for s, side in (("Rt", "right"), ("Lt", "left")):
        sites = LEG["tibial"]
        cols += [
            (f"{s} tibial DML", motor(w, side, "tibial", "lat", "ankle", sites)),
            (f"{s} tibial CMAP ankle", motor(w, side, "tibial", "amp", "ankle", sites)),
            (f"{s} tibial CMAP knee", motor(w, side, "tibial", "amp", "popliteal_fossa", sites)),
            (f"{s} tibial MCV", loose(motor(w, side, "tibial", "vel", "popliteal_fossa", sites))),
            (f"{s} sural SNAP", sensory(w, side, "sural", "amp")),
        ]
    g.row("Subject", "sex", "age", *heads(cols))
    for n, (pid, kind, sex, age) in enumerate(FEW):
        p = person(pid, kind, sex, age, 170, 311)
        st = e.study(pid, None, age, sex)
        st.accept = {"sex": [sex, None]}
        cells = [get(p) for _, get in cols]
        if n == 1:
            cells[5:10] = [
                Bad(999, "code"),
                Bad(999, "code"),
                Bad(999, "code"),
                Bad(999, "code"),
                Bad(999, "code"),
            ]
        if n == 2:
            cells[4] = Bad(-9, "code")
        row = g.row(pid, {"M": 1, "F": 0}[sex], age, *cells, st=st)
        if n == 2:  # 999 is explained by the code book, -9 is not
            e.issue("error", "code -9", row, heads(cols)[4])
    book = e.grid("codebook")
    book.row("variable", "meaning")
    book.row("sex", "0 = female, 1 = male")
    book.row("999", "not done")
    e.exit_status = 1
    e.save_book()


def e26_infants() -> None:
    e = Export("E", "e26_infants_months.csv", "children: age in months in the heading, length in cm, small distances; 'Lt'/'Rt' at the "
               "end; sensory columns with 'onset' and 'peak'")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="absent", missing="n/a")
    w.dec |= {"lat": 2}
    cols: Columns = []
    for s, side in (("Rt", "right"), ("Lt", "left")):
        sites = ARM["median"]
        cols += [
            (
                f"Median motor onset latency wrist (ms) {s}",
                motor(w, side, "median", "lat", "wrist", sites),
            ),
            (
                f"Median motor amplitude wrist (mV) {s}",
                motor(w, side, "median", "amp", "wrist", sites),
            ),
            (
                f"Median motor amplitude elbow (mV) {s}",
                motor(w, side, "median", "amp", "elbow", sites),
            ),
            (f"Median motor CV (m/s) {s}", motor(w, side, "median", "vel", "elbow", sites)),
            (f"Median sensory onset latency (ms) {s}", sensory(w, side, "median_d2", "onset")),
            (f"Median sensory peak latency (ms) {s}", sensory(w, side, "median_d2", "peak")),
            (f"Median sensory amplitude (µV) {s}", sensory(w, side, "median_d2", "amp")),
        ]
    g.row("Child", "Age (months)", "Sex", "Length (cm)", *heads(cols))
    for pid, sex, months in (("C-01", "F", 8), ("C-02", "M", 30), ("C-03", "F", 14)):
        p = person(pid, "normal", sex, 2, 80, 312)
        st = e.study(pid, None, round(months / 12, 3), sex)
        st.accept = {"height_cm": [80, None]}
        fill(g, cols, p, st, [pid, months, sex, 80])
    e.save_text(newline="\n")


def e27_row_per_side() -> None:
    e = Export("E", "e27_row_per_side_feet.csv", "one row per patient and side, the id only on the first of the two rows; height in feet "
               "and inches; 'Side' Lt/Rt; several nerves")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="NR", missing="")
    heading = ["Median DML", "Median CMAP wrist", "Median CMAP elbow", "Median MCV", "Ulnar DML", "Ulnar CMAP wrist",
               "Peroneal CMAP ankle", "Sural SNAP amp", "Tibial F min", "H reflex latency"]  # fmt: skip
    g.row("Pt ID", "Visit Date", "Age", "Gender", "Ht", "Side", *heading)
    for n, (pid, kind, sex, age) in enumerate(FEW):
        p = person(pid, kind, sex, age, 175, 313)
        st = e.study(pid, f"2017-08-{21 + n}", age, sex, 175.26)
        for k, (word, side) in enumerate((("Rt", "right"), ("Lt", "left"))):
            a = ARM["median"]
            h = p.h[side].minimum
            over = {"study": "h_reflex", "nerve": "tibial", "side": side}
            cells = [
                motor(w, side, "median", "lat", "wrist", a)(p), motor(w, side, "median", "amp", "wrist", a)(p),
                motor(w, side, "median", "amp", "elbow", a)(p), motor(w, side, "median", "vel", "elbow", a)(p),
                motor(w, side, "ulnar", "lat", "wrist", ("wrist",))(p), motor(w, side, "ulnar", "amp", "wrist", ("wrist",))(p),
                motor(w, side, "fibular", "amp", "ankle", ("ankle",))(p), sensory(w, side, "sural", "amp")(p),
                fwave(w, side, "tibial")(p), absent("NR", "h_reflex", over=over) if h is None else V(h, "h_latency", over=over),
            ]  # fmt: skip
            lead = [pid, f"8/{21 + n}/2017", age, sex, "5'9\""] if k == 0 else ["", "", "", "", ""]
            g.row(*lead, word, *cells, st=st)
    e.save_text()


def e28_row_per_nerve() -> None:
    e = Export("E", "e28_row_per_nerve.csv", "one row per patient, nerve and side: DML, CMAP dist, CMAP prox, MCV, F min, SNAP, SCV; "
               "cells that do not apply are blank")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="NR", missing="")
    g.row("ID", "Age", "Sex", "Nerve", "Side", "DML (ms)", "CMAP dist (mV)", "CMAP prox (mV)", "MCV (m/s)", "F min (ms)",
          "SNAP (µV)", "SCV (m/s)")  # fmt: skip
    for pid, kind, sex, age in FEW:
        p = person(pid, kind, sex, age, 170, 314)
        st = e.study(pid, None, age, sex)
        for side in ("right", "left"):
            for nerve, word in (("median", "Median"), ("tibial", "Tibial"), ("sural", "Sural")):
                if nerve == "sural":
                    g.row(pid, age, sex, word, side.capitalize(), "", "", "", "", "", sensory(w, side, "sural", "amp")(p),
                          sensory(w, side, "sural", "vel")(p), st=st)  # fmt: skip
                    continue
                sites = FOUR[nerve]
                g.row(pid, age, sex, word, side.capitalize(), motor(w, side, nerve, "lat", sites[0], sites)(p),
                      motor(w, side, nerve, "amp", sites[0], sites)(p), loose(motor(w, side, nerve, "amp", sites[1], sites))(p),
                      loose(motor(w, side, nerve, "vel", sites[1], sites))(p), fwave(w, side, nerve)(p), "", "",
                      st=st)  # fmt: skip
    e.flags["repeats"] = True
    e.save_text()


def e29_italian() -> None:
    e = Export("E", "e29_italiano_dx_sx.csv", "Italian: dx/sx, 'latenza distale motoria', 'ampiezza cMAP polso', 'velocità', 'assente'; "
               "sex M/F; the sides last")  # fmt: skip
    g = e.grid()
    g.comma = True
    w = Words(absent_amp="assente", missing="")
    cols: Columns = []
    for s, side in (("dx", "right"), ("sx", "left")):
        for nerve, word, names in (
            ("median", "Mediano", ("polso", "gomito")),
            ("tibial", "Tibiale", ("caviglia", "cavo popliteo")),
        ):
            sites = FOUR[nerve]
            cols.append(
                (
                    f"{word} latenza distale motoria (ms) {s}",
                    motor(w, side, nerve, "lat", sites[0], sites),
                )
            )
            for site, name in zip(sites, names, strict=True):
                cols.append(
                    (
                        f"{word} ampiezza cMAP {name} (mV) {s}",
                        motor(w, side, nerve, "amp", site, sites),
                    )
                )
            cols.append(
                (
                    f"{word} velocità motoria (m/s) {s}",
                    motor(w, side, nerve, "vel", sites[1], sites),
                )
            )
        cols.append((f"Surale ampiezza SAP (µV) {s}", sensory(w, side, "sural", "amp")))
        cols.append((f"Surale velocità (m/s) {s}", sensory(w, side, "sural", "vel")))
    g.row("Codice paziente", "Data esame", "Età", "Sesso", "Altezza (cm)", *heads(cols))
    people(e, g, cols, FEW, 315, lambda pid, sex, age, n: [pid, f"{n + 1}.2.2020", age, sex, 170],
           dates=["2020-02-01", "2020-02-02", "2020-02-03"], height_cm=170)  # fmt: skip
    e.save_text(";")


def e30_chinese() -> None:
    e = Export("E", "e30_chinese_headings.csv", "Chinese headings without blanks: 右正中神经远端潜伏期(ms), 左尺神经腕波幅(mV); sexes 男/女; "
               "未引出 for no response; gb18030", )  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="未引出", missing="")
    cols: Columns = []
    for s, side in (("右", "right"), ("左", "left")):
        for nerve, word, names in (
            ("median", "正中神经", ("腕", "肘")),
            ("tibial", "胫神经", ("踝", "腘窝")),
        ):
            sites = FOUR[nerve]
            cols.append(
                (f"{s}{word}运动远端潜伏期(ms)", motor(w, side, nerve, "lat", sites[0], sites))
            )
            for site, name in zip(sites, names, strict=True):
                cols.append(
                    (f"{s}{word}运动{name}波幅(mV)", motor(w, side, nerve, "amp", site, sites))
                )
            cols.append(
                (f"{s}{word}运动传导速度(m/s)", motor(w, side, nerve, "vel", sites[1], sites))
            )
        cols.append((f"{s}腓肠神经感觉波幅(μV)", sensory(w, side, "sural", "amp")))
        cols.append((f"{s}腓肠神经感觉传导速度(m/s)", sensory(w, side, "sural", "vel")))
    g.row("患者编号", "检查日期", "年龄", "性别", "身高", *heads(cols))
    people(e, g, cols, FEW, 316, lambda pid, sex, age, n: [pid, f"2019-09-0{n + 1}", age, {"M": "男", "F": "女"}[sex], 170],
           dates=["2019-09-01", "2019-09-02", "2019-09-03"], height_cm=170)  # fmt: skip
    e.save_text(",", "gb18030")


def e31_fingers() -> None:
    e = Export("E", "e31_fingers_conventions.csv", "fingers without their nerve (R D2 SNAP), base-to-peak and peak-to-peak beside each "
               "other, superficial radial, muscles without their nerve (EDB CMAP R)")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="NR", missing="")
    cols: Columns = []
    for s, side in (("R", "right"), ("L", "left")):
        cols += [
            (f"{s} D2 SNAP (uV)", sensory(w, side, "median_d2", "amp")),
            (f"{s} D2 peak latency (ms)", sensory(w, side, "median_d2", "peak")),
            (f"{s} D2 SCV (m/s)", sensory(w, side, "median_d2", "vel")),
            (f"{s} D5 SNAP (uV)", sensory(w, side, "ulnar_d5", "amp")),
            (f"{s} D5 SCV (m/s)", sensory(w, side, "ulnar_d5", "vel")),
            (f"{s} superficial radial SNAP (uV)", sensory(w, side, "sradial", "amp")),
            (f"{s} sup. peroneal SNAP (uV)", sensory(w, side, "sfibular", "amp")),
            (f"{s} sural SNAP base-to-peak (uV)", sensory(w, side, "sural", "amp")),
            (f"{s} sural SNAP peak-to-peak (uV)", sensory(w, side, "sural", "amp_pp")),
            (
                f"{s} EDB CMAP ankle (mV)",
                motor(w, side, "fibular", "amp", "ankle", LEG["fibular"], recording="EDB"),
            ),
            (
                f"{s} EDB DML (ms)",
                motor(w, side, "fibular", "lat", "ankle", LEG["fibular"], recording="EDB"),
            ),
            (
                f"{s} APB CMAP wrist (mV)",
                motor(w, side, "median", "amp", "wrist", ARM["median"], recording="APB"),
            ),
        ]
    g.row("Participant ID", "Age", "Sex", *heads(cols))
    people(e, g, cols, FEW, 317, lambda pid, sex, age, n: [pid, age, sex])
    e.flags["repeats"] = True
    e.save_text()


def e32_late() -> None:
    e = Export("E", "e32_late_responses.csv", "F waves in full (minimal, mean and maximal latency, persistence, chronodispersion) and "
               "H reflexes (latency, H/M ratio); only minimal latencies and persistence are readings")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="absent", missing="")
    cols: Columns = []
    for s, side in (("left", "left"), ("right", "right")):
        for nerve in ("median", "tibial"):

            def late(p: Person, side: str = side, nerve: str = nerve, what: str = "mean") -> Any:
                value = getattr(p.f[side, nerve], "mean" if what == "mean" else "maximum")
                return "" if value is None else Bad(value, f"{what} F latency")

            def spread(p: Person, side: str = side, nerve: str = nerve) -> Any:
                f = p.f[side, nerve]
                return (
                    ""
                    if f.maximum is None or f.minimum is None
                    else Bad(f.maximum - f.minimum, "chronodispersion")
                )

            cols += [
                (f"{nerve} {s} F-wave minimal latency", fwave(w, side, nerve)),
                (f"{nerve} {s} F-wave mean latency", late),
                (f"{nerve} {s} F-wave maximal latency", lambda p, f=late: f(p, what="max")),
                (f"{nerve} {s} F-wave persistence (%)", fwave(w, side, nerve, what="pers")),
                (f"{nerve} {s} F-wave chronodispersion", spread),
            ]

        def h(p: Person, side: str = side) -> Any:
            value, over = p.h[side].minimum, {"study": "h_reflex", "nerve": "tibial", "side": side}
            return (
                absent("absent", "h_reflex", over=over)
                if value is None
                else V(value, "h_latency", over=over)
            )

        cols += [(f"soleus H-reflex latency {s}", h), (f"H/M ratio {s}", Bad(0.4, "ratio"))]
    g.row("ID", "Age", "Sex", "Height", *heads(cols))
    people(e, g, cols, FEW, 318, lambda pid, sex, age, n: [pid, age, sex, 170], height_cm=170)
    e.save_text()


def second_set() -> None:
    e15_spss()
    e16_r_names()
    e17_merged()
    e18_redcap()
    e19_french()
    e20_german()
    e21_portuguese()
    e22_visit_columns()
    e23_percent_beside()
    e24_microvolt()
    e25_missing_codes()
    e26_infants()
    e27_row_per_side()
    e28_row_per_nerve()
    e29_italian()
    e30_chinese()
    e31_fingers()
    e32_late()
