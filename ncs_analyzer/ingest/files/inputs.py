"""Which files the inputs of a command name, and their bytes."""

import glob
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from ncs_analyzer.ingest.files.large_text import HUGE
from ncs_analyzer.ingest.files.opened import RefusedError

STANDARD_INPUT: Final = "-"
SUFFIXES: Final = frozenset((".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xls", ".ods"))
"""Endings of the files that are looked for in folders; what a file is decides its content."""

_LARGEST: Final = 2_000_000_000
_LONGEST_STREAM: Final = 128_000_000
_STREAMS: Final = ("/dev/fd/", "/dev/stdin", "/proc/")


def input_files(inputs: Iterable[str | Path]) -> Iterator[str]:
    """The files behind the inputs, in order: files as given, folders searched for spreadsheets and patterns expanded,
    both sorted by path.

    Lock files of spreadsheet programs and folders that may not be listed are yielded too, so that they are said.
    """
    for given in inputs:
        name = str(given)
        if name != STANDARD_INPUT and os.path.isdir(name):  # noqa: PTH112 - never raises, whatever the name
            yield from _in_folder(name)
        elif glob.has_magic(name) and not os.path.exists(name):  # noqa: PTH110
            yield from sorted(glob.iglob(name, recursive=True)) or [name]  # noqa: PTH207 - may be absolute
        else:
            yield name


def _in_folder(folder: str) -> list[str]:
    unlisted: list[str] = []
    found = []
    for where, _, names in os.walk(folder, onerror=lambda error: unlisted.append(str(error.filename))):
        found += [str(Path(where, name)) for name in names if Path(name).suffix.casefold() in SUFFIXES]
    return sorted([*found, *unlisted])


def is_lock_file(name: str) -> bool:
    """Whether a spreadsheet program made this file while another one is open."""
    return Path(name).name.startswith(("~$", ".~lock"))


def is_huge(name: str) -> bool:
    """Whether this is a file so large that a text is better read as it streams in."""
    try:
        status = Path(name).stat()
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size > HUGE


def file_bytes(name: str) -> bytes:
    """The content of one file. Raises RefusedError for what is no readable file, without waiting for a pipe."""
    try:
        status = Path(name).stat()
        if stat.S_ISDIR(status.st_mode):
            next(Path(name).iterdir(), None)
        streaming = stat.S_ISFIFO(status.st_mode) and name.startswith(_STREAMS)
        if not stat.S_ISREG(status.st_mode) and not streaming:
            raise RefusedError("This is not a file but a folder, a pipe or a device.", "file-unreadable")
        if status.st_size > _LARGEST:
            raise RefusedError("The file is larger than 2 GB; split it.", "file-unreadable")
        return _stream_bytes(Path(name).open("rb")) if streaming else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise RefusedError(f"The file cannot be opened: {why}.", "file-unreadable") from error


def standard_input() -> bytes:
    """What is given on standard input. Raises RefusedError where it is longer than a table should be."""
    return _stream_bytes(sys.stdin.buffer)


def _stream_bytes(stream: BinaryIO) -> bytes:
    content = stream.read(_LONGEST_STREAM + 1)
    if len(content) > _LONGEST_STREAM:
        raise RefusedError("More than 128 MB came in; give the file by its name.", "file-unreadable")
    return content
