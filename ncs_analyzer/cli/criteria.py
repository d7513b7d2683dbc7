"""`ncs-analyzer criteria`: the criteria sets, with citation, thresholds and requirements."""

import json
import sys

import click

from ncs_analyzer.cli import options
from ncs_analyzer.cli.output import Refused


@click.group()
def criteria() -> None:
    """Criteria sets and definitions of conduction block: which there are, and one in full."""


@criteria.command("list")
@options.formats("text", "json")
def list_sets(form: str) -> None:
    """All sets, with year, disease and how well their text is confirmed."""
    from ncs_analyzer.report.criteria import block_record, list_text, set_record, sets_and_blocks

    sets, blocks = sets_and_blocks()
    if form == "json":
        click.echo(
            _json({"criteria": [set_record(s) for s in sets], "conduction_block": [block_record(b) for b in blocks]})
        )
    else:
        list_text(sys.stdout, options.colour(sys.stdout))


@criteria.command("show")
@click.argument("name", metavar="ID")
@options.formats("text", "json")
def show(name: str, form: str) -> None:
    """One set: items with thresholds, how nerves are counted, what is left out, decisions, status, citation."""
    from ncs_analyzer.report.criteria import block_record, set_record, sets_and_blocks, show_text

    sets, blocks = sets_and_blocks()
    found = {s.id: set_record(s) for s in sets} | {
        b.id: block_record(b) for b in blocks if b.id not in {s.id for s in sets}
    }
    if name not in found:
        raise Refused(f"There is no criteria set {name}. Known: {', '.join(found)}.")
    if form == "json":
        click.echo(_json(found[name]))
    else:
        show_text(found[name], sys.stdout, options.colour(sys.stdout))


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
