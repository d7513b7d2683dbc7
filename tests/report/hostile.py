"""A study whose names try everything: markup, a path, formulas, control characters, direction marks."""

import csv
import io
from pathlib import Path

from ncs_analyzer import Analysis, analyze, read
from tests.studies import motor

IDS = (
    "<script>alert(1)</script>",
    "../x",
    "=cmd|' /C calc'!A0",
    "a\x1b[31mred\x07",
    "\u202eevil",
    '"><svg onload=alert(1)>',
    "{{ 7*7 }}",
)


def analysis(folder: Path) -> Analysis:
    """One healthy nerve for each of them, from a file with a name of the same kind."""
    rows = [
        {"patient_id": who, "age_years": "50", "sex": "M", "group": who, **row}
        for who in IDS
        for row in motor("median")
    ]
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "=x<b>&.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return analyze(read([path]))
