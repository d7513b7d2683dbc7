"""Write the corpus of invented exports and their ground truth.

    python make_exports.py            every family
    python make_exports.py A E X      some of them (X: broken and hostile files)

Plain Python 3.11 and openpyxl; the same bytes every time.
"""

from __future__ import annotations

import importlib
import shutil
import sys

from generator.kit import FILES, TRUTH

FAMILIES = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "X"]


def main(chosen: list[str]) -> None:
    for letter in chosen or FAMILIES:
        for root in (FILES, TRUTH):
            shutil.rmtree(root / letter, ignore_errors=True)
        module = importlib.import_module(f"generator.family_{letter.lower()}")
        getattr(module, f"family_{letter.lower()}")()
        print(letter, len(list((FILES / letter).iterdir())), "files")


if __name__ == "__main__":
    main([a.upper() for a in sys.argv[1:]])
