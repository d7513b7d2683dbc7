"""Grids of cells that remember which of their cells are readings, and the files made of them.

A layout writes rows into a `Grid`. Each cell is a plain value or one of

    V(...)    a reading: printed here, and listed in the truth with this cell's address
    Bad(...)  a cell that must not become a reading (percent, difference, average, wrong value)
    Odd(...)  a cell for which the contract does not settle the truth

so that the truth can never drift from the file.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

HERE = Path(__file__).resolve().parent.parent
FILES = HERE / "files"
TRUTH = HERE / "truth"
FIXED = datetime(2024, 1, 1, 12, 0, 0)

UNITS = {
    "distal_latency": "ms",
    "proximal_latency": "ms",
    "onset_latency": "ms",
    "peak_latency": "ms",
    "amplitude": "mV",
    "area": "mV*ms",
    "duration": "ms",
    "velocity": "m/s",
    "distance": "mm",
    "minimal_f_latency": "ms",
    "f_persistence": "%",
    "h_latency": "ms",
}
MAIN = {"f_wave": "minimal_f_latency", "h_reflex": "h_latency"}
CONTEXT = ("study", "nerve", "side", "recording", "stimulation")


@dataclass
class V:
    """A reading: its canonical value and how the cell prints it."""

    value: float | None
    measure: str
    dec: int = 1
    text: str | None = None
    scale: float = 1.0  # printed = value * scale (0.1 for a distance in mm printed in cm)
    lower: float | None = None
    upper: float | None = None
    over: dict[str, Any] = field(default_factory=dict)  # what differs from the row's context
    accept: dict[str, Any] = field(default_factory=dict)  # other admissible values of a field


@dataclass
class Bad:
    """A cell that must not become a reading."""

    value: Any
    why: str
    dec: int = 1


@dataclass
class Odd:
    """A cell for which the contract leaves the truth open."""

    value: Any
    why: str
    dec: int = 1


def absent(text: str, study: str = "motor", **more: Any) -> V:
    """No response: one reading of the main measure, without a value."""
    return V(None, MAIN.get(study, "amplitude"), text=text, **more)


@dataclass
class Study:
    """One patient's examination, as the truth lists it."""

    patient_id: str | None
    study_date: str | None = None
    age_years: float | None = None
    sex: str | None = None
    height_cm: float | None = None
    readings: list[dict[str, Any]] = field(default_factory=list)
    accept: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {
            "patient_id": self.patient_id,
            "study_date": self.study_date,
            "age_years": self.age_years,
            "sex": self.sex,
            "height_cm": self.height_cm,
        }
        if self.accept:
            out["accept"] = self.accept
        out.update(self.extra)
        out["readings"] = self.readings
        return out


class Grid:
    """One table or sheet; rows are numbered from 1 as in the file."""

    def __init__(self, export: Export, name: str | None = None) -> None:
        self.export = export
        self.name = name
        self.rows: list[list[Any]] = []
        self.merges: list[str] = []
        self.hidden = False
        self.very_hidden = False
        self.hidden_columns: list[str] = []
        self.comma = False  # decimal comma in text
        self.text_numbers = False  # numbers as text even in a workbook
        self.formats: dict[tuple[int, int], str] = {}

    @property
    def next(self) -> int:
        return len(self.rows) + 1

    def blank(self, n: int = 1) -> None:
        for _ in range(n):
            self.rows.append([])

    def number(self, value: float | int, dec: int) -> Any:
        if self.export.workbook and not self.text_numbers:
            return round(float(value), dec) if dec else round(value)
        text = f"{value:.{dec}f}"
        return text.replace(".", ",") if self.comma else text

    def limit(self, sign: str, value: float | None, dec: int = 1) -> Any:
        """A printed limit; an empty sign prints the bare number."""
        if value is None:
            return ""
        text = f"{value:.{dec}f}"
        if self.comma:
            text = text.replace(".", ",")
        if not sign and self.export.workbook:
            return round(value, dec) if dec else int(value)
        return f"{sign}{text}"

    def row(self, *cells: Any, st: Study | None = None, **ctx: Any) -> int:
        """Write one row; `st` and `ctx` say whose readings its `V` cells are."""
        r = self.next
        out = [self._cell(cell, r, c, st, ctx) for c, cell in enumerate(cells, 1)]
        self.rows.append(out)
        return r

    def _cell(self, cell: Any, r: int, c: int, st: Study | None, ctx: dict[str, Any]) -> Any:
        where = {"sheet": self.name, "cell": f"{r},{get_column_letter(c)}"}
        if isinstance(cell, V):
            assert st is not None, (cell, ctx)
            self._reading(cell, where, st, ctx)
            if cell.text is not None:
                return cell.text
            assert cell.value is not None
            return self.number(cell.value * cell.scale, cell.dec)
        if isinstance(cell, Bad):
            shown = self._shown(cell)
            self.export.must_not.append({**where, "value": shown, "why": cell.why})
            return shown
        if isinstance(cell, Odd):
            shown = self._shown(cell)
            self.export.ambiguous.append({**where, "value": shown, "why": cell.why})
            return shown
        if isinstance(cell, float):
            return self.number(cell, 1)
        return cell

    def _shown(self, cell: Bad | Odd) -> Any:
        if isinstance(cell.value, float):
            return self.number(cell.value, cell.dec)
        if isinstance(cell.value, int) and not self.export.workbook:
            return str(cell.value)
        return cell.value

    def _reading(self, v: V, where: dict[str, Any], st: Study, ctx: dict[str, Any]) -> None:
        full = {**ctx, **v.over}
        if v.value is None:
            value = None
        elif v.text is not None:
            value = v.value
        else:  # what the cell says, not what was meant before rounding
            value = round(round(v.value * v.scale, v.dec) / v.scale, 6)
        unit = UNITS[v.measure]
        if v.measure == "amplitude" and full["study"] in ("sensory", "mixed"):
            unit = "uV"
        if v.measure == "amplitude" and full["study"] == "h_reflex":
            unit = "mV"
        reading = {key: full.get(key) for key in CONTEXT}
        reading |= {
            "measure": v.measure,
            "value": value,
            "unit": unit,
            "response": "absent" if value is None else "present",
            "lower": v.lower,
            "upper": v.upper,
        }
        accept = {**full.get("accept", {}), **v.accept}
        if value is None and (v.lower is not None or v.upper is not None):
            accept |= {"lower": [v.lower, None], "upper": [v.upper, None]}
        if accept:
            reading["accept"] = accept
        st.readings.append(reading | where)


class Export:
    """One file of the corpus with its truth."""

    def __init__(self, family: str, name: str, note: str, *, workbook: bool = False) -> None:
        self.family = family
        self.name = name  # with suffix
        self.note = note
        self.workbook = workbook
        self.grids: list[Grid] = []
        self.studies: list[Study] = []
        self.issues: list[dict[str, Any]] = []
        self.must_not: list[dict[str, Any]] = []
        self.ambiguous: list[dict[str, Any]] = []
        self.forbidden: list[dict[str, Any]] = []
        self.assumed: list[str] = []
        self.exit_status = 0
        self.exit_accept: list[int] | None = None
        self.format: dict[str, Any] = {}
        self.flags: dict[str, Any] = {}  # for the checker: implausible, repeats, unreadable

    # -- writing the truth ------------------------------------------------------------------

    def grid(self, name: str | None = None) -> Grid:
        grid = Grid(self, name)
        self.grids.append(grid)
        return grid

    def study(self, patient_id: str | None, *args: Any, **kw: Any) -> Study:
        st = Study(patient_id, *args, **kw)
        self.studies.append(st)
        return st

    def issue(
        self,
        severity: str,
        about: str,
        row: int | None = None,
        column: str | None = None,
        sheet: str | None = None,
        *,
        unsure: bool = False,
    ) -> None:
        entry: dict[str, Any] = {
            "severity": severity,
            "row": row,
            "column": column,
            "about": about,
        }
        if sheet:
            entry["sheet"] = sheet
        if unsure:
            entry["severity_unsure"] = True
        self.issues.append(entry)

    @property
    def path(self) -> Path:
        return FILES / self.family / self.name

    def write_truth(self) -> None:
        stem = self.name.rsplit(".", 1)[0]
        if any(p.name != self.name for p in self.path.parent.glob(stem + ".*")):
            stem = self.name  # two files of one stem keep their suffix
        target = TRUTH / self.family / f"{stem}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        truth: dict[str, Any] = {
            "file": f"{self.family}/{self.name}",
            "family": self.family,
            "note": self.note,
            "format": self.format,
            "studies": [st.as_json() for st in self.studies],
            "expected_issues": self.issues,
            "must_not_read": self.must_not,
            "ambiguous": self.ambiguous,
            "may_compute": [c for st in self.studies for c in computable(st)],
            "forbidden_values": self.forbidden,
            "assumed": self.assumed,
            "exit_status": self.exit_status,
        }
        truth.update(self.flags)
        if self.exit_accept:
            truth["exit_status_accept"] = self.exit_accept
        text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
        target.write_text(_one_line_leaves(text), encoding="utf-8")

    # -- writing the file -------------------------------------------------------------------

    def save_bytes(self, data: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(data)
        self.write_truth()

    def text(self, delimiter: str = ",", newline: str = "\r\n", *, width: bool = True) -> str:
        """The only grid as delimited text; `width` pads every row to the widest."""
        (grid,) = self.grids
        widest = max(len(row) for row in grid.rows)
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter, lineterminator=newline)
        for row in grid.rows:
            cells = ["" if c is None else c for c in row]
            if width:
                cells += [""] * (widest - len(cells))
            if not width and not cells:
                out.write(newline)
            else:
                writer.writerow(cells)
        return out.getvalue()

    def save_text(
        self,
        delimiter: str = ",",
        encoding: str = "utf-8",
        newline: str = "\r\n",
        *,
        bom: bytes = b"",
        width: bool = True,
        prefix: str = "",
    ) -> None:
        text = prefix + self.text(delimiter, newline, width=width)
        self.format = {"delimiter": delimiter, "encoding": encoding, "bom": bool(bom)}
        self.save_bytes(bom + text.encode(encoding))

    def book(self) -> Workbook:
        book = Workbook()
        book.remove(book.active)
        for grid in self.grids:
            sheet = book.create_sheet(grid.name)
            for r, row in enumerate(grid.rows, 1):
                for c, value in enumerate(row, 1):
                    if value is None or value == "":
                        continue
                    cell = sheet.cell(r, c, value)
                    if isinstance(value, str) and value.startswith("="):
                        cell.data_type = "s"
                    if (r, c) in grid.formats:
                        cell.number_format = grid.formats[r, c]
                    elif isinstance(value, (date, datetime)):
                        cell.number_format = "dd/mm/yyyy"
            for area in grid.merges:
                sheet.merge_cells(area)
            for letter in grid.hidden_columns:
                sheet.column_dimensions[letter].hidden = True
            if grid.hidden:
                sheet.sheet_state = "hidden"
            if grid.very_hidden:
                sheet.sheet_state = "veryHidden"
        return book

    def save_book(self) -> None:
        self.save_bytes(shared_strings(book_bytes(self.book())))


def book_bytes(book: Workbook) -> bytes:
    """A workbook as bytes that do not depend on the clock."""
    raw = io.BytesIO()
    book.properties.creator = "export"
    book.properties.created = FIXED
    book.save(raw)
    return rezip(raw.getvalue())


def shared_strings(data: bytes) -> bytes:
    """Texts moved from the cells (openpyxl's habit) to a shared table (Excel's)."""
    table: dict[str, int] = {}

    def move(match: re.Match[str]) -> str:
        n = table.setdefault(match["body"], len(table))
        return f'<c{match["head"]} t="s"><v>{n}</v></c>'

    cell = re.compile(r'<c(?P<head>[^>]*?) t="inlineStr"><is>(?P<body>.*?)</is></c>', re.DOTALL)
    change: dict[str, bytes | None] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        for name in z.namelist():
            if name.startswith("xl/worksheets/sheet"):
                change[name] = cell.sub(move, z.read(name).decode()).encode()
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    items = "".join(f"<si>{body}</si>" for body in table)
    text = f'<sst xmlns="{main}" count="{len(table)}" uniqueCount="{len(table)}">{items}</sst>'
    change["xl/sharedStrings.xml"] = text.encode()
    part = "sharedStrings"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    additions = {
        "[Content_Types].xml": f'<Override PartName="/xl/{part}.xml" ContentType="{kind}"/></Types>',
        "xl/_rels/workbook.xml.rels": f'<Relationship Id="rIdStrings" Type="{link}" '
        f'Target="{part}.xml"/></Relationships>',
    }
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        for name, extra in additions.items():
            xml = z.read(name).decode()
            assert part not in xml, name
            change[name] = re.sub(r"</(Types|Relationships)>$", extra, xml.strip()).encode()
    return rezip(data, change)


def rezip(data: bytes, change: dict[str, bytes | None] | None = None) -> bytes:
    """The same archive with fixed times; `change` replaces, adds or (None) drops members."""
    change = dict(change or {})
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            body: bytes | None = source.read(name)
            if name == "docProps/core.xml" and body:
                body = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2024-01-01T12:00:00Z", body
                )
            if name in change:
                body = change.pop(name)
            if body is not None:
                target.writestr(_member(name), body)
        for name, extra in change.items():
            if extra is not None:
                target.writestr(_member(name), extra)
    return out.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(2024, 1, 1, 12, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


# Distal to proximal, per limb: which site is the next more distal one.
ORDER = [
    "palm",
    "wrist",
    "forearm",
    "elbow",
    "below_elbow",
    "above_elbow",
    "arm",
    "axilla",
    "erb",
]
LEG_ORDER = ["ankle", "below_fibular_head", "above_fibular_head", "popliteal_fossa"]


def computable(st: Study) -> list[dict[str, Any]]:
    """Velocities that are not printed but follow from printed latencies and distances."""
    out = []
    groups: dict[tuple[Any, ...], dict[str, dict[str, float]]] = {}
    for r in st.readings:
        if r["study"] not in ("motor", "sensory", "mixed") or r["value"] is None:
            continue
        key = (r["study"], r["nerve"], r["side"], r["recording"])
        site = groups.setdefault(key, {}).setdefault(r["stimulation"] or "", {})
        site[r["measure"]] = r["value"]
    for key, sites in groups.items():
        for site, gap in _gaps(key[0], sites):
            here = sites[site]
            if "velocity" in here or "distance" not in here or gap <= 0:
                continue
            entry = {"patient_id": st.patient_id, "study_date": st.study_date}
            entry |= dict(zip(("study", "nerve", "side", "recording"), key, strict=True))
            entry |= {"stimulation": site, "measure": "velocity"}
            out.append(entry | {"value": round(here["distance"] / gap, 1)})
    return out


def _gaps(study: str, sites: dict[str, dict[str, float]]) -> list[tuple[str, float]]:
    """Per site the time over which its distance was travelled."""
    if study != "motor":
        return [(s, v["onset_latency"]) for s, v in sites.items() if "onset_latency" in v]
    out = []
    for order in (ORDER, LEG_ORDER):
        ranked = [s for s in order if s in sites]
        for a, b in itertools.pairwise(ranked):
            first = sites[a].get("distal_latency", sites[a].get("proximal_latency"))
            second = sites[b].get("proximal_latency")
            if first is not None and second is not None:
                out.append((b, second - first))
    return out


def _one_line_leaves(text: str) -> str:
    """Objects and arrays without inner objects on one line each: easier to read and to diff."""
    pattern = re.compile(r"\{[^{}\[\]]*\}|\[[^{}\[\]]*\]")

    def flat(match: re.Match[str]) -> str:
        return re.sub(r"\s*\n\s*", " ", match.group(0)).replace("{ ", "{").replace(" }", "}")

    return pattern.sub(flat, text)
