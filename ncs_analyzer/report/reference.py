"""Limits for a person and for a program: the sources, limits side by side, a table's problems, two references compared."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, TextIO

from rich.padding import Padding
from rich.text import Text

from ncs_analyzer.reference.problem import Problem
from ncs_analyzer.reference.tables import Source, builtin, builtin_ids, default_rules
from ncs_analyzer.report.printing import console, listed, print_parts, printed_table
from ncs_analyzer.report.tables import Align, Cell, Table
from ncs_analyzer.wording import limit, number, plain, safe
from ncs_analyzer.wording import unit as unit_words

Record = dict[str, Any]

STATUS: Final = {
    "read": "read in the paper's own page or abstract",
    "secondary": "read in transcriptions of the tables; nobody has held the original pages against these rows",
}
"""How well the numbers of a source are confirmed."""


# ---------------------------------------------------------------- records


def source_record(source: Source) -> Record:
    """A published source as plain data."""
    card = source.card
    assert card is not None
    return {
        **asdict(card),
        "rows": len(source.limits),
        "in_built_in_order": any(source.id in rule.sources for rule in default_rules()),
        "hash": source.hash,
    }


def source_records() -> list[Record]:
    """All published sources, those of the built-in order first."""
    found = [source_record(builtin(name)) for name in builtin_ids()]
    return sorted(found, key=lambda r: (not r["in_built_in_order"], r["id"]))


def check_record(path: Path, rows: int, problems: Iterable[Problem]) -> Record:
    """What is wrong with a table, as plain data."""
    some = list(problems)
    return {
        "file": str(path),
        "limits": rows,
        "usable": not any(p.severity == "error" for p in some),
        "problems": [
            {"severity": p.severity, "file": str(path), "row": p.row, "column": p.column, "found": p.found,
             "what": p.what, "remedy": p.remedy}
            for p in some
        ],
    }  # fmt: skip


# ---------------------------------------------------------------- text


def _table(title: str, headings: str, rows: Iterable[Iterable[str]], right: str = "") -> Table:
    sides: list[tuple[str, Align]] = [(h, "right" if h in right.split() else "left") for h in headings.split("|")]
    return Table(title, tuple(sides), tuple(tuple(Cell(safe(c)) for c in row) for row in rows))


def list_text(stream: TextIO, colour: bool) -> None:
    """The sources: those of the built-in order, then those to be named."""
    out = console(stream, colour)
    for used, title in (
        (True, "In the built-in order"),
        (False, "To be named with --reference, or shown beside others"),
    ):
        print_parts(out, [Text(title, "bold")])
        for r in source_records():
            if r["in_built_in_order"] == used:
                about = f"{r['title']}. {r['ages']}; n: {r['n']}."
                print_parts(
                    out, [f"{r['id']} ({_count(r['rows'], 'limit')}, {r['status']})", Padding(about, (0, 0, 0, 4))]
                )
        stream.write("\n")
    stream.write("".join(f"{name}: {words}.\n" for name, words in STATUS.items()))


def source_text(record: Record, stream: TextIO, colour: bool) -> None:
    """One source with everything its card says."""
    out = console(stream, colour)
    doi = f", doi:{record['doi']}" if record["doi"] else ""
    lines = [
        ("citation", record["citation"] + doi + (f", PMID {record['pmid']}" if record["pmid"] else "")),
        ("status", f"{record['status']}: {record['checked']}"),
        *(
            (name, record[name])
            for name in ("population", "n", "ages", "statistic", "distance", "filters", "temperature")
        ),
        ("rows", str(record["rows"])),
        ("built-in order", "yes" if record["in_built_in_order"] else "no"),
    ]
    print_parts(out, [Text(f"{record['title']} ({record['id']})", "bold"), *(Text(f"{n}: {v}") for n, v in lines)])
    if record["deviations"]:
        print_parts(out, [Text("What was done with it", "bold"), *listed(Text(d) for d in record["deviations"])])


def show_text(limits: list[Record], who: str, stream: TextIO, colour: bool) -> None:
    """Limits side by side, a table per measure."""
    out = console(stream, colour)
    print_parts(out, [Text(f"Limits for {who}" if who else "Limits, row by row", "bold"), ""])
    for title in dict.fromkeys(map(_what, limits)):
        rows = [
            ("*" if r["built_in_order"] else "", limit(r["lower"], r["upper"]) or "none", r["source"], r.get("for") or "",
             "" if r.get("n") is None else str(r["n"]), r["note"] or "")
            for r in limits if _what(r) == title
        ]  # fmt: skip
        print_parts(out, printed_table(_table(title, "|limit|source|for|n|note", rows, "n")))
        stream.write("\n")
    stream.write("* in the built-in order. ncs-analyzer reference show SOURCE tells where a source comes from.\n")


def _measure(record: Record) -> str:
    return (
        f"{plain(record['study'])} {plain(record['nerve'])}: {plain(record['measure'])}, {unit_words(record['unit'])}"
    )


def _what(record: Record) -> str:
    return f"{_measure(record)}; {_place(record)}".removesuffix("; ")


def _place(record: Record) -> str:
    against = f"against {record['against']}" if record["against"] else None
    return plain(" ".join(filter(None, (record["recording"], record["segment"], record["convention"], against))))


def check_text(record: Record, stream: TextIO, colour: bool) -> None:
    """Every problem of a table with its row, column, what was found, and the remedy."""
    out = console(stream, colour)
    errors = sum(p["severity"] == "error" for p in record["problems"])
    tones = {"error": "red", "warning": "yellow"}
    print_parts(out, listed(_problem(p, tones) for p in record["problems"]))
    warnings = len(record["problems"]) - errors
    verdict = "The table cannot be used" if errors else "The table can be used (--reference)"
    stream.write(
        f"{safe(record['file'])}: {_count(record['limits'], 'limit')}, {_count(errors, 'error')}, "
        f"{_count(warnings, 'warning')}. {verdict}.\n"
    )


def _problem(p: Record, tones: dict[str, str]) -> Text:
    where = ", ".join(f"{name} {p[name]}" for name in ("row", "column") if p[name]) or "the table"
    found = "" if p["found"] is None else f"found {p['found']!r}: "
    return Text.assemble((p["severity"], tones[p["severity"]]), safe(f" {where}: {found}{p['what']}. {p['remedy']}"))


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def compare_text(record: Record, stream: TextIO, colour: bool) -> None:
    """What differs between two references, and what that changes in a cohort."""
    out = console(stream, colour)
    a, b = record["a"], record["b"]
    rows = [
        (
            _measure(r),
            _place(r),
            _span(r["a"]),
            _span(r["b"]),
            _change(r["largest_change_pct"]),
            str(r["people_that_differ"]),
        )
        for r in record["limits"]
    ]
    title = f"{len(rows)} measures with another limit, of {record['people']} people from childhood to old age"
    headings = f"measure|place|{a}|{b}|largest change|people"
    print_parts(out, printed_table(_table(title, headings, rows, "people")))
    if "cohort" in record:
        _cohort_text(record["cohort"], a, b, out)


def _cohort_text(cohort: Record, a: str, b: str, out: Any) -> None:
    title = f"{cohort['readings_that_change']} of {cohort['readings']} readings of {cohort['studies']} studies change"
    rows = [(plain(g["study"]), plain(g["nerve"]), plain(g["measure"]), plain(g["a"]), plain(g["b"]), str(g["readings"]))
            for g in cohort["grades"]]  # fmt: skip
    print_parts(out, ["", *printed_table(_table(title, f"study|nerve|measure|{a}|{b}|readings", rows, "readings"))])
    verdicts = [(v["criteria"], plain(v["a"]), plain(v["b"]), str(v["studies"])) for v in cohort["verdicts"]]
    if verdicts:
        print_parts(
            out, ["", *printed_table(_table("Verdicts that change", f"set|{a}|{b}|studies", verdicts, "studies"))]
        )
    else:
        print_parts(out, ["No verdict changes."])


def _span(values: list[float] | None) -> str:
    if values is None:
        return "none"
    low, high = values
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _change(pct: float | None) -> str:
    return "" if pct is None else f"{pct:+.0f} %"
