"""The data set of a cohort: long (one row per reading) and wide (one row per study), with a dictionary of its columns."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from ncs_analyzer.cohort.describe import set_names
from ncs_analyzer.cohort.results import Results
from ncs_analyzer.readings import STUDY_COLUMNS
from ncs_analyzer.wording import plain

LONGEST_NAME: Final = 32
"""Letters of a column name; Stata allows no more."""

_MEASURES: Final = {
    "distal_latency": "dlat", "proximal_latency": "plat", "onset_latency": "onlat", "peak_latency": "pklat",
    "amplitude": "amp", "area": "area", "duration": "dur", "velocity": "vel", "minimal_f_latency": "fmin",
    "f_persistence": "fpers", "h_latency": "hlat",
}  # fmt: skip
_UNITS: Final = {"ms": "ms", "mV": "mv", "uV": "uv", "mV*ms": "mvms", "m/s": "mps", "%": "pct", "mm": "mm"}
_STUDIES: Final = {"motor": "m", "sensory": "s", "mixed": "x", "f_wave": "f", "h_reflex": "h"}
_LABELS: Final = {
    "study_id": ("Study", ""),
    "patient_id": ("Patient", ""),
    "study_date": ("Date of the study", ""),
    "study_day": ("Days since the first study of the patient", "days"),
    "age_years": ("Age at the study", "years"),
    "sex": ("Sex", ""),
    "height_cm": ("Height", "cm"),
    "weight_kg": ("Weight", "kg"),
    "days_since_onset": ("Days since onset", "days"),
    "group": ("Group", ""),
    "before": ("The patient's study before", ""),
    "low_cut_hz": ("Low-frequency filter of the motor studies", "Hz"),
    "motor_nerves": ("Motor nerves studied", ""),
    "sensory_nerves": ("Sensory nerves studied", ""),
    "responses": ("Responses recorded", ""),
    "reversible_conduction_failure": ("Reversible conduction failure since the study before", ""),
}


@dataclass(frozen=True)
class Variable:
    """One column: what it is, its unit, and its levels where it has few. `kind`: number, integer, text or levels."""

    name: str
    label: str
    kind: str
    unit: str = ""
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataSet:
    """The wide table and the description of each of its columns, in order."""

    frame: pd.DataFrame
    variables: tuple[Variable, ...]


def long_table(results: Results) -> pd.DataFrame:
    """One row per reading with its limit and grade; snake_case names, the unit in a column of its own."""
    return results.readings


def wide_table(results: Results) -> DataSet:
    """One row per study: the study, then verdict and settledness of each set, then each measure by nerve, side and site."""
    studies, given = results.studies.copy(), [str(c) for c in results.studies.columns]
    ours = {name[: LONGEST_NAME - len(ending)] + ending for ending in ("", "_settled") for name in set_names(results)}
    studies.columns = pd.Index(_unique([_name(name) for name in given], ours))
    described = {
        name: _LABELS.get(name, (plain(name) if name == own else own, ""))
        for name, own in zip(studies.columns, given, strict=True)
    }
    covariates = [
        name for name, own in zip(studies.columns, given, strict=True) if own not in (*_LABELS, *STUDY_COLUMNS)
    ]
    studies[covariates] = studies[covariates].apply(_number_if_all)
    front = ["study_id", *(c for c in studies.columns if c != "study_id")]
    parts, index = [studies[front].set_index("study_id")], pd.Index(studies["study_id"])
    for column, ending, words in (("verdict", "", "verdict"), ("settled", "_settled", "settled")):
        table = results.verdicts.pivot(index="study_id", columns="criteria", values=column)[set_names(results)]
        names = {name: name[: LONGEST_NAME - len(ending)] + ending for name in table.columns}
        described |= {short: (f"{name}, {words}", "") for name, short in names.items()}
        parts.append(table.rename(columns=names).reindex(index))
    measures, labels = _measures(results, set(described))
    described |= labels
    frame = pd.concat([*parts, measures.reindex(index)], axis=1).reset_index()
    settled = [name for name in frame.columns if name.endswith("_settled")]
    frame[settled] = frame[settled].astype(object).replace({True: "yes", False: "no"})
    return DataSet(frame, tuple(_variable(frame[name], *described[name]) for name in frame.columns))


def _number_if_all(column: pd.Series) -> pd.Series:
    """A covariate as numbers where every value is one, and is written as numbers are (007 is none)."""
    known = column.dropna().astype(str)
    if not len(known) or not known.str.fullmatch(r"-?(0|[1-9][0-9]*)([.][0-9]+)?").all():
        return column
    return pd.to_numeric(column)


def _measures(results: Results, taken: Collection[str]) -> tuple[pd.DataFrame, dict[str, tuple[str, str]]]:
    readings = results.readings[results.readings["grade"].notna()]
    keys = ["study", "nerve", "side", "recording", "stimulation", "measure", "unit"]
    texts = readings[keys].astype(object).where(readings[keys].notna(), "")
    kinds = texts.drop_duplicates().sort_values(keys)
    names = _unique([_column(*kind) for kind in kinds.itertuples(index=False, name=None)], taken)
    of = dict(zip(kinds.itertuples(index=False, name=None), names, strict=True))
    column = [of[kind] for kind in texts.itertuples(index=False, name=None)]
    frame = readings.assign(_column=column).drop_duplicates(["study_id", "_column"])
    wide = frame.pivot(index="study_id", columns="_column", values="value").reindex(columns=names)
    labels = {name: (plain(" ".join(t for t in kind[:-1] if t)), str(kind[-1])) for kind, name in of.items()}
    return wide, labels


def _column(study: str, nerve: str, side: str, recording: str, site: str, measure: str, unit: str) -> str:
    def short(text: str, letters: int) -> str:
        return "".join(word[:letters] for word in text.split("_"))

    parts = (_STUDIES[study], short(nerve, 4), side[:1], short(recording, 3), short(site, 2))
    return "_".join([*(p.lower() for p in parts if p), _MEASURES.get(measure, measure[:6]), _UNITS.get(unit, "")])


def _name(text: str) -> str:
    """A name that every statistics program takes: small letters, digits and underscores, a letter first."""
    name = re.sub(r"[^a-z0-9]+", "_", text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")).strip(
        "_"
    )
    return f"v_{name}" if name in _RESERVED or not name[:1].isalpha() else name


_RESERVED: Final = frozenset(
    # R
    "if else repeat while function for next break true false null inf nan na in "  # noqa: SIM905 - words are read more easily without quotes
    # Stata
    "aggregate array boolean break byte case catch class colvector complex const continue default delegate delete do double "
    "end enum explicit export external float friend global goto inline int local long mata matrix namespace new numeric "
    "operator orgtypedef pointer polymorphic pragma private protected quad rowvector short signed static strl string struct "
    "super switch template this throw transmorphic try typedef typename union unsigned using vector version virtual void "
    "volatile with "
    # SPSS
    "all and by eq ge gt le lt ne not or to".split()
)
"""Words that a statistics program does not take as the name of a column."""


def _unique(names: list[str], taken: Collection[str] = ()) -> list[str]:
    found: list[str] = []
    for name in names:
        short, n = name[:LONGEST_NAME], 1
        while short in found or short in taken:
            n += 1
            short = f"{name[: LONGEST_NAME - len(str(n)) - 1]}_{n}"
        found.append(short)
    return found


_MOST_LEVELS: Final = 30


def _variable(column: pd.Series, label: str, unit: str) -> Variable:
    name = str(column.name)
    if pd.api.types.is_integer_dtype(column):
        return Variable(name, label, "integer", unit)
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return Variable(name, label, "number", unit)
    levels = sorted({str(v) for v in column.dropna()})
    own = name in ("study_id", "patient_id", "study_date", "before")
    if own or len(levels) > _MOST_LEVELS:
        return Variable(name, label, "text", unit)
    return Variable(name, label, "levels", unit, tuple(levels))


def dictionary(data: DataSet) -> pd.DataFrame:
    """The data dictionary: one row per column of the wide table."""
    frame = data.frame
    records = [
        {"variable": v.name, "label": v.label, "type": v.kind, "unit": v.unit or None,
         "levels": " | ".join(v.levels) or None, "known": int(frame[v.name].notna().sum()),
         "missing": int(frame[v.name].isna().sum())}
        for v in data.variables
    ]  # fmt: skip
    return pd.DataFrame(records)


REDCAP_COLUMNS: Final = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
    "Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip


def redcap_dictionary(data: DataSet) -> pd.DataFrame:
    """The same as a REDCap data dictionary: 18 columns, the record id first."""
    records = []
    for v in data.variables:
        record: dict[str, Any] = dict.fromkeys(REDCAP_COLUMNS)
        record |= {"Variable / Field Name": v.name, "Form Name": "nerve_conduction", "Field Label": v.label}
        record |= {"Field Type": "dropdown" if v.levels else "text", "Field Note": v.unit or None}
        if v.levels:
            # a choice is "raw, label": a comma or bar in the raw value would be taken for the separator
            raw = _unique([re.sub(r"[^A-Za-z0-9_.-]", "_", level) for level in v.levels])
            record["Choices, Calculations, OR Slider Labels"] = " | ".join(
                f"{code}, {level.replace('|', '/')}" for code, level in zip(raw, v.levels, strict=True)
            )
        if v.kind in ("number", "integer"):
            record["Text Validation Type OR Show Slider Number"] = v.kind
        if v.name == "study_date":
            record["Text Validation Type OR Show Slider Number"] = "date_ymd"
        if v.name in ("patient_id", "study_id", "before", "study_date"):
            record["Identifier?"] = "y"
        records.append(record)
    return pd.DataFrame(records, columns=list(REDCAP_COLUMNS))
