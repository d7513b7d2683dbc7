"""The text report: on a terminal with colour and its full width, plain in a pipe."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, TextIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from ncs_analyzer.pipeline import Analysis
from ncs_analyzer.report import further, sections
from ncs_analyzer.report.record import study_records
from ncs_analyzer.report.tables import Cell, Table, Tone, block_table, value_tables
from ncs_analyzer.wording import plain, safe

Record = dict[str, Any]

STYLES: Final[dict[Tone, str]] = {
    "abnormal": "bold red",
    "unsure": "yellow",
    "muted": "dim",
    "heading": "bold",
    "": "",
}

PIPE_WIDTH: Final = 100
"""Columns of the report where there is no terminal."""


def console(stream: TextIO, colour: bool) -> Console:
    """A console that prints text as it is: no markup, no emoji, no guessing at numbers."""
    width = None if stream.isatty() else PIPE_WIDTH
    return Console(
        file=stream,
        width=width,
        color_system="auto" if colour else None,
        no_color=not colour,
        force_terminal=colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )


def write_text(analysis: Analysis, stream: TextIO, colour: bool, in_brief: bool, only_abnormal: bool) -> None:
    """Every study in turn: one line each, or the whole report."""
    titles = {source.id: source.title for source in analysis.reference.sources}
    out = console(stream, colour)
    for number, record in enumerate(study_records(analysis)):
        if in_brief:
            stream.write(brief(record) + "\n")
            continue
        if number:
            stream.write("\n" + "=" * out.width + "\n\n")
        print_study(out, record, titles, only_abnormal)


def print_study(out: Console, record: Record, titles: dict[str, str], only_abnormal: bool = False) -> None:
    """One study: conclusion, values, findings, verdicts with evidence, what was not tested, limitations, sources."""
    print_parts(out, _parts(record, titles, only_abnormal))


def print_parts(out: Console, parts: Iterable[RenderableType]) -> None:
    """Print without blanks at the ends of lines."""
    with out.capture() as printed:
        for part in parts:
            out.print(part)
    out.file.write("".join(f"{line.rstrip()}\n" for line in printed.get().split("\n")[:-1]))


def brief(record: Record) -> str:
    """One line for one study."""
    age = f"{record['age_years']:g}" if record["age_years"] is not None else "?"
    who = f"{record['patient_id']} {record['study_date'] or ''} {age} {record['sex'] or '?'}"
    return safe(f"{' '.join(who.split())}: {sections.conclusion(record)}")


def _parts(record: Record, titles: dict[str, str], only_abnormal: bool) -> Iterator[RenderableType]:
    yield Text(safe(sections.identity(record)), "bold")
    yield Text(safe(sections.conclusion(record)), "bold")
    for table in value_tables(record, only_abnormal):
        yield ""
        yield from printed_table(table)
    findings = [_finding(nerve) for nerve in record["nerves"] if nerve["findings"]]
    yield from _list("Findings", findings or ["none beyond the limits"])
    yield from _list("Why this pattern", record["pattern"]["reasons"])
    yield ""
    yield from printed_table(_verdict_table(record))
    yield from _evidence(record)
    yield ""
    yield Text("In words", "bold")
    yield Padding(Text(safe(record["summary"])), (0, 0, 0, 2))
    blocks = block_table(record)
    if blocks:
        yield ""
        yield from printed_table(blocks)
    for title, lines in (
        ("Remarks", record["remarks"]),
        ("Entrapment", further.entrapment(record)),
        ("Signs and indices", further.signs(record)),
        ("Course", further.course(record)),
        ("Measured, not counted", sections.left_out(record)),
        ("Not tested or not known", sections.not_tested(record)),
        ("What alone could change an unsettled verdict", sections.open_questions(record)),
        ("Protocol of EAN/PNS 2021", further.protocol(record)),
        ("Limitations", [*record["limitations"], *sections.notes(record)]),
        ("Sources", sections.sources(record, titles)),
    ):
        yield from _list(title, lines)


def _finding(nerve: Record) -> str:
    name = f"{nerve['side']} {plain(nerve['nerve'])} {nerve['study']}"
    return f"{name}, {plain(nerve['class'])}: {'; '.join(nerve['findings'])}"


def _verdict_table(record: Record) -> Table:
    rows = [
        (
            Cell(v.title),
            Cell(v.verdict, "abnormal" if v.fulfilled else ""),
            Cell("" if v.settled else "unsettled", "unsure"),
            Cell(v.remark, "muted"),
        )
        for v in sections.verdicts(record)
    ]
    return Table("Criteria", (("set", "left"), ("verdict", "left"), ("", "left"), ("", "left")), tuple(rows))


def _evidence(record: Record) -> Iterator[RenderableType]:
    yield ""
    yield Text("Evidence", "bold")
    empty = True
    for proof in sections.evidence(record):
        empty = False
        yield Padding(Text(safe(f"{proof.verdict.title}: {proof.verdict.verdict}"), "bold"), (0, 0, 0, 2))
        for words, nerves in proof.items:
            yield Padding(Text(safe(words)), (0, 0, 0, 4))
            yield Padding(Text(safe(nerves)), (0, 0, 0, 6))
    if empty:
        yield Padding(Text("no item of any set is met"), (0, 0, 0, 2))


def _list(title: str, lines: Iterable[str]) -> Iterator[RenderableType]:
    texts = [Text(safe(line)) for line in lines]
    if texts:
        yield ""
        yield Text(title, "bold")
        yield from listed(texts)


def listed(lines: Iterable[Text]) -> Iterator[RenderableType]:
    """Lines with a dash and a hanging indent."""
    grid = Grid.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=3, justify="right")
    grid.add_column()
    for line in lines:
        grid.add_row("-", line)
    yield grid


def printed_table(table: Table) -> Iterator[RenderableType]:
    """A table under its title."""
    yield Text(table.title, "bold")
    grid = Grid(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    for heading, align in table.headings:
        grid.add_column(heading, justify=align, no_wrap=align == "right")
    for row in table.rows:
        cells = [Text(safe(cell.text), STYLES[cell.tone]) for cell in row]
        grid.add_row(*cells)
    yield grid
    if table.note:
        yield Text(table.note, "dim")
