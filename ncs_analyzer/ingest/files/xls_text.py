"""Texts in the records of XLS workbooks."""

import codecs
import struct
from typing import Final

from ncs_analyzer.ingest.files.opened import DamagedError

_PAGES: Final = {1200: "utf-16-le", 10000: "mac_roman", 32768: "mac_roman", 32769: "cp1252", 367: "ascii"}


def code_page(number: int) -> str:
    """The name of a code page; an unknown one is taken as Western."""
    name = _PAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def byte_text(data: bytes, width: int, page: str) -> str:
    """A text of the older format: its length in bytes, then bytes of the code page."""
    length = data[0] if width == 1 else struct.unpack_from("<H", data)[0]
    return data[width : width + length].decode("cp1252" if page == "utf-16-le" else page, errors="replace")


class Segments:
    """A record and its continuations; a text that is cut between two of them goes on with a flag of its own."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts, self.part, self.at = parts, 0, 0

    def _left(self) -> int:
        return len(self.parts[self.part]) - self.at

    def _next(self) -> None:
        self.part += 1
        self.at = 0
        if self.part >= len(self.parts):
            raise DamagedError("The texts of the workbook break off.")

    def take(self, length: int) -> bytes:
        """Bytes that may run over the end of a part."""
        pieces = []
        while length:
            if not self._left():
                self._next()
            piece = self.parts[self.part][self.at : self.at + length]
            pieces.append(piece)
            self.at += len(piece)
            length -= len(piece)
        return b"".join(pieces)

    def text(self, width: int) -> str:
        """One text: its length in `width` bytes, a flag, perhaps formatting, the letters."""
        length = int.from_bytes(self.take(width), "little")
        flags = self.take(1)[0]
        runs = int.from_bytes(self.take(2), "little") if flags & 8 else 0
        extra = int.from_bytes(self.take(4), "little") if flags & 4 else 0
        pieces = []
        wide = flags & 1
        while length:
            if not self._left():
                self._next()
                wide = self.take(1)[0] & 1
            size = 2 if wide else 1
            count = min(length, self._left() // size)
            if not count:
                raise DamagedError("The texts of the workbook break off.")
            letters = self.take(count * size)
            pieces.append(letters.decode("utf-16-le" if wide else "latin-1", errors="replace"))
            length -= count
        self.take(runs * 4 + extra)
        return "".join(pieces)


def shared_strings(parts: list[bytes]) -> list[str]:
    """The table of shared texts."""
    segments = Segments(parts)
    segments.take(4)
    count = struct.unpack("<I", segments.take(4))[0]
    most = sum(len(part) for part in parts) // 3
    return [segments.text(2) for _ in range(min(count, most))]
