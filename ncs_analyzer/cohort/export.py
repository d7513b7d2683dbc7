"""The data set for other programs: Stata, SPSS, and a script for R. The same input gives the same bytes."""

import datetime
import io
from typing import Any, Final

import pandas as pd

from ncs_analyzer.cohort.wide import DataSet, Variable

_NO_CLOCK: Final = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - Stata knows no zones
_SAV_DATE: Final = slice(92, 109)
"""Where a SPSS file says when it was made."""


def _coded(data: DataSet) -> tuple[pd.DataFrame, dict[str, dict[int, str]]]:
    """The wide table with levels as numbers from 1, and what each number means."""
    frame: dict[str, Any] = {}
    meanings: dict[str, dict[int, str]] = {}
    for v in data.variables:
        column = data.frame[v.name]
        if v.levels:
            index = {level: i for i, level in enumerate(v.levels, start=1)}
            frame[v.name] = column.map(lambda x, i=index: i[str(x)], na_action="ignore").astype(float)
            meanings[v.name] = {i: level for level, i in index.items()}
        elif v.kind == "text":
            frame[v.name] = pd.Series([str(x) if isinstance(x, str) else "" for x in column], dtype=object)
        else:
            frame[v.name] = column.astype(float)
    return pd.DataFrame(frame), meanings


def _label(v: Variable) -> str:
    return (f"{v.label}, {v.unit}" if v.unit else v.label)[:80]


def stata(data: DataSet) -> bytes:
    """A Stata file (version 14 and later) with labels of variables and values."""
    frame, meanings = _coded(data)
    stream = io.BytesIO()
    empty = [name for name in frame.columns if frame[name].isna().all()]
    frame[empty] = frame[empty].astype(float)
    frame.to_stata(
        stream, write_index=False, version=118, time_stamp=_NO_CLOCK, variable_labels={v.name: _label(v) for v in data.variables},
        value_labels={name: {float(i): t for i, t in levels.items()} for name, levels in meanings.items()},
    )  # fmt: skip
    return stream.getvalue()


def spss(data: DataSet, path: str) -> None:
    """An SPSS file with labels of variables and values (extra `spss`)."""
    import pyreadstat

    frame, meanings = _coded(data)
    labels: dict[str, dict[Any, str]] = {
        name: {float(i): t for i, t in found.items()} for name, found in meanings.items()
    }
    try:
        pyreadstat.write_sav(
            frame, path, column_labels={v.name: _label(v) for v in data.variables}, variable_value_labels=labels
        )
    except pyreadstat.ReadstatError as error:  # how it says that the disk is full
        raise OSError(f"The SPSS file cannot be written: {error}") from error
    with open(path, "r+b") as stream:  # noqa: PTH123 - opened to change bytes in place
        stream.seek(_SAV_DATE.start)
        stream.write(b"01 Jan 0000:00:00")


def r_script(data: DataSet) -> str:
    """A script that reads `studies_wide.csv` with the types, levels and labels of its columns; base R is enough."""
    lines = [
        "# Reads studies_wide.csv. Run it in the folder of the file.",
        'studies <- read.csv("studies_wide.csv", colClasses = c(',
        ",\n".join(
            f'  {v.name} = "{"numeric" if v.kind in ("number", "integer") else "character"}"' for v in data.variables
        ),
        '), na.strings = "", encoding = "UTF-8", check.names = FALSE)',
        "",
    ]
    for v in data.variables:
        if v.levels:
            levels = ", ".join(_quoted(level) for level in v.levels)
            lines.append(f"studies${v.name} <- factor(studies${v.name}, levels = c({levels}))")
    lines.append("")
    lines += [f'attr(studies${v.name}, "label") <- {_quoted(_label(v))}' for v in data.variables]
    lines += ["", "str(studies, list.len = ncol(studies))", ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'
