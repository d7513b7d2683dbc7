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


@reference.command("derive")
@options.reading
@click.option(
    "--healthy", "group", metavar="LABEL", help="Take the studies with this label in the column group for healthy."
)
@click.option(
    "--method",
    type=click.Choice(["central", "enorms"]),
    default="central",
    show_default=True,
    help="For mixed data: the healthy part fitted on a transformed scale, or the plateau of the sorted values (e-norms).",
)
@click.option("--percentile", type=click.FloatRange(80, 99.5), default=97.0, show_default=True, help="Of upper limits.")
@click.option("--bootstrap", "bootstraps", type=click.IntRange(20, 10000), default=200, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--plots", type=click.Path(path_type=Path, file_okay=False), help="Write a plot per measure into this folder."
)
@options.formats("csv", "json", "text")
@options.output
def derive_limits(
    inputs: tuple[str, ...],
    group: str | None,
    method: Any,
    percentile: float,
    bootstraps: int,
    seed: int,
    plots: Path | None,
    form: str,
    output: str | None,
    force: bool,
    quiet: bool,
    no_progress: bool,
) -> int:
    """The laboratory's own limits from its own studies, as a table that --reference takes.

    Of labelled healthy subjects (--healthy) percentiles or quantile regression; otherwise INPUT is taken for routine data,
    healthy and diseased mixed. What has too few patients is refused.
    """
    import numpy as np

    from ncs_analyzer import __version__
    from ncs_analyzer.cli.output import check_free, text_output
    from ncs_analyzer.reference.derive.run import Choice, derive
    from ncs_analyzer.reference.derive.table import table_csv
    from ncs_analyzer.reference.tables import default_reference
    from ncs_analyzer.report.derived import derived_record, derived_text, how_lines, plot

    check_free(output, force)
    readings = work.read_inputs(inputs, quiet, no_progress)
    work.say_issues(readings.issues, quiet)
    groups = readings.studies["group"].astype(object)
    chosen = (groups == group).to_numpy(bool) if group else np.ones(len(groups), bool)
    if not chosen.any():
        known = ", ".join(sorted(map(str, groups.dropna().unique())))
        raise Refused(f"No study has {group} in the column group. There: {known or 'nothing'}.")
    choice = Choice("healthy" if group else method, percentile, seed, bootstraps)
    derived = list(derive(readings, chosen, choice, default_reference()))
    made = [(d.sample, d.estimate) for d in derived if d.estimate is not None]
    if not made:
        derived_text(derived, sys.stderr, options.colour(sys.stderr))
        raise Refused("No measure has enough patients; nothing was derived.")
    how = how_lines(derived, choice, f"ncs-analyzer {__version__}", inputs, int(chosen.sum()), group or "")
    if plots:
        plots.mkdir(parents=True, exist_ok=True)
        for found in derived:
            if found.estimate is not None:
                plot(found, plots)
    with text_output(output) as stream:
        if form == "csv":
            stream.write(table_csv(made, how))
        elif form == "json":
            stream.write(_json({"how": how, "limits": [derived_record(d) for d in derived]}) + "\n")
        else:
            derived_text(derived, stream, options.colour(stream))
    if form == "csv" and not quiet:
        derived_text(derived, sys.stderr, options.colour(sys.stderr))
    return work.status(readings)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
