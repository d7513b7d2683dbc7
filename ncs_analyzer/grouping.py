"""Small helpers over integer codes: which rows belong together, and what they are called."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

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


def alike(*codes: Codes) -> list[Rows]:
    """The rows in groups that agree in every code."""
    if not len(codes[0]):
        return []
    key = combine(*codes)
    order = np.argsort(key, kind="stable")
    return np.split(order, starts(key[order])[1:])


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


def named(codes: Codes, names: Sequence[str | None]) -> pd.Categorical:
    """A text column from codes into `names`; -1 and a name that is None are missing."""
    known = [name for name in names if name is not None]
    if len(known) < len(names):
        place = np.cumsum([name is not None for name in names]) - 1
        codes = np.array([*(p if n is not None else -1 for p, n in zip(place, names, strict=True)), -1])[codes]
    return pd.Categorical.from_codes(codes, categories=pd.Index(known, dtype=object), validate=False)


def repeated(column: pd.Series, rows: Rows) -> pd.Categorical | np.ndarray:
    """A column with some of its rows repeated; text as categories."""
    values = column.to_numpy()
    if values.dtype != object:
        return values[rows]
    codes, names = pd.factorize(values)
    return named(codes[rows], [str(name) for name in names])
