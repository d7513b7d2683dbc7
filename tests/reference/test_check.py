"""Wrong tables: each is refused (or doubted) with the row, the column, what was found and what to do."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ncs_analyzer.cli import commands
from ncs_analyzer.reference.parse import TableError, check_table
from ncs_analyzer.reference.problem import Problem
from ncs_analyzer.reference.tables import load_reference

HEAD = "nerve,study,measure,recording,sex,age_min,age_max,height_min_cm,lower,upper,unit,mean,sd"
GOOD = "median,motor,distal_latency,APB,,19,50,,,4.4,ms,3.7,0.3"


def problems(*rows: str, head: str = HEAD) -> tuple[Problem, ...]:
    return check_table("\n".join((head, *rows)) + "\n")[1]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["reference", *arguments], standalone_mode=False)


def status(found: Result) -> int:
    """What the program ends with: the command's own status, or that of its refusal."""
    if found.exception is not None:
        return int(getattr(found.exception, "exit_code", 99))
    return int(found.return_value or 0)


def test_a_good_table_has_no_problem() -> None:
    assert problems(GOOD, GOOD.replace("19,50", "50,80").replace("4.4", "4.6")) == ()


WRONG = [
    ("unknown nerve", GOOD.replace("median", "medain"), "nerve", "medain"),
    ("unknown study", GOOD.replace("motor", "moter"), "study", "moter"),
    ("unknown measure", GOOD.replace("distal_latency", "dml"), "measure", "dml"),
    ("wrong unit", GOOD.replace(",ms,", ",m/s,"), "unit", "m/s"),
    ("no number", GOOD.replace("4.4", "4.4 ms"), "upper", "4.4 ms"),
    ("decimal comma", GOOD.replace("4.4", '"4,4"'), "upper", "4,4"),
    ("seconds for milliseconds", GOOD.replace("4.4", "0.0044"), "upper", "0.0044"),
    ("microseconds", GOOD.replace("4.4", "4400"), "upper", "4400"),
    ("wrong side", GOOD.replace(",,4.4,", ",4.4,,"), "lower", "4.4"),
    ("no limit", GOOD.replace("4.4", ""), "upper", None),
    ("ages turned round", GOOD.replace("19,50", "50,19"), "age_max", "19"),
    ("age in months", GOOD.replace("19,50", "228,600"), "age_min", "228"),
    ("height in m", GOOD.replace("19,50,,", "19,50,1.65,"), "height_min_cm", "1.65"),
    ("sex in words", GOOD.replace("APB,,", "APB,female,"), "sex", "female"),
    ("limit on the wrong side of the mean", GOOD.replace("3.7", "4.7"), "upper", "4.4"),
    ("no spread", GOOD.replace("0.3", "0"), "sd", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "column", "found"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_wrong_cell(row: str, column: str, found: str | None) -> None:
    some = problems(row)
    assert (2, column, found, "error") in [(p.row, p.column, p.found, p.severity) for p in some]
    assert {p.row for p in some} == {2}
    assert all(p.what and p.remedy for p in some)


@pytest.mark.parametrize(
    ("rows", "severity", "words"),
    [
        ((GOOD, GOOD.replace("19,50", "49,80")), "error", "equally well"),
        ((GOOD, GOOD), "error", "equally well"),
        ((GOOD, GOOD.replace("19,50,,", ",,150,")), "error", "by age and by height"),
        ((GOOD, GOOD.replace("19,50", "51,80")), "warning", "nobody from age 50 to under 51"),
        ((GOOD, GOOD.replace("19,50", "50,80").replace("4.4", "4.0")), "warning", "should not fall with age"),
        ((GOOD.replace("APB,,", "APB,F,"),), "warning", "women only"),
    ],
)  # fmt: skip
def test_rows_that_do_not_go_together(rows: tuple[str, ...], severity: str, words: str) -> None:
    some = problems(*rows)
    assert [p.severity for p in some] == [severity]
    assert words in some[0].what


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("nerve,study\nmedian,motor\n", "measure"),
        (f"{HEAD},limit\n{GOOD},1\n", "limit"),
        (f"{HEAD},unit\n{GOOD},ms\n", "unit"),
        (HEAD.replace(",", ";") + "\n" + GOOD.replace(",", ";") + "\n", None),
        ("", "nerve"),
    ],
)
def test_wrong_headings(text: str, column: str | None) -> None:
    limits, some = check_table(text)
    assert not limits
    assert column in [p.column for p in some]
    assert all(p.severity == "error" for p in some)


def test_every_error_is_reported_at_once(tmp_path: Path) -> None:
    table = tmp_path / "lab.csv"
    table.write_text("\n".join((HEAD, *(w[1] for w in WRONG))) + "\n", encoding="utf-8")
    found = run("check", str(table))
    assert status(found) == 1
    for row in range(2, len(WRONG) + 2):
        assert f"row {row}," in found.output
    with pytest.raises(TableError) as refused:
        load_reference([table])
    assert {p.row for p in refused.value.problems} == set(range(2, len(WRONG) + 2))


def test_check_as_json(tmp_path: Path) -> None:
    table = tmp_path / "lab.csv"
    table.write_text(f"{HEAD}\n{GOOD}\n", encoding="utf-8")
    found = run("check", str(table), "--format", "json")
    assert status(found) == 0
    assert json.loads(found.output) == {"file": str(table), "limits": 1, "usable": True, "problems": []}
    assert status(run("check", str(tmp_path / "none.csv"))) == 2


# ---------------------------------------------------------------- list, show, compare


def test_list_names_every_source() -> None:
    sources = json.loads(run("list", "--format", "json").output)["sources"]
    assert {"aanem_ndtf_2016", "ryan_2019", "preston_shapiro_2021"} <= {s["id"] for s in sources}
    for source in sources:
        assert all(source[name] for name in ("citation", "population", "n", "status"))
        assert source["id"] in run("list").output


def test_show_puts_the_sources_side_by_side() -> None:
    found = run("show", "median", "distal-latency", "--age", "40", "--sex", "f", "--height", "165", "--format", "json")
    limits = {r["source"]: r for r in json.loads(found.output)["limits"] if r["recording"] == "APB"}
    assert limits["aanem_ndtf_2016"]["upper"] == 4.4
    assert limits["aanem_ndtf_2016"]["for"] == "age 19 to under 50, women"
    assert limits["ryan_2019"]["upper"] is None
    assert limits["ryan_2019"]["note"]
    assert status(run("show", "median", "distal-latency", "--age", "40")) == 0
    assert status(run("show", "nonsense")) == 2
    assert status(run("show", "median", "nonsense")) == 2


def test_compare_tells_what_would_change() -> None:
    same = json.loads(run("compare", "default", "default", "sample_data/tidy.csv", "--format", "json").output)
    assert same["limits"] == []
    assert same["cohort"]["readings_that_change"] == 0
    other = json.loads(
        run("compare", "default", "preston_shapiro_2021", "sample_data/tidy.csv", "--quiet", "--format", "json").output
    )
    assert other["limits"]
    assert other["cohort"]["readings_that_change"] == sum(g["readings"] for g in other["cohort"]["grades"]) > 0
