"""The report as a workbook: summary, readings, criteria, conduction block, issues, sources. Same input, same bytes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ncs_analyzer.pipeline import Analysis
from ncs_analyzer.report import sections
from ncs_analyzer.report.as_csv import readings_table
from ncs_analyzer.report.record import heading, study_records
from ncs_analyzer.report.values import FLAGS
from ncs_analyzer.wording import LIVE, address, plain, safe

Record = dict[str, Any]

NO_CLOCK: Final = datetime(2000, 1, 1)  # noqa: DTZ001  (the bytes of a workbook must not depend on the time)
ROWS_OF_A_SHEET: Final = 1_048_575
"""Below the headings; what does not fit goes on in a further sheet of the same name and a number."""

WIDEST: Final = 60


def write_workbook(analysis: Analysis, stream: BinaryIO) -> None:
    """All sheets, row by row. Text is never a formula: a cell that would look like one is marked as text."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, {**options, "constant_memory": True}) as book:
        book.set_properties({"title": "Nerve conduction report", "created": NO_CLOCK})
        writer = _Writer(book)
        head = heading(analysis)
        writer.sheet("summary", SUMMARY, (_summary(record) for record in study_records(analysis)))
        writer.sheet("readings", READINGS, _readings(analysis))
        writer.sheet("criteria", CRITERIA, (row for record in study_records(analysis) for row in _criteria(record)))
        writer.sheet("conduction block", BLOCK, (row for record in study_records(analysis) for row in _blocks(record)))
        writer.sheet("issues", ISSUES, ([issue[name] for name in ISSUE_KEYS] for issue in head["issues"]))
        writer.sheet("sources", SOURCES, _sources(head, next(study_records(analysis), None)))


Column = tuple[str, str]
"""Heading and kind of a column: text, number, percent, whole, flag."""

WHO: Final[tuple[Column, ...]] = (("patient", "text"), ("study", "text"), ("date", "text"))

SUMMARY: Final[tuple[Column, ...]] = (
    *WHO, ("age (years)", "number"), ("sex", "text"), ("height (cm)", "number"), ("group", "text"), ("pattern", "text"),
    ("modality", "text"), ("distribution", "text"), ("conclusion", "text"), ("summary", "text"), ("limitations", "text"),
)  # fmt: skip


def _summary(record: Record) -> list[Any]:
    pattern = record["pattern"]
    names = ("patient_id", "study_id", "study_date", "age_years", "sex", "height_cm", "group")
    said = (plain(pattern[key]) for key in ("category", "sensory_motor", "distribution"))
    return [
        *(record[name] for name in names), *said, sections.conclusion(record), record["summary"],
        " ".join(record["limitations"]),
    ]  # fmt: skip


READINGS: Final[tuple[Column, ...]] = (
    *WHO, ("age (years)", "number"), ("sex", "text"), ("height (cm)", "number"), ("group", "text"), ("kind", "text"),
    ("nerve", "text"), ("side", "text"), ("recording", "text"), ("stimulation", "text"), ("measure", "text"),
    ("value", "number"), ("unit", "text"), ("response", "text"), ("lower limit", "number"), ("upper limit", "number"),
    ("limit from", "text"), ("limit for", "text"), ("limit note", "text"),
    ("% of limit", "percent"), ("z score", "number"), ("flag", "flag"), ("file", "text"), ("sheet", "text"),
    ("row", "whole"), ("column", "text"),
)  # fmt: skip


def _readings(analysis: Analysis) -> Iterable[Sequence[Any]]:
    table = readings_table(analysis)
    grade = table["grade"].astype(object)
    table["grade"] = grade.map(lambda name: FLAGS.get(name, ""), na_action="ignore").fillna("not used")
    for name in ("study", "nerve", "recording", "stimulation", "measure", "response"):
        table[name] = table[name].astype(object).map(plain, na_action="ignore")
    return table[list(_READING_COLUMNS)].itertuples(index=False, name=None)


_READING_COLUMNS: Final = (
    "patient_id", "study_id", "study_date", "age_years", "sex", "height_cm", "group", "study", "nerve", "side", "recording",
    "stimulation", "measure", "value", "unit", "response", "lower", "upper", "limit_source", "limit_for", "limit_note",
    "percent_of_limit", "z_score", "grade",
    "file", "sheet", "row", "column",
)  # fmt: skip
"""The columns of `readings_table` in the order of READINGS."""


CRITERIA: Final[tuple[Column, ...]] = (
    *WHO, ("set", "text"), ("verdict", "text"), ("fulfilled", "text"), ("settled", "text"), ("item", "text"),
    ("threshold", "text"), ("nerve", "text"), ("side", "text"), ("segment", "text"), ("measure", "text"),
    ("value", "number"), ("unit", "text"), ("limit", "number"), ("percent", "percent"), ("decided", "text"), ("cell", "text"),
)  # fmt: skip


def _criteria(record: Record) -> Iterable[list[Any]]:
    """Each set's verdict, then a row for everything that meets an item of it."""
    for found in record["criteria"].values():
        said = [
            *_who(record),
            found["title"],
            plain(found["verdict"]),
            _yes(found["fulfilled"]),
            _yes(found["settled"]),
        ]
        yield [*said, *[None] * (len(CRITERIA) - len(said))]
        for piece in found["evidence"]:
            yield [
                *said, piece["item"], piece["threshold"], plain(piece["nerve"]), piece["side"],
                plain(piece.get("segment")).replace("-", " to ") or None, plain(piece["measure"]), piece["value"],
                piece["unit"], piece["limit"], piece["percent"], _yes(piece["counted"]), address(piece["source"], short=False),
            ]  # fmt: skip


BLOCK: Final[tuple[Column, ...]] = (
    *WHO, ("nerve", "text"), ("side", "text"), ("distal", "text"), ("proximal", "text"), ("amplitude drop %", "percent"),
    ("area drop %", "percent"), ("duration rise %", "percent"), ("entrapment site", "text"), ("counted", "text"),
    ("response at proximal site", "text"), ("definition", "text"), ("grade", "text"), ("cell", "text"),
)  # fmt: skip


def _blocks(record: Record) -> Iterable[list[Any]]:
    """One row for each pair of sites and definition."""
    for pair in record["conduction_block"]:
        changes = (pair[key] for key in ("amplitude_reduction_pct", "area_reduction_pct", "duration_increase_pct"))
        said = [
            *_who(record), plain(pair["nerve"]), pair["side"], plain(pair["distal"]), plain(pair["proximal"]), *changes,
            pair["compression_name"], _yes(pair["counted"]), "absent" if pair["proximal_absent"] else "present",
        ]  # fmt: skip
        for name, grade in pair["grades"].items():
            yield [*said, name, plain(grade), address(pair["source"], short=False)]


ISSUE_KEYS: Final = ("severity", "code", "message", "file", "sheet", "row", "column", "value")
ISSUES: Final[tuple[Column, ...]] = tuple((key, "whole" if key == "row" else "text") for key in ISSUE_KEYS)
SOURCES: Final[tuple[Column, ...]] = (("what", "text"), ("name", "text"), ("source", "text"))


def _sources(head: Record, record: Record | None) -> Iterable[list[Any]]:
    """Program, settings, rows, limits, criteria sets: what the numbers rest on."""
    yield ["program", head["program"], None]
    for name, value in head["settings"].items():
        yield ["setting", plain(name), ", ".join(value) if isinstance(value, list) else value]
    for name, count in head["rows"].items():
        yield ["rows", name, str(count)]
    for source in head["reference"]:
        yield ["limits", source["id"], f"{source['title']} (hash {source['hash']})"]
    for found in record["criteria"].values() if record else ():
        yield ["criteria", found["title"], found["citation"] + (f", doi:{found['doi']}" if found["doi"] else "")]


def _who(record: Record) -> list[Any]:
    return [record["patient_id"], record["study_id"], record["study_date"]]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


class _Writer:
    """Writes sheets: headings in bold that stay in view, a filter on every column, numbers in the form of their kind."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.formats = {
            "number": book.add_format({"num_format": "General"}),
            "percent": book.add_format({"num_format": "0.0"}),
            "whole": book.add_format({"num_format": "0"}),
        }
        self.quoted = book.add_format({"quote_prefix": True})
        self.flags = book.add_format({"bold": True, "font_color": "#B3261E"})

    def sheet(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
        """One sheet, and further ones if a sheet is full."""
        sheet, at, part = self._begin(name, columns), 0, 1
        for row in rows:
            if at == ROWS_OF_A_SHEET:
                self._end(sheet, columns, at)
                part += 1
                sheet, at = self._begin(f"{name} {part}", columns), 0
            at += 1
            for i, ((_, kind), value) in enumerate(zip(columns, row, strict=True)):
                self._cell(sheet, at, i, kind, value)
        self._end(sheet, columns, at)

    def _begin(self, name: str, columns: Sequence[Column]) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        for i, (heading_, kind) in enumerate(columns):
            sheet.write_string(0, i, heading_, self.bold)
            wide = (
                WIDEST if heading_ in ("conclusion", "summary", "limitations", "message", "threshold", "source") else 14
            )
            sheet.set_column(i, i, wide if kind == "text" else 10)
        sheet.freeze_panes(1, 1)
        return sheet

    def _end(self, sheet: Worksheet, columns: Sequence[Column], rows: int) -> None:
        sheet.autofilter(0, 0, rows, len(columns) - 1)

    def _cell(self, sheet: Worksheet, row: int, column: int, kind: str, value: Any) -> None:
        if value is None or value != value or str(value) in ("<NA>", ""):
            return
        if kind in self.formats:
            sheet.write_number(row, column, float(value), self.formats[kind])
        else:
            text = safe(str(value))
            sheet.write_string(row, column, text, self._text_format(kind, text))

    def _text_format(self, kind: str, text: str) -> Format | None:
        if text.startswith(LIVE):
            return self.quoted
        return self.flags if kind == "flag" and text in ("LOW", "HIGH", "ABSENT") else None
