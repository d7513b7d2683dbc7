"""XLSX and XLSM workbooks: their visible sheets as grids. Macros and formulas are never run."""

from dataclasses import dataclass, field
from functools import partial
from posixpath import dirname, join, normpath
from typing import Final

from ncs_analyzer.ingest.files.formats import Kind, kind_of
from ncs_analyzer.ingest.files.opened import DamagedError, Opened, RefusedError
from ncs_analyzer.ingest.files.package import Package, attribute, local, parse
from ncs_analyzer.ingest.files.sheet import add_grid
from ncs_analyzer.ingest.files.xlsx_cells import Shown
from ncs_analyzer.ingest.files.xlsx_sheet import read_sheet

_WORKBOOK: Final = "xl/workbook.xml"
_MOST_SHEETS: Final = 2_000


@dataclass
class _Book:
    """What the sheets have in common. `sheets`: name, relation, whether visible."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    from_1904: bool = False


def open_workbook(opened: Opened, package: Package) -> None:
    """Read every visible sheet. A damaged sheet is an issue of its own; the others are read."""
    book = _book(package)
    targets = _targets(package)
    shown = Shown(_strings(package, targets), _kinds(package, targets), book.from_1904)
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


def _book(package: Package) -> _Book:
    book = _Book()

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = local(name)
        if plain == "sheet":
            relation = attribute(attributes, "id") or ""
            visible = attributes.get("state", "visible") == "visible"
            book.sheets.append((attributes.get("name", ""), relation, visible))
        elif plain == "workbookPr":
            book.from_1904 = attributes.get("date1904", "0") in ("1", "true")

    parse(_WORKBOOK, package.pieces(_WORKBOOK), start)
    return book


def _targets(package: Package) -> dict[str, tuple[str, str]]:
    """The kind and the path of every part the workbook refers to, by relation."""
    targets: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(_WORKBOOK), target))
            targets[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

    relations = "xl/_rels/workbook.xml.rels"
    parse(relations, package.pieces(relations), start)
    return targets


def _of_kind(targets: dict[str, tuple[str, str]], wanted: str, usual: str) -> str:
    return next((path for kind, path in targets.values() if kind == wanted), usual)


def _strings(package: Package, targets: dict[str, tuple[str, str]]) -> list[str]:
    """The shared strings; readings aids of East Asian text (rPh) are no part of them."""
    path = _of_kind(targets, "sharedStrings", "xl/sharedStrings.xml")
    if not package.has(path):
        return []
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

    parse(path, package.pieces(path), start, end, text)
    return strings


def _kinds(package: Package, targets: dict[str, tuple[str, str]]) -> list[Kind]:
    """What the cells of every style show."""
    path = _of_kind(targets, "styles", "xl/styles.xml")
    if not package.has(path):
        return []
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

    parse(path, package.pieces(path), start, end)
    return [kind_of(number, codes.get(number)) for number in numbers]
