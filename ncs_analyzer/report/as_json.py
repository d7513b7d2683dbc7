"""The analysis as JSON, in the names of the contract; written study by study, so that size does not matter."""

import json
from typing import Any, TextIO

from ncs_analyzer.pipeline import Analysis
from ncs_analyzer.report.record import heading, study_records


def write_json(analysis: Analysis, stream: TextIO) -> None:
    """The document of report.record, never with NaN in it."""
    head = _dump(heading(analysis))
    stream.write(head[: head.rindex("\n}")] + ',\n  "studies": [')
    between = "\n"
    for record in study_records(analysis):
        stream.write(between + _dump(record).replace("\n", "\n    ").join(("    ", "")))
        between = ",\n"
    stream.write("\n  ]\n}\n" if between != "\n" else "]\n}\n")


def _dump(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
