"""The tables of one study, made from its record: what the text report, the page and the workbook all show.

A table holds text and a tone for each cell; nothing here computes a result.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from ncs_analyzer.wording import limit, number, percent, plain, unit

Record = dict[str, Any]
Tone = Literal["", "abnormal", "unsure", "muted", "heading"]
Align = Literal["left", "right"]


@dataclass(frozen=True)
class Cell:
    """One cell: its text and how it is set off. The text alone says everything; the tone only stresses it."""

    text: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class Table:
    """A titled table. `headings`: heading and alignment of each column; a row of one cell spans the table."""

    title: str
    headings: tuple[tuple[str, Align], ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


KINDS: Final = (
    ("Motor nerves", ("motor",)),
    ("Sensory nerves", ("sensory", "mixed")),
    ("F waves", ("f_wave",)),
    ("H reflex", ("h_reflex",)),
)
"""The tables of measured values and the kinds of study in each."""

MEASURES: Final = {
    "distal_latency": "latency",
    "proximal_latency": "latency",
    "onset_latency": "onset latency",
    "peak_latency": "peak latency",
    "minimal_f_latency": "minimal latency",
    "h_latency": "latency",
    "f_persistence": "persistence",
}
"""Measures whose name in a table is shorter than their own."""

FLAGS: Final = {"low": "LOW", "high": "HIGH", "absent": "ABSENT", "not_tested": "not tested", "no_limit": "no limit"}
"""The word of each grade; normal has none."""

SIDES: Final = ("left", "right")


def value_tables(record: Record, only_abnormal: bool = False) -> Iterator[Table]:
    """A table for each kind of study: every value with its limit, percent of limit and flag, left beside right."""
    for title, kinds in KINDS:
        rows = [r for r in record["readings"] if r["study"] in kinds and r["measure"] != "distance"]
        if only_abnormal:
            rows = [r for r in rows if is_abnormal(r)]
        if rows:
            starred = any(r["limit_source"] == "printed" for r in rows)
            yield Table(
                title, _VALUE_HEADINGS, tuple(_value_rows(rows)), "* limit printed in the file" if starred else ""
            )


_SIDE_HEADINGS: Final = (("limit", "right"), ("%", "right"), ("", "left"))
_VALUE_HEADINGS: Final[tuple[tuple[str, Align], ...]] = (
    ("", "left"), ("", "left"), ("left", "right"), *_SIDE_HEADINGS, ("right", "right"), *_SIDE_HEADINGS,
)  # fmt: skip


def is_abnormal(reading: Record) -> bool:
    """Whether a reading lies beyond its limit, or there was no response."""
    return reading["grade"] in ("low", "high", "absent")


def _value_rows(readings: list[Record]) -> Iterator[tuple[Cell, ...]]:
    """Rows by nerve and recording, then site, then measure; the two sides of one measure share a row."""
    nerves: dict[tuple[str, ...], dict[tuple[str, str], dict[str, Record]]] = {}
    for r in readings:
        nerve = (r["study"], r["nerve"], r["recording"] or "")
        side = r["side"] or ""
        nerves.setdefault(nerve, {}).setdefault((r["stimulation"] or "", r["measure"]), {})[side] = r
    for (kind, name, recording), lines in nerves.items():
        kind_said = ", mixed" if kind == "mixed" else ""
        yield (Cell(f"{plain(name)}{f' ({plain(recording)})' if recording else ''}{kind_said}", "heading"),)
        before = None
        for (site, _), sides in _by_site(lines):
            measured = next(iter(sides.values()))
            what = f"{MEASURES.get(measured['measure'], plain(measured['measure']))} {unit(measured['unit'])}"
            yield (Cell(f"  {plain(site)}" if site != before else ""), Cell(what), *_both(sides))
            before = site


def _by_site(lines: dict[tuple[str, str], dict[str, Record]]) -> Iterator[tuple[tuple[str, str], dict[str, Record]]]:
    """The lines of one nerve with those of one site together, in the order the sites first appear."""
    for site in dict.fromkeys(site for site, _ in lines):
        yield from ((key, sides) for key, sides in lines.items() if key[0] == site)


def _both(sides: dict[str, Record]) -> Iterator[Cell]:
    for side in SIDES:
        yield from _one_side(sides[side]) if side in sides else (Cell(),) * 4


def _one_side(r: Record) -> tuple[Cell, Cell, Cell, Cell]:
    """Value, limit, percent and flag."""
    star = "*" if r["limit_source"] == "printed" else ""
    bound = Cell(limit(r["lower"], r["upper"]) + star, "muted") if r["limit_source"] else Cell()
    if r["value"] is None:
        tone: Tone = "abnormal" if r["grade"] == "absent" else "muted"
        return Cell("–", tone), bound, Cell(), Cell(FLAGS.get(r["grade"], ""), tone)
    if r["grade"] is None:
        return Cell(number(r["value"]), "unsure"), bound, Cell(), Cell("not used", "unsure")
    tone = "abnormal" if is_abnormal(r) else ""
    flag = FLAGS.get(r["grade"], "") if r["lower"] is not None or r["upper"] is not None or _wants_limit(r) else ""
    flag_tone: Tone = tone or "muted"
    return Cell(number(r["value"]), tone), bound, Cell(percent(r["percent_of_limit"])), Cell(flag, flag_tone)


def _wants_limit(r: Record) -> bool:
    """Whether a value without a limit is worth saying so: proximal latencies, areas and the like never have one."""
    return r["measure"] not in ("proximal_latency", "area", "duration", "distance", "f_persistence")


def block_table(record: Record) -> Table | None:
    """Every pair of stimulation sites with its drop, spread and grades; None where there is no pair."""
    pairs = record["conduction_block"]
    if not pairs:
        return None
    names = list(pairs[0]["grades"])
    headings: tuple[tuple[str, Align], ...] = (
        ("", "left"), ("ampl. drop %", "right"), ("area drop %", "right"), ("dur. rise %", "right"),
        *((BLOCK_HEADINGS.get(name, name), "left") for name in names),
    )  # fmt: skip
    notes = [
        "def definite, prob probable, prob+ probable or definite (the duration is missing), – none, ? not evaluable."
    ]
    if not all(p["counted"] for p in pairs):
        notes.append("In brackets: across a common entrapment site, not counted.")
    if any(p["proximal_absent"] for p in pairs):
        notes.append("absent: no response at the proximal site.")
    return Table(
        "Conduction block and temporal dispersion", headings, tuple(_block_rows(pairs, names)), " ".join(notes)
    )


BLOCK_HEADINGS: Final = {
    "mmn_efns_pns_2010": "MMN 2010",
    "cb_aaem_1999": "AAEM 1999",
    "cb_utrecht": "Utr.",
    "cb_pfeiffer_d": "Pf. D",
    "cb_efns_pns_2010_cidp": "CIDP 2010",
}
"""Short headings of the definitions of conduction block."""

_GRADES: Final[dict[str, Cell]] = {
    "definite": Cell("def", "abnormal"),
    "probable": Cell("prob", "abnormal"),
    "probable_or_better": Cell("prob+", "abnormal"),
    "not_evaluable": Cell("?", "unsure"),
    "none": Cell("–", "muted"),
}


def _block_rows(pairs: list[Record], names: list[str]) -> Iterator[tuple[Cell, ...]]:
    nerve = ""
    for pair in pairs:
        if f"{pair['side']} {plain(pair['nerve'])}" != nerve:
            nerve = f"{pair['side']} {plain(pair['nerve'])}"
            yield (Cell(nerve, "heading"),)
        segment = f"{plain(pair['distal'])} – {plain(pair['proximal'])}"
        drop = "absent" if pair["proximal_absent"] else percent(pair["amplitude_reduction_pct"])
        yield (
            Cell(f"  {segment}" if pair["counted"] else f"  ({segment})", "" if pair["counted"] else "muted"),
            Cell(drop),
            Cell(percent(pair["area_reduction_pct"])),
            Cell(percent(pair["duration_increase_pct"])),
            *(_GRADES[pair["grades"][name]] for name in names),
        )
