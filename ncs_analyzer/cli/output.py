"""Where results go: standard output, or a file that appears only when it is whole."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

import click


class Refused(click.ClickException):
    """Wrong usage, or nothing could be done: exit status 2."""

    exit_code = 2


def check_free(output: str | None, force: bool) -> None:
    """Refuse before any work what could not be written afterwards."""
    if output is None:
        return
    path = Path(output)
    if path.is_dir():
        raise Refused(f"{output} is a folder; name a file.")
    if path.exists() and not force:
        raise Refused(f"{output} exists; --force overwrites it.")
    if not path.parent.is_dir():
        raise Refused(f"The folder {path.parent} does not exist.")


@contextmanager
def text_output(output: str | None) -> Iterator[TextIO]:
    """A stream to write text to. A file is written under another name and renamed at the end."""
    if output is None:
        yield sys.stdout
        return
    with whole_file(Path(output)) as path, path.open("w", encoding="utf-8", newline="") as stream:
        yield stream


@contextmanager
def binary_output(output: str | None) -> Iterator[BinaryIO]:
    """The same for bytes."""
    if output is None:
        yield sys.stdout.buffer
        return
    with whole_file(Path(output)) as path, path.open("wb") as stream:
        yield stream


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` that takes its place if all went well, and is gone if not."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o666 & ~_umask())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
