"""A batch of invented studies with groups and labels, made once."""

import pytest

from benchmarks.studies import tidy_table
from ncs_analyzer.cohort.results import load
from tests.batch.conftest import batch


@pytest.fixture(scope="session")
def batch_folder(tmp_path_factory):
    room = tmp_path_factory.mktemp("cohort")
    table = tidy_table(60, seed=5)
    table["diagnosis"] = table["group"]
    table.loc[table["patient_id"] == "P000002", "diagnosis"] = None
    table.loc[table["patient_id"] == "P000003", "age_years"] = 94
    table = table.drop(table.index[(table["study"] == "f_wave") & (table["patient_id"] < "P000020")])
    table.to_csv(room / "studies.csv", index=False)
    batch([room / "studies.csv"], room / "out")
    return room / "out"


@pytest.fixture
def results(batch_folder):
    return load(batch_folder)
