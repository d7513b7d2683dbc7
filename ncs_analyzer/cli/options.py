"""Options that several commands share: the same name means the same everywhere."""

import os
import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def inputs(command: Command) -> Command:
    """INPUT...: files, folders, or - for standard input."""
    return click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)(command)


def quiet(command: Command) -> Command:
    """--quiet, --no-progress and --debug."""
    for option in (
        click.option("--debug", is_flag=True, expose_value=False, help="Show where an unexpected error arose."),
        click.option("--no-progress", is_flag=True, help="No progress bar."),
        click.option("--quiet", is_flag=True, help="On standard error only errors: no warnings, no progress bar."),
    ):
        command = option(command)
    return command


def reading(command: Command) -> Command:
    """What reading files needs: inputs, --profile, and the quiet options."""
    return inputs(profile(quiet(command)))


PROFILE: Final = "ncs_analyzer.profile"
"""Where the profile of a command is kept: `work.read_inputs` takes it from there."""


def profile(command: Command) -> Command:
    """--profile, remembered for `work.read_inputs`."""

    def remember(context: click.Context, _: click.Parameter, path: str | None) -> None:
        context.meta[PROFILE] = path

    return click.option(
        "--profile",
        metavar="FILE",
        callback=remember,
        expose_value=False,
        help="A laboratory's profile: what its headings, words and conventions mean (check --suggest-profile writes one).",
    )(command)


def judging(command: Command) -> Command:
    """What changes limits and verdicts: --reference, --criteria, --compression-sites, --nerve-counting."""
    for option in (
        click.option(
            "--nerve-counting",
            type=click.Choice(["literal", "any"]),
            default="literal",
            show_default=True,
            help="EAN/PNS 2021: whether any item in two nerves is enough for strong support.",
        ),
        click.option(
            "--compression-sites",
            type=click.Choice(["exclude", "include"]),
            help="Pairs across common entrapment sites and the median distal latency in carpal tunnel syndrome: left out "
            "or counted. Without it: as each set asks.",
        ),
        click.option(
            "--criteria", "criteria_ids", metavar="ID", multiple=True, help="Apply this set only; repeatable."
        ),
        click.option(
            "--reference",
            "references",
            metavar="NAME|PATH",
            multiple=True,
            help="Limits to use instead of the built-in ones; repeatable, the first that has a limit wins. 'default' "
            "names the built-in ones.",
        ),
    ):
        command = option(command)
    return command


def output(command: Command) -> Command:
    """-o PATH and --force."""
    for option in (
        click.option("--force", is_flag=True, help="Overwrite an existing output."),
        click.option("-o", "--output", metavar="PATH", help="Write here instead of standard output."),
    ):
        command = option(command)
    return command


def formats(*names: str) -> Callable[[Command], Command]:
    """--format, with the first name as default."""
    return click.option(
        "--format", "form", type=click.Choice(names), default=names[0], show_default=True, help="Output format."
    )


def colour(stream: Any) -> bool:
    """Whether to colour: on a terminal, unless NO_COLOR is set or the terminal is dumb."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def wants_progress(quiet: bool, no_progress: bool) -> bool:
    """Whether to show a progress bar: on a terminal, unless asked not to."""
    return sys.stderr.isatty() and not quiet and not no_progress
