"""Differences between two responses in the record of a study: all of them, and those beyond their limit as findings."""

from collections.abc import Iterable
from typing import Any, Final

from ncs_analyzer.wording import number, plain, unit

COMPARISON: Final = (
    "study", "nerve", "side", "recording", "segment", "against", "measure", "value", "unit", "lower", "upper",
    "limit_source", "limit_row", "grade",
)  # fmt: skip
"""What a record says of a difference."""


def add_comparisons(record: dict[str, Any], differences: Iterable[dict[str, Any]]) -> None:
    """Add `comparisons` to the record, and a finding to the nerve of each that is beyond its limit."""
    record["comparisons"] = list(differences)
    beyond = [found for found in record["comparisons"] if found["grade"] != "normal"]
    in_percent = {_place(found) for found in beyond if found["measure"].endswith("_pct")}
    for found in beyond:
        if (*_place(found)[:-1], f"{found['measure']}_pct") not in in_percent:
            for nerve in record["nerves"]:
                if all(nerve[name] == found[name] for name in ("study", "nerve", "side")):
                    nerve["findings"].append(_sentence(found))


def _place(found: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(found[name] for name in ("study", "nerve", "side", "recording", "segment", "against", "measure"))


def _sentence(found: dict[str, Any]) -> str:
    place = " ".join(filter(None, (found["segment"], f"against {found['against']}" if found["against"] else None)))
    bound = found["upper"] if found["upper"] is not None else found["lower"]
    what = plain(found["measure"]).removesuffix(" pct") + (f" ({plain(place)})" if place else "")
    name = "" if found["unit"] == "ratio" else f" {unit(found['unit'])}"
    return f"{what} {number(found['value'])}{name}, limit {number(bound)}"
