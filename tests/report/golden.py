"""Whole outputs of the samples, kept in golden/. `python -m tests.report.golden` writes them anew; review the diff.

Text and one line per study: all samples. The other formats: patient P15, whose pages are short.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import openpyxl

from ncs_analyzer import Analysis, analyze
from ncs_analyzer.report.as_csv import write_readings
from ncs_analyzer.report.as_json import write_json
from ncs_analyzer.report.fhir import write_fhir
from ncs_analyzer.report.html.page import write_html
from ncs_analyzer.report.labels import labels
from ncs_analyzer.report.terminal import write_text
from ncs_analyzer.report.workbook import write_workbook
from tests.report.samples import analysis

FOLDER: Final = Path(__file__).parent / "golden"


def everything() -> Analysis:
    return analysis()


def one() -> Analysis:
    readings = analysis().readings
    return analyze(readings.only((readings.studies["patient_id"] == "P15").to_numpy()))


def text(found: Analysis, **changes: object) -> str:
    options: dict[str, object] = {"colour": False, "in_brief": False, "only_abnormal": False, **changes}
    return _streamed(lambda out: write_text(found, out, **options))  # type: ignore[arg-type]


def sheets(found: Analysis) -> str:
    """The cells of the workbook, a line for each row."""
    out = io.BytesIO()
    write_workbook(found, out)
    book = openpyxl.load_workbook(out)
    lines = []
    for sheet in book:
        lines.append(f"== {sheet.title}")
        lines += ["\t".join("" if v is None else str(v) for v in row) for row in sheet.iter_rows(values_only=True)]
    return "\n".join(lines) + "\n"


def _streamed(write: Callable[[io.StringIO], None]) -> str:
    out = io.StringIO()
    write(out)
    return out.getvalue()


OUTPUTS: Final[dict[str, Callable[[], str]]] = {
    "all.txt": lambda: text(everything()),
    "all_brief.txt": lambda: text(everything(), in_brief=True),
    "P15_abnormal.txt": lambda: text(one(), only_abnormal=True),
    "P15_de.txt": lambda: text(one(), say=labels("de")),
    "P15.html": lambda: _streamed(lambda out: write_html(one(), out, "Laboratory of Examples")),
    "P15.json": lambda: _streamed(lambda out: write_json(one(), out)),
    "P15.csv": lambda: _streamed(lambda out: write_readings(one(), out)),
    "P15.fhir.json": lambda: _streamed(lambda out: write_fhir(one(), out)),
    "P15.xlsx.txt": lambda: sheets(one()),
}
"""By file name, what makes it."""


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for stale in set(FOLDER.iterdir()) - {FOLDER / name for name in OUTPUTS}:
        stale.unlink()
    for name, output in OUTPUTS.items():
        (FOLDER / name).write_text(output(), encoding="utf-8")
