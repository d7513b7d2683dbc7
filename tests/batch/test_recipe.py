"""The function of docs/many-machines.md, patient by patient, gives the verdicts of the whole."""

import re
from pathlib import Path

import pandas as pd

from benchmarks.studies import tidy_table
from ncs_analyzer import Readings, analyze
from ncs_analyzer.batch.tables import verdicts_table


def test_the_recipe_gives_the_verdicts_of_the_whole():
    text = (Path(__file__).parents[2] / "docs" / "many-machines.md").read_text("utf-8")
    room: dict = {}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], room)  # noqa: S102 - our own page
    rows = tidy_table(4, 2)
    found = pd.concat([room["verdicts_of_a_patient"](own) for _, own in rows.groupby("patient_id")], ignore_index=True)
    records = rows.astype(object).where(rows.notna(), None).to_dict("records")
    whole = verdicts_table(analyze(Readings.from_rows(records)))
    assert found["verdict"].tolist() == whole["verdict"].astype(str).tolist()
    assert found["settled"].tolist() == whole["settled"].tolist()
