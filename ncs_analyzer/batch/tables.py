"""An analysis as tables over all its studies, whole columns at a time; nothing here is decided anew.

Text columns are categories; a missing number is NaN.
"""

from typing import Any, Final

import numpy as np
import pandas as pd

from ncs_analyzer.arrays import Codes, Floats, Mask, Rows
from ncs_analyzer.batch.items import items_table
from ncs_analyzer.criteria.conduction_block import GRADES
from ncs_analyzer.criteria.sets import Result
from ncs_analyzer.grouping import least, named, repeated
from ncs_analyzer.interpretation.pattern import (
    CATEGORIES,
    DISTRIBUTIONS,
    MOTOR_CLASSES,
    SENSORY_CLASSES,
    SENSORY_MOTOR,
)
from ncs_analyzer.interpretation.serial import CHANGES
from ncs_analyzer.interpretation.severity import SEVERITIES
from ncs_analyzer.physiology.segments import COMPRESSION_SITES
from ncs_analyzer.pipeline import Analysis
from ncs_analyzer.readings import STUDY_COLUMNS, VALUES
from ncs_analyzer.report.as_csv import readings_table
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, NERVES, SIDES

WHO: Final = ("patient_id", "study_id", "study_date", "group")
"""What names the study in every table but the readings, which carry age, sex and height too."""

Columns = dict[str, Any]


def result_tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Every table of the analysis by name, sorted by study."""
    return {
        "studies": studies_table(analysis),
        "readings": readings_table(analysis),
        "nerves": nerves_table(analysis),
        "verdicts": verdicts_table(analysis),
        "conduction_block": block_table(analysis),
        "changes": changes_table(analysis),
        "items": items_table(analysis),
    }


def _who(analysis: Analysis, study: Codes | Rows) -> Columns:
    return {name: repeated(analysis.readings.studies[name], np.asarray(study, np.intp)) for name in WHO}


def studies_table(analysis: Analysis) -> pd.DataFrame:
    """One row per study: what the file says of the patient (covariates included), and the conclusions."""
    studies, pattern = analysis.readings.studies, analysis.pattern
    everyone = np.arange(len(studies))
    covariates = [name for name in studies.columns if name not in STUDY_COLUMNS]
    facts, responses = analysis.facts, analysis.responses
    found: Columns = {name: repeated(studies[name], everyone) for name in STUDY_COLUMNS}
    ids = np.array([*studies["study_id"], None], object)
    found |= {
        "before": ids[analysis.interpretation.serial.previous],
        "motor_nerves": facts.tested,
        "sensory_nerves": np.bincount(facts.sensory.nerves.study, minlength=len(studies)),
        "responses": np.bincount(responses.study, minlength=len(studies)),
        "pattern": named(pattern.category, CATEGORIES),
        "sensory_motor": named(pattern.sensory_motor, SENSORY_MOTOR),
        "distribution": named(pattern.distribution, DISTRIBUTIONS),
        "severity": named(analysis.interpretation.severity, SEVERITIES),
        "reversible_conduction_failure": _since_before(analysis),
    }
    found |= {f"{name}_given" if name in found else name: repeated(studies[name], everyone) for name in covariates}
    return pd.DataFrame(found, copy=False)


def _since_before(analysis: Analysis) -> pd.Categorical:
    """Whether some nerve recovered since the study before: yes, no, or missing where there is none before."""
    serial = analysis.interpretation.serial
    return named(np.where(serial.previous < 0, -1, serial.of_study().astype(np.int64)), ("no", "yes"))


def nerves_table(analysis: Analysis) -> pd.DataFrame:
    """One row per nerve tested: motor nerves, then sensory nerves, of each study."""
    both = pd.concat([_motor_nerves(analysis), _sensory_nerves(analysis)], ignore_index=True)
    order = np.lexsort((both.pop("_line"), both["study"] == "sensory", both.pop("_study")))
    return both.iloc[order].reset_index(drop=True)


def _motor_nerves(analysis: Analysis) -> pd.DataFrame:
    m, pattern = analysis.physiology.motor, analysis.pattern
    f_waves = np.where(m.f_absent, 1, np.where(m.f_tested, 0, 2))
    return _nerves(
        analysis,
        m.study,
        {
            "study": named(np.zeros(len(m), np.int8), _KINDS),
            "nerve": named(_MOTOR[m.nerve], NERVES),
            "side": named(m.side, SIDES),
            "recording": named(m.muscle, analysis.responses.names["recording"]),
            "class": named(pattern.motor_class, _CLASSES),
            "explained_by_entrapment": pattern.explained,
            "demyelinating_findings": listed({k: np.asarray(v) for k, v in pattern.findings.items()}),
            "suspected_entrapment": listed(
                {
                    "wrist": pattern.median_wrist.judged[m.side, m.study] & m.is_nerve("median"),
                    "elbow": pattern.entrapment.elbow,
                    "fibular head": pattern.entrapment.head,
                }
            ),
            "response": named(m.absent.astype(np.int8), ("present", "absent")),
            "distal_amplitude_pct": m.dcmap_pct,
            "distal_latency_pct": m.dml_pct,
            "lowest_velocity_pct": m.mcv_pct,
            "f_latency_pct": m.f_pct,
            "f_waves": named(f_waves, ("present", "absent", "not_tested")),
            "lowest_amplitude_ratio": m.amp_ratio,
            "highest_duration_ratio": m.dur_ratio,
            "distal_duration_ms": m.duration,
            "terminal_latency_index": m.tli,
            "residual_latency_ms": m.residual_latency,
        },
    )


_KINDS: Final = ("motor", "sensory")
_CLASSES: Final = tuple(dict.fromkeys((*MOTOR_CLASSES, *SENSORY_CLASSES)))
_SENSORY_CLASS: Final = np.array([_CLASSES.index(name) for name in SENSORY_CLASSES])
_MOTOR: Final = np.array([NERVES.index(name) for name in MOTOR_NERVES])


def _sensory_nerves(analysis: Analysis) -> pd.DataFrame:
    s, snaps, pattern = analysis.physiology.sensory, analysis.physiology.snaps, analysis.pattern
    n = len(s)

    def lowest(values: Floats) -> Floats:
        return least(snaps.line, values, n)

    def highest(values: Floats) -> Floats:
        return -least(snaps.line, -values, n)

    absent = lowest(np.where(snaps.absent, 1.0, 0.0)) == 1.0
    return _nerves(
        analysis,
        s.study,
        {
            "study": named(np.ones(n, np.int8), _KINDS),
            "nerve": named(s.nerve, NERVES),
            "side": named(s.side, SIDES),
            "class": named(_SENSORY_CLASS[pattern.sensory_class], _CLASSES),
            "explained_by_entrapment": pattern.sensory_explained,
            "response": named(absent.astype(np.int8), ("present", "absent")),
            "snap_pct": lowest(snaps.snap_pct),
            "onset_latency_pct": highest(snaps.onset_pct),
            "peak_latency_pct": highest(snaps.peak_pct),
            "velocity_pct": lowest(snaps.velocity_pct),
        },
    )


def _nerves(analysis: Analysis, study: Codes, values: Columns) -> pd.DataFrame:
    """The columns of NERVE_COLUMNS, empty where they do not apply to this kind of nerve."""
    n = len(study)
    blank = {name: np.full(n, np.nan) for name in _NERVE_NUMBERS} | {
        name: named(np.full(n, -1), names) for name, names in _NERVE_TEXTS.items()
    }
    found = blank | {"recording": named(np.full(n, -1), analysis.responses.names["recording"])} | values
    ordered = {name: found[name] for name in NERVE_COLUMNS}
    return pd.DataFrame({**_who(analysis, study), **ordered, "_study": study, "_line": np.arange(n)}, copy=False)


NERVE_COLUMNS: Final = (
    "study", "nerve", "side", "recording", "class", "explained_by_entrapment", "demyelinating_findings",
    "suspected_entrapment", "response", "distal_amplitude_pct", "distal_latency_pct", "lowest_velocity_pct",
    "f_latency_pct", "f_waves", "lowest_amplitude_ratio", "highest_duration_ratio", "distal_duration_ms",
    "terminal_latency_index", "residual_latency_ms", "snap_pct", "onset_latency_pct", "peak_latency_pct", "velocity_pct",
)  # fmt: skip
_NERVE_NUMBERS: Final = (*(n for n in NERVE_COLUMNS[9:] if n != "f_waves"),)
_NERVE_TEXTS: Final = {
    "demyelinating_findings": (),
    "suspected_entrapment": (),
    "f_waves": ("present", "absent", "not_tested"),
}


def listed(masks: dict[str, Mask]) -> pd.Categorical:
    """For every line, the names of the masks that hold, separated by semicolons; missing where none does."""
    names = list(masks)
    key = np.zeros(len(next(iter(masks.values()))), np.int64)
    for i, mask in enumerate(masks.values()):
        key |= mask.astype(np.int64) << i
    distinct, code = np.unique(key, return_inverse=True)
    return named(code, ["; ".join(n for i, n in enumerate(names) if k >> i & 1) or None for k in distinct.tolist()])


def verdicts_table(analysis: Analysis) -> pd.DataFrame:
    """One row per study and criteria set: the verdict, whether it is settled, and by which items."""
    n, results = len(analysis), list(analysis.results.values())
    names = list(dict.fromkeys(name for r in results for name in r.set.names))
    study = np.repeat(np.arange(n), len(results))
    verdict = _side_by_side([np.array([names.index(v) for v in r.set.names])[r.verdict] for r in results])
    sets = np.tile(np.arange(len(results)), n)
    parts = [_items_of(analysis, r) for r in results]
    found: Columns = {
        **_who(analysis, study),
        "criteria": named(sets, [r.set.id for r in results]),
        "disease": _of_set([r.set.disease for r in results], sets),
        "verdict": named(verdict, names),
        "fulfilled": _side_by_side([np.isin(r.verdict, _positive(r)) for r in results]),
        "settled": _side_by_side([r.settled for r in results]),
    }
    for name in ("items_counted", "items_met", "items_not_evaluable", "details"):
        found[name] = _texts_side_by_side([part[name] for part in parts])
    return pd.DataFrame(found, copy=False)


def _of_set(texts: list[str], sets: Rows) -> pd.Categorical:
    names = list(dict.fromkeys(texts))
    return named(np.array([names.index(t) for t in texts], np.int64)[sets], names)


def _positive(result: Result) -> list[int]:
    return [i for i, name in enumerate(result.set.names) if name in result.set.positive]


def _side_by_side(columns: list[Any]) -> Any:
    """One column per set to one column with the sets of a study below each other."""
    return np.column_stack(columns).reshape(-1) if columns else np.zeros(0, np.int64)


def _texts_side_by_side(columns: list[pd.Categorical]) -> pd.Categorical:
    names = list(dict.fromkeys(name for column in columns for name in column.categories))
    index = {name: i for i, name in enumerate(names)}
    codes = [np.array([*(index[c] for c in column.categories), -1])[column.codes] for column in columns]
    return named(_side_by_side(codes), names)


def _items_of(analysis: Analysis, result: Result) -> dict[str, pd.Categorical]:
    """By study: the items met in some nerve, those that counted for the verdict, those left open in some nerve, and
    what else the set says."""
    motor = analysis.physiology.motor

    def somewhere(mask: Mask) -> Mask:
        found = np.zeros(len(analysis), bool)
        found[motor.study[mask]] = True
        return found

    items = result.items
    return {
        "items_counted": listed({key: somewhere(mask) for key, mask in result.counted.items()}),
        "items_met": listed({key: somewhere(truth.met) for key, truth in items.items()}),
        "items_not_evaluable": listed({key: somewhere(t.open & ~t.met) for key, t in items.items()}),
        "details": _details(result.extra, len(analysis)),
    }


def _details(extra: dict[str, Any], n: int) -> pd.Categorical:
    """What a set says besides its verdict, as `name=value; ...`."""
    code, texts = np.zeros(n, np.int64), [""]
    for name, value in _flat("", extra):
        own, distinct = pd.factorize(np.asarray(value))
        key, rows = pd.factorize(code * len(distinct) + own)
        words = [f"{name}={str(d).lower() if isinstance(d, (bool, np.bool_)) else d}" for d in distinct]
        texts = [f"{texts[k // len(words)]}; {words[k % len(words)]}".removeprefix("; ") for k in rows.tolist()]
        code = key
    return named(code, [text or None for text in texts])


def _flat(prefix: str, extra: dict[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in extra.items():
        found.extend(_flat(f"{prefix}{name}.", value) if isinstance(value, dict) else [(prefix + name, value)])
    return found


def block_table(analysis: Analysis) -> pd.DataFrame:
    """One row per pair of stimulation sites of the motor nerves, graded by every definition of conduction block."""
    p, m, cells = analysis.physiology.pairs, analysis.physiology.motor, analysis.readings.cells
    sites = analysis.responses.names["stimulation"]
    sensory = analysis.facts.sensory.abnormal_beside_motor
    normal = np.where(sensory.open, -1, ~sensory.met)[p.line]
    crossing = [COMPRESSION_SITES[name][2] if name in COMPRESSION_SITES else None for name in MOTOR_NERVES]
    places = list(dict.fromkeys(crossing))
    place = np.array([places.index(c) for c in crossing])[m.nerve[p.line]]
    of_value, of_response = (
        cells.rows[p.proximal_row, list(VALUES).index("amplitude_mv")],
        cells.rows[p.proximal_row, -1],
    )
    found: Columns = {
        **_who(analysis, m.study[p.line]),
        "nerve": named(m.nerve[p.line], MOTOR_NERVES),
        "side": named(m.side[p.line], SIDES),
        "distal": named(p.distal, sites),
        "proximal": named(p.proximal, sites),
        "amplitude_reduction_pct": 100.0 * (1.0 - p.measured_amp_ratio),
        "area_reduction_pct": 100.0 * (1.0 - p.measured_area_ratio),
        "duration_increase_pct": 100.0 * (p.dur_ratio - 1.0),
        "velocity_m_per_s": p.velocity,
        "velocity_pct": p.velocity_pct,
        "compression_site": named(np.where(p.compression, place, -1), places),
        "counted": p.counted,
        "proximal_absent": p.lost,
        "anastomosis": p.anastomosis,
        "sensory_normal": named(normal, ("no", "yes")),
    }
    found |= {name: named(block.grades, GRADES) for name, block in analysis.facts.blocks.items()}
    found |= {
        "file": named(cells.file[p.proximal_row], cells.files),
        "sheet": named(cells.sheet[p.proximal_row], cells.sheets),
        "row": np.where(of_value > 0, of_value, of_response),
    }
    return pd.DataFrame(found, copy=False)


def changes_table(analysis: Analysis) -> pd.DataFrame:
    """One row per measure of a nerve that was tested in the patient's study before too, with the change in percent of
    the earlier value, what it is beside repeat error, and whether the nerve shows reversible conduction failure."""
    serial, m, s = analysis.interpretation.serial, analysis.physiology.motor, analysis.physiology.sensory
    recovered = {"motor": serial.recovered["cmap"] | serial.recovered["block"], "sensory": serial.recovered["snap"]}
    parts = []
    for change in serial.changes:
        kind = "sensory" if change.measure == "snap" else "motor"
        nerves: Any = s if kind == "sensory" else m
        nerve = nerves.nerve if kind == "sensory" else _MOTOR[nerves.nerve]
        study = nerves.study[change.line]
        with np.errstate(divide="ignore", invalid="ignore"):
            percent = np.where(change.earlier > 0, 100.0 * (change.later - change.earlier) / change.earlier, np.nan)
        parts.append(
            {
                **_who(analysis, study),
                "before": repeated(analysis.readings.studies["study_id"], serial.previous[study]),
                "study": named(np.full(len(study), _KINDS.index(kind)), _KINDS),
                "nerve": named(nerve[change.line], NERVES),
                "side": named(nerves.side[change.line], SIDES),
                "measure": np.full(len(study), change.measure, object),
                "unit": np.full(len(study), change.unit, object),
                "earlier": change.earlier,
                "later": change.later,
                "change_pct": percent,
                "change": named(change.code, CHANGES),
                "reversible_conduction_failure": recovered[kind],
                "_study": study,
                "_line": change.line,
            }
        )
    table = pd.concat([pd.DataFrame(part, copy=False) for part in parts], ignore_index=True)
    order = np.lexsort((table.pop("_line"), table["study"] == "sensory", table.pop("_study")))
    return table.iloc[order].reset_index(drop=True)
