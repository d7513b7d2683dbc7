"""Every code is documented, unique and in use; issues show long texts by their beginning."""

import re
from pathlib import Path

from ncs_analyzer.issues import CODES, Issue

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "issues.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (NCS\d{3} \S+)\n\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE))


def test_every_code_has_its_place_in_the_documentation() -> None:
    assert list(SECTIONS) == sorted(str(code) for code in CODES.values())
    for code in CODES.values():
        text = SECTIONS[str(code)]
        assert text.startswith(f"*{code.severity}*")
        for part in ("**What it means.**", "**Why it matters.**"):
            assert part in text
        assert text.rstrip().endswith(f"**What to do.** {code.remedy}")


def test_numbers_are_unique() -> None:
    assert len({code.number for code in CODES.values()}) == len(CODES)


def test_every_code_is_raised_somewhere() -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "ncs_analyzer" / "ingest").rglob("*.py"))
    assert [name for name in CODES if f'"{name}"' not in source] == []


def test_long_texts_are_cut() -> None:
    issue = Issue(CODES["unreadable-number"], "m" * 10_000, "a.csv", value="v" * 10_000)
    assert len(issue.message) <= 500
    assert issue.value is not None
    assert len(issue.value) <= 200
    short = Issue(CODES["unreadable-number"], "m", "a.csv", value="v" * 200)
    assert short.value == "v" * 200
