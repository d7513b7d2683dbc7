"""Which patients are analysed together: partitions of whole patients, in the order of their ids.

The cut depends on the input alone, never on how many workers there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ncs_analyzer.arrays import Codes
from ncs_analyzer.ingest.split import Draft, LargeTable, Part

ROWS_AT_ONCE: Final = 40_000
"""Rows of one partition, more or less: a patient is never cut."""


@dataclass(frozen=True)
class Plan:
    """The partitions. `tables`: of all files, in order; `partition`: for each table, the partition of its patients."""

    tables: tuple[Draft | LargeTable, ...]
    partition: tuple[Codes, ...]

    def __len__(self) -> int:
        return 1 + max((int(p.max(initial=0)) for p in self.partition), default=0)

    def parts(self, number: int) -> tuple[Part, ...]:
        """What one partition gets of each table. Lines of no patient go with the first patient of their table."""
        found = []
        for table, partition in zip(self.tables, self.partition, strict=True):
            first = number == partition.min(initial=len(self)) or (not len(partition) and number == 0)
            wanted = partition == number
            if wanted.any() or first:
                found.append(table.part(wanted, first))
        return tuple(found)


def plan(tables: Sequence[Draft | LargeTable], rows_at_once: int = ROWS_AT_ONCE) -> Plan:
    """Cut the patients of all tables, in the order of their ids, into partitions of about `rows_at_once` rows."""
    rows: dict[str, int] = {}
    for table in tables:
        for name, n in zip(table.names, table.rows().tolist(), strict=True):
            rows[name] = rows.get(name, 0) + n
    names = sorted(rows)
    before = np.concatenate(([0], np.cumsum([rows[name] for name in names])[:-1])) if names else np.zeros(0)
    _, number = np.unique(before // rows_at_once, return_inverse=True)
    of = dict(zip(names, number.tolist(), strict=True))
    return Plan(tuple(tables), tuple(np.array([of[name] for name in table.names], np.int64) for table in tables))
