"""`ncs-analyzer reference`: limits."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from ncs_analyzer.cli import options, work
from ncs_analyzer.cli.output import Refused


@click.group()
def reference() -> None:
    """Limits: which there are, one looked up, a laboratory's own checked, compared or derived."""


@reference.command("list")
@click.option("--nerves", is_flag=True, help="The names of the nerves a table may use, and nothing else.")
@options.formats("text", "json")
def list_sources(nerves: bool, form: str) -> None:
    """All published sources, with the people they were measured in, n and how well the numbers are confirmed."""
    if nerves:
        from ncs_analyzer.vocabulary.anatomy import NERVES

        click.echo(_json({"nerves": list(NERVES)}) if form == "json" else "\n".join(NERVES))
        return
    from ncs_analyzer.report.reference import list_text, source_records

    if form == "json":
        click.echo(_json({"sources": source_records()}))
    else:
        list_text(sys.stdout, options.colour(sys.stdout))


@reference.command("show")
@click.argument("what", metavar="NERVE|SOURCE")
@click.argument("measures", metavar="[MEASURE]...", nargs=-1)
@click.option("--age", type=click.FloatRange(0, 130), metavar="YEARS")
@click.option("--sex", type=click.Choice(["F", "M"], case_sensitive=False))
@click.option("--height", type=click.FloatRange(20, 260), metavar="CM")
@click.option("--weight", type=click.FloatRange(0.5, 400), metavar="KG", help="With the height, for limits by BMI.")
@click.option("--low-cut", type=click.FloatRange(0.01, 1000), metavar="HZ", help="Low-frequency filter.")
@click.option("--reference", "references", metavar="NAME|PATH", multiple=True, help="These sources only; repeatable.")
@options.formats("text", "json")
def show(
    what: str,
    measures: tuple[str, ...],
    age: float | None,
    sex: str | None,
    height: float | None,
    weight: float | None,
    low_cut: float | None,
    references: tuple[str, ...],
    form: str,
) -> None:
    """The limits of all sources for one nerve, side by side: of one person, or row by row if nothing is said of the
    person. With the name of a source: where it comes from.
    """
    from ncs_analyzer.reference.side_by_side import Person, all_limits
    from ncs_analyzer.reference.tables import builtin, builtin_ids
    from ncs_analyzer.report.reference import show_text, source_record, source_text

    if what in builtin_ids():
        record = source_record(builtin(what))
        if form == "json":
            click.echo(_json(record))
        else:
            source_text(record, sys.stdout, options.colour(sys.stdout))
        return
    nerve, wanted = _nerve(what), tuple(map(_measure, measures))
    sources = work.reference_tables(references).sources if references else tuple(map(builtin, builtin_ids()))
    person = Person(age, sex, height, weight, low_cut)
    limits = all_limits(sources, nerve, wanted, person)
    if form == "json":
        who = {"age_years": age, "sex": sex, "height_cm": height, "weight_kg": weight, "low_cut_hz": low_cut}
        click.echo(_json({"nerve": nerve, **who, "limits": limits}))
        return
    if not limits:
        raise Refused(f"No source has a limit of {' or '.join(wanted) or 'anything'} for the {nerve} nerve.")
    known = [
        words for value, words in (
            (age, f"{age:g} years" if age is not None else ""), (sex, {"F": "a woman", "M": "a man"}.get(sex or "", "")),
            (height, f"{height:g} cm" if height is not None else ""), (weight, f"{weight:g} kg" if weight is not None else ""),
            (low_cut, f"low cut {low_cut:g} Hz" if low_cut is not None else ""),
        ) if value is not None
    ]  # fmt: skip
    show_text(limits, ", ".join(known), sys.stdout, options.colour(sys.stdout))


def _nerve(text: str) -> str:
    from ncs_analyzer.reference.tables import builtin_ids
    from ncs_analyzer.vocabulary.match import lexicon

    nerve = lexicon("nerves")(text)
    if nerve is None:
        raise Refused(
            f"{text} is neither a nerve (ncs-analyzer reference list --nerves) nor a source ({', '.join(builtin_ids())})."
        )
    return nerve


def _measure(text: str) -> str:
    from ncs_analyzer.reference.measures import MEASURES, measures_of

    known = dict.fromkeys(m for study in MEASURES for m in measures_of(study))
    name = text.replace("-", "_").replace(" ", "_").lower()
    if name not in known:
        raise Refused(f"There is no measure {text}. Known: {', '.join(known)}.")
    return name


@reference.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@options.formats("text", "json")
def check_table_file(file: Path, form: str) -> int:
    """Check a laboratory's own table: every problem with its row, its column, what was found and what to do."""
    from ncs_analyzer.reference.parse import check_table
    from ncs_analyzer.reference.tables import table_text
    from ncs_analyzer.report.reference import check_record, check_text

    try:
        text = table_text(file)
    except OSError as error:
        raise Refused(f"{file} could not be read: {error.strerror or error}.") from error
    limits, problems = check_table(text)
    record = check_record(file, len(limits), problems)
    if form == "json":
        click.echo(_json(record))
    else:
        check_text(record, sys.stdout, options.colour(sys.stdout))
    return work.OK if record["usable"] else work.SOME_UNUSED


@reference.command("compare")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.argument("inputs", metavar="[INPUT]...", nargs=-1)
@options.quiet
@options.formats("text", "json")
def compare(a: str, b: str, inputs: tuple[str, ...], form: str, quiet: bool, no_progress: bool) -> int:
    """What would change with the limits of B instead of A: limit by limit, and in the readings and verdicts of a cohort.

    A and B are sources, 'default', or files. INPUT: exports as for report.
    """
    from ncs_analyzer.reference.side_by_side import PANEL, differences
    from ncs_analyzer.report.reference import compare_text

    first, second = work.reference_tables([a]), work.reference_tables([b])
    record: dict[str, Any] = {"a": a, "b": b, "people": len(PANEL), "limits": differences(first, second)}
    status = work.OK
    if inputs:
        from ncs_analyzer.report.changes import cohort_changes

        readings = work.read_inputs(inputs, quiet, no_progress)
        work.say_issues(readings.issues, quiet)
        record["cohort"] = cohort_changes(readings, first, second)
        status = work.status(readings)
    if form == "json":
        click.echo(_json(record))
    else:
        compare_text(record, sys.stdout, options.colour(sys.stdout))
    return status


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
