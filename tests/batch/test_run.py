"""A batch: the same tables however it is cut, shared out or interrupted."""

import json
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext

import pandas as pd
import pytest

from ncs_analyzer import analyze, read
from ncs_analyzer.batch import outputs as outputs_module
from ncs_analyzer.batch import run as run_module
from ncs_analyzer.batch.outputs import WORK, OutputError
from ncs_analyzer.report.as_csv import write_issues, write_readings
from tests.batch.conftest import TABLES, batch, contents, some_studies


@pytest.fixture
def whole(studies_file, tmp_path):
    batch([studies_file], tmp_path / "whole")
    return contents(tmp_path / "whole")


def test_writes_every_table_and_its_stamp(studies_file, tmp_path):
    summary = batch([studies_file], tmp_path / "out", parquet=True)
    names = {p.name for p in (tmp_path / "out").iterdir()}
    assert names == {f"{table}.{kind}" for table in TABLES for kind in ("csv", "parquet", "meta.json")}
    for table in TABLES:
        csv = pd.read_csv(tmp_path / "out" / f"{table}.csv")
        stamp = json.loads((tmp_path / "out" / f"{table}.meta.json").read_text())
        assert stamp["rows"] == len(csv)
        assert len(stamp["input"][0]["sha256"]) == 64
    assert summary.rows["read"] == summary.rows["used"] + summary.rows["reported"]
    assert summary.rows["read"] == len(some_studies())


def test_readings_and_issues_are_those_of_a_single_analysis(studies_file, whole, tmp_path):
    readings = read(studies_file)
    with (tmp_path / "r.csv").open("w", newline="") as stream:
        write_readings(analyze(readings), stream)
    with (tmp_path / "i.csv").open("w", newline="") as stream:
        write_issues(readings, stream)
    assert whole["readings.csv"] == (tmp_path / "r.csv").read_bytes()
    assert whole["issues.csv"] == (tmp_path / "i.csv").read_bytes()


@pytest.mark.parametrize("rows_at_once", [1, 90, 250])
@pytest.mark.parametrize("large", [False, True])
def test_partitions_equal_whole(studies_file, whole, tmp_path, monkeypatch, rows_at_once, large):
    if large:
        monkeypatch.setattr("ncs_analyzer.ingest.LARGE_GRID", 1)
    batch([studies_file], tmp_path / "cut", rows_at_once=rows_at_once)
    assert contents(tmp_path / "cut") == whole


def test_two_workers_write_the_same_bytes(studies_file, whole, tmp_path):
    batch([studies_file], tmp_path / "two", rows_at_once=150, workers=2)
    assert contents(tmp_path / "two") == whole


def test_patients_over_several_files_are_one_patient(whole, tmp_path):
    table = some_studies().drop(columns="site")
    table["patient_id"] = table["patient_id"].ffill()
    table = table[table["study_date"].map(lambda d: "/" not in d)]
    (tmp_path / "parts").mkdir()
    for i in range(3):
        table.iloc[i::3].to_csv(tmp_path / "parts" / f"{i}.csv", index=False)
    table.to_csv(tmp_path / "one.csv", index=False)
    batch(sorted((tmp_path / "parts").iterdir()), tmp_path / "split", rows_at_once=80)
    batch([tmp_path / "one.csv"], tmp_path / "single")
    for name in ("verdicts.csv", "nerves.csv", "changes.csv", "studies.csv"):
        assert contents(tmp_path / "split")[name] == contents(tmp_path / "single")[name]


def test_parquet_holds_what_csv_holds(studies_file, tmp_path):
    batch([studies_file], tmp_path / "out", parquet=True, rows_at_once=100)
    for table in TABLES:
        csv = pd.read_csv(tmp_path / "out" / f"{table}.csv", dtype=str, keep_default_na=False)
        parquet = pd.read_parquet(tmp_path / "out" / f"{table}.parquet")
        assert list(csv) == list(parquet)
        assert len(csv) == len(parquet)
        for name in ("patient_id", "criteria", "file"):
            if name in parquet:
                assert parquet[name].astype(str).tolist() == csv[name].tolist()


class Killed(BaseException):
    """Stands for a process that ends in the middle."""


def kill(*_):
    raise Killed


@pytest.mark.parametrize("after", [1, 2, 4])
def test_an_interrupted_run_leaves_no_table_and_goes_on(studies_file, whole, tmp_path, monkeypatch, after):
    folder, begun = tmp_path / "out", outputs_module.Outputs.add
    done = []

    def add(self, journal, outcome):
        if len(done) == after:
            with (self.work / "readings.csv").open("ab") as stream:
                stream.write(b"half a li")
            raise Killed
        done.append(1)
        begun(self, journal, outcome)

    monkeypatch.setattr(outputs_module.Outputs, "add", add)
    with pytest.raises(Killed):
        batch([studies_file], folder, rows_at_once=100)
    assert [p.name for p in folder.iterdir()] == [WORK]
    monkeypatch.setattr(outputs_module.Outputs, "add", begun)
    with pytest.raises(OutputError, match="--resume"):
        batch([studies_file], folder, rows_at_once=100)
    summary = batch([studies_file], folder, rows_at_once=100, resume=True)
    assert summary.taken_over == after
    assert contents(folder) == whole
    assert not (folder / WORK).exists()


def test_resume_starts_anew_when_the_input_changed(studies_file, tmp_path, monkeypatch):
    folder = tmp_path / "out"
    monkeypatch.setattr(run_module, "_finish", kill)
    with pytest.raises(Killed):
        batch([studies_file], folder, rows_at_once=100)
    monkeypatch.undo()
    text = studies_file.read_text()
    studies_file.write_text(text.replace("median", "ulnar", 1))
    assert batch([studies_file], folder, rows_at_once=100, resume=True).taken_over == 0


def test_existing_tables_are_not_overwritten_unasked(studies_file, tmp_path):
    batch([studies_file], tmp_path / "out")
    with pytest.raises(OutputError, match="--force"):
        batch([studies_file], tmp_path / "out")
    batch([studies_file], tmp_path / "out", force=True)


def test_a_folder_that_cannot_be_written_is_refused_before_work(studies_file, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        batch([studies_file], tmp_path / "file" / "out")


def test_one_bad_file_never_stops_the_rest(studies_file, tmp_path):
    bad = studies_file.parent / "a_bad.xlsx"
    bad.write_bytes(b"PK\x03\x04 this is no workbook")
    summary = batch([bad, studies_file], tmp_path / "out")
    files = pd.read_csv(tmp_path / "out" / "files.csv")
    assert files["file"].tolist() == [str(bad), str(studies_file)]
    assert files["errors"].tolist()[0] == 1
    assert summary.studies > 0


def test_a_file_that_brings_the_worker_down_is_left_out(studies_file, tmp_path, monkeypatch):
    bad = studies_file.parent / "a_bad.csv"
    bad.write_text(studies_file.read_text())
    real = run_module.draft_files

    def fragile(names, profile):
        if str(bad) in names:
            raise BrokenProcessPool
        return real(names, profile)

    monkeypatch.setattr(run_module, "draft_files", fragile)
    monkeypatch.setattr(run_module, "local", lambda _: nullcontext(Quick()))
    batch([bad, studies_file], tmp_path / "out", workers=2)
    issues = pd.read_csv(tmp_path / "out" / "issues.csv")
    assert "brought the program down" in issues[issues["file"] == str(bad)]["message"].iloc[0]


class Quick:
    """An executor that works at once, and gives errors with the result as a pool does."""

    def submit(self, work, *given):
        future = Future()
        try:
            future.set_result(work(*given))
        except Exception as error:  # noqa: BLE001 - handed over like a pool does
            future.set_exception(error)
        return future
