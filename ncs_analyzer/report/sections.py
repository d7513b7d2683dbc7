"""The parts of a study's report that are text: identity, conclusion, verdicts, evidence, what was not tested, sources.

Made from the record of the study (report.record), so that every report says the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ncs_analyzer.report.further import focal
from ncs_analyzer.wording import address, exact_percent, number, plain, unit

Record = dict[str, Any]


def identity(record: Record) -> str:
    """Patient, date, age, sex, height, group: what is known of them."""
    age, height = record["age_years"], record["height_cm"]
    known = (
        f"Patient {record['patient_id']}",
        f"study of {record['study_date']}" if record["study_date"] else "date not known",
        f"{number(age)} years" if age is not None else "age not known",
        {"F": "female", "M": "male"}.get(record["sex"] or "", "sex not known"),
        f"{number(height)} cm" if height is not None else "height not known",
        f"group {record['group']}" if record["group"] else "",
    )
    return ", ".join(filter(None, known))


MANY_VERDICTS: Final = 3
"""From so many different verdicts on, the sets of one disease are not summed up by verdict."""


@dataclass(frozen=True)
class Verdict:
    """One set's verdict on the study in words. `fulfilled`: the verdict says that the set is met."""

    id: str
    title: str
    disease: str
    verdict: str
    fulfilled: bool
    settled: bool
    unconfirmed: bool
    remark: str


UNCONFIRMED: Final = "† the text of this set is not confirmed: nobody has held the paper against it"


def verdicts(record: Record) -> list[Verdict]:
    """The verdict of every set, in order."""
    return [
        Verdict(
            id=name,
            title=c["title"],
            disease=c["disease"],
            verdict=plain(c["verdict"]),
            fulfilled=c["fulfilled"],
            settled=c["settled"],
            unconfirmed=c["status"] == "unconfirmed",
            remark=_extras(c),
        )
        for name, c in record["criteria"].items()
    ]


def _extras(criteria: Record) -> str:
    """Further results of a set that a reader wants beside the verdict."""
    said = []
    if "axonal_type" in criteria and "axonal" in criteria["verdict"]:
        said.append(f"type {criteria['axonal_type']}")
    if "levels" in criteria:
        levels: dict[str, list[str]] = {}
        for phenotype, level in criteria["levels"].items():
            if level not in ("not_fulfilled", "insufficient_data"):
                levels.setdefault(plain(level), []).append(phenotype)
        said += [f"{level} if clinically {' or '.join(names)}" for level, names in levels.items()]
    if criteria.get("lewis_sumner"):
        said.append("abnormal sensory conduction beside block: consider multifocal CIDP (Lewis-Sumner)")
    if criteria.get("slow_across_block"):
        said.append("velocity at most 38 m/s across the block speaks for Lewis-Sumner rather than MMN")
    return "; ".join(said)


def conclusion(record: Record) -> str:
    """One line: the pattern, and the sets fulfilled by disease."""
    pattern = record["pattern"]
    details = [plain(pattern[key]) for key in ("sensory_motor", "distribution")]
    details = [word for word in details if word not in ("none", pattern["category"])]
    if record["uniform_slowing"]:
        details.append("uniform slowing")
    said = f" ({', '.join(details)})" if details else ""
    where = focal(record) if pattern["category"] == "focal" else ""
    unused = any(r["value"] is not None and r["grade"] is None for r in record["readings"])
    if pattern["category"] == "normal" and unused:
        said = " as far as it could be judged (contradictory values were not used)"
    parts = [plain(pattern["category"]).capitalize() + (f": {where}" if where else said)]
    found = verdicts(record)
    by_disease = [[v for v in found if v.disease == name] for name in dict.fromkeys(v.disease for v in found)]
    parts += [_fulfilled(own) for own in by_disease if any(v.fulfilled for v in own)]
    if len(parts) == 1:
        parts.append("No criteria set fulfilled" if found else "No criteria set applied")
    return ". ".join(parts) + "."


def _fulfilled(own: list[Verdict]) -> str:
    """How many sets of a disease are met; by verdict where several say the same, else the first that is confirmed."""
    met = [v for v in own if v.fulfilled]
    disease, of = own[0].disease, len(own)
    groups = {name: [v for v in met if v.verdict == name] for name in dict.fromkeys(v.verdict for v in met)}
    if len(groups) < len(met) and len(groups) < MANY_VERDICTS:
        doubt = "" if all(v.settled for v in met) else ", some unsettled"
        return f"{disease}: " + " and ".join(f"{n} by {len(vs)}" for n, vs in groups.items()) + f" of {of} sets{doubt}"
    first = next((v for v in met if not v.unconfirmed), met[0])
    doubts = [
        word for word, holds in (("unsettled", not first.settled), ("set unconfirmed", first.unconfirmed)) if holds
    ]
    said = f"{first.title} {first.verdict}" + (f" ({', '.join(doubts)})" if doubts else "")
    return said + (f" ({len(met)} of {of} {disease} sets fulfilled)" if of > 1 else "")


def findings(record: Record) -> list[str]:
    """What is abnormal, nerve by nerve; the class of a nerve where it says more than the findings."""
    lines = []
    for nerve in record["nerves"]:
        if nerve["findings"]:
            said = "" if nerve["class"] in ("normal", "not_classifiable") else f", {plain(nerve['class'])}"
            name = f"{nerve['side']} {plain(nerve['nerve'])} {nerve['study']}"
            lines.append(f"{name}{said}: {'; '.join(nerve['findings'])}")
    return lines


@dataclass(frozen=True)
class Proof:
    """What a set's verdict rests on: for each item its words and, in one line, the nerves that meet it.

    Nerves that stood already under an earlier set are not repeated: that set and item are named.
    """

    verdict: Verdict
    items: tuple[tuple[str, str], ...]


def evidence(record: Record) -> Iterator[Proof]:
    """For every set in which any item is met: the items, with nerve, number, percent of limit and cell."""
    said: dict[str, str] = {}
    for verdict in verdicts(record):
        items: dict[str, list[Record]] = {}
        for piece in record["criteria"][verdict.id]["evidence"]:
            items.setdefault(piece["item"], []).append(piece)
        proof = []
        for key, found in items.items():
            nerves = _pieces(found)
            before = said.setdefault(nerves, f"{verdict.title}, {key}")
            if before != f"{verdict.title}, {key}":
                nerves = f"{_counted(found)} as under {before}"
            short = f"{key} " if len(key) == 1 and (key.isdecimal() or key.islower()) else ""
            proof.append((_item(short + found[0]["threshold"], found), nerves))
        if proof:
            yield Proof(verdict, tuple(proof))


def _counted(found: list[Record]) -> str:
    decisive = sum(piece["counted"] for piece in found)
    nerves = f"{len(found)} nerve{'s' if len(found) > 1 else ''}"
    return nerves if decisive else f"not decisive: {nerves}"


def _item(words: str, found: list[Record]) -> str:
    """The item, and the column its numbers stand in if it is one and the same."""
    columns = {piece["source"]["column"] for piece in found if piece["source"]}
    return f"{words} [{columns.pop()}]" if len(columns) == 1 and None not in columns else words


def _pieces(found: list[Record]) -> str:
    """The nerves of one item; those that did not carry the verdict last."""
    same = len({piece["source"]["column"] for piece in found if piece["source"]}) == 1
    decisive = "; ".join(piece_words(piece, same) for piece in found if piece["counted"])
    rest = "; ".join(piece_words(piece, same) for piece in found if not piece["counted"])
    return "; not decisive: ".join(filter(None, (decisive, rest))) if decisive else f"not decisive: {rest}"


def piece_words(piece: Record, column_said: bool) -> str:
    """One nerve that meets an item: its number, percent of limit, and cell."""
    cell = address({**piece["source"], "column": None} if column_said and piece["source"] else piece["source"])
    said = f"{piece['side']} {plain(piece['nerve'])} {piece_number(piece)}".strip()
    return said + (f" ({cell})" if cell else "")


def piece_number(piece: Record) -> str:
    """Where along the nerve, the number, and its percent of the limit (for ratios: of the distal value)."""
    segment = plain(piece["segment"]).replace("-", " to ") if "segment" in piece else ""
    value = f"{number(piece['value'])} {unit(piece['unit'])}".strip() if piece["value"] is not None else ""
    share = exact_percent(piece["percent"])
    if share:
        share = f"= {share} %" + (f" of {number(piece['limit'])}" if piece["limit"] is not None else "")
    computed = "(computed)" if piece.get("computed") else ""
    numbers = " ".join(filter(None, (value, share))) or _WITHOUT_NUMBER.get(piece["measure"], "")
    return " ".join(filter(None, (segment, numbers, computed)))


_WITHOUT_NUMBER = {"minimal_f_latency": "absent", "amplitude": "absent", "sensory": ""}


def not_tested(record: Record) -> list[str]:
    """What some item lacked, and in which nerves, each once."""
    nerves: dict[str, list[str]] = {}
    for criteria in record["criteria"].values():
        for open_ in criteria["not_evaluable"]:
            name = f"{open_['side']} {plain(open_['nerve'])}"
            for what in open_["missing"]:
                if name not in nerves.setdefault(what, []):
                    nerves[what].append(name)
    return [f"{what}: {', '.join(names)}" for what, names in nerves.items()]


def open_questions(record: Record) -> list[str]:
    """The measures that alone could change an unsettled verdict, each with the sets it could change."""
    sets: dict[str, list[str]] = {}
    for verdict in verdicts(record):
        if verdict.settled:
            continue
        measures: dict[str, list[str]] = {}
        for change in record["criteria"][verdict.id]["could_change"]:
            where = f"{change['side']} {plain(change['nerve'])}"
            what = plain(change["measure"]) + (" (sensory)" if change.get("study") == "sensory" else "")
            if where not in measures.setdefault(what, []):
                measures[what].append(where)
        each = "; ".join(f"{what} of {', '.join(names)}" for what, names in measures.items())
        sets.setdefault(each or "several measures together, none alone", []).append(verdict.title)
    return [f"{what}: {', '.join(titles)}" for what, titles in sets.items()]


def left_out(record: Record) -> list[str]:
    """What was measured but not counted, each once, with its number."""
    lines: dict[str, None] = {}
    for criteria in record["criteria"].values():
        for piece in criteria["excluded"]:
            where = f"{piece['side']} {plain(piece['nerve'])}"
            if "segment" in piece:
                numbers = (
                    f"velocity {number(piece['velocity_m_per_s'])} m/s"
                    if piece["velocity_m_per_s"] is not None
                    else "",
                    f"amplitude drop {exact_percent(piece['amplitude_reduction_pct'])} %"
                    if piece["amplitude_reduction_pct"] is not None
                    else "",
                )
                what = f"{where}, {plain(piece['segment']).replace('-', ' to ')}"
            else:
                numbers = (f"{plain(piece['measure'])} {number(piece['value'])} ms", "")
                what = where
            lines[f"{what}: {', '.join(filter(None, numbers))} ({piece['reason']})"] = None
    return list(lines)


def notes(record: Record) -> list[str]:
    """What the sets always say, each once."""
    return list(dict.fromkeys(note for c in record["criteria"].values() for note in c["notes"]))


def sources(record: Record, titles: dict[str, str]) -> list[str]:
    """Where the limits come from and which files were read. `titles`: of the reference tables by id."""
    used: dict[str, int] = {}
    for reading in record["readings"]:
        if reading["limit_source"]:
            used[reading["limit_source"]] = used.get(reading["limit_source"], 0) + 1
    named = [
        f"{titles.get(name, 'printed in the file' if name == 'printed' else name)} ({n})" for name, n in used.items()
    ]
    places = {(r["source"]["file"], r["source"]["sheet"]): None for r in record["readings"] if r["source"]["file"]}
    files = [file + (f", sheet {sheet}" if sheet else "") for file, sheet in places]
    return [f"Limits: {'; '.join(named) or 'none'}.", f"Read from: {'; '.join(files) or 'nothing'}."]


def citations(record: Record) -> list[str]:
    """The publication of every criteria set."""
    return [
        f"{c['title']}: {c['citation']}" + (f", doi:{c['doi']}" if c["doi"] else "")
        for c in record["criteria"].values()
    ]
