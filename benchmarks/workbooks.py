"""Many small workbooks, and one large one, against a bare python-calamine loop over the same files; fresh processes.

    python -m benchmarks.workbooks [--files 500] [--rows 100000] [--runs 3]

`check` reads, checks and writes what it found; `batch` analyses and writes every table. Both are measured as whole
processes, and without what Python takes to import pandas, which no bare loop needs.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.measure import Run, best, line
from benchmarks.studies import ROWS_PER_STUDY, tidy_table

AIM_OF_MANY: Final = 4.0
AIM_OF_LARGE: Final = 1.5

BARE: Final = """
import pathlib, python_calamine
for path in sorted(pathlib.Path({folder!r}).iterdir()):
    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()
"""


def write_many(folder: Path, files: int) -> None:
    """One workbook for each study."""
    table = tidy_table(files)
    for i in range(files):
        study = table.iloc[i * ROWS_PER_STUDY : (i + 1) * ROWS_PER_STUDY]
        study.to_excel(folder / f"study{i:05}.xlsx", index=False)


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500, help="small workbooks of 40 rows")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the large workbook")
    parser.add_argument("--runs", type=int, default=3, help="runs of each, the fastest counts")
    chosen = parser.parse_args()
    start = best(chosen.runs, [sys.executable, "-c", "import pandas"])
    with tempfile.TemporaryDirectory() as name:
        small, large, out = (Path(name) / part for part in ("small", "large", "out"))
        small.mkdir()
        large.mkdir()
        write_many(small, chosen.files)
        tidy_table(chosen.rows // ROWS_PER_STUDY).to_excel(large / "large.xlsx", index=False)
        for what, folder, aim in (
            (f"{chosen.files} workbooks", small, AIM_OF_MANY),
            (f"a workbook of {chosen.rows} rows", large, AIM_OF_LARGE),
        ):
            bare = best(chosen.runs, [sys.executable, "-c", BARE.format(folder=str(folder))])
            for command in ("check", "batch"):
                given = [command, str(folder), "-o", str(out / command), "--quiet", "--force"]
                (out / command).parent.mkdir(exist_ok=True)
                ours = best(chosen.runs, [sys.executable, "-m", "ncs_analyzer", *given])
                print(line(f"{command} of {what}", ours, bare, aim))
                without = Run(ours.seconds - start.seconds, ours.cpu - start.cpu, ours.peak)
                print(line("  without importing pandas", without, bare, aim))


if __name__ == "__main__":
    main()
