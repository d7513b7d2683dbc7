"""XLSX and XLSM workbooks: their visible sheets as grids. Macros and formulas are never run."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from posixpath import dirname, join, normpath
from typing import Any, Final, TypeVar, cast

from ncs_analyzer.ingest.files.formats import Kind, kind_of
from ncs_analyzer.ingest.files.opened import DamagedError, Opened, RefusedError
from ncs_analyzer.ingest.files.package import Package, attribute, local, parse
from ncs_analyzer.ingest.files.sheet import add_grid
from ncs_analyzer.ingest.files.xlsx_cells import Shown
from ncs_analyzer.ingest.files.xlsx_sheet import read_sheet

_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SMALL: Final = 1 << 16
_MOST_SHEETS: Final = 2_000

Said = TypeVar("Said")


@dataclass
class _Book:
    """What the sheets have in common. `sheets`: name, relation, whether visible."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    from_1904: bool = False


def open_workbook(opened: Opened, package: Package) -> None:
    """Read every visible sheet. A damaged sheet is an issue of its own; the others are read."""
    book = _said(package, _WORKBOOK, _book)
    targets = _said(package, _RELATIONS, _targets)
    strings = _of_kind(targets, "sharedStrings", "xl/sharedStrings.xml")
    styles = _of_kind(targets, "styles", "xl/styles.xml")
    shown = Shown(
        _strings(strings, package.pieces(strings)) if package.has(strings) else [],
        _said(package, styles, _kinds) if package.has(styles) else [],
        book.from_1904,
    )
    if len(book.sheets) > _MOST_SHEETS:
        raise RefusedError(f"The workbook has more than {_MOST_SHEETS} sheets; split it.")
    found = False
    for name, relation, visible in book.sheets:
        kind, path = targets.get(relation, ("", ""))
        if kind in ("chartsheet", "dialogsheet", "xlMacrosheet"):
            continue
        if not visible:
            opened.report("hidden-sheet", "The sheet is hidden and was not read.", name)
            continue
        found = True
        try:
            cells = read_sheet(path, partial(package.pieces, path), shown)
            add_grid(opened, name, cells)
        except DamagedError as damaged:
            opened.report("sheet-unreadable", str(damaged), name)
        except RefusedError as refused:
            if len(book.sheets) == 1:
                raise
            opened.report(refused.code, str(refused), name)
    say_if_nothing(opened, found)


def say_if_nothing(opened: Opened, visible: bool) -> None:
    """An issue for a workbook that gave nothing, unless the reason was said already."""
    if opened.grids or any(issue.severity == "error" for issue in opened.issues):
        return
    opened.report(
        "nothing-in-file",
        "No visible sheet of the workbook holds anything." if visible else "The workbook has no visible sheet.",
    )


def _said(package: Package, path: str, read: Callable[[str, Iterable[bytes]], Said]) -> Said:
    """What a part says. Small parts are the same in most workbooks that one program wrote, and read once."""
    if package.size(path) > _SMALL:
        return read(path, package.pieces(path))
    return cast(Said, _said_once(read, path, package.read(path)))


@lru_cache(32)
def _said_once(read: Callable[[str, Iterable[bytes]], Any], path: str, xml: bytes) -> Any:
    return read(path, (xml,))


def _book(path: str, xml: Iterable[bytes]) -> _Book:
    book = _Book()

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = local(name)
        if plain == "sheet":
            relation = attribute(attributes, "id") or ""
            visible = attributes.get("state", "visible") == "visible"
            book.sheets.append((attributes.get("name", ""), relation, visible))
        elif plain == "workbookPr":
            book.from_1904 = attributes.get("date1904", "0") in ("1", "true")

    parse(path, xml, start)
    return book


def _targets(path: str, xml: Iterable[bytes]) -> dict[str, tuple[str, str]]:
    """The kind and the path of every part the workbook refers to, by relation."""
    targets: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            whole = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(_WORKBOOK), target))
            targets[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], whole)

    parse(path, xml, start)
    return targets


def _of_kind(targets: dict[str, tuple[str, str]], wanted: str, usual: str) -> str:
    return next((path for kind, path in targets.values() if kind == wanted), usual)


def _strings(path: str, xml: Iterable[bytes]) -> list[str]:
    """The shared strings; readings aids of East Asian text (rPh) are no part of them."""
    strings: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "aid": False}

    def start(name: str, _: dict[str, str]) -> None:
        plain = local(name)
        if plain == "t":
            state["text"] = not state["aid"]
        elif plain == "si":
            pieces.clear()
        elif plain == "rPh":
            state["aid"] = True

    def end(name: str) -> None:
        plain = local(name)
        if plain == "t":
            state["text"] = False
        elif plain == "si":
            strings.append("".join(pieces))
        elif plain == "rPh":
            state["aid"] = False

    def text(piece: str) -> None:
        if state["text"]:
            pieces.append(piece)

    parse(path, xml, start, end, text)
    return strings


def _kinds(path: str, xml: Iterable[bytes]) -> list[Kind]:
    """What the cells of every style show."""
    codes: dict[int, str] = {}
    numbers: list[int] = []
    inside = {"cellXfs": False}

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = local(name)
        if plain == "numFmt" and attributes.get("numFmtId", "").isdigit():
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif plain == "cellXfs":
            inside["cellXfs"] = True
        elif plain == "xf" and inside["cellXfs"]:
            number = attributes.get("numFmtId", "0")
            numbers.append(int(number) if number.isdigit() else 0)

    def end(name: str) -> None:
        if local(name) == "cellXfs":
            inside["cellXfs"] = False

    parse(path, xml, start, end)
    return [kind_of(number, codes.get(number)) for number in numbers]
