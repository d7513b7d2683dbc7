"""OLE compound files, the container of XLS workbooks and of encrypted ones: their streams, read within bounds."""

import struct
from collections.abc import Callable
from typing import Final

from ncs_analyzer.ingest.files.opened import DamagedError

SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST: Final = 0xFFFFFFFA
"""Sector numbers from here on mark ends and free sectors."""


class Compound:
    """The streams of a compound file by name. Raises DamagedError where chains of sectors break off or run in circles."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512:
            raise DamagedError("The workbook is cut off.")
        self.content = content
        big, small = struct.unpack_from("<HH", content, 30)
        if not (7 <= big <= 16 and 4 <= small <= big):
            raise DamagedError("The container of the workbook is damaged.")
        self.size, self.small_size = 1 << big, 1 << small
        (self.directory_start,) = struct.unpack_from("<I", content, 48)
        self.cutoff, small_start, _, more, _ = struct.unpack_from("<IIIII", content, 56)
        self.table = self._table(more)
        self.streams = self._directory()
        self.small_table = _numbers(self._chain(small_start)) if small_start < _LAST else ()
        root = self.streams.get("\x00root")
        self.small = self._chain(root[0]) if root and root[0] < _LAST and self.small_table else b""

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        found = self.content[start : start + self.size]
        if not found:
            raise DamagedError("The workbook is cut off.")
        return found.ljust(self.size, b"\0")

    def _table(self, more: int) -> tuple[int, ...]:
        """The table of sectors: which one follows which."""
        sectors = [n for n in struct.unpack_from("<109I", self.content.ljust(512, b"\0"), 76) if n < _LAST]
        seen = set()
        while more < _LAST:
            if more in seen:
                raise DamagedError("The container of the workbook runs in circles.")
            seen.add(more)
            numbers = _numbers(self._sector(more))
            sectors += [n for n in numbers[:-1] if n < _LAST]
            more = numbers[-1]
        if len(set(sectors)) != len(sectors):
            raise DamagedError("The container of the workbook runs in circles.")
        return _numbers(b"".join(self._sector(n) for n in sectors))

    def _chain(self, start: int) -> bytes:
        return self._follow(start, self.table, self._sector)

    def _follow(self, start: int, table: tuple[int, ...], sector: Callable[[int], bytes]) -> bytes:
        pieces = []
        seen: set[int] = set()
        number = start
        while number < _LAST:
            if number in seen or number >= len(table):
                raise DamagedError("The container of the workbook is damaged: its sectors do not follow each other.")
            seen.add(number)
            pieces.append(sector(number))
            number = table[number]
        return b"".join(pieces)

    def _directory(self) -> dict[str, tuple[int, int]]:
        """Start and size of every stream by name; the root under a name of its own."""
        entries = self._chain(self.directory_start)
        streams = {}
        for at in range(0, len(entries) - 127, 128):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            start, size = struct.unpack_from("<II", entries, at + 116)
            name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
            if kind == 5:
                streams["\x00root"] = (start, size)
            elif kind == 2:
                streams.setdefault(name, (start, size))
        return streams

    def read(self, name: str) -> bytes | None:
        """One stream, None if there is none of that name."""
        found = self.streams.get(name)
        if found is None:
            return None
        start, size = found
        if size >= self.cutoff:
            return self._chain(start)[:size]
        n = self.small_size
        return self._follow(start, self.small_table, lambda k: self.small[k * n : (k + 1) * n])[:size]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
