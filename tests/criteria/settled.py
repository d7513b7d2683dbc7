"""What the oracle says of `settled` and `could_change`, kept in a file: it tries every value of every blank, which takes
about a second a study. `python -m tests.criteria.settled` writes the file anew (minutes).
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from tests.criteria.agreement import random_studies
from tests.oracle import evaluate
from tests.studies import Row

FILE: Final = Path(__file__).parent / "settled.json"
STUDIES: Final = 250
SEED: Final = 7


def digest(rows: list[Row]) -> str:
    """Which study this is, by its rows."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:16]


def said_of(rows: list[Row]) -> dict[str, list[list[str]] | None]:
    """By set: None where settled, else the measures that alone can change the verdict."""
    return {
        set_id: None if result.settled else sorted(map(list, result.could_change or ()))
        for set_id, result in evaluate(rows).items()
    }


def kept() -> dict[str, Any]:
    """The file: by digest of a study, what the oracle says."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def write() -> None:
    """Ask the oracle about every study."""
    said = {digest(rows): said_of(rows) for rows in random_studies(STUDIES, SEED).values()}
    lines = [f"{json.dumps(key)}: {json.dumps(value, sort_keys=True)}" for key, value in sorted(said.items())]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    write()
