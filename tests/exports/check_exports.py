"""Hold every truth against its file, by means other than those that wrote it.

For each reading: the cell exists and prints the value; no cell is both a reading and forbidden.
For each study: velocities follow from distances and latencies, proximal latencies are longer,
values are credible; exceptions must be announced in `expected_issues`.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import sys
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

HERE = Path(__file__).resolve().parent
KEYS = {"file", "family", "note", "studies", "expected_issues", "must_not_read", "exit_status"}
CREDIBLE = {
    ("motor", "distal_latency"): (1.5, 16),
    ("motor", "proximal_latency"): (2.0, 50),
    ("motor", "amplitude"): (0.02, 25),
    ("motor", "velocity"): (8, 80),
    ("motor", "duration"): (3, 25),
    ("motor", "area"): (0.1, 90),
    ("sensory", "onset_latency"): (1.0, 9),
    ("sensory", "peak_latency"): (1.4, 10),
    ("sensory", "amplitude"): (0.5, 150),
    ("sensory", "velocity"): (12, 80),
    ("f_wave", "minimal_f_latency"): (18, 140),
    ("f_wave", "f_persistence"): (5, 100),
    ("h_reflex", "h_latency"): (20, 45),
}
ALL_DISTANCES = (40, 560)


def cells(path: Path, truth: dict[str, Any]) -> dict[str | None, list[list[Any]]]:
    if path.suffix in (".xlsx", ".xlsm"):
        book = load_workbook(path)
        return {ws.title: [list(r) for r in ws.iter_rows(values_only=True)] for ws in book}
    form = truth["format"]
    text = path.read_bytes().decode(form["encoding"]).lstrip("\ufeff")
    text = re.sub(r"\r\n|\r", "\n", text)
    if text.lower().startswith("sep="):
        text = "\n" + text.split("\n", 1)[1] if form.get("sep_line_counts") else text
    return {None: list(csv.reader(io.StringIO(text), delimiter=form["delimiter"]))}


def number(shown: Any) -> float | None:
    if isinstance(shown, (int, float)):
        return float(shown)
    match = re.search(r"-?\d+(?:[.,]\d+)?", str(shown))
    return float(match.group(0).replace(",", ".")) if match else None


def check(truth_path: Path) -> list[str]:
    truth = json.loads(truth_path.read_text(encoding="utf-8"))
    path = HERE / "files" / truth["file"]
    bad: list[str] = [f"no key {k}" for k in KEYS - truth.keys()]
    if not path.exists():
        return [f"{path} is missing"]
    if truth.get("unreadable"):
        if any(st["readings"] for st in truth["studies"]):
            bad.append("readings in an unreadable file")
        return bad
    if truth.get("opaque"):
        return [line for st in truth["studies"] for line in physiology(st, truth)]
    grid = cells(path, truth)

    def shown(entry: dict[str, Any]) -> Any:
        sheet = entry.get("sheet")
        row, letter = entry["cell"].split(",")
        rows = grid[sheet if sheet in grid else next(iter(grid))]
        line, col = int(row) - 1, column_index_from_string(letter) - 1
        if line >= len(rows) or col >= len(rows[line]):
            return None
        return rows[line][col]

    seen: dict[tuple[Any, Any], str] = {}
    names: dict[tuple[Any, ...], str] = {}
    for st in truth["studies"]:
        for r in st["readings"]:
            where = (r.get("sheet"), r["cell"])
            if where in seen and not truth.get("shared_cells"):
                bad.append(f"{where} twice")
            seen[where] = "reading"
            name = (st["patient_id"], st["study_date"], *(r[k] for k in (
                "study", "nerve", "side", "recording", "stimulation", "measure")))  # fmt: skip
            if name in names and not truth.get("repeats"):
                bad.append(f"{where} repeats {names[name]}: {name}")
            names[name] = r["cell"]
            here = shown(r)
            if r["value"] is None:
                if r["response"] != "absent":
                    bad.append(f"{where} no value but {r['response']}")
                continue
            n = number(here)
            factors = [1, 10] if r["measure"] == "distance" else [1]
            if truth.get("factors"):
                factors += truth["factors"]
            if n is None or not any(abs(n * f - r["value"]) < 1e-6 for f in factors):
                bad.append(f"{where} prints {here!r}, truth {r['value']}")
        bad += physiology(st, truth)
    for kind in ("must_not_read", "ambiguous"):
        for entry in truth[kind]:
            if "cell" not in entry:
                continue
            where = (entry.get("sheet"), entry["cell"])
            if where in seen:
                bad.append(f"{where} is {seen[where]} and {kind}")
            seen[where] = kind
            here = shown(entry)
            if kind == "must_not_read" and here in (None, ""):
                bad.append(f"{where} forbidden but empty")
    return bad


ORDERS = [
    ["palm", "wrist", "forearm", "elbow", "below_elbow", "above_elbow", "arm", "axilla", "erb"],
    ["ankle", "below_fibular_head", "above_fibular_head", "popliteal_fossa"],
]


def physiology(st: dict[str, Any], truth: dict[str, Any]) -> list[str]:
    if truth.get("implausible"):
        return []
    bad = []
    groups: dict[tuple[Any, ...], dict[str, dict[str, float]]] = {}
    for r in st["readings"]:
        if r["value"] is None:
            continue
        key = (r["study"], r["measure"])
        low, high = CREDIBLE.get(key, (0, 1e9))
        if r["measure"] == "distance":
            low, high = ALL_DISTANCES
        if not low <= r["value"] <= high:
            bad.append(f"{st['patient_id']} {r['cell']} incredible {key} {r['value']}")
        group = groups.setdefault((r["study"], r["nerve"], r["side"], r["recording"]), {})
        group.setdefault(r["stimulation"] or "", {})[r["measure"]] = r["value"]
    for key, sites in groups.items():
        if key[0] == "motor":
            for order in ORDERS:
                ranked = [s for s in order if s in sites]
                for a, b in itertools.pairwise(ranked):
                    x, y = sites[a], sites[b]
                    la = x.get("distal_latency", x.get("proximal_latency"))
                    lb = y.get("proximal_latency", y.get("distal_latency"))
                    if la is not None and lb is not None:
                        bad += segment(st, key, b, lb - la, y)
        elif key[0] in ("sensory", "mixed"):
            for name, x in sites.items():
                on, pk = x.get("onset_latency"), x.get("peak_latency")
                if on and pk and pk <= on and not truth["expected_issues"]:
                    bad.append(f"{st['patient_id']} {key} peak before onset")
                if "velocity" in x and "distance" in x and (on or pk):
                    fits = [v for v in (on, pk) if v and near(x["distance"], v, x["velocity"])]
                    if not fits and not truth["expected_issues"]:
                        bad.append(f"{st['patient_id']} {key} {name} velocity {x}")
    return bad


def near(dist: float, gap: float, vel: float, slack: float = 0.11) -> bool:
    if gap <= slack:
        return True
    return dist / (gap + slack) - 0.6 <= vel <= dist / (gap - slack) + 0.6


def segment(st: Any, key: Any, site: str, gap: float, y: dict[str, float]) -> list[str]:
    if gap <= 0:
        return [f"{st['patient_id']} {key} {site} latency not longer ({gap})"]
    if "velocity" in y and "distance" in y and not near(y["distance"], gap, y["velocity"]):
        return [f"{st['patient_id']} {key} {site} {y['distance']}/{gap:.2f} is not {y['velocity']}"]
    return []


def listing() -> None:
    for path in sorted((HERE / "truth").rglob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        print(f"{truth['file']} (exit {truth['exit_status']}): {truth['note']}")


def main() -> int:
    if "--list" in sys.argv:
        listing()
        return 0
    failed = files = readings = 0
    known = set()
    for path in sorted((HERE / "truth").rglob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        known.add(truth["file"])
        files += 1
        readings += sum(len(st["readings"]) for st in truth["studies"])
        for line in check(path):
            failed += 1
            print(f"{truth['file']}: {line}")
    for path in sorted((HERE / "files").rglob("*")):
        if path.is_file() and path.relative_to(HERE / "files").as_posix() not in known:
            failed += 1
            print(f"{path}: no truth")
    print(f"{files} files, {readings} readings, {failed} faults")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
