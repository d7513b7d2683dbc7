"""The JSON schema of the document that `--format json` writes; it stands in schema.json beside this module."""

import json
from importlib.resources import files
from typing import Any


def schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12)."""
    found: dict[str, Any] = json.loads(files("ncs_analyzer.report").joinpath("schema.json").read_text(encoding="utf-8"))
    return found
