"""Tables of published criteria (`tables/*.toml`): which study meets which item, grade or verdict, and which does not.

A table names a set (`set`) or a definition of conduction block (`definition`) and holds rows of three kinds:

- `[[item]]`: one rule of one item. `rule` is the paper's sentence; the study is one motor nerve (`nerves`: the same in
  each of these), healthy but for `given`; `vary` takes the values listed under the outcomes (`met`, `not_met`,
  `not_evaluable`, `met for now`) one by one, or the row has one outcome, `is`. With each measure of `without` left out in
  turn (blank; `proximal`: no proximal stimulation, `filter`: filter unknown) the item is not evaluable, whatever `vary` is.
- `[[grade]]`: the same for the pair of sites `pair` (the last two of `sites`) and the grades of block.
- `[[verdict]]`: the nerves of a study with their profiles ("ulnar R a; sural L low"), the verdict (`is`), whether it is
  settled (true unless said), further results (`also`), and why.

`beside`: further nerves; `study`: columns of the study; `options`: settings. Profiles: what a nerve has in place of
healthy values, by name; `[profiles]` and `[sensory]` of the table, and those below.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ncs_analyzer.pipeline import Settings
from tests.studies import SIDES, SITES, Row, motor, sensory, study

FOLDER: Final = Path(__file__).parent / "tables"

ITEM_OUTCOMES: Final = ("met", "not_met", "not_evaluable", "met for now")
GRADE_OUTCOMES: Final = ("definite", "probable", "none", "probable_or_better", "not_evaluable")

MOTOR_PROFILES: Final = {"normal": {}, "absent": {"amp": "absent"}}
SENSORY_PROFILES: Final = {
    "normal": {},
    "low": {"snap": "9"},
    "absent": {"snap": "absent"},
    "late": {"onset": "3.1", "peak": "3.9"},
    "slow": {"velocity": "49"},
}
SENSORY_NERVES: Final = ("sural", "superficial_radial", "superficial_fibular", "sensory")


@dataclass(frozen=True)
class Case:
    """One study and what is expected of it. `asked`: the item, or the definition and its pair; empty for verdicts."""

    id: str
    rows: list[Row]
    settings: Settings
    expected: str
    asked: tuple[str, ...] = ()
    settled: bool = True
    also: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """One file: the set (or definition of block) it is about, and its cases by kind."""

    about: str
    items: tuple[Case, ...]
    grades: tuple[Case, ...]
    verdicts: tuple[Case, ...]


def read_tables() -> list[Table]:
    """All tables."""
    return [read_table(path) for path in sorted(FOLDER.glob("**/*.toml"))]


def read_table(path: Path) -> Table:
    """One table; unknown words are refused."""
    content = tomllib.loads(path.read_text("utf-8"))
    known = {"set", "definition", "source", "profiles", "sensory", "item", "grade", "verdict"}
    _refuse(path, content, known)
    about = content.get("set") or content["definition"]
    reader = _Reader(
        path, about, MOTOR_PROFILES | content.get("profiles", {}), SENSORY_PROFILES | content.get("sensory", {})
    )
    return Table(
        about,
        tuple(case for row in content.get("item", ()) for case in reader.rules(row, ITEM_OUTCOMES, row["item"])),
        tuple(case for row in content.get("grade", ()) for case in reader.rules(row, GRADE_OUTCOMES, about)),
        tuple(reader.verdict(row) for row in content.get("verdict", ())),
    )


def _refuse(path: Path, row: Mapping[str, Any], known: set[str]) -> None:
    if unknown := set(row) - known:
        raise ValueError(f"{path.name}: no such word: {', '.join(sorted(unknown))}")


@dataclass(frozen=True)
class _Reader:
    path: Path
    about: str
    motor: Mapping[str, Mapping[str, str]]
    sensory: Mapping[str, Mapping[str, str]]

    def rules(self, row: Mapping[str, Any], outcomes: tuple[str, ...], item: str) -> Iterator[Case]:
        """The cases of one rule: every nerve, every value, and every measure left out."""
        words = {"item", "rule", "nerves", "sites", "pair", "given", "vary", "is", "without", "beside", "study"}
        _refuse(self.path, row, words | {"options", *outcomes})
        for nerve in row.get("nerves", "ulnar").split():
            for values, expected in self._values(row, outcomes):
                yield self._case(row, item, nerve, values, expected)
            for left_out in row.get("without", ()):
                tried = [v for v, _ in self._values(row, outcomes)]
                for values in tried[:1] if left_out == row.get("vary") else tried:
                    yield self._case(row, item, nerve, values, "not_evaluable", left_out)

    def _values(self, row: Mapping[str, Any], outcomes: tuple[str, ...]) -> Iterator[tuple[dict[str, str], str]]:
        if "is" in row:
            assert row["is"] in outcomes, row["is"]
            yield {}, row["is"]
        for outcome in outcomes:
            for value in row.get(outcome, ()):
                yield {row["vary"]: value}, outcome

    def _case(
        self,
        row: Mapping[str, Any],
        item: str,
        nerve: str,
        values: Mapping[str, str],
        expected: str,
        left_out: str = "",
    ) -> Case:
        given: dict[str, Any] = {**row.get("given", {}), **values}
        sites = row.get("sites", SITES[nerve])
        if "sites" in row:
            given["sites"] = row["sites"]
        columns = dict(row.get("study", {}))
        if left_out == "filter":
            columns["low_cut_hz"] = None
        elif left_out == "proximal":
            given = {"sites": sites.split()[0], **{k: v for k, v in given.items() if not k[-1].isdigit()}}
            given = {k: v for k, v in given.items() if k != "mcv"} | {"sites": sites.split()[0]}
        elif left_out:
            given[left_out] = None
        rows = study(motor(nerve, "R", **given), *self._nerves(row.get("beside", "")), **columns)
        pair = tuple(row.get("pair", " ".join(sites.split()[-2:])).split())
        said = "".join(f" {k} {v or 'blank'}" for k, v in values.items()) + (f" without {left_out}" if left_out else "")
        return Case(
            f"{self.about}: {item}: {row['rule']} | {nerve}{said}",
            rows,
            Settings(**row.get("options", {})),
            expected,
            (item, nerve, *pair),
        )

    def verdict(self, row: Mapping[str, Any]) -> Case:
        """The case of one combination of nerves."""
        _refuse(self.path, row, {"nerves", "is", "why", "settled", "also", "study", "options"})
        said = f"{row['nerves'] or 'no nerve'} {row.get('options', '')} {row.get('study', '')}"
        return Case(
            f"{self.about}: {said.strip()} ({row['why']})",
            study(*self._nerves(row["nerves"]), **row.get("study", {})),
            Settings(**row.get("options", {})),
            row["is"],
            (),
            row.get("settled", True),
            row.get("also", {}),
        )

    def _nerves(self, text: str) -> Iterator[list[Row]]:
        """ "ulnar R a b; sensory median L low; sural R": motor nerves, sensory ones where the word or nerve says so."""
        for part in filter(None, (part.strip() for part in text.split(";"))):
            words = part.split()
            of_snap = words[0] in SENSORY_NERVES
            if words[0] == "sensory":
                words = words[1:]
            nerve, side, *names = words
            assert side in SIDES, part
            profiles = self.sensory if of_snap else self.motor
            changes = {name: value for profile in names for name, value in profiles[profile].items()}
            yield (sensory if of_snap else motor)(nerve, side, **changes)
