"""Which counts must be hidden so that no small one can be worked out from the others.

Everything that is published about a cohort is a number of studies, nerves or readings, and sums tie these numbers
together: the verdicts of a set add up to the studies, the groups to all. `Sums` holds the numbers and these equations;
`hidden` chooses what to leave out until no small number follows from what is left.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping
from itertools import count
from typing import Final

_PATIENCE: Final = 4
"""Rounds with one more number for each that is given away; then two more, and so on."""
_MOST_TRIALS: Final = 60
"""How often it is looked whether something may be shown after all."""

_NEAR: Final = 30
"""Equations in which a number of the same table is looked for."""

Key = Hashable
Place = tuple[str, int, str]
"""Table, row and column."""
Equations = Mapping[Key, list[dict[Key, int]]]
"""By number, the equations it stands in."""

_PRIME: Final = (1 << 61) - 1
"""Equations are solved modulo a prime: exact, and no number grows."""


class Sums:
    """Numbers by key, where each is shown (nowhere: it is not published), and the equations between them."""

    def __init__(self) -> None:
        self.value: dict[Key, int] = {}
        self.places: dict[Key, list[Place]] = defaultdict(list)
        self.equations: list[dict[Key, int]] = []
        """Each: sum of factor times number is known to everybody."""

    def add(self, key: Key, value: int, place: Place | None = None) -> Key:
        """A number; the same key again is the same number at another place."""
        if self.value.setdefault(key, int(value)) != int(value):
            raise ValueError(f"{key} is {self.value[key]} and {value}")
        if place is not None:
            self.places[key].append(place)
        return key

    def known(self, key: Key, value: int) -> Key:
        """A number that stands in no table but is told by what does, unless it is small itself."""
        return self.add(key, value, ("", 0, ""))

    def equal(self, parts: Iterable[Key], whole: Key | int, known: int = 0) -> None:
        """The parts, and `known` that everybody knows, add up to another number, or to one that is known (an integer)."""
        row: dict[Key, int] = defaultdict(int)
        for key in parts:
            row[key] += 1
        total = known + sum(factor * self.value[key] for key, factor in row.items())
        if isinstance(whole, int):
            expected = whole
        else:
            expected = self.value[whole]
            row[whole] -= 1
        if total != expected:
            raise ValueError(f"The parts of {whole} sum to {total}, not to {expected}")
        self.equations.append({key: factor for key, factor in row.items() if factor})

    def hidden(self, least: int) -> set[Key]:
        """The published numbers to hide: those from 1 to `least` - 1, and as many others as protect them. A zero that is
        not published counts as known."""
        small = {key for key, value in self.value.items() if 0 < value < least}
        unknown = small | {key for key, value in self.value.items() if value and not self.places.get(key)}
        of = defaultdict(list)
        for row in self.equations:
            for key in row:
                of[key].append(row)
        for turn in count():
            found: set[Key] = set()
            for key in sorted(self._given_away(unknown) & small, key=str):
                for _ in range(1 + turn // _PATIENCE):
                    found |= self._partner(key, unknown | found, of)
            for row in self.equations:
                found |= self._of_small_sum(row, unknown, small, least, of)
            if not found:
                break
            unknown |= found
        return {key for key in self._given_back(unknown, small, of, least) if self._shown(key)}

    def _given_back(self, unknown: set[Key], small: set[Key], of: Equations, least: int) -> set[Key]:
        """What must stay unknown when what the small numbers do not need is shown again, dearest first; where much is
        hidden, not all of that is looked for."""
        spare = sorted((k for k in unknown - small if self._shown(k)), key=lambda k: self._cost(k, of), reverse=True)
        waiting, tried = deque([spare]), 0
        while waiting and tried < _MOST_TRIALS:
            keys = waiting.popleft()
            if not keys:
                continue
            fewer, tried = unknown.difference(keys), tried + 1
            tight = any(self._of_small_sum(row, fewer, small, least, of) for key in keys for row in of[key])
            if not tight and not self._given_away(fewer) & small:
                unknown = fewer
            elif len(keys) > 1:
                half = len(keys) // 2
                waiting.extendleft([keys[half:], keys[:half]])
        return unknown

    def given_away(self, hidden: set[Key], least: int) -> set[Key]:
        """The small numbers that follow from everything but the hidden ones."""
        not_shown = {key for key, value in self.value.items() if value and not self.places.get(key)}
        small = {key for key, value in self.value.items() if 0 < value < least}
        return self._given_away(hidden | not_shown) & small

    def _shown(self, key: Key) -> bool:
        return bool(self._tables(key))

    def _given_away(self, unknown: set[Key]) -> set[Key]:
        """Unknown numbers that the equations determine: those alone in a row of the reduced system."""
        pivots: dict[Key, dict[Key, int]] = {}
        users: dict[Key, set[Key]] = defaultdict(set)  # by unknown that is no pivot: the pivots whose rows hold it
        for equation in self.equations:
            row = {key: factor % _PRIME for key, factor in equation.items() if key in unknown}
            if not row:
                continue
            for key in [key for key in row if key in pivots]:
                _subtract(row, row[key], pivots[key])
            if not row:
                continue
            pivot = min(row, key=lambda key: len(users[key]))
            inverse = pow(row[pivot], -1, _PRIME)
            row = {key: factor * inverse % _PRIME for key, factor in row.items()}
            for other in users.pop(pivot, set()):
                before = set(pivots[other])
                _subtract(pivots[other], pivots[other][pivot], row)
                for key in before - pivots[other].keys():
                    users[key].discard(other)
                for key in pivots[other].keys() - before:
                    users[key].add(other)
            pivots[pivot] = row
            for key in row:
                if key != pivot:
                    users[key].add(pivot)
        return {pivot for pivot, row in pivots.items() if len(row) == 1}

    def _partner(self, key: Key, unknown: set[Key], of: Equations) -> set[Key]:
        """The number to hide with this one: the nearest in its equations and those tied to them, of its own table first,
        a zero only where there is nothing else; among several, one that stands in few equations, and small."""
        home = self._tables(key)
        for same_table, zero in ((True, False), (False, False), (False, True)):
            seen, waiting, used = {key}, deque([key]), set[int]()
            while waiting and not (same_table and len(used) > _NEAR):
                rows = [row for row in of[waiting.popleft()] if id(row) not in used]
                used.update(map(id, rows))
                near = {k for row in rows for k in row} - seen
                seen |= near
                free = [
                    k for k in near
                    if k not in unknown and bool(self.value[k]) is not zero and self._shown(k)
                    and (not same_table or home & self._tables(k))
                ]  # fmt: skip
                if free:
                    return {self._least(free, of)}
                waiting.extend(sorted(near & unknown, key=str))
        return set()

    def _least(self, keys: list[Key], of: Equations) -> Key:
        return min(keys, key=lambda k: self._cost(k, of))

    def _cost(self, key: Key, of: Equations) -> tuple[int, int, int, str]:
        """What is lost where this is hidden: the places it stands in, the equations it helps to check, its size."""
        return len(self.places[key]), len(of[key]), self.value[key], str(key)

    def _tables(self, key: Key) -> set[str]:
        return {table for table, _, _ in self.places.get(key, ()) if table}

    def _of_small_sum(
        self, row: dict[Key, int], unknown: set[Key], small: set[Key], least: int, of: Equations
    ) -> set[Key]:
        """One more of an equation whose unknown numbers come to less than `least` together."""
        own = [key for key in row if key in unknown]
        factors = {row[key] for key in own}
        if len(factors) != 1 or not small.intersection(own) or sum(self.value[key] for key in own) >= least:
            return set()
        free = [key for key in row if key not in unknown and self.value[key] and self._shown(key)]
        return {self._least(free, of)} if free else set()


def _subtract(row: dict[Key, int], factor: int, other: dict[Key, int]) -> None:
    """`row` minus factor times `other`, in place."""
    for key, value in other.items():
        left = (row.get(key, 0) - factor * value) % _PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)
