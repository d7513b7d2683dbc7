"""Turn the printed tables into the shipped ones: reference_ranges/<source>/printed.csv -> limits.csv.

Run from the repository's root: python reference_ranges/build.py [--check]. Printed bounds are inclusive in whole units
(19-79 years, up to 159 cm, BMI up to 23.9); shipped bounds are min <= x < max. Nothing is computed, rounded or filled
in here: a printed row is shipped, or left out for a reason named below.
"""

import csv
import io
import sys
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = (
    "nerve", "study", "measure", "recording", "segment", "sex", "age_min", "age_max", "height_min_cm", "height_max_cm",
    "bmi_min", "bmi_max", "lower", "upper", "unit", "statistic", "convention", "distance_mm", "low_cut_hz", "n",
)  # fmt: skip

STUDIES = {
    "motor": "motor",
    "sensory antidromic": "sensory",
    "sensory orthodromic": "sensory",
    "sensory": "sensory",
    "mixed": "mixed",
    "mixed palmar": "mixed",
    "F-wave": "f_wave",
    "H-reflex": "h_reflex",
}
MEASURES = {
    ("motor", "distal_latency"): "distal_latency",
    ("motor", "amplitude"): "amplitude",
    ("motor", "conduction_velocity"): "velocity",
    ("sensory", "onset_latency"): "onset_latency",
    ("sensory", "peak_latency"): "peak_latency",
    ("sensory", "amplitude"): "amplitude",
    ("sensory", "conduction_velocity"): "velocity",
    ("mixed", "peak_latency"): "peak_latency",
    ("mixed", "amplitude"): "amplitude",
    ("mixed", "conduction_velocity"): "velocity",
    ("f_wave", "minimal_latency"): "minimal_f_latency",
    ("h_reflex", "latency"): "h_latency",
}
CONVENTIONS = {
    "baseline-to-negative-peak": "baseline_to_peak",
    "baseline/onset-to-negative-peak": "baseline_to_peak",
    "onset-to-negative-peak": "baseline_to_peak",
    "negative-peak-to-positive-peak": "peak_to_peak",
}
RECORDINGS = {
    "APB": "APB", "ADM": "ADM", "FDI": "FDI", "EIP": "EIP", "EDB": "EDB", "AH": "AH", "AHB": "AH", "TA": "TA",
    "ADQP (lateral plantar)": "ADQP", "nasalis": "nasalis", "rectus femoris": "rectus_femoris",
    "digit 2": "digit_2", "digit 3": "digit_3", "digit 5": "digit_5", "digit": "", "lateral malleolus": "ankle", "ankle": "ankle",
    "snuffbox (EPL tendon)": "snuffbox", "snuffbox": "snuffbox", "medial forearm": "medial_forearm",
    "lateral forearm": "lateral_forearm", "soleus (midcalf)": "soleus", "FCR": "FCR", "4th/5th web": "hand_dorsum",
    "forearm": "", "thigh": "thigh", "wrist": "wrist",
}  # fmt: skip
SEGMENTS = {
    "wrist-elbow": ("wrist-elbow",),
    "wrist-below elbow": ("wrist-below_elbow",),
    "across elbow": ("below_elbow-above_elbow",),
    "above elbow-axilla": ("above_elbow-axilla",),
    "ankle-below fibular head": ("ankle-below_fibular_head",),
    "across fibular head": ("below_fibular_head-above_fibular_head", "below_fibular_head-popliteal_fossa"),
    "ankle-popliteal fossa": ("ankle-popliteal_fossa",),
}
MUSCLE_OF = {"median": "APB", "ulnar": "ADM", "fibular": "EDB", "tibial": "AH"}
LAST_AGE = 79


def left_out(source: str, row: dict[str, str]) -> str | None:
    """Why a printed row is not shipped, or None."""
    study = STUDIES.get(row["study"])
    if row["verification"] == "unconfirmed":
        return "unconfirmed"
    if (
        row["limit"] not in ("lower", "upper")
        or (study, row["measure"]) not in MEASURES
        or row["nerve"].startswith("any")
    ):
        if source == "ryan_2019" and study == "sensory" and row["measure"] == "distal_latency":
            return "not said whether to onset or to peak"
        return "no limit of a single reading"
    if row["nerve"] == "phrenic":
        return "a CMAP in µV; the program reads motor amplitudes in mV"
    if source == "preston_shapiro_2021" and row["age_min"] == "61":
        return "not printed in the table: said to be commonly accepted"
    if source == "aanem_ndtf_2016" and row["age_min"] == "19" and row["age_max"] == "79" and _fully_stratified(row):
        return "all-age row where age bands cover every age"
    if (
        source == "buschbacher_1999"
        and row["measure"] == "latency"
        and row["age_min"] == "40"
        and row["height_min_cm"] == "180"
    ):
        return "33.5 ms at 40-49 years and 180 cm or more looks like a slip: the band of 19-39 years is used"
    return None


def _fully_stratified(row: dict[str, str]) -> bool:
    """Nerve and measure whose age bands need nothing but age, so that the all-age row can never be the better one."""
    return (row["nerve"], row["study"], row["measure"]) in {
        ("median", "motor", "amplitude"),
        ("fibular", "motor", "amplitude"),
        ("tibial", "motor", "amplitude"),
    } and not row["bmi_min"] + row["bmi_max"]


def shipped(source: str, row: dict[str, str]) -> list[dict[str, str]]:
    """The shipped rows of one printed row."""
    study = STUDIES[row["study"]]
    measure = MEASURES[study, row["measure"]]
    recording, segments = _place(source, row, study, measure)
    exact = source == "ryan_2019"  # printed half-open
    age_max = row["age_max"]
    if (
        source == "buschbacher_1999"
        and measure == "h_latency"
        and row["age_max"] == "39"
        and row["height_min_cm"] == "180"
    ):
        age_max = "49"
    out = {
        "nerve": row["nerve"].replace(" ", "_"),
        "study": study,
        "measure": measure,
        "recording": recording,
        "sex": "" if row["sex"] == "any" else row["sex"],
        "age_min": row["age_min"],
        "age_max": age_max if exact or not age_max else str(int(age_max) + 1),
        "height_min_cm": row["height_min_cm"],
        "height_max_cm": str(int(row["height_max_cm"]) + 1) if row["height_max_cm"] else "",
        "bmi_min": row["bmi_min"],
        "bmi_max": {"": "", "23.9": "24"}[row["bmi_max"]],
        row["limit"]: row["value"],
        "unit": row["unit"],
        "statistic": row["statistic"],
        "convention": CONVENTIONS[row["convention"]] if measure == "amplitude" and row["convention"] else "",
        "distance_mm": _millimetres(row["distance_cm"]) if measure != "velocity" or study != "motor" else "",
        "n": row["n"],
    }
    return [{**dict.fromkeys(COLUMNS, ""), **out, "segment": segment} for segment in segments]


def _millimetres(centimetres: str) -> str:
    return str(int(float(centimetres) * 10)) if centimetres.replace(".", "").isdigit() else ""


def _place(source: str, row: dict[str, str], study: str, measure: str) -> tuple[str, tuple[str, ...]]:
    site, nerve = row["site_or_segment"], row["nerve"]
    if study == "motor" and measure == "velocity":
        if site in SEGMENTS:
            return MUSCLE_OF[nerve], SEGMENTS[site]
        return RECORDINGS[site.rpartition("-")[2]], ("",)
    if source == "ryan_2019" and study == "sensory" and measure == "velocity" and nerve in ("median", "ulnar"):
        return "", ("wrist-elbow",)
    if site in ("distal stimulation", "") or (study == "f_wave" and nerve in MUSCLE_OF):
        return MUSCLE_OF[nerve], ("",)
    return RECORDINGS.get(site.rpartition("-")[2], ""), ("",)


def build(source: str) -> str:
    """The text of limits.csv of one source."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    with (HERE / source / "printed.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if left_out(source, row) is None:
                writer.writerows(shipped(source, row))
    return text.getvalue()


def main() -> int:
    """Write every limits.csv, or with --check only compare; the status says whether all were up to date."""
    stale = []
    for printed in sorted(HERE.glob("*/printed.csv")):
        target = printed.with_name("limits.csv")
        text = build(printed.parent.name)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            stale.append(printed.parent.name)
            if "--check" not in sys.argv:
                target.write_text(text, encoding="utf-8")
    sys.stdout.write(f"changed: {', '.join(stale) or 'nothing'}\n")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
