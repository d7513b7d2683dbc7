"""The rule shared by the criteria of van den Bergh and colleagues (2004, 2010, 2021), items a to g.

Muscle Nerve 2004;29:565; J Peripher Nerv Syst 2010;15:1; Eur J Neurol 2021;28:3556.
"""

from ncs_analyzer.criteria.counting import Rule, in_nerves, with_other
from ncs_analyzer.criteria.sets import Evaluation

LETTERS = "abcdefg"


def strongest(e: Evaluation, partners_of_e: str) -> list[Rule]:
    """a in 2 nerves, b in 2, c in 2, d in 2 with any in another, e in 2, e in 1 with a partner in another, f in 2, g in
    1 with any in another."""
    count, any_item = e.count, e.any_of(LETTERS)
    return [
        in_nerves(count, e["a"], 2),
        in_nerves(count, e["b"], 2),
        in_nerves(count, e["c"], 2),
        with_other(count, e["d"], 2, any_item),
        in_nerves(count, e["e"], 2),
        with_other(count, e["e"], 1, e.any_of(partners_of_e)),
        in_nerves(count, e["f"], 2),
        with_other(count, e["g"], 1, any_item),
    ]


STRONGEST_WORDS = (
    "a in two nerves, or b in two, or c in two, or d in two and any of a-g in another, or e in two, or e in one and "
    "{partners} in another, or f in two, or g in one and any of a-g in another"
)
