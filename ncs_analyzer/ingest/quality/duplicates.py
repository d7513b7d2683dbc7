"""Rows that describe the same response: merged where they agree, refused where they conflict."""

import numpy as np

from ncs_analyzer.arrays import Keys, Mask, Rows
from ncs_analyzer.grouping import combine
from ncs_analyzer.ingest.quality.checks import Checks
from ncs_analyzer.ingest.quality.possible import RESPONSE_VALUES
from ncs_analyzer.readings import BIT, VALUES
from ncs_analyzer.vocabulary.anatomy import SITE_ORDER


def sort_and_merge(checks: Checks) -> None:
    """Sort; merge rows of the same response; values that differ are refused, with an error each."""
    pool = checks.pool
    _share_convention(checks)
    key = _key(checks)
    order = np.argsort(key, kind="stable")
    if not (np.diff(order) == 1).all():
        pool = checks.pool = pool.take(order)
        key = key[order]
    same = np.flatnonzero(key[1:] == key[:-1]) + 1
    drop = np.zeros(len(key), bool)
    first = np.concatenate(([True], np.diff(same) > 1)) if len(same) else same
    for rows in np.split(same, np.flatnonzero(first)[1:]) if len(same) else ():
        _merge(checks, np.concatenate(([rows[0] - 1], rows)), drop)
    drop |= pool.text["response"] < 0
    if drop.any():
        checks.pool = pool.take(np.flatnonzero(~drop))


def _share_convention(checks: Checks) -> None:
    """Rows without an amplitude (the velocity of a table of segments) are of the response with one that has their place, if
    there is but one."""
    pool = checks.pool
    codes = pool.text["amplitude_convention"]
    bare = (codes < 0) & np.isnan(pool.values["amplitude_mv"]) & np.isnan(pool.values["amplitude_uv"])
    if not bare.any() or not (codes >= 0).any():
        return
    text = pool.text
    place = combine(pool.study, text["study"], text["nerve"], text["side"], checks.recording(), text["stimulation"])
    of: dict[int, set[int]] = {}
    for at, code in zip(place[codes >= 0].tolist(), codes[codes >= 0].tolist(), strict=True):
        of.setdefault(at, set()).add(code)
    alone = np.flatnonzero(bare & np.isin(place, [at for at, found in of.items() if len(found) == 1]))
    shared = codes.copy()
    shared[alone] = [next(iter(of[at])) for at in place[alone].tolist()]
    pool.text["amplitude_convention"] = shared


def _merge(checks: Checks, rows: Rows, drop: Mask) -> None:
    pool = checks.pool
    untested = (-1, pool.code("response", "not_tested"))
    tested = rows[~np.isin(pool.text["response"][rows], untested)]
    if not len(tested):
        tested = rows[:1]
    others = rows[~np.isin(rows, tested)]
    drop[others] = True
    compared = np.concatenate((tested, others)) if len(others) else tested
    numbers = np.array([pool.values[name][compared] for name in VALUES])
    clash = [n for n, line in zip(VALUES, numbers, strict=True) if len(np.unique(line[np.isfinite(line)])) > 1]
    differ = bool(clash) or len(np.unique(pool.text["response"][tested])) > 1
    if differ:
        _refuse(checks, compared, clash)
    for row in others:
        _complete(checks, tested[0], row)  # a distance may stand in a row of its own
    for row in tested[1:]:
        if not differ:
            checks.report("duplicate-row", " stands more than once; the values agree.", row)
        _complete(checks, tested[0], row)
    drop[tested[1:]] = True


def _refuse(checks: Checks, rows: Rows, clash: list[str]) -> None:
    """Say at every cell what differs, and leave the response without these values: it was recorded, and the next site is
    not the most distal one."""
    pool = checks.pool
    for name in clash or (None,):
        own = [r for r in rows if name is None or np.isfinite(pool.values[name][r])]
        for row in own:
            others = ", ".join(str(pool.line[r]) for r in own if r != row)
            message = f" stands more than once with different {name or 'response'} (also row {others})."
            checks.report("duplicate-conflict", message, row, name)
    pool.text["response"][rows] = pool.code("response", "present")
    for name in clash or RESPONSE_VALUES:
        pool.values[name][rows] = np.nan
        pool.unreadable[rows] |= BIT[name]


def _complete(checks: Checks, first: np.intp, row: np.intp) -> None:
    """Put what a later row adds into the first one."""
    pool = checks.pool
    for k, name in enumerate(VALUES):
        column = pool.values[name]
        if np.isnan(column[first]) and np.isfinite(column[row]):
            column[first] = column[row]
            pool.rows[first, k], pool.columns[first, k] = pool.rows[row, k], pool.columns[row, k]
    for limit in pool.limits.values():
        limit[first] = limit[row] if np.isnan(limit[first]) else limit[first]


def _key(checks: Checks) -> Keys:
    """Study, kind, nerve, side, recording, site (distal first), convention: the identity of a response, in order."""
    pool = checks.pool
    ranked = sorted((SITE_ORDER.get(name, 999), name, i) for i, name in enumerate(pool.names["stimulation"]))
    rank = np.full(len(ranked) + 1, -1, np.int32)
    rank[[i for _, _, i in ranked]] = np.arange(len(ranked))
    text = pool.text
    nerve = (text["study"], text["nerve"], text["side"], checks.recording())
    return combine(pool.study, *nerve, rank[text["stimulation"]], text["amplitude_convention"])
