"""Nothing that a file holds stops the program, and every row is accounted for."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ncs_analyzer.ingest.files import open_file
from ncs_analyzer.readings import Readings
from tests.exports.generator.containers import ods, xls
from tests.ingest import broken

CELLS = st.one_of(
    st.none(), st.text(max_size=8), st.floats(), st.integers(-1000, 1000), st.dates(),
    st.sampled_from(["NR", "<1", "#N/A", "3,5", "4.2*", "left", "median", "wrist", "motor", "0", "-", "5 ft 9", "=1+1"]),
)  # fmt: skip
ROWS = st.lists(st.dictionaries(st.sampled_from(broken.HEADINGS), CELLS, min_size=1), min_size=1, max_size=8)
SOUND: list[list[Any]] = [list(broken.HEADINGS), *(list(row) for row in broken.ROWS)]
FILES = (broken.workbook(), xls("s", SOUND), ods("s", SOUND), broken.csv_text().encode())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(ROWS)
def test_any_cells_in_a_tidy_table(rows: list[dict[str, Any]]) -> None:
    readings = Readings.from_rows(rows)
    assert readings.rows["read"] == readings.rows["used"] + readings.rows["reported"]
    spoken = {issue.row for issue in readings.issues} - {None}
    assert len(spoken) >= readings.rows["reported"]


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(0, len(FILES) - 1), st.integers(0, 2**32))
def test_any_damage_to_a_file_is_an_issue_or_harmless(which: int, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(FILES[which])
    for _ in range(chance.choice((1, 3, 20))):
        at, length = chance.randrange(len(content) + 1), chance.randrange(1, 40)
        if chance.random() < 0.5:
            content[at : at + length] = chance.randbytes(length)
        else:
            del content[at : at + length]
        content = content or bytearray(b"x")
    opened = open_file("a.bin", bytes(content))
    assert opened.grids or opened.issues
