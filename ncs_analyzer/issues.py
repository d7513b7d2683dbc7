"""What could not be used, and why: stable codes, each with its severity and its remedy.

A value behind an error is never used by a criterion. Each code has its own heading in docs/issues.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Code:
    """One kind of issue: `NCS101 unreadable-number`, how severe, and what a user should do."""

    number: str
    name: str
    severity: Severity
    remedy: str

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


def _codes(*rows: tuple[str, str, Severity, str]) -> dict[str, Code]:
    return {name: Code(number, name, severity, remedy) for number, name, severity, remedy in rows}


CODES: Final = _codes(
    # files and sheets
    ("NCS001", "file-unreadable", "error", "Export the file again, or open and save it in a spreadsheet program."),
    ("NCS002", "format-refused", "error", "Save the file as CSV or XLSX."),
    ("NCS003", "nothing-in-file", "error", "Export the file again with the studies in it."),
    ("NCS004", "layout-unknown", "error", "Use the tidy table (ncs-analyzer template), or report the layout."),
    ("NCS005", "hidden-sheet", "info", "Unhide the sheet if it holds studies."),
    ("NCS006", "encoding-assumed", "info", "Save as UTF-8 if letters look wrong."),
    ("NCS007", "no-table-in-sheet", "info", "Nothing to do if the sheet holds no studies."),
    ("NCS008", "file-skipped", "info", "Nothing to do: lock and temporary files hold no studies."),
    ("NCS009", "sheet-unreadable", "error", "Open the workbook in a spreadsheet program and save it again."),
    ("NCS010", "encoding-mixed", "warning", "Save the file as UTF-8."),
    ("NCS011", "stray-cells", "warning", "Delete the cells, or move them beside the table if they belong to it."),
    ("NCS012", "text-lost", "error", "Export the file again: a part of it cannot be read."),
    # cells
    ("NCS101", "unreadable-number", "error", "Write a plain number, a word for no response, or leave the cell blank."),
    ("NCS102", "impossible-value", "error", "Check the number, its unit and its column."),
    ("NCS103", "censored-number", "warning", "Write the measured number; a bound is not a measurement."),
    ("NCS104", "error-cell", "error", "Repair the formula in the spreadsheet and save it again."),
    (
        "NCS105",
        "formula-not-calculated",
        "error",
        "Open the workbook in a spreadsheet program, let it calculate, save.",
    ),
    ("NCS106", "response-contradicts-value", "error", "Keep either the word for no response or the numbers."),
    ("NCS107", "unreadable-word", "error", "Use one of the words listed in the documentation of input formats."),
    (
        "NCS108",
        "unreadable-limit",
        "warning",
        "Write the limit as <4.4 or >50; without it the reference table is used.",
    ),
    ("NCS109", "date-in-number-cell", "error", "Format the column as text or number and type the value again."),
    # rows
    ("NCS201", "unknown-nerve", "error", "Use a nerve name the program knows (docs/input.md)."),
    ("NCS202", "missing-side", "error", "Write left or right for every nerve."),
    ("NCS203", "unknown-site", "error", "Use a site name the program knows (docs/input.md)."),
    ("NCS204", "unknown-study", "error", "Write motor, sensory, mixed, f_wave or h_reflex."),
    ("NCS205", "row-not-understood", "warning", "Look at the row; if it holds values, report the layout."),
    ("NCS206", "duplicate-row", "info", "Nothing to do: the same values stood twice and were used once."),
    ("NCS207", "duplicate-conflict", "error", "Keep the row that is right; none of the conflicting values was used."),
    ("NCS208", "shifted-columns", "error", "Move the cells of the row back under their headings."),
    ("NCS209", "nothing-measured", "info", "Nothing to do if the nerve was not tested."),
    ("NCS210", "unknown-recording", "warning", "Use a muscle or site name the program knows (docs/input.md)."),
    ("NCS211", "unclosed-quote", "error", "Close the quote, or write the text without quotes."),
    ("NCS212", "field-count", "error", "Write as many fields as columns; put what contains the delimiter into quotes."),
    ("NCS213", "row-cut-off", "error", "Export the file again: its end is missing."),
    ("NCS214", "cell-not-read", "warning", "Look at the cell; if it holds a measurement, report the layout."),
    ("NCS215", "name-not-used", "error", "Look at the row; if nothing is wrong with it, report the layout."),
    ("NCS216", "row-in-one-cell", "error", "Part every row by the same sign; put no row into quotes as a whole."),
    # who
    ("NCS301", "patient-id-missing", "warning", "Add a patient id; the file and sheet name stand for it meanwhile."),
    ("NCS302", "age-missing", "warning", "Add the age or the date of birth; age-adjusted limits need it."),
    ("NCS303", "sex-missing", "warning", "Write F or M; sex-adjusted limits need it."),
    ("NCS304", "demographics-unreadable", "warning", "Correct the cell; the value is taken as unknown."),
    ("NCS305", "demographics-conflict", "warning", "Correct the rows; the value is taken as unknown."),
    ("NCS306", "date-order-unknown", "warning", "Write dates as YYYY-MM-DD."),
    ("NCS307", "id-as-above", "info", "Write the patient id on every row."),
    ("NCS308", "demographics-carried", "info", "Write sex, height and age on every row, or the date of birth."),
    ("NCS309", "id-unusual", "warning", "Check the id: it is used as printed, never as a path, a formula or markup."),
    ("NCS310", "date-order-taken", "warning", "Write dates as YYYY-MM-DD."),
    ("NCS311", "row-without-patient", "error", "Write the patient id on this row."),
    # contradictions: the values are reported, but nothing rests on them
    ("NCS401", "velocity-disagrees", "error", "Check velocity, distance and the two latencies."),
    ("NCS402", "latency-order", "error", "Check the two latencies, or whether two rows were exchanged."),
    ("NCS403", "f-before-m", "error", "Check the F latency and the distal latency."),
    ("NCS404", "peak-before-onset", "error", "Check onset and peak latency."),
    ("NCS405", "distance-unit", "error", "The distance looks like cm in a mm column (or the reverse); correct it."),
    ("NCS406", "percent-of-limit", "error", "Supply the measured values; percentages of a limit are not measurements."),
    ("NCS407", "amplitude-unit", "error", "Check whether the column holds mV or µV."),
    ("NCS408", "amplitude-unit-taken", "warning", "Write µV in the heading of sensory amplitudes."),
    # assumptions and what was left alone
    ("NCS501", "muscle-assumed", "info", "Name the recording muscle if it was not the usual one."),
    ("NCS502", "unit-assumed", "warning", "Write the unit in the heading."),
    ("NCS503", "latency-kind-assumed", "warning", "Write onset or peak in the heading."),
    ("NCS504", "site-assumed", "warning", "Name the stimulation site."),
    ("NCS505", "column-ignored", "info", "Nothing to do unless the column holds measurements."),
    ("NCS506", "column-not-understood", "warning", "Name nerve, side, site and measure in the heading."),
    ("NCS508", "table-ignored", "info", "Nothing to do: the table holds no single measurements."),
)


_LONGEST_VALUE: Final = 200
_LONGEST_MESSAGE: Final = 500


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing found, with its address: `row` is the 1-based line or sheet row, `column` the heading or letter."""

    code: Code
    message: str
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __post_init__(self) -> None:
        """Long texts of a file are shown by their beginning."""
        object.__setattr__(self, "message", _shortened(self.message, _LONGEST_MESSAGE))
        if self.value is not None:
            object.__setattr__(self, "value", _shortened(self.value, _LONGEST_VALUE))

    @property
    def severity(self) -> Severity:
        return self.code.severity

    @property
    def where(self) -> str:
        """The address in words: file, sheet, row, column."""
        parts = [self.file]
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def record(self) -> dict[str, str | int | None]:
        """The issue as the contract's JSON object."""
        return {
            "severity": self.severity,
            "code": str(self.code),
            "message": f"{self.message} {self.code.remedy}",
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
        }


def worst(issues: Iterable[Issue]) -> Severity | None:
    """The highest severity present."""
    found = {issue.severity for issue in issues}
    return next((s for s in ("error", "warning", "info") if s in found), None)
