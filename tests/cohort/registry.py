"""A registry of invented studies whose composition is known: so many of each template, in known groups and files.

Every study of a template has the same motor values; ages, heights and sensory amplitudes go through small cycles, so
that quartiles are worth computing. The limits are those of `LIMITS`, handed over as a laboratory's own table. The
registry lies in several files and layouts, and some patients lie in two of them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

MOTOR = ("median", "ulnar", "fibular", "tibial")
MUSCLE = {"median": "APB", "ulnar": "ADM", "fibular": "EDB", "tibial": "AH"}
SITES = {
    "median": ("wrist", "elbow"),
    "ulnar": ("wrist", "below_elbow", "above_elbow"),
    "fibular": ("ankle", "below_fibular_head"),
    "tibial": ("ankle", "popliteal_fossa"),
}
LENGTHS = {"median": (70, 220), "ulnar": (70, 220, 100), "fibular": (80, 310), "tibial": (80, 400)}
SENSORY = {"median": ("digit_2", "wrist", 140), "ulnar": ("digit_5", "wrist", 140), "sural": ("ankle", "calf", 140)}

LIMITS = {
    # nerve: distal latency at most, amplitude at least, velocity at least, F latency at most
    "median": (4.4, 4.0, 50.0, 31.0),
    "ulnar": (3.3, 6.0, 50.0, 32.0),
    "fibular": (6.0, 2.0, 42.0, 56.0),
    "tibial": (5.8, 4.0, 41.0, 58.0),
}
SENSORY_LIMITS = {"median": (15.0, 50.0), "ulnar": (12.0, 50.0), "sural": (6.0, 40.0)}
"""Amplitude and velocity at least."""

# nerve: for each site latency, amplitude, area, duration; then the F latency
NORMAL = {
    "median": (((3.5, 9.0, 30.0, 5.5), (7.5, 8.6, 29.0, 5.8)), 27.0),
    "ulnar": (((2.8, 10.0, 33.0, 5.6), (6.8, 9.6, 32.0, 5.8), (8.6, 9.2, 31.0, 6.0)), 28.0),
    "fibular": (((4.5, 5.0, 15.0, 5.2), (11.1, 4.7, 14.5, 5.5)), 49.0),
    "tibial": (((4.3, 12.0, 36.0, 5.3), (12.9, 10.8, 34.0, 5.6)), 50.0),
}
SLOWED = {
    "median": (((8.0, 5.0, 20.0, 8.0), (16.8, 4.0, 18.0, 10.0)), 50.0),
    "ulnar": (((6.0, 6.2, 25.0, 8.0), (14.8, 5.0, 22.0, 10.0), (18.8, 4.8, 21.0, 10.2)), 52.0),
    "fibular": (((10.0, 2.2, 9.0, 8.0), (25.5, 1.8, 8.0, 10.0)), 90.0),
    "tibial": (((9.5, 4.4, 18.0, 8.0), (28.5, 3.6, 16.0, 10.0)), 95.0),
}
BLOCKED = {
    "median": (((3.6, 9.0, 30.0, 5.6), (7.9, 2.5, 8.5, 5.9)), 28.0),
    "ulnar": (((2.9, 10.0, 33.0, 5.7), (7.2, 2.8, 9.5, 5.9), (9.1, 2.7, 9.2, 6.1)), 29.0),
}
WEAK = {
    "median": (((3.6, 1.0, 3.4, 5.5), (7.6, 0.9, 3.1, 5.8)), 27.5),
    "ulnar": (((2.9, 1.5, 5.0, 5.6), (6.9, 1.4, 4.7, 5.8), (8.7, 1.4, 4.7, 6.0)), 28.5),
    "fibular": (((4.6, 0.3, 1.0, 5.2), (11.2, 0.3, 1.0, 5.5)), None),
    "tibial": (((4.4, 1.0, 3.1, 5.3), (13.0, 0.9, 2.8, 5.6)), 51.0),
}
FINE = {"median": (2.5, 30.0), "ulnar": (2.4, 24.0), "sural": (3.1, 15.0)}
SMALL = {"median": (3.6, 5.0), "ulnar": (3.5, 4.0), "sural": (4.5, 2.0)}
SURAL_GONE = {**FINE, "sural": None}

BOTH = ("left", "right")


@dataclass(frozen=True)
class Template:
    """`motor`: (side, nerve) to its values; `sensory` alike, None for no response; `f`: whether F waves were recorded."""

    motor: dict
    sensory: dict
    f: bool = True


def _everywhere(values):
    return {(side, nerve): values[nerve] for side in BOTH for nerve in values}


TEMPLATES = {
    "normal": Template(_everywhere(NORMAL), _everywhere(FINE)),
    "cidp": Template(_everywhere(SLOWED), _everywhere(SMALL)),
    "mmn": Template(
        _everywhere(NORMAL) | {("right", "median"): BLOCKED["median"], ("left", "ulnar"): BLOCKED["ulnar"]},
        _everywhere(FINE),
    ),
    "aman": Template(_everywhere(WEAK), _everywhere(FINE)),
    "axonal": Template(
        _everywhere(NORMAL) | {(side, "fibular"): WEAK["fibular"] for side in BOTH}, _everywhere(SURAL_GONE)
    ),
    "no_f_waves": Template(_everywhere(NORMAL), _everywhere(FINE), f=False),
    "sural_only": Template({}, {("right", "sural"): FINE["sural"]}, f=False),
}

EXPECTED = {
    # by hand, from the definitions of the sets; those not named here are checked against a single report
    "normal": {
        "cidp_ean_pns_2021": "not_fulfilled", "cidp_efns_pns_2010": "not_fulfilled", "gbs_hadden_1998": "normal",
        "gbs_rajabally_2015": "normal", "mmn_efns_pns_2010": "not_fulfilled", "dads_tli": "not_suggestive",
    },
    "cidp": {
        "cidp_ean_pns_2021": "strongly_supportive", "cidp_efns_pns_2010": "definite", "cidp_incat_2001": "fulfilled",
        "gbs_hadden_1998": "demyelinating", "gbs_rajabally_2015": "demyelinating", "mmn_aaem_2003": "not_fulfilled",
    },
    "mmn": {"mmn_efns_pns_2010": "definite", "mmn_aaem_2003": "definite", "dads_tli": "not_suggestive"},
    "aman": {
        "gbs_hadden_1998": "axonal", "gbs_rajabally_2015": "axonal", "cidp_efns_pns_2010": "not_fulfilled",
        "mmn_efns_pns_2010": "not_fulfilled",
    },
    "axonal": {"cidp_ean_pns_2021": "not_fulfilled", "mmn_efns_pns_2010": "not_fulfilled"},
    "no_f_waves": {"cidp_ean_pns_2021": "not_fulfilled", "mmn_efns_pns_2010": "not_fulfilled"},
    "sural_only": {
        "cidp_ean_pns_2021": "insufficient_data", "gbs_hadden_1998": "insufficient_data",
        "mmn_efns_pns_2010": "insufficient_data", "dads_tli": "insufficient_data",
    },
}  # fmt: skip

COURSES = (
    # of 100 patients: how many, their visits, group, label
    (31, ("normal",), "control", "healthy"),
    (4, ("normal", "normal"), "control", None),
    (15, ("cidp",), "inflammatory", "CIDP"),
    (6, ("cidp", "cidp", "normal"), "inflammatory", "CIDP"),
    (3, ("normal",), "inflammatory", "CIDP"),
    (6, ("mmn", "normal"), "inflammatory", "MMN"),
    (4, ("mmn",), "inflammatory", "CIDP"),
    (9, ("aman",), "acute", "GBS"),
    (3, ("aman", "axonal"), "acute", "GBS"),
    (2, ("cidp",), "acute", "GBS"),
    (8, ("axonal",), None, "other"),
    (5, ("no_f_waves",), "control", "healthy"),
    (4, ("sural_only",), "control", "CIDP"),
)
PATIENTS_PER_ROUND = 100
STUDIES_PER_ROUND = sum(n * len(visits) for n, visits, *_ in COURSES)

WHERE = ("comma", "semicolon", "split", "workbook", "wide")
"""The file a patient lies in; `split`: motor studies in one file, the rest in another of another kind."""


@dataclass(frozen=True)
class Study:
    """One study as it was made up."""

    patient: str
    visit: int
    date: str
    age: int
    sex: str | None
    height: float | None
    group: str | None
    label: str | None
    template: str
    turn: int
    where: str


def registry(rounds: int) -> list[Study]:
    """All studies of so many rounds of COURSES."""
    found = []
    for r in range(rounds):
        k = 0
        for n, visits, group, label in COURSES:
            for _ in range(n):
                number = r * PATIENTS_PER_ROUND + k
                for v, template in enumerate(visits):
                    when = date(2015, 1, 1) + timedelta(days=number % 1500 + 150 * v)
                    found.append(
                        Study(
                            patient=f"R{number:06}", visit=v, date=when.isoformat(),
                            age=20 + (number * 7) % 60, sex=("F", "M", None)[(k % 3 > 0) + (k % 21 == 10)],
                            height=None if k % 11 == 5 else 150.0 + (number * 3) % 45,
                            group=group, label=label, template=template, turn=number % 7, where=WHERE[number % 5],
                        )
                    )  # fmt: skip
                k += 1
    return found


def velocity(before, after, length):
    """The velocity as an export prints it."""
    return round(length / (after - before), 1)


def rows_of(study: Study) -> list[dict]:
    """The rows of the tidy table of one study."""
    template = TEMPLATES[study.template]
    who = {
        "patient_id": study.patient, "study_date": study.date, "age_years": study.age, "sex": study.sex,
        "height_cm": study.height, "group": study.group, "diagnosis": study.label,
    }  # fmt: skip
    rows = []
    for (side, nerve), (sites, f) in template.motor.items():
        names = {"nerve": nerve, "side": side, "recording": MUSCLE[nerve]}
        before = None
        for site, length, (latency, amplitude, area, duration) in zip(SITES[nerve], LENGTHS[nerve], sites, strict=True):
            row = {
                "study": "motor", **names, "stimulation": site, "response": "present", "latency_ms": latency,
                "amplitude_mv": amplitude, "area_mvms": area, "duration_ms": duration, "distance_mm": length,
            }  # fmt: skip
            if before is not None:
                row["velocity_m_per_s"] = velocity(before, latency, length)
            before = latency
            rows.append(who | row)
        if template.f:
            row = {"study": "f_wave", **names, "stimulation": SITES[nerve][0]}
            row |= {"response": "absent"} if f is None else {"response": "present", "latency_ms": f}
            rows.append(who | row)
    for (side, nerve), found in template.sensory.items():
        recording, site, length = SENSORY[nerve]
        row = {"study": "sensory", "nerve": nerve, "side": side, "recording": recording, "stimulation": site}
        if found is None:
            row["response"] = "absent"
        else:
            latency, amplitude = found
            row |= {
                "response": "present", "latency_ms": latency, "amplitude_uv": round(amplitude + study.turn / 10, 1),
                "distance_mm": length, "velocity_m_per_s": velocity(0.0, latency, length),
            }  # fmt: skip
        rows.append(who | row)
    return rows


COLUMNS = (
    "patient_id", "study_date", "age_years", "sex", "height_cm", "group", "diagnosis", "study", "nerve", "side",
    "recording", "stimulation", "response", "latency_ms", "amplitude_mv", "amplitude_uv", "area_mvms", "duration_ms",
    "distance_mm", "velocity_m_per_s",
)  # fmt: skip


def wide_row(study: Study) -> dict:
    """One study as a row of a wide sheet."""
    row = {
        "Patient ID": study.patient, "Date": study.date, "Age (years)": study.age, "Sex": study.sex,
        "Height (cm)": study.height, "Group": study.group, "diagnosis": study.label,
    }  # fmt: skip
    words = {"latency_ms": "onset latency (ms)", "duration_ms": "duration (ms)", "area_mvms": "area (mV*ms)",
             "distance_mm": "distance (mm)", "velocity_m_per_s": "velocity (m/s)",
             "amplitude_mv": "amplitude (mV)", "amplitude_uv": "amplitude (uV)"}  # fmt: skip
    for r in rows_of(study):
        site = r["stimulation"].replace("_", " ")
        head = f"{r['side']} {r['nerve']} "
        if r["study"] == "f_wave":
            row[head + "F wave latency (ms)"] = r.get("latency_ms", "NR")
        elif r["response"] == "absent":
            row[head + f"{r['study']} {r['recording'].replace('_', ' ')} {site} amplitude (uV)"] = "NR"
        else:
            for column, word in words.items():
                if column == "latency_ms" and r["study"] == "motor":
                    word = "latency (ms)"
                if column == "distance_mm" and "velocity_m_per_s" not in r:
                    continue  # a wide heading names segments, and the distal one has none
                if column in r:
                    row[head + f"{r['study']} {r['recording'].replace('_', ' ')} {site} {word}"] = r[column]
    return row


def write_registry(folder: Path, studies: list[Study]) -> dict[str, int]:
    """The files of the registry; returns how many data rows each has."""
    folder.mkdir(parents=True)
    by: dict[str, list[Study]] = {name: [s for s in studies if s.where == name] for name in WHERE}
    tidy = {
        name: pd.DataFrame([r for s in by[name] for r in rows_of(s)], columns=COLUMNS) for name in WHERE if by[name]
    }
    motor = tidy["split"]["study"] != "sensory"
    tidy["comma"].to_csv(folder / "centre a.csv", index=False)
    tidy["semicolon"].to_csv(folder / "Zentrum Ö.csv", index=False, sep=";", decimal=",")
    tidy["split"][motor].to_csv(folder / "motor.tsv", index=False, sep="\t")
    tidy["split"][~motor].to_excel(folder / "sensory.xlsx", index=False)
    tidy["workbook"].to_excel(folder / "workbook.xlsx", index=False)
    wide = pd.DataFrame([wide_row(s) for s in by["wide"]])
    wide.to_csv(folder / "wide.csv", index=False)
    return {
        "centre a.csv": len(tidy["comma"]), "Zentrum Ö.csv": len(tidy["semicolon"]), "motor.tsv": int(motor.sum()),
        "sensory.xlsx": int((~motor).sum()), "workbook.xlsx": len(tidy["workbook"]), "wide.csv": len(wide),
    }  # fmt: skip


def write_limits(path: Path) -> None:
    """The laboratory's own table of limits."""
    rows = []
    for nerve, (dml, cmap, mcv, f) in LIMITS.items():
        names = {"nerve": nerve, "study": "motor", "recording": MUSCLE[nerve]}
        rows += [
            names | {"measure": "distal_latency", "upper": dml, "unit": "ms"},
            names | {"measure": "amplitude", "lower": cmap, "unit": "mV"},
            names | {"measure": "velocity", "lower": mcv, "unit": "m/s"},
            names | {"study": "f_wave", "measure": "minimal_f_latency", "upper": f, "unit": "ms"},
        ]
    for nerve, (snap, scv) in SENSORY_LIMITS.items():
        names = {"nerve": nerve, "study": "sensory", "recording": SENSORY[nerve][0]}
        rows += [
            names | {"measure": "amplitude", "lower": snap, "unit": "uV"},
            names | {"measure": "velocity", "lower": scv, "unit": "m/s"},
        ]
    pd.DataFrame(rows).to_csv(path, index=False)
