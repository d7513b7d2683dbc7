"""A batch and a cohort as processes of their own: killed, interrupted, without room, into places that cannot be."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from tests.batch.conftest import contents, some_studies

SMALL_PARTITIONS = """
import functools, os, signal, sys, time
from pathlib import Path
import ncs_analyzer.batch.run as run
from ncs_analyzer.batch.outputs import Outputs
run.Choices = functools.partial(run.Choices, rows_at_once=100)
when, number = sys.argv.pop(1), int(sys.argv.pop(1))
seen = []
def deadly(holder, name):
    real = getattr(holder, name)
    def call(*given):
        if len(seen) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        seen.append(1)
        return real(*given)
    setattr(holder, name, call)
if when == "adding":
    deadly(Outputs, "add")
if when == "writing":
    replace = Path.replace
    def in_the_middle(path, to):  # the tables have grown, the journal does not know it yet
        if path.name == "journal.new" and len(seen) == number + 1:
            os.kill(os.getpid(), signal.SIGKILL)
        seen.append(1)
        return replace(path, to)
    Path.replace = in_the_middle
if when == "finishing":
    finish = Outputs.finish
    def begin(*given):
        deadly(Path, "replace")
        return finish(*given)
    Outputs.finish = begin
if when == "worker":
    add = Outputs.add
    def kill_workers(*given):
        import multiprocessing.process
        for child in multiprocessing.process.active_children():
            os.kill(child.pid, signal.SIGKILL)
        return add(*given)
    Outputs.add = kill_workers
from ncs_analyzer.cli import main
main()
"""


WAITING = """
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is started deaf to it
def wait(outputs, *_):
    (outputs.work / "waiting").touch()
    while True:  # never `signal.pause`: a signal just before it would be waited for in vain
        time.sleep(0.01)
Outputs.add = wait
from ncs_analyzer.cli import main
"""
"""Stops before the first partition is written."""


def command(*arguments, when=None, **options):
    """The command line; `when`: (`adding` or `finishing`, number): the moment at which the process kills itself."""
    start = ["-c", SMALL_PARTITIONS, when[0], str(when[1])] if when else ["-m", "ncs_analyzer"]
    return subprocess.run(
        [sys.executable, *start, *map(str, arguments)], capture_output=True, text=True, timeout=120, **options
    )


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    room = tmp_path_factory.mktemp("robust")
    (room / "in").mkdir()
    some_studies().to_csv(room / "in" / "studies.csv", index=False)
    command("batch", room / "in", "-o", room / "whole", "--quiet")
    return room


EVERYTHING = (".csv", ".parquet", ".json")


@pytest.mark.parametrize(
    ("when", "workers"), [(("writing", 0), 1), (("writing", 2), 2), (("adding", 3), 2), (("finishing", 7), 1)]
)
def test_killed_and_resumed(room, tmp_path, when, workers):
    out = tmp_path / "out"
    arguments = ("batch", room / "in", "-o", out, "--workers", workers, "--quiet")
    killed = command(*arguments, when=when)
    assert killed.returncode == -signal.SIGKILL
    tables = [p.name for p in out.iterdir() if not p.name.startswith(".")]
    for name in tables:  # what is there under its name is whole
        if name.endswith(".csv"):
            assert (out / name).read_bytes() == (room / "whole" / name).read_bytes()
    refused = command(*arguments)
    assert refused.returncode == 2
    assert "--resume" in refused.stderr
    done = command(*arguments, "--resume", when=("never", 0))
    assert done.returncode == 1, done.stderr  # the input has a bad cell
    assert contents(out, (".csv",)) == contents(room / "whole", (".csv",))
    assert not [p for p in out.iterdir() if p.name.startswith(".")]


def test_resume_of_a_finished_run_changes_nothing(room, tmp_path):
    shutil.copytree(room / "whole", tmp_path / "out")
    command("batch", room / "in", "-o", tmp_path / "out", "--resume", "--quiet")
    assert contents(tmp_path / "out", EVERYTHING) == contents(room / "whole", EVERYTHING)
    (tmp_path / "other.csv").write_bytes((room / "in" / "studies.csv").read_bytes())
    other = command("batch", tmp_path / "other.csv", "-o", tmp_path / "out", "--resume", "--quiet")
    assert other.returncode == 2
    assert "another run" in other.stderr


def test_a_stream_is_never_the_same_input(room, tmp_path):
    text = (room / "in" / "studies.csv").read_text()
    killed = command("batch", "-", "-o", tmp_path / "out", "--quiet", when=("adding", 3), input=text)
    assert killed.returncode == -signal.SIGKILL
    other = text.replace("P000", "Q000")
    command("batch", "-", "-o", tmp_path / "out", "--quiet", "--resume", when=("never", 0), input=other)
    assert set(pd.read_csv(tmp_path / "out" / "studies.csv")["patient_id"].str[0]) == {"Q"}


def test_a_killed_worker_is_said(room, tmp_path):
    out = tmp_path / "out"
    lost = command("batch", room / "in", "-o", out, "--workers", 2, "--quiet", when=("worker", 0))
    assert lost.returncode == 2
    assert "--resume" in lost.stderr
    assert "Traceback" not in lost.stderr
    command("batch", room / "in", "-o", out, "--resume", "--quiet", when=("never", 0))
    assert contents(out) == contents(room / "whole")


@pytest.mark.parametrize("workers", [1, 2])
def test_interrupted(room, tmp_path, workers):
    slow = SMALL_PARTITIONS.replace(
        "from ncs_analyzer.cli import main",
        WAITING,
    )
    arguments = ["batch", str(room / "in"), "-o", str(tmp_path / "out"), "--workers", str(workers)]
    with subprocess.Popen(
        [sys.executable, "-c", slow, "never", "0", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            while not (tmp_path / "out" / ".ncs-analyzer-unfinished" / "waiting").exists():
                assert process.poll() is None
                time.sleep(0.05)
            os.killpg(process.pid, signal.SIGINT)
            said = process.communicate(timeout=60)[1]
        finally:
            process.kill()
    assert process.returncode == 130
    assert "Traceback" not in said
    assert [p.name for p in (tmp_path / "out").iterdir()] == [".ncs-analyzer-unfinished"]


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_no_room(room, tmp_path):
    """A limit on the size of files stands for a full disk: writing fails in the middle."""
    out = tmp_path / "out"
    full = command("batch", room / "in", "-o", out, "--quiet", preexec_fn=small_files)
    assert full.returncode == 2
    assert "cannot be written" in full.stderr
    assert "Traceback" not in full.stderr
    assert [p.name for p in out.iterdir()] == [".ncs-analyzer-unfinished"]
    command("batch", room / "in", "-o", out, "--quiet", "--resume")
    assert contents(out) == contents(room / "whole")
    full = command("cohort", room / "whole", "-o", tmp_path / "cohort", "--deidentify", preexec_fn=small_files)
    assert full.returncode == 2
    assert "cannot be written" in full.stderr
    assert list((tmp_path / "cohort").iterdir()) == []
    assert not (tmp_path / "cohort.key.csv").exists()


def test_places_that_cannot_be(room, tmp_path):
    (tmp_path / "file").write_text("mine")
    for arguments in (("batch", room / "in"), ("cohort", room / "whole")):
        for place in (tmp_path / "file", tmp_path / "file" / "out", "/proc/nothing"):
            refused = command(*arguments, "-o", place)
            assert refused.returncode == 2
            assert "Error: " in refused.stderr
            assert "Traceback" not in refused.stderr
    assert (tmp_path / "file").read_text() == "mine"
    into_batch = command("cohort", room / "whole", "-o", room / "whole")
    assert into_batch.returncode == 2
    assert "name another folder" in into_batch.stderr


def test_two_at_once(room, tmp_path):
    out = tmp_path / "out"
    slow = SMALL_PARTITIONS.replace(
        "from ncs_analyzer.cli import main",
        WAITING,
    )
    first = subprocess.Popen(
        [sys.executable, "-c", slow, "never", "0", "batch", str(room / "in"), "-o", str(out)], stderr=subprocess.DEVNULL
    )
    while not (out / ".ncs-analyzer-unfinished" / "waiting").exists():
        time.sleep(0.05)
    second = command("batch", room / "in", "-o", out, "--force", "--quiet")
    first.kill()
    first.wait()
    assert second.returncode == 2
    assert "Another run" in second.stderr
    assert command("batch", room / "in", "-o", out, "--force", "--quiet").returncode == 1
    assert contents(out) == contents(room / "whole")


def test_results_inside_the_input_are_never_input(room, tmp_path):
    shutil.copytree(room / "in", tmp_path / "in")
    deep = tmp_path / "in" / ("ü" * 60) / ("l" * 120) / "日本"
    deep.mkdir(parents=True)
    (tmp_path / "in" / "studies.csv").rename(deep / "Übung (1).csv")
    first = command("batch", tmp_path / "in", "-o", tmp_path / "in" / "first", "--quiet")
    assert first.returncode == 1
    command("cohort", tmp_path / "in", "-o", tmp_path / "in" / "cohort", "--deidentify", "--quiet")
    second = command("batch", tmp_path / "in", "-o", tmp_path / "in" / "second", "--quiet")
    assert "Left out" in second.stderr
    assert "cohort.key.csv" in second.stderr
    assert contents(tmp_path / "in" / "second") == contents(tmp_path / "in" / "first")
    assert pd.read_csv(tmp_path / "in" / "first" / "files.csv")["file"].tolist() == [str(deep / "Übung (1).csv")]
    all_own = command("batch", tmp_path / "in", "-o", tmp_path / "in")
    assert all_own.returncode == 2
    assert "folder for the result" in all_own.stderr


def test_files_say_when_they_were_changed(room, tmp_path):
    path = tmp_path / "studies.csv"
    shutil.copy(room / "in" / "studies.csv", path)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    done = command("batch", path, "-o", tmp_path / "out")
    assert pd.read_csv(tmp_path / "out" / "files.csv")["modified"].tolist() == ["2023-11-14T22:13:20Z"]
    assert done.stderr.rstrip().endswith(" s")  # how long it took is said, and stands in no file
