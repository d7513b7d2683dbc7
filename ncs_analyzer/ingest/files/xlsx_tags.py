"""The tags of some whole rows of a sheet, found and checked as arrays; anything unusual raises IrregularError."""

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from ncs_analyzer.arrays import Codes, Mask, Rows

_MASK: Final = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
"""The first n bytes of a word of eight."""
_WORDS: Final = 3
"""Words of a text that are compared as such; longer texts are taken one by one."""
_DIGITS: Final = np.arange(8)
_WEIGHTS: Final = np.array([[10 ** max(n - 1 - i, 0) if i < n else 0 for i in range(8)] for n in range(8)])
"""What each digit of a number of n digits counts."""


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text, "little"))


_CELL, _ROW = _word(b'<c r="'), _word(b'<row r="')
_ROW_END, _CELL_END = _word(b"</row>"), _word(b"</c>")
_VALUE, _VALUE_END = _word(b"<v>"), _word(b"</v>")
_INLINE, _INLINE_END = _word(b"<is>"), _word(b"</is>")
_TEXT, _TEXT_END = _word(b"<t>"), _word(b"</t>")
_SPACED: Final = [_word(part) for part in (b"<t xml:s", b'pace="pr', b'eserve">')]
_OPENS, _CLOSES, _SLASH, _QUOTE, _FIRST_PRINTED = b'<>/" '


class IrregularError(Exception):
    """The XML of a sheet is not what most programs write."""


def need(regular: Any) -> None:
    """Raises IrregularError unless this holds."""
    if not regular:
        raise IrregularError


class RowTags(NamedTuple):
    """The rows: which tags open one, their numbers as written (the first `size` bytes from `start`), as integers, and
    the distinct texts of their other attributes."""

    tags: Rows
    start: Rows
    size: Rows
    number: Rows
    attributes: set[bytes]


class CellTags(NamedTuple):
    """The cells in order: 1-based row, 0-based column, the code of their other `attributes`, and the tag that holds
    their value or text (-1: none); `inline`: it is a text of their own."""

    row: Rows
    column: Rows
    kind: Codes
    attributes: list[bytes]
    holder: Rows
    inline: Mask

    def take(self, keep: Mask) -> "CellTags":
        """Some of the cells."""
        row, column, kind, attributes, holder, inline = self
        return CellTags(row[keep], column[keep], kind[keep], attributes, holder[keep], inline[keep])


class Tags:
    """All tags of some whole rows. Between tags there is nothing but values and texts."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        padded = xml + bytes(8 * _WORDS + 8)
        self.bytes = np.frombuffer(padded, np.uint8)
        self.words = np.ndarray(len(xml) + 8 * _WORDS, "<u8", padded, strides=(1,))
        content = self.bytes[: len(xml)]
        need((content >= _FIRST_PRINTED).all())
        self.first = np.flatnonzero(content == _OPENS)
        self.last = np.flatnonzero(content == _CLOSES)
        need(len(self.first) == len(self.last) > 0 and self.first[0] == 0 and self.last[-1] == len(xml) - 1)
        self.word = self.words[self.first]
        self.short = np.zeros(len(self.first) + 5, np.uint64)
        """The whole of each tag of up to eight bytes."""
        self.short[:-5] = self.word & _MASK[np.clip(self.last - self.first + 1, 0, 8)]
        gap = self.first[1:] - self.last[:-1]
        holders = (self.short[:-6] == _VALUE) | (self.short[:-6] == _TEXT) | (self.word[:-1] == _SPACED[0])
        need((self.last >= self.first).all() and (gap > 0).all() and holders[gap > 1].all())

    def closed(self, tags: Rows) -> Codes:
        """1 for tags without content (<c/>)."""
        return (self.bytes[self.last[tags] - 1] == _SLASH).astype(np.int8)

    def rows(self) -> RowTags:
        """The rows: each opened before it is closed, one right after the other."""
        opens = self.word == _ROW
        tags = np.flatnonzero(opens | (self.short[:-5] == _ROW_END))
        opening = opens[tags]
        closed = self.closed(tags).astype(bool)
        pending = opening & ~closed
        need(len(tags) and tags[0] == 0 and tags[-1] == len(self.first) - 1 and opening[0] and not pending[-1])
        need((pending[:-1] != opening[1:]).all() and (pending[:-1] | (np.diff(tags) == 1)).all())
        tags, closed = tags[opening], closed[opening]
        start = self.first[tags] + 8
        written = self.bytes[start[:, None] + _DIGITS]
        size = ((written < ord("0")) | (written > ord("9"))).argmax(axis=1)
        need((size > 0).all() and (self.bytes[start + size] == _QUOTE).all())
        number = ((written - np.int64(ord("0"))) * _WEIGHTS[size]).sum(axis=1)
        need((number > 0).all())
        ends = zip((start + size + 1).tolist(), (self.last[tags] - closed).tolist(), strict=True)
        return RowTags(tags, start, size, number, {self.xml[first:end] for first, end in ends})

    def cells(self, rows: RowTags) -> CellTags:
        """The cells, each with an address in its row, and with a value, a text or nothing."""
        cells = np.flatnonzero((self.word & _MASK[6]) == _CELL)
        closed = self.closed(cells)
        inside = self.short[cells + 1]
        valued, inline = (inside == _VALUE) & (closed == 0), (inside == _INLINE) & (closed == 0)
        empty = (inside == _CELL_END) & (closed == 0)
        need((valued | inline | empty | (closed == 1)).all())
        self._follow(cells[valued] + 1, _VALUE, _VALUE_END, _CELL_END)
        counted = len(cells) + 3 * int(valued.sum()) + int(empty.sum())
        if inline.any():
            texts = cells[inline] + 2
            spaced = texts[self.short[texts] != _TEXT]
            for k, word in enumerate(_SPACED):
                need((self.words[self.first[spaced] + 8 * k] == word).all())
            need((self.last[spaced] - self.first[spaced] == 8 * len(_SPACED) - 1).all())
            self._follow(texts + 1, _TEXT_END, _INLINE_END, _CELL_END)
            counted += 5 * len(texts)
        self._all_counted(counted, rows)
        row = np.searchsorted(rows.tags, cells) - 1
        column, end = self._addresses(self.first[cells] + 6, rows.start[row], rows.size[row])
        kind, attributes = self.distinct(end, self.last[cells] - end - closed)
        holder = np.where(valued, cells + 1, np.where(inline, cells + 2, -1))
        return CellTags(rows.number[row], column, kind, attributes, holder, inline)

    def _follow(self, tags: Rows, *expected: np.uint64) -> None:
        for k, word in enumerate(expected):
            need((self.short[tags + k] == word).all())

    def _all_counted(self, cells: int, rows: RowTags) -> None:
        """Every tag is of a row or of a cell."""
        need(cells + 2 * len(rows.tags) - int(self.closed(rows.tags).sum()) == len(self.first))

    def _addresses(self, start: Rows, row_start: Rows, row_size: Rows) -> tuple[Rows, Rows]:
        """The columns of the addresses that begin here, and where they end, behind their quote; their row must be the
        one they stand in."""
        letters = [self.bytes[start + k].astype(np.intp) - ord("A") for k in range(3)]
        a, b, c = (letter.astype(np.uint64) < 26 for letter in letters)
        need(a.all())
        size = 1 + b + (b & c)
        column = letters[0]
        column = np.where(size > 1, (column + 1) * 26 + letters[1], column)
        column = np.where(size > 2, (column + 1) * 26 + letters[2], column)
        number = _MASK[row_size + 1]
        need(((self.words[start + size] & number) == (self.words[row_start] & number)).all())
        return column, start + size + row_size + 1

    def texts(self, holders: Rows) -> tuple[Codes, list[bytes]]:
        """What these tags hold: codes and distinct texts."""
        start = self.last[holders] + 1
        return self.distinct(start, self.first[holders + 1] - start)

    def distinct(self, start: Rows, size: Rows) -> tuple[Codes, list[bytes]]:
        """The bytes that begin here: codes and distinct texts."""
        need(size.min(initial=0) >= 0)
        word = self.words[start] & _MASK[np.minimum(size, 8)]
        long = np.flatnonzero(size > 8)
        if len(long) * 8 > len(size):
            return self._distinct_long(start, size, word)
        short = np.flatnonzero(size <= 8) if len(long) else slice(None)
        codes = np.zeros(len(size), np.intp)
        codes[short], found = pd.factorize(word[short])
        texts = found.astype("<u8").view("S8").tolist()
        index: dict[bytes, int] = {}
        for i, first, n in zip(long.tolist(), start[long].tolist(), size[long].tolist(), strict=True):
            codes[i] = len(texts) + index.setdefault(self.xml[first : first + n], len(index))
        return codes, texts + list(index)

    def _distinct_long(self, start: Rows, size: Rows, word: Codes) -> tuple[Codes, list[bytes]]:
        """The same where many are longer than a word; `word`: their first ones."""
        codes, _ = pd.factorize(word)
        for k in range(8, min(int(size.max()), 8 * _WORDS), 8):
            more, _ = pd.factorize(self.words[start + k] & _MASK[np.clip(size - k, 0, 8)])
            codes, _ = pd.factorize(codes * (int(more.max()) + 1) + more)
        index: dict[bytes, int] = {}
        for i in np.flatnonzero(size > 8 * _WORDS).tolist():
            codes[i] = -1 - index.setdefault(self.xml[start[i] : start[i] + size[i]], len(index))
        codes, _ = pd.factorize(codes, use_na_sentinel=False)
        _, where = np.unique(codes, return_index=True)
        return codes, [self.xml[s : s + n] for s, n in zip(start[where].tolist(), size[where].tolist(), strict=True)]
