"""Batch of one tidy CSV against bare pandas: importing it, `read_csv` of that file, and writing the same tables.

    python -m benchmarks.batch [--readings 1000000] [--workers 2] [--ten]

Fresh processes. The bare writing is measured twice: as CSV (`to_csv`, the same bytes) and as Feather, the fastest format
that pandas writes; loading the tables for it is not counted. `--ten`: ten times the readings too, against the first run.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.measure import Run, line, run
from benchmarks.studies import ROWS_PER_STUDY, write_tidy

AIM: Final = 5.0
AIM_OF_TEN: Final = 10.5
TABLES: Final = ("readings", "nerves", "verdicts", "conduction_block", "changes", "studies")

BARE: Final = """
import json, sys, time
start = time.perf_counter()
import pandas
pandas.read_csv({path!r})
found = {{"read": time.perf_counter() - start}}
tables = [pandas.read_csv(p, low_memory=False) for p in {tables!r}]
for how, options in (("to_csv", {{"index": False}}), ("to_feather", {{}})):
    start = time.perf_counter()
    for table in tables:
        getattr(table, how)({copy!r}, **options)
    found[how] = time.perf_counter() - start
print(json.dumps(found))
"""


def batch(path: Path, out: Path, workers: int, *more: str) -> Run:
    """One batch of a file, everything written."""
    command = [sys.executable, "-m", "ncs_analyzer", "batch", str(path), "-o", str(out), "--quiet", "--force"]
    return run([*command, "--workers", str(workers), *more])


def bare(path: Path, out: Path, copy: Path) -> dict[str, float]:
    """Seconds of pandas alone: `read` (with its import), `to_csv`, `to_feather`."""
    names = {"path": str(path), "tables": [str(out / f"{t}.csv") for t in TABLES], "copy": str(copy)}
    command = [sys.executable, "-c", BARE.format(**names)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readings", type=int, default=1_000_000, help="rows of the table")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ten", action="store_true", help="also ten times the readings")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        path, out = Path(room) / "tidy.csv", Path(room) / "out"
        write_tidy(path, chosen.readings // ROWS_PER_STUDY)
        runs = {form: batch(path, out, chosen.workers, "--format", form) for form in ("csv", "parquet")}
        alone = bare(path, out, Path(room) / "copy")
        for form, ours in runs.items():
            for how in ("to_csv", "to_feather"):
                seconds = alone["read"] + alone[how]
                print(
                    line(f"{chosen.readings} readings, {form}, read_csv and {how}", ours, Run(seconds, seconds, 0), AIM)
                )
        if chosen.ten:
            write_tidy(path, 10 * chosen.readings // ROWS_PER_STUDY)
            ten = batch(path, out, chosen.workers, "--format", "csv")
            print(line("ten times the readings, csv, the first run", ten, runs["csv"], AIM_OF_TEN))


if __name__ == "__main__":
    main()
