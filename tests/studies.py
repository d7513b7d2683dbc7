"""Invented studies for tests: healthy nerves of one imagined laboratory, changed where a test asks for it.

The laboratory has the same round limits for every nerve, so that percentages are read off at a glance:
motor DML 4.0 ms, CMAP 5.0 mV, velocity 50 m/s, F 30.0 ms; sensory SNAP 10 µV, velocity 50 m/s, onset 3.0 ms, peak 4.0 ms.
A healthy motor nerve has DML 3.0 ms, 10.0 mV, 10.0 mV·ms, 5.0 ms duration at every site, 60 m/s, F 25.0 ms.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

Row = dict[str, Any]
Values = Mapping[str, str | None]

ABSENT: Final = "absent"
SIDES: Final = {"R": "right", "L": "left"}
MUSCLES: Final = {"median": "APB", "ulnar": "ADM", "radial": "EIP", "fibular": "EDB", "tibial": "AH"}
SITES: Final = {
    "median": "wrist elbow",
    "ulnar": "wrist below_elbow",
    "radial": "forearm elbow",
    "fibular": "ankle below_fibular_head",
    "tibial": "ankle popliteal_fossa",
}
HEALTHY_MOTOR: Final = {
    "dml": "3.0", "amp": "10.0", "area": "10.0", "dur": "5.0", "mcv": "60", "f": "25.0", "persistence": "100",
    "distance": "80", "dml_limit": "4.0", "amp_limit": "5.0", "mcv_limit": "50", "f_limit": "30.0", "dur_limit": None,
}  # fmt: skip
HEALTHY_SENSORY: Final = {
    "snap": "20", "velocity": "60", "onset": "2.0", "peak": "3.0",
    "snap_limit": "10", "velocity_limit": "50", "onset_limit": "3.0", "peak_limit": "4.0",
}  # fmt: skip
_PER_SITE: Final = ("amp", "area", "dur", "mcv", "distance", "amp_limit", "mcv_limit")


def motor(nerve: str, side: str = "R", **changes: str | None) -> list[Row]:
    """One motor nerve with its F wave.

    `sites`, `muscle`: where stimulated and recorded. `amp`, `area`, `dur` are those of the distal site; `amp2`, `area2`,
    `dur2`, `mcv` those of the next, `amp3`, `mcv3` and so on further up, `amp0` those of a palm named first in `sites`.
    A value that is not given is healthy, None is blank; `amp` (or `amp2`) "absent": no response there; `f` "absent": F
    waves looked for and not found, None: not recorded. `*_limit`: the laboratory's limit.
    """
    given = dict(changes)
    sites = str(given.pop("sites", SITES[nerve])).split()
    muscle = given.pop("muscle", MUSCLES[nerve])
    base = {"nerve": nerve, "side": SIDES[side], "recording": muscle}
    first = 0 if sites[0] == "palm" else 1
    _check(given, {*HEALTHY_MOTOR, *(f"{name}{k}" for name in _PER_SITE for k in range(first, len(sites) + first))})
    values = {**HEALTHY_MOTOR, **given}
    rows = [_motor_row(base, site, k, values) for k, site in enumerate(sites, first)]
    return rows + _f_wave(base, values)


def _motor_row(base: Row, site: str, k: int, values: Values) -> Row:
    def at(name: str) -> str | None:
        numbered = "" if k == 1 or (k == 2 and name == "mcv") else str(k)
        return values.get(f"{name}{numbered}", values[name] if k != 1 and name.endswith("_limit") else _healthy(name))

    row = {**base, "study": "motor", "stimulation": site, "amplitude_lower_limit": at("amp_limit")}
    if k == 1:
        row |= {"latency_upper_limit": values["dml_limit"], "duration_upper_limit": values["dur_limit"]}
    if k > 1:
        row["velocity_lower_limit"] = at("mcv_limit")
    if f"distance{k}" in values:
        row["distance_mm"] = at("distance")
    if at("amp") == ABSENT or (k != 1 and values["amp"] == ABSENT):
        return {**row, "response": ABSENT}
    row |= {"amplitude_mv": at("amp"), "area_mvms": at("area"), "duration_ms": at("dur")}
    if k == 1:
        row |= {"latency_ms": values["dml"]}
    if k > 1:
        row["velocity_m_per_s"] = at("mcv")
    if k <= 1:
        row["distance_mm"] = at("distance")
    return row


def _healthy(name: str) -> str | None:
    return HEALTHY_MOTOR[name]


def _f_wave(base: Row, values: Values) -> list[Row]:
    if values["f"] is None:
        return []
    row = {**base, "study": "f_wave", "latency_upper_limit": values["f_limit"]}
    if values["f"] == ABSENT:
        return [{**row, "response": ABSENT}]
    return [{**row, "latency_ms": values["f"] or None, "persistence_pct": values["persistence"], "response": "present"}]


def sensory(nerve: str, side: str = "R", **changes: str | None) -> list[Row]:
    """One sensory nerve; `snap` "absent": no response."""
    _check(changes, HEALTHY_SENSORY)
    values = {**HEALTHY_SENSORY, **changes}
    row: Row = {
        "nerve": nerve,
        "side": SIDES[side],
        "study": "sensory",
        "amplitude_lower_limit": values["snap_limit"],
        "velocity_lower_limit": values["velocity_limit"],
        "latency_upper_limit": values["onset_limit"],
        "peak_latency_upper_limit": values["peak_limit"],
    }
    if values["snap"] == ABSENT:
        return [{**row, "response": ABSENT}]
    return [
        {
            **row,
            "amplitude_uv": values["snap"],
            "velocity_m_per_s": values["velocity"],
            "latency_ms": values["onset"],
            "peak_latency_ms": values["peak"],
        }
    ]


def study(*nerves: Iterable[Row], **columns: Any) -> list[Row]:
    """The rows of one study, recorded at a low-frequency filter of 2 Hz unless told otherwise."""
    return [{"low_cut_hz": "2", **columns, **row} for nerve in nerves for row in nerve]


def _check(given: Mapping[str, Any], known: Iterable[str]) -> None:
    unknown = set(given) - set(known)
    if unknown:
        raise ValueError(f"no such value: {', '.join(sorted(unknown))}")
