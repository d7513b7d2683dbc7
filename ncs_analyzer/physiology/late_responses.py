"""F waves: the minimal latency of each nerve and muscle, and whether they were absent."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncs_analyzer.arrays import Floats, Keys, Mask, Rows
from ncs_analyzer.grouping import starts
from ncs_analyzer.reference.lookup import Limits
from ncs_analyzer.responses import ABSENT, NERVE, Responses
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES


@dataclass(frozen=True)
class FWaves:
    """F waves that were looked for, one line per study, nerve, side and muscle, sorted by `key`.

    `absent`: recorded and reported absent, or persistence 0 % without a latency; never inferred from a blank.
    """

    key: Keys
    row: Rows
    absent: Mask
    latency: Floats
    percent: Floats
    persistence: Floats

    def pick(self, column: NDArray[Any], at: Rows, missing: Any) -> NDArray[Any]:
        """The entries of a column at the lines `at`; `missing` where `at` is -1."""
        if not len(column):
            return np.full(len(at), missing)
        return np.where(at >= 0, column[np.maximum(at, 0)], missing)


def f_waves(responses: Responses, limits: Limits) -> FWaves:
    """The F waves of all studies; of several stimulation sites the most distal one."""
    rows = np.flatnonzero(responses.is_kind("f_wave") & responses.tested & (responses.side >= 0))
    code = np.full(max(NERVE.values()) + 1, -1, np.int64)
    for i, name in enumerate(MOTOR_NERVES):
        code[NERVE[name]] = i
    nerve = code[responses.nerve[rows]]
    rows, nerve = rows[nerve >= 0], nerve[nerve >= 0]
    key = ((responses.study[rows].astype(np.int64) * len(MOTOR_NERVES) + nerve) * 2 + responses.side[rows]) * 512
    key = key + responses.recording[rows]
    order = np.lexsort((responses.site_order[rows], key))
    rows, key = rows[order], key[order]
    first = starts(key)
    rows, key = rows[first], key[first]
    latency = responses.values["latency_ms"][rows]
    return FWaves(
        key,
        rows,
        responses.response[rows] == ABSENT,
        latency,
        100.0 * latency / limits.value["latency_ms"][rows],
        responses.values["persistence_pct"][rows],
    )
