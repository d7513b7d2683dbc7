"""Write the sample exports of this folder from `patients.toml`: the same bytes every time.

`python sample_data/build.py` writes them all. Every layout is written as a laboratory would export it; what a file
does not carry (areas, distances, ...) is simply not in it.
"""

import csv
import datetime
import io
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

FOLDER: Final = Path(__file__).parent
Cell = str | int | float | datetime.date | None
Grid = list[list[Cell]]

COLUMNS: Final = {
    "motor": (
        "side",
        "nerve",
        "recording",
        "stimulation",
        "latency_ms",
        "amplitude_mv",
        "area_mvms",
        "duration_ms",
        "distance_mm",
    ),
    "f_wave": ("side", "nerve", "recording", "latency_ms", "persistence_pct"),
    "sensory": (
        "side",
        "nerve",
        "recording",
        "stimulation",
        "latency_ms",
        "peak_latency_ms",
        "amplitude_uv",
        "distance_mm",
    ),
}
"""The columns of the tables in patients.toml, by kind of study."""

LEGS: Final = ("fibular", "tibial", "sural", "superficial_fibular")


@dataclass(frozen=True)
class Row:
    """One recorded response. `values`: texts as in the table, velocity added; `below`: the next more distal site."""

    kind: str
    side: str
    nerve: str
    recording: str
    stimulation: str
    response: str
    values: dict[str, str]
    temperature: float
    below: str = ""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.kind, self.side, self.nerve, self.recording, self.stimulation) if part)

    @property
    def limb(self) -> str:
        """Kind of study, side, nerve and recording."""
        return f"{self.kind} {self.side} {self.nerve} {self.recording}"


@dataclass(frozen=True)
class Study:
    """One study of one patient. `facts`: everything about it but the responses."""

    facts: dict[str, Any]
    rows: tuple[Row, ...]

    def of(self, kind: str) -> Iterator[list[Row]]:
        """The rows of one kind of study, nerve by nerve."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            if row.kind == kind:
                found.setdefault(row.limb, []).append(row)
        yield from found.values()


def rounded(number: Decimal, places: str) -> str:
    return str(number.quantize(Decimal(places), ROUND_HALF_UP))


def read_rows(facts: dict[str, Any]) -> Iterator[Row]:
    """The responses of one study, with the velocities that follow from distances and latencies."""
    for kind, columns in COLUMNS.items():
        before: Row | None = None
        for line in facts[kind].strip().splitlines():
            cells = dict(zip(columns, line.split(), strict=True))
            side, nerve, recording = (cells.pop(name) for name in columns[:3])
            site = cells.pop("stimulation", "")
            response = {"NR": "absent", "NT": "not_tested"}.get(cells["latency_ms"], "present")
            values = {name: text for name, text in cells.items() if text not in ("NR", "NT", "-")}
            chained = before if before is not None and before.limb == f"{kind} {side} {nerve} {recording}" else None
            time = Decimal(values.get("latency_ms", 0)) - Decimal(
                chained.values.get("latency_ms", 0) if chained and kind == "motor" else 0
            )
            if (chained or kind == "sensory") and time and "distance_mm" in values:
                values["velocity_m_per_s"] = rounded(Decimal(values["distance_mm"]) / time, "0.1")
            skin = facts["skin_c"][(side == "left") + 2 * (nerve in LEGS)]
            below = chained.stimulation if chained else ""
            before = Row(kind, side, nerve, recording, site, response, values, skin, below)
            yield before


def load() -> tuple[list[Study], dict[str, Any]]:
    """All studies, and the whole of patients.toml."""
    data = tomllib.loads((FOLDER / "patients.toml").read_text(encoding="utf-8"))
    return [Study(facts, tuple(read_rows(facts))) for facts in data["study"]], data


def text(lines: Sequence[Sequence[Cell]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return out.getvalue()


# ---------------------------------------------------------------- tidy

WHO: Final = (
    "patient_id",
    "study_date",
    "age_years",
    "sex",
    "height_cm",
    "weight_kg",
    "days_since_onset",
    "group",
    "phenotype",
    "low_cut_hz",
)
WHAT: Final = (
    "latency_ms",
    "peak_latency_ms",
    "amplitude_mv",
    "amplitude_uv",
    "area_mvms",
    "duration_ms",
    "distance_mm",
    "velocity_m_per_s",
    "persistence_pct",
)


def tidy(studies: list[Study]) -> bytes:
    """One row per response, the program's own columns."""
    where = ("study", "nerve", "side", "recording", "stimulation", "response")
    lines: Grid = [[*WHO, *where, *WHAT, "temperature_c"]]
    for study in studies:
        who = [study.facts.get(name) for name in WHO]
        for row in study.rows:
            place = [row.kind, row.nerve, row.side, row.recording, row.stimulation, row.response]
            lines.append([*who, *place, *(row.values.get(name) for name in WHAT), row.temperature])
    return text(lines).encode()


# ---------------------------------------------------------------- one row per patient

WIDE: Final = {"latency_ms": "lat", "amplitude_mv": "amp", "duration_ms": "dur"}
WIDE_SITES: Final = {
    "below_elbow": "be",
    "above_elbow": "ae",
    "below_fibular_head": "fibhead",
    "popliteal_fossa": "popfossa",
}
WIDE_WHO: Final = {
    "patient_id": "subject_id",
    "study_date": "visit_date",
    "age_years": "age",
    "sex": "sex",
    "height_cm": "height_cm",
    "weight_kg": "weight_kg",
    "group": "group",
    "days_since_onset": "days_since_onset",
    "low_cut_hz": "low_cut_hz",
}


def wide_cells(row: Row) -> Iterator[tuple[str, str]]:
    """Headings and cells of one response."""
    nerve = {"fibular": "peroneal", "superficial_radial": "sup_radial"}.get(row.nerve, row.nerve)
    start = f"{row.side[0]}_{nerve}"
    site, below = (WIDE_SITES.get(s, s) for s in (row.stimulation, row.below))
    if row.kind == "f_wave":
        yield f"{start}_fwave_min", row.values.get("latency_ms", "NR")
    elif row.kind == "sensory":
        yield f"{start}_sensory_peak_lat", row.values.get("peak_latency_ms", "")
        yield f"{start}_sensory_amp", row.values.get("amplitude_uv", "NR")
        yield f"{start}_sensory_ncv", row.values.get("velocity_m_per_s", "")
    else:
        for name, short in WIDE.items():
            yield f"{start}_motor_{site}_{short}", row.values.get(name, "NR" if short == "amp" else "")
        if below:
            yield f"{start}_motor_{below}_{site}_ncv", row.values.get("velocity_m_per_s", "")


def wide(studies: list[Study]) -> bytes:
    """One row per study, one column per nerve, site and measure."""
    cells = [dict(cell for row in study.rows for cell in wide_cells(row)) for study in studies]
    headings = list(dict.fromkeys(name for of_study in cells for name in of_study))
    lines: Grid = [[*WIDE_WHO.values(), *headings]]
    for study, of_study in zip(studies, cells, strict=True):
        lines.append([*(study.facts.get(name) for name in WIDE_WHO), *(of_study.get(h) for h in headings)])
    return text(lines).encode()


# ---------------------------------------------------------------- summary tables

NERVE_NAMES: Final = {
    "superficial_radial": "Superficial Radial",
    "superficial_fibular": "Superficial Fibular",
    "dorsal_ulnar_cutaneous": "Dorsal Ulnar Cutaneous",
}
MUSCLES: Final = {
    "APB": "Abd Poll Brev",
    "ADM": "Abd Dig Minimi",
    "FDI": "1st Dorsal Interosseous",
    "EDB": "Ext Dig Brev",
    "TA": "Tib Ant",
    "AH": "Abd Hall",
}
SKIN: Final = {
    "digit_2": "2nd Digit",
    "digit_4": "4th Digit",
    "digit_5": "5th Digit",
    "snuffbox": "Snuffbox",
    "ankle": "Lat Malleolus",
    "hand_dorsum": "Dorsum Hand",
}
SITES: Final = {
    "below_elbow": "B Elbow",
    "above_elbow": "A Elbow",
    "below_fibular_head": "B Fib Head",
    "popliteal_fossa": "Pop Fossa",
    "leg": "Lower leg",
}
MOTOR: Final = (
    "Site",
    "NR",
    "Onset (ms)",
    "Norm Onset (ms)",
    "O-P Amp (mV)",
    "Norm O-P Amp",
    "Neg Dur (ms)",
    "Site1",
    "Site2",
    "Delta-O (ms)",
    "Dist (cm)",
    "Vel (m/s)",
    "Norm Vel (m/s)",
)
SENSORY: Final = (
    "Site",
    "NR",
    "Onset (ms)",
    "Peak (ms)",
    "Norm Peak (ms)",
    "O-P Amp (µV)",
    "Norm O-P Amp",
    "Site1",
    "Site2",
    "Dist (cm)",
    "Vel (m/s)",
    "Norm Vel (m/s)",
)
F_WAVE: Final = ("Nerve", "NR", "F-Lat (ms)", "Lat Norm (ms)", "Persistence (%)")


def number(value: str | None) -> Cell:
    """A number as a cell of a workbook: whole, or with its decimals."""
    return None if value is None else float(value) if "." in value else int(value)


def site_name(site: str) -> str:
    return SITES.get(site, site.capitalize())


@dataclass(frozen=True)
class Summary:
    """The summary tables of one study. `placed`: at which line of the grid each response stands."""

    study: Study
    limits: dict[str, list[str]]
    grid: Grid
    placed: dict[str, int]

    @classmethod
    def of(cls, study: Study, printed: dict[str, list[str]]) -> "Summary":
        own = cls(study, printed if study.facts.get("printed_limits") else {}, [], {})
        own.block()
        own.table("Motor Summary Table", MOTOR, "motor", own.motor)
        own.table("Anti Sensory Summary Table", SENSORY, "sensory", own.sensory)
        own.table("F Wave Studies", F_WAVE, "f_wave", own.f_wave)
        return own

    def block(self) -> None:
        facts = self.study.facts
        sex = {"F": "Female", "M": "Male"}[facts["sex"]]
        self.grid.extend(
            [
                ["Electrodiagnostic Report"],
                [],
                ["Patient ID:", facts["patient_id"], None, "Sex:", sex],
                ["Age:", f"{facts['age_years']} yrs", None, "Exam Date:", facts["study_date"]],
                ["Height:", f"{facts['height_cm']} cm", None, "Weight:", f"{facts['weight_kg']} kg"],
                ["Low Cut:", f"{facts['low_cut_hz']} Hz", None, "Indication:", facts["picture"]],
            ]
        )
        if "days_since_onset" in facts:
            self.grid.append(["Days since onset:", facts["days_since_onset"]])

    def table(self, title: str, headings: Sequence[str], kind: str, fill: Callable[[list[Row]], None]) -> None:
        """One table; without the columns of limits where the laboratory prints none."""
        self.grid.extend([[], [title]])
        top = len(self.grid)
        self.grid.append(list(headings))
        for rows in self.study.of(kind):
            fill(rows)
        if not self.limits:
            kept = [i for i, heading in enumerate(headings) if "Norm" not in heading]
            for line in range(top, len(self.grid)):
                cells = self.grid[line]
                self.grid[line] = [cells[i] for i in kept] if len(cells) > 1 else cells

    def limit(self, row: Row, which: int) -> str | None:
        printed = self.limits.get(f"{row.kind} {row.nerve} {row.recording}", [])
        return printed[which] if which < len(printed) else None

    def head(self, row: Row) -> str:
        """ "Right Median Motor (Abd Poll Brev)  33.2°C"."""
        nerve = NERVE_NAMES.get(row.nerve, row.nerve.capitalize())
        kind = {"motor": "Motor", "sensory": "Anti Sensory"}[row.kind]
        recording = MUSCLES.get(row.recording) or SKIN[row.recording]
        return f"{row.side.capitalize()} {nerve} {kind} ({recording})  {row.temperature}°C"

    def add(self, row: Row, cells: list[Cell]) -> None:
        self.placed[row.name] = len(self.grid)
        self.grid.append(cells)

    def motor(self, rows: list[Row]) -> None:
        """Latency and amplitude at each site; the segment to the next more proximal site stands beside the distal one."""
        self.placed[rows[0].limb] = len(self.grid)
        self.grid.append([self.head(rows[0])])
        for row, above in zip(rows, [*rows[1:], None], strict=True):
            tested, segment = row.response != "not_tested", above and above.values.get("velocity_m_per_s")
            cells: list[Cell] = [site_name(row.stimulation), "NR" if row.response == "absent" else None]
            for name, which in (("latency_ms", 0), ("amplitude_mv", 1)):
                limit = self.limit(row, which) if row is rows[0] else None
                cells += [number(row.values.get(name)) if tested else "NT", limit]
            cells.append(number(row.values.get("duration_ms")))
            if above and segment:
                time = Decimal(above.values["latency_ms"]) - Decimal(row.values["latency_ms"])
                distance = Decimal(above.values["distance_mm"]) / 10
                cells += [site_name(above.stimulation), site_name(row.stimulation), float(time), float(distance)]
                cells += [int(rounded(Decimal(segment), "1")), self.limit(row, 2)]
            else:
                cells += [None] * 6
            self.add(row, cells)

    def sensory(self, rows: list[Row]) -> None:
        self.grid.append([self.head(rows[0])])
        for row in rows:
            value = row.values.get
            there = row.response != "not_tested"
            cells: list[Cell] = [site_name(row.stimulation), "NR" if row.response == "absent" else None]
            cells += [number(value("latency_ms")), number(value("peak_latency_ms")), self.limit(row, 0)]
            cells += [number(value("amplitude_uv")), self.limit(row, 1)]
            cells += [site_name(row.stimulation), SKIN[row.recording]] if there else [None, None]
            velocity, distance = value("velocity_m_per_s"), value("distance_mm")
            cells += [float(Decimal(distance) / 10) if distance else None]
            cells += [int(rounded(Decimal(velocity), "1")) if velocity else None, self.limit(row, 2)]
            self.add(row, cells)

    def f_wave(self, rows: list[Row]) -> None:
        for row in rows:
            name = f"{row.side.capitalize()} {row.nerve.capitalize()} ({MUSCLES[row.recording]})"
            cells: list[Cell] = [name, "NR" if row.response == "absent" else None, number(row.values.get("latency_ms"))]
            self.add(row, [*cells, self.limit(row, 0), number(row.values.get("persistence_pct"))])


def spoil(summary: Summary, problems: list[dict[str, Any]]) -> Grid:
    """The grid with what is wrong in it."""
    tops = {heading: table for table in (MOTOR, F_WAVE) for heading in table}
    for problem in problems:
        cells = summary.grid[summary.placed[problem["row"]]]
        if problem.get("shift"):
            cells[1:] = [*cells[2:], None]
        else:
            cells[tops[problem["column"]].index(problem["column"])] = problem["write"]
    return summary.grid


def workbook(sheets: dict[str, Grid]) -> bytes:
    """An XLSX file with fixed dates, and stored rather than packed, so that its bytes can be compared."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, grid in sheets.items():
        sheet = book.create_sheet(name)
        sheet.column_dimensions["A"].width = 44
        for cells in grid:
            sheet.append(cells)
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w") as new:
        for member in sorted(old.namelist()):
            content = old.read(member)
            if member == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2025-06-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(member, (2025, 6, 1, 0, 0, 0)), content)
    return out.getvalue()


# ---------------------------------------------------------------- German

GERMAN: Final = {
    "median": "N. medianus",
    "ulnar": "N. ulnaris",
    "fibular": "N. peroneus",
    "tibial": "N. tibialis",
    "sural": "N. suralis",
    "superficial_radial": "N. radialis superficialis",
    "superficial_fibular": "N. peroneus superficialis",
    "left": "links",
    "right": "rechts",
    "APB": "M. abductor pollicis brevis",
    "ADM": "M. abductor digiti minimi",
    "EDB": "M. extensor digitorum brevis",
    "AH": "M. abductor hallucis",
    "digit_2": "Finger II",
    "digit_5": "Finger V",
    "snuffbox": "Tabatière",
    "ankle": "Sprunggelenk",
    "wrist": "Handgelenk",
    "elbow": "Ellenbeuge",
    "below_elbow": "distal Sulcus",
    "above_elbow": "proximal Sulcus",
    "axilla": "Axilla",
    "below_fibular_head": "Fibulaköpfchen",
    "popliteal_fossa": "Kniekehle",
    "forearm": "Unterarm",
    "calf": "Wade",
    "leg": "Unterschenkel",
    "F": "weiblich",
    "M": "männlich",
}
GERMAN_TABLES: Final = {
    "motor": (
        "Motorische Neurographie",
        {
            "latency_ms": "Latenz (ms)",
            "amplitude_mv": "Amplitude (mV)",
            "area_mvms": "Fläche (mVms)",
            "duration_ms": "Dauer (ms)",
            "distance_mm": "Distanz (mm)",
            "velocity_m_per_s": "NLG (m/s)",
        },
    ),
    "sensory": (
        "Sensible Neurographie (antidrom)",
        {
            "latency_ms": "Latenz (ms)",
            "amplitude_uv": "Amplitude (µV)",
            "distance_mm": "Distanz (mm)",
            "velocity_m_per_s": "NLG (m/s)",
        },
    ),
    "f_wave": ("F-Welle", {"latency_ms": "F-Latenz min. (ms)", "persistence_pct": "Persistenz (%)"}),
}


def german(studies: list[Study]) -> bytes:
    """Reports one below the other: semicolons, decimal commas, Windows letters."""
    lines: Grid = []
    for study in studies:
        facts = study.facts
        date = facts["study_date"]
        lines += [
            ["Patienten-Nr.", facts["patient_id"]],
            ["Alter", f"{facts['age_years']} Jahre"],
            ["Geschlecht", GERMAN[facts["sex"]]],
            ["Größe", f"{facts['height_cm']} cm"],
            ["Gewicht", f"{facts['weight_kg']} kg"],
            ["Untersuchungsdatum", f"{date:%d.%m.%Y}"],
            ["Untere Grenzfrequenz", f"{facts['low_cut_hz']} Hz"],
            ["Hauttemperatur", f"{facts['skin_c'][0]} °C".replace(".", ",")],
        ]
        for kind, (title, columns) in GERMAN_TABLES.items():
            lines += [[], [title], ["Nerv" if kind == "f_wave" else "Stimulationsort", *columns.values()]]
            for rows in study.of(kind):
                head = f"{GERMAN[rows[0].nerve]} {GERMAN[rows[0].side]} ({GERMAN[rows[0].recording]})"
                lines += [] if kind == "f_wave" else [[head]]
                for row in rows:
                    cells = {name: row.values.get(name, "").replace(".", ",") for name in columns}
                    if row.response == "absent":
                        cells["amplitude_uv" if kind == "sensory" else "latency_ms"] = "nicht auslösbar"
                    ankle = "Knöchel" if row.stimulation == "ankle" else GERMAN.get(row.stimulation, head)
                    lines.append([ankle, *cells.values()])
        lines += [[], []]
    return text(lines, ";").encode("cp1252")


# ---------------------------------------------------------------- all files

README: Final = """# Exports to try

Every patient is invented. The numbers are made to be believed: velocities are distance over latency difference, F
latencies fit height and velocity, sides differ a little. `python sample_data/build.py` writes all files (this one too) from
`patients.toml`; `tests/test_sample_data.py` holds the program against the tables below.

| file | layout |
|---|---|
| `tidy.csv` | the program's own columns, one row per response |
| `research_wide.csv` | one row per study, one column per nerve, site and measure; no areas or distances |
| `befunde_de.csv` | two German reports below each other: semicolon, decimal comma, cp1252; filter 20 Hz |
| `emg_summary.xlsx` | a sheet per patient: patient block, motor, sensory and F-wave tables; limits as text in three |
| `emg_summary.csv` | the same kind of report as text, without limits |
| `with_problems.xlsx` | a report with broken rows, for `ncs-analyzer check` |

## Patients

"""


NEGATIVE: Final = ("not_fulfilled", "not_suggestive", "normal", "equivocal", "insufficient_data")


def fulfilled(facts: dict[str, Any]) -> dict[str, str]:
    """The criteria sets that are positive, with their verdicts."""
    said = {**facts["verdicts"], **facts["also_positive"]}
    return {key: value for key, value in said.items() if value not in NEGATIVE}


def readme(studies: list[Study], data: dict[str, Any]) -> bytes:
    """The list of patients and what the program concludes, from the table that the tests use."""
    lines = ["| patient | picture | file | pattern | positive criteria sets |", "|---|---|---|---|---|"]
    notes = ["", "## What to conclude", ""]
    for study in studies:
        facts = study.facts
        day = f", day {facts['days_since_onset']}" if facts["patient_id"] == "P07" else ""
        name = f"{facts['patient_id']}{day}"
        pattern = ", ".join(dict.fromkeys(word.replace("_", "-") for word in facts["pattern"] if word != "none"))
        positive = ", ".join(f"`{key}` {value.replace('_', ' ')}" for key, value in fulfilled(facts).items())
        lines.append(f"| {name} | {facts['picture']} | `{facts['file']}` | {pattern} | {positive or 'none'} |")
        notes.append(f"- **{name}** {facts['conclude']}")
    problems = ["", "## What is wrong in `with_problems.xlsx`", ""]
    problems += [
        f"- {problem['what']} ({problem['row'].replace('_', ' ')}): {problem['code']}" for problem in data["problem"]
    ]
    return (README + "\n".join([*lines, *notes, *problems]) + "\n").encode()


def build() -> dict[str, bytes]:
    """The content of every file by name."""
    studies, data = load()

    def of(file: str) -> list[Study]:
        return [study for study in studies if study.facts["file"] == file]

    def sheets(file: str) -> dict[str, Summary]:
        return {study.facts["patient_id"]: Summary.of(study, data["printed"]) for study in of(file)}

    broken = sheets("with_problems.xlsx")
    return {
        "tidy.csv": tidy(of("tidy.csv")),
        "research_wide.csv": wide(of("research_wide.csv")),
        "befunde_de.csv": german(of("befunde_de.csv")),
        "emg_summary.xlsx": workbook({name: summary.grid for name, summary in sheets("emg_summary.xlsx").items()}),
        "emg_summary.csv": "".join(text(summary.grid) for summary in sheets("emg_summary.csv").values()).encode(),
        "with_problems.xlsx": workbook({name: spoil(summary, data["problem"]) for name, summary in broken.items()}),
        "README.md": readme(studies, data),
    }


if __name__ == "__main__":
    for file, content in build().items():
        (FOLDER / file).write_bytes(content)
