"""Reference tables: loaded, checked, and with the card of where they come from.

A table is a CSV with the columns of docs/reference.md. A built-in source is a folder of `reference_ranges/` with
`limits.csv` and `source.toml`; a laboratory's own table is one CSV file.
"""

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, groupby
from pathlib import Path
from typing import Any, Final

import numpy as np

from ncs_analyzer.arrays import Floats
from ncs_analyzer.reference.measures import MEASURES
from ncs_analyzer.resources import shipped
from ncs_analyzer.vocabulary.anatomy import NERVES
from ncs_analyzer.vocabulary.match import lexicon

TEXT: Final = ("nerve", "study", "measure", "recording", "segment", "sex", "unit", "statistic", "convention")
BOUNDS: Final = ("age_min", "age_max", "height_min_cm", "height_max_cm", "bmi_min", "bmi_max")
NUMBERS: Final = (
    *BOUNDS, "lower", "upper", "distance_mm", "low_cut_hz", "n", "intercept", "per_year", "per_cm", "sd", "sd_multiplier",
)  # fmt: skip
REQUIRED: Final = ("nerve", "study", "measure")


class TableError(ValueError):
    """A reference table that cannot be relied on. `problems`: every one found, each with its row."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"{name}: {len(problems)} problems in the reference table\n  " + "\n  ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of a table. Bounds are `min <= x < max`, None where there is none; `row` is its line in the file."""

    row: int
    nerve: str
    study: str
    measure: str
    recording: str = ""
    segment: str = ""
    sex: str = ""
    unit: str = ""
    statistic: str = ""
    convention: str = ""
    age_min: float | None = None
    age_max: float | None = None
    height_min_cm: float | None = None
    height_max_cm: float | None = None
    bmi_min: float | None = None
    bmi_max: float | None = None
    lower: float | None = None
    upper: float | None = None
    distance_mm: float | None = None
    low_cut_hz: float | None = None
    n: float | None = None
    intercept: float | None = None
    per_year: float | None = None
    per_cm: float | None = None
    sd: float | None = None
    sd_multiplier: float | None = None

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What the row is a limit of."""
        return self.study, self.nerve, self.measure, self.recording, self.segment, self.convention

    @property
    def strata(self) -> int:
        """How many of age, sex, height, BMI and filter the row asks for."""
        pairs = ((self.age_min, self.age_max), (self.height_min_cm, self.height_max_cm), (self.bmi_min, self.bmi_max))
        return (
            sum(low is not None or high is not None for low, high in pairs)
            + bool(self.sex)
            + (self.low_cut_hz is not None)
        )

    def meets(self, other: "Limit") -> bool:
        """Whether some person falls under both rows."""
        if self.sex and other.sex and self.sex != other.sex:
            return False
        if None not in (self.low_cut_hz, other.low_cut_hz) and self.low_cut_hz != other.low_cut_hz:
            return False
        for low, high in (("age_min", "age_max"), ("height_min_cm", "height_max_cm"), ("bmi_min", "bmi_max")):
            start = max(_or(getattr(self, low), -1e9), _or(getattr(other, low), -1e9))
            if start >= min(_or(getattr(self, high), 1e9), _or(getattr(other, high), 1e9)):
                return False
        return True

    @property
    def words(self) -> str:
        """The row's strata in words."""
        parts = [f"row {self.row}"]
        for name, low, high in (
            ("age", self.age_min, self.age_max),
            ("height", self.height_min_cm, self.height_max_cm),
            ("BMI", self.bmi_min, self.bmi_max),
        ):
            if low is not None or high is not None:
                parts.append(
                    f"{name} {'' if low is None else f'{low:g}'} to under {'any' if high is None else f'{high:g}'}"
                )
        if self.sex:
            parts.append({"F": "women", "M": "men"}[self.sex])
        return ", ".join(parts)


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


@dataclass(frozen=True)
class Source:
    """One published table (or a laboratory's own) with its card.

    `card`: source.toml as read. `ages`: the ages it speaks for, min <= age < max, after `nearest_age_from` and
    `nearest_age_above` of the card widened them to where the nearest band is used. `only`, `recordings`: the part of
    it that the built-in order uses.
    """

    id: str
    title: str
    card: dict[str, Any]
    limits: tuple[Limit, ...]
    hash: str
    only: tuple[tuple[str, str, str], ...] = ()
    recordings: dict[str, list[str]] = field(default_factory=dict)

    def serves(self, study: str, nerve: str, measure: str, recording: str) -> bool:
        """Whether this source is asked for that measure at all."""
        if not self.only and not self.recordings:
            return True
        if study in ("motor", "f_wave") and recording in self.recordings.get(nerve, ()):
            return True
        asked = (study, nerve, measure)
        return any(all(o in ("*", a) for o, a in zip(entry, asked, strict=True)) for entry in self.only)

    def banded_ages(self, ages: Floats) -> Floats:
        """The ages to look up: outside the table's ages, the nearest age of it where the card allows that."""
        first, last = self.card.get("age_min"), self.card.get("age_max")
        banded = ages.copy()
        if first is not None:
            banded[(ages < first) & (ages >= self.card.get("nearest_age_from", first))] = first
        if last is not None and self.card.get("nearest_age_above"):
            banded[ages >= last] = np.nextafter(last, 0)
        return banded


@dataclass(frozen=True)
class Reference:
    """The sources to ask, in order."""

    sources: tuple[Source, ...]

    @property
    def hash(self) -> str:
        """One hash for all tables in their order."""
        return hashlib.sha256(
            "".join(f"{s.id}{s.hash}{s.only}{s.recordings}" for s in self.sources).encode()
        ).hexdigest()[:16]


def read_table(text: str, name: str) -> tuple[Limit, ...]:
    """Parse and check a table; TableError names every problem with its row."""
    problems: list[str] = []
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    headings = [(h or "").strip() for h in reader.fieldnames or []]
    problems += [f"row 1: column {c!r} is missing" for c in REQUIRED if c not in headings]
    problems += [
        f"row 1: column {h!r} is not a column of a reference table" for h in headings if h and h not in TEXT + NUMBERS
    ]
    if problems:
        raise TableError(name, problems)
    limits = []
    for row in reader:
        if not any((v or "").strip() for v in row.values() if isinstance(v, str)):
            continue
        limit = _limit(row, reader.line_num, problems)
        if limit is not None:
            limits.append(limit)
    if not limits and not problems:
        problems.append("the table holds no limit")
    problems += _overlaps(limits)
    if problems:
        raise TableError(name, problems)
    return tuple(limits)


def _limit(row: dict[str, Any], line: int, problems: list[str]) -> Limit | None:
    values: dict[str, Any] = {"row": line}
    before = len(problems)
    for column in TEXT:
        values[column] = (row.get(column) or "").strip()
    for column in NUMBERS:
        text = (row.get(column) or "").strip()
        if text:
            try:
                values[column] = float(text)
            except ValueError:
                problems.append(f"row {line}: {column} {text!r} is not a number (decimals are written with a point)")
    limit = Limit(**values)
    problems += [f"row {line}: {problem}" for problem in _wrong(limit)]
    return limit if len(problems) == before else None


def _wrong(limit: Limit) -> Iterable[str]:
    if limit.study not in MEASURES:
        yield f"study {limit.study!r} is none of {', '.join(MEASURES)}"
        return
    if limit.nerve not in NERVES:
        yield f"nerve {limit.nerve!r} is not a nerve the program knows"
    if limit.measure not in MEASURES[limit.study]:
        yield f"measure {limit.measure!r} is none of {', '.join(MEASURES[limit.study])} of a {limit.study} study"
        return
    _, unit, side = MEASURES[limit.study][limit.measure]
    if limit.unit and limit.unit != unit:
        yield f"unit {limit.unit!r}: {limit.measure} of a {limit.study} study is in {unit}"
    if limit.sex not in ("", "F", "M"):
        yield f"sex {limit.sex!r} is neither F nor M nor empty"
    if limit.convention not in ("", "baseline_to_peak", "peak_to_peak"):
        yield f"convention {limit.convention!r} is neither baseline_to_peak nor peak_to_peak nor empty"
    if limit.segment and not re.fullmatch(r"[a-z_]+-[a-z_]+", limit.segment):
        yield f"segment {limit.segment!r} is not written distal-proximal (wrist-elbow)"
    for low, high in (("age_min", "age_max"), ("height_min_cm", "height_max_cm"), ("bmi_min", "bmi_max")):
        start, end = getattr(limit, low), getattr(limit, high)
        if start is not None and end is not None and start >= end:
            yield f"{low} {start:g} is not below {high} {end:g} (upper bounds are not included)"
    formula = limit.intercept is not None
    if formula and (limit.sd is None or limit.sd_multiplier is None):
        yield "a formula needs intercept, sd and sd_multiplier"
    given = limit.upper if side == "upper" else limit.lower
    other = limit.lower if side == "upper" else limit.upper
    if given is None and not formula:
        yield f"{limit.measure} needs a limit in column {side}"
    if other is not None and given is None:
        yield f"the limit of {limit.measure} stands in the wrong column"
    if limit.lower is not None and limit.upper is not None and limit.lower >= limit.upper:
        yield "lower is not below upper"
    if given is not None and not 0 < given < 1000:
        yield f"limit {given:g} is not possible"


def _overlaps(limits: list[Limit]) -> list[str]:
    """Rows of one measure that are equally specific and fit the same person: an error of the table."""
    problems = []
    for key, group in groupby(sorted(limits, key=lambda x: x.key), key=lambda x: x.key):
        for a, b in combinations(group, 2):
            if a.strata == b.strata and _same_kinds(a, b) and a.meets(b):
                problems.append(
                    f"row {a.row} and row {b.row} ({' '.join(filter(None, key))}) fit the same person equally well"
                )
            elif a.strata == b.strata and not _same_kinds(a, b) and a.meets(b) and not _settled_by_third(a, b, limits):
                problems.append(
                    f"row {a.row} and row {b.row} ({' '.join(filter(None, key))}) are equally specific by different strata"
                )
    return problems


def _kinds(limit: Limit) -> tuple[bool, ...]:
    return (
        limit.age_min is not None or limit.age_max is not None,
        bool(limit.sex),
        limit.height_min_cm is not None or limit.height_max_cm is not None,
        limit.bmi_min is not None or limit.bmi_max is not None,
        limit.low_cut_hz is not None,
    )


def _same_kinds(a: Limit, b: Limit) -> bool:
    return _kinds(a) == _kinds(b)


def _settled_by_third(a: Limit, b: Limit, limits: list[Limit]) -> bool:
    return any(c.key == a.key and c.strata > a.strata and c.meets(a) and c.meets(b) for c in limits)


# ---------------------------------------------------------------- sources


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def builtin_ids() -> tuple[str, ...]:
    """The ids of the sources shipped with the program."""
    return tuple(sorted(p.parent.name for p in shipped("reference_ranges").glob("*/source.toml")))


@cache
def builtin(name: str) -> Source:
    """A shipped source by its id; KeyError if there is none."""
    if name not in builtin_ids():
        raise KeyError(name)
    folder = shipped("reference_ranges") / name
    card = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
    text = (folder / "limits.csv").read_text(encoding="utf-8")
    return Source(name, card["title"], card, read_table(text, name), _hash(text))


@cache
def default_reference() -> Reference:
    """The built-in sources in the order of reference_ranges/default.toml."""
    order = tomllib.loads((shipped("reference_ranges") / "default.toml").read_text(encoding="utf-8"))
    sources = []
    for entry in order["source"]:
        source = builtin(entry["id"])
        only = tuple((s, n, m) for s, n, m in (line.split() for line in entry.get("only", [])))
        sources.append(
            Source(source.id, source.title, source.card, source.limits, source.hash, only, entry.get("recordings", {}))
        )
    return Reference(tuple(sources))


def load_reference(names: Iterable[str | Path] = ()) -> Reference:
    """The sources to use, in order: `default`, ids of built-in sources, or paths of a laboratory's own tables.

    Without names: the built-in default. Raises TableError for a table that cannot be relied on, FileNotFoundError for a
    name that is neither a source nor a file.
    """
    names = list(names)
    if not names:
        return default_reference()
    sources: list[Source] = []
    for name in names:
        if str(name) == "default":
            sources.extend(default_reference().sources)
        elif str(name) in builtin_ids():
            sources.append(builtin(str(name)))
        else:
            path = Path(name)
            if not path.is_file():
                known = ", ".join(("default", *builtin_ids()))
                raise FileNotFoundError(f"{name}: neither a file nor a built-in reference ({known})")
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            card = {"title": f"laboratory's own table {path.name}", "status": "own"}
            sources.append(Source(path.stem, card["title"], card, read_table(text, str(name)), _hash(text)))
    return Reference(tuple(sources))


def canonical_nerve(text: str) -> str | None:
    """The canonical name of a nerve as a user may type it."""
    return lexicon("nerves")(text)
