"""Text tables: delimiter, decimal sign, quotes that never close, rows with too many fields."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import dropwhile, pairwise, takewhile
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

import pandas as pd

from ncs_analyzer.ingest.cells import Raw, decimal_comma
from ncs_analyzer.ingest.files.compound import SIGNATURE
from ncs_analyzer.ingest.files.encoding import decode
from ncs_analyzer.ingest.files.large_text import HUGE, LARGE, read_large
from ncs_analyzer.ingest.files.opened import Opened, RefusedError
from ncs_analyzer.ingest.grid import WIDEST, Grid
from ncs_analyzer.ingest.headings import read_heading
from ncs_analyzer.ingest.packed import is_row

TOO_LARGE: Final = "The file is larger than 64 MB and no regular table in UTF-8; split it or write it anew."
_SAMPLE: Final = 40_000
_DELIMITERS: Final = (",", ";", "\t", "|")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_NUMBER: Final = re.compile(r"\s*[+-]?\d+(?:[.,]\d+)?\s*")
_LONGEST_HEADING: Final = 80
_MANY: Final = 300
"""Columns from which a table is read cell by cell: categories serve long tables."""
_MOST_CELLS: Final = 20_000_000
"""Cells of a table that is read cell by cell; more would not fit into a usual memory."""
_LONGEST_RECORD: Final = 1000
"""Lines that one record may run over, for the breaks within its quoted cells."""
_MOST_BROKEN: Final = 1000
"""Lines with a quote that never closes from which on the quotes of a file mean nothing."""
_MOST_BLANK: Final = 100
"""Blank lines after each other that are kept; further ones say no more."""
_FEWEST_ROWS: Final = 4
"""Rows that show how many fields a row has."""
_FEWEST_HEADINGS: Final = 4
"""Known headings that make a row the head of a table."""


class Record(NamedTuple):
    """One record of a text table: the 1-based line it starts in, its fields, and whether a quote in it never closes."""

    line: int
    fields: list[str]
    broken: bool = False


def open_text(opened: Opened, content: bytes) -> None:
    """Read a text table. Raises RefusedError for what is none."""
    decoded = decode(content, known_words)
    text = decoded.text.rstrip("\x00\x1a")
    if decoded.text.endswith("\x00"):
        said = f"The file ends in {len(decoded.text) - len(text)} zero bytes"
        if text.endswith(("\n", "\r")):
            opened.report("encoding-assumed", f"{said}, taken for padding.")
        else:
            opened.report("encoding-mixed", f"{said}, in the middle of a line; what stood there is lost.")
    if _is_binary(text):
        raise RefusedError("This is neither a text table nor a workbook.")
    if decoded.issue:
        opened.report(*decoded.issue)
    text = text.lstrip("\ufeff").replace("\x00", "\ufffd")
    delimiter = _delimiter(text)
    long = text[:_SAMPLE].partition("\n")[0].count(delimiter) < _MANY
    regular = long and len(content) > LARGE and decoded.encoding.startswith("utf-8") and not decoded.issue
    grid = _large_grid(opened.name, io.BytesIO(content), text[:_SAMPLE], delimiter) if regular else None
    if grid is None and len(content) > HUGE:
        raise RefusedError(TOO_LARGE)
    grid = grid or _small_grid(opened, text, delimiter)
    if grid.height:
        opened.grids.append(grid)
    else:
        opened.report("nothing-in-file", "The file holds nothing but blank cells.")


def known_words(text: str) -> int:
    """How many cells of the first lines are headings the program knows (a wrong encoding or delimiter shows few)."""
    cells = (cell.strip(' "') for cell in re.split(r"[,;\t|\r\n]", text[:20_000])[:600])
    return sum(1 for cell in cells if _known(cell))


def _known(cell: str) -> bool:
    return bool(cell) and len(cell) <= _LONGEST_HEADING and read_heading(cell) is not None


def _is_binary(text: str) -> bool:
    head = text[:4000]
    strange = sum(1 for c in head if ord(c) < 32 and c not in "\t\r\n\x0b\x0c\x1b")
    return strange > max(len(head) // 20, 3)


def _delimiter(text: str) -> str:
    """The delimiter a first line `sep=;` names; else that under which the first lines show most known headings; of
    equals, the one that gives most columns."""
    named = re.match(r'\s*"?sep=(.)"?\s*[\r\n]', text[:40], re.IGNORECASE)
    if named and named[1] in _DELIMITERS:
        return named[1]
    sample = text[:_SAMPLE]
    tabs = {line.count("\t") for line in sample.splitlines()[:-1] if line.strip()}
    if len(tabs) == 1 and tabs != {0}:
        return "\t"  # what else separates stands inside the cells

    def merit(delimiter: str) -> tuple[int, int]:
        rows = [record.fields for record in list(records(sample, delimiter))[:60]]
        known = sum(_known(cell) for row in rows for cell in row)
        return known if any(len(row) > 1 for row in rows) else 0, sum(len(row) for row in rows)

    return max(_DELIMITERS, key=merit)


def records(text: str, delimiter: str) -> Iterator[Record]:
    """The records of a text. A quote that never closes, or that swallows whole records, is taken as a letter; its line
    is a broken record and reading goes on with the next line."""
    csv.field_size_limit(2**30)
    lines = _LINE_END.split(text)
    at = first = blank = broken = 0
    same: dict[str, str] = {}

    def written() -> Iterator[str]:
        for i in range(at, len(lines)):
            if i - first >= _LONGEST_RECORD:
                return  # a quote that does not close is not looked for in the whole file
            yield lines[i] + "\n"

    while at < len(lines):
        reader = csv.reader(written(), delimiter=delimiter)
        for fields in reader:
            end = at + reader.line_num
            if end - first > 1 and _swallows(lines[first:end], fields, delimiter):
                broken += 1
                if broken > _MOST_BROKEN:
                    raise RefusedError(
                        f"In more than {_MOST_BROKEN} lines a quote never closes; write the quotes anew."
                    )
                yield Record(first + 1, lines[first].split(delimiter), broken=True)
                first += 1
                break
            blank = 0 if any(fields) else blank + 1
            if blank <= _MOST_BLANK:
                yield Record(first + 1, [same.setdefault(field, field) for field in fields])
            first = end
        at = first


def _swallows(lines: list[str], fields: list[str], delimiter: str) -> bool:
    """Whether a quoted field ran over lines that are records of their own, or to the end without a closing quote."""
    if sum(line.count('"') for line in lines) % 2:
        return True
    width = max(len(fields) - 1, 3)
    if any(line.count(delimiter) >= width for line in lines[1:-1]):
        return True
    return any(is_row(part) for field in fields if "\n" in field for part in field.split("\n"))


def _small_grid(opened: Opened, text: str, delimiter: str) -> Grid:
    found = list(records(text, delimiter))
    if max((len(record.fields) for record in found), default=0) > WIDEST:
        found = [Record(r.line, _without_blank_end(r.fields), r.broken) for r in found]
    widest = max((len(record.fields) for record in found), default=0)
    if widest > WIDEST:
        raise RefusedError(f"The table has {widest} columns; no layout is that wide.")
    if widest >= _MANY and widest * len(found) > _MOST_CELLS:
        raise RefusedError(f"The table has {widest} columns and {len(found)} rows; split it.")
    refused = {record.line: "unclosed-quote" for record in found if record.broken}
    tables = _tables(found)
    refused |= {line: "field-count" for table in tables for line in _too_long(*table)}
    refused |= dict.fromkeys(_cut_off(found, tables, text), "row-cut-off")
    short = frozenset(line for table in tables for line in _too_short(*table)) - refused.keys()
    lost = sum(bool(cell.strip()) for r in found if r.line in refused for cell in r.fields)
    found = [r for r in found if r.line not in refused]
    cells = cast(list[list[Raw]], [r.fields for r in found])
    comma = decimal_comma(cell for row in cells[:400] for cell in row if isinstance(cell, str))
    grid = Grid.of_rows(opened.name, None, cells, [r.line for r in found], comma, refused)
    return replace(grid, lost=lost, short=short)


def _without_blank_end(fields: list[str]) -> list[str]:
    end = len(fields)
    while end and not fields[end - 1].strip():
        end -= 1
    return fields[:end]


def _tables(found: list[Record]) -> list[tuple[int, list[Record]]]:
    """The tables of a text: how many columns the headings of each have, and the records below them."""
    worded = ((i, r.fields) for i, r in enumerate(found) if not any(map(_NUMBER.fullmatch, r.fields)))
    heads = [i for i, fields in worded if sum(map(_known, fields)) >= _FEWEST_HEADINGS]
    return [(len(found[a].fields), found[a + 1 : b]) for a, b in pairwise([*heads, len(found)])]


def _is_filled(record: Record) -> bool:
    return any(cell.strip() for cell in record.fields)


def _too_long(width: int, below: list[Record]) -> list[int]:
    """Lines of a rectangular table with more fields than its heading: an unquoted comma has moved their cells."""
    below = list(filter(_is_filled, below))
    counts = Counter(len(r.fields) for r in below)
    if not counts or any(len(r.fields) > width and sum(map(_known, r.fields)) > 1 for r in below):
        return []  # wider headings below: the first ones are not those of the table
    usual, times = counts.most_common(1)[0]
    if (
        usual > width
        and times >= 0.9 * len(below)
        and not any(any(r.fields[width:]) for r in below if len(r.fields) == usual)
    ):
        width = usual
    if sum(n for count, n in counts.items() if count < width) > len(below) / 2:
        return []
    ragged = len(counts.keys() - {width}) > 1
    long = [r.line for r in below if _length(r, ragged) > width and not r.broken]
    return long if 2 * len(long) <= len(below) + 1 else []


def _too_short(width: int, below: list[Record]) -> list[int]:
    """Lines of a rectangular table with fewer fields than its heading, where rows are written to their end: some end with
    a blank field. The end is missing, or a field is and the cells behind it have moved."""
    own = list(takewhile(_is_filled, dropwhile(lambda r: not _is_filled(r), below)))
    whole = [r for r in own if len(r.fields) == width]
    short = [r for r in own if len(r.fields) < width and sum(bool(c.strip()) for c in r.fields) >= _FEWEST_CELLS]
    to_end = any(not r.fields[-1].strip() for r in whole)
    return [r.line for r in short if not r.broken] if to_end and len(short) <= len(whole) else []


_FEWEST_CELLS: Final = 4
"""Filled cells of a row of measurements; a remark has fewer."""


def _length(record: Record, ragged: bool) -> int:
    """How many fields a row has; blank ones at its end do not count where rows end as they like."""
    return len(_without_blank_end(record.fields) if ragged else record.fields)


def _cut_off(found: list[Record], tables: list[tuple[int, list[Record]]], text: str) -> list[int]:
    """The last line, where it ends without a line end and before the others do: the file was not written to its end."""
    if text.endswith(("\n", "\r")) or len(found) < _FEWEST_ROWS:
        return []
    *others, last = (r for r in found if any(r.fields))
    counts = Counter(len(r.fields) for r in others if len(r.fields) > 1)
    usual, times = counts.most_common(1)[0] if counts else (0, 0)
    same = times == counts.total() and times >= _FEWEST_ROWS - 1
    if tables and not same:  # tables of several widths: held against the one that it stands in
        width, below = tables[-1][0], list(filter(_is_filled, tables[-1][1]))
        usual, same = width, bool(below) and below[-1] is last and found[-1] is last and len(last.fields) > _FEWEST_CUT
        same = same and any(len(r.fields) == width for r in below[:-1])
    return [last.line] if same and 1 < len(last.fields) < usual and not last.broken else []


_FEWEST_CUT: Final = 2
"""Fields of a row of measurements that was cut off; a remark has fewer."""


def open_huge(opened: Opened, name: str) -> bool:
    """A text table that is better never held in memory as a whole: read as it streams in. False where it is a workbook.
    Raises RefusedError for any other."""
    with Path(name).open("rb") as stream:
        start = stream.read(_SAMPLE)
        if start.startswith((b"PK", SIGNATURE)):
            return False
        head = start[: start.rfind(b"\n") + 1].decode("utf-8-sig", errors="replace")
        regular = head and "\ufffd" not in head and "\x00" not in head
        grid = _large_grid(name, stream, head, _delimiter(head)) if regular else None
    if grid is None:
        raise RefusedError(TOO_LARGE)
    opened.grids.append(grid)
    return True


def _large_grid(name: str, stream: BinaryIO, head: str, delimiter: str) -> Grid | None:
    """A large, regular text table; `head`: its first lines. None where only the careful reader is safe."""
    if "\n" not in head:
        return None
    grid = read_large(name, stream, delimiter, head[: head.find("\n")].count(delimiter) + 1)
    if grid is None or any(isinstance(c, pd.Categorical) and (c.codes < 0).any() for c in grid.columns):
        return None
    return replace(grid, comma=decimal_comma(cell for column in grid.columns[:_MANY] for cell in column[:200]))
