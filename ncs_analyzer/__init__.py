"""ncs-analyzer: nerve conduction studies from spreadsheets, checked, explained and comparable.

A research and review aid, never a diagnosis, and not a medical device.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from ncs_analyzer.criteria.registry import criteria_sets
    from ncs_analyzer.ingest import read
    from ncs_analyzer.issues import Issue
    from ncs_analyzer.pipeline import Analysis, Settings, analyze
    from ncs_analyzer.readings import Readings
    from ncs_analyzer.reference.tables import Reference, TableError, load_reference
    from ncs_analyzer.report.record import document

_HOMES = {
    "Analysis": "pipeline",
    "Issue": "issues",
    "Readings": "readings",
    "Reference": "reference.tables",
    "Settings": "pipeline",
    "TableError": "reference.tables",
    "analyze": "pipeline",
    "criteria_sets": "criteria.registry",
    "document": "report.record",
    "load_reference": "reference.tables",
    "read": "ingest",
}

__all__ = [
    "Analysis",
    "Issue",
    "Readings",
    "Reference",
    "Settings",
    "TableError",
    "analyze",
    "criteria_sets",
    "document",
    "load_reference",
    "read",
]


def __getattr__(name: str) -> Any:
    """Import the public names when they are first used, so that `--help` starts at once."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
