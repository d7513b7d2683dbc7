"""The tables of one study, made from its record: what the text report shows.

A table holds text and a tone for each cell; nothing here computes a result.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from ncs_analyzer.report.labels import Labels
from ncs_analyzer.report.values import SIDES, Nerve, Tone, shown, value_groups
from ncs_analyzer.wording import address, exact_percent, plain, unit

Record = dict[str, Any]
Align = Literal["left", "right", "decimal"]
Heading = tuple[str, Align]


@dataclass(frozen=True)
class Cell:
    """One cell: its text and how it is set off. The text alone says everything; the tone only stresses it."""

    text: str = ""
    tone: Tone = ""


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A titled table. `headings`: heading and alignment of each column; a row of one cell spans the table."""

    title: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    note: str = ""


# ---------------------------------------------------------------- values


def value_tables(record: Record, say: Labels, only_abnormal: bool = False, cells: bool = False) -> Iterator[Table]:
    """A table for each kind of study: every value with its limit, percent of limit and flag, left beside right.

    `cells`: also the cell of the input each value stood in.
    """
    side: list[Heading] = [(say("limit"), "decimal"), ("%", "right"), ("", "left")]
    if cells:
        side.append((say("cell"), "left"))
    headings: tuple[Heading, ...] = (
        ("", "left"), ("", "left"), (say("left"), "decimal"), *side, (say("right"), "decimal"), *side,
    )  # fmt: skip
    for group in value_groups(record, only_abnormal):
        rows = tuple(row for nerve in group.nerves for row in _nerve(nerve, say, cells))
        note = f"* {say('limit printed in the file')}" if group.printed else ""
        yield Table(say(group.title), headings, rows, note)


def nerve_title(nerve: Nerve, say: Labels) -> str:
    """The nerve with its recording, and whether the study was of mixed fibres."""
    recording = f" ({say(nerve.recording)})" if nerve.recording else ""
    return f"{say(nerve.name)}{recording}{', ' + say('mixed') if nerve.mixed else ''}"


def _nerve(nerve: Nerve, say: Labels, cells: bool) -> Iterator[Row]:
    """A heading, then a row for each measure of each site; the two sides share it."""
    yield (Cell(nerve_title(nerve, say), "heading"),)
    before = None
    for line in nerve.lines:
        what = f"{say(line.measure)} {unit(line.unit)}"
        place = Cell(f"  {say(line.site)}" if line.site != before else "")
        both = [cell for side in SIDES for cell in _one_side(line.sides.get(side), say, cells)]
        yield place, Cell(what), *both
        before = line.site


def _one_side(reading: Record | None, say: Labels, cells: bool) -> Iterator[Cell]:
    """Value, limit, percent, flag and, if asked for, the cell."""
    if reading is None:
        yield from [Cell()] * (4 + cells)
        return
    said = shown(reading)
    yield Cell(said.value, said.tone)
    yield Cell(said.limit, "muted")
    yield Cell(said.percent)
    yield Cell(say(said.flag), said.tone or "muted")
    if cells:
        yield Cell(address(reading["source"]), "muted")


# ---------------------------------------------------------------- block


BLOCK_HEADINGS: Final = {
    "mmn_efns_pns_2010": "MMN\n2010",
    "cb_aaem_1999": "AAEM\n1999",
    "cb_utrecht": "Utr.",
    "cb_pfeiffer_d": "Pf.\nD",
    "cb_efns_pns_2010_cidp": "CIDP\n2010",
}
"""Short headings of the definitions of conduction block."""

GRADES: Final[dict[str, Cell]] = {
    "definite": Cell("def", "abnormal"),
    "probable": Cell("prob", "abnormal"),
    "probable_or_better": Cell("prob+", "abnormal"),
    "not_evaluable": Cell("?", "unsure"),
    "none": Cell("–", "muted"),
}


def change(percentage: float | None) -> str:
    """A change in percent with its sign."""
    text = exact_percent(percentage)
    if not text or float(text) == 0:
        return text.lstrip("-")
    return f"−{text[1:]}" if text.startswith("-") else f"+{text}"


def _fall(percentage: float | None) -> str:
    return change(None if percentage is None else -percentage)


def block_table(record: Record, say: Labels) -> Table | None:
    """Every pair of stimulation sites with its changes and grades; None where there is no pair."""
    pairs = record["conduction_block"]
    if not pairs:
        return None
    names = list(pairs[0]["grades"])
    headings: tuple[Heading, ...] = (
        ("", "left"), (f"{say('ampl.')}\n%", "right"), (f"{say('area')}\n%", "right"), (f"{say('dur.')}\n%", "right"),
        *((BLOCK_HEADINGS.get(name, name), "left") for name in names),
    )  # fmt: skip
    notes = [say("Changes from the distal to the proximal site; def definite, prob probable, – none, ? not evaluable.")]
    if any("probable_or_better" in p["grades"].values() for p in pairs):
        notes.append(say("prob+ at least probable, a missing duration decides."))
    if not all(p["counted"] for p in pairs):
        notes.append(say("In brackets: across a common entrapment site, not counted."))
    if any(p["proximal_absent"] for p in pairs):
        notes.append(say("absent: no response at the proximal site."))
    title = say("Conduction block and temporal dispersion")
    return Table(title, headings, tuple(_block_rows(pairs, names, say)), " ".join(notes))


def _block_rows(pairs: list[Record], names: list[str], say: Labels) -> Iterator[Row]:
    nerve = ""
    for pair in pairs:
        own = f"{say(pair['side'])} {say(plain(pair['nerve']))}"
        if own != nerve:
            nerve = own
            yield (Cell(nerve, "heading"),)
        segment = f"{say(plain(pair['distal']))} – {say(plain(pair['proximal']))}"
        yield (
            Cell(f"  {segment}" if pair["counted"] else f"  ({segment})", "" if pair["counted"] else "muted"),
            Cell(say("absent") if pair["proximal_absent"] else _fall(pair["amplitude_reduction_pct"])),
            Cell(_fall(pair["area_reduction_pct"])),
            Cell(change(pair["duration_increase_pct"])),
            *(GRADES[pair["grades"][name]] for name in names),
        )
