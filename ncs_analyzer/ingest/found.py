"""What was found in one sheet: which layout fitted, how well, what became of each column, and how many rows."""

from dataclasses import dataclass, field
from typing import Literal

from ncs_analyzer.ingest.ledger import CellCount

Use = Literal["used", "limit", "covariate", "ignored", "not understood"]


@dataclass(frozen=True)
class Column:
    """One column of the input: its heading and address, and what it became."""

    heading: str
    letter: str
    became: str
    use: Use


@dataclass(frozen=True)
class Found:
    """One table source: a text file or one sheet. `read == used + reported`, always."""

    file: str
    sheet: str | None
    layout: str | None
    fit: float
    columns: tuple[Column, ...] = ()
    read: int = 0
    used: int = 0
    reported: int = 0
    notes: tuple[str, ...] = field(default=())
    cells: CellCount = field(default_factory=CellCount)

    def __post_init__(self) -> None:
        if self.read != self.used + self.reported:
            raise AssertionError(f"{self.file}: {self.read} rows read, {self.used} used, {self.reported} reported")
