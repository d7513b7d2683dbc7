"""Random studies, realistic enough to be clean, adversarial enough to sit on every threshold.

Values are written as decimal strings. The rows never contradict themselves: latencies grow from distal to proximal,
a printed velocity follows from distance and latencies, a peak is after its onset, F is after M.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

Row = dict[str, Any]

PCT_OF_UPPER = (90, 100, 110, 115, 120, 125, 130, 150, 160, 180)
PCT_OF_LOWER = (60, 70, 80, 85, 90, 95, 100, 110, 120)
SMALL_AMPLITUDES = (5, 10, 20, 50, 80, 100, 130)
RATIOS = ("0.3", "0.36", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1")
DURATION_RATIOS = ("1", "1.1", "1.15", "1.3", "1.6", "2", "2.1")
DISTAL_DURATIONS = {
    "median": ("5.5", "6.6", "7.4", "7.8", "8.0", "8.4", "8.5", "9.0", "9.5"),
    "ulnar": ("5.8", "6.7", "7.8", "8.5", "8.6", "9.0", "9.6", "10.2"),
    "radial": ("6.0", "9.0"),
    "fibular": ("6.0", "7.6", "8.1", "8.3", "8.5", "8.8", "9.0", "9.5"),
    "tibial": ("6.0", "8.0", "8.2", "8.3", "8.8", "8.9", "9.0", "9.2"),
}

#: Limits and distances of an imagined laboratory: DML ms, amplitude mV, velocity m/s, F ms, distal distance mm.
LABORATORY = {
    "median": ("4.4", "4.0", "50", "31", 70),
    "ulnar": ("3.4", "6.0", "50", "32", 70),
    "radial": ("3.0", "2.0", "50", "30", 60),
    "fibular": ("6.5", "2.0", "42", "56", 90),
    "tibial": ("6.0", "4.0", "40", "56", 90),
}
MUSCLES = {"median": "APB", "ulnar": "ADM", "radial": "EIP", "fibular": "EDB", "tibial": "AH"}
SITES = {
    "median": (("palm",), ("wrist",), ("elbow",), ("axilla",), ("erb",)),
    "ulnar": (("palm",), ("wrist",), ("below_elbow",), ("above_elbow", "elbow"), ("axilla",), ("erb",)),
    "radial": (("forearm",), ("elbow", "above_elbow"), ("axilla",), ("erb",)),
    "fibular": (("ankle",), ("below_fibular_head",), ("above_fibular_head", "popliteal_fossa")),
    "tibial": (("ankle",), ("popliteal_fossa",)),
}
SEGMENT_MM = {
    "palm": 70, "wrist": 80, "forearm": 60, "below_elbow": 210, "elbow": 220, "above_elbow": 100, "axilla": 110,
    "erb": 200, "ankle": 90, "below_fibular_head": 300, "above_fibular_head": 100, "popliteal_fossa": 350,
}  # fmt: skip
SENSORY = {
    "median": ("digit_2", "wrist", "15", "50", "3.0", "3.6", 130),
    "ulnar": ("digit_5", "wrist", "12", "50", "2.8", "3.4", 110),
    "superficial_radial": ("snuffbox", "forearm", "15", "50", "2.2", "2.8", 100),
    "radial": ("snuffbox", "forearm", "15", "50", "2.2", "2.8", 100),
    "sural": ("ankle", "calf", "6", "40", "3.6", "4.4", 140),
}
FILTERS = ("2", "3", "5", "7", "8", "10", "14", "15", "20", "")


def text(value: Decimal) -> str:
    """A plain decimal, without exponent or superfluous zeros."""
    plain = format(value.normalize(), "f")
    return "0" if plain == "-0" else plain


def beside(rng: random.Random, exact: Decimal, step: str, chance_exact: float = 0.4) -> Decimal:
    """The threshold itself, or one or a few steps to either side of it, in the precision of the step."""
    if rng.random() < chance_exact:
        return exact
    unit = Decimal(step)
    rounded = exact.quantize(unit)
    return rounded + unit * rng.choice((-2, -1, -1, 0, 1, 1, 2))


def pick(rng: random.Random, choices: Sequence[Any], healthy: Any, sick: float) -> Any:
    return rng.choice(choices) if rng.random() < sick else healthy


class Dice:
    """How much of this study is missing, abnormal, absent; `theme` says what kind of abnormality prevails."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.theme = rng.choice(("any", "any", "any", "block", "distal", "axonal"))
        self.blank = rng.choice((0, 0, 0.02, 0.1, 0.3))
        self.no_limit = rng.choice((0, 0, 0.02, 0.1, 0.3))
        sick = rng.choice((0, 0.1, 0.3, 0.6, 1))
        slight = rng.choice((0, 0, 0.1, 0.2))
        self.latency = {"any": sick, "distal": 1}.get(self.theme, slight)
        self.velocity = {"any": sick, "distal": rng.choice((0, 0.5))}.get(self.theme, slight)
        self.f_late = {"any": sick}.get(self.theme, slight)
        self.drop = {"any": sick, "block": rng.choice((0.5, 1))}.get(self.theme, slight)
        self.spread = {"any": sick / 2, "block": 0.4}.get(self.theme, slight)
        self.long_duration = {"any": sick, "distal": 0.6}.get(self.theme, slight)
        self.sensory = {"any": sick, "axonal": rng.choice((0, 0.8))}.get(self.theme, slight)
        self.small = rng.choice((0.5, 0.9)) if self.theme == "axonal" else rng.choice((0, 0, 0.1, 0.4))
        self.absent = rng.choice((0, 0.03, 0.15, 0.6)) if self.theme in ("any", "axonal") else 0.03
        self.not_tested = rng.choice((0, 0.03, 0.2))
        self.durations = rng.random() < 0.75
        self.areas = rng.random() < (0.9 if self.theme == "block" else 0.6)
        self.extra_sites = rng.choice((0, 0.2, 0.6))
        self.f_waves = rng.choice((0, 0.6, 1, 1))
        self.printed_velocity = rng.random() < 0.5  # else computed

    def says(self, chance: float) -> bool:
        return self.rng.random() < chance


def chosen_sites(rng: random.Random, nerve: str, dice: Dice) -> list[str]:
    sites = []
    for place, alternatives in enumerate(SITES[nerve]):
        name = rng.choice(alternatives)
        if name == "palm":
            keep = rng.random() < dice.extra_sites / 2
        elif name in ("axilla", "erb"):
            keep = rng.random() < dice.extra_sites + 0.1
        else:
            keep = rng.random() < (0.97 if place <= 1 else 0.8)
        if keep:
            sites.append(name)
    return sites


def motor_rows(rng: random.Random, nerve: str, side: str, muscle: str, dice: Dice, base: Row) -> list[Row]:
    """One muscle of one nerve, with its F wave."""
    dml_limit, amplitude_limit, velocity_limit, _f_limit, distal_mm = LABORATORY[nerve]
    sites = chosen_sites(rng, nerve, dice)
    if muscle == "TA":
        sites = [site for site in sites if site != "ankle"]
    if not sites:
        return []
    nerve_absent = dice.says(dice.absent)
    amplitude_pct = pick(rng, SMALL_AMPLITUDES, 150, dice.small)
    amplitude = beside(rng, Decimal(amplitude_limit) * amplitude_pct / 100, "0.1")
    amplitude = max(amplitude, Decimal("0.1"))
    if dice.says(dice.small / 8):
        amplitude = Decimal(rng.choice(("0.9", "1.0", "1.1")))
    latency = max(
        beside(rng, Decimal(dml_limit) * pick(rng, PCT_OF_UPPER, 85, dice.latency) / 100, "0.1"), Decimal("1.0")
    )
    duration = beside(
        rng, Decimal(pick(rng, DISTAL_DURATIONS[nerve], DISTAL_DURATIONS[nerve][0], dice.long_duration)), "0.1", 0.5
    )
    area = Decimal(rng.choice(("10", "12", "20")))
    rows: list[Row] = []
    previous = False
    for site in sites:
        row: Row = {**base, "study": "motor", "nerve": nerve, "side": side, "recording": muscle, "stimulation": site}
        if dice.says(dice.not_tested / 3):
            rows.append({**row, "response": "not_tested"})
            continue
        if site == "palm":
            row |= {"latency_ms": text(latency / 2), "amplitude_mv": text(amplitude), "distance_mm": str(distal_mm)}
            if dice.durations:
                row["duration_ms"] = text(duration)
            if dice.areas:
                row["area_mvms"] = text(area)
            if dice.says(0.5):
                row["amplitude_lower_limit"] = amplitude_limit
            rows.append(row | {"response": "present"})
            previous_palm = True
        else:
            previous_palm = bool(rows) and rows[-1]["stimulation"] == "palm" and rows[-1]["response"] == "present"
        if site == "palm":
            previous = True
            here_latency, here_amplitude, here_area, here_duration = latency / 2, amplitude, area, duration
            continue
        first = not previous or previous_palm
        if first:
            distance = Decimal(60 if previous_palm else distal_mm)
            if not previous_palm and dice.says(0.9 if dice.theme == "distal" else 0.3):
                distance = low_index_distance(rng, nerve, latency, velocity_limit)
            here_latency, here_amplitude, here_area, here_duration = latency, amplitude, area, duration
            velocity = (distance / (latency / 2)).quantize(Decimal("0.1")) if previous_palm else None
            if previous_palm:
                here_amplitude = max(
                    (amplitude * Decimal(rng.choice(RATIOS))).quantize(Decimal("0.01")), Decimal("0.1")
                )
                amplitude = here_amplitude
        else:
            distance = Decimal(SEGMENT_MM[site])
            wanted = beside(rng, Decimal(velocity_limit) * pick(rng, PCT_OF_LOWER, 110, dice.velocity) / 100, "1")
            here_latency = (here_latency + distance / wanted).quantize(Decimal("0.0001"))
            velocity = wanted
            fall = Decimal(pick(rng, RATIOS, "0.95", dice.drop))
            area_fall = Decimal(pick(rng, RATIOS, "0.95", dice.drop)) if dice.says(0.5) else fall
            here_amplitude = beside(rng, here_amplitude * fall, "0.01", 0.5)
            here_area = beside(rng, here_area * area_fall, "0.01", 0.5)
            here_duration = beside(
                rng, here_duration * Decimal(pick(rng, DURATION_RATIOS, "1.05", dice.spread)), "0.01", 0.5
            )
            here_amplitude = max(here_amplitude, Decimal("0.01"))
        previous = True
        row["distance_mm"] = text(distance)
        limits: Row = {"amplitude_lower_limit": amplitude_limit}
        if first:
            limits |= {"latency_upper_limit": dml_limit}
            if dice.says(0.3):
                limits["duration_upper_limit"] = rng.choice(("2.5", "3", "7.0"))
        else:
            limits["velocity_lower_limit"] = velocity_limit
            if dice.says(0.3):
                del limits["amplitude_lower_limit"]
        row |= {column: limit for column, limit in limits.items() if not dice.says(dice.no_limit)}
        if (first and nerve_absent) or (not first and dice.says(dice.absent / 3)):
            rows.append(row | {"response": "absent"})
            if first and dice.says(0.6):
                return rows
            continue
        values: Row = {"latency_ms": text(here_latency), "amplitude_mv": text(here_amplitude)}
        if dice.durations:
            values["duration_ms"] = text(here_duration)
        if dice.areas:
            values["area_mvms"] = text(here_area)
        if velocity is not None and dice.printed_velocity:
            values["velocity_m_per_s"] = text(velocity)
        kept = {column: value for column, value in values.items() if not dice.says(dice.blank)}
        if not kept:
            kept = {"amplitude_mv": text(here_amplitude)}
        if dice.says(dice.blank / 2):
            del row["distance_mm"]
        rows.append(row | kept | {"response": rng.choice(("present", "present", ""))})
    return rows


def low_index_distance(rng: random.Random, nerve: str, latency: Decimal, velocity_limit: str) -> Decimal:
    """A distal distance that brings the terminal latency index to its cut-off for a common velocity."""
    cut_off = {"median": "0.26", "ulnar": "0.33"}.get(nerve, "0.25")
    velocity = Decimal(velocity_limit) * rng.choice((70, 80, 100, 110)) / 100
    exact = Decimal(cut_off) * velocity * latency
    return max(exact if rng.random() < 0.5 else exact.quantize(Decimal(1)) + rng.choice((-5, -1, 1, 5)), Decimal(10))


def f_row(rng: random.Random, nerve: str, side: str, muscle: str, dice: Dice, base: Row) -> Row:
    limit = LABORATORY[nerve][3]
    row: Row = {**base, "study": "f_wave", "nerve": nerve, "side": side, "recording": muscle}
    if not dice.says(dice.no_limit):
        row["latency_upper_limit"] = limit
    kind = rng.random()
    if kind < 0.06:
        return row | {"response": "not_tested"}
    if kind < 0.06 + 0.25 * dice.f_late:
        return row | {"response": "absent"}
    if kind < 0.12 + 0.25 * dice.f_late:
        return row | {"persistence_pct": "0"}
    if kind < 0.15 + 0.25 * dice.f_late:
        return row  # nothing at all: blank is not absent
    if kind < 0.18 + 0.25 * dice.f_late:
        return row | {"persistence_pct": "50", "response": "present"}
    latency = beside(rng, Decimal(limit) * pick(rng, PCT_OF_UPPER, 92, dice.f_late) / 100, "0.1")
    row |= {"latency_ms": text(latency), "response": rng.choice(("present", ""))}
    if dice.says(0.4):
        row["persistence_pct"] = rng.choice(("10", "19", "20", "21", "80", "100"))
    return row


def sensory_row(rng: random.Random, nerve: str, side: str, dice: Dice, base: Row) -> Row:
    recording, stimulation, snap, velocity_limit, onset_limit, peak_limit, millimetres = SENSORY[nerve]
    row: Row = {**base, "study": "sensory", "nerve": nerve, "side": side, "recording": recording}
    row |= {"stimulation": stimulation, "distance_mm": str(millimetres)}
    limits = {
        "amplitude_lower_limit": snap,
        "velocity_lower_limit": velocity_limit,
        "latency_upper_limit": onset_limit,
        "peak_latency_upper_limit": peak_limit,
    }
    row |= {column: limit for column, limit in limits.items() if not dice.says(dice.no_limit)}
    if dice.says(dice.not_tested):
        return row | {"response": "not_tested"}
    if dice.says(dice.absent / 2 + dice.sensory / 6):
        return row | {"response": "absent"}
    amplitude = beside(rng, Decimal(snap) * pick(rng, (30, 50, 70, 80, 100), 150, dice.sensory) / 100, "0.1")
    velocity = beside(rng, Decimal(velocity_limit) * pick(rng, (60, 70, 80, 100), 115, dice.sensory) / 100, "1")
    onset = (Decimal(millimetres) / velocity).quantize(Decimal("0.0001"))
    peak = onset + Decimal(rng.choice(("0.5", "0.6", "0.8")))
    values: Row = {"amplitude_uv": text(max(amplitude, Decimal("0.5")))}
    if dice.says(0.8):
        values["velocity_m_per_s"] = text(velocity)
    if dice.says(0.6):
        values["latency_ms"] = text(onset)
    if dice.says(0.5):
        values["peak_latency_ms"] = text(peak)
    kept = {column: value for column, value in values.items() if not dice.says(dice.blank)}
    return row | (kept or {"amplitude_uv": values["amplitude_uv"]}) | {"response": "present"}


def random_study(rng: random.Random) -> list[Row]:
    """The rows of one study, a function of the generator's state alone."""
    dice = Dice(rng)
    base: Row = {
        "patient_id": "P1",
        "study_id": "S1",
        "study_date": "2024-05-17",
        "age_years": str(rng.randint(25, 80)),
        "sex": rng.choice("FM"),
        "low_cut_hz": rng.choice(FILTERS),
        "cts_left": rng.choice(("", "", "", "yes", "no")),
        "cts_right": rng.choice(("", "", "", "yes", "no")),
        "phenotype": rng.choice(("", "typical", "distal", "multifocal", "focal", "motor", "sensory")),
    }
    every = [(nerve, side) for nerve in LABORATORY for side in ("left", "right")]
    how_many = rng.choice((1, 2, 2, 3, 4, 4, 4, 5, 6, 8, 10))
    rows: list[Row] = []
    for nerve, side in rng.sample(every, how_many):
        muscle = MUSCLES[nerve]
        other = {"ulnar": "FDI", "fibular": "TA"}.get(nerve)
        muscles = [muscle]
        if other and rng.random() < 0.3:
            muscles = rng.choice(([muscle, other], [other], [other, muscle]))
        for one in muscles:
            rows += motor_rows(rng, nerve, side, one, dice, base)
            if dice.says(dice.f_waves if one == muscle else 0.3):
                rows.append(f_row(rng, nerve, side, one, dice, base))
    snaps = [(nerve, side) for nerve in ("median", "ulnar", "radial", "sural") for side in ("left", "right")]
    for nerve, side in rng.sample(snaps, rng.choice((0, 0, 1, 2, 3, 4, 4, 6, 8))):
        name = rng.choice(("radial", "superficial_radial")) if nerve == "radial" else nerve
        rows.append(sensory_row(rng, name, side, dice, base))
    rng.shuffle(rows)
    return rows
