"""The rows of an XLSX sheet in the XML that most programs write, read as arrays of bytes instead of tag by tag.

Every byte between <sheetData> and </sheetData> is accounted for: rows with their numbers, cells with their addresses,
values and texts, and nothing else. Whatever is otherwise (formulas, rich text, comments, line breaks, prefixes) makes the
sheet irregular, and it is left to the reader of any XML.
"""

import math
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from ncs_analyzer.arrays import Codes
from ncs_analyzer.ingest.files.sheet import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SheetCells
from ncs_analyzer.ingest.files.xlsx_cells import Shown
from ncs_analyzer.ingest.files.xlsx_tags import IrregularError, Tags, need

_BEGIN, _END, _ROW_END = b"<sheetData>", b"</sheetData>", b"</row>"
_LARGEST_HEAD, _LARGEST_ROW = 1 << 22, 1 << 24
_MOST_KNOWN: Final = 200_000
"""Contents that are remembered from one piece to the next."""
_TOP: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>?]*\?>)?\s*<worksheet[\s>]")
_OTHER_ENCODING: Final = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_ATTRIBUTES: Final = re.compile(r'(?: [A-Za-z0-9:]+="[^"&]*")* ?')
_ATTRIBUTE: Final = re.compile(r' ([A-Za-z0-9:]+)="([^"&]*)"')
_ENTITY: Final = re.compile(r"&(amp|lt|gt|quot|apos);|&")
_CHARACTER: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class RegularRows:
    """The rows of one sheet, piece by piece. Every method raises IrregularError where the XML is not as usual."""

    def __init__(self, shown: Shown) -> None:
        self.shown = shown
        self.sheet = SheetCells()
        self._known: dict[bytes, dict[str, str]] = {}
        self._codes: dict[bytes, _Contents] = {}
        self._found: list[tuple[Codes, Codes, Codes]] = []
        self._count = 0

    def around(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """What stands before and after the rows; the rows are read on the way."""
        pieces = iter(pieces)
        held = b""
        while (at := held.find(_BEGIN)) < 0:
            held += self._next(pieces, len(held) < _LARGEST_HEAD)
        at += len(_BEGIN)
        head, held = held[:at], held[at:]
        need(_TOP.match(head) and not _OTHER_ENCODING.match(head) and b"<!" not in head and head.count(b"<?") < 2)
        yield head
        while (end := held.find(_END)) < 0:
            cut = held.rfind(_ROW_END) + len(_ROW_END)
            if cut >= len(_ROW_END):
                self._read(held[:cut])
                held = held[cut:]
            held += self._next(pieces, len(held) < _LARGEST_ROW)
        if end:
            self._read(held[:end])
        yield held[end:]
        yield from pieces

    @staticmethod
    def _next(pieces: Iterator[bytes], bounded: bool) -> bytes:
        piece = next(pieces, None)
        if piece is None or not bounded:
            raise IrregularError
        return piece

    def cells(self) -> SheetCells:
        """The cells that were read."""
        if self._found:
            parts = zip(*self._found, strict=True)
            self.sheet.rows, self.sheet.columns, self.sheet.codes = (np.concatenate(part) for part in parts)
        return self.sheet

    def _read(self, xml: bytes) -> None:
        """Some whole rows."""
        tags = Tags(xml)
        rows = tags.rows()
        cells = tags.cells(rows)
        need(all(map(self._attributes, rows.attributes)))
        kinds = [self._attributes(text).get("t", "n") for text in cells.attributes]
        # an empty cell may still be an error; a text of its own is one only where the cell says so
        held = cells.holder >= 0
        if not held.all():
            need("e" not in {kinds[k] for k in _distinct(cells.kind[~held])})
            cells = cells.take(held)
        own = [kind == "inlineStr" for kind in kinds]
        need((np.array(own)[cells.kind] == cells.inline).all())
        need(not len(cells.row) or (cells.row.max() <= MOST_ROWS and cells.column.max() < MOST_COLUMNS))
        texts, distinct = tags.texts(cells.holder)
        pair, pairs = pd.factorize(cells.kind * len(distinct) + texts)
        known = [self._contents(text) for text in cells.attributes]
        kind, content = (part.tolist() for part in np.divmod(pairs, max(len(distinct), 1)))
        of = [known[k][distinct[t]] for k, t in zip(kind, content, strict=True)]
        if sum(map(len, self._codes.values())) > _MOST_KNOWN:
            self._codes.clear()
        codes = np.array(of, np.int32)[pair]
        full = codes > 0
        self._count += int(full.sum())
        need(self._count <= MOST_CELLS)
        self._found.append(((cells.row[full] - 1).astype(np.int32), cells.column[full].astype(np.int32), codes[full]))

    def _contents(self, attributes: bytes) -> "_Contents":
        known = self._codes.get(attributes)
        if known is None:
            parsed = self._attributes(attributes)
            kind = _Numbers if self.shown.is_plain_number(parsed) else _Contents
            known = self._codes[attributes] = kind(parsed, self.shown, self.sheet)
        return known

    def _attributes(self, text: bytes) -> dict[str, str]:
        """The attributes behind the address of a row or a cell."""
        known = self._known.get(text)
        if known is None:
            need(text.isascii() and _ATTRIBUTES.fullmatch(text.decode()))
            pairs = [("r", ""), *_ATTRIBUTE.findall(text.decode())]
            known = self._known[text] = dict(pairs)
            need(len(known) == len(pairs))
        return known


class _Contents(dict[bytes, int]):
    """The codes of what cells show that have the same attributes, by what stands in them."""

    def __init__(self, attributes: dict[str, str], shown: Shown, sheet: SheetCells) -> None:
        super().__init__()
        self._code = sheet.code
        self._filled = str if attributes.get("t") == "inlineStr" else shown.reader(attributes)
        self._blank = partial(shown.value, attributes, formula=False)

    def __missing__(self, content: bytes) -> int:
        text = _plain(content)
        value = self._filled(text) if text and not text.isspace() else self._blank(text, text)
        code = self[content] = self._code(value)
        return code


class _Numbers(_Contents):
    """The same of cells with plain numbers: most cells of most sheets."""

    def __missing__(self, content: bytes) -> int:
        try:
            number = float(content)
        except ValueError:
            return super().__missing__(content)
        if not math.isfinite(number):
            return super().__missing__(content)
        code = self[content] = self._code(number)
        return code


def _distinct(codes: Codes) -> list[int]:
    return np.flatnonzero(np.bincount(codes)).tolist()


def _plain(content: bytes) -> str:
    """The text that stands in XML."""
    if content.isascii() and b"&" not in content:
        return content.decode()
    try:
        written = content.decode()
    except UnicodeDecodeError as error:
        raise IrregularError from error
    need("\ufffe" not in written and "\uffff" not in written)
    return _ENTITY.sub(lambda found: _character(found[1]), written) if "&" in written else written


def _character(entity: str | None) -> str:
    if entity is None:
        raise IrregularError
    return _CHARACTER[entity]
