"""Turn the printed tables into the shipped ones: reference_ranges/<source>/printed.csv -> limits.csv.

Run from the repository's root with the package installed: python reference_ranges/build.py [--check | --left-out].
Printed bounds are inclusive in whole units (19-79 years, up to 159 cm, BMI up to 23.9) unless the source's card says
half-open; shipped bounds are min <= x < max. Nothing is computed, rounded or filled in here: a printed row is shipped,
or left out for a reason.
"""

import csv
import io
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from ncs_analyzer.reference.measures import measures_of

HERE = Path(__file__).parent
WORDS = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
COLUMNS = (
    "nerve", "study", "measure", "recording", "segment", "against", "sex", "age_min", "age_max", "height_min_cm",
    "height_max_cm", "bmi_min", "bmi_max", "lower", "upper", "unit", "statistic", "convention", "distance_mm", "low_cut_hz",
    "n", "mean", "sd", "intercept", "per_year", "per_cm", "sd_multiplier",
)  # fmt: skip

Row = dict[str, str]

LOWER = ("amplitude", "area", "velocity", "f_persistence", "amplitude_ratio")
PERCENTILES = ("p3", "p97", "p2.5", "p97.5")
NOT_READ = {
    "rise_time": "the program reads no rise time",
    "wrist_palm_latency_percent": "a share of a latency",
    "wrist_to_palm_amplitude_increase_percent": "the share of the wrist's amplitude at the palm",
    "combined_sensory_index": "a sum of three differences",
    "H/M_ratio": "the program reads no M response of the H reflex",
    "chronodispersion": "the program reads no single F waves",
    "F_estimate_deviation": "needs the length of the limb",
}


class Source:
    """One folder: its printed rows and its card."""

    def __init__(self, folder: Path) -> None:
        self.id = folder.name
        self.card = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
        with (folder / "printed.csv").open(encoding="utf-8", newline="") as file:
            self.printed = list(csv.DictReader(file))
        self.candidates = [row for row in self.printed if self._never(row) is None]
        self.half_open = self.card["edges"] == "half-open"

    # ------------------------------------------------------------ what is left out

    def left_out(self, row: Row) -> str | None:
        """Why a printed row is not shipped, or None."""
        return self._never(row) or self._other_statistic(row) or self._other_strata(row) or particular(self.id, row)

    def _never(self, row: Row) -> str | None:
        study = WORDS["studies"].get(row["study"])
        if row["verification"] == "unconfirmed":
            return "unconfirmed"
        if study is None:
            return f"the program reads no {row['study']} study"
        if (
            study != "comparison"
            and row["nerve"].replace(" ", "_") not in known_nerves()
            and not row["nerve"].startswith("any")
        ):
            return f"a nerve the program does not know: {row['nerve']}"
        if "needle" in row["site_or_segment"] or "needle" in row["study"]:
            return "needle stimulation or recording"
        if row["limit"] == "mean" or not row["value"]:
            return "a mean, no limit"
        if row["measure"] in NOT_READ:
            return NOT_READ[row["measure"]]
        try:
            _, measure, _ = name_of(row)
        except KeyError:
            return f"the program reads no {row['measure']} of a {row['study']} study, or not in this form"
        if row["limit"] != "equation" and row["limit"] != ("lower" if measure in LOWER else "upper"):
            return "the side on which the measure is not judged"
        if row["statistic"].startswith("mean-2SD") and measure in ("amplitude", "area") and not transformed(row):
            return "mean - 2 SD of a skewed measure"
        return None

    def _other_statistic(self, row: Row) -> str | None:
        if row["statistic"] in ("p95", "p5"):
            return "another percentile of the same stratum"
        same = [r for r in self.candidates if what(r) == what(row) and r["statistic"].startswith(PERCENTILES)]
        if row["statistic"].startswith("mean") and any(stratum(r) == stratum(row) for r in same):
            return "the percentile of the same stratum is shipped"
        if row["statistic"].startswith("mean") and same and not transformed(row):
            return "percentiles of the same measure by other strata are shipped"
        return None

    def _other_strata(self, row: Row) -> str | None:
        """Sexes beside ages, each printed alone: a person would fall under both."""
        by_age = any(what(r) == what(row) and r["age_min"] and r["sex"] == "any" for r in self.candidates)
        if row["sex"] != "any" and not row["age_min"] + row["age_max"] and by_age:
            return "by sex alone, beside strata by age alone"
        return None

    # ------------------------------------------------------------ what is shipped

    def limits(self, underlying: dict[tuple[str, ...], Row]) -> list[Row]:
        """All rows of limits.csv. Where a measure has rows by age, its rows for all ages of the source are no stratum:
        their ages stand on the card, not in the row, so that the narrower row is the more specific one."""
        printed = [row for row in self.printed if self.left_out(row) is None]
        if self.id == "aanem_ndtf_2016":
            printed = [with_mean(row, underlying) for row in printed]
        rows = [new for row in printed for new in self.shipped(row)]
        by_age = {key(row) for row in rows if not self._all_ages(row)}
        return [{**r, "age_min": "", "age_max": ""} if self._all_ages(r) and key(r) in by_age else r for r in rows]

    def _all_ages(self, row: Row) -> bool:
        return (row["age_min"], row["age_max"]) == self._whole()

    def _whole(self) -> tuple[str, ...]:
        return tuple(f"{self.card[a]:g}" if a in self.card else "" for a in ("age_min", "age_max"))

    def shipped(self, row: Row) -> list[Row]:
        """The shipped rows of one printed row."""
        study, measure, places = name_of(row, self.id)
        of_age = self._ages(row)
        out = {
            "study": study,
            "measure": measure,
            "sex": "" if row["sex"] == "any" else row["sex"],
            **of_age,
            "height_min_cm": row["height_min_cm"],
            "height_max_cm": following(row["height_max_cm"]),
            "bmi_min": row["bmi_min"],
            "bmi_max": {"": "", "23.9": "24", "30": "30.1"}[row["bmi_max"]],
            "unit": WORDS["units"].get(row["unit"], row["unit"]),
            "statistic": row["statistic"],
            "convention": WORDS["conventions"].get(row["convention"], "") if "amplitude" in measure else "",
            "distance_mm": millimetres(row["distance_cm"]) if "velocity" not in measure or study != "motor" else "",
            "low_cut_hz": low_cut(row),
            "n": row["n"] if row["n"].isdigit() else "",
            **numbers(row),
        }
        return [{**dict.fromkeys(COLUMNS, ""), **out, **place} for place in places]

    def _ages(self, row: Row) -> Row:
        low, high = row["age_min"], row["age_max"]
        if not low + high:
            return dict(zip(("age_min", "age_max"), self._whole(), strict=True))
        if (self.id, low, high) in AGES:
            low, high = AGES[self.id, low, high]
            return {"age_min": low, "age_max": high}
        if (
            self.id == "buschbacher_1999"
            and row["study"] == "H-reflex"
            and high == "39"
            and row["height_min_cm"] == "180"
        ):
            high = "49"
        return {"age_min": low, "age_max": high if self.half_open else following(high)}


AGES = {
    # printed in months or days, both included: 4-6 months is up to under 7 months
    ("cai_zhang_1997", "0.0082", "0.25"): ("0.0082", "0.3333"),
    ("cai_zhang_1997", "0.3333", "0.5"): ("0.3333", "0.5833"),
    ("cai_zhang_1997", "0", "0.0082"): ("0", "0.0082"),
    ("cai_zhang_1997", "0.5833", "1"): ("0.5833", "1"),
    ("paediatric_rehabilitation", "0.0027", "0.0082"): ("0.0027", "0.0082"),
    ("paediatric_rehabilitation", "0", "0.25"): ("0.0082", "0.3333"),
    ("paediatric_rehabilitation", "0.3333", "0.5"): ("0.3333", "0.5833"),
    ("jnnd_493_limbs", "0", "17.99"): ("0", "18"),
}
"""Printed ages whose half-open form is not the next whole year."""


def particular(source: str, row: Row) -> str | None:
    """Why a row of one source in particular is left out."""
    site, measure, low = row["site_or_segment"], row["measure"], row["age_min"]
    if source == "ryan_2019" and row["study"].startswith("sensory") and measure == "distal_latency":
        return "not said whether to onset or to peak"
    if source == "preston_shapiro_2021" and low == "61":
        return "not printed in the table: said to be commonly accepted"
    if row["nerve"] == "phrenic" and measure == "amplitude":
        return "a CMAP in µV; the program reads motor amplitudes in mV"
    if source == "buschbacher_1999" and row["study"] == "H-reflex" and low == "40" and row["height_min_cm"] == "180":
        return "33.5 ms at 40-49 years and 180 cm or more looks like a slip: the band of 19-39 years is used"
    if source == "buschbacher_1999" and measure == "distal_CMAP_duration":
        return "the same number stands in the motor tables"
    if source == "buschbacher_1999" and measure == "area" and "age split" in row["note"]:
        return "the age split is doubtful"
    if "distance " in site:
        return "strata by distance; the row for all distances is shipped"
    if "above inguinal" in site or "below inguinal" in site or "across inguinal" in site:
        return "stimulation above and below the ligament is not told apart"
    if source == "buschbacher_manual_2015" and row["nerve"] == "facial" and "auricular" in site:
        return "stimulation before and behind the ear is not told apart"
    if "Ma-Liveson" in site or (row["nerve"] == "lateral femoral cutaneous" and site == "side-to-side"):
        return "two stimulation sites that are not told apart"
    if source == "buschbacher_manual_2015" and row["nerve"] == "facial" and site == "side-to-side":
        return "a rule of thumb, no measured limit"
    if row["nerve"] == "suprascapular" and site == "side-to-side":
        return "the muscle is not said"
    if source == "cts_grading_laboratory" and row["age_min"]:
        return "examples at two ages, no bands"
    if source == "elderly_sural_2014" and row["value"] == "0":
        return "no lower limit: the response may be absent"
    if source == "zamoum_2022" and row["statistic"].startswith("log"):
        return "the percentile of the same stratum is shipped"
    if source == "paediatric_rehabilitation" and not row["note"].startswith("ref 9"):
        return "an overlapping series of the same textbook table"
    if source == "cai_zhang_1997" and low == "18":
        return "adults"
    if row["nerve"].startswith("any") and measure != "persistence":
        return "no nerve named"
    if source == "alanazy_2020" and measure == "amplitude":
        return "depends on age by coefficients that were not read"
    return None


# ---------------------------------------------------------------- words and numbers


def known_nerves() -> set[str]:
    """The nerves of the program's vocabulary."""
    text = (HERE.parent / "ncs_analyzer" / "vocabulary" / "nerves.toml").read_text(encoding="utf-8")
    return set(tomllib.loads(text))


def key(row: Row) -> tuple[str, ...]:
    """What a shipped row is a limit of."""
    return tuple(row[c] for c in ("study", "nerve", "measure", "recording", "segment", "convention", "against"))


def what(row: Row) -> tuple[str, ...]:
    """What a printed row is a limit of."""
    return tuple(row[c] for c in ("nerve", "study", "measure", "site_or_segment", "convention", "limit"))


def stratum(row: Row) -> tuple[str, ...]:
    """For whom."""
    return tuple(row[c] for c in ("age_min", "age_max", "sex", "height_min_cm", "height_max_cm", "bmi_min", "bmi_max"))


def identity(row: Row) -> tuple[str, ...]:
    """The limit, stratum and number of a printed row, whatever words its source uses for the convention."""
    convention = WORDS["conventions"].get(row["convention"], "") if row["measure"] == "amplitude" else ""
    return (*what(row)[:4], convention, *stratum(row), row["value"])


def transformed(row: Row) -> bool:
    """Whether a mean - 2 SD was taken on a transformed scale."""
    return "transformed" in row["statistic"] + row["note"]


def name_of(row: Row, source: str = "") -> tuple[str, str, list[Row]]:
    """Study, measure and places (nerve, recording, segment, against) of a printed row; KeyError for an unknown word."""
    study, site, nerve = WORDS["studies"][row["study"]], row["site_or_segment"], row["nerve"].replace(" ", "_")
    if study == "comparison" or site == "FDI minus ADM, same limb":
        return _comparison(row)
    place: dict[str, Any] = WORDS["places"][study][site]
    if site.startswith("side-to-side"):
        measure = WORDS["sides"][row["measure"]]
        if study == "h_reflex":
            measure = {"distal_latency_side_difference": "h_latency_side_difference"}[measure]
    elif "against" in place:
        measure = {m: m for m in ("onset_latency_difference", "peak_latency_difference")}[row["measure"]]
    else:
        measure = WORDS["measures"][study][row["measure"]]
    if row["limit"] == "equation":
        measure = "f_minus_m_latency"
    of_velocity = place.get("velocity", []) if measure.startswith("velocity") else []
    segments = (
        place.get("segment")
        or place.get("segments", {}).get(nerve)
        or (of_velocity.get(nerve, []) if isinstance(of_velocity, dict) else of_velocity)
    )
    if source == "ryan_2019" and study == "sensory" and measure == "velocity" and nerve in ("median", "ulnar"):
        segments = ["wrist-elbow"]
    if measure not in measures_of(study):
        raise KeyError(measure)
    usual = WORDS["usual_muscles"] if study in ("motor", "f_wave") else {}
    nerves = ["median", "ulnar", "tibial"] if nerve == "any" else [nerve]
    return study, measure, [
        {
            "nerve": n,
            "recording": place.get("recordings", {}).get(n) or place.get("recording") or usual.get(n, ""),
            "segment": segment,
            "against": place.get("against", ""),
        }
        for n in nerves
        for segment in (segments or [""])
    ]  # fmt: skip


def _comparison(row: Row) -> tuple[str, str, list[Row]]:
    if row["nerve"] == "sural/radial":
        place = {"nerve": "sural", "recording": "ankle", "segment": "", "against": "superficial_radial snuffbox"}
        return "sensory", WORDS["comparison_measures"][row["measure"]], [place]
    entry = WORDS["comparisons"][row["site_or_segment"]]
    measure = entry.get("measure") or WORDS["comparison_measures"][row["measure"]]
    place = {"nerve": entry["nerve"], "recording": entry["recording"], "segment": "", "against": entry["against"]}
    return entry["study"], measure, [place]


def following(printed: str) -> str:
    """An inclusive upper bound in whole units as the bound that is not included any more."""
    return str(int(printed) + 1) if printed else ""


def millimetres(centimetres: str) -> str:
    """A printed distance in mm; empty where a range or a word is printed."""
    return str(int(float(centimetres) * 10)) if centimetres.replace(".", "").isdigit() else ""


def low_cut(row: Row) -> str:
    """The low-frequency filter a duration limit holds for."""
    words = row["note"].split()
    return words[words.index("filter") + 1] if "low-frequency filter" in row["note"] else ""


def numbers(row: Row) -> Row:
    """The limit itself, with mean and SD: a number, or an equation on height."""
    if row["limit"] == "equation":
        intercept, _, slope = row["mean"].removesuffix("*height_cm").partition(" + ")
        return {"intercept": intercept, "per_cm": slope, "sd": row["sd"], "sd_multiplier": "2"}
    mean = row["mean"].replace(".", "").replace("-", "").isdigit()
    spread = row["sd"] if mean and row["sd"] != row["mean"] else ""
    return {row["limit"]: row["value"], "mean": row["mean"] if spread else "", "sd": spread}


# ---------------------------------------------------------------- the run


def build(source: Source, underlying: dict[tuple[str, ...], Row]) -> str:
    """The text of limits.csv of one source."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(source.limits(underlying))
    return text.getvalue()


def adopted(sources: list[Source]) -> dict[tuple[str, ...], Row]:
    """The percentiles of the studies that AANEM 2016 adopted."""
    rows = [r for s in sources if s.id in ("buschbacher_1999", "buschbacher_2003") for r in s.candidates]
    return {identity(r): r for r in rows if r["statistic"] in PERCENTILES}


def with_mean(row: Row, underlying: dict[tuple[str, ...], Row]) -> Row:
    """An AANEM row with n, mean and SD of the study it was adopted from, where that prints the same limit."""
    study = underlying.get(identity(row))
    if study is None or row["statistic"] not in PERCENTILES:
        return row
    return {**row, "n": row["n"] or study["n"], "mean": study["mean"], "sd": study["sd"]}


def main() -> int:
    """Write every limits.csv, or with --check only compare; the status says whether all were up to date."""
    sources = [Source(card.parent) for card in sorted(HERE.glob("*/source.toml"))]
    underlying = adopted(sources)
    stale = []
    for source in sources:
        if "--left-out" in sys.argv:
            for reason, count in Counter(source.left_out(r) for r in source.printed).items():
                sys.stdout.write(f"{source.id}: {count} {reason or 'shipped'}\n")
            continue
        target, text = HERE / source.id / "limits.csv", build(source, underlying)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            stale.append(source.id)
            if "--check" not in sys.argv:
                target.write_text(text, encoding="utf-8")
    sys.stdout.write(f"changed: {', '.join(stale) or 'nothing'}\n")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    raise SystemExit(main())
