"""Many studies analysed in one batch, and what the program says of each."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ncs_analyzer.criteria.conduction_block import GRADES
from ncs_analyzer.criteria.truth import Truth
from ncs_analyzer.pipeline import Analysis, Settings, analyze
from ncs_analyzer.readings import Readings
from ncs_analyzer.reference.tables import Reference
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES, NERVES, SIDES

NO_REFERENCE = Reference(())
"""Only the limits printed beside the values."""

HARMLESS = {"nothing-measured", "muscle-assumed", "sex-missing", "age-missing", "duplicate-row", "id-unusual"}


def analysed(
    studies: Mapping[str, Iterable[Mapping[str, Any]]],
    settings: Settings | None = None,
    reference: Reference = NO_REFERENCE,
) -> "Judged":
    """Analyse studies by name, all in one batch, with their printed limits only (unless a reference is given)."""
    rows = [{**row, "patient_id": name} for name, study in studies.items() for row in study]
    return Judged(analyze(Readings.from_rows(rows), reference, settings))


class Judged:
    """What was found in a batch of studies; studies are asked for by name."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    @cached_property
    def number(self) -> dict[str, int]:
        return {str(name): i for i, name in enumerate(self.analysis.readings.studies["patient_id"])}

    @cached_property
    def motor_lines(self) -> dict[tuple[int, str, str], int]:
        m = self.analysis.physiology.motor
        return {(int(m.study[i]), MOTOR_NERVES[m.nerve[i]], SIDES[m.side[i]]): i for i in range(len(m))}

    @cached_property
    def sensory_lines(self) -> dict[tuple[int, str, str], int]:
        s = self.analysis.physiology.sensory
        return {(int(s.study[i]), NERVES[s.nerve[i]], SIDES[s.side[i]]): i for i in range(len(s))}

    def complaints(self) -> list[str]:
        """Issues that would make a test's study another one than its author meant."""
        issues = self.analysis.readings.issues
        return [f"{issue.where}: {issue.message}" for issue in issues if issue.code.name not in HARMLESS]

    # ------------------------------------------------------------ criteria

    def item(self, name: str, set_id: str, item: str, nerve: str, side: str = "right") -> str:
        """met, not_met or not_evaluable; "met for now" where it is met but a missing measure could undo it."""
        line = self.motor_lines[self.number[name], nerve, side]
        return state(self.analysis.results[set_id].items[item], line)

    def verdict(self, name: str, set_id: str) -> str:
        return self.analysis.results[set_id].name(self.number[name])

    def settled(self, name: str, set_id: str) -> bool:
        return bool(self.analysis.results[set_id].settled[self.number[name]])

    def extra(self, name: str, set_id: str, path: str) -> Any:
        """A further result of a set, `levels.typical` say."""
        value: Any = self.analysis.results[set_id].extra
        for key in path.split("."):
            value = value[key]
        found = value[self.number[name]]
        return bool(found) if isinstance(found, np.bool_) else str(found)

    # ------------------------------------------------------------ block and pattern

    @cached_property
    def grades(self) -> dict[tuple[int, str, str, str, str], dict[str, str]]:
        """(study, nerve, side, distal, proximal) -> definition -> grade."""
        p, m = self.analysis.physiology.pairs, self.analysis.physiology.motor
        sites = self.analysis.responses.names["stimulation"]
        codes = {name: block.grades for name, block in self.analysis.facts.blocks.items()}
        return {
            (
                int(m.study[p.line[j]]), MOTOR_NERVES[m.nerve[p.line[j]]], SIDES[m.side[p.line[j]]],
                sites[p.distal[j]], sites[p.proximal[j]],
            ): {name: GRADES[code[j]] for name, code in codes.items()}
            for j in range(len(p))
        }  # fmt: skip

    def grade(self, name: str, definition: str, nerve: str, side: str, distal: str, proximal: str) -> str:
        return self.grades[self.number[name], nerve, side, distal, proximal][definition]


def state(truth: Truth, line: int) -> str:
    """One line of three-valued truth in words."""
    if truth.must[line]:
        return "met"
    if not truth.may[line]:
        return "not_met"
    return "met for now" if truth.met[line] else "not_evaluable"
