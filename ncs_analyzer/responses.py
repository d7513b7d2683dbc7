"""The responses as arrays of small integers and floats, for the vectorised rooms; one view, made once."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes, Floats, Keys, Mask, Rows
from ncs_analyzer.grouping import combine, starts
from ncs_analyzer.readings import BIT, CATEGORIES, VALUES, Readings, assumed_recording
from ncs_analyzer.vocabulary.anatomy import (
    DISTAL_SITE,
    NERVES,
    RESPONSES,
    SITE_ORDER,
    STUDIES,
)

KIND: Final = {name: i for i, name in enumerate(STUDIES)}
NERVE: Final = {name: i for i, name in enumerate(NERVES)}
PRESENT, ABSENT, NOT_TESTED = (RESPONSES.index(name) for name in ("present", "absent", "not_tested"))


@dataclass(frozen=True)
class Responses:
    """`Readings.responses` as arrays. `values` holds NaN where a value is withheld; `names` the texts of the codes.

    `recording` is the usual muscle or site of the nerve where a row names none; `site` the stimulation.
    """

    study: Codes
    kind: Codes
    nerve: Codes
    side: Codes
    recording: Codes
    site: Codes
    response: Codes
    convention: Codes
    values: dict[str, Floats]
    recording_assumed: Mask
    names: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, readings: Readings) -> "Responses":
        """The arrays of a readings table."""
        table = readings.responses
        codes = {c: table[c].cat.codes.to_numpy(np.int32) for c in CATEGORIES}
        names = {c: tuple(table[c].cat.categories) for c in CATEGORIES}
        withheld = table["withheld"].to_numpy()
        values = {}
        for name in VALUES:
            column = table[name].to_numpy()
            hidden = (withheld & BIT[name]) != 0
            values[name] = np.where(hidden, np.nan, column) if hidden.any() else column
        recording = assumed_recording(codes["study"], codes["nerve"], codes["recording"])
        return cls(
            study=table["study_no"].to_numpy(np.int32),
            kind=codes["study"],
            nerve=codes["nerve"],
            side=codes["side"],
            recording=recording,
            site=codes["stimulation"],
            response=codes["response"],
            convention=codes["amplitude_convention"],
            values=values,
            recording_assumed=(codes["recording"] < 0) & (recording >= 0),
            names=names,
        )

    def __len__(self) -> int:
        return len(self.study)

    def code(self, column: str, name: str) -> int:
        """The code of a name, -9 where nothing carries it."""
        names = self.names[column]
        return names.index(name) if name in names else -9

    def is_kind(self, kind: str) -> Mask:
        """The rows of one kind of study."""
        return self.kind == KIND[kind]

    @cached_property
    def tested(self) -> Mask:
        """Rows where the nerve was stimulated, with or without a response."""
        return self.response != NOT_TESTED

    @cached_property
    def site_order(self) -> Codes:
        """Place of the stimulation site from distal to proximal; -1 where it has none."""
        order = np.array([*(SITE_ORDER.get(name, -1) for name in self.names["stimulation"]), -1], np.int32)
        return order[self.site]

    @cached_property
    def beyond_distal(self) -> Mask:
        """Rows stimulated more proximally than the usual distal site of their nerve and recording."""
        found = np.zeros(len(self), bool)
        for (nerve, muscle), site in DISTAL_SITE.items():
            own = (self.nerve == self.code("nerve", nerve)) & (self.recording == self.code("recording", muscle))
            found |= own & (self.site_order > SITE_ORDER[site])
        return found

    @cached_property
    def motor(self) -> "MotorRuns":
        """The motor responses in runs of one nerve, side and recording, from distal to proximal."""
        rows = np.flatnonzero(self.is_kind("motor") & self.tested & (self.site_order >= 0))
        key = combine(self.study[rows], self.nerve[rows], self.side[rows], self.recording[rows])
        order = np.lexsort((self.site_order[rows], key)) if len(rows) else rows
        rows, key = rows[order], key[order]
        first = starts(key)
        palm = self.site[rows] == self.code("stimulation", "palm")
        distal = first + palm[first] if len(first) else first
        inside = np.append(first[1:], len(rows))
        ok = distal < inside
        return MotorRuns(rows, key, first, np.where(ok, distal, -1))


@dataclass(frozen=True)
class MotorRuns:
    """Motor rows sorted into runs. `rows`: row numbers of the responses; `key`: equal within a run; `first`: where
    each run starts in `rows`; `distal`: where its distal site (the palm never counts) stands in `rows`, or -1."""

    rows: Rows
    key: Keys
    first: Rows
    distal: Rows

    @cached_property
    def run(self) -> Rows:
        """The run of every entry of `rows`."""
        number = np.zeros(len(self.rows), np.intp)
        number[self.first] = 1
        return np.cumsum(number) - 1

    @cached_property
    def below(self) -> Rows:
        """For every entry of `rows`, the entry of the next more distal site of its run, or -1."""
        below = np.arange(-1, len(self.rows) - 1)
        below[self.first] = -1
        return below
