"""Read and analyse one tidy CSV, with all sets, against a bare `pandas.read_csv` of it; each in a fresh process.

python -m benchmarks.analyze [--readings 100000] [--runs 3]
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.measure import Run, line, python
from benchmarks.studies import ROWS_PER_STUDY, write_tidy

AIM = 10.0

BARE = "import pandas, time; t = time.perf_counter(); pandas.read_csv({path!r}); print(time.perf_counter() - t)"
OURS = "from ncs_analyzer import read, analyze; a = analyze(read({path!r})); a.pattern.category"
IMPORT_BARE, IMPORT_OURS = (
    "import pandas",
    "import ncs_analyzer.pipeline, ncs_analyzer.ingest, ncs_analyzer.interpretation.pattern",
)


def main() -> None:
    """Print the ratio of the whole processes, and of the work without the imports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readings", type=int, default=100_000, help="rows of the table")
    parser.add_argument("--runs", type=int, default=3, help="runs of each, the fastest counts")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tidy.csv"
        write_tidy(path, chosen.readings // ROWS_PER_STUDY)
        runs = {
            name: min((python(code.format(path=str(path))) for _ in range(chosen.runs)), key=lambda r: r.cpu)
            for name, code in (("bare", BARE), ("ours", OURS), ("bare import", IMPORT_BARE), ("import", IMPORT_OURS))
        }
    print(line(f"{chosen.readings} readings, process", runs["ours"], runs["bare"], AIM))
    print(line("without imports", _less(runs["ours"], runs["import"]), _less(runs["bare"], runs["bare import"]), AIM))


def _less(whole: Run, part: Run) -> Run:
    return Run(max(whole.seconds - part.seconds, 1e-3), max(whole.cpu - part.cpu, 1e-3), whole.peak)


if __name__ == "__main__":
    main()
