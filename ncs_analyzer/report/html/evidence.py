"""The sets of one disease side by side: their verdicts, and every number that meets an item of any of them."""

from dataclasses import dataclass
from typing import Any

from ncs_analyzer.report import sections
from ncs_analyzer.wording import address, plain

Record = dict[str, Any]


@dataclass(frozen=True)
class Proof:
    """One number of one nerve, and which item of each set it meets. `anchor`: the reading it rests on, "" if none fits;
    `items`: by set, the names of the items and whether they carried the verdict."""

    nerve: str
    words: str
    cell: str
    anchor: str
    items: dict[str, list[tuple[str, bool]]]


@dataclass(frozen=True)
class Comparison:
    """The sets of one disease. `legends`: by title of the set, the items that some nerve meets, in words."""

    disease: str
    verdicts: tuple[sections.Verdict, ...]
    proofs: tuple[Proof, ...]
    legends: tuple[tuple[str, str], ...]

    @property
    def fulfilled(self) -> int:
        """How many sets are fulfilled."""
        return sum(v.fulfilled for v in self.verdicts)

    def short(self, verdict: sections.Verdict) -> str:
        """The title of a set without its disease."""
        return verdict.title.removeprefix(f"{self.disease} ")


def comparisons(record: Record) -> list[Comparison]:
    """By disease. The readings of the record have their `anchor`."""
    places, found = _places(record), sections.verdicts(record)
    order = {r["anchor"]: i for i, r in enumerate(record["readings"])}
    result = []
    for disease in dict.fromkeys(v.disease for v in found):
        own = tuple(v for v in found if v.disease == disease)
        proofs = _proofs(record, own, places)
        legends = tuple((v.title, "; ".join(_items(record["criteria"][v.id]))) for v in own)
        result.append(
            Comparison(
                disease,
                own,
                tuple(sorted(proofs, key=lambda proof: order.get(proof.anchor, len(order)))),
                tuple((title, words) for title, words in legends if words),
            )
        )
    return result


def _items(criteria: Record) -> list[str]:
    """The items met, each with the name it has in the table."""
    words = {piece["item"]: piece["threshold"] for piece in criteria["evidence"]}
    return [f"{item}: {threshold}" for item, threshold in words.items()]


def _proofs(record: Record, own: tuple[sections.Verdict, ...], places: "Places") -> list[Proof]:
    proofs: dict[tuple[str, str], Proof] = {}
    for verdict in own:
        for piece in record["criteria"][verdict.id]["evidence"]:
            nerve, cell = f"{piece['side']} {plain(piece['nerve'])}", address(piece["source"])
            words = f"{plain(piece['measure'])} {sections.piece_number(piece)}".strip()
            proof = proofs.setdefault((f"{nerve} {words}", cell), Proof(nerve, words, cell, _anchor(places, piece), {}))
            proof.items.setdefault(verdict.id, []).append((piece["item"], piece["counted"]))
    return list(proofs.values())


Places = dict[tuple[Any, ...], str]


def _places(record: Record) -> Places:
    """Anchors by the whole address of a reading, and by its row for what was computed from several cells."""
    places: Places = {}
    for r in record["readings"]:
        if r["measure"] != "distance":
            source = r["source"]
            row = (source["file"], source["sheet"], source["row"], r["nerve"], r["side"])
            places.setdefault((*row, source["column"]), r["anchor"])
            places.setdefault(row, r["anchor"])
    return places


def _anchor(places: Places, piece: Record) -> str:
    source = piece["source"]
    if not source:
        return ""
    row = (source["file"], source["sheet"], source["row"], piece["nerve"], piece["side"])
    return places.get((*row, source["column"])) or places.get(row, "")
