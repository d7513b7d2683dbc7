"""Small helpers for drawings as inline SVG."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

Point = tuple[float, float]


def n(value: float) -> str:
    """A coordinate: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def smooth(points: Sequence[Point], closed: bool = False) -> str:
    """A line through all points without corners (Catmull-Rom), as path data."""
    last = len(points) - 1

    def at(i: int) -> Point:
        return points[i % len(points)] if closed else points[min(max(i, 0), last)]

    parts = [f"M{n(points[0][0])} {n(points[0][1])}"]
    for i in range(len(points) if closed else last):
        a, b, c, d = at(i - 1), at(i), at(i + 1), at(i + 2)
        one = (b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6)
        two = (c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6)
        parts.append("C" + " ".join(f"{n(x)} {n(y)}" for x, y in (one, two, c)))
    return "".join(parts) + ("Z" if closed else "")


def joined(parts: Iterable[Markup]) -> Markup:
    """Pieces of a drawing one after the other."""
    return Markup("").join(parts)


def svg(width: float, height: float, title: str, body: Markup, css: str = "") -> Markup:
    """A drawing with its title for readers who do not see it."""
    return Markup(
        '<svg class="{}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}"><title>{}</title>{}</svg>'
    ).format(css, n(width), n(height), n(width), n(height), title, title, body)
