"""Every format says today what it said when its golden file was reviewed."""

import pytest

from tests.report.golden import FOLDER, OUTPUTS


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_is_as_reviewed(name: str) -> None:
    kept = (FOLDER / name).read_bytes().decode("utf-8").splitlines()
    for line, (now, before) in enumerate(zip(OUTPUTS[name]().splitlines(), kept, strict=False), 1):
        assert now == before, (
            f"{name}, line {line}: if this is meant, python -m tests.report.golden, and review the diff"
        )
    assert len(OUTPUTS[name]().splitlines()) == len(kept)


def test_no_other_file_is_kept() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(OUTPUTS)
