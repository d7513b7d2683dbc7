"""`ncs-analyzer report`: formats, where they go, what is refused, a laboratory's settings."""

import json
from pathlib import Path

import click
import openpyxl
import pytest
from click.testing import CliRunner, Result

from ncs_analyzer.cli import commands
from ncs_analyzer.cli.options import colour
from ncs_analyzer.resources import shipped
from ncs_analyzer.settings import Laboratory

TIDY = str(shipped("sample_data") / "tidy.csv")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["report", TIDY, *arguments], standalone_mode=False)


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("text", "Patient P01"),
        ("html", "<!DOCTYPE html>"),
        ("json", '{\n  "schema"'),
        ("csv", "patient_id,"),
        ("fhir", '{"resourceType"'),
    ],
)
def test_formats_go_to_standard_output(form: str, start: str) -> None:
    found = run("--format", form, "--patient", "P01")
    assert found.exception is None
    assert found.return_value == 0
    assert found.stdout.startswith(start)


def test_the_workbook_goes_to_a_file_and_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    arguments = ("--format", "xlsx", "--patient", "P01", "-o", str(path))
    assert run(*arguments).return_value == 0
    first = path.read_bytes()
    assert "summary" in openpyxl.load_workbook(path).sheetnames
    refused = run(*arguments)
    assert isinstance(refused.exception, click.ClickException)
    assert refused.exception.exit_code == 2
    assert path.read_bytes() == first
    assert run(*arguments, "--force").return_value == 0
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_usable_is_said_and_no_file_appears(tmp_path: Path) -> None:
    empty, out = tmp_path / "e.csv", tmp_path / "e.html"
    empty.write_text("nothing,here\n1,2\n")
    found = CliRunner().invoke(
        commands, ["report", str(empty), "--format", "html", "-o", str(out)], standalone_mode=False
    )
    assert found.return_value == 2
    assert "Nothing could be analysed" in found.stderr
    assert not out.exists()


def test_no_colour_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert colour(Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colour(Terminal())
    assert "\x1b" not in run("--patient", "P02").stdout


# ---------------------------------------------------------------- settings


def settings(folder: Path, text: str) -> str:
    path = folder / "lab.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_settings_choose_what_is_applied_and_stand_in_the_stamp(tmp_path: Path) -> None:
    file = settings(tmp_path, 'criteria = ["gbs_ho_1995"]\ncompression_sites = "include"\nnerve_counting = "any"\n')
    document = json.loads(run("--format", "json", "--settings", file).stdout)
    assert document["settings"] == {
        **document["settings"],
        "criteria": ["gbs_ho_1995"],
        "compression_sites": "include",
        "nerve_counting": "any",
    }
    assert list(document["studies"][0]["criteria"]) == ["gbs_ho_1995"]


def test_options_of_the_command_line_outrank_settings(tmp_path: Path) -> None:
    file = settings(tmp_path, 'criteria = ["gbs_ho_1995"]\nnerve_counting = "any"\n')
    options = ("--criteria", "cidp_ean_pns_2021", "--nerve-counting", "literal")
    document = json.loads(run("--format", "json", "--settings", file, *options).stdout)
    assert document["settings"]["criteria"] == ["cidp_ean_pns_2021"]
    assert document["settings"]["nerve_counting"] == "literal"


def test_a_reference_beside_the_settings_is_found_and_stands_in_the_stamp(tmp_path: Path) -> None:
    header = "nerve,study,measure,recording,segment,sex,age_min,age_max,upper,unit\n"
    (tmp_path / "own.csv").write_text(header + "median,motor,distal_latency,APB,,,,,3.0,ms\n", encoding="utf-8")
    document = json.loads(run("--format", "json", "--settings", settings(tmp_path, 'reference = ["own.csv"]\n')).stdout)
    assert len(document["reference"]) == 1
    first = next(
        r for r in document["studies"][0]["readings"] if (r["nerve"], r["measure"]) == ("median", "distal_latency")
    )
    assert (first["upper"], first["grade"]) == (3.0, "high")


def test_name_and_language_of_the_laboratory(tmp_path: Path) -> None:
    file = settings(tmp_path, 'laboratory = "Labor <Mitte>"\nlanguage = "de"\n')
    page = run("--format", "html", "--settings", file, "--patient", "P01").stdout
    assert "<h1>Labor &lt;Mitte&gt;</h1>" in page
    assert "Sensible Nerven" in page
    assert "Sensible Nerven" in run("--settings", file, "--patient", "P01").stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("langage = 'de'\n", "langage"),
        ("language = 'tlh'\n", "language"),
        ("criteria = 'all'\n", "criteria"),
        ("laboratory = \n", "lab.toml"),
        ("criteria = ['no_such_set']\n", "no_such_set"),
    ],
)
def test_wrong_settings_are_refused_by_name(text: str, said: str, tmp_path: Path) -> None:
    error = run("--settings", settings(tmp_path, text)).exception
    assert isinstance(error, click.ClickException)
    assert error.exit_code == 2
    assert said in error.message


def test_defaults_are_those_of_the_command_line() -> None:
    plain = json.loads(run("--format", "json", "--patient", "P01").stdout)
    assert Laboratory().nerve_counting == plain["settings"]["nerve_counting"]
    assert len(plain["settings"]["criteria"]) > 15
