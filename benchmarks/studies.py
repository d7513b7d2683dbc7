"""Invented nerve conduction studies in any number: the same seed gives the same bytes.

A study is 40 rows of the tidy table: the motor nerves of four limbs at all their sites, their F waves, four sensory
nerves a side and two H reflexes. A fifth of the patients come back once. Distances, latencies and velocities agree.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ROWS_PER_STUDY: Final = 40

MOTOR: Final = (
    # nerve, muscle, distal latency, amplitude, duration, distal distance, velocity, then site and segment length
    ("median", "APB", 3.2, 9.0, 5.5, 65, 57, (("wrist", 0), ("elbow", 220), ("axilla", 130))),
    ("ulnar", "ADM", 2.6, 10.0, 5.6, 60, 58, (("wrist", 0), ("below_elbow", 210), ("above_elbow", 100))),
    ("fibular", "EDB", 4.2, 5.0, 5.4, 80, 48, (("ankle", 0), ("below_fibular_head", 310), ("above_fibular_head", 100))),
    ("tibial", "AH", 4.1, 11.0, 5.3, 85, 47, (("ankle", 0), ("popliteal_fossa", 390))),
)
SENSORY: Final = (
    ("median", "digit_2", "wrist", 28.0, 140, 56),
    ("ulnar", "digit_5", "wrist", 24.0, 120, 55),
    ("superficial_radial", "snuffbox", "forearm", 30.0, 100, 57),
    ("sural", "ankle", "calf", 16.0, 140, 51),
)
F_LATENCY: Final = {"median": 26.5, "ulnar": 27.0, "fibular": 48.0, "tibial": 50.0}

GROUPS: Final = {
    # share, velocity, distal latency, amplitude, sensory amplitude (factors), block (chance)
    "control": (0.40, 1.00, 1.00, 1.00, 1.00, 0.00),
    "CIDP": (0.20, 0.62, 1.60, 0.60, 0.45, 0.25),
    "GBS": (0.12, 0.72, 1.70, 0.50, 0.70, 0.20),
    "MMN": (0.06, 0.85, 1.10, 0.75, 1.00, 0.35),
    "axonal": (0.22, 0.92, 1.10, 0.40, 0.35, 0.00),
}

Column = NDArray[Any]


def tidy_table(studies: int, seed: int = 1) -> pd.DataFrame:
    """The tidy table of some studies; ROWS_PER_STUDY rows each, sorted by study."""
    random = np.random.default_rng(seed)
    people = _people(random, studies)
    parts = [*_motor(random, people), *_sensory(random, people), *_h_reflexes(random, people)]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.iloc[np.argsort(rows.pop("_study").to_numpy(), kind="stable")].reset_index(drop=True)
    assert len(rows) == ROWS_PER_STUDY * studies
    return rows


def write_tidy(path: Path, studies: int, seed: int = 1, part: int = 25_000) -> None:
    """The tidy table as CSV, in parts, so that any number fits into memory."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        for start in range(0, studies, part):
            table = tidy_table(min(part, studies - start), seed + start)
            if start:
                table["patient_id"] = table["patient_id"].str.replace("P", f"P{start // part}", n=1)
            table.to_csv(stream, index=False, header=start == 0, lineterminator="\n")


def _people(random: np.random.Generator, studies: int) -> dict[str, Column]:
    """Demographics by study; every sixth study is the second of the patient before."""
    number = np.arange(studies)
    again = (number % 6 == 5).astype(int)
    patient = number - again
    names = np.array(list(GROUPS))
    group = random.choice(names, studies, p=[share for share, *_ in GROUPS.values()])[patient]
    day = (random.integers(0, 3000, studies))[patient] + 180 * again
    age = random.integers(18, 88, studies)[patient]
    height = np.round(random.normal(171, 9, studies)[patient]).clip(148, 200)
    factor = {name: np.array([GROUPS[g][k] for g in names]) for k, name in enumerate(_FACTORS, start=1)}
    index = np.searchsorted(np.sort(names), group)
    severity = random.uniform(0.4, 1.3, studies)
    return {
        "study": number,
        "patient_id": np.char.add("P", np.char.zfill(patient.astype(str), 6)),
        "study_date": (np.datetime64("2014-01-01") + day).astype(str),
        "age_years": age,
        "sex": np.where(random.random(studies)[patient] < 0.55, "M", "F"),
        "height_cm": height.astype(int),
        "weight_kg": np.round(random.normal(78, 13, studies)[patient]).clip(42, 150).astype(int),
        "group": group,
        "low_cut_hz": np.full(studies, 2),
        **{name: 1 + (values[np.argsort(names)][index] - 1) * severity for name, values in factor.items()},
        "block": np.array([share[-1] for share in GROUPS.values()])[np.argsort(names)][index],
    }


_FACTORS: Final = ("velocity", "latency", "amplitude", "snap")


def _rows(people: dict[str, Column], **columns: Any) -> pd.DataFrame:
    shared = {name: people[name] for name in _SHARED}
    blank: dict[str, Any] = dict.fromkeys(_MEASURED, np.nan)
    text = {name: columns.pop(name) for name in _TEXT}
    return pd.DataFrame({"_study": people["study"], **shared, **text, **(blank | columns)})


_SHARED: Final = (
    "patient_id", "study_date", "age_years", "sex", "height_cm", "weight_kg", "group", "low_cut_hz",
)  # fmt: skip
_TEXT: Final = ("study", "nerve", "side", "recording", "stimulation", "response")
_MEASURED: Final = (
    "latency_ms", "peak_latency_ms", "amplitude_mv", "amplitude_uv", "area_mvms", "duration_ms", "distance_mm",
    "velocity_m_per_s", "persistence_pct",
)  # fmt: skip


def _motor(random: np.random.Generator, people: dict[str, Column]) -> list[pd.DataFrame]:
    n = len(people["study"])
    parts = []
    for side in ("left", "right"):
        for nerve, muscle, dml, mv, ms, first, speed, sites in MOTOR:
            velocity = (speed * people["velocity"] * random.normal(1, 0.06, n)).clip(12, 75)
            latency = np.round((dml * people["latency"] * random.normal(1, 0.08, n)).clip(1.4, 18), 1)
            amplitude = (mv * people["amplitude"] * random.lognormal(0, 0.3, n)).clip(0.1, 40)
            duration = (ms * random.normal(1, 0.08, n) * np.sqrt(people["latency"])).clip(3, 20)
            absent = random.random(n) < np.where(people["amplitude"] < 0.4, 0.25, 0.01)
            blocked = random.random(n) < people["block"]
            f = F_LATENCY[nerve] / velocity * speed * random.normal(1, 0.04, n) * people["height_cm"] / 171
            for place, length in sites:
                if length:
                    distance = np.round(length * people["height_cm"] / 171 * random.normal(1, 0.03, n) / 5) * 5
                    latency = np.round(latency + np.maximum(distance / velocity, 0.2), 1)
                    amplitude = amplitude * np.where(blocked, random.uniform(0.2, 0.6, n), random.uniform(0.9, 1.0, n))
                    duration = duration * np.where(blocked, 1.25, random.uniform(1.0, 1.08, n))
                else:
                    distance = np.full(n, float(first))
                parts.append(
                    _rows(
                        people, study="motor", nerve=nerve, side=side, recording=muscle, stimulation=place,
                        response=np.where(absent, "absent", "present"),
                        latency_ms=_there(absent, latency),
                        amplitude_mv=_there(absent, np.round(amplitude.clip(0.1), 1)),
                        area_mvms=_there(absent, np.round(amplitude.clip(0.1) * duration * 0.55, 1)),
                        duration_ms=_there(absent, np.round(duration, 1)),
                        distance_mm=_there(absent, distance),
                        velocity_m_per_s=_there(absent, np.round(velocity, 1)) if length else np.nan,
                    )
                )  # fmt: skip
            no_f = absent | (random.random(n) < np.where(people["velocity"] < 0.7, 0.3, 0.02))
            parts.append(
                _rows(
                    people, study="f_wave", nerve=nerve, side=side, recording=muscle, stimulation=sites[0][0],
                    response=np.where(no_f, "absent", "present"),
                    latency_ms=_there(no_f, np.round(np.maximum(f, latency + 2), 1)),
                    persistence_pct=_there(no_f, np.round(random.uniform(30, 100, n))),
                )
            )  # fmt: skip
    return parts


def _sensory(random: np.random.Generator, people: dict[str, Column]) -> list[pd.DataFrame]:
    n = len(people["study"])
    parts = []
    for side in ("left", "right"):
        for nerve, recording, place, uv, length, speed in SENSORY:
            velocity = (speed * (0.5 + people["velocity"] / 2) * random.normal(1, 0.06, n)).clip(15, 75)
            absent = random.random(n) < np.where(people["snap"] < 0.5, 0.3, 0.01)
            onset = np.round(length / velocity, 1)
            parts.append(
                _rows(
                    people, study="sensory", nerve=nerve, side=side, recording=recording, stimulation=place,
                    response=np.where(absent, "absent", "present"),
                    latency_ms=_there(absent, onset),
                    peak_latency_ms=_there(absent, np.round(onset + 0.7, 1)),
                    amplitude_uv=_there(absent, np.round((uv * people["snap"]).clip(0.6) * random.lognormal(0, 0.35, n), 1)),
                    distance_mm=_there(absent, np.full(n, float(length))),
                    velocity_m_per_s=_there(absent, np.round(length / onset, 1)),
                )
            )  # fmt: skip
    return parts


def _h_reflexes(random: np.random.Generator, people: dict[str, Column]) -> list[pd.DataFrame]:
    n = len(people["study"])
    parts = []
    for side in ("left", "right"):
        absent = random.random(n) < np.where(people["velocity"] < 0.9, 0.5, 0.1)
        latency = np.round(29 * people["height_cm"] / 171 / people["velocity"].clip(0.5), 1)
        parts.append(
            _rows(
                people, study="h_reflex", nerve="tibial", side=side, recording="soleus", stimulation="popliteal_fossa",
                response=np.where(absent, "absent", "present"), latency_ms=_there(absent, latency),
            )
        )  # fmt: skip
    return parts


def _there(absent: Column, values: Column) -> Column:
    return np.where(absent, np.nan, values)
