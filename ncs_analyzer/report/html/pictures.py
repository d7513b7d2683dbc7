"""Small pictures: a value on the scale of its limit, responses from distal to proximal, a measure over several studies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from ncs_analyzer.report.html.drawing import joined, n, smooth, svg
from ncs_analyzer.report.labels import Labels
from ncs_analyzer.report.tables import change
from ncs_analyzer.report.values import is_abnormal
from ncs_analyzer.wording import number, plain

Record = dict[str, Any]

# ---------------------------------------------------------------- a value against its limit

SCALE_WIDTH: Final = 80.0
SCALE_END: Final = 200.0
"""The scale runs from 0 to 200 % of the limit; values beyond stand at its end as an arrow."""

SCALES: Final = Markup(
    '<g id="lln"><path class="zone" d="M40 3H80V11H40Z"/><path class="axis" d="M0 7H80M40 0V14"/></g>'
    '<g id="uln"><path class="zone" d="M0 3H40V11H0Z"/><path class="axis" d="M0 7H80M40 0V14"/></g>'
)
"""The empty scales, drawn once: normal above a lower limit, normal below an upper limit."""


def scale(reading: Record) -> Markup:
    """Where the value stands as percent of its limit; decoration, as value, limit and percent stand beside it."""
    percent = reading["percent_of_limit"]
    if percent is None or reading["grade"] is None:
        return Markup("")
    which = "lln" if reading["lower"] is not None else "uln"
    x = SCALE_WIDTH * min(percent, SCALE_END) / SCALE_END
    state = "out" if is_abnormal(reading) else "in"
    if percent > SCALE_END:
        mark = Markup('<path class="{}" d="M74 2L80 7L74 12Z"/>').format(state)
    elif state == "out":
        mark = Markup('<path class="out" d="M{} 2l5 5-5 5-5-5Z"/>').format(n(x))
    else:
        mark = Markup('<circle class="in" cx="{}" cy="7" r="3.6"/>').format(n(x))
    return Markup(
        '<svg class="scale" viewBox="-5 0 90 14" width="90" height="14" aria-hidden="true"><use href="#{}"/>{}</svg>'
    ).format(which, mark)


# ---------------------------------------------------------------- responses by stimulation site

STEP: Final = 92.0
TALL: Final = 62.0
TOP: Final = 30.0
LONGEST: Final = 84.0


@dataclass(frozen=True)
class Response:
    """A motor response at one site. `value` None: no response."""

    site: str
    value: float | None
    duration: float | None


def profiles(record: Record, say: Labels) -> Iterator[tuple[str, list[tuple[str, Markup]]]]:
    """For every motor nerve stimulated at two sites or more: its title and a picture for each side."""
    nerves: dict[tuple[str, str], dict[str, dict[str, dict[str, Record]]]] = {}
    for r in record["readings"]:
        if r["study"] == "motor" and r["measure"] in ("amplitude", "duration") and r["grade"] is not None:
            sites = nerves.setdefault((r["nerve"], r["recording"] or ""), {}).setdefault(r["side"], {})
            sites.setdefault(r["stimulation"] or "", {})[r["measure"]] = r
    for (nerve, recording), sides in nerves.items():
        responses = {
            side: [_response(site, measures) for site, measures in sites.items() if "amplitude" in measures]
            for side, sites in sides.items()
        }
        responses = {side: own for side, own in responses.items() if len(own) > 1}
        if responses:
            title = say(plain(nerve)) + (f" ({plain(recording)})" if recording else "")
            yield (
                title,
                [
                    (say(side), _profile(record, nerve, side, responses, say))
                    for side in ("right", "left")
                    if side in responses
                ],
            )


def _response(site: str, measures: dict[str, Record]) -> Response:
    return Response(site, measures["amplitude"]["value"], measures.get("duration", {}).get("value"))


def _profile(record: Record, nerve: str, side: str, sides: dict[str, list[Response]], say: Labels) -> Markup:
    """The negative peaks, schematic: as high as the amplitude, as long as the duration; both sides on one scale."""
    everything = [r for own in sides.values() for r in own]
    highest = max((r.value for r in everything if r.value), default=1.0)
    longest = max((r.duration for r in everything if r.duration), default=0.0)
    own = sides[side]
    parts = [Markup('<path class="axis" d="M0 {}H{}"/>').format(n(TOP + TALL), n(STEP * len(own)))]
    for i, r in enumerate(own):
        parts.append(_hump(r, STEP * (i + 0.5), highest, longest, say))
    parts += _drops(record, nerve, side, own)
    said = ", ".join(f"{plain(r.site)} {_amplitude(r)}" for r in own)
    return svg(
        STEP * len(own),
        TOP + TALL + 30,
        f"{side} {plain(nerve)}, amplitude by stimulation site: {said}",
        joined(parts),
        "profile",
    )


def _amplitude(r: Response) -> str:
    return "no response" if r.value is None else f"{number(r.value)} mV"


def _hump(r: Response, x: float, highest: float, longest: float, say: Labels) -> Markup:
    base = TOP + TALL
    words = plain(r.site)
    lines = [words] if len(words) <= 12 else words.split(" ", 1)
    label = joined(
        Markup('<text class="where" x="{}" y="{}">{}</text>').format(n(x), n(base + 12 + 10 * k), line)
        for k, line in enumerate([say(words)] if say(words) != words else lines)
    )
    if r.value is None:
        return Markup('<text class="gone" x="{}" y="{}">{}</text>{}').format(n(x), n(base - 6), say("absent"), label)
    height = TALL * r.value / highest
    width = LONGEST * (r.duration / longest if r.duration and longest else 0.6)
    left, right, top = x - width / 2, x + width / 2, base - height
    wave = smooth(
        [
            (left, base),
            (left + width * 0.2, base - height * 0.62),
            (x - width * 0.06, top),
            (x + width * 0.2, base - height * 0.62),
            (right, base),
        ]
    )
    duration = f"{number(r.duration)} ms" if r.duration else ""
    return Markup(
        '<path class="hump{}" d="{}Z"/><text class="value" x="{}" y="{}">{}</text><text class="long" x="{}" y="{}">{}</text>{}'
    ).format(
        "" if r.duration else " unknown",
        wave,
        n(x),
        n(top - 4),
        f"{number(r.value)} mV",
        n(x),
        n(base - 4),
        duration,
        label,
    )


def _drops(record: Record, nerve: str, side: str, own: list[Response]) -> Iterator[Markup]:
    """Between two neighbours the change of amplitude, and block where some definition finds it."""
    order = [r.site for r in own]
    for pair in record["conduction_block"]:
        if (
            (pair["nerve"], pair["side"]) != (nerve, side)
            or pair["proximal"] not in order
            or pair["distal"] not in order
        ):
            continue
        i = order.index(pair["distal"])
        if order.index(pair["proximal"]) != i + 1 or pair["amplitude_reduction_pct"] is None:
            continue
        found = {g for g in pair["grades"].values() if g in ("definite", "probable", "probable_or_better")}
        word = "block" if found else ""
        said = f"{change(-pair['amplitude_reduction_pct'])} %"
        yield Markup('<text class="drop{}" x="{}" y="9">{}</text><text class="drop{}" x="{}" y="19">{}</text>').format(
            " out" if word else "", n(STEP * (i + 1)), said, " out" if word else "", n(STEP * (i + 1)), word
        )


# ---------------------------------------------------------------- course

SPARK: Final = (120.0, 30.0)


def spark(percents: list[float | None], lower: bool, title: str) -> Markup:
    """Percent of the limit over the studies, against the limit."""
    width, height = SPARK
    known = [p for p in percents if p is not None]
    top = max([*known, 125.0]) * 1.08
    step = (width - 16) / max(1, len(percents) - 1)

    def y(percent: float) -> float:
        return height - 2 - (height - 4) * percent / top

    points = [(8 + step * i, y(p)) for i, p in enumerate(percents) if p is not None]
    zone = (2.0, y(100)) if lower else (y(100), height - 2)
    line = "M" + "L".join(f"{n(a)} {n(b)}" for a, b in points) if points else ""
    dots = joined(
        Markup('<circle class="{}" cx="{}" cy="{}" r="3"/>').format(
            "out" if (p < 100 if lower else p > 100) else "in", n(8 + step * i), n(y(p))
        )
        for i, p in enumerate(percents)
        if p is not None
    )
    body = Markup(
        '<path class="zone" d="M0 {}H{}V{}H0Z"/><path class="axis" d="M0 {}H{}"/><path class="line" d="{}"/>{}'
    ).format(n(zone[0]), n(width), n(zone[1]), n(y(100)), n(width), line, dots)
    return svg(width, height, title, body, "spark")
