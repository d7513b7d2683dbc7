"""Write what the program says of itself into README.md and docs/: `python docs/build.py` (`--check` only looks).

Two kinds of blocks are filled in, everything else on a page is written by hand:

- a fence that starts with ```console: each line `$ ncs-analyzer ...` is run on a copy of sample_data/ and followed by
  what it printed on standard output. A pipe behind it is run by the shell; after `# nothing shown` nothing is shown;
- `<!-- begin NAME ARGUMENT -->` ... `<!-- end -->`: what the function NAME of docs/generated.py gives for ARGUMENT.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

import generated

from ncs_analyzer.cli import commands

CONSOLE = re.compile(r"(?<=^```console\n)(.*?)(?=^```$)", re.DOTALL | re.MULTILINE)
FILLED = re.compile(r"^<!-- begin (\w+)(?: (\w+))? -->\n.*?^<!-- end -->$", re.DOTALL | re.MULTILINE)
PROMPT = "$ ncs-analyzer "


def pages() -> list[Path]:
    """README.md and every page below docs/."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def filled(page: Path) -> str:
    """The page with every generated block and every console output as the program gives them now."""
    text = page.read_text(encoding="utf-8")
    text = FILLED.sub(lambda m: f"{m[0].splitlines()[0]}\n{_generate(m[1], m[2])}\n<!-- end -->", text)
    with at_the_root_of_a_copy():
        return CONSOLE.sub(lambda m: _answered(m[1]), text)


def _generate(name: str, argument: str | None) -> str:
    function: Callable[..., str] = getattr(generated, name)
    return function(*([argument] if argument else []))


@contextlib.contextmanager
def at_the_root_of_a_copy() -> Iterator[Path]:
    """Stand in a folder that holds a copy of sample_data/ and nothing else."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "sample_data", Path(folder) / "sample_data")
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


def _answered(block: str) -> str:
    """A console block: its commands, each followed by what it prints."""
    lines = []
    for line in block.splitlines():
        if line.startswith("$ "):
            lines += [line, *(printed(line) if line.startswith(PROMPT) else [])]
    return "\n".join(lines) + "\n"


def printed(line: str) -> list[str]:
    """What a line `$ ncs-analyzer ...` prints on standard output."""
    command, _, pipe = line.removeprefix(PROMPT).partition(" | ")
    command, _, hidden = command.partition("  # ")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        commands.main(shlex.split(command), prog_name="ncs-analyzer", standalone_mode=False)
    text = out.getvalue()
    if pipe:
        text = subprocess.run(["sh", "-c", pipe], input=text, capture_output=True, text=True, check=True).stdout
    return [] if hidden == "nothing shown" else text.rstrip("\n").split("\n")


def main() -> int:
    """Write the pages that are stale; with --check, only name them."""
    stale = [(page, text) for page in pages() if (text := filled(page)) != page.read_text(encoding="utf-8")]
    for page, text in stale:
        print(page.relative_to(ROOT))
        if "--check" not in sys.argv:
            page.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
