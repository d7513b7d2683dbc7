"""The start: `--help` against importing click, a report of one patient against importing pandas; fresh processes.

    python -m benchmarks.startup [--runs 15]

All commands run in turn, so that a busy machine slows all of them alike; of each the median counts. The first run of
each is left out: it may still compile modules and read them from the disk.
"""

import argparse
import csv
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.measure import Run, line, run

AIM_HELP, AIM_REPORT = 2.5, 1.8
SAMPLES = Path(__file__).parents[1] / "sample_data"


def main() -> None:
    """Print every ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="runs of each")
    chosen = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its modules compiled
    with tempfile.TemporaryDirectory() as folder:
        tidy = Path(folder) / "tidy.csv"
        _one_patient(tidy)
        click, pandas = _python("-c", "import click"), _python("-c", "import pandas")
        commands = {"--help": _python("-m", "ncs_analyzer", "--help")} | {
            f"report of {name}, {form}": _report(*arguments, "--format", form)
            for name, arguments in (
                ("a workbook", (str(SAMPLES / "emg_summary.xlsx"), "--patient", "P15")),
                ("a printed report as CSV", (str(SAMPLES / "emg_summary.csv"),)),
                ("a tidy table", (str(tidy),)),
            )
            for form in ("text", "json")
        }
        found = _in_turn([click, pandas, *commands.values()], chosen.runs)
    for what, ours in zip(commands, found[2:], strict=True):
        bare, aim = (found[0], AIM_HELP) if what == "--help" else (found[1], AIM_REPORT)
        print(line(what, ours, bare, aim))


def _one_patient(path: Path) -> None:
    """The rows of the first patient of the tidy sample."""
    with (SAMPLES / "tidy.csv").open(encoding="utf-8", newline="") as stream:
        head, *rows = csv.reader(stream)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *(row for row in rows if row[0] == rows[0][0])])


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _report(*arguments: str) -> list[str]:
    return _python("-m", "ncs_analyzer", "report", *arguments, "--quiet")


def _in_turn(commands: Sequence[Sequence[str]], runs: int) -> list[Run]:
    """The median of several runs of each command, all in turn."""
    rounds = [[run(command) for command in commands] for _ in range(runs + 1)][1:]
    return [
        Run(median(r.seconds for r in own), median(r.cpu for r in own), max(r.peak for r in own))
        for own in zip(*rounds, strict=True)
    ]


if __name__ == "__main__":
    main()
