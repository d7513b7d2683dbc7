"""The reader against the corpus of exports: at least 98 % of the readings found, none wrong, every expected issue raised."""

from pathlib import Path

import pytest
from tests.exports.compare import compare, later_truths, truths

FAMILIES = ("A", "B", "C", "D", "E", "F", "G", "H", "I")
"""The families that the reader reads in full."""

RECALL = 0.98


@pytest.mark.parametrize("truth", [*truths(*FAMILIES), *later_truths()], ids=lambda path: path.stem)
def test_export_is_read(truth: Path) -> None:
    outcome = compare(truth)
    assert outcome.wrong == []
    assert outcome.found >= RECALL * outcome.expected, outcome.missing[:10]
    assert outcome.other == []
