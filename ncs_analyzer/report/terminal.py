"""The text report."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, TextIO

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from ncs_analyzer.pipeline import Analysis
from ncs_analyzer.report import sections
from ncs_analyzer.report.labels import ENGLISH, Labels
from ncs_analyzer.report.lists import closing_lists
from ncs_analyzer.report.printing import console, listed, print_parts, printed_table
from ncs_analyzer.report.record import study_records
from ncs_analyzer.report.tables import Cell, Heading, Table, block_table, value_tables
from ncs_analyzer.wording import safe

Record = dict[str, Any]

WITH_CELLS: Final = 112
"""From this width on, the tables of values also name the cell each value stood in."""


def write_text(
    analysis: Analysis, stream: TextIO, colour: bool, in_brief: bool, only_abnormal: bool, say: Labels = ENGLISH
) -> None:
    """Every study in turn: one line each, or the whole report; what holds for all of them once, at the end."""
    titles = {source.id: source.title for source in analysis.reference.sources}
    out = console(stream, colour)
    record: Record | None = None
    for record in study_records(analysis):
        if in_brief:
            stream.write(brief(record) + "\n")
            continue
        print_parts(out, _parts(record, titles, say, only_abnormal, cells=out.width >= WITH_CELLS))
        stream.write("\n" + "=" * out.width + "\n\n")
    if record and not in_brief:
        print_parts(out, _ending(record, say))


def brief(record: Record) -> str:
    """One line for one study."""
    age = f"{record['age_years']:g}" if record["age_years"] is not None else "?"
    who = f"{record['patient_id']} {record['study_date'] or ''} {age} {record['sex'] or '?'}"
    return safe(f"{' '.join(who.split())}: {sections.conclusion(record)}")


def _parts(
    record: Record, titles: dict[str, str], say: Labels, only_abnormal: bool, cells: bool
) -> Iterator[RenderableType]:
    yield Text(safe(sections.identity(record)), "bold")
    yield Text(safe(sections.conclusion(record)), "bold")
    yield ""
    yield Text(say("Summary"), "bold")
    yield Padding(Text(safe(record["summary"])), (0, 0, 0, 2))
    yield from _list(say("Findings"), sections.findings(record) or ["none beyond the limits"])
    yield from _list(say("Why this pattern"), record["pattern"]["reasons"])
    yield ""
    yield from printed_table(_verdict_table(record, say))
    yield from _evidence(record, say)
    for table in value_tables(record, say, only_abnormal, cells):
        yield ""
        yield from printed_table(table)
    blocks = block_table(record, say)
    if blocks:
        yield ""
        yield from printed_table(blocks)
    for title, lines in closing_lists(record, titles):
        yield from _list(say(title), lines)


def _ending(record: Record, say: Labels) -> Iterator[RenderableType]:
    """What the criteria sets always say, and their citations."""
    yield from _list(say("Criteria"), [*sections.notes(record), *sections.citations(record)], blank=False)


def _verdict_table(record: Record, say: Labels) -> Table:
    found = sections.verdicts(record)
    rows = [
        (
            Cell(v.title + (" †" if v.unconfirmed else "")),
            Cell(v.verdict, "abnormal" if v.fulfilled else ""),
            Cell("" if v.settled else say("unsettled"), "unsure"),
            Cell(v.remark, "muted"),
        )
        for v in found
    ]
    note = sections.UNCONFIRMED if any(v.unconfirmed for v in found) else ""
    headings: tuple[Heading, ...] = ((say("set"), "left"), (say("verdict"), "left"), ("", "left"), ("", "left"))
    return Table(say("Criteria"), headings, tuple(rows), note)


def _evidence(record: Record, say: Labels) -> Iterator[RenderableType]:
    yield ""
    yield Text(say("Evidence"), "bold")
    empty = True
    for proof in sections.evidence(record):
        empty = False
        yield Padding(Text(safe(f"{proof.verdict.title}: {proof.verdict.verdict}"), "bold"), (0, 0, 0, 2))
        for words, nerves in proof.items:
            yield Padding(Text(safe(words)), (0, 0, 0, 4))
            yield Padding(Text(safe(nerves)), (0, 0, 0, 6))
    if empty:
        yield Padding(Text("no item of any set is met"), (0, 0, 0, 2))


def _list(title: str, lines: Iterable[str], blank: bool = True) -> Iterator[RenderableType]:
    texts = [Text(safe(line)) for line in lines]
    if texts:
        if blank:
            yield ""
        yield Text(title, "bold")
        yield from listed(texts)
