"""Family H: the contract's tidy table, perturbed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .kit import Bad, Export, Grid, Odd, Study, V, absent
from .people import Person, person

Row = dict[str, Any]


def context(row: Row) -> dict[str, Any]:
    ctx = {k: row.get(k) for k in ("study", "nerve", "side", "recording", "stimulation")}
    return ctx


def motor_rows(p: Person, side: str, nerve: str, sites: tuple[str, ...]) -> list[Row]:
    """Tidy rows of one motor nerve; values are `V`s under the contract's column names."""
    m = p.motor[side, nerve]
    out: list[Row] = []
    for i, s in enumerate(m.chain(*sites)):
        row: Row = {
            "study": "motor",
            "nerve": m.nerve,
            "side": side,
            "recording": m.recording,
            "stimulation": s.name,
        }
        if s.absent:
            row["response"] = absent("absent")
        else:
            row["response"] = "present"
            row["latency_ms"] = V(s.lat, "proximal_latency" if i else "distal_latency", 1)
            row["amplitude_mv"] = V(s.amp, "amplitude", 2)
            row["area_mvms"] = V(s.area, "area", 1)
            row["duration_ms"] = V(s.dur, "duration", 1)
            row["distance_mm"] = V(float(s.dist), "distance", 0)
            if s.vel:
                row["velocity_m_per_s"] = V(s.vel, "velocity", 1)
        out.append(row)
    return out


def sensory_row(p: Person, side: str, key: str) -> Row:
    x = p.sensory[side, key]
    row: Row = {
        "study": "sensory",
        "nerve": x.nerve,
        "side": side,
        "recording": x.recording,
        "stimulation": x.stimulation,
    }
    if x.absent:
        row["response"] = absent("absent", "sensory")
        return row
    row["response"] = "present"
    row["latency_ms"] = V(x.onset, "onset_latency", 1)
    row["peak_latency_ms"] = V(x.peak, "peak_latency", 1)
    row["amplitude_uv"] = V(x.amp, "amplitude", 1)
    row["distance_mm"] = V(float(x.dist), "distance", 0)
    row["velocity_m_per_s"] = V(x.vel, "velocity", 1)
    return row


def f_row(p: Person, side: str, nerve: str) -> Row:
    f = p.f[side, nerve]
    row: Row = {
        "study": "f_wave",
        "nerve": nerve,
        "side": side,
        "recording": f.recording,
        "stimulation": f.stimulation,
    }
    if f.minimum is None:
        row["response"] = absent("absent", "f_wave")
    else:
        row["response"] = "present"
        row["latency_ms"] = V(f.minimum, "minimal_f_latency", 1)
        row["persistence_pct"] = V(float(f.persistence), "f_persistence", 0)
    return row


def h_row(p: Person, side: str) -> Row:
    h = p.h[side]
    row: Row = {
        "study": "h_reflex",
        "nerve": "tibial",
        "side": side,
        "recording": "soleus",
        "stimulation": "popliteal_fossa",
    }
    if h.minimum is None:
        row["response"] = absent("absent", "h_reflex")
    else:
        row["response"] = "present"
        row["latency_ms"] = V(h.minimum, "h_latency", 1)
    return row


def some(p: Person) -> list[Row]:
    """A small sound study of everything."""
    out = motor_rows(p, "right", "median", ("wrist", "elbow"))
    out += motor_rows(p, "right", "ulnar", ("wrist", "below_elbow", "above_elbow"))
    out += motor_rows(p, "left", "fibular", ("ankle", "below_fibular_head"))
    out += [sensory_row(p, "right", "median_d2"), sensory_row(p, "left", "sural")]
    out += [f_row(p, "right", "ulnar"), f_row(p, "left", "tibial"), h_row(p, "left")]
    return out


BASE = [
    "patient_id",
    "study_date",
    "age_years",
    "sex",
    "height_cm",
    "study",
    "nerve",
    "side",
    "recording",
    "stimulation",
    "response",
    "latency_ms",
    "peak_latency_ms",
    "amplitude_mv",
    "amplitude_uv",
    "area_mvms",
    "duration_ms",
    "distance_mm",
    "velocity_m_per_s",
    "persistence_pct",
]


def put(g: Grid, st: Study, row: Row, columns: list[str], who: Row) -> int:
    """One tidy row; context columns are written from the row itself."""
    cells = {**who, **row}
    return g.row(*(cells.get(c, "") for c in columns), st=st, **context(row))


def h01_order_capitals_covariates() -> None:
    e = Export(
        "H",
        "h01_order_capitals.csv",
        "columns in another order, headings in capitals and with blanks ('Patient ID', 'LATENCY MS'), "
        "extra covariates (serum_level, Amplitude_comment) carried along, values with stray blanks",
    )
    g = e.grid()
    p = person("T-1", "cidp", "F", 58, 163, 201)
    st = e.study("T-1", "2024-01-30", 58, "F", 163)
    order = [
        "nerve",
        "side",
        "study",
        "stimulation",
        "recording",
        "amplitude_mv",
        "latency_ms",
        "duration_ms",
        "velocity_m_per_s",
        "distance_mm",
        "amplitude_uv",
        "peak_latency_ms",
        "persistence_pct",
        "response",
        "patient_id",
        "study_date",
        "age_years",
        "sex",
        "height_cm",
    ]
    e.assumed.append("headings with blanks or capitals are the contract's columns")
    g.row(*[c.upper() if n % 3 else c.capitalize() for n, c in enumerate(order)],
          "Serum_Level", "Amplitude_comment")  # fmt: skip
    who = {"patient_id": "T-1", "study_date": "2024-01-30", "age_years": 58, "sex": "F",
           "height_cm": 163}  # fmt: skip
    for row in some(p):
        row["nerve_shown"] = row["nerve"]
        row |= {"extra": "12.4", "note": "ok 3.5"}
        put(g, st, row, [*order, "extra", "note"], who)
    for i, row in enumerate(g.rows[1:], 1):
        row[0] = str(row[0]).upper() if i % 2 else f" {row[0]} "
        row[1] = str(row[1]).capitalize()
    e.save_text(newline="\n")


def h02_workbook() -> None:
    e = Export(
        "H",
        "h02_workbook.xlsx",
        "XLSX with real dates, numeric ids (1001, not 1001.0), the table starting in row 3 of the "
        "second sheet, an empty first sheet and a hidden column",
        workbook=True,
    )
    e.grid("Sheet1").row("see second sheet")
    g = e.grid("readings")
    g.row("Invented data, tidy layout")
    g.blank()
    g.row(*BASE)
    for pid, kind, sex, age in ((1001, "normal", "M", 33), (1002, "axonal_severe", "F", 70)):
        p = person(str(pid), kind, sex, age, 171, 202)
        st = e.study(str(pid), "2023-12-05", age, sex, 171)
        st.accept = {"height_cm": [171, None]}  # stands in the hidden column
        who = {"patient_id": pid, "study_date": datetime(2023, 12, 5), "age_years": age, "sex": sex,
               "height_cm": 171}  # fmt: skip
        for row in some(p):
            r = put(g, st, row, BASE, who)
            g.formats[r, 2] = "yyyy-mm-dd"
    g.hidden_columns = ["E"]
    e.save_book()


def h03_few_columns() -> None:
    e = Export(
        "H",
        "h03_few_columns.csv",
        "only the needed columns: no date, age, sex, height, response, duration or velocity; no "
        "recording; velocity may be computed; blank rows between patients; two patients",
    )
    g = e.grid()
    cols = (
        "patient_id study nerve side stimulation latency_ms amplitude_mv amplitude_uv distance_mm"
    )
    columns = cols.split()
    g.row(*columns)
    for pid, kind in (("q1", "normal"), ("q2", "cidp")):
        p = person(pid, kind, "F", 50, 165, 203)
        st = e.study(pid)
        rows = motor_rows(p, "right", "median", ("wrist", "elbow"))
        rows += motor_rows(p, "left", "tibial", ("ankle", "popliteal_fossa"))
        rows.append(sensory_row(p, "left", "sural"))
        for row in rows:
            row["recording"] = None
            put(g, st, row, columns, {"patient_id": pid})
        g.blank()
    e.issue("warning", "age missing", None, None)
    e.issue("warning", "sex missing", None, None)
    e.save_text(newline="\n", width=False)


def h04_date_of_birth() -> None:
    e = Export(
        "H",
        "h04_date_of_birth.csv",
        "date_of_birth instead of age; both dates d/m/y, each decided by one cell of its own column "
        "(study_date by 19/02/2024, date_of_birth by 30/11/1951); ages follow",
    )
    g = e.grid()
    columns = ["date_of_birth" if c == "age_years" else c for c in BASE]
    g.row(*columns)
    for pid, born, when, iso, age, exact in (
        ("d1", "04/05/1980", "02/03/2024", "2024-03-02", 43, 43.8),
        ("d2", "30/11/1951", "05/03/2024", "2024-03-05", 72, 72.3),
        ("d3", "07/08/2019", "19/02/2024", "2024-02-19", 4, 4.5),
    ):
        p = person(pid, "normal", "F", age, 165, 204)
        st = e.study(pid, iso, age, "F", 165)
        st.accept = {"age_years": [age, exact, round(exact + 0.03, 2), round(exact - 0.03, 2)]}
        who = {"patient_id": pid, "date_of_birth": born, "study_date": when, "sex": "F",
               "height_cm": 165}  # fmt: skip
        for row in motor_rows(p, "left", "ulnar", ("wrist", "below_elbow")):
            put(g, st, row, columns, who)
    e.save_text(newline="\n")


def h05_response_words() -> None:
    e = Export(
        "H",
        "h05_response_words.csv",
        "response column: NR, Absent, no response, not_tested, 'not tested', blank with values, "
        "blank without values (nothing, never absent); 'absent' beside a latency (contradiction)",
    )
    g = e.grid()
    g.row(*BASE)
    p = person("r1", "axonal", "M", 64, 175, 205)
    st = e.study("r1", "2024-02-01", 64, "M", 175)
    who = {"patient_id": "r1", "study_date": "2024-02-01", "age_years": 64, "sex": "M",
           "height_cm": 175}  # fmt: skip

    def bare(study: str, nerve: str, side: str, rec: str, stim: str, response: Any) -> int:
        row = {"study": study, "nerve": nerve, "side": side, "recording": rec, "stimulation": stim,
               "response": response}  # fmt: skip
        return put(g, st, row, BASE, who)

    bare("motor", "fibular", "left", "EDB", "ankle", absent("NR"))
    bare("motor", "fibular", "right", "EDB", "ankle", absent("Absent"))
    bare("sensory", "sural", "left", "ankle", "calf", absent("no response", "sensory"))
    bare("sensory", "sural", "right", "ankle", "calf", "not_tested")
    bare("sensory", "superficial_fibular", "right", "ankle", "leg", "not tested")
    bare("f_wave", "tibial", "left", "AH", "ankle", absent("absent", "f_wave"))
    bare("f_wave", "tibial", "right", "AH", "ankle", "")
    bare("h_reflex", "tibial", "left", "soleus", "popliteal_fossa", absent("ABSENT", "h_reflex"))
    for row in motor_rows(p, "left", "tibial", ("ankle", "popliteal_fossa")):
        row["response"] = ""
        put(g, st, row, BASE, who)
    for row in motor_rows(p, "left", "median", ("wrist", "elbow")):
        put(g, st, row, BASE, who)
    why = "absent beside a latency"
    row = {"study": "motor", "nerve": "ulnar", "side": "left", "recording": "ADM",
           "stimulation": "wrist", "response": "absent", "latency_ms": "2.9"}  # fmt: skip
    r = g.next
    g.row(*[{**who, **row}.get(c, "") for c in BASE])
    for col in ("response", "latency_ms"):
        letter = chr(ord("A") + BASE.index(col))
        e.ambiguous.append({"sheet": None, "cell": f"{r},{letter}", "value": row[col], "why": why})
    e.issue("warning", "absent beside a number", r, "response", unsure=True)
    r = g.next
    why = "unknown response word"
    row = {"study": "motor", "nerve": "median", "side": "right", "recording": "APB",
           "stimulation": "wrist", "response": "perhaps", "latency_ms": "3.6"}  # fmt: skip
    g.row(*[{**who, **row}.get(c, "") for c in BASE])
    e.ambiguous.append({"sheet": None, "cell": f"{r},L", "value": "3.6", "why": why})
    e.issue("error", why, r, "response")
    e.exit_status = 1
    e.save_text(newline="\n")


def h06_wrong_cells() -> None:
    e = Export(
        "H",
        "h06_wrong_cells.csv",
        "single wrong cells: text in a number ('3.5 ms?'), negative latency, 999, 3.4.5, 1e9, a date "
        "where a number belongs, nerve 'medain', side 'both', study 'motr', blank patient id; each "
        "an error at its cell, everything else read",
    )
    g = e.grid()
    g.row(*BASE)
    p = person("w1", "normal", "F", 45, 168, 206)
    st = e.study("w1", "2024-04-10", 45, "F", 168)
    who: Row = {"patient_id": "w1", "study_date": "2024-04-10", "age_years": 45, "sex": "F",
                "height_cm": 168}  # fmt: skip
    for row in motor_rows(p, "right", "median", ("wrist", "elbow")):
        put(g, st, row, BASE, who)

    def wrong(row: Row, column: str, shown: str, about: str) -> None:
        row[column] = Bad(shown, about)
        r = put(g, st, row, BASE, who)
        e.issue("error", about, r, column)

    (row,) = motor_rows(p, "left", "median", ("wrist",))
    wrong(row, "latency_ms", "3.5 ms?", "text in a number")
    (row,) = motor_rows(p, "left", "ulnar", ("wrist",))
    wrong(row, "latency_ms", "-2.8", "negative latency")
    (row,) = motor_rows(p, "left", "tibial", ("ankle",))
    wrong(row, "amplitude_mv", "999", "impossible amplitude")
    (row,) = motor_rows(p, "left", "fibular", ("ankle",))
    wrong(row, "duration_ms", "5.6.1", "unreadable number")
    (row,) = motor_rows(p, "right", "tibial", ("ankle",))
    wrong(row, "area_mvms", "1e9", "impossible area")
    row = sensory_row(p, "left", "sural")
    wrong(row, "peak_latency_ms", "03-Apr", "a date in a number")
    row = f_row(p, "left", "ulnar")
    wrong(row, "persistence_pct", "140", "persistence above 100 %")

    def spoiled(change: Row, about: str, column: str) -> None:
        (row,) = motor_rows(p, "right", "ulnar", ("wrist",))
        row |= change
        full = {**who, **row}
        cells = []
        for c in BASE:
            v = full.get(c, "")
            kind = Odd if column == "patient_id" else Bad
            cells.append(kind(g.number(v.value, v.dec), about) if isinstance(v, V) else v)
        r = g.row(*cells)
        e.issue("error", about, r, column, unsure=column == "patient_id")

    spoiled({"nerve": "medain"}, "unknown nerve", "nerve")
    spoiled({"side": "both"}, "side neither left nor right", "side")
    spoiled({"side": ""}, "side missing", "side")
    spoiled({"study": "motr"}, "unknown kind of study", "study")
    spoiled({"patient_id": "", "study_date": ""}, "patient id missing", "patient_id")
    e.flags["implausible"] = True
    e.exit_status = 1
    e.save_text(newline="\n")


def h07_duplicates() -> None:
    e = Export(
        "H",
        "h07_duplicates.csv",
        "a row twice, identical (read once, said); one twice with another latency (conflict: error, "
        "neither read); one response split over two rows that complement each other",
    )
    g = e.grid()
    g.row(*BASE)
    p = person("u1", "normal", "M", 51, 177, 207)
    st = e.study("u1", "2024-05-02", 51, "M", 177)
    who: Row = {"patient_id": "u1", "study_date": "2024-05-02", "age_years": 51, "sex": "M",
                "height_cm": 177}  # fmt: skip
    (first,) = motor_rows(p, "right", "median", ("wrist",))
    put(g, st, dict(first), BASE, who)
    shown = list(g.rows[-1])
    g.rows.append(shown)
    e.issue("warning", "the same row twice", g.next - 1, unsure=True)
    e.issues[-1]["optional"] = True
    for c, col in enumerate(BASE):
        if isinstance(first.get(col), V):
            letter = chr(ord("A") + c)
            e.ambiguous.append({"sheet": None, "cell": f"{g.next - 1},{letter}", "value": shown[c],
                                "why": "identical duplicate: one reading, from either row"})  # fmt: skip
    (row,) = motor_rows(p, "left", "ulnar", ("wrist",))
    why = "conflicting duplicate"
    for lat in ("2.9", "3.6"):
        full = {**who, **row, "latency_ms": Bad(lat, why)}
        for other in ("amplitude_mv", "area_mvms", "duration_ms", "distance_mm"):
            v = row[other]
            text = g.number(v.value, v.dec)
            full[other] = Odd(text, "agrees in both rows of a pair that conflicts in the latency")
        r = g.row(*[full.get(c, "") for c in BASE])
    e.issue("error", why, r, "latency_ms")
    e.issues[-1]["row_unsure"] = True
    (row,) = motor_rows(p, "left", "tibial", ("ankle",))
    latency = {k: v for k, v in row.items() if k not in ("amplitude_mv", "area_mvms")}
    amplitude = {k: v for k, v in row.items() if k in ("study", "nerve", "side", "recording",
                 "stimulation", "response", "amplitude_mv", "area_mvms")}  # fmt: skip
    put(g, st, latency, BASE, who)
    put(g, st, amplitude, BASE, who)
    e.exit_status = 1
    e.save_text(newline="\n")


def h08_limits_conventions() -> None:
    e = Export(
        "H",
        "h08_limits_conventions.csv",
        "printed limits, peak_to_peak convention, cts flags, temperature, low_cut_hz, "
        "days_since_onset, phenotype, group; semicolon with decimal comma; headings unchanged",
    )
    g = e.grid()
    g.comma = True
    columns = [*BASE, "amplitude_convention", "temperature_c", "low_cut_hz", "group",
               "days_since_onset", "phenotype", "cts_right", "cts_left", "latency_upper_limit",
               "peak_latency_upper_limit", "amplitude_lower_limit", "velocity_lower_limit",
               "duration_upper_limit"]  # fmt: skip
    g.row(*columns)
    p = person("c/1", "cts", "F", 47, 160, 208)
    st = e.study("c/1", "2024-06-11", 47, "F", 160)
    who: Row = {"patient_id": "c/1", "study_date": "2024-06-11", "age_years": 47, "sex": "F",
                "height_cm": 160, "group": "pilot", "days_since_onset": 400, "low_cut_hz": 2,
                "phenotype": "typical", "cts_right": "yes", "cts_left": "no"}  # fmt: skip
    for row in motor_rows(p, "right", "median", ("wrist", "elbow")):
        if row["stimulation"] == "wrist":
            row["latency_ms"].upper = 4.4
            row["amplitude_mv"].lower = 4.0
            row["duration_ms"].upper = 8.4
            row |= {"latency_upper_limit": "4,4", "amplitude_lower_limit": "4,0",
                    "duration_upper_limit": "8,4"}  # fmt: skip
        else:
            row["velocity_m_per_s"].lower = 49.0
            row["velocity_lower_limit"] = "49"
        row["temperature_c"] = Bad("32,4", "temperature")
        put(g, st, row, columns, who)
    for side in ("right", "left"):
        row = sensory_row(p, side, "median_d2")
        x = p.sensory[side, "median_d2"]
        row["amplitude_uv"] = V(x.amp_pp, "amplitude", 1, lower=13.0)
        row["latency_ms"].upper, row["peak_latency_ms"].upper = 3.3, 4.0
        row |= {"amplitude_convention": "peak_to_peak", "latency_upper_limit": "3,3",
                "peak_latency_upper_limit": "4,0", "amplitude_lower_limit": "13"}  # fmt: skip
        put(g, st, row, columns, who)
    e.save_text(";", newline="\n")


def h09_two_files_columns_extra() -> None:
    e = Export(
        "H",
        "h09_study_id_two_visits.csv",
        "study_id given: two studies of one patient on the same day (before and after infusion) "
        "kept apart; DOS line ends; empty columns without heading between; heading repeated in the "
        "middle (two exports pasted together)",
    )
    g = e.grid()
    columns = ["study_id", *BASE]
    g.row(*columns[:6], "", *columns[6:])
    for n, kind in enumerate(("cidp", "cidp")):
        if n:
            g.row(*columns[:6], "", *columns[6:])
        p = person("v9", kind, "M", 60, 180, 209 + n)
        sid = f"v9-{'before' if n == 0 else 'after'}"
        st = e.study("v9", "2024-09-01", 60, "M", 180)
        st.extra["study_id"] = sid
        who: Row = {"study_id": sid, "patient_id": "v9", "study_date": "2024-09-01",
                    "age_years": 60, "sex": "M", "height_cm": 180}  # fmt: skip
        for row in some(p):
            put(g, st, row, [*columns[:6], "gap", *columns[6:]], who)
    e.flags["repeats"] = True
    e.save_text()


def family_h() -> None:
    h01_order_capitals_covariates()
    h02_workbook()
    h03_few_columns()
    h04_date_of_birth()
    h05_response_words()
    h06_wrong_cells()
    h07_duplicates()
    h08_limits_conventions()
    h09_two_files_columns_extra()
