"""What did not fit between a value and its limit, in words: for one value, and for the summary of a study."""

from typing import TYPE_CHECKING, Final

import numpy as np

from ncs_analyzer.reference.finder import (
    AGE,
    BMI,
    CONVENTION,
    DISTANCE,
    FILTER,
    HEIGHT,
    NEAREST,
    OUTSIDE,
    SEX,
)
from ncs_analyzer.reference.limit import Limit
from ncs_analyzer.reference.tables import Reference
from ncs_analyzer.responses import Responses
from ncs_analyzer.vocabulary.anatomy import NERVES
from ncs_analyzer.wording import plain

if TYPE_CHECKING:
    from ncs_analyzer.reference.lookup import Limits

_UNKNOWN: Final = ((AGE, "age"), (HEIGHT, "height"), (BMI, "BMI"), (SEX, "sex"), (FILTER, "low-frequency filter"))


def words(bits: int, limit: Limit | None) -> str:
    """What did not fit for one value. `limit`: the row used, None where no limit was found."""
    parts = []
    unknown = [name for bit, name in _UNKNOWN if bits & bit]
    if unknown:
        what = "rows that need it were not used" if limit else "every row needs it"
        parts.append(f"{' and '.join(unknown)} not known: {what}")
    if bits & NEAREST:
        parts.append("age outside the table: nearest band used")
    if bits & OUTSIDE:
        parts.append("no row of the table fits this person")
    if bits & CONVENTION:
        parts.append("the table has limits of the other amplitude convention only")
    if bits & DISTANCE and limit is not None:
        parts.append(f"distance differs: the limit holds for {limit.distance_mm:g} mm")
    return "; ".join(parts)


def sentences(limits: "Limits", responses: Responses, reference: Reference) -> dict[int, list[str]]:
    """Sentences by study, about values that were compared with a limit that does not quite fit, and no others."""
    found: dict[int, list[str]] = {}
    aged: dict[int, set[str]] = {}
    for column, source in limits.source.items():
        compared = (source > 0) & np.isfinite(responses.values[column])
        fit = limits.fit[column]
        for row in map(int, np.flatnonzero(compared & ((fit & DISTANCE) != 0))):
            stated = limits.rows[int(source[row]), int(limits.row[column][row])].distance_mm
            sentence = (
                f"Distance differs: the {_name(responses, row)} response was recorded at "
                f"{responses.values['distance_mm'][row]:g} mm, its limit holds for {stated or 0:g} mm."
            )
            _say(found, int(responses.study[row]), sentence)
        nearest = np.flatnonzero(compared & ((fit & NEAREST) != 0))
        pairs = np.unique(np.stack([responses.study[nearest], source[nearest]]), axis=1) if len(nearest) else ()
        for study, number in zip(*pairs, strict=True) if len(pairs) else ():
            aged.setdefault(int(study), set()).add(reference.sources[number - 1].title)
    for study, titles in aged.items():
        age = limits.people.age[study]
        _say(found, study, f"Age {age:g} lies outside {', '.join(sorted(titles))}: the nearest adult band was used.")
    return found


def _name(responses: Responses, row: int) -> str:
    side = responses.names["side"][responses.side[row]] if responses.side[row] >= 0 else ""
    kind = responses.names["study"][responses.kind[row]]
    return " ".join(filter(None, (side, plain(NERVES[responses.nerve[row]]), plain(kind))))


def _say(found: dict[int, list[str]], study: int, sentence: str) -> None:
    said = found.setdefault(study, [])
    if sentence not in said:
        said.append(sentence)
