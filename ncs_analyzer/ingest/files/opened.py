"""What one file held, and why a file or a part of it is not read."""

from dataclasses import dataclass, field

from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.issues import CODES, Issue


class RefusedError(Exception):
    """A file or a sheet is not read; `code` names the issue."""

    def __init__(self, message: str, code: str = "format-refused") -> None:
        super().__init__(message)
        self.code = code


class DamagedError(RefusedError):
    """A file or a sheet breaks the rules of its own format."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "file-unreadable")


@dataclass
class Opened:
    """What one file held: grids, and issues about the file itself."""

    name: str
    grids: list[Grid] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def report(
        self,
        code: str,
        message: str,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        self.issues.append(Issue(CODES[code], message, self.name, sheet, row, column, value))
