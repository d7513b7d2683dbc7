"""Figures of a cohort as SVG and PDF; the same input gives the same bytes (extra `plots`)."""

import io
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pandas as pd

from ncs_analyzer.cohort.table import CohortTable
from ncs_analyzer.criteria.registry import criteria_sets
from ncs_analyzer.wording import plain

_STYLE: Final[Any] = {"svg.hashsalt": "ncs-analyzer", "svg.fonttype": "none", "font.size": 8.0}
_DARK, _MIDDLE, _LIGHT = "#1b4965", "#5fa8d3", "#bee9e8"
_MET: Final = (_DARK, _MIDDLE, _LIGHT)
"""Verdicts that fulfil a set, the strongest first."""
_NOT: Final = {"equivocal": "#e9c46a", "insufficient_data": "#ffffff"}
_OTHERWISE: Final = "#d8d8d8"
"""Told apart in print and by colour-blind readers; the words stand beside them."""

Picture = tuple[str, bytes, bytes]
"""Name, SVG, PDF."""


def figures(tables: dict[str, CohortTable]) -> Iterator[Picture]:
    """Verdicts by set, agreement, percent of limit by nerve, trajectories; those for which there is something to show."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    for name, draw in (
        ("verdicts", _verdicts),
        ("agreement", _agreement),
        ("percent_of_limit", _percent_of_limit),
        ("trajectories", _trajectories),
    ):
        with rc_context(_STYLE):
            figure = Figure(layout="constrained")
            there = draw(figure, tables)
            pictures = [_saved(figure, kind) for kind in ("svg", "pdf")] if there else []
        if there:
            yield name, pictures[0], pictures[1]


def _saved(figure: Any, kind: str) -> bytes:
    stream = io.BytesIO()
    nothing: Any = {"Date": None} if kind == "svg" else {"CreationDate": None, "ModDate": None}
    figure.savefig(stream, format=kind, metadata=nothing)
    return stream.getvalue()


def _title(name: str) -> str:
    found = criteria_sets()[name]
    return f"{found.disease} {found.title}"


def _colour(name: str, verdict: str) -> str:
    positive = criteria_sets()[name].positive
    return _MET[positive.index(verdict)] if verdict in positive else _NOT.get(verdict, _OTHERWISE)


def _shown(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows whose numbers are not hidden."""
    numbers = frame[list(columns)].apply(pd.to_numeric, errors="coerce")
    return frame.assign(**{name: numbers[name] for name in columns})[numbers.notna().all(axis=1)]


def _verdicts(figure: Any, tables: dict[str, CohortTable]) -> bool:
    own = tables["verdict_frequency"].frame
    own = _shown(own[own["group"] == "all"], "n", "percent")
    if not len(own):
        return False
    from matplotlib.legend_handler import HandlerTuple
    from matplotlib.patches import Patch

    sets = list(dict.fromkeys(own["criteria"]))[::-1]
    figure.set_size_inches(7.5, 0.3 * len(sets) + 1.2)
    axes = figure.subplots()
    for y, name in enumerate(sets):
        left = 0.0
        for _, row in own[own["criteria"] == name].iterrows():
            colour = _colour(name, row["verdict"])
            hatch = "////" if row["verdict"] == "insufficient_data" else None
            axes.barh(y, row["percent"], left=left, color=colour, edgecolor="#808080", linewidth=0.4, hatch=hatch)
            if row["percent"] > 12:
                words = f"{plain(row['verdict'])} {row['percent']:.0f}"
                ink = "white" if colour == _DARK else "black"
                axes.text(left + row["percent"] / 2, y, words, ha="center", va="center", fontsize=6, color=ink)
            left += row["percent"]
    axes.set_yticks(range(len(sets)), [_title(name) for name in sets])
    axes.set_ylim(-0.6, len(sets) - 0.4)
    keys = {
        "fulfilled, strongest first": _MET, "not fulfilled, normal": (_OTHERWISE,), "equivocal": (_NOT["equivocal"],)
    }  # fmt: skip
    handles = [
        tuple(Patch(facecolor=c, edgecolor="#808080", linewidth=0.4) for c in colours) for colours in keys.values()
    ]
    handles.append((Patch(facecolor="white", edgecolor="#808080", linewidth=0.4, hatch="////"),))
    axes.legend(
        handles, [*keys, "insufficient data"], loc="upper center", bbox_to_anchor=(0.4, -0.06), ncols=4, frameon=False,
        fontsize=6, handler_map={tuple: HandlerTuple(None, pad=0)}, handlelength=3,
    )  # fmt: skip
    axes.set_xlabel("percent of studies")
    axes.set_xlim(0, 100)
    return True


def _agreement(figure: Any, tables: dict[str, CohortTable]) -> bool:
    own = tables["agreement"].frame
    own = _shown(own[own["compared"] == "fulfilled"], "kappa")
    if not len(own):
        return False
    names = list(dict.fromkeys([*own["set_1"], *own["set_2"]]))
    grid = np.full((len(names), len(names)), np.nan)
    for one, other, value in zip(own["set_1"], own["set_2"], own["kappa"], strict=True):
        grid[names.index(one), names.index(other)] = grid[names.index(other), names.index(one)] = value
    figure.set_size_inches(0.35 * len(names) + 2.5, 0.35 * len(names) + 2)
    axes = figure.subplots()
    image = axes.imshow(grid, vmin=-1, vmax=1, cmap="PuOr")
    for i, j in zip(*np.nonzero(~np.isnan(grid)), strict=True):
        axes.text(j, i, f"{grid[i, j]:.2f}", ha="center", va="center", fontsize=5)
    axes.set_xticks(range(len(names)), [_title(n) for n in names], rotation=90)
    axes.set_yticks(range(len(names)), [_title(n) for n in names])
    figure.colorbar(image, ax=axes, label="Cohen's kappa of fulfilled or not", shrink=0.6)
    return True


def _percent_of_limit(figure: Any, tables: dict[str, CohortTable]) -> bool:
    own = tables["abnormality"].frame
    parts = ["percent_of_limit_median", "percent_of_limit_q1", "percent_of_limit_q3"]
    own = _shown(own[own["group"] == "all"], *parts)
    if not len(own):
        return False
    nerves = list(dict.fromkeys(zip(own["study"], own["nerve"], strict=True)))
    columns = 3
    rows = -(-len(nerves) // columns)
    figure.set_size_inches(7.5, 1.5 * rows + 0.5)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, (study, nerve) in zip(grid.flat, nerves, strict=False):
        rows_here = own[(own["study"] == study) & (own["nerve"] == nerve)]
        axes.set_axis_on()
        for y, (_, row) in enumerate(rows_here.iterrows()):
            axes.plot([row[parts[1]], row[parts[2]]], [y, y], color=_MIDDLE, linewidth=4, solid_capstyle="butt")
            axes.plot(row[parts[0]], y, "|", color=_DARK, markersize=8)
        words = [plain(f"{m} {s}") for m, s in zip(rows_here["measure"], rows_here["stimulation"], strict=True)]
        axes.set_yticks(range(len(words)), words, fontsize=5)
        axes.axvline(100, color="black", linewidth=0.6)
        axes.tick_params(axis="x", labelsize=6)
        axes.set_title(f"{plain(nerve)} ({plain(study)})", fontsize=7)
    figure.supxlabel("percent of limit: median and quartiles", fontsize=7)
    return True


def _trajectories(figure: Any, tables: dict[str, CohortTable]) -> bool:
    own = _shown(tables["trajectories"].frame, "n")
    sets = list(dict.fromkeys(own["criteria"]))
    if not sets:
        return False
    columns = 4
    rows = -(-len(sets) // columns)
    figure.set_size_inches(8, 1.9 * rows)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, name in zip(grid.flat, sets, strict=False):
        steps = own[own["criteria"] == name]
        there = {*steps["verdict_before"], *steps["verdict_after"]}
        levels = [verdict for verdict in reversed(criteria_sets()[name].names) if verdict in there]
        most = steps["n"].max()
        for before, after, n in zip(steps["verdict_before"], steps["verdict_after"], steps["n"], strict=True):
            ends = [levels.index(before), levels.index(after)]
            axes.plot([0, 1], ends, color=_MIDDLE, linewidth=0.3 + 5 * n / most, alpha=0.6, solid_capstyle="butt")
            words = f"{n:.0f}"
            axes.text(0.22, ends[0] + 0.22 * (ends[1] - ends[0]), words, ha="center", va="center", fontsize=4.5)
        for y, level in enumerate(levels):
            axes.text(-0.05, y, plain(level), ha="right", va="center", fontsize=5)
        axes.set_xlim(-1, 1.1)
        axes.set_title(_title(name), fontsize=6)
    return True
