"""What docs/build.py writes into the pages, taken from the program's own tables."""

import ast
from collections.abc import Iterable
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click

import ncs_analyzer
from ncs_analyzer.cli import commands
from ncs_analyzer.report.criteria import STATUS, block_record, set_record, sets_and_blocks
from ncs_analyzer.report.reference import source_records

Record = dict[str, Any]


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(headings), ["---"] * len(list(headings)), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _list(lines: Iterable[str], otherwise: str) -> str:
    return "\n".join(f"- {line}" for line in lines) or otherwise


def _source(record: Record) -> str:
    doi = record["doi"]
    return record["citation"] + (f", doi:[{doi}](https://doi.org/{doi})" if doi else "")


# ---------------------------------------------------------------- the pages

_FIRST = ("tutorial", "input", "issues", "commands", "python", "batch", "cohort", "verdicts", "criteria", "reference")
"""Pages a user needs before others; the rest follow by name."""


def documents() -> str:
    """Every page below docs/ by its title; of a folder its README."""
    folder = Path(__file__).parent
    names = {p.stem: p for p in folder.glob("*.md")} | {p.parent.name: p for p in folder.glob("*/README.md")}
    order = sorted(names, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))
    return _list(
        (f"[{_title(names[name])}]({names[name].relative_to(folder.parent).as_posix()})" for name in order), ""
    )


def _title(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


# ---------------------------------------------------------------- criteria sets and definitions of block


def _set(name: str) -> Record:
    return next(set_record(s) for s in sets_and_blocks()[0] if s.id == name)


def _block(name: str) -> Record:
    return next(block_record(b) for b in sets_and_blocks()[1] if b.id == name)


def sets() -> str:
    """All criteria sets in one table, with links to their pages."""
    rows = (
        (f"[`{r['id']}`]({r['id']}.md)", r["title"], ", ".join(f"`{v}`" for v in r["verdicts"][:-1]), r["status"])
        for r in map(set_record, sets_and_blocks()[0])
    )
    return _table(("set", "title", "verdicts", "status"), rows)


def blocks() -> str:
    """All definitions of conduction block in one table."""
    rows = (
        (f"[`{r['id']}`](conduction_block.md#{r['id']})", r["title"], r["status"])
        for r in map(block_record, sets_and_blocks()[1])
    )
    return _table(("definition", "title", "status"), rows)


def statuses() -> str:
    """What each status says."""
    return _table(("status", "the text of the set was"), ((f"`{name}`", words) for name, words in STATUS.items()))


def purpose(name: str) -> str:
    """What a set is for, and the verdicts it gives."""
    r = _set(name)
    given = ", ".join(f"`{v}`" + (" (fulfilled)" if v in r["fulfilled_by"] else "") for v in r["verdicts"][:-1])
    least = "one motor nerve was" if r["least_nerves"] == 1 else f"{r['least_nerves']} motor nerves were"
    return f"{r['purpose']}\n\nVerdicts: {given}; `{r['verdicts'][-1]}` unless at least {least} tested."


def items(name: str) -> str:
    """The items of a set."""
    rows = ((f"**{i['item']}**", i["title"], i["condition"]) for i in _set(name)["items"])
    return _table(("item", "", "condition on one nerve"), rows)


def counting(name: str) -> str:
    """How the nerves are counted."""
    return str(_set(name)["counting"])


def excluded(name: str) -> str:
    """What is left out."""
    found = _set(name)["excluded"]
    return f"Left out: {found}." if found else "Nothing: the items look at the distal site only."


def decisions(name: str) -> str:
    """What was decided where the text is silent."""
    return _list(
        _set(name)["decisions"], "The text leaves nothing open that the program had to decide for this set alone."
    )


def performance(name: str) -> str:
    """Published figures."""
    return _list(_set(name)["performance"], "No figure of the set alone was found that could be checked.")


def source(name: str) -> str:
    """Citation and status of a set, and what is always said with its result."""
    r = _set(name)
    said = "\n\nAlways said with a result:\n\n" + _list(r["notes"], "") if r["notes"] else ""
    return f"{_source(r)}\n\nStatus: **{r['status']}**, {STATUS[r['status']]}.{said}"


def block(name: str) -> str:
    """A definition of conduction block."""
    r = _block(name)
    grades = _table(("grade", "condition"), (("definite", r["definite"]), ("probable", r["probable"])))
    return f"{grades}\n\n{_source(r)}\n\nStatus: **{r['status']}**, {STATUS[r['status']]}."


# ---------------------------------------------------------------- the command line


def sources() -> str:
    """Every published source: what it is, whom it was measured in, n, how many limits, status and citation."""
    rows = (
        (
            f"`{r['id']}`" + (" *" if r["in_built_in_order"] else ""), r["population"], r["n"], r["ages"], str(r["rows"]),
            r["statistic"], r["status"], _source(r),
        )
        for r in source_records()
    )  # fmt: skip
    headings = (
        "source (* in the built-in order)",
        "population",
        "n",
        "ages",
        "limits",
        "statistic",
        "status",
        "citation",
    )
    return _table(headings, rows)


def command_reference() -> str:
    """Every command with its arguments and options."""
    return "\n\n".join(_commands(commands, ("ncs-analyzer",)))


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterable[str]:
    for name, command in group.commands.items():
        here = (*path, name)
        yield f"## {' '.join(here[1:])}" if len(here) == 2 else f"### {' '.join(here[1:])}"
        yield cleandoc(command.help or "").replace("\b\n", "")
        if isinstance(command, click.Group):
            yield from _commands(command, here)
            continue
        arguments = [p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument)]
        yield "```sh\n" + " ".join([*here, *arguments, "[OPTIONS]"]) + "\n```"
        yield _table(
            ("option", ""), (_option(p) for p in command.params if isinstance(p, click.Option) and not p.hidden)
        )


def _option(option: click.Option) -> tuple[str, str]:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    values = ""
    if isinstance(option.type, click.Choice):
        values = " `" + " / ".join(map(str, option.type.choices)) + "`"
    elif not option.is_flag:
        values = f" `{option.metavar or option.type.name.upper()}`"
    shown = f" Default: `{option.default}`." if option.show_default and option.default is not None else ""
    return names + values, (option.help or "") + shown


# ---------------------------------------------------------------- the code


def rooms() -> str:
    """Every room of the package with its modules, in the words of their docstrings."""
    top = Path(ncs_analyzer.__file__).parent
    folders = [top, *sorted(p.parent for p in top.rglob("__init__.py") if p.parent != top)]
    return "\n\n".join(_room(folder, top) for folder in folders)


def _room(folder: Path, top: Path) -> str:
    name = folder.relative_to(top.parent).as_posix()
    modules = [p for p in sorted(folder.glob("*.py")) if p.name != "__init__.py"]
    rows = ((f"`{p.name}`", _first_sentence(p)) for p in modules)
    return f"### {name}\n\n{_first_sentence(folder / '__init__.py')}\n\n" + _table(("module", ""), rows)


def _first_sentence(module: Path) -> str:
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())
