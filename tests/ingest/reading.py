"""Read a table written in a test, and say what was found in short."""

from pathlib import Path

from ncs_analyzer.ingest import read
from ncs_analyzer.readings import VALUES, Readings


def table(tmp_path: Path, text: str, name: str = "t.csv") -> Readings:
    """The readings of a table given as text."""
    path = tmp_path / name
    path.write_text(text.strip() + "\n", encoding="utf-8")
    return read(path)


WHO = ("ID,7,Age,50,Sex,F", "Date,2024-05-06", "")
"""One patient, above tables."""


def sheet(tmp_path: Path, *lines: str) -> Readings:
    """The readings of a text file of these lines."""
    return table(tmp_path, "\n".join(lines), "export.csv")


def of_one(tmp_path: Path, *lines: str) -> Readings:
    """The readings of tables below a patient."""
    return sheet(tmp_path, *WHO, *lines)


def values(readings: Readings) -> dict[str, float | str]:
    """Every number by patient, side, nerve, kind, site and column; the word for responses without one."""
    found: dict[str, float | str] = {}
    for row in readings.responses.to_dict("records"):
        who = readings.studies.iloc[row["study_no"]]["study_id"]
        place = [who, row["side"], row["nerve"], row["study"], row["stimulation"]]
        words = " ".join(str(p) for p in place if isinstance(p, str))
        if row["response"] != "present":
            found[words] = str(row["response"])
        found |= {f"{words} {name}": row[name] for name in VALUES if row[name] == row[name]}
    return found


def measured(readings: Readings) -> dict[str, float | str]:
    """Every number of one patient by side, nerve, kind, site and column."""
    return {key.split(" ", 1)[1]: value for key, value in values(readings).items()}


def names(readings: Readings) -> list[str]:
    """The names of all issues."""
    return [i.code.name for i in readings.issues]


def codes(readings: Readings, *severities: str) -> list[str]:
    """The names of the issues of some severities."""
    return [i.code.name for i in readings.issues if i.severity in (severities or ("error", "warning"))]
