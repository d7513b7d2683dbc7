"""A laboratory's profile as `check --suggest-profile` writes it: what was understood, and what is doubtful."""

import difflib
import json
from collections.abc import Iterable, Iterator
from typing import Final

from ncs_analyzer.ingest.found import Column
from ncs_analyzer.ingest.headings import Heading, read_heading, tidy_name
from ncs_analyzer.ingest.profile import IGNORE
from ncs_analyzer.readings import Readings
from ncs_analyzer.vocabulary.match import lexicon, normalise
from ncs_analyzer.wording import safe

_INTRODUCTION: Final = """\
# A laboratory's profile for ncs-analyzer, suggested from:
{files}
#
# Every line that counts was understood as it stands here. Lines that begin with "# ?" are doubtful: correct what is
# behind the equals sign, and take the mark away. Use it with --profile.

laboratory = ""
"""
_WORDS: Final = (
    ("nerves", "unknown-nerve", "nerves"),
    ("sites", "unknown-site", "sites"),
    ("muscles", "unknown-recording", "muscles"),
    ("sides", "missing-side", "side"),
)
"""Part of the profile, the issue that names a word not understood, and the vocabulary to suggest from."""

_ASSUMED: Final = (
    ("latency-kind-assumed", 'sensory_latency = "onset"', 'or "peak"'),
    ("date-order-unknown", 'date_order = "dmy"', 'or "mdy"'),
)
_WRITTEN: Final = {("mm", 10.0): "cm", ("ms", 1000.0): "s"}


def suggested_profile(readings: Readings) -> str:
    """The text of a profile (TOML) for the files that were read."""
    files = dict.fromkeys(found.file for found in readings.found)
    parts = [_INTRODUCTION.format(files="\n".join(f"#   {safe(name)}" for name in files))]
    columns = {column.heading: column for found in readings.found for column in found.columns if column.heading}
    parts.append(_section("columns", _columns(columns.values())))
    for part, code, vocabulary in _WORDS:
        words = dict.fromkeys(i.value for i in readings.issues if i.code.name == code and i.value)
        lines = [_doubtful(word, _near(word, vocabulary)) for word in words]
        if lines:
            parts.append(_section(part, lines))
    parts.append(_section("conventions", _conventions(readings)))
    silent = readings.studies["low_cut_hz"].isna().any() if len(readings.studies) else True
    parts.append(_section("defaults", ["# ? low_cut_hz = 10  # the files do not say it"] if silent else []))
    return "\n".join(parts)


def _section(name: str, lines: Iterable[str]) -> str:
    return "\n".join([f"[{name}]", *lines, ""])


def _columns(columns: Iterable[Column]) -> Iterator[str]:
    for column in columns:
        meaning = _meaning(column)
        if column.use == "not understood" or (column.use == "covariate" and tidy_name(column.became) is None):
            yield _doubtful(column.heading, _near(column.heading, "heading") or IGNORE)
        elif column.use == "ignored":
            yield f"# {_quoted(column.heading)} is left alone: {safe(column.became)}"
        elif meaning is not None:
            yield f"{_quoted(column.heading)} = {_quoted(meaning)}"
        else:
            yield f"# {_quoted(column.heading)} is understood: {safe(column.became)}"


def _meaning(column: Column) -> str | None:
    """A name for the column that reads exactly as its heading does; None where only the heading itself will do."""
    became = column.became
    heading = read_heading(column.heading)
    if tidy_name(became) == became and (tidy_name(column.heading) == became or heading == read_heading(became)):
        return became
    if heading is None:
        return None
    return next((name for name in _names(heading) if read_heading(name) == heading), None)


def _names(heading: Heading) -> Iterator[str]:
    plain = heading.role.replace("_", " ")
    yield plain
    if heading.unit:
        yield f"{plain} ({_WRITTEN.get((heading.unit, heading.factor), heading.unit)})"


def _conventions(readings: Readings) -> Iterator[str]:
    if readings.responses["amplitude_convention"].isna().any():
        yield '# ? amplitude = "baseline_to_peak"  # or "peak_to_peak"; the files do not say it'
    codes = {issue.code.name for issue in readings.issues}
    for code, line, other in _ASSUMED:
        if code in codes:
            yield f"# ? {line}  # {other}; it was assumed"


def _doubtful(word: str, meaning: str | None) -> str:
    return f"# ? {_quoted(word)} = {_quoted(meaning or '')}"


def _near(word: str, vocabulary: str) -> str | None:
    """The name of the known phrase that looks most like a word; a suggestion, never a mapping."""
    meanings = lexicon(vocabulary).meaning
    near = difflib.get_close_matches(normalise(word), meanings, 1, cutoff=0.75)
    return meanings[near[0]] if near else None


def _quoted(text: str) -> str:
    return json.dumps(safe(text), ensure_ascii=False)
