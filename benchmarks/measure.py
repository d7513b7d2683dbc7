"""Fresh processes, timed, with the peak memory of the process and all its children."""

import ctypes
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """What one process took: `seconds` on the clock, `cpu` seconds of all its processes, `peak` memory in MB."""

    seconds: float
    cpu: float
    peak: float


def run(arguments: Sequence[str], expect: tuple[int, ...] = (0,)) -> Run:
    """Run a command and measure it; its output is thrown away."""
    _adopt()
    begun, before = time.perf_counter(), os.times()
    process = subprocess.Popen(list(arguments), stdout=subprocess.DEVNULL, start_new_session=True)
    done, peak = threading.Event(), [0.0]
    watch = threading.Thread(target=_watch, args=(process.pid, done, peak))
    watch.start()
    status = process.wait()
    seconds = time.perf_counter() - begun
    done.set()
    watch.join()
    _wait_for_all()
    after = os.times()
    if status not in expect:
        raise RuntimeError(f"{' '.join(arguments)} ended with status {status}")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Run(seconds, cpu, peak[0])


_CHILD_SUBREAPER = 36


def _adopt() -> None:
    """Become the parent of what finished processes leave behind, so that worker processes are counted (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


def _wait_for_all() -> None:
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return


def python(code: str) -> Run:
    """Run a piece of Python in a fresh interpreter."""
    return run([sys.executable, "-c", code])


def best(times: int, arguments: Sequence[str], expect: tuple[int, ...] = (0,)) -> Run:
    """The fastest of several runs, by CPU time."""
    return min((run(arguments, expect) for _ in range(times)), key=lambda found: found.cpu)


def _watch(session: int, done: threading.Event, peak: list[float]) -> None:
    while not done.wait(0.05):
        peak[0] = max(peak[0], _resident(session))


def _resident(session: int) -> float:
    """Resident memory of all processes of a session, in MB (0 where the system does not tell)."""
    total, page = 0, os.sysconf("SC_PAGE_SIZE")
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[21]) * page if int(fields[3]) == session else 0
    return total / 1e6


def line(what: str, ours: Run, bare: Run, aim: float) -> str:
    """One figure: the ratio to the bare run, by clock and by CPU time, against its aim."""
    ratio, by_cpu = ours.seconds / bare.seconds, ours.cpu / bare.cpu
    return (
        f"{what}: {ours.seconds:.2f} s against {bare.seconds:.2f} s = {ratio:.2f} x (CPU {by_cpu:.2f} x), "
        f"aim {aim:g} x; peak {ours.peak:.0f} MB against {bare.peak:.0f} MB"
    )
