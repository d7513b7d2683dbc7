"""Family E, third set: sheets written after the reader was thought complete."""

from __future__ import annotations

from typing import Any

from .family_e import Words, fill, fwave, heads, motor, sensory
from .family_e_second import FEW, FOUR, Columns, loose, people
from .kit import Export
from .people import person


def e33_sentences() -> None:
    e = Export(
        "E",
        "e33_whole_sentences.csv",
        "headings as sentences with commas, quoted; the measure first, the nerve last",
    )
    g = e.grid()
    w = Words(absent_amp="No response", absent_rest="", missing="Not tested")
    cols: Columns = []
    for side in ("right", "left"):
        for nerve, sites in FOUR.items():
            word = {"fibular": "peroneal"}.get(nerve, nerve)
            cols.append(
                (
                    f"Distal motor latency (ms), {side} {word} nerve",
                    motor(w, side, nerve, "lat", sites[0], sites),
                )
            )
            for site in sites:
                name = site.replace("_", " ")
                cols.append((f"CMAP amplitude (mV), {side} {word} nerve, {name} stimulation",
                             motor(w, side, nerve, "amp", site, sites)))  # fmt: skip
            cols.append(
                (f"Minimum F-wave latency (ms), {side} {word} nerve", fwave(w, side, nerve))
            )
        cols.append(
            (
                f"Sensory nerve action potential amplitude (\u00b5V), {side} sural nerve",
                sensory(w, side, "sural", "amp"),
            )
        )
        cols.append(
            (
                f"Sensory conduction velocity (m/s), {side} sural nerve",
                sensory(w, side, "sural", "vel"),
            )
        )
    g.row("Study participant", "Age at examination", "Sex", "Body height (cm)", *heads(cols))
    people(e, g, cols, FEW, 401, lambda pid, sex, age, n: [pid, age, {"M": "Male", "F": "Female"}[sex], 170],
           height_cm=170)  # fmt: skip
    e.save_text()


def e34_three_levels() -> None:
    e = Export("E", "e34_three_levels_normals.xlsx", "side over nerve over measure, not merged but blank to the right; a row of "
               "normal values below; a sheet 'Normals' beside", workbook=True)  # fmt: skip
    g = e.grid("Patients")
    w = Words(absent_amp="NR", absent_rest=None, missing=None)
    rows: list[list[Any]] = [
        ["", "", ""],
        ["", "", ""],
        ["Pat. no.", "Age", "Gender"],
        ["Normal", "", ""],
    ]
    cols: Columns = []
    for side in ("right", "left"):
        for k, nerve in enumerate(("median", "tibial")):
            sites = FOUR[nerve]
            mine: Columns = [
                ("DML ms", motor(w, side, nerve, "lat", sites[0], sites)),
                ("CMAP dist mV", motor(w, side, nerve, "amp", sites[0], sites)),
                ("CMAP prox mV", loose(motor(w, side, nerve, "amp", sites[1], sites))),
                ("MCV m/s", loose(motor(w, side, nerve, "vel", sites[1], sites))),
                ("F ms", fwave(w, side, nerve)),
            ]
            for i, (name, _) in enumerate(mine):
                rows[0].append(side.upper() if i == k == 0 else "")
                rows[1].append(f"N. {nerve}" if i == 0 else "")
                rows[2].append(name)
                rows[3].append(("<4.4", ">4.0", ">4.0", ">49", "<31")[i])
            cols += mine
    for row in rows:
        g.row(*row)
    people(e, g, cols, FEW, 402, lambda pid, sex, age, n: [pid, age, sex])
    other = e.grid("Normals")
    other.row("Nerve", "DML", "CMAP", "MCV")
    other.row("Median", "4.4", "4.0", "49")
    e.save_book()


def e35_glued_sides() -> None:
    e = Export("E", "e35_lados_en_la_palabra.csv", "Spanish: the side glued to the nerve (MedD_LMD, CubI_PAMC_muneca), dates with points, "
               "sex V/M (var\u00f3n, mujer), comma decimals")  # fmt: skip
    g = e.grid()
    g.comma = True
    w = Words(absent_amp="no evocable", missing="")
    cols: Columns = []
    for s, side in (("D", "right"), ("I", "left")):
        for nerve, word, names in (
            ("median", "Med", ("muneca", "codo")),
            ("tibial", "Tib", ("tobillo", "hueco_popliteo")),
        ):
            sites = FOUR[nerve]
            cols.append((f"{word}{s}_LMD", motor(w, side, nerve, "lat", sites[0], sites)))
            for site, name in zip(sites, names, strict=True):
                cols.append((f"{word}{s}_PAMC_{name}", motor(w, side, nerve, "amp", site, sites)))
            cols.append((f"{word}{s}_VCM", motor(w, side, nerve, "vel", sites[1], sites)))
        cols.append((f"Sural{s}_PANS", sensory(w, side, "sural", "amp")))
        cols.append((f"Sural{s}_VCS", sensory(w, side, "sural", "vel")))
    g.row("NHC", "Fecha", "Edad", "Sexo", *heads(cols))
    people(e, g, cols, FEW, 403, lambda pid, sex, age, n: [pid, f"0{n + 1}.04.2022", age, {"M": "V", "F": "M"}[sex]],
           dates=["2022-04-01", "2022-04-02", "2022-04-03"])  # fmt: skip
    e.save_text(";")


def e36_zeros() -> None:
    e = Export("E", "e36_zero_is_absent.tsv", "0 for no response in amplitudes and F latencies, blanks for not tested; tab separated "
               "UTF-16; names like R_Med_Amp_W")  # fmt: skip
    g = e.grid()
    w = Words(absent_amp="0", absent_rest="", missing="")
    cols: Columns = []
    for s, side in (("R", "right"), ("L", "left")):
        for nerve, word, names in (
            ("median", "Med", ("W", "E")),
            ("fibular", "Per", ("A", "FH")),
            ("tibial", "Tib", ("A", "PF")),
        ):
            sites = FOUR[nerve]
            for site, name in zip(sites, names, strict=True):
                cols.append((f"{s}_{word}_CMAP_{name}", motor(w, side, nerve, "amp", site, sites)))
            cols.append((f"{s}_{word}_DML", motor(w, side, nerve, "lat", sites[0], sites)))
            cols.append((f"{s}_{word}_F", fwave(w, side, nerve)))
        cols.append((f"{s}_Sur_SNAP", sensory(w, side, "sural", "amp")))
    g.row("Subj", "Age", "Sex", *heads(cols))
    people(e, g, cols, FEW, 404, lambda pid, sex, age, n: [pid, age, sex])
    e.save_text("\t", "utf-16-le", bom=b"\xff\xfe")


def e37_visit_rows() -> None:
    e = Export(
        "E",
        "e37_visit_rows_months.csv",
        "visits as rows (month 0, 6), dates month first, camel case with the unit at the end",
    )
    g = e.grid()
    w = Words(absent_amp="NR", missing="N/A")
    cols: Columns = []
    for s, side in (("Lt", "left"), ("Rt", "right")):
        sites = FOUR["ulnar"]
        cols += [
            (f"{s}UlnarDMLms", motor(w, side, "ulnar", "lat", "wrist", sites)),
            (f"{s}UlnarWristCMAPmV", motor(w, side, "ulnar", "amp", "wrist", sites)),
            (f"{s}UlnarBECMAPmV", motor(w, side, "ulnar", "amp", "below_elbow", sites)),
            (f"{s}UlnarAECMAPmV", motor(w, side, "ulnar", "amp", "above_elbow", sites)),
            (f"{s}UlnarForearmMCV", motor(w, side, "ulnar", "vel", "below_elbow", sites)),
            (f"{s}UlnarAcrossElbowMCV", motor(w, side, "ulnar", "vel", "above_elbow", sites)),
        ]
    g.row("PatientCode", "Month", "ExamDate", "AgeAtExam", "Sex", *heads(cols))
    for n, (pid, kind, sex, age) in enumerate(FEW):
        for month, seed in ((0, 405), (6, 406)):
            p = person(pid, kind, sex, age, 170, seed)
            day = 13 + n
            st = e.study(pid, f"2016-0{1 + month}-{day}", age, sex)
            fill(g, cols, p, st, [pid, month, f"0{1 + month}/{day}/2016", age, sex])
    e.save_text()


def third_set() -> None:
    e33_sentences()
    e34_three_levels()
    e35_glued_sides()
    e36_zeros()
    e37_visit_rows()
