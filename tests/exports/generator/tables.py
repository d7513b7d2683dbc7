"""Rows of machine-like tables: one dict of cells per stimulation site, picked by column keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .kit import Bad, Grid, Odd, Study, V, absent
from .people import Late, Motor, Sensory, Site

MUSCLES = {
    "APB": "Abd Poll Brev",
    "ADM": "Abd Dig Minimi",
    "FDI": "FDI",
    "EDB": "Ext Dig Brev",
    "AH": "Abd Hall",
    "TA": "Tib Anterior",
    "EIP": "Ext Indicis",
}
NERVES = {
    "median": "Median",
    "ulnar": "Ulnar",
    "radial": "Radial",
    "fibular": "Peroneal",
    "tibial": "Tibial",
    "sural": "Sural",
    "superficial_fibular": "Superficial Peroneal",
    "superficial_radial": "Superficial Radial",
    "dorsal_ulnar_cutaneous": "Dorsal Ulnar Cutaneous",
}
# canonical site: printed word, or (printed word, canonical site it then means)
SITES: dict[str, Any] = {
    "palm": "Palm",
    "wrist": "Wrist",
    "elbow": "Elbow",
    "below_elbow": "B Elbow",
    "above_elbow": "A Elbow",
    "axilla": "Axilla",
    "erb": "Erb's Point",
    "ankle": "Ankle",
    "below_fibular_head": "B Fib Head",
    "above_fibular_head": ("Pop Fossa", "popliteal_fossa"),
    "popliteal_fossa": "Pop Fossa",
    "forearm": "Forearm",
    "arm": "Arm",
    "calf": "Calf",
    "leg": "Lower leg",
    "digit_2": "2nd Digit",
    "digit_3": "3rd Digit",
    "digit_5": "5th Digit",
    "snuffbox": "Snuffbox",
    "hand_dorsum": "Dorsum Hand",
}
RECORDING_WORD = {
    "ankle": "Lat Malleolus",
    "digit_2": "2nd Digit",
    "digit_3": "3rd Digit",
    "digit_5": "5th Digit",
    "snuffbox": "Snuffbox",
    "hand_dorsum": "Dorsum Hand",
}


def rec_word(s: Sensory) -> str:
    return "Dorsum Foot" if s.nerve == "superficial_fibular" else RECORDING_WORD[s.recording]


LOOSE = {  # recordings that several sound names fit
    "ankle": [None, "ankle", "lateral_malleolus", "foot_dorsum", "dorsum_foot", "foot"],
}

# nerve: latency upper, amplitude lower, velocity lower
MOTOR_LIMITS: dict[str, tuple[float, float, float]] = {
    "median": (4.4, 4.0, 49),
    "ulnar": (3.3, 6.0, 49),
    "radial": (2.9, 2.0, 49),
    "fibular": (6.5, 2.0, 44),
    "tibial": (5.8, 4.0, 41),
}
# nerve: onset upper, peak upper, amplitude lower, velocity lower
SENSORY_LIMITS: dict[str, tuple[float, float, float, float]] = {
    "median": (3.0, 3.7, 20, 50),
    "ulnar": (3.0, 3.7, 15, 50),
    "superficial_radial": (2.2, 2.9, 15, 50),
    "sural": (3.6, 4.4, 6, 40),
    "superficial_fibular": (3.4, 4.4, 6, 40),
    "dorsal_ulnar_cutaneous": (2.0, 2.6, 8, 50),
}
F_LIMITS = {"median": 31.0, "ulnar": 32.0, "fibular": 56.0, "tibial": 56.0}


@dataclass
class Style:
    """How one laboratory prints."""

    words: dict[str, Any] = field(default_factory=lambda: dict(SITES))
    muscles: dict[str, str] = field(default_factory=lambda: dict(MUSCLES))
    nerves: dict[str, str] = field(default_factory=lambda: dict(NERVES))
    lat_dec: int = 1
    amp_dec: int = 1
    dur_dec: int = 2
    dist_cm: bool = True
    vel_dec: int = 0
    vel_row: str = "proximal"  # or "distal": the row of Site2, as Cadwell prints
    distal_distance: bool = False
    signs: tuple[str, str] = ("<", ">")  # upper, lower
    limits: bool = True
    nr: str = "NR"
    nr_in: str = "column"  # "column", "amp", "cells" (latency and amplitude), "lat"
    sensory_amp: str = "pp"
    sensory_vel: str = "peak"  # "peak": distance / peak, as Cadwell's Delta-P prints

    def word(self, site: str) -> str:
        entry = self.words[site]
        return entry[0] if isinstance(entry, tuple) else entry

    def site(self, site: str) -> str:
        entry = self.words[site]
        return entry[1] if isinstance(entry, tuple) else site

    def distance(self, mm: float, **kw: Any) -> V:
        if self.dist_cm:
            return V(float(mm), "distance", 1, scale=0.1, **kw)
        return V(float(mm), "distance", 0, **kw)

    def distance_text(self, mm: float) -> float | int:
        return mm / 10 if self.dist_cm else int(mm)


def motor_cells(
    g: Grid, motor: Motor, sites: Iterable[str], style: Style
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """For each site, distal first: (context of the row, cells by column key)."""
    chain = motor.chain(*sites)
    lat_lim, amp_lim, vel_lim = MOTOR_LIMITS[motor.nerve]
    up, low = style.signs
    out = []
    for i, site in enumerate(chain):
        ctx = {
            "study": "motor",
            "nerve": motor.nerve,
            "side": motor.side,
            "recording": motor.recording,
            "stimulation": style.site(site.name),
        }
        c: dict[str, Any] = {"site": style.word(site.name), "nr": ""}
        first = i == 0 and style.limits
        c["lat_lim"] = g.limit(up, lat_lim) if first else ""
        c["amp_lim"] = g.limit(low, amp_lim) if first else ""
        lower = amp_lim if first else None
        if site.absent:
            mark = absent(style.nr, lower=lower)
            if style.nr_in == "column":
                c["nr"] = mark
            elif style.nr_in == "amp":
                c["amp"] = mark
            elif style.nr_in == "lat":
                c["lat"] = mark
            else:
                c["lat"], c["amp"] = style.nr, mark
        else:
            measure = "distal_latency" if i == 0 else "proximal_latency"
            upper = lat_lim if first else None
            c["lat"] = V(site.lat, measure, style.lat_dec, upper=upper)
            c["amp"] = V(site.amp, "amplitude", style.amp_dec, lower=lower)
            c["dur"] = V(site.dur, "duration", style.dur_dec)
            c["area"] = V(site.area, "area", 1)
            if i > 0 and not chain[0].absent and chain[0].amp:
                assert site.amp is not None
                rel = 100 * site.amp / chain[0].amp
                c["rel"] = Bad(float(rel), "percent of the distal amplitude")
            else:
                c["rel"] = Bad(100.0, "percent of the distal amplitude")
        if style.vel_row == "proximal":
            if i > 0:
                _segment(g, c, site, chain[i - 1], style, vel_lim, {})
            elif style.distal_distance:
                c["dist"] = (
                    style.distance(site.dist)
                    if not site.absent
                    else Odd(style.distance_text(site.dist), "distance beside no response")
                )
        elif i + 1 < len(chain):
            above = chain[i + 1]
            over = {"stimulation": style.site(above.name)}
            _segment(g, c, above, site, style, vel_lim, over)
        out.append((ctx, c))
    return out


def _segment(
    g: Grid,
    c: dict[str, Any],
    upper_site: Site,
    lower_site: Site,
    style: Style,
    vel_lim: float,
    over: dict[str, Any],
) -> None:
    c["site1"] = style.word(upper_site.name)
    c["site2"] = style.word(lower_site.name)
    c["segment"] = f"{c['site1']}-{c['site2']}"
    limit = vel_lim if style.limits else None
    if limit is not None:
        c["vel_lim"] = g.limit(style.signs[1], limit, 0)
    if upper_site.vel is None:
        c["dist"] = Odd(style.distance_text(upper_site.dist), "distance beside no response")
        return
    assert upper_site.lat is not None and lower_site.lat is not None
    c["delta"] = Bad(upper_site.lat - lower_site.lat, "latency difference")
    c["dist"] = style.distance(upper_site.dist, over=over)
    c["vel"] = V(upper_site.vel, "velocity", style.vel_dec, lower=limit, over=over)


def sensory_cells(g: Grid, s: Sensory, style: Style) -> tuple[dict[str, Any], dict[str, Any]]:
    """(context of the row, cells by column key) of one sensory nerve."""
    onset_lim, peak_lim, amp_lim, vel_lim = SENSORY_LIMITS[s.nerve]
    up, low = style.signs
    ctx = {
        "study": "sensory",
        "nerve": s.nerve,
        "side": s.side,
        "recording": s.recording,
        "stimulation": style.site(s.stimulation),
    }
    if s.recording in LOOSE:
        ctx["accept"] = {"recording": LOOSE[s.recording]}
    if style.sensory_vel == "peak":  # a limit that fits a velocity to the peak
        vel_lim = 39.0 if s.nerve in ("median", "ulnar", "superficial_radial") else 32.0
    lim = style.limits
    c: dict[str, Any] = {
        "site": style.word(s.stimulation),
        "nr": "",
        "site1": style.word(s.stimulation),
        "site2": rec_word(s),
        "onset_lim": g.limit(up, onset_lim) if lim else "",
        "peak_lim": g.limit(up, peak_lim) if lim else "",
        "amp_lim": g.limit(low, amp_lim, 0) if lim else "",
        "vel_lim": g.limit(low, vel_lim, 0) if lim else "",
    }
    c["segment"] = f"{c['site1']}-{c['site2']}"
    lower = amp_lim if lim else None
    if s.absent:
        mark = absent(style.nr, lower=lower)
        if style.nr_in == "column":
            c["nr"] = mark
        elif style.nr_in == "lat":
            c["onset"] = c["peak"] = mark
        else:
            c["amp"] = mark
            if style.nr_in == "cells":
                c["onset"] = c["peak"] = style.nr
        c["dist"] = Odd(style.distance_text(s.dist), "distance beside no response")
        return ctx, c
    c["onset"] = V(s.onset, "onset_latency", style.lat_dec, upper=onset_lim if lim else None)
    c["peak"] = V(s.peak, "peak_latency", style.lat_dec, upper=peak_lim if lim else None)
    amp = s.amp_pp if style.sensory_amp == "pp" else s.amp
    c["amp"] = V(amp, "amplitude", style.amp_dec, lower=lower)
    vel = s.vel_peak if style.sensory_vel == "peak" else s.vel
    last = s.peak if style.sensory_vel == "peak" else s.onset
    assert last is not None
    c["delta"] = Bad(last, "latency difference")
    c["dist"] = style.distance(s.dist)
    c["vel"] = V(vel, "velocity", style.vel_dec, lower=vel_lim if lim else None)
    return ctx, c


def f_cells(
    g: Grid, f: Late, style: Style, *, zero_persistence: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(context, cells) of one F-wave row; the side-to-side difference is the caller's."""
    limit = F_LIMITS[f.nerve] if style.limits else None
    ctx = {
        "study": "f_wave",
        "nerve": f.nerve,
        "side": f.side,
        "recording": f.recording,
        "stimulation": f.stimulation,
    }
    c: dict[str, Any] = {"nr": "", "lat_lim": g.limit(style.signs[0], limit)}
    if f.minimum is None:
        mark = absent(style.nr, "f_wave", upper=limit)
        if style.nr_in == "column":
            c["nr"] = mark
        else:
            c["min"] = mark
        if zero_persistence:
            c["pers"] = Odd(0, "persistence 0 beside an absent F wave: one reading or two")
    else:
        c["min"] = V(f.minimum, "minimal_f_latency", style.lat_dec, upper=limit)
        assert f.mean is not None and f.maximum is not None
        c["mean"] = Bad(f.mean, "mean F latency")
        c["max"] = Bad(f.maximum, "maximal F latency")
        c["pers"] = V(float(f.persistence), "f_persistence", 0)
    if f.m_lat is not None:
        c["m"] = Odd(f.m_lat, "M latency in an F table: a distal latency or nothing")
    return ctx, c


def h_cells(g: Grid, h: Late, style: Style) -> tuple[dict[str, Any], dict[str, Any]]:
    ctx = {
        "study": "h_reflex",
        "nerve": h.nerve,
        "side": h.side,
        "recording": h.recording,
        "stimulation": h.stimulation,
    }
    limit = 35.0 if style.limits else None
    c: dict[str, Any] = {"nr": "", "lat_lim": g.limit(style.signs[0], limit)}
    if h.minimum is None:
        mark = absent(style.nr, "h_reflex", upper=limit)
        c["nr" if style.nr_in == "column" else "min"] = mark
    else:
        c["min"] = V(h.minimum, "h_latency", style.lat_dec, upper=limit)
    return ctx, c


def write(
    g: Grid, st: Study, ctx: dict[str, Any], cells: dict[str, Any], keys: Iterable[str], **more: Any
) -> int:
    """One row: the cells in the order of `keys`; `more` adds or replaces cells."""
    cells = {**cells, **more}
    return g.row(*(cells.get(key, "") for key in keys), st=st, **ctx)


def write_motor(
    g: Grid,
    st: Study,
    motor: Motor,
    sites: Iterable[str],
    style: Style,
    keys: Iterable[str],
    *,
    label: str | None = None,
    first: bool = False,
) -> list[int]:
    """A nerve: its own header row, or (`first`) its name in the site cell of the first row."""
    rows = []
    keys = list(keys)
    if label is None:
        side = motor.side.capitalize()
        label = f"{side} {style.nerves[motor.nerve]} Motor ({style.muscles[motor.recording]})"
    if not first and label:
        g.row(label)
    for i, (ctx, cells) in enumerate(motor_cells(g, motor, sites, style)):
        if first and i == 0:
            cells["site"] = label
        rows.append(write(g, st, ctx, cells, keys))
    return rows


def write_sensory(
    g: Grid,
    st: Study,
    s: Sensory,
    style: Style,
    keys: Iterable[str],
    *,
    label: str | None = None,
    first: bool = False,
) -> int:
    if label is None:
        where = rec_word(s)
        label = f"{s.side.capitalize()} {style.nerves[s.nerve]} Anti Sensory ({where})"
    if not first and label:
        g.row(label)
    ctx, cells = sensory_cells(g, s, style)
    if first:
        cells["site"] = label
    return write(g, st, ctx, cells, keys)
