"""Columns of a tidy table that say again what another says: they complete it, agree with it, or contradict it."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ncs_analyzer.arrays import Codes, Mask
from ncs_analyzer.ingest.headings import read_heading
from ncs_analyzer.ingest.layouts.measures import LATE
from ncs_analyzer.ingest.layouts.tidy_headings import named_column
from ncs_analyzer.ingest.layouts.wide_headings import read_wide_heading
from ncs_analyzer.readings import LIMITS

_SAME: Final = 1.0
"""Years, cm or °C by which two columns may differ, rounded or reckoned otherwise."""


def columns_again(headings: Sequence[str], mapped: dict[str, tuple[int, float]]) -> dict[str, list[int]]:
    """The further columns of each name, beside the first."""
    taken = {c for c, _ in mapped.values()}
    found: dict[str, list[int]] = {}
    for c, text in enumerate(headings):
        name = named_column(text)[0] if text and c not in taken else None
        if name in mapped and name not in LIMITS:
            found.setdefault(name, []).append(c)
    return found


def kind_of_late(heading: str) -> str | None:
    """The only kind of study whose latency a column can hold."""
    read = read_heading(heading)
    return next((kind for kind, role in LATE.items() if read is not None and read.role == role), None)


def is_percentage(heading: str) -> bool:
    """Whether a column holds a measure as a share of its limit."""
    meaning = read_wide_heading(heading)
    return bool(meaning.percent and meaning.measure and not meaning.rest and meaning.measure != "persistence")


def apart(first: tuple[Codes, list[str]], other: tuple[Codes, list[str]]) -> Mask:
    """Rows in which two columns of names name different things."""
    (codes, names), (theirs, their_names) = first, other
    same = np.array([*(names.index(n) if n in names else -2 for n in their_names), -1], np.int64)[theirs]
    differ: Mask = (codes >= 0) & (theirs >= 0) & (same != codes)
    return differ


def completed(first: tuple[Codes, list[str]], other: tuple[Codes, list[str]]) -> tuple[Codes, list[str]]:
    """The first column with what only the other names."""
    (codes, names), (theirs, their_names) = first, other
    both = list(dict.fromkeys((*names, *their_names)))
    own = np.array([*(both.index(n) for n in their_names), -1], np.int32)[theirs]
    return np.where(codes < 0, own, codes).astype(np.int32), both


def ids_apart(first: tuple[Codes, list[str]], other: tuple[Codes, list[str]], same_heading: bool) -> Mask:
    """Rows whose two ids cannot be of one patient: ids of one register that differ, or one number with several ids."""
    codes, theirs = first[0], other[0]
    differ = apart(first, other)
    if same_heading or ((codes >= 0) & (theirs >= 0) & ~differ).any():
        return differ
    both = (codes >= 0) & (theirs >= 0)
    pairs = np.unique(np.stack([theirs[both], codes[both]]), axis=1)
    number, times = np.unique(pairs[0], return_counts=True)
    return both & np.isin(theirs, number[times > 1])


def facts_differ(one: Any, other: Any) -> bool:
    """Whether two values of a fact about a study contradict each other."""
    if one is None or other is None:
        return False
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) >= _SAME
    return bool(one != other)
