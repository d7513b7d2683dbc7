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
    """The partitions. `tables`: of all files, in order; `partition`: for each table, the partition of its patients;
    `members`: for each partition, the tables it takes something of."""

    tables: tuple[Draft | LargeTable, ...]
    partition: tuple[Codes, ...]
    members: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.members)

    def parts(self, number: int) -> tuple[Part, ...]:
        """What one partition gets of each table. Lines of no patient go with the first patient of their table."""
        found = []
        for i in self.members[number]:
            partition = self.partition[i]
            first = number == int(partition.min(initial=number))
            found.append(self.tables[i].part(partition == number, first))
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
    partition = tuple(np.array([of[name] for name in table.names], np.int64) for table in tables)
    members: list[list[int]] = [[] for _ in range(max(of.values(), default=0) + 1)]
    for i, numbers in enumerate(partition):
        for member in sorted(set(numbers.tolist())) or [0]:  # a table without patients goes with the first partition
            members[member].append(i)
    return Plan(tuple(tables), partition, tuple(map(tuple, members)))
