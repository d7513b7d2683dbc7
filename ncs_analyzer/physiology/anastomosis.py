"""Martin-Gruber anastomosis: fibres that reach an ulnar muscle through the median nerve and cross over in the forearm.

Where the median nerve was stimulated at wrist and elbow recording the same ulnar muscle, what crosses is the difference
of the two responses. If the ulnar response below the elbow and the crossing part make up the ulnar response at the
wrist, but for less than 25 %, the drop in the forearm is the anastomosis and no block (the wide end of 20-25 %; the
response at the wrist is taken as volume conduction).
"""

from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats, Keys, Mask, Rows
from ncs_analyzer.decimals import below
from ncs_analyzer.grouping import find
from ncs_analyzer.responses import ABSENT, NERVE, Responses

EXPLAINED_WITHIN: Final = 0.25
"""Of the ulnar amplitude at the wrist."""


def explains_drop(responses: Responses, proximal: Rows, distal: Rows) -> Mask:
    """Pairs (rows of the responses) of the ulnar nerve from wrist to (below) elbow whose drop is an anastomosis."""
    site = [responses.code("stimulation", name) for name in ("wrist", "below_elbow", "elbow")]
    forearm = (responses.nerve[distal] == NERVE["ulnar"]) & (responses.site[distal] == site[0])
    forearm &= np.isin(responses.site[proximal], site[1:])
    if not forearm.any():
        return forearm
    wrist, elbow = _amplitude(responses)[distal], _amplitude(responses)[proximal]
    crossing = crossing_amplitude(responses, distal)
    with np.errstate(divide="ignore", invalid="ignore"):
        missing = np.abs(wrist - (elbow + crossing)) / wrist
    found: Mask = forearm & below(missing, EXPLAINED_WITHIN)
    return found


def _amplitude(responses: Responses) -> Floats:
    """Motor amplitudes in mV; 0 where the response is absent."""
    return np.where(responses.response == ABSENT, 0.0, responses.values["amplitude_mv"])


def crossing_amplitude(responses: Responses, rows: Rows) -> Floats:
    """For the muscle each row was recorded from: median response at the elbow less that at the wrist, in mV; NaN where
    the median nerve was not stimulated at both."""
    median = np.flatnonzero(responses.is_kind("motor") & (responses.nerve == NERVE["median"]) & responses.tested)
    amplitude = _amplitude(responses)
    wanted = _muscle(responses, rows)
    found = {}
    for name in ("wrist", "elbow"):
        own = median[responses.site[median] == responses.code("stimulation", name)]
        key = _muscle(responses, own)
        order = np.argsort(key, kind="stable")
        at = find(key[order], wanted)
        found[name] = np.where(at >= 0, amplitude[own[order]][at], np.nan) if len(own) else np.full(len(rows), np.nan)
    return found["elbow"] - found["wrist"]


def _muscle(responses: Responses, rows: Rows) -> Keys:
    """Study, side and recording in one integer."""
    return (responses.study[rows].astype(np.int64) * 2 + responses.side[rows]) * 512 + responses.recording[rows]
