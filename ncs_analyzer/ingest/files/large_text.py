"""Large, regular text tables: pandas' C reader, every column straight into categories."""

import codecs
import csv
import os
import warnings
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
import pandas as pd

from ncs_analyzer.ingest.grid import Grid

LARGE: Final = 4_000_000
"""Bytes from which a text is worth this path."""

HUGE: Final = 64_000_000
"""Bytes from which a text is read in no other way."""
_BLOCK: Final = 1 << 24
_ONE_PIECE: Final = 200_000_000
"""Bytes up to which the C reader takes the text in one piece; larger ones in several, to bound the memory."""


@dataclass(frozen=True)
class _Shape:
    """What a pass over the bytes tells: how many lines there are, and whether any quote."""

    lines: int
    quoted: bool


def read_large(name: str, stream: BinaryIO, delimiter: str, width: int) -> Grid | None:
    """The grid of a UTF-8 table with `width` columns in its first line; None where only the careful reader is safe:
    another encoding, zero bytes, line breaks in cells, rows that are too long."""
    shape = _shape(stream)
    if shape is None:
        return None
    size = stream.seek(0, os.SEEK_END)
    stream.seek(len(codecs.BOM_UTF8) if _starts_with_mark(stream) else 0)
    try:
        with warnings.catch_warnings():
            # a row that is too long would lose its end with a warning
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                stream, sep=delimiter, header=None, names=list(range(width)), dtype="category", na_filter=False,
                skip_blank_lines=False, quoting=csv.QUOTE_MINIMAL if shape.quoted else csv.QUOTE_NONE, index_col=False,
                on_bad_lines="error", low_memory=size > _ONE_PIECE, encoding="utf-8",
            )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.ParserWarning, UnicodeDecodeError):
        return None
    if len(frame) != shape.lines:
        return None
    return Grid(name, None, tuple(frame[c].array for c in frame), np.arange(1, len(frame) + 1, dtype=np.int32))


def _starts_with_mark(stream: BinaryIO) -> bool:
    stream.seek(0)
    return stream.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8


def _shape(stream: BinaryIO) -> _Shape | None:
    """None where the text is not UTF-8, holds zero bytes, or ends lines with a bare carriage return."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, quoted, last = 0, False, b""
    stream.seek(0)
    while block := stream.read(_BLOCK):
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return None
        if b"\x00" in block or _bare_returns(last[-1:] + block):
            return None
        lines += block.count(b"\n")
        quoted = quoted or b'"' in block
        last = block
    return _Shape(lines + (not last.endswith(b"\n")), quoted)


def _bare_returns(block: bytes) -> bool:
    """Whether a carriage return stands before anything but a line feed; the last byte is left to the next block."""
    return b"\r" in block and block.count(b"\r") - block.count(b"\r\n") > block.endswith(b"\r")
