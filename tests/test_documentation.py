"""What the documents say is true: examples are real, links lead somewhere, everything there is has its words."""

import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from ncs_analyzer.cli import commands
from ncs_analyzer.criteria.registry import block_definitions, criteria_sets

ROOT = Path(__file__).parent.parent
BUILD = runpy.run_path(str(ROOT / "docs" / "build.py"))
PAGES = BUILD["pages"]()
TEXT_SUFFIXES = {".py", ".md", ".toml", ".csv", ".cff", ".json", ".html", ".j2", ""}


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_is_generated_on_a_page_is_fresh(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == BUILD["filled"](page), "run: python docs/build.py"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_python_examples_of_a_page_run(page: Path) -> None:
    names: dict[str, object] = {}
    with BUILD["at_the_root_of_a_copy"]():
        for example in re.findall(
            r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            exec(compile(example, name(page), "exec"), names)  # noqa: S102


def headings(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them of its headings."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


DOCUMENTS = [*PAGES, *(ROOT / n for n in ("CHANGELOG.md", "CONTRIBUTING.md", "sample_data/README.md"))]


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        if anchor:
            assert anchor in headings(there), target


def texts_of_the_tree() -> list[Path]:
    """Every text file, but what a build or a test run leaves behind (hidden folders, dist, build)."""
    rooms = [p for p in ROOT.iterdir() if p.name not in {"dist", "build"} and (p.name == ".ci" or p.name[0] != ".")]
    files = [f for room in rooms for f in ([room] if room.is_file() else room.rglob("*"))]
    left = re.compile(r"__pycache__|\..+_cache")
    return [f for f in files if f.is_file() and f.suffix in TEXT_SUFFIXES and not any(map(left.fullmatch, f.parts))]


def test_no_path_of_a_machine_is_in_the_tree() -> None:
    pattern = re.compile(rb"(?<![\w.])/(?:" + rb"|".join([b"work", b"farm", b"root", b"home", b"tmp"]) + rb")/\w")
    found = [name(path) for path in texts_of_the_tree() if pattern.search(path.read_bytes())]
    assert not found


def test_setup_commands_of_readme_are_single_lines() -> None:
    """`.ci/run` runs them word for word."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = dict(re.findall(r"^<!-- setup: (\w+) -->\n```sh\n(.*)\n```$", readme, re.MULTILINE))
    assert set(commands) == {"report", "tests"}
    assert all(command.startswith("python3 -m venv ") for command in commands.values())


CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_example_shows_something(page: Path) -> None:
    """A filter behind a pipe that finds nothing any more would leave an example empty."""
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        shown = [part for part in block.split("$ ncs-analyzer ")[1:] if "  # nothing shown" not in part]
        assert all(len(part.splitlines()) > 1 for part in shown), block


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for key, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, key))
        else:
            yield (*path, key), command


@pytest.mark.parametrize(
    ("path", "command"), list(leaves(commands)), ids=lambda x: " ".join(x) if type(x) is tuple else ""
)
def test_every_command_and_option_is_documented(path: tuple[str, ...], command: click.Command) -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = re.search(rf"^##+ {' '.join(path)}\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE)
    assert section, path
    options = [o for p in command.params if isinstance(p, click.Option) for o in p.opts]
    assert [o for o in options if f"`{o}`" not in section[1]] == []


HEADINGS = [
    "What it is for", "Items", "How counting works", "What is excluded", "Equality and other decisions", "Status and source",
    "Published performance", "Example",
]  # fmt: skip


@pytest.mark.parametrize("key", criteria_sets())
def test_every_set_has_its_page_with_the_fixed_headings(key: str) -> None:
    text = (ROOT / "docs" / "criteria" / f"{key}.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == HEADINGS
    for part in ("purpose", "items", "counting", "excluded", "decisions", "source", "performance"):
        assert f"<!-- begin {part} {key} -->" in text
    assert f"--criteria {key} " in text


def test_every_definition_of_block_is_on_its_page() -> None:
    text = (ROOT / "docs" / "criteria" / "conduction_block.md").read_text(encoding="utf-8")
    assert re.findall(r"<!-- begin block (\w+) -->", text) == list(block_definitions())


def test_no_page_of_a_set_that_does_not_exist() -> None:
    found = {page.stem for page in (ROOT / "docs" / "criteria").glob("*.md")}
    assert found == {*criteria_sets(), "conduction_block", "README"}


def commands_in_text(page: Path) -> list[list[str]]:
    """What is shown to be typed but not run: `ncs-analyzer ...` at the start of a line of a shell block."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("ncs-analyzer ")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


@pytest.mark.parametrize("page", DOCUMENTS, ids=name)
def test_commands_in_text_exist_with_their_options(page: Path) -> None:
    for words in commands_in_text(page):
        command: click.Command = commands
        while isinstance(command, click.Group):
            assert words[0] in command.commands, words
            command = command.commands[words.pop(0)]
        known = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        assert {word for word in words if re.fullmatch(r"--?[a-z][a-z-]*", word)} <= known, words
