"""The readings of one study as a person compares them: by nerve, then site and measure, the two sides side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from ncs_analyzer.wording import limit, number, percent, plain

Record = dict[str, Any]
Tone = Literal["", "abnormal", "unsure", "muted", "heading"]

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
    "onset_latency": "onset",
    "peak_latency": "peak",
    "minimal_f_latency": "minimal latency",
    "h_latency": "latency",
    "f_persistence": "persistence",
}
"""Measures whose name in a table is shorter than their own."""

FLAGS: Final = {"low": "LOW", "high": "HIGH", "absent": "ABSENT", "not_tested": "not tested", "no_limit": "no limit"}
"""The word of each grade; normal has none."""

NEVER_LIMITED: Final = ("proximal_latency", "area", "duration", "distance", "f_persistence")
"""Measures whose lack of a limit goes without saying."""

SIDES: Final = ("left", "right")


@dataclass(frozen=True)
class Line:
    """One measure at one stimulation site: a reading for each side that has it."""

    site: str
    measure: str
    unit: str
    sides: dict[str, Record]


@dataclass(frozen=True)
class Nerve:
    """The lines of one nerve and recording; those of one site stand together."""

    name: str
    recording: str
    mixed: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Group:
    """The nerves of one kind of study under its title. `printed`: some limit is one printed in the file."""

    title: str
    nerves: tuple[Nerve, ...]
    printed: bool

    @cached_property
    def decimals(self) -> int:
        """The most decimals of any value."""
        readings = (r for nerve in self.nerves for line in nerve.lines for r in line.sides.values())
        return max((len(shown(r).value.partition(".")[2]) for r in readings), default=0)


def is_abnormal(reading: Record) -> bool:
    """Whether a reading lies beyond its limit, or there was no response."""
    return reading["grade"] in ("low", "high", "absent")


def value_groups(record: Record, only_abnormal: bool = False) -> Iterator[Group]:
    """The readings by kind of study; distances are left to the velocities made from them."""
    for title, kinds in KINDS:
        rows = [r for r in record["readings"] if r["study"] in kinds and r["measure"] != "distance"]
        if only_abnormal:
            rows = [r for r in rows if is_abnormal(r)]
        if rows:
            yield Group(title, tuple(_nerves(rows)), any(r["limit_source"] == "printed" for r in rows))


def _nerves(readings: list[Record]) -> Iterator[Nerve]:
    nerves: dict[tuple[str, ...], list[Record]] = {}
    for r in readings:
        nerves.setdefault((r["study"], r["nerve"], r["recording"] or ""), []).append(r)
    for (kind, name, recording), own in nerves.items():
        yield Nerve(plain(name), plain(recording), kind == "mixed", tuple(_lines(own)))


def _lines(readings: list[Record]) -> Iterator[Line]:
    """Lines by site in the order the sites first appear; a second reading of one side has a line of its own."""
    lines: dict[tuple[str, str, int], dict[str, Record]] = {}
    for r in readings:
        again = 0
        while (r["side"] or "") in lines.setdefault((r["stimulation"] or "", r["measure"], again), {}):
            again += 1
        lines[r["stimulation"] or "", r["measure"], again][r["side"] or ""] = r
    for site in dict.fromkeys(site for site, _, _ in lines):
        for (where, measure, _), sides in lines.items():
            if where == site:
                yield Line(plain(site), MEASURES.get(measure, plain(measure)), _unit(sides), sides)


def _unit(sides: dict[str, Record]) -> str:
    name: str = next(iter(sides.values()))["unit"]
    return name


@dataclass(frozen=True)
class Shown:
    """One reading in words: `value`, the `limit` it is held against, `percent` of it, `flag` where it is not normal."""

    value: str
    limit: str
    percent: str
    flag: str
    tone: Tone


def shown(r: Record) -> Shown:
    """A reading as every report shows it."""
    star = "*" if r["limit_source"] == "printed" else ""
    bound = limit(r["lower"], r["upper"]) + star if r["limit_source"] else ""
    if r["value"] is None:
        return Shown("–", bound, "", FLAGS.get(r["grade"], ""), "abnormal" if r["grade"] == "absent" else "muted")
    if r["grade"] is None:
        return Shown(number(r["value"]), bound, "", "not used", "unsure")
    flag = FLAGS.get(r["grade"], "")
    if r["grade"] == "no_limit" and r["measure"] in NEVER_LIMITED:
        flag = ""
    tone: Tone = "abnormal" if is_abnormal(r) else "muted" if r["grade"] == "no_limit" else ""
    return Shown(number(r["value"]), bound, percent(r["percent_of_limit"]), flag, tone)
