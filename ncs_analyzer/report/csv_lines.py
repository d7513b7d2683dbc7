"""Tables of any length as CSV text, made from distinct values rather than cell by cell.

Neighbouring columns whose combinations repeat are joined once per combination; a row is then a few ready pieces.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes
from ncs_analyzer.wording import inert

_AT_ONCE: Final = 100_000
"""Rows that are turned into text together."""

_REPEATS: Final = 8
"""Columns are joined where a combination of theirs stands in so many rows on average."""

Piece = tuple[Codes, NDArray[np.object_]]
"""Codes of all rows, and the text of each code."""


def csv_header(table: pd.DataFrame) -> str:
    """The line of headings."""
    return ",".join(_field(str(name)) for name in table.columns) + "\n"


def csv_lines(table: pd.DataFrame) -> Iterator[str]:
    """The rows as text, many at a time: UTF-8, comma, point; missing values empty; text that a spreadsheet program
    would take for a formula made inert; numbers in full."""
    for start in range(0, len(table), _AT_ONCE):
        part = table.iloc[start : start + _AT_ONCE]
        pieces = _joined([_piece(part[name]) for name in part.columns], len(part))
        ends = [","] * (len(pieces) - 1) + ["\n"]
        texts = [(texts + end)[codes].tolist() for (codes, texts), end in zip(pieces, ends, strict=True)]
        yield "".join(chain.from_iterable(zip(*texts, strict=True)))


def _piece(column: pd.Series) -> Piece:
    """One column: its distinct values as they are written."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = column.cat.codes.to_numpy()
        names = column.cat.categories.to_numpy()
        used = np.unique(codes)
        if len(used) < len(names):
            at = np.zeros(len(names) + 1, np.int64)
            at[used] = np.arange(len(used))
            return at[codes], _texts([names[u] if u >= 0 else None for u in used])
        return codes, _texts([*names, None])
    codes, names = pd.factorize(column.to_numpy() if isinstance(column.dtype, np.dtype) else column.array)
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiub":
        found = np.empty(len(names) + 1, object)
        found[:] = [*map(repr, names.tolist()), ""]
        return codes, found
    return codes, _texts([*names.tolist(), None])


def _texts(values: list[Any]) -> NDArray[np.object_]:
    found = np.empty(len(values), object)
    found[:] = [_field(value) for value in values]
    return found


_OBEYED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control and direction characters, which a terminal would obey."""


def _field(value: Any) -> str:
    """One cell: quoted where it holds what separates cells."""
    if value is None or value is pd.NA:
        return ""
    if not isinstance(value, str):
        return repr(value)
    text = inert(value if value.isprintable() else _OBEYED.sub("\ufffd", value))
    if any(c in text for c in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _joined(pieces: list[Piece], rows: int) -> list[Piece]:
    """Neighbouring pieces joined as long as their combinations repeat."""
    found: list[Piece] = []
    for codes, texts in pieces:
        if found:
            before, left = found[-1]
            key = (before.astype(np.int64) + 1) * (len(texts) + 1) + codes + 1
            if min(len(left), len(texts)) * _REPEATS <= max(rows, 1000):
                together, distinct = pd.factorize(key)
                if len(distinct) * _REPEATS <= rows or len(distinct) <= max(len(left), len(texts)):
                    first, second = np.divmod(distinct, len(texts) + 1)
                    both = np.empty(len(distinct), object)
                    both[:] = [a + "," + b for a, b in zip(left[first - 1], texts[second - 1], strict=True)]
                    found[-1] = together, both
                    continue
        found.append((codes, texts))
    return found
