"""Batch of one tidy CSV against `pandas.read_csv` of it plus writing the same tables with pandas; fresh processes.

    python -m benchmarks.batch [--readings 1000000] [--workers 2]

The writing is measured twice: as CSV (`to_csv`) and as Feather, the fastest format pandas writes.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Run, line, python, run
from benchmarks.studies import ROWS_PER_STUDY, write_tidy

AIM = 5.0
TABLES = ("readings", "nerves", "verdicts", "conduction_block", "changes", "studies")

READ = "import pandas; pandas.read_csv({path!r})"
LOAD = "import pandas; tables = [pandas.read_csv(p, low_memory=False) for p in {tables!r}]"
AS_CSV = LOAD + "; [t.to_csv({out!r}, index=False) for t in tables]"
AS_FEATHER = LOAD + "; [t.to_feather({out!r}) for t in tables]"


def main() -> None:
    """Print both ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readings", type=int, default=1_000_000, help="rows of the table")
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        path, out = Path(room) / "tidy.csv", Path(room) / "out"
        write_tidy(path, chosen.readings // ROWS_PER_STUDY)
        command = [
            sys.executable,
            "-m",
            "ncs_analyzer",
            "batch",
            str(path),
            "-o",
            str(out),
            "--quiet",
            "--format",
            "csv",
        ]
        ours = run([*command, "--workers", str(chosen.workers)])
        named = {"path": str(path), "tables": [str(out / f"{t}.csv") for t in TABLES], "out": str(Path(room) / "copy")}
        read, load, csv, feather = (python(code.format(**named)) for code in (READ, LOAD, AS_CSV, AS_FEATHER))
    for what, written in (("to_csv", csv), ("to_feather", feather)):
        bare = Run(read.seconds + written.seconds - load.seconds, read.cpu + written.cpu - load.cpu, read.peak)
        print(line(f"{chosen.readings} readings, read_csv and {what}", ours, bare, AIM))


if __name__ == "__main__":
    main()
