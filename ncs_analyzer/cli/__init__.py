"""The command line: a thin skin over `read`, `analyze` and the reports; no clinical logic here.

Commands import what they need when they run, so that `--help` starts at once.
"""

import gc
import os
import sys

import click

from ncs_analyzer import __version__
from ncs_analyzer.cli.batch import batch
from ncs_analyzer.cli.check import check
from ncs_analyzer.cli.cohort import cohort
from ncs_analyzer.cli.criteria import criteria
from ncs_analyzer.cli.reference import reference
from ncs_analyzer.cli.report import report
from ncs_analyzer.cli.template import template

EXIT_INTERRUPTED = 130

COLLECT_EVERY = 100_000
"""New objects between two searches for garbage in cycles: a start makes many objects and next to no such garbage, and
Python's usual search after every 700 took a tenth of the time of a report."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ncs-analyzer")
def commands() -> None:
    """Nerve conduction studies from spreadsheets: checked, compared with published limits, judged by every published
    criteria set, explained.

    A research and review aid, not a medical device: electrodiagnostic findings are not a diagnosis.
    """


for command in (report, batch, cohort, check, reference, criteria, template):
    commands.add_command(command)


def main() -> None:
    """Run the command line and exit: 0 all well, 1 some input could not be used, 2 wrong usage or nothing analysed."""
    gc.set_threshold(COLLECT_EVERY)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    status = _run()
    gc.freeze()  # the last searches for garbage have nothing to look through: all memory goes back at once
    sys.exit(status)


def _run() -> int:
    try:
        status = commands.main(standalone_mode=False)
        sys.stdout.flush()
    except click.Abort:
        click.echo("Stopped.", err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in sys.argv:
            raise
        click.echo(f"Error: {type(error).__name__}: {error}. This should not happen; --debug shows where.", err=True)
        return 2
    return status if isinstance(status, int) else 0
