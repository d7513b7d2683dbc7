"""The page, written patient by patient: the head, an index, a part for every patient, what was read, sources."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TextIO

import jinja2
import numpy as np
import pandas as pd

from ncs_analyzer.pipeline import Analysis
from ncs_analyzer.report import sections
from ncs_analyzer.report.html.body_map import body_map, silhouette
from ncs_analyzer.report.html.course import course
from ncs_analyzer.report.html.evidence import comparisons
from ncs_analyzer.report.html.pictures import SCALES, profiles, scale
from ncs_analyzer.report.labels import ENGLISH, Labels
from ncs_analyzer.report.lists import closing_lists
from ncs_analyzer.report.record import heading, study_records
from ncs_analyzer.report.tables import block_table, nerve_title
from ncs_analyzer.report.values import SIDES, shown, value_groups
from ncs_analyzer.wording import address, plain, safe, unit

Record = dict[str, Any]

MOST_ISSUES: Final = 500
"""Issues listed one by one; the rest are counted."""


@dataclass(frozen=True)
class Entry:
    """One study in the index."""

    anchor: str
    patient: str
    date: str
    age: str
    sex: str
    category: str
    conclusion: str


def write_html(analysis: Analysis, stream: TextIO, laboratory: str = "", say: Labels = ENGLISH) -> None:
    """The whole page. Patients go through a temporary file, so that the index can stand before them and no more than one
    patient is in memory."""
    titles = {source.id: source.title for source in analysis.reference.sources}
    head = cleaned(heading(analysis))
    env = environment(say)
    entries: list[Entry] = []
    last: Record | None = None
    with tempfile.TemporaryFile("w+", encoding="utf-8") as middle:
        for patient, records in patients(analysis):
            course_ = course(records, say) if len(records) > 1 else None
            studies = [_study(record, f"s{len(entries) + i + 1}", titles, say) for i, record in enumerate(records)]
            for part in env.get_template("patient.html.j2").generate(patient=patient, course=course_, studies=studies):
                middle.write(part)
            entries += [_entry(record, study["anchor"]) for record, study in zip(records, studies, strict=True)]
            last = records[-1]
        common = {"head": head, "laboratory": safe(laboratory), "entries": entries, "drawn_once": SCALES + silhouette()}
        for part in env.get_template("head.html.j2").generate(**common):
            stream.write(part)
        middle.seek(0)
        shutil.copyfileobj(middle, stream)
        closing = (
            {"notes": sections.notes(last), "citations": sections.citations(last)}
            if last
            else {"notes": [], "citations": []}
        )
        for part in env.get_template("foot.html.j2").generate(**common, **closing, most=MOST_ISSUES):
            stream.write(part)


def patients(analysis: Analysis) -> Iterator[tuple[str, list[Record]]]:
    """The records of each patient, patients in the order they first appear, studies by date."""
    own = analysis.readings.studies
    who = pd.factorize(own["patient_id"])[0]
    date = own["study_date"].fillna("").astype(str).to_numpy()
    order = np.lexsort((date, who)) if len(own) else np.zeros(0, np.intp)
    records = (cleaned(record) for record in study_records(analysis, order.tolist()))
    for patient, group in groupby(records, key=lambda record: str(record["patient_id"])):
        yield patient, list(group)


def cleaned(value: Any) -> Any:
    """Data without control and direction characters in any text."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, dict):
        return {key: cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [cleaned(inner) for inner in value]
    return value


def environment(say: Labels) -> jinja2.Environment:
    """Templates that escape everything, and refuse what they do not know."""
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("ncs_analyzer.report.html"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {
        "say": say,
        "sides": SIDES,
        "shown": shown,
        "scale": scale,
        "nerve_title": nerve_title,
        "language": say.language,
    }
    env.filters |= {"plain": plain, "unit": unit, "address": address, "in_line": in_line, "soft": soft}
    return env


def in_line(text: str, decimals: int) -> str:
    """A number with blanks as wide as digits behind it, so that right-aligned decimal points stand in one line."""
    own = len(text.rstrip("*").partition(".")[2])
    missing = "\u2007" * (decimals - own) + ("\u2008" if decimals and not own else "")
    return text + missing if any(c.isdigit() for c in text) else text


def soft(text: str) -> str:
    """Long words of the narrow headings with a place where they may be broken."""
    for word in _LONG:
        text = text.replace(word.replace("\u00ad", ""), word)
    return text


_LONG: Final = (
    "demye\u00adlinating", "Thaiset\u00adthawat\u00adkul", "suppor\u00adtive", "sugges\u00adtive", "insuf\u00adficient",
    "equiv\u00adocal", "inex\u00adcitable", "fulfil\u00adled", "defi\u00adnite", "Corn\u00adblath", "Raja\u00adbally",
    "disper\u00adsion",
)  # fmt: skip


def _entry(record: Record, anchor: str) -> Entry:
    age = record["age_years"]
    return Entry(
        anchor,
        str(record["patient_id"]),
        record["study_date"] or "",
        f"{age:g}" if age is not None else "",
        record["sex"] or "",
        record["pattern"]["category"],
        sections.conclusion(record),
    )


def _study(record: Record, anchor: str, titles: dict[str, str], say: Labels) -> Record:
    """Everything the template of one study shows."""
    for i, reading in enumerate(record["readings"]):
        reading["anchor"] = f"{anchor}r{i}"
    return {
        "anchor": anchor,
        "record": record,
        "identity": sections.identity(record).removeprefix(f"Patient {record['patient_id']}, "),
        "conclusion": sections.conclusion(record),
        "category": record["pattern"]["category"],
        "findings": sections.findings(record),
        "maps": [(kind, body_map(record, kind, say)) for kind in ("motor", "sensory")],
        "groups": list(value_groups(record)),
        "profiles": list(profiles(record, say)),
        "blocks": block_table(record, say),
        "comparisons": comparisons(record),
        "unconfirmed": sections.UNCONFIRMED,
        "lists": [(say(title), list(lines)) for title, lines in closing_lists(record, titles)],
    }  # fmt: skip
