"""Bytes of a text file to text: byte order mark, UTF-16 without one, UTF-8, otherwise the encoding whose reading shows
most known words."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_ENCODINGS: Final = ("cp1252", "cp949", "gb18030", "cp932", "big5")
_PLAIN: Final = re.compile(rb"[\t\r\n\x20-\x7e]{60}")
"""In UTF-16 every letter of ASCII stands beside a zero, and Chinese letters of such bytes alone make no sentence."""
_SAMPLE: Final = 20_000
_ALONE: Final = 2
"""Bytes up to which letters with marks stand beside each other in European words: "Größe"."""
_MULTIBYTE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class Decoded(NamedTuple):
    """A text, its encoding, and what is to be said: the code and the message of an issue."""

    text: str
    encoding: str
    issue: tuple[str, str] | None = None


def decode(content: bytes, known_words: Callable[[str], int]) -> Decoded:
    """The text of a file. `known_words` counts what the program understands of a text."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _marked(content, encoding)
    head = content[:2000]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if len(head) > 3 and zeros.count(0) > len(head) // 4 and head.count(0) < len(head) * 0.6:
            return _marked(content, encoding)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        broken = error
    return _mixed(content, broken) or _legacy(content, known_words)


def _marked(content: bytes, encoding: str) -> Decoded:
    if encoding.startswith("utf-16") and _PLAIN.search(content):
        message = "A part of the file is not in two bytes a letter, as its beginning is; the rows there are lost."
        return Decoded(content.decode(encoding, errors="replace"), encoding, ("text-lost", message))
    try:
        return Decoded(content.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8-sig":
            mixed = _mixed(content[3:], error)
            if mixed:
                return mixed
        message = f"Some bytes of the file are not {encoding}; the letters there are lost."
        return Decoded(content.decode(encoding, errors="replace"), encoding, ("encoding-mixed", message))


def _mixed(content: bytes, error: UnicodeDecodeError) -> Decoded | None:
    """UTF-8 with bytes of cp1252 among it: a few, or letters that stand alone, as no letters of Asia do. None if the file
    is not UTF-8 anywhere."""
    whole = len(_MULTIBYTE.findall(content))
    pieces: list[str] = []
    strays = longest = 0
    for part in re.split(rb"((?:" + _MULTIBYTE.pattern + rb"|[\x00-\x7f])+)", content):
        try:
            pieces.append(part.decode("utf-8"))
        except UnicodeDecodeError:
            strays += len(part)
            longest = max(longest, len(part))
            pieces.append(part.decode("cp1252", errors="replace"))
        if not whole or (strays > whole and longest > _ALONE):
            return None
    line = content[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    message = f"The file is UTF-8 with {strays} byte{'s' if strays > 1 else ''} of another encoding, the first in line {line}."
    return Decoded("".join(pieces), "utf-8", ("encoding-mixed", message))


def _legacy(content: bytes, known_words: Callable[[str], int]) -> Decoded:
    """The older encoding whose reading shows most known words; of equals, the first that fits at all."""
    best = max(_ENCODINGS, key=lambda encoding: known_words(_start(content, encoding)))
    try:
        text = content.decode(best)
    except UnicodeDecodeError:
        message = f"The file is not UTF-8; of what was read as {best}, some letters are lost."
        return Decoded(content.decode(best, errors="replace"), best, ("encoding-mixed", message))
    return Decoded(text, best, ("encoding-assumed", f"The file is not UTF-8; it was read as {best}."))


def _start(content: bytes, encoding: str) -> str:
    """The beginning of the file in an encoding, empty where it does not fit; the last letter may be cut."""
    sample = content[:_SAMPLE]
    if encoding == "cp1252":
        return sample.decode(encoding, errors="replace")
    for cut in range(4):
        try:
            return sample[: len(sample) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
