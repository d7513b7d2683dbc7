"""What a row leaves unsaid: its muscle, its site. Assumed where there is one usual answer, and said."""

import numpy as np

from ncs_analyzer.grouping import combine
from ncs_analyzer.ingest.quality.checks import Checks
from ncs_analyzer.issues import CODES, Issue
from ncs_analyzer.readings import USUAL_RECORDING
from ncs_analyzer.vocabulary.anatomy import USUAL_MOTOR_SITE


def say_usual_recordings(checks: Checks) -> None:
    """A row that names no muscle or recording site is taken as recorded from the usual one; said once per sheet."""
    pool = checks.pool
    blank = pool.text["recording"] < 0
    for kinds, usual in USUAL_RECORDING:
        of_kind = blank & np.logical_or.reduce([checks.is_("study", kind) for kind in kinds])
        if not of_kind.any():
            continue
        for nerve, place in usual.items():
            rows = np.flatnonzero(of_kind & checks.is_("nerve", nerve))
            for i in np.unique(pool.sheet[rows]):
                grid = checks.sheets[i].grid
                count = int((pool.sheet[rows] == i).sum())
                message = f"{count} {nerve} rows name no recording site; {place} is assumed for them."
                checks.log.append(Issue(CODES["muscle-assumed"], message, grid.file, grid.sheet))


def settle_knee(checks: Checks) -> None:
    """The knee is the popliteal fossa for the tibial nerve and, said with a warning, above the fibular head for the
    fibular nerve."""
    pool, knee = checks.pool, checks.is_("stimulation", "knee")
    if not knee.any():
        return
    fibular = knee & checks.is_("nerve", "fibular")
    for row in np.flatnonzero(fibular):
        checks.report("site-assumed", ": the knee was taken as above the fibular head.", row)
    pool.text["stimulation"][fibular] = pool.code("stimulation", "above_fibular_head")
    pool.text["stimulation"][knee & ~fibular] = pool.code("stimulation", "popliteal_fossa")


def settle_leg(checks: Checks) -> None:
    """The sural nerve runs down the calf: "leg", "Unterschenkel" mean that."""
    pool = checks.pool
    leg = checks.is_("stimulation", "leg") & checks.is_("nerve", "sural")
    pool.text["stimulation"][leg] = pool.code("stimulation", "calf")


def settle_blank_sites(checks: Checks) -> None:
    """A motor row that names no stimulation site: the usual distal site, said, where it is the only row of its
    recording; otherwise it cannot be placed."""
    pool = checks.pool
    motor = checks.is_("study", "motor")
    blank = np.flatnonzero(motor & (pool.text["stimulation"] < 0))
    if not len(blank):
        return
    key = combine(pool.study, pool.text["nerve"], pool.text["side"], checks.recording())
    keys, counts = np.unique(key[motor], return_counts=True)
    drop = np.zeros(len(key), bool)
    for row, alone in zip(blank, counts[np.searchsorted(keys, key[blank])] == 1, strict=True):
        usual = USUAL_MOTOR_SITE.get(pool.names["nerve"][pool.text["nerve"][row]])
        if usual and alone:
            pool.text["stimulation"][row] = pool.code("stimulation", usual)
            checks.report("site-assumed", ": no stimulation site is named; the usual distal one is assumed.", row)
        else:
            checks.report("unknown-site", ": no stimulation site is named.", row)
            drop[row] = True
    checks.pool = pool.take(np.flatnonzero(~drop))
