"""Entrapment, signs, indices, course and protocol of one study in lines of text, made from its record."""

from collections.abc import Iterator
from typing import Any

from ncs_analyzer.wording import number, percent, plain, unit

Record = dict[str, Any]


def focal(record: Record) -> str:
    """Where a focal study is abnormal: the entrapped nerves, else the abnormal ones; empty if neither."""
    sites = [f"{e['side']} {e['nerve']} nerve at the {e['site']}" for e in record["entrapment"] if e["present"]]
    if sites:
        return ", ".join(sites)
    return ", ".join(dict.fromkeys(f"{n['side']} {plain(n['nerve'])} nerve" for n in record["nerves"] if n["findings"]))


def entrapment(record: Record) -> Iterator[str]:
    """Every site looked at that shows entrapment or needs a word."""
    for e in record["entrapment"]:
        if not (e["present"] or e["notes"]):
            continue
        values = ", ".join(
            f"{_VALUES[name][0]} {number(value, 3)} {_VALUES[name][1]}" for name, value in e["values"].items()
        )
        grade = f"Bland grade {e['grade']} ({e['grade_name']})" if e["grade"] is not None and e["present"] else ""
        said = "entrapment" if e["present"] else "no entrapment"
        details = "; ".join(filter(None, (e["by"], grade, values, *e["notes"])))
        yield f"{e['side']} {e['nerve']} at the {e['site']}: {said} ({details})"


_VALUES = {
    "ring_difference_ms": ("ring finger median less ulnar", "ms"),
    "palm_difference_ms": ("palm median less ulnar", "ms"),
    "thumb_difference_ms": ("thumb median less radial", "ms"),
    "combined_sensory_index_ms": ("combined sensory index", "ms"),
    "velocity_m_per_s": ("across", "m/s"),
    "slower_than_below_m_per_s": ("slower than below by", "m/s"),
    "amplitude_reduction_pct": ("amplitude drop", "%"),
}


def signs(record: Record) -> Iterator[str]:
    """Sural sparing, long distal durations, indices with their published limits."""
    spared = [v["title"] for v in record["sural_sparing"] if v["state"] == "present"]
    unknown = all(v["state"] == "not_evaluable" for v in record["sural_sparing"])
    if spared:
        of = len(record["sural_sparing"])
        yield f"Sural sparing in {len(spared)} of {of} published variants: {'; '.join(spared)}"
    elif unknown:
        yield "Sural sparing: not evaluable"
    if record["gbs_signs"]["nerves"]:
        yield (
            "Distal CMAP duration above 8.5 ms (a sign of high specificity for GBS in early disease): "
            + ", ".join(record["gbs_signs"]["nerves"])
        )
    for index in record["indices"]:
        yield f"{index['side']} {_INDICES[index['index']]} {number(index['value'], 3)}{_index_limits(index)}"
    if record["severity"]["grade"] not in ("none", "not_known"):
        yield f"{record['severity']['grade'].capitalize()} by sural, tibial and fibular amplitudes ({record['severity']['name']})"


_INDICES = {
    "sural_radial_ratio": "sural/radial amplitude ratio",
    "split_hand_index": "split-hand index",
    "sensory_ratio": "sensory ratio (sural + radial) / (median + ulnar)",
}
_SOURCES = {
    "rutkove_1997": "Rutkove 1997",
    "mansukhani_2020": "Mansukhani 2020 for the age",
    "menon_2013": "Menon 2013",
    "neurol_int_2022": "Neurol Int 2022",
}


def _index_limits(index: Record) -> str:
    said = [
        f"{'below' if index['value'] < limit else 'not below'} {number(limit, 2)} ({_SOURCES[name]})"
        for name, limit in index["limits"].items()
        if limit is not None
    ]
    return f": {', '.join(said)}; information only" if said else "; information only"


def course(record: Record) -> Iterator[str]:
    """Change since the patient's study before."""
    change = record["change"]
    if not change:
        return
    since = change["since_date"] or change["since"]
    by: dict[str, list[str]] = {}
    for n in change["nerves"]:
        by.setdefault(_RECOVERY[n["by"]], []).append(f"{n['side']} {plain(n['nerve'])}")
    for how, nerves in by.items():
        yield f"Reversible conduction failure since {since}, {how}: {', '.join(nerves)}"
    for m in change["measures"]:
        if m["change"] != "unchanged":
            step = f"{number(m['earlier'])} to {number(m['later'])} {unit(m['unit'])}"
            rise = f" ({percent(100 * (m['later'] / m['earlier'] - 1))} %)" if m["earlier"] else ""
            what = _MEASURES.get(m["measure"], plain(m["measure"]))
            yield f"{m['side']} {plain(m['nerve'])} {what} {m['change']}: {step}{rise}"
    same = sum(m["change"] == "unchanged" for m in change["measures"])
    of = len(change["measures"])
    yield f"{same} of {of} measures unchanged since {since} (within 20 % for amplitudes, 10 % for the rest)"


_RECOVERY = {
    "cmap": "CMAP risen by half or more",
    "snap": "SNAP risen by half or more",
    "block": "block gone with faster conduction",
}
_MEASURES = {"snap": "SNAP", "distal_amplitude": "CMAP", "minimal_f_latency": "F latency"}


def protocol(record: Record) -> Iterator[str]:
    """What EAN/PNS 2021 asks to be tested, and the next test that would help most."""
    for step in record["protocol"]:
        missing = f" (not: {', '.join(step['missing'])})" if step["state"] == "partly" else ""
        yield f"{step['title']}: {plain(step['state'])}{missing}"
    best = record["next_test"]
    if best:
        kind = " (sensory)" if best["study"] == "sensory" else ""
        yield (
            f"next test: {plain(best['measure'])} of the {best['side']} {plain(best['nerve'])}{kind}; it alone could "
            f"change {len(best['sets'])} verdict{'s' if len(best['sets']) > 1 else ''}"
        )
