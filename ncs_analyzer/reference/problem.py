"""One thing that is wrong with a reference table."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """One thing wrong. An error makes the table unusable; a warning is probably a slip and asks for confirmation."""

    what: str
    remedy: str
    row: int | None = None
    column: str | None = None
    found: str | None = None
    severity: Literal["error", "warning"] = "error"

    @property
    def where(self) -> str:
        """Row and column in words."""
        parts = ([f"row {self.row}"] if self.row else []) + ([f"column {self.column}"] if self.column else [])
        return ", ".join(parts) or "the table"

    def __str__(self) -> str:
        found = "" if self.found is None else f"found {self.found!r}: "
        return f"{self.where}: {found}{self.what}. {self.remedy}"
