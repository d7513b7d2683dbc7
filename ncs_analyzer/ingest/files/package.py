"""Zipped workbooks: their parts, read within bounds, and XML without declarations of its own."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Self
from xml.parsers import expat

from ncs_analyzer.ingest.files.opened import DamagedError, RefusedError

LARGEST_PART: Final = 400_000_000
"""Bytes that one part of a workbook may unpack to: a sheet of three million cells, or of a million blank rows."""
_PIECE: Final = 1 << 20
_HEADER: Final = struct.Struct("<4s2xH18xHH")
"""Of a part: its signature, flags, and the lengths of its name and of extra fields."""
_UTF8, _USUAL_FLAGS = 0x800, 0x80E


class Package:
    """The parts of a zipped workbook by name; case and the direction of slashes do not matter."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._parts = {self._plain(info.filename): info for info in self._archive.infolist()}

    @staticmethod
    def _plain(name: str) -> str:
        return name.replace("\\", "/").lstrip("/").casefold()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def has(self, name: str) -> bool:
        return self._plain(name) in self._parts

    def has_folder(self, start: str) -> bool:
        return any(name.startswith(start) for name in self._parts)

    def size(self, name: str) -> int:
        """How large a part says it is unpacked; 0 where it is missing."""
        info = self._parts.get(self._plain(name))
        return info.file_size if info else 0

    def read(self, name: str) -> bytes:
        """One small part as a whole; errors as in `pieces`."""
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """One part, piece by piece, each ending with a tag where there is one. Raises DamagedError where the part is
        missing or broken, RefusedError where it is encrypted or swollen."""
        info = self._parts.get(self._plain(name))
        if info is None:
            raise DamagedError(f"The workbook lacks its part {name}.")
        if info.flag_bits & 1:
            raise RefusedError("The workbook is encrypted; save it without a password.")
        if info.file_size > LARGEST_PART:
            raise RefusedError(f"The workbook unpacks to more than {LARGEST_PART // 1_000_000} MB ({name}).")
        small = self._small(info)
        if small is not None:
            yield small
            return
        try:
            with self._archive.open(info) as part:
                rest = b""
                while block := part.read(_PIECE):
                    head, end, tail = (rest + block).rpartition(b">")
                    yield head + end if end else tail
                    rest = tail if end else b""
                yield rest
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise DamagedError(f"The part {name} of the workbook is damaged.") from error

    def _small(self, info: zipfile.ZipInfo) -> bytes | None:
        """A small, intact part in one go; None for others, which `zipfile` reads with more care."""
        if info.compress_type != zipfile.ZIP_DEFLATED or info.file_size > _PIECE:
            return None
        at = info.header_offset
        header = self._content[at : at + _HEADER.size]
        if len(header) < _HEADER.size:
            return None
        signature, flags, name, extra = _HEADER.unpack(header)
        at += _HEADER.size
        named = self._content[at : at + name] == info.orig_filename.encode(
            "utf-8" if flags & _UTF8 else "cp437", "replace"
        )
        at += name + extra
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            part = unpacker.decompress(self._content[at : at + info.compress_size], info.file_size + 1)
        except zlib.error:
            return None
        usual = signature == b"PK\3\4" and not flags & ~_USUAL_FLAGS and named
        whole = unpacker.eof and len(part) == info.file_size and zlib.crc32(part) == info.CRC
        return part if usual and whole else None


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def parse(part: str, pieces: Iterable[bytes], start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Run through the XML of a part; handlers get names with their prefix as written.

    Raises DamagedError where the XML is broken, RefusedError where it declares entities: no spreadsheet program does.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_declarations
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DamagedError(f"The XML of {part} is broken (line {error.lineno}, column {error.offset + 1}).") from error


def _refuse_declarations(*_: object) -> None:
    raise RefusedError("The XML of the workbook declares entities, which is unsafe and nothing a spreadsheet needs.")


def local(name: str) -> str:
    """An XML name without its prefix."""
    return name.rpartition(":")[2]


def attribute(attributes: dict[str, str], name: str) -> str | None:
    """An attribute by its name without prefix."""
    if name in attributes:
        return attributes[name]
    return next((value for key, value in attributes.items() if local(key) == name), None)
