"""Where the work is done: in this process, in processes of this machine, or on a Dask cluster."""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

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
        yield pool


def _end_with_parent() -> None:
    """Workers would wait for ever for a parent that was killed: a thread ends them with it."""
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


def in_order(executor: Executor, work: Callable[[Given], Made], given: Iterable[Given], ahead: int) -> Iterator[Made]:
    """The results in the order of what was given, with at most `ahead` pieces of work under way."""
    waiting: deque[Future[Made]] = deque()
    for piece in given:
        waiting.append(executor.submit(work, piece))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
