"""The stimulation sites of one nerve, side and recording, and the segments between them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from ncs_analyzer.ingest.draft import Response
from ncs_analyzer.vocabulary.anatomy import SITE_ORDER

OF_SEGMENT: Final = ("velocity_m_per_s", "distance_mm")
"""What is measured between two sites and belongs to the proximal one."""


@dataclass
class Course:
    """Responses by stimulation site, in the order of the rows. `open`: the proximal ends of segments named so far whose
    own row has not come yet."""

    side: str | None
    recording: str | None
    rows: list[Response] = field(default_factory=list)
    open: dict[str, Response] = field(default_factory=dict)

    def own(self, site: str | None, line: int, new: Callable[[], Response]) -> Response:
        """The response of a row; a segment named above may have opened it already."""
        response = self.open.pop(site, None) if site else None
        if response is None:
            response = new()
        response.line = line
        self.rows.append(response)
        return response

    def proximal(self, site: str, new: Callable[[], Response]) -> Response:
        """The response at a segment's proximal end, named before its own row or after it."""
        for response in self.rows:
            if response.text.get("stimulation") == site:
                return response
        if site not in self.open:
            self.open[site] = new()
        return self.open[site]

    def settle_velocities(self) -> tuple[float, int] | None:
        """Velocities printed on the distal row of each segment move to its proximal site, if the numbers prove it.

        Returns a velocity on the most distal site that belongs to no segment, and its line; it is taken away, and so are
        the others where the most proximal site has none.
        """
        rows = [r for r in self.rows if r.text.get("stimulation") in SITE_ORDER]
        rows.sort(key=lambda r: SITE_ORDER[r.text["stimulation"]])
        if not rows or "velocity_m_per_s" not in rows[0].values or rows[0].text["stimulation"] == "palm":
            return None
        if len(rows) > 1 and "velocity_m_per_s" not in rows[-1].values and _belong_above(rows):
            for upper, lower in zip(rows[:0:-1], rows[-2::-1], strict=True):
                for name in OF_SEGMENT:
                    if name in lower.values:
                        upper.values[name] = lower.values.pop(name)
                if "velocity_lower_limit" in lower.limits:
                    upper.limits["velocity_lower_limit"] = lower.limits.pop("velocity_lower_limit")
            return None
        value, line, _ = rows[0].values["velocity_m_per_s"]
        unsure = rows if "velocity_m_per_s" not in rows[-1].values else rows[:1]
        for response in unsure:  # on which row velocities stand is not known: none is used
            response.values.pop("velocity_m_per_s", None)
            response.limits.pop("velocity_lower_limit", None)
        return value, line


def _belong_above(rows: list[Response]) -> bool:
    """Whether distance over latency difference to the next site gives the velocity printed on the distal row."""
    proven = 0
    for lower, upper in pairwise(rows):
        needed = ((lower, "velocity_m_per_s"), (lower, "distance_mm"), (lower, "latency_ms"), (upper, "latency_ms"))
        numbers = [response.values[name][0] for response, name in needed if name in response.values]
        if len(numbers) < len(needed):
            continue
        velocity, distance, first, second = numbers
        if second <= first or abs(distance / (second - first) / velocity - 1) >= 0.12:
            return False
        proven += 1
    return proven > 0
