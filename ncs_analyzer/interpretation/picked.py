"""One response out of many: of a nerve, recorded here, stimulated there, for every side of every study."""

from collections.abc import Iterable

import numpy as np

from ncs_analyzer.arrays import Floats, Mask, Rows
from ncs_analyzer.responses import ABSENT, NERVE, Responses


def pick(
    responses: Responses, studies: int, kind: str, nerves: Iterable[str], places: Iterable[str] = (), site: str = ""
) -> Rows:
    """Rows of the readings, [side, study], -1 where there is none.

    `places`: recorded there, or stimulated there and recorded further up (orthodromic); `site`: stimulated there. Of
    several the first in the order of the readings.
    """
    wanted = responses.is_kind(kind) & responses.tested & (responses.side >= 0)
    wanted &= np.isin(responses.nerve, [NERVE[name] for name in nerves])
    if places:
        wanted &= _among(responses, "recording", places) | _among(responses, "stimulation", places)
    if site:
        wanted &= _among(responses, "stimulation", (site,))
    rows = np.flatnonzero(wanted)[::-1]
    found = np.full((2, studies), -1, np.intp)
    found[responses.side[rows], responses.study[rows]] = rows
    return found


def value(responses: Responses, rows: Rows, column: str) -> Floats:
    """A measured column at rows as `pick` gives them; NaN where there is none."""
    column_values = responses.values[column]
    if not len(column_values):
        return np.full(rows.shape, np.nan)
    return np.where(rows >= 0, column_values[np.maximum(rows, 0)], np.nan)


def absent(responses: Responses, rows: Rows) -> Mask:
    """Where the response was looked for and is absent."""
    if not len(responses):
        return np.zeros(rows.shape, bool)
    found: Mask = (rows >= 0) & (responses.response[np.maximum(rows, 0)] == ABSENT)
    return found


def _among(responses: Responses, column: str, names: Iterable[str]) -> Mask:
    codes = {"recording": responses.recording, "stimulation": responses.site}[column]
    found: Mask = np.isin(codes, [responses.code(column, name) for name in names])
    return found
