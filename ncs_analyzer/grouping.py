"""Small helpers over sorted integer codes: which rows belong together."""

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Keys, Mask, Rows


def combine(*columns: Codes) -> Keys:
    """One integer per row of small codes (-1 allowed): equal exactly where all codes are equal, ordered by them."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        key = key * (int(column.max(initial=0)) + 2) + column + 1
    return key


def starts(key: Keys) -> Rows:
    """The first row of every run of equal keys."""
    if not len(key):
        return np.zeros(0, np.intp)
    return np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))


def run_number(key: Keys) -> Rows:
    """For every row, the number of its run of equal keys, from 0."""
    if not len(key):
        return np.zeros(0, np.intp)
    return np.cumsum(np.concatenate(([False], key[1:] != key[:-1])))


def find(sorted_keys: Keys, wanted: Keys) -> Rows:
    """Where each wanted key stands in sorted, unique keys; -1 where it does not."""
    if not len(sorted_keys):
        return np.full(len(wanted), -1, np.intp)
    at = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.where(sorted_keys[at] == wanted, at, -1)


def span(sorted_codes: Codes, code: int) -> Rows:
    """The rows that carry a code, of a column sorted by it."""
    first, last = np.searchsorted(sorted_codes, (code, code + 1))
    return np.arange(first, last)


def least(group: Codes | Rows, value: Floats, n: int) -> Floats:
    """The lowest known value of each of n groups; NaN where none is known."""
    found = np.full(n, np.inf)
    known = ~np.isnan(value)
    np.minimum.at(found, group[known], value[known])
    found[np.isinf(found)] = np.nan
    return found


def has_any(group: Codes | Rows, mask: Mask, n: int) -> Mask:
    """Which of n groups have a marked entry."""
    found = np.zeros(n, bool)
    found[group[mask]] = True
    return found
