"""A laboratory's profile at work: its words put into a grid before it is read, its conventions into what was read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from ncs_analyzer.ingest.cells import Raw
from ncs_analyzer.ingest.draft import Block, Sheet
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.profile import IGNORE, Profile
from ncs_analyzer.readings import BIT, VALUES, Readings
from ncs_analyzer.vocabulary.match import normalise

_DATE: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_ONSET, _PEAK = "latency_ms", "peak_latency_ms"
_LIMITS: Final = {_ONSET: "latency_upper_limit", _PEAK: "peak_latency_upper_limit"}


@dataclass(frozen=True)
class Translated:
    """A grid in words the program knows, and the way back for addresses. `back`: new heading to that of the file;
    `left_out`: headings of columns that the profile ignores."""

    grid: Grid
    back: dict[str, str]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Translator:
    """A profile made ready for many grids."""

    profile: Profile

    @cached_property
    def headings(self) -> dict[str, str]:
        """Headings as the file has them (normalised) and as the program knows them; "" for columns left out."""
        profile = self.profile
        columns = {normalise(key): value for key, value in profile.columns.items()}
        found = {key: "" if value == IGNORE else value for key, value in columns.items()}
        for key, unit in profile.units.items():
            found[normalise(key)] = f"{columns.get(normalise(key), key)} ({unit})"
        return found

    @cached_property
    def words(self) -> tuple[re.Pattern[str], dict[str, str]]:
        """A pattern of all words of the profile, longest first, and what each stands for."""
        meaning = {key.casefold(): value.replace("_", " ") for key, value in self.profile.words.items()}
        longest = sorted(meaning, key=len, reverse=True)
        pattern = "|".join(re.escape(word) for word in longest) or r"(?!)"
        return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), meaning

    def translate(self, grid: Grid) -> Translated:
        """The grid with the headings, words and dates of the profile put into those the program knows."""
        back: dict[str, str] = {}
        left_out: list[str] = []
        columns = []
        for c in range(grid.width):
            codes, distinct = grid.coded(c, 0)
            new = [self._cell(raw, back) for raw in distinct]
            ignored = [i for i, raw in enumerate(distinct) if self._is_ignored(raw)]
            if not ignored and all(a is b for a, b in zip(new, distinct, strict=True)):
                columns.append(grid.columns[c])
                continue
            values = np.empty(len(new), dtype=object)
            values[:] = new
            column = values[codes]
            if ignored:
                top = int(np.flatnonzero(np.isin(codes, ignored))[0])
                left_out.append(grid.text(top, c))
                column[top:] = None
            columns.append(column)
        decimal = self.profile.conventions.decimal
        comma = grid.comma if decimal is None else decimal == "comma"
        return Translated(replace(grid, columns=tuple(columns), comma=comma), back, tuple(left_out))

    def _is_ignored(self, raw: Raw) -> bool:
        return isinstance(raw, str) and self.headings.get(normalise(raw)) == ""

    def _cell(self, raw: Raw, back: dict[str, str]) -> Raw:
        if not isinstance(raw, str) or not raw.strip():
            return raw
        text = raw.strip()
        heading = self.headings.get(normalise(text))
        if heading:
            known = back.get(heading)
            back[heading] = text if known in (None, text) else f"{known} / {text}"
            return heading
        pattern, meaning = self.words
        new = pattern.sub(lambda found: meaning[found[0].casefold()], text)
        return self._date(new) if new == text else new

    def _date(self, text: str) -> str:
        """A date in the laboratory's order as year, month, day; anything else as it is."""
        order = self.profile.conventions.date_order
        found = _DATE.fullmatch(text) if order else None
        if not found:
            return text
        day, month = (found[1], found[2]) if order == "dmy" else (found[2], found[1])
        return f"{found[3]}-{int(month):02}-{int(day):02}" if int(month) <= 12 and int(day) <= 31 else text


def settle(sheet: Sheet, translated: Translated, profile: Profile) -> None:
    """Put the laboratory's conventions into what a layout read, and the file's own headings into every address."""
    sheet.close()
    conventions = profile.conventions
    if conventions.amplitude:
        _every_block(sheet, lambda block: _state_convention(block, str(conventions.amplitude)))
    if conventions.sensory_latency:
        _settle_latency(sheet, conventions.sensory_latency)
    back = translated.back
    sheet.labels[:] = [back.get(label, label) for label in sheet.labels]
    sheet.issues[:] = [replace(i, column=back.get(i.column or "", i.column)) for i in sheet.issues]
    sheet.columns[:] = [replace(c, heading=back.get(c.heading, c.heading)) for c in sheet.columns]
    sheet.notes += [f"Column {heading!r} was left out, as the profile asks." for heading in translated.left_out]


def _every_block(sheet: Sheet, change: Callable[[Block], None]) -> None:
    for block in sheet.blocks:
        change(block)


def _state_convention(block: Block, convention: str) -> None:
    codes, names = block.text.get("amplitude_convention", (np.full(len(block.line), -1, np.int32), []))
    names = [*names, *(n for n in (convention,) if n not in names)]
    block.text["amplitude_convention"] = np.where(codes < 0, names.index(convention), codes).astype(np.int32), names


def _settle_latency(sheet: Sheet, wanted: str) -> None:
    """Sensory latencies whose kind a layout had to assume are of the kind the laboratory measures."""
    assumed = {i.column for i in sheet.issues if i.code.name == "latency-kind-assumed"}
    if not assumed:
        return
    source, target = (_ONSET, _PEAK) if wanted == "peak" else (_PEAK, _ONSET)
    labels = [k for k, label in enumerate(sheet.labels) if None in assumed or label in assumed]
    _every_block(sheet, lambda block: _move(block, source, target, labels))
    sheet.issues[:] = [i for i in sheet.issues if i.code.name != "latency-kind-assumed"]


def _move(block: Block, source: str, target: str, labels: list[int]) -> None:
    """Sensory numbers of some columns from one measure to another that has none."""
    names = list(VALUES)
    a, b = names.index(source), names.index(target)
    codes, studies = block.text["study"]
    sensory = np.isin(codes, [i for i, name in enumerate(studies) if name in ("sensory", "mixed")])
    rows = sensory & np.isin(block.columns[:, a], labels) & np.isnan(block.values[target])
    block.values[target][rows], block.values[source][rows] = block.values[source][rows], np.nan
    block.rows[rows, b], block.columns[rows, b] = block.rows[rows, a], block.columns[rows, a]
    block.columns[rows, a] = -1
    unreadable = rows & ((block.unreadable & BIT[source]) > 0)
    block.unreadable[unreadable] = block.unreadable[unreadable] & ~BIT[source] | BIT[target]
    limits = block.limits
    if _LIMITS[source] in limits:
        limits.setdefault(_LIMITS[target], np.full(len(rows), np.nan))
        limits[_LIMITS[target]][rows], limits[_LIMITS[source]][rows] = limits[_LIMITS[source]][rows], np.nan


def with_defaults(readings: Readings, profile: Profile) -> Readings:
    """The readings with the laboratory's defaults where a study says nothing, stamped with the profile."""
    studies = readings.studies.copy()
    for name, value in profile.defaults.model_dump(exclude_none=True).items():
        studies[name] = _filled(studies[name], value)
    return replace(readings, studies=studies, profile=profile.stamp)


def _filled(column: Any, value: Any) -> Any:
    return column.where(column.notna(), value)
