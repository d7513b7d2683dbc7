"""Which column of the readings a heading means, for each kind of study; which kind a nerve's study can only be."""

import re
from typing import Final

from ncs_analyzer.ingest.definitions import state_of
from ncs_analyzer.ingest.headings import Heading
from ncs_analyzer.ingest.places import Place
from ncs_analyzer.vocabulary.anatomy import MUSCLES, PURELY_SENSORY
from ncs_analyzer.vocabulary.match import lexicon, normalise

SENSORY_KINDS: Final = ("sensory", "mixed")
LATE: Final = {"f_wave": "f_latency", "h_reflex": "h_latency"}

_COLUMNS: Final = {
    "latency": "latency_ms",
    "distal_latency": "latency_ms",
    "peak_latency": "peak_latency_ms",
    "area": "area_mvms",
    "duration": "duration_ms",
    "distance": "distance_mm",
    "velocity": "velocity_m_per_s",
}


def column_of(heading: Heading, kind: str, own_late: bool = False) -> str | None:
    """The readings' column of a heading, or None. `own_late`: another heading names the F or H latency itself."""
    role = heading.role
    if kind in LATE:
        if role == LATE[kind] or (role in ("latency", "distal_latency") and not own_late):
            return "latency_ms"
        return "persistence_pct" if role == "f_persistence" and kind == "f_wave" else None
    if role in ("amplitude", "cmap", "snap"):
        motor = kind == "motor"
        return None if role == ("snap" if motor else "cmap") else "amplitude_mv" if motor else "amplitude_uv"
    if (role == "peak_latency" and kind not in SENSORY_KINDS) or (role == "area" and kind != "motor"):
        return None
    return _COLUMNS.get(role)


def response_said(heading: str, text: str) -> str | None:
    """present, absent or not_tested, as a cell below "NR" or "Response" says; "" for "no" below "NR", which does not say
    that anything was tested; None where a cell says none of these. A mark below "NR" means that there was none, below
    "Response" that there was one."""
    told = {code.casefold(): phrase for code, phrase in _CODES.findall(heading)}
    ticked = text.strip() in _MARKS
    state = state_of(told[text.casefold()]) if text.casefold() in told else None if ticked else lexicon("state")(text)
    if state is not None:
        return "absent" if state == "no_response" else state
    words = normalise(heading).split()
    yes = "yes" if ticked else lexicon("yes_no")(text)
    if yes is None:
        return None
    negative = lexicon("state").find(words)
    if negative is not None and negative[0] == "no_response":
        return "absent" if yes == "yes" else ""
    return "present" if yes == "yes" else "absent"


SAID: Final = {"no_response": "absent", "not_tested": "not_tested", "present": "present"}
"""What a state of the vocabulary is called among the responses."""
_CODES: Final = re.compile(r"([^\W_]{1,12})\s*=\s*([^=;,)]+?)\s*(?=[;,)]|$)")
"""What a heading says that its codes stand for: "(P = present; ABS = absent)"."""
_MARKS: Final = ("x", "X", "✓", "✔", "+", "●")


def kind_of(place: Place, heading: Heading | None = None) -> str | None:
    """The kind of study that a place names, or can only be."""
    if place.study is not None and not (place.study == "motor" and place.nerve in PURELY_SENSORY):
        return place.study
    if heading is not None and heading.role in ("f_latency", "f_persistence", "h_latency"):
        return "h_reflex" if heading.role == "h_latency" else "f_wave"
    if place.nerve in PURELY_SENSORY:
        return "sensory"
    if place.recording is not None:
        return "motor" if place.recording in MUSCLES else "sensory" if place.recording.startswith("digit") else None
    role = heading.role if heading is not None else ""
    return {"cmap": "motor", "snap": "sensory"}.get(role)
