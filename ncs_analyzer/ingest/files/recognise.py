"""One file to grids: the format is recognised by content, not by name."""

import re
import zipfile
from typing import Final

from ncs_analyzer.ingest.files import compound, ods, xls, xlsx
from ncs_analyzer.ingest.files.delimited import open_huge, open_text
from ncs_analyzer.ingest.files.inputs import STANDARD_INPUT, file_bytes, is_huge, is_lock_file, standard_input
from ncs_analyzer.ingest.files.opened import Opened, RefusedError
from ncs_analyzer.ingest.files.package import Package

_ZIP: Final = b"PK"
_EMPTY: Final = b"\x00 \r\n\t\x0b\x0c\xef\xbb\xbf\xff\xfe"
_SIGNATURES: Final = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"BM", "an image (BMP)"),
    (b"II*\x00", "an image (TIFF)"),
    (b"MM\x00*", "an image (TIFF)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a compressed file (gzip); unpack it first"),
    (b"7z\xbc\xaf", "a compressed archive (7z); unpack it first"),
    (b"Rar!", "a compressed archive (RAR); unpack it first"),
    (b"BZh", "a compressed file (bzip2); unpack it first"),
    (b"\xfd7zXZ", "a compressed file (xz); unpack it first"),
    (b"SQLite format 3", "a database (SQLite)"),
    (b"PAR1", "a Parquet file"),
    (b"$FL2", "an SPSS file"),
    (b"$FL3", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x09\x08\x10\x00\x00\x06", "a workbook stream without its container"),
    (b"\x09\x04\x06\x00", "a workbook of Excel 4 or older"),
    (b"\x09\x02\x06\x00", "a workbook of Excel 4 or older"),
    (b"\x09\x00\x04\x00", "a workbook of Excel 4 or older"),
)
_MARKUP: Final = re.compile(
    rb"\s*(?:<\?xml|<!doctype|<!--|<html|<head|<meta|<table|<body|<style|<div|<office:|<workbook)", re.IGNORECASE
)
_JSON: Final = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{"])')


def open_file(name: str, content: bytes | None = None) -> Opened:
    """Read one file (`-`: standard input) into grids. Never raises for what a file holds: what cannot be read is an issue."""
    opened = Opened("<stdin>" if name == STANDARD_INPUT else name)
    if is_lock_file(name):
        opened.report("file-skipped", "This is a lock file of a spreadsheet program.")
        return opened
    try:
        if content is None and is_huge(name) and open_huge(opened, name):
            return opened
        if content is None:
            content = standard_input() if name == STANDARD_INPUT else file_bytes(name)
        if not content.strip(_EMPTY):
            raise RefusedError("The file is empty.", "nothing-in-file")
        _open(opened, content)
    except RefusedError as refused:
        opened.grids.clear()
        opened.report(refused.code, str(refused))
    except Exception as error:  # noqa: BLE001 - a broken file must never stop the batch
        opened.grids.clear()
        opened.report("file-unreadable", f"The file is damaged or not what it seems ({_words(error)}).")
    return opened


def _words(error: Exception) -> str:
    text = " ".join(str(error).split())
    return (text[:120] or type(error).__name__).rstrip(".")


def _open(opened: Opened, content: bytes) -> None:
    if content.startswith(_ZIP):
        _open_package(opened, content)
        return
    if content.startswith(compound.SIGNATURE):
        xls.open_workbook(opened, content)
        return
    bare = content[:2000].lstrip(b"\xef\xbb\xbf")
    for signature, what in _SIGNATURES:
        if bare.startswith(signature):
            raise RefusedError(f"This is {what}, not a table.")
    squeezed = bare.replace(b"\x00", b"").lstrip(b"\xff\xfe")
    if _MARKUP.match(squeezed):
        what = "an Excel 2003 XML workbook" if b"office:spreadsheet" in squeezed else "an HTML or XML page"
        raise RefusedError(f"This is {what}, whatever its name says.")
    if _JSON.match(squeezed):
        raise RefusedError("This is JSON, not a table.")
    open_text(opened, content)


def _open_package(opened: Opened, content: bytes) -> None:
    try:
        package = Package(content)
    except zipfile.BadZipFile as error:
        raise RefusedError("The workbook is cut off or damaged; its archive has no end.", "file-unreadable") from error
    with package:
        if package.has("xl/workbook.xml") or package.has("xl/worksheets/sheet1.xml"):
            xlsx.open_workbook(opened, package)
        elif package.has("xl/workbook.bin"):
            raise RefusedError("This is a binary workbook (XLSB).")
        elif package.has("content.xml"):
            ods.open_workbook(opened, package)
        else:
            kinds = {"word/": "a Word document", "ppt/": "a presentation", "index/": "a Numbers or Pages document"}
            what = next((kind for start, kind in kinds.items() if package.has_folder(start)), "an archive")
            raise RefusedError(f"This is {what}, not a workbook.")
