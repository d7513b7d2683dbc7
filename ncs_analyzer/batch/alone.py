"""One run at a time in a result folder. The system lets go of the lock of a process that ended, however it ended."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ncs_analyzer.batch.outputs import OutputError


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder, made if need be, against other runs. Raises OutputError where another run holds it or the folder
    cannot be made; where the system or the file system has no such locks, nothing is held."""
    check_writable(folder)
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise OutputError(
                    f"Another run is writing into {folder}; wait for it or name another folder."
                ) from error
        yield
    finally:
        os.close(held)


def check_writable(folder: Path) -> None:
    """Refuse a folder, made if need be, in which no file can be made."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; name a folder.")
    probe = folder / ".ncs-analyzer-probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be written: {error.strerror or error}.") from error
