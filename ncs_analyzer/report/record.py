"""One study as plain data, in the names of the contract: what every report is rendered from."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ncs_analyzer import __version__
from ncs_analyzer.criteria.conditions import Quantity
from ncs_analyzer.criteria.conduction_block import GRADES
from ncs_analyzer.criteria.evidence import Trace, trace
from ncs_analyzer.criteria.sets import Item, Result
from ncs_analyzer.grouping import span
from ncs_analyzer.ingest.ledger import CellCount
from ncs_analyzer.interpretation.findings import motor_findings, reasons, sensory_findings
from ncs_analyzer.interpretation.limitations import limitations
from ncs_analyzer.interpretation.names import compression_name, site
from ncs_analyzer.interpretation.paragraph import summary
from ncs_analyzer.interpretation.pattern import (
    CATEGORIES,
    DISTRIBUTIONS,
    MOTOR_CLASSES,
    NAME,
    SENSORY_CLASSES,
    SENSORY_MOTOR,
)
from ncs_analyzer.pipeline import Analysis
from ncs_analyzer.readings import STUDY_COLUMNS, Readings
from ncs_analyzer.reference.differences import graded_differences
from ncs_analyzer.reference.grading import graded_readings
from ncs_analyzer.report.comparisons import add_comparisons
from ncs_analyzer.report.interpreted import h_reflexes, interpretation_record
from ncs_analyzer.report.plain_data import clean
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, NERVES, SIDES

SCHEMA: Final = "ncs-analyzer/1"


def document(analysis: Analysis) -> dict[str, Any]:
    """The whole analysis: what was read, the settings, and a record per study."""
    return {**heading(analysis), "studies": list(study_records(analysis))}


def heading(analysis: Analysis) -> dict[str, Any]:
    """The document without its studies."""
    return {
        **reading_record(analysis.readings),
        "settings": {
            "criteria": list(analysis.results),
            "compression_sites": analysis.settings.compression_sites or "as each set asks",
            "nerve_counting": analysis.settings.nerve_counting,
        },
        "reference": [{"id": s.id, "title": s.title, "hash": s.hash} for s in analysis.reference.sources],
    }


def reading_record(readings: Readings) -> dict[str, Any]:
    """What was read: issues, rows, and for each file or sheet its layout and what became of each column."""
    return {
        "schema": SCHEMA,
        "program": f"ncs-analyzer {__version__}",
        **({"profile": dict(readings.profile)} if readings.profile else {}),
        "issues": [issue.record() for issue in readings.issues],
        "rows": readings.rows,
        "cells": _cell_record(readings.counted_cells),
        "files": [
            {
                "file": f.file,
                "sheet": f.sheet,
                "layout": f.layout,
                "fit": round(f.fit, 3),
                "rows": {"read": f.read, "used": f.used, "reported": f.reported},
                "cells": _cell_record(f.cells),
                "columns": [
                    {"heading": c.heading, "column": c.letter, "became": c.became, "use": c.use} for c in f.columns
                ],
            }
            for f in readings.found
        ],
    }


def _cell_record(cells: CellCount) -> dict[str, Any]:
    return {"read": cells.read, "used": cells.used, "reported": cells.reported, "left_out": dict(cells.ignored)}


def study_records(analysis: Analysis, order: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    """A record for every study, in their own order or another."""
    graded = graded_readings(analysis.readings, analysis.responses, analysis.limits)
    differences = graded_differences(analysis.responses, analysis.limits.people, analysis.reference)
    studies = np.arange(len(analysis) + 1)
    bounds, parts = (np.searchsorted(t["study_no"].to_numpy(int), studies) for t in (graded, differences))
    for study in range(len(analysis)) if order is None else order:
        record = _Study(analysis, study, graded.iloc[bounds[study] : bounds[study + 1]]).record()
        add_comparisons(record, differences.iloc[parts[study] : parts[study + 1]])
        yield record


class _Study:
    def __init__(self, analysis: Analysis, study: int, graded: pd.DataFrame) -> None:
        self.analysis, self.study, self.graded = analysis, study, graded
        self.motor_lines = span(analysis.physiology.motor.study, study)
        self.sensory_lines = span(analysis.physiology.sensory.study, study)
        self.pair_rows = analysis.physiology.pairs.of_lines(self.motor_lines)

    def record(self) -> dict[str, Any]:
        row = self.analysis.readings.studies.iloc[self.study]
        readings = list(self.readings())
        known = ("patient_id", "study_id", "study_date", "age_years", "sex", "height_cm", "weight_kg", "group")
        return {
            **{name: clean(row[name]) for name in known},
            "covariates": {str(name): clean(row[name]) for name in row.index if name not in STUDY_COLUMNS},
            "readings": readings,
            "nerves": [*self.motor_nerves(), *self.sensory_nerves(), *h_reflexes(readings)],
            "conduction_block": list(self.blocks()),
            "pattern": self.pattern(),
            **interpretation_record(self.analysis, self.study, self.pair_rows),
            "criteria": {name: self.criteria(result) for name, result in self.analysis.results.items()},
            "summary": summary(self.analysis, self.study),
            "limitations": limitations(self.analysis, self.study),
        }

    # ------------------------------------------------------------ readings

    def readings(self) -> Iterator[dict[str, Any]]:
        columns = (
            "study", "nerve", "side", "recording", "stimulation", "measure", "value", "unit", "response", "lower",
            "upper", "limit_source", "percent_of_limit", "grade", "limit_for", "limit_note", "z_score", "percentile",
        )  # fmt: skip
        for record in self.graded.to_dict("records"):
            source = {name: clean(record[name]) for name in ("file", "sheet", "row", "column")}
            source["row"] = source["row"] or None
            row = record["limit_row"] or None
            yield {**{name: clean(record[name]) for name in columns}, "limit_row": row, "source": source}

    def source(self, row: int, column: str) -> dict[str, Any] | None:
        """The cell of one value."""
        return self.analysis.readings.cells.address(row, column) if row >= 0 else None

    # ------------------------------------------------------------ nerves

    def motor_nerves(self) -> Iterator[dict[str, Any]]:
        m, pattern = self.analysis.physiology.motor, self.analysis.pattern
        for i in self.motor_lines:
            yield {
                "study": "motor",
                "nerve": MOTOR_NERVES[m.nerve[i]],
                "side": SIDES[m.side[i]],
                "recording": self.analysis.responses.names["recording"][m.muscle[i]] if m.muscle[i] >= 0 else None,
                "class": MOTOR_CLASSES[pattern.motor_class[i]],
                "findings": motor_findings(self.analysis, int(i)),
                "values": {
                    "distal_amplitude_pct": clean(m.dcmap_pct[i]),
                    "distal_latency_pct": clean(m.dml_pct[i]),
                    "lowest_velocity_pct": clean(m.mcv_pct[i]),
                    "f_latency_pct": clean(m.f_pct[i]),
                    "f_waves": "absent" if m.f_absent[i] else "present" if m.f_tested[i] else "not_tested",
                    "lowest_amplitude_ratio": clean(m.amp_ratio[i]),
                    "highest_duration_ratio": clean(m.dur_ratio[i]),
                    "distal_duration_ms": clean(m.duration[i]),
                    "terminal_latency_index": clean(m.tli[i]),
                    "residual_latency_ms": clean(m.residual_latency[i]),
                },
                "segments": list(self.segments(int(i))),
            }

    def segments(self, line: int) -> Iterator[dict[str, Any]]:
        p = self.analysis.physiology.pairs
        for at in self.pair_rows[p.line[self.pair_rows] == line]:
            yield {
                "distal": site(self.analysis, p.distal[at]),
                "proximal": site(self.analysis, p.proximal[at]),
                "velocity_m_per_s": clean(p.velocity[at]),
                "velocity_pct": clean(p.velocity_pct[at]),
                "computed": bool(p.computed[at]),
                "counted": bool(p.counted[at]),
            }

    def sensory_nerves(self) -> Iterator[dict[str, Any]]:
        p, pattern = self.analysis.physiology, self.analysis.pattern
        for i in self.sensory_lines:
            own = span(p.snaps.line, int(i))

            def worst(values: np.ndarray[Any, Any], pick: Any, own: np.ndarray[Any, Any] = own) -> float | None:
                known = values[own][np.isfinite(values[own])]
                return clean(pick(known)) if len(known) else None

            yield {
                "study": "sensory",
                "nerve": NERVES[p.sensory.nerve[i]],
                "side": SIDES[p.sensory.side[i]],
                "class": SENSORY_CLASSES[pattern.sensory_class[i]],
                "findings": sensory_findings(self.analysis, int(i)),
                "values": {
                    "amplitude_pct": worst(p.snaps.snap_pct, np.min),
                    "onset_latency_pct": worst(p.snaps.onset_pct, np.max),
                    "peak_latency_pct": worst(p.snaps.peak_pct, np.max),
                    "velocity_pct": worst(p.snaps.velocity_pct, np.min),
                },
            }

    # ------------------------------------------------------------ block and pattern

    def blocks(self) -> Iterator[dict[str, Any]]:
        a, p, m = self.analysis, self.analysis.physiology.pairs, self.analysis.physiology.motor
        graded = {name: block.grades for name, block in a.facts.blocks.items()}
        sensory = a.facts.sensory.abnormal_beside_motor
        for at in self.pair_rows:
            line = int(p.line[at])
            yield {
                "nerve": MOTOR_NERVES[m.nerve[line]],
                "side": SIDES[m.side[line]],
                "distal": site(a, p.distal[at]),
                "proximal": site(a, p.proximal[at]),
                "amplitude_reduction_pct": clean(100 * (1 - p.measured_amp_ratio[at])),
                "area_reduction_pct": clean(100 * (1 - p.measured_area_ratio[at])),
                "duration_increase_pct": clean(100 * (p.dur_ratio[at] - 1)),
                "compression_site": bool(p.compression[at]),
                "compression_name": compression_name(a, int(at)),
                "counted": bool(p.counted[at]),
                "proximal_absent": bool(p.lost[at]),
                "anastomosis": bool(p.anastomosis[at]),
                "sensory_normal": None if sensory.open[line] else not bool(sensory.met[line]),
                "grades": {name: GRADES[codes[at]] for name, codes in graded.items()},
                "source": self.source(int(p.proximal_row[at]), "amplitude_mv"),
            }

    def pattern(self) -> dict[str, Any]:
        pattern = self.analysis.pattern
        return {
            "name": NAME,
            "category": CATEGORIES[pattern.category[self.study]],
            "sensory_motor": SENSORY_MOTOR[pattern.sensory_motor[self.study]],
            "distribution": DISTRIBUTIONS[pattern.distribution[self.study]],
            "reasons": reasons(self.analysis, self.study),
        }

    # ------------------------------------------------------------ criteria

    def criteria(self, result: Result) -> dict[str, Any]:
        s, changes = result.set, self.analysis.could_change[result.set.id]
        return {
            "title": f"{s.disease} {s.title}",
            "disease": s.disease,
            "verdict": result.name(self.study),
            "fulfilled": result.name(self.study) in s.positive,
            "settled": bool(result.settled[self.study]),
            "status": s.status,
            "citation": s.citation,
            "doi": s.doi or None,
            "evidence": list(self.evidence(result)),
            "not_evaluable": list(self.not_evaluable(result)),
            "excluded": list(self.excluded(result)),
            "could_change": [measure.record() for measure in changes.get(self.study, [])],
            **{name: self.extra(value) for name, value in result.extra.items()},
            "notes": list(s.always_said),
        }

    def extra(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.extra(inner) for name, inner in value.items()}
        return clean(value[self.study])

    def evidence(self, result: Result) -> Iterator[dict[str, Any]]:
        """Every item met, with its number; what counted for the verdict first."""
        for counts in (True, False):
            for item in result.set.items:
                met = result.items[item.key].met & (result.counted[item.key] == counts)
                for line in self.motor_lines[met[self.motor_lines]]:
                    yield self.piece(item, int(line), counts)

    def piece(self, item: Item, line: int, counts: bool) -> dict[str, Any]:
        motor = self.analysis.physiology.motor
        found = trace(item.about, self.analysis.facts, line)
        limits = self.analysis.limits.value
        limit = float(limits[found.column][found.row]) if found.row >= 0 and found.column in limits else math.nan
        about_ratio = item.about.measure.endswith("ratio")
        return {
            "item": item.key,
            "title": item.title,
            "nerve": MOTOR_NERVES[motor.nerve[line]],
            "side": SIDES[motor.side[line]],
            "measure": found.measure,
            "value": found.value,
            "unit": found.unit,
            "limit": None if about_ratio else clean(limit),
            "percent": found.percent,
            "threshold": item.text,
            "counted": counts,
            **self.about_pair(found),
            "with": {q.measure: trace(q, self.analysis.facts, line).percent for q in item.condition.rests_on[1:]},
            "source": self.source(found.row, found.column),
        }

    def about_pair(self, found: Trace) -> dict[str, Any]:
        if found.pair < 0:
            return {}
        p = self.analysis.physiology.pairs
        segment = f"{site(self.analysis, p.distal[found.pair])}-{site(self.analysis, p.proximal[found.pair])}"
        return {"segment": segment, "computed": bool(found.measure == "velocity" and p.computed[found.pair])}

    def not_evaluable(self, result: Result) -> Iterator[dict[str, Any]]:
        """Items that a missing measure or limit leaves open, nerve by nerve."""
        motor = self.analysis.physiology.motor
        for line in self.motor_lines:
            for item in result.set.items:
                truth = result.items[item.key]
                if truth.open[line] and not truth.met[line]:
                    yield {
                        "item": item.key,
                        "nerve": MOTOR_NERVES[motor.nerve[line]],
                        "side": SIDES[motor.side[line]],
                        "measure": item.about.measure,
                        "missing": self.missing(item.condition.rests_on, int(line)),
                    }

    def missing(self, quantities: tuple[Quantity, ...], line: int) -> list[str]:
        found = (trace(q, self.analysis.facts, line).missing for q in quantities)
        return list(dict.fromkeys(words for words in found if words))

    def excluded(self, result: Result) -> Iterator[dict[str, Any]]:
        """What was measured but left out: pairs across entrapment sites, the median distal latency in CTS."""
        a, p, m = self.analysis, self.analysis.physiology.pairs, self.analysis.physiology.motor
        for at in self.pair_rows[~p.counted[self.pair_rows]]:
            line = int(p.line[at])
            yield {
                "nerve": MOTOR_NERVES[m.nerve[line]],
                "side": SIDES[m.side[line]],
                "segment": f"{site(a, p.distal[at])}-{site(a, p.proximal[at])}",
                "reason": f"crosses the {compression_name(a, int(at))}",
                "velocity_m_per_s": clean(p.velocity[at]),
                "amplitude_reduction_pct": clean(100 * (1 - p.measured_amp_ratio[at])),
                "duration_increase_pct": clean(100 * (p.dur_ratio[at] - 1)),
                "source": self.source(int(p.proximal_row[at]), "velocity_m_per_s"),
            }
        asked = a.settings.compression_sites == "exclude"
        if any(i.wrist == "left out" or (i.wrist == "left out if asked" and asked) for i in result.set.items):
            for line in self.motor_lines[a.facts.compressed.met[self.motor_lines]]:
                yield {
                    "nerve": "median",
                    "side": SIDES[m.side[line]],
                    "measure": "distal_latency",
                    "reason": "median neuropathy at the wrist known or suspected",
                    "value": clean(m.dml[line]),
                    "percent": clean(m.dml_pct[line]),
                    "source": self.source(int(m.row[line]), "latency_ms"),
                }
