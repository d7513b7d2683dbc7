"""The program held against the oracle (`tests.oracle`) on random studies: every verdict, item, level, grade and class.

By hand, for long runs: `python -m tests.criteria.agreement STUDIES SEED [exclude|include|-] [literal|any]`.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ncs_analyzer.interpretation.pattern import CATEGORIES, MOTOR_CLASSES, SENSORY_CLASSES
from ncs_analyzer.pipeline import Settings
from tests.judged import Judged, analysed
from tests.oracle import Result, blocks, evaluate, pattern
from tests.oracle.generate import random_study
from tests.studies import Row

ITEM_NAMES = {
    "cidp_efns_pns_2010": {"probable_block": "block 30 %"},
    "cidp_koski_2009": {"distal_latency": "DML", "velocity": "MCV", "f_wave": "F"},
    "cidp_thaisetthawatkul_2002": {"duration": "1"},
    "cidp_barohn_1989": {"velocity": "1"},
    "cidp_albers_kelly_1989": {"velocity": "1", "distal_latency": "2", "f_wave": "4"},
    "cidp_aan_1991": {"velocity": "1", "block_or_dispersion": "2", "distal_latency": "3", "f_wave": "4"},
    "cidp_incat_2001": {"block_or_dispersion": "1", "velocity": "2", "distal_latency": "3", "f_wave": "4"},
    "gbs_cornblath_1990": {"velocity": "1", "block_or_dispersion": "2", "distal_latency": "3", "f_wave": "4"},
    "gbs_italian_1996": {"velocity": "1", "distal_latency": "2", "f_wave": "4"},
    "mmn_efns_pns_2010": {
        "definite": "definite block",
        "probable": "probable block",
        "sensory_abnormal": "sensory",
    },
    "mmn_aaem_2003": {
        "definite": "definite block",
        "one_segment": "probable block",
        "sensory_slow": "sensory velocity",
    },
    "dads_tli": {"low_index": "low TLI", "low_index_not_cts": "low TLI, no CTS", "definite_block": "block"},
}
"""What the oracle and the program call the same item; items of the other sets below."""

GBS_ITEM_NAMES = {
    "velocity": "MCV",
    "distal_latency": "DML",
    "f_wave": "F",
    "duration": "duration",
    "dispersion": "dispersion",
    "block": "block",
    "low_ratio": "ratio",
    "below_80": "low",
}
NOT_SHARED = {"gbs_albers_1985": ("dispersion", "block")}
"""Items the program holds as one and the oracle as two."""


LEFT_OUT_AT_THE_WRIST = {
    "cidp_ean_pns_2021": "a",
    "cidp_efns_pns_2010": "a",
    "cidp_vdbergh_pieret_2004": "a",
    "cidp_aan_1991": "3",
    "cidp_incat_2001": "3",
    "cidp_albers_kelly_1989": "2",
    "cidp_koski_2009": "DML",
    "gbs_cornblath_1990": "3",
    "gbs_italian_1996": "2",
    **dict.fromkeys(("gbs_hadden_1998", "gbs_rajabally_2015", "gbs_uncini_2017", "gbs_ho_1995"), "DML"),
    **dict.fromkeys(("gbs_albers_1985", "gbs_dutch_1995"), "DML"),
}


def only_met_is_shared(set_id: str, item: str, nerve: str) -> bool:
    """Items of which the two may differ between "not met" and "not evaluable": blocks, where the oracle grades first and
    the program asks whether a definite block is possible; and a median latency never measured, where the oracle does not
    ask what forearm velocity might take the suspicion of carpal tunnel syndrome away."""
    of_wrist = nerve == "median" and LEFT_OUT_AT_THE_WRIST.get(set_id) == item
    return of_wrist or set_id.startswith(("mmn_", "dads_"))


def random_studies(n: int, seed: int) -> dict[str, list[Row]]:
    """Studies by name, always the same for a seed."""
    rng = random.Random(seed)
    return {f"{seed}-{i}": random_study(rng) for i in range(n)}


def clean(judged: Judged, names: Iterable[str]) -> list[str]:
    """Studies in which the program withholds no value as contradictory (the oracle believes every value)."""
    readings = judged.analysis.readings
    doubted = set(readings.responses["study_no"][readings.responses["withheld"] > 0])
    return [name for name in names if name in judged.number and judged.number[name] not in doubted]


def differences(studies: dict[str, list[Row]], settings: Settings) -> Iterator[str]:
    """What the two say differently of these studies, in words."""
    judged = analysed(studies, settings)
    for name in clean(judged, studies):
        rows, sites, counting = studies[name], settings.compression_sites, settings.nerve_counting
        for set_id, result in evaluate(rows, sites, counting, settle=False).items():
            yield from _of_set(judged, name, set_id, result)
        yield from _of_block(judged, name, rows, sites)
        yield from _of_pattern(judged, name, rows, sites)


def _of_set(judged: Judged, name: str, set_id: str, oracle: Result) -> Iterator[str]:
    if (verdict := judged.verdict(name, set_id)) != oracle.verdict:
        yield f"{set_id} verdict: {oracle.verdict}, not {verdict} ({name})"
    names = ITEM_NAMES.get(set_id, GBS_ITEM_NAMES)
    for (nerve, side), items in oracle.items.items():
        for item, wanted in items.items():
            key = names.get(item, item)
            if key not in judged.analysis.results[set_id].items or item in NOT_SHARED.get(set_id, ()):
                continue
            if (judged.number[name], nerve, side) not in judged.motor_lines:
                continue
            found = judged.item(name, set_id, key, nerve, side).replace("met for now", "met")
            lenient = only_met_is_shared(set_id, key, nerve) and "met" not in (found, wanted)
            if found != wanted and not lenient:
                yield f"{set_id} item {key}: {wanted}, not {found} ({name} {nerve} {side})"
    extras = {
        "sensory": "sensory",
        "sensory_cidp": "sensory_cidp",
        "motor_predominant": "motor_predominant",
        "supportive_sensory": "supportive_sensory",
        "subtype": "axonal_type",
    }
    wanted_extras = {extras[key]: value for key, value in oracle.extras.items() if key in extras}
    wanted_extras |= {f"levels.{phenotype}": level for phenotype, level in oracle.extras.get("levels", {}).items()}
    for path, value in wanted_extras.items():
        if path == "axonal_type" and oracle.verdict != "axonal":
            continue
        if path == "motor_predominant" and oracle.extras["levels"]["motor"] == "not_fulfilled":
            continue
        said = judged.extra(name, set_id, path)
        if said != ("undetermined" if value is None else value):
            yield f"{set_id} {path}: {value}, not {said} ({name})"


def _of_block(judged: Judged, name: str, rows: Sequence[Row], sites: str | None) -> Iterator[str]:
    for (nerve, side, distal, proximal), report in blocks(rows, sites).items():
        found = judged.grades[judged.number[name], nerve, side, distal, proximal]
        for definition, grade in report.grades.items():
            if found[definition] != grade:
                yield f"{definition}: {grade}, not {found[definition]} ({name} {nerve} {side} {distal}-{proximal})"


def _of_pattern(judged: Judged, name: str, rows: Sequence[Row], sites: str | None) -> Iterator[str]:
    wanted, found, study = pattern(rows, sites), judged.analysis.pattern, judged.number[name]
    if (category := CATEGORIES[found.category[study]]) != wanted.category:
        yield f"pattern: {wanted.category}, not {category} ({name})"
    for key, kind in wanted.motor.items():
        if (said := MOTOR_CLASSES[found.motor_class[judged.motor_lines[study, *key]]]) != kind:
            yield f"motor class: {kind}, not {said} ({name} {' '.join(key)})"
    for key, kind in wanted.sensory.items():
        if (said := SENSORY_CLASSES[found.sensory_class[judged.sensory_lines[study, *key]]]) != kind:
            yield f"sensory class: {kind}, not {said} ({name} {' '.join(key)})"


def main(arguments: Sequence[str]) -> None:
    """Print how many studies were compared and every kind of difference."""
    n, seed = int(arguments[0]), int(arguments[1])
    sites = arguments[2] if len(arguments) > 2 and arguments[2] != "-" else None
    counting = arguments[3] if len(arguments) > 3 else "literal"
    settings = Settings(compression_sites=sites, nerve_counting=counting)  # type: ignore[arg-type]
    found = sorted(differences(random_studies(n, seed), settings))
    for kind, group in groupby(found, key=lambda words: words.split(" (")[0]):
        examples = list(group)
        print(len(examples), kind, examples[0])
    print(f"{n} studies, seed {seed}, {settings}: {len(found)} differences {Counter(w.split()[0] for w in found)}")


if __name__ == "__main__":
    main(sys.argv[1:])
