"""Derived limits for a person and for a program: beside the built-in limit and the plain percentile; plots."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from ncs_analyzer.reference.derive.run import Choice, Derived
from ncs_analyzer.reference.measures import unit_and_side
from ncs_analyzer.report.plain_data import clean
from ncs_analyzer.report.printing import console, print_parts, printed_table
from ncs_analyzer.report.tables import Align, Cell, Table
from ncs_analyzer.wording import number, plain, unit

Record = dict[str, Any]


def derived_record(found: Derived) -> Record:
    """One derived limit as plain data."""
    wanted, estimate = found.sample.wanted, found.estimate
    ci = estimate.rows[0].ci if estimate and len(estimate.rows) == 1 else None
    return {
        "study": wanted.study, "nerve": wanted.nerve, "measure": wanted.measure, "recording": wanted.recording or None,
        "segment": wanted.segment or None, "convention": wanted.convention or None, "unit": found.unit,
        "side": unit_and_side(wanted.study, wanted.measure)[1], "n": len(found.sample), "absent": found.sample.absent,
        "limit": clean(found.typical), "ci_low": ci[0] if ci else None, "ci_high": ci[1] if ci else None,
        "healthy_share": estimate.healthy_share if estimate else None, "method": estimate.method if estimate else None,
        "how": estimate.how if estimate else None, "rows": len(estimate.rows) if estimate else 0,
        "refused": found.refused or None, "built_in": clean(found.built_in), "plain_percentile": clean(found.plain),
        "other_method": clean(found.other),
    }  # fmt: skip


def how_lines(
    derived: list[Derived], choice: Choice, program: str, inputs: Iterable[str], studies: int, group: str
) -> list[str]:
    """What is written above the table: program, inputs, method, and what was refused."""
    whom = f"studies of the group {group}, taken for healthy" if group else "all studies, healthy and diseased"
    return [
        f"Limits derived by {program} from {studies} studies ({whom}): {', '.join(Path(i).name for i in inputs)}",
        f"Method {choice.method}; upper limits are percentile {choice.percentile:g}, lower limits {100 - choice.percentile:g}; "
        f"{choice.bootstraps} bootstraps, seed {choice.seed}. Each patient counts once; absent responses take no part.",
        *(f"Refused: {_name(d)}: {d.refused}" for d in derived if d.estimate is None),
    ]


def _name(found: Derived) -> str:
    w = found.sample.wanted
    parts = (
        w.study,
        w.nerve,
        w.measure,
        w.recording,
        w.segment,
        w.convention if w.convention == "peak_to_peak" else "",
    )
    return plain(" ".join(filter(None, parts)))


def derived_text(derived: list[Derived], stream: TextIO, colour: bool) -> None:
    """A line per measure: n, limit with interval, the other method, the built-in limit, the plain percentile."""
    rows = []
    for found in derived:
        if found.estimate is None:
            continue
        r = derived_record(found)
        interval = f"{number(r['ci_low'], 3)} to {number(r['ci_high'], 3)}" if r["ci_low"] is not None else ""
        share = "" if r["healthy_share"] is None else f"{100 * r['healthy_share']:.0f}"
        rows.append((f"{_name(found)}, {unit(found.unit)}", str(r["n"]), share, number(r["limit"], 3), interval,
                     number(r["other_method"], 3), number(r["built_in"], 3), number(r["plain_percentile"], 3)))  # fmt: skip
    headings: list[tuple[str, Align]] = [("measure", "left"), *((h, "right") for h in (
        "n", "healthy %", "limit", "95 %", "other", "built-in", "plain"))]  # fmt: skip
    table = Table("Derived limits", tuple(headings), tuple(tuple(map(Cell, row)) for row in rows))
    out = console(stream, colour)
    print_parts(out, printed_table(table))
    refused = [f"Refused: {_name(found)}: {found.refused}." for found in derived if found.estimate is None]
    stream.write("".join(line + "\n" for line in refused))
    stream.write("Other: the other indirect method; plain: the percentile of all values as they are.\n")
    if any(len(d.estimate.rows) > 1 or d.estimate.rows[0].coefficients for d in derived if d.estimate):
        stream.write("Where a limit depends on age, height or sex, that of the middle patient is shown.\n")


def plot(found: Derived, folder: Path) -> Path:
    """The values of a measure as histogram and sorted, with the derived, the built-in and the plain limit."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.5), layout="constrained")
    values = np.sort(found.sample.values)
    left.hist(values, bins=min(60, max(10, len(values) // 15)), color="0.75")
    right.plot(np.arange(1, len(values) + 1), values, ".", color="0.4", markersize=2)
    lines = (("derived", found.typical, "C0", "-"), ("other method", found.other, "C2", ":"),
             ("built-in", found.built_in, "C1", "--"), ("plain percentile", found.plain, "C3", "-."))  # fmt: skip
    for name, value, tone, style in lines:
        if np.isfinite(value):
            left.axvline(value, color=tone, linestyle=style, label=f"{name} {number(value, 3)}")
            right.axhline(value, color=tone, linestyle=style)
    left.set(xlabel=f"{plain(found.sample.wanted.measure)} ({unit(found.unit)})", ylabel="patients")
    right.set(xlabel="patients, sorted", ylabel=unit(found.unit))
    left.legend(fontsize="small")
    figure.suptitle(f"{_name(found)}, n = {len(values)}", fontsize="medium")
    path = folder / f"{_name(found).replace(' ', '_')}.png"
    figure.savefig(path, dpi=120, metadata={"Software": None})
    pyplot.close(figure)
    return path
