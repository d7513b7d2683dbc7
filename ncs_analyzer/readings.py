"""The canonical readings table: one row per recorded response, in fixed units, every value with its cell.

`Readings.responses` holds the response columns of the tidy table (docs/input.md), `Readings.studies` the columns that
are the same for a whole study, and `Readings.cells` where each value stood. A cell has one of four states, and they
never collapse into one another:

- *value*: the number is there;
- *no response*: the row's `response` is absent, and the number is missing;
- *unreadable*: the number is missing and its bit in `unreadable` is set;
- *not tested*: none of these.

A number that contradicts another one is kept with its bit in `withheld` set: it is reported, and nothing rests on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from ncs_analyzer.arrays import Codes, Mask, Rows
from ncs_analyzer.issues import Issue
from ncs_analyzer.vocabulary.anatomy import (
    CONVENTIONS,
    NERVES,
    RECORDINGS,
    RESPONSES,
    SIDES,
    STIMULATIONS,
    STUDIES,
    USUAL_MUSCLE,
    USUAL_SENSORY_RECORDING,
)

if TYPE_CHECKING:
    from ncs_analyzer.ingest.found import Found
    from ncs_analyzer.ingest.ledger import CellCount

VALUES: Final = {
    "latency_ms": "ms",
    "peak_latency_ms": "ms",
    "amplitude_mv": "mV",
    "amplitude_uv": "uV",
    "area_mvms": "mV*ms",
    "duration_ms": "ms",
    "distance_mm": "mm",
    "velocity_m_per_s": "m/s",
    "persistence_pct": "%",
}
"""Measured columns and their units."""

LIMITS: Final = {
    "latency_upper_limit": "latency_ms",
    "peak_latency_upper_limit": "peak_latency_ms",
    "amplitude_lower_limit": "amplitude",
    "velocity_lower_limit": "velocity_m_per_s",
    "duration_upper_limit": "duration_ms",
}
"""The laboratory's limits printed beside the values, and the column each belongs to (amplitude: mV or µV by study)."""

CATEGORIES: Final = {
    "study": STUDIES,
    "nerve": NERVES,
    "side": SIDES,
    "recording": RECORDINGS,
    "stimulation": STIMULATIONS,
    "response": RESPONSES,
    "amplitude_convention": CONVENTIONS,
}
"""Text columns of a response with their known names. Recording may hold further names that a file brought."""

STUDY_COLUMNS: Final = (
    "patient_id",
    "study_id",
    "study_date",
    "age_years",
    "sex",
    "height_cm",
    "weight_kg",
    "days_since_onset",
    "group",
    "low_cut_hz",
    "cts_left",
    "cts_right",
    "phenotype",
)
"""What is the same for a whole study. Further columns of `Readings.studies` are covariates carried along."""

STUDY_NUMBERS: Final = ("age_years", "height_cm", "weight_kg", "days_since_onset", "low_cut_hz")

BIT: Final = {name: np.uint16(1 << i) for i, name in enumerate(VALUES)}
"""The bit of each measured column in `unreadable` and `withheld`."""

RESPONSE_CELL: Final = len(VALUES)
"""Column of `Cells.rows` and `Cells.columns` that holds the cell which says whether there was a response."""


def assumed_recording(study: Codes, nerve: Codes, recording: Codes) -> Codes:
    """Recording codes with the usual muscle or site of the nerve where a response names none.

    All codes as in CATEGORIES; -1 stays where nothing is usual.
    """
    found = recording.copy()
    blank = recording < 0
    if not blank.any():
        return found
    for kinds, usual in USUAL_RECORDING:
        of_kind = blank & np.isin(study, [STUDIES.index(kind) for kind in kinds])
        for name, place in usual.items():
            found[of_kind & (nerve == NERVES.index(name))] = RECORDINGS.index(place)
    return found


USUAL_RECORDING: Final = ((("motor", "f_wave"), USUAL_MUSCLE), (("sensory",), USUAL_SENSORY_RECORDING))
"""Kinds of study, and by nerve where their responses are usually recorded."""


@dataclass(frozen=True)
class Cells:
    """Where every value of the responses stood.

    `file`, `sheet`: codes into `files`, `sheets`, one per response. `rows`, `columns`: one line per response, one
    column per entry of VALUES and a last one for the response itself; 0 and -1 where there was no cell. `columns` are
    codes into `labels`.
    """

    file: Codes
    sheet: Codes
    rows: Codes
    columns: Codes
    files: tuple[str, ...]
    sheets: tuple[str | None, ...]
    labels: tuple[str, ...]

    def address(self, response: int, value: str | None) -> dict[str, str | int | None]:
        """File, sheet, row and column of one value (None: of the response itself)."""
        k = RESPONSE_CELL if value is None else list(VALUES).index(value)
        row, column = int(self.rows[response, k]), int(self.columns[response, k])
        return {
            "file": self.files[self.file[response]],
            "sheet": self.sheets[self.sheet[response]],
            "row": row or None,
            "column": self.labels[column] if column >= 0 else None,
        }

    def take(self, order: Rows) -> "Cells":
        """The cells of some responses, in the order given."""
        return replace(
            self, file=self.file[order], sheet=self.sheet[order], rows=self.rows[order], columns=self.columns[order]
        )


@dataclass(frozen=True)
class Readings:
    """All that was read: studies, responses, cells, issues, and what each file and sheet was taken for.

    `studies`: STUDY_COLUMNS and covariates, one row per study, sorted by patient, date and study id.
    `responses`: `study_no` (row of `studies`), the text columns of CATEGORIES (categorical), VALUES and LIMITS
    (float, NaN where there is none), `temperature_c`, `unreadable` and `withheld` (bits); sorted by study, kind of
    study, nerve, side, recording and site.
    """

    studies: pd.DataFrame
    responses: pd.DataFrame
    cells: Cells
    issues: tuple[Issue, ...]
    found: "tuple[Found, ...]"
    profile: Mapping[str, str] | None = None
    """Name, laboratory and hash of the profile they were read with."""

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]], name: str = "rows") -> "Readings":
        """Readings from records of the tidy table, read exactly as a file of them would be."""
        from ncs_analyzer.ingest import read_rows

        return read_rows(rows, name)

    @property
    def rows(self) -> dict[str, int]:
        """Rows read, used and reported over all files; read = used + reported."""
        return {key: sum(getattr(found, key) for found in self.found) for key in ("read", "used", "reported")}

    @property
    def counted_cells(self) -> "CellCount":
        """What became of the cells of all files: read = used + left out + reported."""
        from ncs_analyzer.ingest.ledger import CellCount

        return sum((found.cells for found in self.found), CellCount())

    def only(self, studies: Mask) -> "Readings":
        """The readings of some studies (a mask over `studies`)."""
        number = np.cumsum(studies) - 1
        of = self.responses["study_no"].to_numpy()
        keep = np.flatnonzero(studies[of])
        responses = self.responses.iloc[keep].reset_index(drop=True)
        responses["study_no"] = number[of[keep]].astype(np.int32)
        return replace(
            self,
            studies=self.studies.loc[studies].reset_index(drop=True),
            responses=responses,
            cells=self.cells.take(keep),
        )
