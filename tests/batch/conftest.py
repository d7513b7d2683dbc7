"""Invented studies for the tests of whole batches."""

from pathlib import Path

import pandas as pd
import pytest

from benchmarks.studies import tidy_table
from ncs_analyzer.batch.run import Choices, run
from ncs_analyzer.pipeline import Settings
from ncs_analyzer.reference.tables import default_reference

TABLES = ("readings", "nerves", "verdicts", "conduction_block", "changes", "studies", "items", "issues", "files")


def some_studies(n=18, seed=3):
    """Studies with flaws: a bad cell, a blank id, an ambiguous date, a missing age, a duplicate, a foreign nerve."""
    table = tidy_table(n, seed).astype(object)
    table["site"] = ["A" if int(p[1:]) % 2 else "B" for p in table["patient_id"]]
    table.loc[3, "latency_ms"] = "x.y"
    table.loc[41, "patient_id"] = None
    table.loc[45, "nerve"] = "optic"
    table.loc[80:119, "study_date"] = "03/04/2019"
    table.loc[120:159, "study_date"] = "13/04/2019"
    table.loc[160:199, "age_years"] = None
    table.loc[205, "recording"] = None
    table.loc[245, "recording"] = None
    table.loc[285, "recording"] = None
    return pd.concat([table, table.iloc[[300]]])


@pytest.fixture
def studies_file(tmp_path):
    path = tmp_path / "in" / "studies.csv"
    path.parent.mkdir()
    some_studies().to_csv(path, index=False)
    return path


def batch(files, folder, rows_at_once=40_000, **options):
    choices = {k: options.pop(k) for k in ("parquet", "resume", "force") if k in options}
    chosen = Choices(default_reference(), Settings(), rows_at_once=rows_at_once, **choices)
    return run([str(f) for f in files], Path(folder), chosen, **options)


def contents(folder, kinds=(".csv",)):
    return {p.name: p.read_bytes() for p in sorted(Path(folder).iterdir()) if p.name.endswith(tuple(kinds))}
