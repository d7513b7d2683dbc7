"""The values of one measure at one place, one per patient, from many studies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Floats, Mask, Rows
from ncs_analyzer.grouping import alike
from ncs_analyzer.readings import Readings
from ncs_analyzer.reference.finder import Wanted
from ncs_analyzer.reference.lookup import holds_there, segment_codes, segment_name
from ncs_analyzer.reference.measures import MEASURES
from ncs_analyzer.reference.people import People
from ncs_analyzer.responses import PRESENT, Responses
from ncs_analyzer.vocabulary.anatomy import NERVES, STUDIES

_SAME_DISTANCE: Final = 5.0


@dataclass(frozen=True)
class Sample:
    """What a limit is to be derived of. `values`, `people`: one entry per patient; `absent`: patients without a
    response, who are not among them; `distance_mm`: where nine in ten agree on it."""

    wanted: Wanted
    values: Floats
    people: People
    absent: int
    distance_mm: float | None

    def __len__(self) -> int:
        return len(self.values)


def samples(readings: Readings, chosen: Mask) -> Iterator[Sample]:
    """The samples of some studies (a mask): each patient counts once, with the right side of the first study that has
    the value; a motor amplitude is that of the distal site."""
    r, people = Responses.of(readings), People.of(readings.studies)
    patient = readings.studies["patient_id"].astype(str).to_numpy()
    _, who = np.unique(patient, return_inverse=True)
    segment = segment_codes(r)
    usable = chosen[r.study] & ((r.response == PRESENT) | (r.response < 0))
    absent = chosen[r.study] & r.tested & ~usable
    for rows in alike(r.kind, r.nerve, r.recording, r.convention, r.site, segment):
        first = rows[0]
        kind, nerve = STUDIES[r.kind[first]], NERVES[r.nerve[first]]
        recording = r.names["recording"][r.recording[first]] if r.recording[first] >= 0 else ""
        site = r.names["stimulation"][r.site[first]] if r.site[first] >= 0 else ""
        stated = (
            r.names["amplitude_convention"][r.convention[first]] if r.convention[first] >= 0 else "baseline_to_peak"
        )
        for measure, (column, _, _) in MEASURES[kind].items():
            place = segment_name(r, int(segment[first])) if kind == "motor" and measure == "velocity" else ""
            of_site = "distal_latency" if kind == "motor" else measure  # a motor amplitude is that of the distal site
            if not place and not holds_there(kind, nerve, recording, site, of_site, 0):
                continue
            known = rows[usable[rows] & np.isfinite(r.values[column][rows])]
            if not len(known):
                continue
            taken = _one_each(r, who, known)
            study = r.study[taken]
            gone = np.setdiff1d(who[r.study[rows[absent[rows]]]], who[study])
            wanted = Wanted(kind, nerve, measure, recording, place, stated if measure == "amplitude" else "")
            yield Sample(
                wanted, r.values[column][taken], people.take(study), len(gone),
                None if measure == "velocity" or kind in ("f_wave", "h_reflex") else _distance(r.values["distance_mm"][taken]),
            )  # fmt: skip


def _one_each(r: Responses, who: Rows, rows: Rows) -> Rows:
    """One row per patient: the first study, the right side before the left."""
    patient = who[r.study[rows]]
    order = np.lexsort((-r.side[rows], r.study[rows], patient))
    _, first = np.unique(patient[order], return_index=True)
    return rows[order[first]]


def _distance(stated: Floats) -> float | None:
    known = stated[np.isfinite(stated)]
    if not len(known):
        return None
    middle = float(np.median(known))
    agree = np.abs(known - middle) <= _SAME_DISTANCE
    return middle if agree.mean() >= 0.9 else None
