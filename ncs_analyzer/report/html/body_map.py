"""The map of nerves: a figure with every nerve tested, its class by colour, dash and word."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from markupsafe import Markup

from ncs_analyzer.report.html.drawing import Point, joined, n, smooth, svg
from ncs_analyzer.report.labels import Labels
from ncs_analyzer.wording import plain

Record = dict[str, Any]

WIDTH: Final = 540.0
SIDES: Final = ("right", "left")
"""The patient's right is on the viewer's left."""

LABEL_GAP: Final = 27.0
"""Between two labels, so that each has two lines."""

BLOCKED: Final = ("definite", "probable", "probable_or_better")


@dataclass(frozen=True)
class Figure:
    """The drawing's data: `courses` by nerve, then by site from proximal to distal; `labels` by nerve and kind of study:
    the height of the label, and the point its line leads to."""

    height: float
    centre: float
    outline: list[Point]
    head: dict[str, float]
    fingers: list[list[Point]]
    courses: dict[str, dict[str, Point]]
    labels: dict[str, dict[str, tuple[float, float, float]]]


@cache
def figure() -> Figure:
    """The figure as it stands in figure.toml."""
    text = files("ncs_analyzer.report.html").joinpath("figure.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    nerves = data.pop("nerves")
    courses = {name: nerve["course"] for name, nerve in nerves.items()}
    return Figure(**data, courses=courses, labels={name: nerve["label"] for name, nerve in nerves.items()})


@dataclass(frozen=True)
class Mark:
    """One nerve of one side on the map. `state`: its class as a CSS class;
    `said`: the class and findings in words; `trapped`: where entrapment is suspected."""

    nerve: str
    side: str
    state: str
    word: str
    said: str
    sites: tuple[str, ...]
    blocks: tuple[tuple[str, str], ...]
    trapped: str


def marks(record: Record, kind: str) -> list[Mark]:
    """The nerves of one kind of study (motor or sensory) that the figure has a course for."""
    kinds = ("sensory", "mixed") if kind == "sensory" else (kind,)
    found = []
    for nerve in record["nerves"]:
        if nerve["study"] != kind or nerve["side"] not in SIDES:
            continue
        name = _drawn_as(record, nerve)
        own = [
            r for r in record["readings"] if r["study"] in kinds and (r["nerve"], r["side"]) == (name, nerve["side"])
        ]
        if name not in figure().courses or not own:
            continue
        trapped = next((e["site"] for e in record["entrapment"] if e["present"] and _same(e, nerve)), "")
        state, word = _state(nerve, own, trapped)
        blocks = tuple(
            (pair["distal"], pair["proximal"])
            for pair in record["conduction_block"]
            if kind == "motor" and (pair["nerve"], pair["side"]) == (nerve["nerve"], nerve["side"])
            if any(grade in BLOCKED for grade in pair["grades"].values())
        )
        sites = tuple(dict.fromkeys(r["stimulation"] for r in own if r["stimulation"]))
        said = "; ".join(nerve["findings"]) or word
        found.append(Mark(name, nerve["side"], state, word, said, sites, blocks, trapped))
    return found


def _drawn_as(record: Record, nerve: Record) -> str:
    """The branch that was studied where criteria speak of the trunk (the superficial radial nerve as radial)."""
    name: str = nerve["nerve"]
    branch = f"superficial_{name}"
    studied = {r["nerve"] for r in record["readings"] if r["study"] == nerve["study"] and r["side"] == nerve["side"]}
    return branch if nerve["study"] == "sensory" and branch in studied and name not in studied else name


def _same(entrapment: Record, nerve: Record) -> bool:
    return (entrapment["side"], entrapment["nerve"]) == (nerve["side"], plain(nerve["nerve"]))


def _state(nerve: Record, own: list[Record], trapped: str) -> tuple[str, str]:
    if all(r["grade"] in ("absent", "not_tested") for r in own) and any(r["grade"] == "absent" for r in own):
        return "absent", "absent"
    name = nerve["class"]
    if name == "normal" and trapped and nerve["findings"]:
        return "entrapped", "entrapment"
    return name.replace("_", "-"), "not classified" if name == "not_classifiable" else plain(name)


def body_map(record: Record, kind: str, say: Labels) -> Markup | None:
    """The figure with the nerves of one kind of study; None where there is none."""
    found = marks(record, kind)
    if not found:
        return None
    title = f"{'Motor' if kind == 'motor' else 'Sensory'} nerves: " + "; ".join(
        f"{m.side} {plain(m.nerve)} {m.word}{' with conduction block' if m.blocks else ''}" for m in found
    )
    parts = [
        Markup('<use href="#body"/>'),
        *_untested(found, kind),
        *(_nerve(m) for m in found),
        *_labels(found, kind, say),
    ]
    return svg(WIDTH, figure().height + 26, title, joined(parts), "map")


def _at(side: str, point: Point) -> Point:
    """A point of the figure on the page."""
    middle = WIDTH / 2
    return (middle - point[0], point[1] + 18) if side == "right" else (middle + point[0], point[1] + 18)


@cache
def silhouette() -> Markup:
    """The figure without nerves, drawn once for the whole page."""
    f = figure()
    halves = [smooth([_at(side, (x, y)) for x, y in f.outline]) + "Z" for side in SIDES]
    fingers = [
        f"M{n(a[0])} {n(a[1])}L{n(b[0])} {n(b[1])}"
        for side in SIDES
        for a, b in ([_at(side, p) for p in finger] for finger in f.fingers)
    ]
    head = _at("left", (f.head["x"], f.head["y"]))
    return Markup(
        '<g id="body" class="skin"><path d="{}"/><ellipse cx="{}" cy="{}" rx="{}" ry="{}"/><path class="fingers" d="{}"/></g>'
    ).format("".join(halves), n(head[0]), n(head[1]), n(f.head["rx"]), n(f.head["ry"]), "".join(fingers))


_ALWAYS: Final = {
    "motor": ("median", "ulnar", "radial", "fibular", "tibial"),
    "sensory": ("median", "ulnar", "superficial_radial", "sural", "superficial_fibular"),
}
"""Nerves shown as a faint line even where they were not tested."""


def _untested(found: list[Mark], kind: str) -> Iterator[Markup]:
    tested = {(m.nerve, m.side) for m in found}
    for name in _ALWAYS[kind]:
        for side in SIDES:
            if (name, side) not in tested:
                line = smooth([_at(side, p) for p in figure().courses[name].values()])
                yield Markup('<path class="nerve untested" d="{}"/>').format(line)


def _nerve(mark: Mark) -> Markup:
    """The nerve from the most proximal site studied to the recording, faint above it; sites as dots, block as bars."""
    course = figure().courses[mark.nerve]
    names = list(course)
    first = min((names.index(site) for site in mark.sites if site in course), default=max(0, len(names) - 2))
    points = [_at(mark.side, course[name]) for name in names]
    parts = [Markup('<path class="nerve untested" d="{}"/>').format(smooth(points[: first + 1]))] if first else []
    line = smooth(points[first:])
    parts.append(Markup('<path class="nerve casing" d="{}"/>').format(line))
    parts.append(
        Markup('<path class="nerve {}" d="{}"><title>{}</title></path>').format(
            mark.state, line, f"{mark.side} {plain(mark.nerve)}: {mark.said}"
        )
    )
    parts += [
        Markup('<circle class="site {}" cx="{}" cy="{}" r="2.6"/>').format(mark.state, n(x), n(y))
        for x, y in (_at(mark.side, course[site]) for site in mark.sites if site in course)
    ]
    parts += [
        _bar(mark, distal, proximal) for distal, proximal in mark.blocks if distal in course and proximal in course
    ]
    place = next((site for site in _TRAPPED.get(mark.trapped, ()) if site in course), None)
    if place:
        x, y = _at(mark.side, course[place])
        said = f"entrapment suspected at the {mark.trapped}"
        parts.append(
            Markup('<circle class="trap" cx="{}" cy="{}" r="8"><title>{}</title></circle>').format(n(x), n(y), said)
        )
    return joined(parts)


_TRAPPED: Final = {"wrist": ("wrist",), "elbow": ("elbow",), "fibular head": ("below_fibular_head",)}
"""Where each entrapment site lies on a course."""


def _bar(mark: Mark, distal: str, proximal: str) -> Markup:
    """Two short bars across the nerve, half way between two sites."""
    course = figure().courses[mark.nerve]
    (x1, y1), (x2, y2) = _at(mark.side, course[distal]), _at(mark.side, course[proximal])
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    strokes = [
        f"M{n(x + k * ux - 6 * uy)} {n(y + k * uy + 6 * ux)}L{n(x + k * ux + 6 * uy)} {n(y + k * uy - 6 * ux)}"
        for k in (-2.2, 2.2)
    ]
    said = f"conduction block between {plain(distal)} and {plain(proximal)}"
    return Markup('<path class="block" d="{}"><title>{}</title></path>').format("".join(strokes), said)


def _labels(found: list[Mark], kind: str, say: Labels) -> Iterator[Markup]:
    """A name and a word for every nerve beside the figure, with a line to it."""
    for side in SIDES:
        own = sorted((m for m in found if m.side == side), key=lambda m: figure().labels[m.nerve][kind][0])
        x, anchor = (4.0, "start") if side == "right" else (WIDTH - 4, "end")
        yield Markup('<text class="side" x="{}" y="12" text-anchor="{}">{}</text>').format(
            n(x), anchor, say(side).upper()
        )
        for mark, y in zip(own, _spread([figure().labels[m.nerve][kind][0] + 18 for m in own]), strict=True):
            _, *point = figure().labels[mark.nerve][kind]
            tx, ty = _at(side, (point[0], point[1]))
            word = mark.word + (" · block" if mark.blocks else "")
            name = _short(say(plain(mark.nerve)))
            reach = 6.6 * max(len(name), len(word)) + 6
            start = x + (reach if side == "right" else -reach)
            yield Markup(
                '<path class="leader" d="M{} {}L{} {}"/><text x="{}" y="{}" text-anchor="{}"><tspan class="name">{}</tspan>'
                '<tspan class="word {}" x="{}" dy="12">{}</tspan></text>'
            ).format(
                n(start), n(y + 1), n(tx), n(ty), n(x), n(y), anchor, name, mark.state, n(x), word
            )  # fmt: skip


def _spread(heights: list[float]) -> list[float]:
    """The heights moved apart, from the lowest up, so that no two labels overlap."""
    placed: list[float] = []
    floor = figure().height + 8
    for height in reversed(heights):
        floor = min(height, floor)
        placed.append(floor)
        floor -= LABEL_GAP
    return placed[::-1]


def _short(name: str) -> str:
    return name.replace("superficial", "sup.").replace("cutaneous", "cut.").replace("antebrachial", "antebr.")
