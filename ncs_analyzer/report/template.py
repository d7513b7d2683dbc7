"""An empty tidy table to fill in: CSV, or a workbook with drop-downs and what stands in each column as a prompt."""

import csv
import io
import re
import zipfile
from typing import Final, TextIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ncs_analyzer.readings import CATEGORIES, LIMITS, STUDY_COLUMNS, STUDY_NUMBERS, VALUES
from ncs_analyzer.vocabulary.match import lexicon

COLUMNS: Final = (
    *STUDY_COLUMNS[:8], "group", "low_cut_hz", "cts_left", "cts_right", "phenotype", "study", "nerve", "side", "recording",
    "stimulation", "response", "latency_ms", "peak_latency_ms", "amplitude_mv", "amplitude_uv", "amplitude_convention",
    "area_mvms", "duration_ms", "distance_mm", "velocity_m_per_s", "persistence_pct", "temperature_c", *LIMITS,
)  # fmt: skip
"""The columns of the tidy table in the order a person fills them in."""

MEANINGS: Final = {
    "patient_id": "required; a code, no name",
    "study_id": "if one patient has two studies on one day",
    "study_date": "YYYY-MM-DD",
    "age_years": "years",
    "sex": "F or M",
    "height_cm": "cm",
    "weight_kg": "kg",
    "days_since_onset": "days",
    "group": "any label, for cohorts",
    "low_cut_hz": "Hz; low-frequency filter of the motor studies",
    "cts_left": "yes or no: median neuropathy at the wrist is known",
    "cts_right": "yes or no: median neuropathy at the wrist is known",
    "phenotype": "clinical picture",
    "study": "kind of study; required",
    "nerve": "required",
    "side": "left or right; required",
    "recording": "muscle or site recorded from",
    "stimulation": "site stimulated",
    "response": "present, absent or not_tested; blank: present if there is a number",
    "latency_ms": "ms; onset; for an F wave the minimal latency, for an H reflex its latency",
    "peak_latency_ms": "ms; sensory: to the negative peak",
    "amplitude_mv": "mV; motor",
    "amplitude_uv": "µV; sensory",
    "amplitude_convention": "blank: baseline to peak",
    "area_mvms": "mV·ms; negative peak",
    "duration_ms": "ms; motor: onset of the first to end of the last negative peak",
    "distance_mm": "mm; to the next more distal site, for the most distal site to the recording electrode",
    "velocity_m_per_s": "m/s; of the segment to the next more distal site",
    "persistence_pct": "%; F waves",
    "temperature_c": "°C; skin",
    "latency_upper_limit": "ms; the laboratory's own limit",
    "peak_latency_upper_limit": "ms; the laboratory's own limit",
    "amplitude_lower_limit": "as the amplitude; the laboratory's own limit",
    "velocity_lower_limit": "m/s; the laboratory's own limit",
    "duration_upper_limit": "ms; the laboratory's own limit",
}
"""What stands in each column."""

ROWS: Final = 2000
"""Rows of the workbook that have drop-downs."""

_EPOCH: Final = "2000-01-01T00:00:00Z"


def choices() -> dict[str, tuple[str, ...]]:
    """The words that each column with a drop-down knows."""
    return {
        **{name: tuple(known) for name, known in CATEGORIES.items()},
        "sex": ("F", "M"),
        "cts_left": ("yes", "no"),
        "cts_right": ("yes", "no"),
        "phenotype": tuple(dict.fromkeys(lexicon("phenotype").meaning.values())),
    }


def write_csv_template(stream: TextIO) -> None:
    """The headings alone."""
    csv.writer(stream, lineterminator="\n").writerow(COLUMNS)


def xlsx_template() -> bytes:
    """A workbook with the headings, drop-downs where words are wanted, and a hidden sheet of columns and words."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "readings"
    sheet.append(COLUMNS)
    sheet.freeze_panes = "B2"
    words = book.create_sheet("words")
    words.sheet_state = "hidden"  # the reader leaves hidden sheets alone
    _explain(words)
    known = choices()
    for c, name in enumerate(COLUMNS, start=1):
        letter = get_column_letter(c)
        head = sheet.cell(1, c)
        head.font, head.alignment = Font(bold=True), Alignment(textRotation=45)
        sheet.column_dimensions[letter].width = 15
        rule = _rule(name, known)
        if rule is not None:
            rule.promptTitle, rule.prompt = name[:32], MEANINGS[name][:255]
            rule.add(f"{letter}2:{letter}{ROWS + 1}")
            sheet.add_data_validation(rule)
    out = io.BytesIO()
    book.save(out)
    return _same_bytes(out.getvalue())


def _explain(sheet: Worksheet) -> None:
    """Columns and their meanings, and to the right of them the words of every drop-down."""
    sheet.append(["column", "what stands in it", None, *choices()])
    for r, name in enumerate(COLUMNS, start=2):
        sheet.cell(r, 1, name)
        sheet.cell(r, 2, MEANINGS[name])
    for c, words in enumerate(choices().values(), start=4):
        for r, word in enumerate(words, start=2):
            sheet.cell(r, c, word)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 60


def _rule(name: str, known: dict[str, tuple[str, ...]]) -> DataValidation | None:
    """What a column accepts. A recording may be one the program does not know yet: a warning, no refusal."""
    if name in known:
        column = get_column_letter(4 + list(known).index(name))
        where = f"words!${column}$2:${column}${len(known[name]) + 1}"
        return DataValidation(
            type="list", formula1=where, allow_blank=True, showErrorMessage=True, showInputMessage=True,
            errorStyle="warning" if name == "recording" else "stop", error="Choose a word of the list.",
        )  # fmt: skip
    if name in VALUES or name in LIMITS or name in (*STUDY_NUMBERS, "temperature_c"):
        return DataValidation(
            type="decimal", operator="between", formula1="-100000", formula2="100000", allow_blank=True,
            showErrorMessage=True, showInputMessage=True, errorStyle="warning",
            error="A number is expected here; leave the cell blank if it was not measured.",
        )  # fmt: skip
    return None


def _same_bytes(content: bytes) -> bytes:
    """The workbook without the time it was made: the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _EPOCH.encode(), data)
            new.writestr(zipfile.ZipInfo(info.filename), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
