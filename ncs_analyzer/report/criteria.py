"""Criteria sets and definitions of conduction block as records and in words: one source for command line and docs."""

from typing import Any, Final, TextIO

from rich.text import Text

from ncs_analyzer.criteria.conduction_block import BlockDefinition
from ncs_analyzer.criteria.registry import block_definitions, criteria_sets
from ncs_analyzer.criteria.sets import CriteriaSet
from ncs_analyzer.report.printing import console, listed, print_parts, printed_table
from ncs_analyzer.report.tables import Cell, Table
from ncs_analyzer.wording import plain

STATUS: Final = {
    "reprint": "read in a reprint or quotation of the original",
    "secondary": "read in secondary sources that agree",
    "unconfirmed": "UNCONFIRMED: stated from general knowledge or one secondary source; check it against the paper",
}
"""What each status says of a set's text."""


def sets_and_blocks() -> tuple[list[CriteriaSet], list[BlockDefinition]]:
    """All sets and all definitions of conduction block."""
    return list(criteria_sets().values()), list(block_definitions().values())


def set_record(s: CriteriaSet) -> dict[str, Any]:
    """A criteria set as plain data."""
    return {
        "id": s.id,
        "title": f"{s.disease} {s.title}",
        "year": s.year,
        "disease": s.disease,
        "purpose": s.purpose,
        "verdicts": list(s.names),
        "fulfilled_by": list(s.positive),
        "items": [{"item": i.key, "title": i.title, "condition": i.text, "rests_on": i.about.measure} for i in s.items],
        "counting": s.counting,
        "least_nerves": s.least_nerves,
        "excluded": s.excluded,
        "decisions": list(s.decisions),
        "notes": list(s.always_said),
        "performance": list(s.performance),
        "status": s.status,
        "citation": s.citation,
        "doi": s.doi or None,
    }


def block_record(b: BlockDefinition) -> dict[str, Any]:
    """A definition of conduction block as plain data."""
    return {
        "id": b.id,
        "title": f"Conduction block {b.title}",
        "definite": b.definite,
        "probable": b.probable,
        "status": b.status,
        "citation": b.citation,
        "doi": b.doi or None,
    }


def list_text(stream: TextIO, colour: bool) -> None:
    """All of them in two tables."""
    sets, blocks = sets_and_blocks()
    rows = tuple((Cell(s.id), Cell(f"{s.disease} {s.title}"), Cell(s.status)) for s in sets)
    print_parts(console(stream, colour), printed_table(Table("Criteria sets", _HEADINGS, rows)))
    stream.write("\n")
    rows = tuple((Cell(b.id), Cell(b.title), Cell(b.status)) for b in blocks)
    print_parts(console(stream, colour), printed_table(Table("Definitions of conduction block", _HEADINGS, rows)))


_HEADINGS: Final = (("id", "left"), ("title", "left"), ("status", "left"))


def show_text(record: dict[str, Any], stream: TextIO, colour: bool) -> None:
    """One of them in full."""
    out = console(stream, colour)
    print_parts(out, [Text(f"{record['title']} ({record['id']})", "bold")])
    if "items" in record:
        items = tuple((Cell(i["item"]), Cell(i["title"]), Cell(i["condition"])) for i in record["items"])
        verdicts = ", ".join(plain(v) + ("" if v not in record["fulfilled_by"] else " *") for v in record["verdicts"])
        parts: list[Any] = [
            record["purpose"],
            f"Verdicts (* the set is fulfilled): {verdicts}.",
            *printed_table(Table("Items", (("item", "left"), ("", "left"), ("condition", "left")), items)),
            Text("Counting", "bold"),
            record["counting"],
            f"Motor nerves tested: at least {record['least_nerves']}; otherwise insufficient data.",
        ]
        parts += [Text("Left out", "bold"), record["excluded"]] if record["excluded"] else []
        for title, key in (
            ("Decisions", "decisions"),
            ("Always said", "notes"),
            ("Published performance", "performance"),
        ):
            parts += [Text(title, "bold"), *listed(Text(line) for line in record[key])] if record[key] else []
    else:
        parts = [f"definite: {record['definite']}", f"probable: {record['probable']}"]
    parts += [Text("Source", "bold"), f"{record['citation']}" + (f", doi:{record['doi']}" if record["doi"] else "")]
    parts += [f"Status: {STATUS[record['status']]}."]
    print_parts(out, parts)
