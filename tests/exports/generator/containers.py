"""File containers that openpyxl does not write: OLE compound files, BIFF8 workbooks, ODS."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any
from xml.sax.saxutils import escape

from .kit import _member

SECTOR = 512
END, FREE, FATSECT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file with the given streams, each padded to 4096 bytes or more."""
    padded = {}
    for name, data in streams.items():
        size = max(4096, -(-len(data) // SECTOR) * SECTOR)
        padded[name] = data.ljust(size, b"\0")
    fat: list[int] = [FATSECT]  # sector 0 is the table itself
    body = b""
    starts = {}
    for name, data in padded.items():
        count = len(data) // SECTOR
        first = len(fat)
        starts[name] = first
        fat += [first + i + 1 for i in range(count - 1)] + [END]
        body += data
    directory = len(fat)
    entries = [("Root Entry", 5, FREE, 0)]
    entries += [(name, 2, starts[name], len(padded[name])) for name in streams]
    raw = b""
    for n, (name, kind, start, size) in enumerate(entries):
        wide = (name + "\0").encode("utf-16-le")
        right = n + 1 if 0 < n < len(entries) - 1 else FREE
        child = 1 if n == 0 else FREE
        raw += wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide), kind, 1)
        raw += struct.pack("<III", FREE, right, child) + b"\0" * 36
        raw += struct.pack("<IQ", END if n == 0 else start, size)
    count = -(-len(raw) // SECTOR)
    empty = b"\0" * 68 + struct.pack("<III", FREE, FREE, FREE) + b"\0" * 48
    while len(raw) < count * SECTOR:
        raw += empty
    fat += [directory + i + 1 for i in range(count - 1)] + [END]
    assert len(fat) <= SECTOR // 4, "one table sector is enough here"
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, directory, 0, 4096, END, 0, END, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    return head + table + body + raw


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def xls(sheet: str, rows: list[list[Any]]) -> bytes:
    """A minimal BIFF8 workbook: texts and numbers of one sheet."""
    bof = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    page = _record(0x0042, struct.pack("<H", 1200))
    date = _record(0x0022, struct.pack("<H", 0))
    font = _record(0x0031, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0)
                   + b"\x05\x00Arial")  # fmt: skip
    xf = _record(0x00E0, struct.pack("<HHH", 0, 0, 0) + b"\0" * 14)
    name = sheet.encode("ascii")
    length = len(bof + page + date + font + xf) + 4 + 8 + len(name) + 4
    bound = _record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name)
    out = bof + page + date + font + xf + bound + _record(0x000A, b"")
    assert len(out) == length, (len(out), length)
    out += _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    width = max(len(r) for r in rows)
    out += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is None or value == "":
                continue
            if isinstance(value, (int, float)):
                out += _record(0x0203, struct.pack("<HHHd", r, c, 0, float(value)))
            else:
                text = str(value).encode("utf-16-le")
                data = struct.pack("<HHHHB", r, c, 0, len(str(value)), 1) + text
                out += _record(0x0204, data)
    out += _record(0x000A, b"")
    return compound({"Workbook": out})


def ods(sheet: str, rows: list[list[Any]]) -> bytes:
    """A minimal OpenDocument spreadsheet of one sheet."""
    lines = []
    for row in rows:
        cells = []
        for value in row:
            if value is None or value == "":
                cells.append("<table:table-cell/>")
            elif isinstance(value, (int, float)):
                cells.append(
                    f'<table:table-cell office:value-type="float" office:value="{value}">'
                    f"<text:p>{value}</text:p></table:table-cell>"
                )
            else:
                cells.append(
                    '<table:table-cell office:value-type="string">'
                    f"<text:p>{escape(str(value))}</text:p></table:table-cell>"
                )
        lines.append("<table:table-row>" + "".join(cells) + "</table:table-row>")
    spaces = " ".join(
        f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"'
        for p, n in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
        'office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="{sheet}">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        'manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        first = _member("mimetype")
        first.compress_type = zipfile.ZIP_STORED
        z.writestr(first, kind)
        z.writestr(_member("content.xml"), content)
        z.writestr(_member("META-INF/manifest.xml"), manifest)
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    """A plain zip archive with fixed times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members.items():
            z.writestr(_member(name), data)
    return out.getvalue()
