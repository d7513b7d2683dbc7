"""Broken and hostile files, and sound ones in unusual containers."""

from __future__ import annotations

import random
import re
import struct
import zlib
from typing import Any

from .containers import archive, compound, ods, xls
from .family_h import BASE, Row, context, motor_rows, put, sensory_row, some
from .kit import Bad, Export, Grid, Odd, Study, V, book_bytes, rezip
from .people import person

REFUSED = "nothing usable: empty studies, the reason named, no traceback"


def tidy(e: Export, pid: str = "x1", sheet: str | None = None, kind: str = "axonal") -> Grid:
    """A sound tidy table, truth included."""
    g = e.grid(sheet)
    g.row(*BASE)
    p = person(pid, kind, "F", 54, 166, 900)
    st = e.study(pid, "2024-01-09", 54, "F", 166)
    who: Row = {"patient_id": pid, "study_date": "2024-01-09", "age_years": 54, "sex": "F",
                "height_cm": 166}  # fmt: skip
    for row in some(p):
        put(g, st, row, BASE, who)
    return g


def refused(name: str, note: str, data: bytes, about: str) -> None:
    e = Export("X", name, note)
    e.issue("error", about)
    e.exit_status = 2
    e.flags["unreadable"] = True
    e.assumed.append(REFUSED)
    e.save_bytes(data)


def workbook(pid: str = "x1", kind: str = "axonal") -> tuple[Export, Grid]:
    e = Export("X", "unnamed.xlsx", "", workbook=True)
    return e, tidy(e, pid, "readings", kind)


def no_container() -> None:
    e, _ = workbook()
    whole = book_bytes(e.book())
    refused("x01_truncated.xlsx", "a workbook cut in half (download broken off)",
            whole[: len(whole) // 2], "not a complete workbook")  # fmt: skip
    rng = random.Random(2)
    noise = bytes(rng.randrange(256) for _ in range(4096))
    info = struct.pack("<HHI", 4, 4, 0x40) + b"<encryption xmlns='...'/>"
    refused("x02_encrypted.xlsx", "a password-protected workbook (OLE container with EncryptionInfo "
            "and EncryptedPackage)", compound({"EncryptionInfo": info, "EncryptedPackage": noise}),
            "encrypted")  # fmt: skip
    refused("x04_empty.csv", "zero bytes", b"", "empty file")
    refused("x05_header_only.csv", "tidy heading and no row", (",".join(BASE) + "\n").encode(),
            "no rows")  # fmt: skip
    chunk = b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk
    png += struct.pack(">I", zlib.crc32(chunk)) + noise[:600]
    refused("x11_png_named.csv", "a picture (scan of the report) named .csv", png, "not a table")
    pdf = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + noise[:900]
    refused("x12_pdf_named.csv", "the PDF report saved under .csv", pdf + b"\n%%EOF\n", "a PDF")
    refused("x19_bom_and_blanks.csv", "a byte order mark, blank lines and commas only",
            b"\xef\xbb\xbf\r\n,,,,\r\n\r\n  , \r\n", "empty table")  # fmt: skip
    docx = archive({
        "[Content_Types].xml": b"<?xml version='1.0'?><Types xmlns='http://schemas.openxmlformats."
        b"org/package/2006/content-types'/>",
        "word/document.xml": b"<?xml version='1.0'?><w:document xmlns:w='http://schemas."
        b"openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p/></w:body></w:document>",
    })  # fmt: skip
    refused("x20_docx_named.xlsx", "the Word report renamed to .xlsx", docx, "not a workbook")
    refused("x21_json_named.csv", "JSON text named .csv",
            b'{"patient": "j1", "readings": [{"nerve": "median", "latency": 3.4}]}\n',
            "not a table")  # fmt: skip
    bomb = "<!DOCTYPE x [<!ENTITY a 'lol'>" + "".join(
        f"<!ENTITY {chr(98 + i)} '{('&' + chr(97 + i) + ';') * 10}'>" for i in range(9)
    ) + "]>"  # fmt: skip
    evil = b"<?xml version='1.0'?>" + bomb.encode() + (
        b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
        b"<row r='1'><c r='A1' t='inlineStr'><is><t>&j;</t></is></c></row></sheetData></worksheet>"
    )  # fmt: skip
    refused("x28_entity_bomb.xlsx", "a sheet whose XML entities unfold to 3 GB: must be refused at "
            "once, in little memory", rezip(whole, {"xl/worksheets/sheet1.xml": evil}),
            "unsafe XML")  # fmt: skip


def x03_html_named_xls() -> None:
    e = Export("X", "x03_html_table.xls", "an HTML table named .xls, as some machines 'export to "
               "Excel': read, or refused by name")  # fmt: skip
    g = tidy(e, "x3")
    body = "".join(
        "<tr>" + "".join(f"<td>{'&nbsp;' if c in ('', None) else c}</td>" for c in row) + "</tr>\n"
        for row in g.rows
    )
    html = (
        "<html><head><meta http-equiv='Content-Type' content='text/html; charset=utf-8'>"
        f"<script>alert(1)</script></head><body><table border=1>\n{body}</table></body></html>"
    )
    e.issue("error", "an HTML table", unsure=True)
    e.issues[-1]["optional"] = True
    e.exit_accept = [0, 2]
    e.flags |= {"read_or_refuse": True, "opaque": True}
    e.save_bytes(html.encode())


def x06_nul_bytes() -> None:
    e = Export("X", "x06_nul_bytes.csv", "NUL bytes inside one number and after the last line: the "
               "cell is an error and the rest read, or the file refused by name")  # fmt: skip
    g = tidy(e, "x6")
    (row,) = motor_rows(person("x6", "axonal", "F", 54, 166, 900), "right", "tibial", ("ankle",))
    row["latency_ms"] = Bad("4.\x009", "NUL inside the number")
    who: Row = {"patient_id": "x6", "study_date": "2024-01-09", "age_years": 54, "sex": "F",
                "height_cm": 166}  # fmt: skip
    for key in ("amplitude_mv", "area_mvms", "duration_ms", "distance_mm"):
        row[key] = Odd(g.number(row[key].value, row[key].dec), "in the row with the NUL")
    r = g.row(*[{**who, **row}.get(c, "") for c in BASE])
    e.issue("error", "NUL byte", r, "latency_ms")
    e.issues[-1]["row_unsure"] = True
    e.exit_status = 1
    e.exit_accept = [1, 2]
    e.flags |= {"read_or_refuse": True, "opaque": True}
    e.save_bytes((e.text(newline="\n") + "\0\0\0\0").encode())


def cell_xml(data: bytes, ref: str, new: str) -> bytes:
    """Replace one cell of the first sheet by raw XML."""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as z:
        name = "xl/worksheets/sheet1.xml"
        xml = z.read(name).decode()
    xml, n = re.subn(rf'<c r="{ref}"[^>]*?(?:/>|>.*?</c>)', new, xml, count=1)
    assert n == 1, ref
    return rezip(data, {name: xml.encode()})


def x07_formula_uncached() -> None:
    e, g = workbook("x7")
    e.name, e.note = (
        "x07_formula_uncached.xlsx",
        (
            "formulas never calculated (no cached value): two latencies, one amplitude and one age of a "
            "second patient; each an error or warning at its cell, never a blank, never absent"
        ),
    )
    p = person("x7b", "normal", "M", 40, 180, 900)
    st = e.study("x7b", "2024-01-10", None, "M", 180)
    who: Row = {"patient_id": "x7b", "study_date": "2024-01-10", "age_years": "=2024-1984",
                "sex": "M", "height_cm": 180}  # fmt: skip
    rows = motor_rows(p, "left", "median", ("wrist", "elbow"))
    rows += [sensory_row(p, "left", "sural")]
    why = "formula without a cached value"
    for i, row in enumerate(rows):
        if i < 2:
            row["latency_ms"] = Bad("=A1*0+3.5", why)
            col = "latency_ms"
        else:
            row["amplitude_uv"] = Bad("=12+1.5", why)
            col = "amplitude_uv"
        r = put(g, st, row, BASE, who)
        e.issue("error", why, r, col, "readings")
        if i == 0:
            e.issue("warning", "age is an uncalculated formula", r, "age_years", "readings",
                    unsure=True)  # fmt: skip
    e.exit_status = 1
    book = e.book()
    for line in book["readings"].iter_rows():
        for cell in line:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.data_type = "f"
    e.save_bytes(book_bytes(book))


def x08_error_cells() -> None:
    e, g = workbook("x8")
    e.name, e.note = (
        "x08_error_cells.xlsx",
        (
            "#N/A, #DIV/0!, #REF!, #VALUE! as real error cells in latency, amplitude, velocity and in a "
            "response's only measure: errors at their cells, never blanks"
        ),
    )
    p = person("x8", "axonal", "F", 54, 166, 900)
    st = e.studies[0]
    who: Row = {"patient_id": "x8", "study_date": "2024-01-09", "age_years": 54, "sex": "F",
                "height_cm": 166}  # fmt: skip
    a, b = motor_rows(p, "left", "median", ("wrist", "elbow"))
    (c,) = motor_rows(p, "left", "tibial", ("ankle",))
    d = sensory_row(p, "right", "sural")
    for row, col, word in ((a, "latency_ms", "#N/A"), (b, "velocity_m_per_s", "#DIV/0!"),
                           (c, "amplitude_mv", "#REF!"), (d, "amplitude_uv", "#VALUE!")):  # fmt: skip
        row[col] = Bad(word, "error cell")
        if row is d:
            for key in ("latency_ms", "peak_latency_ms", "distance_mm", "velocity_m_per_s",
                        "response"):  # fmt: skip
                row[key] = ""
        r = put(g, st, row, BASE, who)
        e.issue("error", f"error cell {word}", r, col, "readings")
    e.exit_status = 1
    e.save_book()


def x09_path_ids() -> None:
    e = Export("X", "x09_path_like_ids.csv", "ids like ../../x, ..\\x, C:\\x, con, a/b, .hidden, "
               "$(id) and 200 characters: kept in the JSON, harmless as file names")  # fmt: skip
    g = e.grid()
    g.row(*BASE)
    ids = ["../../x", "..\\x", "C:\\temp\\x", "con", "a/b", ".hidden", "n" * 200, "%00", "$(id)"]
    for pid in ids:
        p = person(pid, "normal", "F", 50, 165, 909)
        st = e.study(pid, "2024-01-09", 50, "F", 165)
        who: Row = {"patient_id": pid, "study_date": "2024-01-09", "age_years": 50, "sex": "F",
                    "height_cm": 165}  # fmt: skip
        for row in motor_rows(p, "right", "median", ("wrist", "elbow")):
            put(g, st, row, BASE, who)
    e.save_text(newline="\n")


def x10_formula_text() -> None:
    e = Export("X", "x10_formulas_as_text.csv", "ids and groups that start with = + - @ or a tab "
               "(=cmd|'/C calc'!A0): plain text in, neutralised in CSV and XLSX out; '-' signs "
               "in notes")  # fmt: skip
    g = e.grid()
    g.row(*BASE, "group", "note")
    evil = ["=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x.invalid","y")']
    for n, pid in enumerate(evil):
        p = person(f"x10-{n}", "normal", "M", 50, 165, 910)
        st = e.study(pid, "2024-01-09", 50, "M", 165)
        who: Row = {"patient_id": pid, "study_date": "2024-01-09", "age_years": 50, "sex": "M",
                    "height_cm": 165, "group": pid, "note": "\t=1+1"}  # fmt: skip
        for row in motor_rows(p, "right", "median", ("wrist", "elbow")):
            put(g, st, row, [*BASE, "group", "note"], who)
    e.save_text(newline="\n")


def x13_broken_second_sheet() -> None:
    e, _ = workbook("x13")
    e.name, e.note = (
        "x13_broken_second_sheet.xlsx",
        (
            "the first sheet is sound, the XML of the second breaks off: the first is read and the "
            "second an error, or the file is refused by name"
        ),
    )
    e.grid("second").row("patient_id", "study")
    e.issue("error", "broken sheet", sheet="second", unsure=True)
    e.exit_status = 1
    e.exit_accept = [1, 2]
    e.flags |= {"read_or_refuse": True, "opaque": True}
    data = book_bytes(e.book())
    bad = b"<?xml version='1.0'?><worksheet><sheetData><row r='1'><c r='A1'><v>1</"
    e.save_bytes(rezip(data, {"xl/worksheets/sheet2.xml": bad}))


def x14_huge_dimension() -> None:
    e, g = workbook("x14")
    e.name, e.note = (
        "x14_huge_dimension.xlsx",
        (
            "a stray blank-looking cell at XFD1048576 and a dimension of 17 thousand million cells: "
            "must be read in seconds and little memory"
        ),
    )
    book = e.book()
    book["readings"]["XFD1048576"] = " "
    e.flags["opaque"] = True
    assert g.name
    e.save_bytes(book_bytes(book))


def x15_ragged_rows() -> None:
    e = Export("X", "x15_unquoted_decimal_comma.csv", "comma-separated with an unquoted decimal "
               "comma in two rows (one field too many): these rows are errors, not shifted values; "
               "one row is short but sound")  # fmt: skip
    g = tidy(e, "x15")
    p = person("x15", "axonal", "F", 54, 166, 900)
    who: Row = {"patient_id": "x15", "study_date": "2024-01-09", "age_years": 54, "sex": "F",
                "height_cm": 166}  # fmt: skip
    why = "a field too many"
    for row in (motor_rows(p, "left", "median", ("wrist",)) + motor_rows(p, "left", "ulnar",
                ("wrist",))):  # fmt: skip
        cells: list[Any] = []
        for c in BASE:
            v = {**who, **row}.get(c, "")
            if isinstance(v, V):
                text = str(g.number(v.value or 0, v.dec))
                if c == "latency_ms":
                    cells += [Bad(x, why) for x in text.split(".")]
                else:
                    cells.append(Bad(text, why))
            else:
                cells.append(v)
        r = g.row(*cells)
        e.issue("error", why, r)
    st = e.studies[0]
    (row,) = motor_rows(p, "right", "tibial", ("ankle",))
    for key in ("area_mvms", "duration_ms", "distance_mm"):
        row.pop(key)
    put(g, st, row, BASE[:14], who)
    e.exit_status = 1
    e.save_text(newline="\n", width=False)


def x16_unclosed_quote() -> None:
    e = Export("X", "x16_unclosed_quote.csv", "a quote opened in a comment and never closed swallows "
               "the rest of the file: said as an error; what stands before it may be read")  # fmt: skip
    g = tidy(e, "x16")
    g.rows[0].append("comment")
    for row in g.rows[1:]:
        row.append("")
    text = e.text(newline="\n").split("\n")
    keep = 6
    text[keep] = text[keep].rstrip(",") + ",\" seen 5' 9"
    dropped = []
    kept = []
    for r in e.studies[0].readings:
        (kept if int(r["cell"].split(",")[0]) <= keep else dropped).append(r)
    e.studies[0].readings = kept
    for r in dropped:
        e.ambiguous.append({"sheet": None, "cell": r["cell"], "value": r["value"],
                            "why": "at or after an unclosed quote"})  # fmt: skip
    e.issue("error", "quote never closed", keep + 1, unsure=True)
    e.issues[-1]["row_unsure"] = True
    e.exit_status = 1
    e.exit_accept = [1, 2]
    e.flags |= {"read_or_refuse": True, "opaque": True}
    e.save_bytes("\n".join(text).encode())


def x17_formula_cached() -> None:
    e, _ = workbook("x17")
    e.name, e.note = (
        "x17_formulas_cached.xlsx",
        ("velocities and one age are formulas with cached values: read as the cached values"),
    )
    data = book_bytes(e.book())
    for r in e.studies[0].readings:
        if r["measure"] == "velocity":
            ref = "".join(reversed(r["cell"].split(",")))
            line = r["cell"].split(",")[0]
            new = f'<c r="{ref}"><f>R{line}/(L{line}-1)</f><v>{r["value"]}</v></c>'
            data = cell_xml(data, ref, new)
    data = cell_xml(data, "C2", '<c r="C2"><f>50+4</f><v>54</v></c>')
    e.flags["opaque"] = True
    e.save_bytes(data)


def x18_mixed_encoding() -> None:
    e = Export("X", "x18_mixed_encoding.csv", "UTF-8 with one stray cp1252 byte (0xB5) in a "
               "covariate: numbers are read, the encoding is said")  # fmt: skip
    g = tidy(e, "x18")
    g.rows[0].append("group")
    for n, row in enumerate(g.rows[1:]):
        row.append("caf\u00e9" if n else "@@")
    data = e.text(newline="\n").encode().replace(b"@@", b"25 \xb5g")
    e.issue("warning", "not valid UTF-8", unsure=True)
    e.flags["opaque"] = True
    e.save_bytes(data)


def x22_limits_only() -> None:
    e = Export("X", "x22_limits_only.csv", "only a table of normal limits in the contract's own "
               "columns: no readings, exit 2")  # fmt: skip
    g = e.grid()
    g.row("nerve", "study", "measure", "recording", "segment", "sex", "age_min", "age_max", "lower",
          "upper", "unit", "n")  # fmt: skip
    for nerve, rec, measure, low, up, unit in (
        ("median", "APB", "distal_latency", "", 4.4, "ms"),
        ("median", "APB", "amplitude", 4.0, "", "mV"),
        ("ulnar", "ADM", "distal_latency", "", 3.3, "ms"),
    ):
        cells = [Bad(x, "limit") if x else "" for x in (low, up)]
        g.row(nerve, "motor", measure, rec, "", "", 19, 80, *cells, unit, 100)
    e.issue("error", "limits, not readings")
    e.exit_status = 2
    e.save_text(newline="\n")


def x23_needle_emg() -> None:
    e = Export("X", "x23_needle_emg.csv", "a needle EMG table (Ins Act, Fibs, PSW, Amp, Dur, Poly) "
               "with muscles, sides and nerves: not a conduction study, exit 2")  # fmt: skip
    g = e.grid()
    g.row("Patient ID", "N-23")
    g.row("EMG")
    g.row("Side", "Muscle", "Nerve", "Root", "Ins Act", "Fibs", "Psw", "Amp (uV)", "Dur (ms)",
          "Poly", "Recrt")  # fmt: skip
    why = "needle EMG"
    for side, muscle, nerve, root, amp, dur in (
        ("Right", "Abd Poll Brev", "Median", "C8-T1", 850, 10.2),
        ("Right", "1stDorInt", "Ulnar", "C8-T1", 1120, 11.0),
        ("Left", "AntTibialis", "Dp Br Fibular", "L4-5", 2300, 14.5),
    ):
        g.row(side, muscle, nerve, root, "Nml", "0", "1+", Bad(amp, why), Bad(dur, why), "0", "Nml")
    e.issue("error", "no nerve conduction table")
    e.exit_status = 2
    e.save_text(newline="\n")


def x24_terminal_escapes() -> None:
    e = Export("X", "x24_terminal_escapes.csv", "ids and groups with ANSI escapes, a bell, a "
               "right-to-left mark and HTML (<script>): stripped on the terminal, escaped in "
               "HTML")  # fmt: skip
    g = e.grid()
    g.row(*BASE, "group")
    for n, pid in enumerate(
        ("\x1b[31mred\x1b[0m", "bell\x07", "\u202eabc", "<script>alert(1)</script>")
    ):
        p = person(f"x24-{n}", "normal", "F", 50, 165, 924)
        st = e.study(pid, "2024-01-09", 50, "F", 165)
        clean = re.sub(r"[\x00-\x1f]", "", pid)
        st.accept = {"patient_id": [pid, clean, re.sub(r"\x1b\[\d+m", "", pid)]}
        who: Row = {"patient_id": pid, "study_date": "2024-01-09", "age_years": 50, "sex": "F",
                    "height_cm": 165, "group": pid}  # fmt: skip
        for row in motor_rows(p, "right", "median", ("wrist", "elbow")):
            put(g, st, row, [*BASE, "group"], who)
    e.save_text(newline="\n")


def x25_sep_line() -> None:
    e = Export("X", "x25_sep_line.csv", "Excel's first line 'sep=;' before a semicolon table; rows "
               "are counted with it")  # fmt: skip
    g = e.grid()
    g.comma = True
    g.row("sep=;")
    g.row(*BASE)
    p = person("x25", "normal", "F", 54, 166, 900)
    st: Study = e.study("x25", "2024-01-09", 54, "F", 166)
    who: Row = {"patient_id": "x25", "study_date": "2024-01-09", "age_years": 54, "sex": "F",
                "height_cm": 166}  # fmt: skip
    for row in some(p):
        put(g, st, row, BASE, who)
    text = e.text(";", width=False).replace('"sep=;"', "sep=;", 1)
    e.flags["opaque"] = True
    e.format = {"delimiter": ";", "encoding": "utf-8"}
    e.save_bytes(text.encode())


def x26_macro_workbook() -> None:
    e, _ = workbook("x26")
    e.name, e.note = "x26_macros.xlsm", "a macro-enabled workbook: read, macros never run"
    data = book_bytes(e.book())
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as z:
        types = z.read("[Content_Types].xml")
    types = types.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ).replace(
        b"</Types>",
        b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
    )
    macro = compound({"VBA": b"Sub Auto_Open() : End Sub"})
    e.flags["opaque"] = True
    e.save_bytes(rezip(data, {"[Content_Types].xml": types, "xl/vbaProject.bin": macro}))


def x27_ods() -> None:
    e, g = workbook("x27")
    e.name, e.note = "x27_sound.ods", "a sound OpenDocument sheet"
    e.flags["opaque"] = True
    e.save_bytes(ods("readings", g.rows))


def x29_zip_bomb() -> None:
    e, _ = workbook("x29")
    e.name, e.note = (
        "x29_swollen.xlsx",
        (
            "a workbook of 300 kB whose sheet unpacks to 300 MB of blanks: read or refused, in bounded "
            "time and memory"
        ),
    )
    data = book_bytes(e.book())
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as z:
        xml = z.read("xl/worksheets/sheet1.xml")
    xml = xml.replace(b"</sheetData>", b" " * 300_000_000 + b"</sheetData>")
    e.flags |= {"opaque": True, "read_or_refuse": True}
    e.exit_accept = [0, 2]
    e.save_bytes(rezip(data, {"xl/worksheets/sheet1.xml": xml}))


def x30_newlines_in_cells() -> None:
    e = Export("X", "x30_newlines_in_cells.csv", "line breaks inside quoted headings and a quoted "
               "comment: the columns are still known; a row is a record, a line is more")  # fmt: skip
    g = e.grid()
    heads = {"amplitude_mv": "Amplitude\nmV", "latency_ms": "Latency\nms"}
    g.row(*[heads.get(c, c) for c in BASE], "comment")
    p = person("x30", "normal", "M", 61, 170, 930)
    st = e.study("x30", "2024-01-09", 61, "M", 170)
    who: Row = {"patient_id": "x30", "study_date": "2024-01-09", "age_years": 61, "sex": "M",
                "height_cm": 170, "comment": "first line\nsecond, 4.5 ms"}  # fmt: skip
    for row in some(p):
        put(g, st, row, [*BASE, "comment"], who)
    e.assumed.append("rows of the truth count records; lines of the file are more")
    e.flags["rows_are_records"] = True
    e.save_text(newline="\n")


def x31_long_cell() -> None:
    e = Export("X", "x31_long_cell.csv", "a comment cell of 200,000 characters and a line of 5,000 "
               "empty columns: read, nothing echoed at length")  # fmt: skip
    g = tidy(e, "x31")
    g.rows[0].append("comment")
    for n, row in enumerate(g.rows[1:]):
        row.append("x" * 200_000 if n == 2 else "")
    text = e.text(newline="\n", width=False) + "," * 5000 + "\n"
    e.flags["opaque"] = True
    e.save_bytes(text.encode())


def x32_two_columns_of_one_name() -> None:
    e = Export("X", "x32_latency_twice.csv", "a tidy table with two latency_ms columns that differ "
               "in one row: the conflict is an error, neither is read there")  # fmt: skip
    g = e.grid()
    g.row(*BASE, "latency_ms")
    p = person("x32", "normal", "F", 54, 166, 932)
    st = e.study("x32", "2024-01-09", 54, "F", 166)
    who: Row = {"patient_id": "x32", "study_date": "2024-01-09", "age_years": 54, "sex": "F",
                "height_cm": 166}  # fmt: skip
    for n, row in enumerate(some(p)):
        again: Any = ""
        lat = row.get("latency_ms")
        if isinstance(lat, V) and lat.value is not None:
            text = g.number(lat.value, 1)
            again = Odd(text, "the same column again: one reading")
            if n == 1:
                row["latency_ms"] = Bad(text, "conflict")
                again = Bad(g.number(lat.value + 2, 1), "conflict")
                e.issue("error", "two columns of one name differ", g.next, "latency_ms")
        cells = {**who, **row}
        g.row(*[cells.get(c, "") for c in BASE], again, st=st, **context(row))
    e.exit_status = 1
    e.exit_accept = [1, 2]
    e.flags["read_or_refuse"] = True
    e.save_text(newline="\n")


def x33_real_xls() -> None:
    e, g = workbook("x33")
    e.name, e.note = "x33_biff8.xls", "a real BIFF8 .xls (minimal records)"
    e.flags["opaque"] = True
    e.save_bytes(xls("readings", g.rows))


def x34_csv_named_xlsx() -> None:
    e = Export("X", "x34_csv_named.xlsx", "a CSV file under the name .xlsx: recognised by content "
               "and read")  # fmt: skip
    tidy(e, "x34")
    e.flags["opaque"] = True
    e.save_text(newline="\n")


def family_x() -> None:
    no_container()
    x03_html_named_xls()
    x06_nul_bytes()
    x07_formula_uncached()
    x08_error_cells()
    x09_path_ids()
    x10_formula_text()
    x13_broken_second_sheet()
    x14_huge_dimension()
    x15_ragged_rows()
    x16_unclosed_quote()
    x17_formula_cached()
    x18_mixed_encoding()
    x22_limits_only()
    x23_needle_emg()
    x24_terminal_escapes()
    x25_sep_line()
    x26_macro_workbook()
    x27_ods()
    x29_zip_bomb()
    x30_newlines_in_cells()
    x31_long_cell()
    x32_two_columns_of_one_name()
    x33_real_xls()
    x34_csv_named_xlsx()
