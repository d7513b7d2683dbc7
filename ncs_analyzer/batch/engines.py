"""Where the work is done: in this process, in processes of this machine, or on a Dask cluster."""

import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


class InThisProcess(Executor):
    """An executor that does the work at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def local(workers: int) -> Iterator[Executor]:
    """Worker processes of this machine; with one worker, this process."""
    if workers <= 1:
        yield InThisProcess()
        return
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["ncs_analyzer.batch.partition"])
    with ProcessPoolExecutor(workers, context, initializer=_end_with_parent) as pool:
        for _ in range(workers):  # so that the workers start while this process still reads
            pool.submit(os.getpid)
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # nobody waits for what was not begun
            raise


def _end_with_parent() -> None:
    """Workers would wait for ever for a parent that was killed: a thread ends them with it. Ctrl-C is the parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def dask(scheduler: str | None, workers: int) -> Iterator[Executor]:
    """A Dask cluster: the one at this address, or a local one."""
    import distributed

    cluster_of: Any = distributed.LocalCluster
    client_of: Any = distributed.Client

    if scheduler is not None:
        with client_of(scheduler) as client:
            yield client.get_executor(pure=False)
        return
    with (
        cluster_of(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        client_of(cluster) as client,
    ):
        yield client.get_executor(pure=False)


@dataclass(frozen=True)
class ByFile(Generic[Given, Made]):
    """Work whose result a worker of this machine leaves in a file of `folder`: a pipe would carry it in small pieces."""

    work: Callable[[Given], Made]
    folder: Path

    def __call__(self, given: Given) -> Path:
        made = self.work(given)
        with NamedTemporaryFile(dir=self.folder, suffix=".made", delete=False) as stream:
            pickle.dump(made, stream, protocol=pickle.HIGHEST_PROTOCOL)
        return Path(stream.name)

    def take(self, path: Path) -> Made:
        """The result; its file goes."""
        with path.open("rb") as stream:
            made: Made = pickle.load(stream)  # noqa: S301 - our own, see `__call__`
        path.unlink()
        return made


def in_order(executor: Executor, work: Callable[[Given], Made], given: Iterable[Given], ahead: int) -> Iterator[Made]:
    """The results in the order of what was given, with at most `ahead` pieces of work under way."""
    waiting: deque[Future[Made]] = deque()
    for piece in given:
        waiting.append(executor.submit(work, piece))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
