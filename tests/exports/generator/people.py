"""Invented patients whose numbers hang together: velocity = distance / latency difference.

Latencies are kept to 0.01 ms; a velocity is computed from these, so that after printing to
0.1 ms it agrees within rounding, as on a real machine.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field


@dataclass
class Site:
    """One stimulation site of a motor nerve; distances run to the next more distal site."""

    name: str
    lat: float | None
    amp: float | None
    dur: float | None
    area: float | None
    dist: int
    vel: float | None  # None at the most distal site

    @property
    def absent(self) -> bool:
        return self.amp is None


@dataclass
class Motor:
    nerve: str
    side: str
    recording: str
    sites: list[Site]

    def chain(self, *names: str) -> list[Site]:
        """The chosen sites, distal first, with distances and velocities joined up."""
        out: list[Site] = []
        last: Site | None = None
        gone = 0
        for site in self.sites:
            gone += site.dist
            if names and site.name not in names:
                if last is None:
                    gone = 0
                continue
            vel = None
            if last is not None and site.lat is not None and last.lat is not None:
                vel = gone / (site.lat - last.lat)
            dist = gone if last is not None else site.dist
            out.append(Site(site.name, site.lat, site.amp, site.dur, site.area, dist, vel))
            last, gone = site, 0
        return out


@dataclass
class Sensory:
    nerve: str
    side: str
    recording: str
    stimulation: str
    onset: float | None
    peak: float | None
    amp: float | None  # baseline to peak
    amp_pp: float | None
    dist: int

    @property
    def absent(self) -> bool:
        return self.amp is None

    @property
    def vel(self) -> float | None:
        return None if self.onset is None else self.dist / self.onset

    @property
    def vel_peak(self) -> float | None:
        return None if self.peak is None else self.dist / self.peak


@dataclass
class Late:
    nerve: str
    side: str
    recording: str
    stimulation: str
    minimum: float | None
    mean: float | None
    maximum: float | None
    persistence: int
    m_lat: float | None


@dataclass
class Person:
    pid: str
    sex: str
    age: int
    height: int
    motor: dict[tuple[str, str], Motor] = field(default_factory=dict)
    sensory: dict[tuple[str, str], Sensory] = field(default_factory=dict)
    f: dict[tuple[str, str], Late] = field(default_factory=dict)
    h: dict[str, Late] = field(default_factory=dict)


# nerve: (recording, [(site, distance mm, velocity m/s)], distal latency, amplitude, duration)
MOTOR = {
    "median": (
        "APB",
        [("wrist", 70, 0.0), ("elbow", 225, 56.0), ("axilla", 140, 62.0), ("erb", 200, 64.0)],
        3.5,
        9.0,
        5.6,
    ),
    "ulnar": (
        "ADM",
        [
            ("wrist", 70, 0.0),
            ("below_elbow", 220, 58.0),
            ("above_elbow", 100, 55.0),
            ("axilla", 110, 61.0),
            ("erb", 200, 63.0),
        ],
        2.8,
        9.8,
        5.9,
    ),
    "radial": (
        "EIP",
        [("forearm", 60, 0.0), ("elbow", 150, 60.0), ("arm", 120, 63.0)],
        2.2,
        4.6,
        6.2,
    ),
    "fibular": (
        "EDB",
        [
            ("ankle", 80, 0.0),
            ("below_fibular_head", 310, 46.0),
            ("above_fibular_head", 95, 47.0),
        ],
        4.6,
        5.2,
        5.7,
    ),
    "tibial": ("AH", [("ankle", 80, 0.0), ("popliteal_fossa", 400, 46.0)], 4.4, 10.5, 5.6),
    "fibular_ta": (
        "TA",
        [("below_fibular_head", 80, 0.0), ("above_fibular_head", 90, 50.0)],
        3.1,
        5.4,
        9.1,
    ),
    "ulnar_fdi": (
        "FDI",
        [("wrist", 95, 0.0), ("below_elbow", 220, 58.0), ("above_elbow", 100, 55.0)],
        3.6,
        12.1,
        5.7,
    ),
}

# key: (nerve, recording, stimulation, distance mm, onset velocity, amplitude uV)
SENSORY = {
    "median_d2": ("median", "digit_2", "wrist", 140, 54.0, 34.0),
    "median_d3": ("median", "digit_3", "wrist", 140, 54.5, 32.0),
    "ulnar_d5": ("ulnar", "digit_5", "wrist", 140, 53.0, 29.0),
    "sradial": ("superficial_radial", "snuffbox", "forearm", 100, 57.0, 27.0),
    "sural": ("sural", "ankle", "calf", 140, 47.0, 15.0),
    "sfibular": ("superficial_fibular", "ankle", "leg", 120, 46.5, 11.0),
    "duc": ("dorsal_ulnar_cutaneous", "hand_dorsum", "forearm", 80, 52.0, 18.0),
}

FACTS = {  # F latency = a * height; H likewise
    "median": 0.155,
    "ulnar": 0.16,
    "fibular": 0.292,
    "tibial": 0.298,
}
LEG = {"fibular", "tibial", "fibular_ta"}
DISTAL_SENSORY = {"sural", "sfibular"}


def person(pid: str, kind: str, sex: str, age: int, height: int, seed: int) -> Person:
    """An invented patient; `kind` is one of the patterns below."""
    rng = random.Random(f"{seed}/{pid}/{kind}")

    def about(value: float, spread: float) -> float:
        return value * (1 + spread * (2 * rng.random() - 1))

    who = Person(pid, sex, age, height)
    old = max(0.0, (age - 40) / 40)  # amplitudes fall, velocities a little
    for side in ("right", "left"):
        for key, (recording, sites, dml, amp, dur) in MOTOR.items():
            nerve = key.split("_")[0]
            m = _motor_change(kind, nerve, key, side)
            lat: float | None = None
            out = []
            base = about(amp, 0.15) * (1 - 0.15 * old) * m["amp"]
            width = about(dur, 0.05) * m["dur"]
            for i, (site, dist, vel) in enumerate(sites):
                dist = 5 * round(about(dist, 0.05) / 5)
                if i == 0:
                    lat = about(dml, 0.06) * m["dml"]
                else:
                    assert lat is not None
                    v = about(vel, 0.04) * (1 - 0.04 * old) * m["vel"]
                    v *= m["at"].get(site, 1.0)
                    lat += dist / v
                    base *= about(0.96, 0.02) * m["drop"].get(site, 1.0)
                    width *= about(1.04, 0.02) * m["spread"].get(site, 1.0)
                lat = round(lat, 2)
                if m["absent"] or site in m["gone"]:
                    out.append(Site(site, None, None, None, None, dist, None))
                else:
                    a, d = round(base, 2), round(width, 2)
                    out.append(Site(site, lat, a, d, round(a * d * 0.55, 1), dist, None))
            who.motor[side, key] = Motor(nerve, side, recording, out)
        for key, (nerve, recording, stim, dist, vel, amp) in SENSORY.items():
            s = _sensory_change(kind, key, side)
            v = about(vel, 0.05) * (1 - 0.05 * old) * s["vel"]
            a = about(amp, 0.2) * (1 - 0.3 * old) * s["amp"]
            onset = round(dist / v, 2)
            peak = round(onset + about(0.7, 0.1), 2)
            if s["absent"]:
                item = Sensory(nerve, side, recording, stim, None, None, None, None, dist)
            else:
                pp = round(a * about(1.5, 0.1), 1)
                item = Sensory(nerve, side, recording, stim, onset, peak, round(a, 1), pp, dist)
            who.sensory[side, key] = item
        for nerve, slope in FACTS.items():
            f = _late_change(kind, nerve, side)
            motor = who.motor[side, nerve]
            first = motor.sites[0]
            stim = first.name
            if f is None or first.absent:
                late = Late(nerve, side, motor.recording, stim, None, None, None, 0, first.lat)
            else:
                low = round(about(slope * height, 0.03) * f, 1)
                late = Late(
                    nerve,
                    side,
                    motor.recording,
                    stim,
                    low,
                    round(low + 1.3, 1),
                    round(low + 3.2, 1),
                    5 * round(about(85, 0.15) / 5),
                    first.lat,
                )
            who.f[side, nerve] = late
        h = _late_change(kind, "h", side)
        low = None if h is None else round(about(0.172 * height, 0.03) * h, 1)
        who.h[side] = Late("tibial", side, "soleus", "popliteal_fossa", low, None, None, 100, None)
    return who


def _motor_change(kind: str, nerve: str, key: str, side: str) -> dict:
    m: dict = {
        "amp": 1.0,
        "dml": 1.0,
        "vel": 1.0,
        "dur": 1.0,
        "absent": False,
        "gone": set(),
        "at": {},
        "drop": {},
        "spread": {},
    }
    leg = nerve in LEG
    if kind == "cts" and nerve == "median":
        m |= {"dml": 1.75 if side == "right" else 1.3, "amp": 0.6 if side == "right" else 0.9}
        m |= {"vel": 0.94}
    elif kind == "axonal":
        m |= {"amp": 0.3 if leg else 0.8, "vel": 0.9 if leg else 0.97, "dml": 1.08}
    elif kind == "axonal_severe":
        m |= {"amp": 0.1 if leg else 0.5, "vel": 0.86 if leg else 0.93, "dml": 1.12}
        m["absent"] = key == "fibular"
    elif kind == "cidp":
        m |= {"amp": 0.5, "vel": 0.55, "dml": 1.7, "dur": 1.5}
        m["drop"] = {"elbow": 0.6, "below_elbow": 0.45, "below_fibular_head": 0.6}
        m["spread"] = {"elbow": 1.35, "below_elbow": 1.3, "below_fibular_head": 1.4}
    elif kind == "cmt1":
        m |= {"amp": 0.15 if leg else 0.45, "vel": 0.4, "dml": 2.1, "dur": 1.3}
        m["absent"] = key == "fibular" and side == "left"
    elif kind == "une" and nerve == "ulnar" and side == "left":
        m |= {"amp": 0.75, "at": {"above_elbow": 0.58}, "drop": {"above_elbow": 0.7}}
    elif kind == "gbs":
        m |= {"amp": 0.4, "vel": 0.75, "dml": 1.8, "dur": 1.4}
        m["drop"] = {"elbow": 0.75, "below_elbow": 0.8, "popliteal_fossa": 0.6}
        m["gone"] = {"above_fibular_head"} if side == "left" else set()
    elif kind == "mmn" and nerve == "ulnar" and side == "right":
        m |= {"drop": {"below_elbow": 0.35}, "spread": {"below_elbow": 1.1}, "at": {}}
    elif kind == "foot_drop" and nerve == "fibular" and side == "left":
        m |= {"amp": 0.6, "at": {"above_fibular_head": 0.5}, "drop": {"above_fibular_head": 0.4}}
    return m


def _sensory_change(kind: str, key: str, side: str) -> dict:
    s: dict = {"amp": 1.0, "vel": 1.0, "absent": False}
    far = key in DISTAL_SENSORY
    median = key.startswith("median")
    if kind == "cts" and median:
        s |= {"amp": 0.3 if side == "right" else 0.7, "vel": 0.6 if side == "right" else 0.82}
    elif kind == "axonal":
        s |= {"amp": 0.25 if far else 0.6, "vel": 0.92}
    elif kind == "axonal_severe":
        s |= {"amp": 0.3, "vel": 0.88, "absent": far}
    elif kind == "cidp":
        s |= {"amp": 0.3 if not far else 0.7, "vel": 0.75, "absent": median and side == "right"}
    elif kind == "cmt1":
        s |= {"amp": 0.2, "vel": 0.5, "absent": far}
    elif kind == "une" and side == "left" and key in ("ulnar_d5", "duc"):
        s |= {"amp": 0.4, "vel": 0.9}
    elif kind == "gbs":
        s |= {"amp": 1.0 if far else 0.35, "vel": 0.97 if far else 0.85}
    elif kind == "foot_drop" and side == "left" and key == "sfibular":
        s |= {"amp": 0.3}
    return s


def _late_change(kind: str, nerve: str, side: str) -> float | None:
    """Factor on the F or H latency; None for an absent response."""
    if kind in ("axonal", "axonal_severe"):
        return None if nerve == "h" and kind == "axonal_severe" else 1.08
    if kind == "cidp":
        return None if (nerve == "fibular" or nerve == "h") else 1.6
    if kind == "cmt1":
        return None if nerve in ("fibular", "h") else 2.1
    if kind == "gbs":
        return None if nerve in ("tibial", "fibular", "h") else 1.25
    return 1.0
