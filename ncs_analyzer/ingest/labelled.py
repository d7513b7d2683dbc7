"""What a row of labels and values says of a patient: "Age: 63 yrs", "Sex/Age | F/61", "Mr X, 63 y, male, 175 cm"."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from ncs_analyzer.ingest.cells import Raw, as_text, read_age, read_height
from ncs_analyzer.ingest.dates import read_dates
from ncs_analyzer.ingest.demographic_headings import Demographic, numbered, read_label
from ncs_analyzer.ingest.grid import Grid
from ncs_analyzer.ingest.headings import read_heading
from ncs_analyzer.ingest.people import OLDEST, looks_like_name
from ncs_analyzer.ingest.places import place_named
from ncs_analyzer.vocabulary.match import lexicon, normalise

_LABELLED: Final = re.compile(r"\s*([^:：=]{1,48}?)\s*[:：]\s*(.*)$", re.DOTALL)
_PIECES: Final = re.compile(r"\s*[;|\n]\s*|\s{3,}|\u3000+|,\s(?=[^\d,:]{2,24}:)")
_BETWEEN: Final = re.compile(r"\s*[/／,，、;|・･()（）]+\s*|\s+[-–]\s+|\s{2,}")
_CLAUSES: Final = re.compile(r"\s*[,，、;；|•·](?!\d)\s*|\s+[-–—/]\s+|\s{2,}")
_DATES: Final = ("study_date", "date_of_birth")
_IDS: Final = ("patient_id", "weak_id", "study_id")
_PLAIN: Final = re.compile(r"\d+(?:[.,]\d+)?")
_ORDERED: Final = ("13/01/2000",)
"""A date that settles the order, for asking only whether a text is a date."""
_MEASURED: Final = ("age_years", "height_cm", "weight_kg")
_UNITS: Final = frozenset(("cm", "m", "kg", "lb", "lbs", "in", "inch", "inches", "ft", "厘米", "公分", "公斤"))
_WORDED: Final = re.compile(r"[^\W\d_]")
_LONGEST: Final = 240


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact of a patient block: its cell, the label it stood under, and how sure the label is of its role."""

    role: str
    raw: Raw
    row: int
    column: int
    rank: int = 0
    label: str = ""

    @property
    def text(self) -> str:
        return as_text(self.raw)


def labelled(grid: Grid, row: int) -> list[Entry]:
    """The demographic entries of one row; empty if it names nothing of a patient. Labels with their values in the row
    below give these values; the row below then gives nothing."""
    below = _values_below(grid, row)
    if below:
        return below
    cells = _cells(grid, row)
    about_patient = _about_patient(cells)
    found: list[Entry] = []
    bare: list[tuple[int, str]] = []
    i = 0
    while i < len(cells):
        column, text = cells[i]
        i += 1
        label = read_label(text) or (numbered(text) if about_patient else ())
        if not label and i < len(cells) and _may_be_record(text, cells[i][1], about_patient):
            label = (Demographic("weak_id", rank=5),)  # "NHI:", whose owner can only be the patient
        if not label:
            own = _within(text, row, column)
            found += own
            bare += [] if own else [(column, text)]
            continue
        if i == len(cells):
            break
        at, value = cells[i]
        if not _is_value(label, value, at - column, text.endswith((":", "："))):
            continue
        i += 1
        raw = grid.raw(row, at)
        if i < len(cells) and _is_unit(label, value, cells[i][1]):
            raw = f"{value} {cells[i][1]}"
            i += 1
        found += facts_of(label, text, raw, row, at)
    return found + _bare(bare, {entry.role for entry in found}, row)


def _may_be_record(label: str, value: str, beside: bool) -> bool:
    """Whether an abbreviation of the hospital's own stands before a number; without a colon only beside (`beside`) what
    describes the patient."""
    short = _ABBREVIATED.fullmatch(label) is not None and lexicon("numbered_thing")(label.rstrip(" :：")) is None
    return short and (label[-1] in ":：" or beside) and _NUMBER_OF_RECORD.fullmatch(value) is not None


_ABBREVIATED: Final = re.compile(r"[A-Z][A-Z.]{1,6}\s*[:：]?")
_NUMBER_OF_RECORD: Final = re.compile(r"(?=(?:.*\d){4})[A-Za-z\d/.-]{5,16}")
"""A label of the hospital's own, and what may be the patient's number: it stands where no label that is known gives one."""


def _about_patient(cells: Sequence[tuple[int, str]]) -> bool:
    """Whether a row holds a label of the patient's name, age, sex, height or birth."""
    roles = (*_MEASURED, "sex", "date_of_birth", "patient", "patient_name")
    return any(d.role in roles for _, text in cells for d in read_label(text))


def _bare(cells: Sequence[tuple[int, str]], told: set[str], row: int) -> list[Entry]:
    """Cells that need no label beside others that name a patient: "weiblich", "63 J.", "175 cm"."""
    if not told & {"patient_id", "date_of_birth", "age_years", "sex", "height_cm"}:
        return []
    found = [
        Entry(role, value, row, column, 3, role)
        for column, text in cells
        if not _PLAIN.fullmatch(text)
        and (len(text) > 1 or (told & {"age_years", "height_cm"} and lexicon("sex")(text) in ("F", "M")))
        for role, value in _described(text)
        if role in (*_MEASURED, "sex") and role not in told
    ]
    return found if len({entry.role for entry in found}) == len(found) else []


def is_value_row(grid: Grid, row: int) -> bool:
    """Whether a row holds the values of the labels above it."""
    return row > 0 and bool(_values_below(grid, row - 1))


def _cells(grid: Grid, row: int) -> list[tuple[int, str]]:
    """The filled cells of a row; a merged cell counts once."""
    texts = grid.row(row) if 0 <= row < grid.height else []
    return [(c, t) for c, t in enumerate(texts) if t and (c == 0 or texts[c - 1] != t or _PLAIN.fullmatch(t))]


def _values_below(grid: Grid, row: int) -> list[Entry]:
    """The entries of a row that holds labels only, whose values stand below them; empty if it is none."""
    cells = _cells(grid, row)
    if len(cells) < 2 or row + 1 >= grid.height:
        return []
    labels = {c: label for c, text in cells if (label := read_label(text)) and label[0].role != "examination"}
    if len(labels) < 2 or len(labels) < len(cells):
        return []
    under = {c: t for c in labels if (t := grid.text(row + 1, c))}
    others = [t for c, t in _cells(grid, row + 1) if c not in labels and t not in under.values()]
    if others or len(under) < 2 or not all(_typed(labels[c], t) for c, t in under.items()):
        return []
    next_one = {c: t for c in labels if (t := grid.text(row + 2, c))}
    if len(next_one) > 1 and all(_typed(labels[c], t) for c, t in next_one.items()):
        return []  # a table of several patients
    return [e for c in under for e in facts_of(labels[c], grid.text(row, c), grid.raw(row + 1, c), row + 1, c)]


def _typed(label: tuple[Demographic, ...], text: str) -> bool:
    """Whether a text may be the value of a label, and is no label itself."""
    if len(label) > 1:
        return len(shared_values(label, text)) == len(label)
    return fits(label[0], text) or (label[0].role in ("patient", "patient_name", "other") and not read_label(text))


def _is_value(label: tuple[Demographic, ...], text: str, distance: int, colon: bool) -> bool:
    """Whether the next filled cell of the row is the value of a label. An id without a digit needs a colon before it, or
    a label that leaves no doubt, and must not be the heading of a table."""
    if label[0].role in ("patient", "patient_name") and _spoken(text, 0, 0):
        return False  # a fact with a label of its own: "Patient | MRN 4021"
    if any(fits(d, text) for d in label if d.role not in _IDS) or _typed(label, text):
        return True
    if distance > 2 or read_label(text) or _LABELLED.match(text) or label[0].role == "examination":
        return False
    if colon or label[0].role not in _IDS:
        return True
    sure = label[0].role == "patient_id" and label[0].rank < 2 and len(text.split()) == 1
    return sure and read_heading(text) is None and lexicon("side")(text) is None


def _is_unit(label: tuple[Demographic, ...], value: str, text: str) -> bool:
    if len(label) > 1 or label[0].role not in _MEASURED or not _PLAIN.fullmatch(value):
        return False
    return text.casefold() in _UNITS or lexicon("age_unit")(text) is not None


@lru_cache(1 << 14)
def fits(label: Demographic, text: str) -> bool:
    """Whether a text looks like a value of a role."""
    role, codes = label.role, label.codes if label.role == "sex" else {}
    if role in _DATES:
        return read_dates([text], _ORDERED) != [None] or bool(re.match(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text))
    if role == "examination":
        return not _PLAIN.fullmatch(text) and read_dates([text], _ORDERED) != [None]
    if role == "sex":
        return text in codes or lexicon("sex")(text) is not None or text.casefold() in ("h", "v") or text in "0129"
    if role == "age_years":
        age = read_age(text)
        return age is not None and age <= OLDEST
    if role == "height_cm":
        height = read_height(text)
        return height is not None and 25 <= height * (label.factor or 1.0) <= 260
    if role == "weight_kg":
        return re.fullmatch(r"\d{1,3}(?:[.,]\d+)?\s*(?:kg|lbs?|公斤)?\.?", text.casefold()) is not None
    if role in _IDS:
        return bool(re.search(r"\d", text)) and len(text) <= 40 and len(text.split()) <= 4 and not _LABELLED.match(text)
    if role == "temperature_c":
        return re.search(r"\d{2}", text) is not None
    if role in ("cts_left", "cts_right"):
        return lexicon("yes_no")(text) is not None
    return role not in ("patient", "patient_name", "other") and not read_label(text)


def heads_dates(heading: str, texts: Sequence[str]) -> bool:
    """Whether a column headed by a bare word for the examination ("Collected", "Untersucht") or its number ("Visit") holds
    its dates."""
    label, given = read_label(heading), [t for t in texts if t]
    if len(label) != 1 or label[0].role not in ("examination", "study_id") or not given:
        return False
    return all(fits(_EXAMINATION, t) for t in given)


# ---------------------------------------------------------------- one cell


def _within(text: str, row: int, column: int) -> list[Entry]:
    """The entries written in one cell: "ID: 7; Age: 63 yrs | Sex: F", or in words."""
    if not _WORDED.search(text):
        return []
    limits = any(lexicon("heading").meaning.get(word) == "norm" for word in normalise(text).split())
    if len(text) > _LONGEST or (limits and not read_label(re.split("[:：]", text)[0])):
        return []
    found: list[Entry] = []
    for piece in _PIECES.split(text):
        match = _LABELLED.match(piece)
        label = _label_before_colon(match[1]) if match else ()
        if match and label and not _LABELLED.match(match[2]):
            found += facts_of(label, match[1], match[2], row, column) if match[2].strip() else []
        else:
            found += _spoken(piece, row, column)
    for inner in re.findall(r"[(\[]([^()\[\]]*\s[^()\[\]]*)[)\]]", text):
        told = {entry.role for entry in found}
        found += [entry for entry in _spoken(inner, row, column) if entry.role not in told]
    told = {entry.role for entry in found}
    return found + [entry for entry in _sentence(text, told, row, column) if entry.role not in told]


def _label_before_colon(text: str) -> tuple[Demographic, ...]:
    """The label of a text before a colon; "Visit 2" is a visit."""
    label = read_label(text) or numbered(text)
    if label or not (counted := re.fullmatch(r"(.*\D)\s*#?\d{1,2}", text)):
        return label
    bare = read_label(counted[1])
    if bare and bare[0].role in ("patient", "patient_id"):
        return (Demographic("patient_name"),)
    return (_EXAMINATION,) if bare and bare[0].role in ("examination", "study_id") else ()


def _spoken(text: str, row: int, column: int) -> list[Entry]:
    """Labels and values one after another: "MRN 0041 DOB 03.04.1960 (63 J.)", "Name: X Age: 63 Sex: M"."""
    words = [part for word in text.replace("：", ": ").split() for part in _unglued(word)]
    starts = list(_labels(words))
    found: list[Entry] = []
    for k, (start, end, label) in enumerate(starts):
        stop = starts[k + 1][0] if k + 1 < len(starts) else len(words)
        value = " ".join(words[end:stop]).strip(",; ")
        if any(d.role not in (*_DATES, "patient", "patient_name", "other") for d in label):
            value = _CLAUSES.split(value)[0]
        colon = words[end - 1].endswith(":")
        certain = all(d.rank == 0 and d.role in ("patient_id", "date_of_birth") for d in label)
        sure = start == 0 or colon or certain or len(starts) > 1
        if value and sure and (_typed(label, value) if not colon else bool(value)):
            found += facts_of(label, " ".join(words[start:end]), value, row, column)
    return found


def _labels(words: Sequence[str]) -> Iterator[tuple[int, int, tuple[Demographic, ...]]]:
    """The labels among words, the longest at each place. Without a colon, one that names nobody certainly is none."""
    i = 0
    while i < len(words):
        for end in range(min(i + 5, len(words)), i, -1):
            phrase = " ".join(words[i:end])
            label = read_label(phrase)
            vague = any(d.role in ("patient", "weak_id", "other") or d.rank > 1 for d in label)
            vague = vague or lexicon("sex")(phrase) is not None
            bare = normalise(phrase)
            if label and (phrase.endswith(":") or not (vague or bare in _CASES)):
                yield i, end, label
                i = end - 1
                break
        i += 1


_CASES: Final = frozenset(
    ("case", "subject", "participant", "historia", "dossier", "registro", "visit", "study", "group")
)
"""Words that name a patient in a heading, and anything in a sentence."""


def _unglued(word: str) -> list[str]:
    """性别男 is a label and its value."""
    if not word or ord(word[0]) < 0x1100:
        return [word]
    for end in range(len(word) - 1, 1, -1):
        if read_label(word[:end]) and not read_label(word):
            return [word[:end], word[end:]]
    return [word]


def _sentence(text: str, told: set[str], row: int, column: int) -> list[Entry]:
    """A patient described in a line: "Mr X, 63 y, male, 175 cm". It must say age or birth, and one fact more; `told`:
    what labels in the line say."""
    if not re.search(r"\d", text):
        return []
    before, colon, _ = text.replace("：", ":").partition(":")
    if colon and not any(d.role in ("patient", "patient_name", "patient_id") for d in _label_before_colon(before)):
        return []  # a remark about somebody
    found: dict[str, str] = {}
    parts = [p for p in re.split(r"[()]", text) for p in _CLAUSES.split(p)]
    for part in parts:
        for role, value in _described(part.strip()):
            if found.setdefault(role, value) != value:
                return []
    if len(found.keys() | told) < 2 or not (found.keys() | told) & {"age_years", "date_of_birth"}:
        return []
    entries = [Entry(role, value, row, column, 2, role) for role, value in found.items()]
    code = parts[0].strip()
    if re.fullmatch(r"(?=.*\d)(?=.*[A-Za-z])[\w./-]{2,20}|\d{5,}", code):
        entries.append(Entry("patient_id", code, row, column, 4, "code"))
    return entries


def _described(part: str) -> list[tuple[str, str]]:
    """What one part of a line says: an age with its unit, a sex, both, a height with its unit, a date, of birth if it
    bears a star."""
    if part.startswith("*") and fits(_BIRTH, part[1:].strip()):
        return [("date_of_birth", part[1:].strip())]
    if lexicon("sex")(part):
        return [("sex", part)]
    if _PLAIN.match(part) and not _PLAIN.fullmatch(part):
        if read_age(part) is not None:
            return [("age_years", part)]
        if read_height(part) is not None:
            return [("height_cm", part)]
    both = _both(part.replace("/", " "))
    if both:
        return [("age_years", both[0]), ("sex", both[1])]
    if fits(_EXAMINATION, part):
        return [("study_date", part)]
    words = part.split()
    sexes = [w for w in words if lexicon("sex")(w) and len(w) > 1]
    ages = [a for a in re.findall(r"\d{1,3}\s*[^\W\d]+", part) if read_age(a) is not None]
    alone = len(sexes) == len(ages) == 1 and len(words) < _SHORT_SENTENCE
    return [("age_years", ages[0]), ("sex", sexes[0])] if alone else []


_SHORT_SENTENCE: Final = 9
"""Words up to which an age and a sex in one sentence are of one person."""


def _both(text: str) -> tuple[str, str] | None:
    """Age and sex written together: "63F", "63 y male", "남 54세"."""
    for pattern in (r"(\d{1,3}.*?)[\s-]*([^\W\d]+)$", r"([^\W\d]+)\s*(\d{1,3}.*)$"):
        match = re.match(pattern, text)
        if match is None:
            continue
        age, sex = (match[1], match[2]) if match[1][0].isdigit() else (match[2], match[1])
        grown = read_age(age.strip())
        if lexicon("sex")(sex) and grown is not None and (grown >= 10 or not _PLAIN.fullmatch(age.strip())):
            return age.strip(), sex
    return None


_NUMBER: Final = Demographic("patient_id")
_BIRTH: Final = Demographic("date_of_birth")
_EXAMINATION: Final = Demographic("examination")


# ---------------------------------------------------------------- a label and its value


def _beside_a_name(text: str) -> str | None:
    """The number of a patient whose name stands beside it: "44-1290 Smith", "Smith (44-1290)". One word in front of a
    number is part of an id: "Control 1024"."""
    words = [w for w in re.split(r"[\s,;()]+", text) if w]
    numbers = [w for w in words if sum(c.isdigit() for c in w) >= _DIGITS]
    names = [w for w in words if w not in numbers]
    if len(numbers) != 1 or not names or any(c.isdigit() for w in names for c in w):
        return None
    as_names = all(w[0].isupper() and (w[1:].islower() or w[1:] in ("", ".") or len(names) > 1) for w in names)
    apart = words[0] == numbers[0] or f"({numbers[0]})" in text or len(names) > 1
    return numbers[0] if as_names and apart and any(len(w) > 2 for w in names) else None


_DIGITS: Final = 3
"""Digits from which on a number beside a name is an id of its own."""


def facts_of(label: tuple[Demographic, ...], said: str, raw: Raw, row: int, column: int) -> list[Entry]:
    """The entries of one label and its value: a pair is shared out, a unit of the label goes to the value, an age behind
    a date of birth is one more entry."""
    text = unicodedata.normalize("NFKC", as_text(raw))
    words = normalise(said)
    if len(label) > 1:
        shared = shared_values(label, text)
        return [Entry(d.role, shared[d.role], row, column, d.rank, words) for d in label if d.role in shared]
    (named,) = label
    one = Entry(named.role, raw, row, column, named.rank, words)
    if named.role in ("patient_id", "weak_id") and len(text) > _INITIALS and place_named(text):
        return []  # "registro: 5º dedo"
    if named.role == "patient":
        if looks_like_name([_without_brackets(text)]) or not fits(_NUMBER, text):
            return [replace(one, role="patient_name"), *_in_brackets(text, one)]
        return [replace(one, role="patient_id", rank=1, raw=_beside_a_name(text) or raw)]
    if named.role == "patient_name":
        return [one, *_in_brackets(text, one)]
    if named.role == "examination":
        return [replace(one, role="study_date", rank=2)] if fits(named, text) else []
    if named.role in _DATES:
        return _dated(text, one)
    if named.role == "sex":
        if text in named.codes:
            return [replace(one, raw=named.codes[text])]
        both = _both(text.replace("/", " ").replace("(", " ").replace(")", ""))
        if both and lexicon("sex")(text) is None:
            return [replace(one, raw=both[1]), replace(one, role="age_years", raw=both[0], rank=1)]
    if named.role == "age_years" and read_age(text) is None and (both := _both(text.replace("/", " "))):
        return [replace(one, raw=both[0]), replace(one, role="sex", raw=both[1], rank=1)]
    if named.factor is not None and _PLAIN.fullmatch(text):
        return [replace(one, raw=float(text.replace(",", ".")) * named.factor)]
    return [one]


_INITIALS: Final = 4
"""Letters up to which the name of a muscle may be somebody's initials: "TA"."""


def _dated(text: str, entry: Entry) -> list[Entry]:
    """A date, and the age that may stand behind it: "03.04.1960 (63 J.)"."""
    for mark in ("(", ";", ",", " / ", " "):
        date, found, age = text.partition(mark)
        age = age.strip(" )")
        if found and fits(_BIRTH, date.strip()) and read_age(age) is not None:
            sure = mark != " " or not _PLAIN.fullmatch(age)
            if sure and entry.role == "date_of_birth":
                return [replace(entry, raw=date.strip()), replace(entry, role="age_years", raw=age, rank=1)]
    date, found, _ = text.partition("(")
    return [replace(entry, raw=date.strip())] if found and fits(_BIRTH, date.strip()) else [entry]


def _without_brackets(text: str) -> str:
    return re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*$", "", text)


def _in_brackets(text: str, entry: Entry) -> list[Entry]:
    """What stands in brackets behind a name: an age, a date of birth, a number."""
    found = re.search(r"[(\[]([^()\[\]]+)[)\]]\s*$", text)
    inner = found[1].strip().lstrip("*") if found else ""
    if not re.search(r"\d", inner):
        return []
    both = _both(inner.replace("/", " "))
    if both:
        return [replace(entry, role="age_years", raw=both[0], rank=2), replace(entry, role="sex", raw=both[1], rank=2)]
    if not _PLAIN.fullmatch(inner) and read_age(inner) is not None:
        return [replace(entry, role="age_years", raw=inner, rank=2)]
    if fits(_BIRTH, inner):
        return [replace(entry, role="date_of_birth", raw=inner, rank=2)]
    known = _spoken(inner, entry.row, entry.column)
    if known or " " in inner:
        return known
    return [replace(entry, role="patient_id", raw=inner, rank=4)]


def shared_values(label: tuple[Demographic, ...], text: str) -> dict[str, str]:
    """The values of a cell for several facts, by role: in the order of the labels, else each by its looks. Empty where
    they are not told apart."""
    values: dict[str, str] = {}
    left = unicodedata.normalize("NFKC", text)
    for named in label:
        if named.role in _DATES:
            date = re.search(r"\d{1,4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,4}日?", left)
            if date:
                values[named.role] = date[0]
                left = left.replace(date[0], " ", 1)
    open_labels = [d for d in label if d.role not in values]
    parts = [p for p in _BETWEEN.split(left) if p.strip()]
    if len(parts) < len(open_labels):
        parts = [p for part in parts for p in (_both(part) or part.split())]
    if len(parts) == len(open_labels) and all(_shares(d, p) for d, p in zip(open_labels, parts, strict=True)):
        return values | {d.role: p for d, p in zip(open_labels, parts, strict=True)}
    for named in open_labels:
        own = [p for p in parts if _shares(named, p) and sum(_shares(d, p) for d in open_labels) == 1]
        if len(own) != 1:
            return {}
        values[named.role] = own[0]
    return values


def _shares(label: Demographic, text: str) -> bool:
    return fits(label, text) or label.role in ("patient", "patient_name")
