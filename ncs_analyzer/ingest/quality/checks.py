"""The responses under check: what they are, and how something found in them is said and withheld."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ncs_analyzer.arrays import Codes, Mask, Rows
from ncs_analyzer.issues import CODES, Issue
from ncs_analyzer.readings import BIT, RESPONSE_CELL, VALUES, assumed_recording

if TYPE_CHECKING:
    from ncs_analyzer.ingest.assemble import Pool
    from ncs_analyzer.ingest.draft import Sheet


class Checks:
    """The pool of responses while it is checked. `labels`: the headings that `pool.columns` points to."""

    def __init__(self, pool: Pool, sheets: Sequence[Sheet], log: list[Issue], labels: list[str]) -> None:
        self.pool, self.sheets, self.log, self.labels = pool, sheets, log, labels

    def is_(self, column: str, name: str) -> Mask:
        """Which responses carry a name in a text column."""
        names = self.pool.names[column]
        found: Mask = self.pool.text[column] == (names.index(name) if name in names else -9)
        return found

    def is_any(self, column: str, *names: str) -> Mask:
        """Which responses carry one of several names in a text column."""
        found = np.zeros(len(self.pool.text[column]), bool)
        for name in names:
            found |= self.is_(column, name)
        return found

    def report(self, code: str, message: str, row: int | np.intp, value: str | None = None) -> None:
        """An issue at the cell of one value (None: of the response) of one response; the message begins with its name."""
        k = RESPONSE_CELL if value is None else list(VALUES).index(value)
        sheet = self.sheets[self.pool.sheet[row]]
        column = int(self.pool.columns[row, k])
        number = self.pool.values[value][row] if value else np.nan
        self.log.append(
            Issue(
                CODES[code],
                f"{self.words(row)}{message}",
                sheet.grid.file,
                sheet.grid.sheet,
                int(self.pool.rows[row, k]) or int(self.pool.line[row]),
                self.labels[column] if column >= 0 else None,
                f"{number:g}" if np.isfinite(number) else None,
            )
        )

    def withhold(self, rows: Rows | Mask, *names: str) -> None:
        """Nothing rests on these values."""
        for name in names:
            self.pool.withheld[rows] |= BIT[name]

    def refuse(self, rows: Rows | Mask, *names: str) -> None:
        """These values are not among the readings."""
        for name in names:
            self.pool.unreadable[rows] |= np.where(np.isfinite(self.pool.values[name][rows]), BIT[name], np.uint16(0))
            self.pool.values[name][rows] = np.nan

    def words(self, row: int | np.intp) -> str:
        """Which response it is, in words."""
        parts = []
        for column in ("side", "nerve", "study", "stimulation"):
            code = self.pool.text[column][row]
            if code >= 0:
                parts.append(self.pool.names[column][code].replace("_", " "))
        return " ".join(parts)

    def recording(self) -> Codes:
        """Recording codes, with the usual muscle or site where none is named."""
        text = self.pool.text
        return assumed_recording(text["study"], text["nerve"], text["recording"])
