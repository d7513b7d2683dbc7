"""The package as a stranger gets it: a wheel with its data, found away from the checkout, and its papers in order."""

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import ncs_analyzer

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def built(kind: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    return zipfile.ZipFile(built("wheel", tmp_path_factory.mktemp("wheel")))


def files_below(folder: str) -> set[str]:
    left = {"__pycache__"}
    return {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file() and not left & {*p.parts}}


def test_wheel_holds_the_package_and_its_data_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    data = {f"ncs_analyzer/_shipped/{f}" for room in ("reference_ranges", "sample_data") for f in files_below(room)}
    found = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert found == files_below("ncs_analyzer") | data


def test_installed_wheel_finds_its_data_and_reports(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    wheel.extractall(site)  # noqa: S202 - a wheel that was built here
    elsewhere.mkdir()

    def run(*command: str) -> str:
        environment = {**os.environ, "PYTHONPATH": str(site)}
        done = subprocess.run(
            [sys.executable, *command], cwd=elsewhere, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    where = (
        "from ncs_analyzer.resources import shipped; print(shipped('sample_data')); print(shipped('reference_ranges'))"
    )
    folders = [Path(line) for line in run("-c", where).split()]
    assert all(folder.is_relative_to(site) for folder in folders)
    said = run("-m", "ncs_analyzer", "report", str(folders[0] / "emg_summary.xlsx"), "--brief")
    assert [line.split()[0] for line in said.splitlines()] == ["P12", "P13", "P14", "P15"]


def test_source_distribution_holds_what_the_tests_need(tmp_path: Path) -> None:
    with tarfile.open(built("sdist", tmp_path)) as archive:
        tops = {Path(name).parts[1] for name in archive.getnames() if len(Path(name).parts) > 1}
    assert tops >= {
        "ncs_analyzer",
        "reference_ranges",
        "sample_data",
        "tests",
        "docs",
        "README.md",
        "LICENSE",
        "CITATION.cff",
    }


def test_version_is_the_same_everywhere() -> None:
    version = ncs_analyzer.__version__
    assert PROJECT["version"] == version
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_version_of_the_changelog_says_what_changes_results() -> None:
    versions = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert versions
    assert all("\n### Changes to results\n" in version for version in versions)


def test_extra_all_brings_every_other() -> None:
    extras = PROJECT["optional-dependencies"]
    [entry] = extras["all"]
    assert set(entry.partition("[")[2].rstrip("]").split(",")) == set(extras) - {"all"}
