"""The rooms of docs/architecture.md: who may import whom, where files are touched, and where numbers of papers stand."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "ncs_analyzer"

FOUNDATION = {"arrays", "decimals", "grouping", "vocabulary", "resources", "wording", "issues"}
ORDER = ("readings", "ingest", "responses", "reference", "physiology", "criteria", "interpretation", "pipeline")
"""A room imports from the foundation and from rooms to its left; `ingest` and the judging rooms do not know each other."""
MAY = {
    "readings": FOUNDATION,
    "ingest": FOUNDATION | {"readings"},
    "responses": FOUNDATION | {"readings"},
    "reference": FOUNDATION | {"readings", "responses"},
    "physiology": FOUNDATION | {"responses", "reference"},
    "criteria": FOUNDATION | {"responses", "physiology"},
    "interpretation": FOUNDATION | {"responses", "physiology", "criteria"},
    "pipeline": FOUNDATION | {"readings", "responses", "reference", "physiology", "criteria", "interpretation"},
    "report": FOUNDATION | {*ORDER},
    "batch": FOUNDATION | {*ORDER, "report"},
    "cohort": FOUNDATION | {*ORDER, "report", "batch"},
    "settings": FOUNDATION | {"pipeline", "report"},
    "cli": FOUNDATION | {"settings"} | {*ORDER, "report", "batch", "cohort"},
}
INSIDE_A_FUNCTION = {("readings", "ingest")}
"""`Readings.from_rows` is a convenience for notebooks: the tidy layout reads the rows."""

TOUCHES_FILES = (
    "ingest.",
    "ingest.files",
    "report",
    "batch",
    "cohort",
    "cli",
    "reference.tables",
    "settings",
    "vocabulary.match",
    "resources",
)


@dataclass(frozen=True)
class Import:
    """One import: `module` imports `what` (a dotted name), at the top of the module or `inside` a function."""

    module: str
    what: str
    inside: bool


def name_of(path: Path) -> str:
    """`criteria.sets` for ncs_analyzer/criteria/sets.py; `ingest.` for the package itself."""
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return name.removesuffix("__init__")


@cache
def trees() -> dict[str, ast.Module]:
    return {name_of(path): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def room(dotted: str) -> str:
    return dotted.split(".")[0]


def imports(module: str, node: ast.AST, inside: bool = False) -> Iterator[Import]:
    """Imports that are run; those for the type checker alone are not."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            continue
        if isinstance(child, ast.ImportFrom) and child.level == 0 and child.module:
            if child.module == "ncs_analyzer":
                yield from (Import(module, f"ncs_analyzer.{alias.name}", inside) for alias in child.names)
            else:
                yield Import(module, child.module, inside)
        elif isinstance(child, ast.Import):
            yield from (Import(module, alias.name, inside) for alias in child.names)
        deeper = inside or isinstance(child, ast.FunctionDef | ast.Lambda)
        yield from imports(module, child, deeper)


@cache
def own_imports() -> tuple[Import, ...]:
    return tuple(
        Import(module, one.what.removeprefix("ncs_analyzer."), one.inside)
        for module, tree in trees().items()
        for one in imports(module, tree)
        if one.what.startswith("ncs_analyzer.") and not one.what.endswith("__version__")
    )


def test_there_is_something_to_check() -> None:
    assert len(trees()) > 80
    assert len(own_imports()) > 200


def test_rooms_import_only_from_their_left() -> None:
    wrong = [
        one
        for one in own_imports()
        if room(one.module) in MAY
        and room(one.what) != room(one.module)
        and room(one.what) not in MAY[room(one.module)]
        and not (one.inside and (room(one.module), room(one.what)) in INSIDE_A_FUNCTION)
    ]
    assert wrong == []


def test_the_foundation_stands_on_itself() -> None:
    wrong = [one for one in own_imports() if room(one.module) in FOUNDATION and room(one.what) not in FOUNDATION]
    assert wrong == []


def test_every_module_stands_in_a_known_room() -> None:
    rooms = {room(module) for module in trees()}
    assert rooms <= {*FOUNDATION, *MAY, "", "__main__"}


def test_relative_imports_are_not_used() -> None:
    wrong = [
        module
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert wrong == []


# ---------------------------------------------------------------- files, clocks, terminals

OPENERS = {"read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink"}


def touches(tree: ast.Module) -> Iterator[str]:
    """Calls that reach for files, the clock, chance or the terminal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Name) and function.id in ("open", "print", "input"):
                yield function.id
            if isinstance(function, ast.Attribute) and function.attr in OPENERS:
                yield function.attr
            if isinstance(function, ast.Attribute) and function.attr in ("now", "today", "utcnow", "getenv"):
                yield function.attr
        if isinstance(node, ast.Attribute) and node.attr == "environ":
            yield "environ"
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name in ("time", "random", "subprocess", "socket"))


def test_only_the_ends_touch_files_clocks_and_terminals() -> None:
    wrong = {
        module: found
        for module, tree in trees().items()
        if (found := sorted(touches(tree))) and not module.startswith(TOUCHES_FILES) and module != "ingest."
    }
    assert wrong == {}


@pytest.mark.parametrize("name", ["criteria", "interpretation", "physiology", "pipeline", "responses", "reference"])
def test_the_middle_knows_no_clock_no_chance_no_network(name: str) -> None:
    modules = {what for module, tree in trees().items() if room(module) == name for what in outside(module, tree)}
    assert not modules & {
        "time",
        "datetime",
        "random",
        "os",
        "sys",
        "socket",
        "urllib",
        "subprocess",
        "tempfile",
        "click",
        "rich",
    }


def outside(module: str, tree: ast.Module) -> Iterator[str]:
    yield from (one.what.split(".")[0] for one in imports(module, tree))


# ---------------------------------------------------------------- knowledge stands in one place


@pytest.mark.parametrize("name", ["report", "cohort", "cli"])
def test_reports_compute_nothing_clinical(name: str) -> None:
    """They build no condition, count no nerves and compare no number as a decimal."""
    clinical = {"criteria.counting", "criteria.evidence_of", "decimals", "physiology.motor", "physiology.segments"}
    builders = {"in_nerves", "with_other", "Tally", "DML", "MCV", "DCMAP", "AMP_RATIO", "DUR_RATIO", "F_LATENCY"}
    wrong = [
        (module, node.module, alias.name)
        for module, tree in trees().items()
        if room(module) == name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ncs_analyzer.")
        for alias in node.names
        if (node.module or "").removeprefix("ncs_analyzer.") in clinical or alias.name in builders
    ]
    assert wrong == []


def duration_tables() -> Iterator[tuple[str, str]]:
    """Tables of limits by nerve: module, and the table in one line."""
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict) and len(node.keys) >= 3:
                keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                numbers = [v for v in node.values if isinstance(v, ast.Constant) and isinstance(v.value, float)]
                if "median" in keys and len(numbers) == len(node.values):
                    yield module, ast.dump(node)


def test_no_table_of_limits_stands_twice() -> None:
    tables = list(duration_tables())
    assert len(tables) >= 6
    assert len({table for _, table in tables}) == len(tables)


def test_published_limits_live_in_criteria_physiology_and_interpretation() -> None:
    assert {room(module) for module, _ in duration_tables()} <= {"criteria", "physiology", "interpretation"}


def named_thresholds() -> Iterator[tuple[str, str, float]]:
    """Upper-case names of numbers in the judging rooms."""
    for module, tree in trees().items():
        if room(module) not in ("criteria", "physiology", "interpretation"):
            continue
        for node in tree.body:
            target = node.target if isinstance(node, ast.AnnAssign) else None
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, float):
                yield module, target.id, value.value


def test_a_named_threshold_has_one_home() -> None:
    """The same name with the same number in two modules is one threshold written twice (definitions of block apart,
    each of which is a paper of its own)."""
    seen: dict[tuple[str, float], list[str]] = {}
    for module, name, value in named_thresholds():
        if not module.startswith("criteria.blocks"):
            seen.setdefault((name, value), []).append(module)
    twice = {key: modules for key, modules in seen.items() if len(modules) > 1}
    allowed = {("DURATION_FILTER_HZ", 2.0)}  # of Uncini 2017 and of EAN/PNS 2023: two papers
    assert set(twice) <= allowed, twice


def test_modules_hold_constants_only() -> None:
    """No module-level state that could change: a list, dict or set bound at the top is never written to."""
    writing = {"append", "add", "update", "setdefault", "pop", "extend", "clear"}
    for module, tree in trees().items():
        names = {
            t.id
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for t in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(t, ast.Name)
        }
        for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
            own = {a.arg for a in function.args.args} | {
                n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            for node in ast.walk(function):
                assert not isinstance(node, ast.Global), f"{module}.{function.name}"
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writing:
                    target = node.func.value
                    assert not (isinstance(target, ast.Name) and target.id in names - own), f"{module}.{function.name}"


def test_the_judging_rooms_do_not_walk_rows() -> None:
    """Nothing from readings to verdicts iterates over the rows of a table."""
    slow = {"iterrows", "itertuples", "apply", "applymap"}
    wrong = [
        (module, node.func.attr)
        for module, tree in trees().items()
        if room(module) in ("physiology", "criteria", "reference", "responses")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in slow
    ]
    allowed = [("criteria", "apply")]  # BlockDefinition.apply, on whole columns
    assert [w for w in wrong if (room(w[0]), w[1]) not in allowed] == []


def test_the_package_ships_what_it_reads() -> None:
    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))
    included = str(project["tool"]["hatch"]["build"])
    assert "reference_ranges" in included
    assert "sample_data" in included
