"""The sheets of all files put together: one table of studies, one of responses, every row accounted for."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ncs_analyzer.arrays import Codes, Floats, Rows
from ncs_analyzer.ingest import quality, who
from ncs_analyzer.ingest.accounts import account
from ncs_analyzer.ingest.draft import Block, Sheet
from ncs_analyzer.ingest.found import Found
from ncs_analyzer.ingest.split import stand_in_name
from ncs_analyzer.ingest.unused_names import refuse_unused_names
from ncs_analyzer.issues import CODES, Issue
from ncs_analyzer.readings import (
    CATEGORIES,
    LIMITS,
    STUDY_COLUMNS,
    STUDY_NUMBERS,
    VALUES,
    Cells,
    Readings,
)
from ncs_analyzer.vocabulary.anatomy import NAMESAKE


@dataclass
class Pool:
    """The responses of all sheets in columns. `text`: codes into `names` (known names first, then what files brought).
    `sheet`: which sheet each response came from."""

    study: Codes
    sheet: Codes
    line: Codes
    text: dict[str, Codes]
    names: dict[str, list[str]]
    values: dict[str, Floats]
    limits: dict[str, Floats]
    temperature: Floats
    unreadable: NDArray[np.uint16]
    withheld: NDArray[np.uint16]
    rows: Codes
    columns: Codes

    def code(self, column: str, name: str) -> int:
        """The code of a name; names a file brought are added."""
        names = self.names[column]
        if name not in names:
            names.append(name)
        return names.index(name)

    def take(self, order: Rows) -> "Pool":
        """The responses of some rows, in the order given."""
        return replace(
            self,
            study=self.study[order],
            sheet=self.sheet[order],
            line=self.line[order],
            text={k: v[order] for k, v in self.text.items()},
            values={k: v[order] for k, v in self.values.items()},
            limits={k: v[order] for k, v in self.limits.items()},
            temperature=self.temperature[order],
            unreadable=self.unreadable[order],
            withheld=self.withheld[order],
            rows=self.rows[order],
            columns=self.columns[order],
        )


def assemble(sheets: Sequence[Sheet], issues: Iterable[Issue], unread: Iterable[Found]) -> Readings:
    """All readings of all sheets; `unread` are files and sheets without a table.

    Tables and sheets of one patient and date are one study. Contradictory demographics become unknown, with an issue.
    """
    for sheet in sheets:
        sheet.close()
        refuse_unused_names(sheet)
    log = [*issues, *(issue for sheet in sheets for issue in sheet.issues)]
    studies, numbers = _studies(sheets, log)
    labels: dict[str, int] = {}
    pool = _pool(sheets, numbers, labels)
    _name_namesakes(pool)
    pool = quality.check(pool, sheets, log, list(labels))
    found = tuple(_account(sheets, pool, log)) + tuple(unread)
    useful = {(s.grid.file, s.grid.sheet) for i, s in enumerate(sheets) if (pool.sheet == i).any()}
    issues = sorted_issues(_summed_up(log, useful))
    return Readings(studies, _frame(pool), _cells(pool, sheets, tuple(labels)), tuple(issues), found)


# ---------------------------------------------------------------- studies

_KEPT: Final = frozenset(STUDY_COLUMNS)


def _studies(sheets: Sequence[Sheet], log: list[Issue]) -> tuple[pd.DataFrame, list[Codes]]:
    """The table of studies, and for every sheet the number of each of its studies in that table."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    keys: list[list[tuple[str, str]]] = []
    lists = who.registered(sheets)
    for sheet in sheets:
        own: list[tuple[str, str]] = []
        for facts in sheet.studies if sheet.layout != who.REGISTER else ():
            if not sheet.blocks and facts.keys() <= {"line", "unnamed"}:
                continue  # an empty form
            patient = facts.get("patient_id") or _stand_in(sheet, facts, log)
            if patient in lists:
                facts = who.from_register(facts, lists[patient])
            key = (patient, str(facts.get("study_id") or _when(facts) or ""))
            own.append(key)
            known = merged.get(key)
            if known is None:
                merged[key] = {**facts, "patient_id": patient, "sheet": sheet, "conflicts": set()}
            else:
                _merge(known, facts, sheet, log)
        keys.append(own)
    _date_the_undated(merged, keys, sheets, log)
    order = sorted(merged, key=lambda key: (key[0], str(merged[key].get("study_date") or ""), key[1]))
    number = {key: i for i, key in enumerate(order)}
    records = [merged[key] for key in order]
    who.complete(records, log)
    for record in records:
        _miss(record, log)
    covariates = dict.fromkeys(name for r in records for name in r if name not in _KEPT | _OWN)
    table = {name: [record.get(name) for record in records] for name in (*STUDY_COLUMNS, *covariates)}
    table["study_id"] = [
        record.get("study_id") or "_".join(filter(None, (record["patient_id"], _when(record)))) for record in records
    ]
    frame = pd.DataFrame(
        {
            name: np.array([np.nan if v is None else v for v in column], float)
            if name in STUDY_NUMBERS
            else pd.array(column, dtype=object)
            for name, column in table.items()
        }
    )
    return frame, [np.array([number[key] for key in own], np.int32) for own in keys]


_OWN: Final = frozenset(("line", "sheet", "conflicts", "one_file", "when"))


def _date_the_undated(
    merged: dict[tuple[str, str], dict[str, Any]],
    keys: list[list[tuple[str, str]]],
    sheets: Sequence[Sheet],
    log: list[Issue],
) -> None:
    """A sheet without dates belongs to the study that another sheet of the file dates, if there is only one."""
    dates: dict[tuple[str, str], dict[str, set[int]]] = {}
    for i, (sheet, own) in enumerate(zip(sheets, keys, strict=True)):
        for patient, date in own:
            dates.setdefault((sheet.grid.file, patient), {}).setdefault(date, set()).add(i)
    for (file, patient), found in dates.items():
        dated = [date for date in found if date]
        if "" not in found or len(dated) != 1 or found[""] & found[dated[0]]:
            continue
        undated, target = (patient, ""), (patient, dated[0])
        of_file = [own for sheet, own in zip(sheets, keys, strict=True) if sheet.grid.file == file]
        if any(undated in own for own in keys if own not in of_file):
            continue
        _merge(merged[target], merged[undated], merged[undated]["sheet"], log)
        del merged[undated]
        for own in of_file:
            own[:] = [target if key == undated else key for key in own]


def _when(facts: dict[str, Any]) -> str | None:
    """The date of a study, or the text of one that could not be read: two of them are two studies."""
    return facts.get("study_date") or facts.get("when")


def _stand_in(sheet: Sheet, facts: dict[str, Any], log: list[Issue]) -> str:
    """A name for a patient without an id, said."""
    name = stand_in_name(sheet, facts)
    issue = f"No patient id was found; {name!r} stands for it."
    log.append(Issue(CODES["patient-id-missing"], issue, sheet.grid.file, sheet.grid.sheet, facts.get("line")))
    return name


def _merge(known: dict[str, Any], facts: dict[str, Any], sheet: Sheet, log: list[Issue]) -> None:
    """Add what another sheet says of the same study."""
    for name, value in facts.items():
        if (
            name in ("line", "patient_id", "study_id", "unnamed", "one_file", "when", "sheet", "conflicts")
            or value is None
            or name in known["conflicts"]
        ):
            continue
        if known.get(name) is None:
            known[name] = value
        elif known[name] != value and name in _KEPT:
            known["conflicts"].add(name)
            known[name] = None
            issue = f"{name} of patient {known['patient_id']} differs from another table of the same study."
            log.append(
                Issue(CODES["demographics-conflict"], issue, sheet.grid.file, sheet.grid.sheet, facts.get("line"))
            )


def _miss(record: dict[str, Any], log: list[Issue]) -> None:
    """Say what is missing for age- and sex-adjusted limits."""
    sheet: Sheet = record["sheet"]
    for name, code, words in (("age_years", "age-missing", "age"), ("sex", "sex-missing", "sex")):
        if record.get(name) is None:
            message = f"No usable {words} for patient {record['patient_id']}."
            log.append(Issue(CODES[code], message, sheet.grid.file, sheet.grid.sheet, record.get("line")))
    if _UNUSUAL.search(record["patient_id"]) or len(record["patient_id"]) > _LONGEST_ID:
        message = "The patient id looks like a path, a formula or markup, holds control characters or is very long."
        where = (sheet.grid.file, sheet.grid.sheet, record.get("line"), None, record["patient_id"][:_LONGEST_ID])
        log.append(Issue(CODES["id-unusual"], message, *where))
    record.pop("unnamed", None)


_UNUSUAL: Final = re.compile(
    r"^[=+@]|^/|\.\.[/\\]|^[A-Za-z]:\\|<\s*[A-Za-z/!][^>]*>|[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
_LONGEST_ID: Final = 80
"""Letters of an id that nobody would ask about."""


# ---------------------------------------------------------------- responses


def _pool(sheets: Sequence[Sheet], numbers: list[Codes], labels: dict[str, int]) -> Pool:
    parts: list[tuple[int, Sheet, Block]] = [(i, s, b) for i, s in enumerate(sheets) for b in s.blocks]
    names = {column: list(known) for column, known in CATEGORIES.items()}

    def text(column: str) -> Codes:
        codes = []
        for _, _, block in parts:
            own, own_names = block.text.get(column, (np.full(len(block.line), -1, np.int32), []))
            index = {name: i for i, name in enumerate(names[column])}
            for name in own_names:
                if name not in index:
                    index[name] = len(index)
                    names[column].append(name)
            codes.append(np.array([*(index[n] for n in own_names), -1], np.int32)[own])
        return _join(codes, np.int32)

    def column_codes(sheet: Sheet, block: Block) -> Codes:
        of = np.array([*(labels.setdefault(n, len(labels)) for n in sheet.labels), -1], np.int32)
        return of[block.columns]

    def floats(group: str, name: str) -> Floats:
        return _join([getattr(b, group).get(name, np.full(len(b.line), np.nan)) for _, _, b in parts], float)

    unreadable = _join([b.unreadable for _, _, b in parts], np.uint16)
    width = len(VALUES) + 1
    return Pool(
        study=_join([numbers[i][b.study] for i, _, b in parts], np.int32),
        sheet=_join([np.full(len(b.line), i, np.int32) for i, _, b in parts], np.int32),
        line=_join([b.line for _, _, b in parts], np.int32),
        text={column: text(column) for column in CATEGORIES},
        names=names,
        values={name: floats("values", name) for name in VALUES},
        limits={name: floats("limits", name) for name in LIMITS},
        temperature=_join([b.temperature for _, _, b in parts], float),
        unreadable=unreadable,
        withheld=np.zeros(len(unreadable), np.uint16),
        rows=_join([b.rows for _, _, b in parts] or [np.zeros((0, width), np.int32)], np.int32),
        columns=_join([column_codes(s, b) for _, s, b in parts] or [np.zeros((0, width), np.int32)], np.int32),
    )


def _name_namesakes(pool: Pool) -> None:
    """Muscles of the hand or forearm named beside a nerve of the leg are those of the foot that share the name."""
    for (nerve, said), meant in NAMESAKE.items():
        here = (pool.text["nerve"] == pool.code("nerve", nerve)) & (
            pool.text["recording"] == pool.code("recording", said)
        )
        pool.text["recording"][here & (pool.text["study"] != pool.code("study", "sensory"))] = pool.code(
            "recording", meant
        )


def _join(arrays: list[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    if len(arrays) == 1:
        return arrays[0].astype(dtype, copy=False)
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype)


def _frame(pool: Pool) -> pd.DataFrame:
    table: dict[str, Any] = {"study_no": pool.study}
    for column in CATEGORIES:
        table[column] = pd.Categorical.from_codes(pool.text[column], categories=pool.names[column])  # type: ignore[call-overload]
    table |= pool.values | pool.limits
    table |= {"temperature_c": pool.temperature, "unreadable": pool.unreadable, "withheld": pool.withheld}
    return pd.DataFrame(table, copy=False)


def _cells(pool: Pool, sheets: Sequence[Sheet], labels: tuple[str, ...]) -> Cells:
    files = tuple(dict.fromkeys(s.grid.file for s in sheets))
    names = tuple(dict.fromkeys(s.grid.sheet for s in sheets))
    file_of = np.array([files.index(s.grid.file) for s in sheets], np.int32)
    name_of = np.array([names.index(s.grid.sheet) for s in sheets], np.int32)
    rows = np.where(pool.columns >= 0, pool.rows, 0)
    rows[:, -1] = pool.rows[:, -1]
    return Cells(file_of[pool.sheet], name_of[pool.sheet], rows.astype(np.int32), pool.columns, files, names, labels)


# ---------------------------------------------------------------- accounting


def _account(sheets: Sequence[Sheet], pool: Pool, log: list[Issue]) -> Iterable[Found]:
    """Rows read, used and reported of every sheet. A row is used if a reading rests on it or it named what others are
    of; any other row must have an issue, and gets one if none was raised yet."""
    for i, sheet in enumerate(sheets):
        own = np.flatnonzero(pool.sheet == i) if len(sheets) > 1 else slice(None)
        lines = np.asarray(sheet.lines, np.int64)
        used = np.zeros(
            max((int(a.max(initial=0)) for a in (lines, pool.line[own], pool.rows[own])), default=0) + 1, bool
        )
        used[pool.line[own]] = used[pool.rows[own]] = True
        used[[line for line in sheet.context if line < len(used)]] = True
        left = lines[~used[lines]].tolist()
        if left:
            file, name = sheet.grid.file, sheet.grid.sheet
            spoken = {issue.row for issue in log if issue.file == file and issue.sheet == name}
            silent = [line for line in left if line not in spoken]
            nothing = CODES["nothing-measured"]
            log.extend(Issue(nothing, "The row holds no measurement.", file, name, line) for line in silent)
        yield Found(
            sheet.grid.file,
            sheet.grid.sheet,
            sheet.layout,
            sheet.fit,
            tuple(sheet.columns),
            len(lines),
            len(lines) - len(left),
            len(left),
            tuple(sheet.notes),
            account(sheet, used, log),
        )


_MANY: Final = 200
"""Issues of one kind that are said one by one of a sheet without a single reading."""


def _summed_up(log: Sequence[Issue], useful: Container[tuple[str, str | None]]) -> Iterable[Issue]:
    """The issues; where a sheet gave no reading at all, further ones of the same kind are counted in the last."""
    kinds: dict[tuple[object, ...], list[Issue]] = {}
    for issue in log:
        kinds.setdefault((issue.file, issue.sheet, issue.code.number), []).append(issue)
    for (file, sheet, _), issues in kinds.items():
        if len(issues) <= _MANY or (file, sheet) in useful:
            yield from issues
            continue
        yield from issues[: _MANY - 1]
        rest = issues[_MANY - 1 :]
        yield replace(rest[0], message=f"{rest[0].message} {len(rest) - 1} more rows or cells of this sheet are alike.")


def sorted_issues(log: Iterable[Issue]) -> list[Issue]:
    """Issues in the order of files, sheets and rows."""
    return sorted(log, key=lambda i: (i.file, i.sheet or "", i.row or 0, i.code.number, i.column or "", i.message))
