"""Could an untested measure change the verdict? Answered by letting every unknown measure take every class of value.

`fill` completes one measure of one nerve: it returns the nerve once for every class of value the criteria set can
tell apart, or the nerve as it is where nothing is missing. Nerves are independent of each other, except that the
ulnar DML decides whether carpal tunnel syndrome is suspected in the median nerve of the same hand, and that the
filter is one for the study. A verdict reads only how many nerves carry each fact, so the facts each nerve could carry
are worked out nerve by nerve, and all sums of them are formed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from .blocks import DEFINITIONS, possible_numbers, ratio_cuts
from .cuts import Cut, divided_by, exactly, lower_excludes, lower_includes, representatives, times
from .dads import distal_distance
from .nerves import (
    ARM_NERVES,
    SIDES,
    FWave,
    Hand,
    MotorNerve,
    Pair,
    SensoryNerve,
    Study,
    hand_of,
    hands,
    ulnar_latency_normal,
)
from .sets import CriteriaSet, Facts, Unit, count, hand_for, insufficient, units, verdict

Changed = tuple[str, str, str]
Fill = Callable[[Unit, CriteriaSet, Study], list[Unit]]

FILTERS = tuple(Fraction(filter_hz) for filter_hz in (2, 5, 10, 20))


# ------------------------------------------------------------------------------------------------- completing a nerve


def cts_matters(criteria: CriteriaSet, study: Study) -> bool:
    if criteria.family in ("mmn", "dads"):
        return True
    explicit = criteria.family == "cidp" or study.compression_sites == "exclude"
    return explicit and bool(criteria.cuts.dml)


def suspicion_open(unit: Unit, criteria: CriteriaSet, study: Study) -> bool:
    """The program's own suspicion decides about CTS in this hand."""
    return cts_matters(criteria, study) and study.cts.get(unit.key[1], "") not in ("yes", "no")


def with_site(nerve: MotorNerve, place: int, **changes: Any) -> MotorNerve:
    sites = list(nerve.sites)
    sites[place] = replace(sites[place], **changes)
    return replace(nerve, sites=tuple(sites))


def guess(nerve: MotorNerve, **changes: Fraction | None) -> MotorNerve:
    return replace(nerve, hypothetical=replace(nerve.hypothetical, **changes))


def value_and_limit(value: Fraction | None, limit: Fraction | None, pct: Fraction) -> tuple[Fraction, Fraction]:
    """A value and a limit that make this percentage, keeping the one that is known."""
    if value is not None:
        return value, 100 * value / pct
    if limit is not None:
        return pct * limit / 100, limit
    return pct, Fraction(100)


def dml_cuts(unit: Unit, criteria: CriteriaSet, study: Study) -> tuple[Cut, ...]:
    suspicion = unit.key[0] in ("median", "ulnar") and suspicion_open(unit, criteria, study)
    return criteria.cuts.dml + (lower_includes(100) if suspicion else ())


def mcv_cuts(unit: Unit, criteria: CriteriaSet, study: Study) -> tuple[Cut, ...]:
    suspicion = unit.key[0] == "median" and suspicion_open(unit, criteria, study)
    return criteria.cuts.mcv + (lower_excludes(90) if suspicion else ())


def motor_units(unit: Unit, nerves: Iterable[MotorNerve]) -> list[Unit]:
    return [replace(unit, motor=nerve) for nerve in nerves]


def fill_distal_latency(unit: Unit, criteria: CriteriaSet, study: Study) -> list[Unit]:
    nerve = unit.motor
    if nerve is None or nerve.absent:
        return [unit]
    cuts = dml_cuts(unit, criteria, study)
    if criteria.cuts.terminal_latency_index:
        return motor_units(unit, index_latencies(nerve, criteria, cuts))
    if nerve.dml_pct is not None or not cuts:
        return [unit]
    filled = []
    for pct in representatives(cuts):
        latency, limit = value_and_limit(nerve.distal.latency, nerve.distal.latency_limit, pct)
        filled.append(with_site(nerve, nerve.distal_place, latency=latency, latency_limit=limit))
    return motor_units(unit, filled)


def index_latencies(nerve: MotorNerve, criteria: CriteriaSet, pct_cuts: tuple[Cut, ...]) -> list[MotorNerve]:
    """The distal latency for the terminal latency index, in ms, and its percentage for the CTS rule."""
    cut_off = criteria.cuts.terminal_latency_index.get(nerve.nerve)
    site, segment, distance = nerve.distal, nerve.first_segment, distal_distance(nerve)
    if site.latency is not None:
        latencies = [site.latency]
    else:
        cuts: list[Cut] = []
        if site.latency_limit is not None:
            cuts += times(pct_cuts, site.latency_limit / 100)
        if cut_off is not None and distance is not None and segment is not None:
            pair_limit = nerve.sites[segment.j].velocity_limit if segment.j >= 0 else None
            velocity = segment.velocity if segment.velocity is not None else pair_limit and pair_limit * Fraction(9, 10)
            if velocity:
                cuts += exactly(distance / (cut_off * velocity))
        latencies = representatives(cuts, wide=True)
    filled = []
    for latency in latencies:
        limits: list[Fraction | None] = [site.latency_limit]
        if site.latency_limit is None and pct_cuts:
            limits = [100 * latency / pct for pct in representatives(pct_cuts)]
        filled += [with_site(nerve, nerve.distal_place, latency=latency, latency_limit=limit) for limit in limits]
    return filled


def fill_velocity(unit: Unit, criteria: CriteriaSet, study: Study) -> list[Unit]:
    nerve = unit.motor
    if nerve is None or nerve.absent:
        return [unit]
    cuts = mcv_cuts(unit, criteria, study)
    if criteria.cuts.terminal_latency_index:
        return motor_units(unit, index_velocities(nerve, criteria, cuts))
    if not cuts:
        return [unit]
    filled = [nerve]
    for pair in nerve.segments:
        if pair.velocity_pct is not None or pair.proximal_absent:
            continue
        step = []
        for one, pct in product(filled, representatives(cuts)):
            if pair.hypothetical:
                step.append(guess(one, velocity_pct=pct))
            else:
                site = one.sites[pair.j]
                velocity, limit = value_and_limit(site.velocity, site.velocity_limit, pct)
                step.append(with_site(one, pair.j, velocity=velocity, velocity_limit=limit))
        filled = step
    return motor_units(unit, filled)


def index_velocities(nerve: MotorNerve, criteria: CriteriaSet, pct_cuts: tuple[Cut, ...]) -> list[MotorNerve]:
    """The velocity of the segment that starts at the distal site, in m/s, and its percentage for the CTS rule."""
    segment = nerve.first_segment
    if segment is None or segment.proximal_absent:
        return [nerve]
    cut_off = criteria.cuts.terminal_latency_index.get(nerve.nerve)
    limit = None if segment.hypothetical else nerve.sites[segment.j].velocity_limit
    if segment.velocity is not None:
        velocities = [segment.velocity]
    else:
        cuts: list[Cut] = [] if limit is None else list(times(pct_cuts, limit / 100))
        distance = distal_distance(nerve)
        if cut_off is not None and distance is not None and nerve.distal.latency:
            cuts += exactly(distance / (cut_off * nerve.distal.latency))
        velocities = representatives(cuts, wide=True)
    filled = []
    for velocity in velocities:
        for pct in representatives(pct_cuts) if limit is None and pct_cuts else [None]:
            if segment.hypothetical:
                one = guess(nerve, velocity=velocity)
                filled.append(one if pct is None else guess(one, velocity_pct=pct))
            elif pct is None:
                filled.append(with_site(nerve, segment.j, velocity=velocity))
            else:
                filled.append(with_site(nerve, segment.j, velocity=velocity, velocity_limit=100 * velocity / pct))
    return filled


def fill_distance(unit: Unit, criteria: CriteriaSet, study: Study) -> list[Unit]:
    nerve = unit.motor
    cut_offs = criteria.cuts.terminal_latency_index
    if nerve is None or nerve.absent or nerve.nerve not in cut_offs or distal_distance(nerve) is not None:
        return [unit]
    places = range(nerve.distal_place + 1)
    missing = [place for place in places if nerve.sites[place].distance is None]
    known = sum((nerve.sites[place].distance or Fraction(0) for place in places), Fraction(0))
    segment, latency = nerve.first_segment, nerve.distal.latency
    cuts: tuple[Cut, ...] = ()
    if segment is not None and segment.velocity and latency:
        cuts = exactly(cut_offs[nerve.nerve] * segment.velocity * latency - known)
    filled = []
    for distance in representatives(cuts, wide=True):
        one = nerve
        for place in missing:
            one = with_site(one, place, distance=distance / len(missing))
        filled.append(one)
    return motor_units(unit, filled)


def fill_f(unit: Unit, criteria: CriteriaSet, study: Study) -> list[Unit]:
    """An F wave never recorded could be absent, or of any latency; one that was recorded has a latency."""
    nerve = unit.motor
    reads = criteria.cuts.reads_f or criteria.cuts.f
    if nerve is None or nerve.absent or not reads or nerve.f_wave.state == "absent" or nerve.f_wave.pct is not None:
        return [unit]
    wave = nerve.f_wave
    waves = [FWave("absent", limit=wave.limit)] if wave.state == "unknown" else []
    for pct in representatives(criteria.cuts.f):
        latency, limit = value_and_limit(wave.latency, wave.limit, pct)
        waves.append(FWave("present", latency, limit, wave.persistence))
    return motor_units(unit, (replace(nerve, f_wave=filled) for filled in waves))


def fill_persistence(unit: Unit, criteria: CriteriaSet, study: Study) -> list[Unit]:
    nerve = unit.motor
    cuts = criteria.cuts.persistence
    if nerve is None or nerve.absent or not cuts or nerve.f_wave.state != "present":
        return [unit]
    if nerve.f_wave.persistence is not None:
        return [unit]
    waves = [replace(nerve.f_wave, persistence=persistence) for persistence in representatives(cuts)]
    return motor_units(unit, (replace(nerve, f_wave=wave) for wave in waves))


# -- measures along the nerve: amplitude, area and duration of site after site

Link = tuple[int, int, tuple[Cut, ...]]  # distal place, proximal place, cuts of the ratio proximal / distal


def fill_chain(
    values: list[Fraction | None], own: dict[int, list[Cut]], links: list[Link]
) -> list[list[Fraction | None]]:
    """Every class of values for the blank places, from distal to proximal.

    A blank value is cut by its own thresholds, by the ratio to its neighbours, and, where the proximal neighbour is
    blank too, by what would leave that one all its classes.
    """
    asked = set(own) | {place for distal, proximal, _ in links for place in (distal, proximal)}
    derived: dict[int, list[Cut]] = {}
    for place in reversed(range(len(values))):
        cuts = list(own.get(place, []))
        for distal, proximal, link_cuts in links:
            if distal != place:
                continue
            neighbour = values[proximal]
            if neighbour is not None:
                cuts += divided_by(neighbour, link_cuts)
            else:
                thresholds = {value for value, _ in derived[proximal]}
                cuts += exactly(*(value / ratio for value in thresholds for ratio, _ in link_cuts))
        derived[place] = cuts
    worlds: list[list[Fraction | None]] = [[]]
    for place, value in enumerate(values):
        step: list[list[Fraction | None]] = []
        for world in worlds:
            if value is not None or place not in asked:
                step.append([*world, value])
                continue
            cuts = list(derived[place])
            for distal, proximal, link_cuts in links:
                before = world[distal] if proximal == place else None
                if before is not None:
                    cuts += times(link_cuts, before)
            step += [[*world, chosen] for chosen in representatives(cuts)]
        worlds = step
    return worlds


def ratio_pairs(nerve: MotorNerve, criteria: CriteriaSet) -> list[Pair]:
    """The recorded pairs whose amplitude and area ratios the set reads."""
    pairs = nerve.aan_pairs if criteria.cuts.aan_pairs_only else nerve.block_pairs
    return [pair for pair in pairs if not pair.hypothetical]


def ratio_never_recorded(nerve: MotorNerve, criteria: CriteriaSet) -> bool:
    return nerve.no_aan_pair if criteria.cuts.aan_pairs_only else nerve.no_counted_pair


def pair_cuts(nerve: MotorNerve, pair: Pair, criteria: CriteriaSet, measure: str) -> tuple[Cut, ...]:
    """Where the set cuts the ratio of one pair."""
    if criteria.block_definition:
        amplitude, area = ratio_cuts(criteria.block_definition, nerve.nerve, pair)
        return amplitude if measure == "amplitude" else area
    cuts = criteria.cuts.amplitude_ratio if measure == "amplitude" else criteria.cuts.area_ratio
    return cuts + lower_includes("0.5") if pair.erb and cuts else cuts


def links_of(nerve: MotorNerve, criteria: CriteriaSet, measure: str) -> list[Link]:
    pairs = [pair for pair in ratio_pairs(nerve, criteria) if not pair.proximal_absent]
    links = [(pair.i, pair.j, pair_cuts(nerve, pair, criteria, measure)) for pair in pairs]
    return [link for link in links if link[2]]


def fill_amplitude(unit: Unit, criteria: CriteriaSet, study: Study) -> list[Unit]:
    nerve = unit.motor
    if nerve is None or nerve.absent:
        return [unit]
    reads = criteria.cuts
    pairs = ratio_pairs(nerve, criteria)
    pct_cuts: dict[int, list[Cut]] = {}
    mv_cuts: dict[int, list[Cut]] = {}

    def ask(cuts_at: dict[int, list[Cut]], place: int, cuts: tuple[Cut, ...]) -> None:
        if cuts:
            cuts_at.setdefault(place, []).extend(cuts)

    ask(pct_cuts, nerve.distal_place, reads.dcmap)
    for pair in pairs:
        ask(pct_cuts, pair.i, reads.pair_pct)
        ask(mv_cuts, pair.i, reads.pair_mv)
        if not pair.erb and not pair.proximal_absent:
            ask(pct_cuts, pair.j, reads.proximal_pct)
    never = ratio_never_recorded(nerve, criteria)
    if never:
        ask(pct_cuts, nerve.distal_place, reads.pair_pct)
        ask(mv_cuts, nerve.distal_place, reads.pair_mv)
    own = {place: list(mv_cuts.get(place, [])) for place in set(pct_cuts) | set(mv_cuts)}
    for place, cuts in pct_cuts.items():
        limit = nerve.sites[place].amplitude_limit
        if limit is not None:
            own[place] += times(cuts, limit / 100)
    filled = []
    for values in fill_chain([site.amplitude for site in nerve.sites], own, links_of(nerve, criteria, "amplitude")):
        one = nerve
        for place, value in enumerate(values):
            if value is not None and nerve.sites[place].amplitude is None:
                one = with_site(one, place, amplitude=value)
        filled.append(one)
    for place, cuts in pct_cuts.items():
        if nerve.sites[place].amplitude_limit is None:
            filled = [
                with_site(one, place, amplitude_limit=100 * (one.sites[place].amplitude or Fraction(1)) / pct)
                for one, pct in product(filled, representatives(cuts))
            ]
    if never and reads.amplitude_ratio:
        filled = [
            guess(one, amplitude_ratio=value) for one, value in product(filled, representatives(reads.amplitude_ratio))
        ]
    return motor_units(unit, filled)


def fill_area(unit: Unit, criteria: CriteriaSet, study: Study) -> list[Unit]:
    nerve = unit.motor
    cuts = criteria.cuts.area_ratio
    if nerve is None or nerve.absent or not cuts:
        return [unit]
    filled = []
    links = links_of(nerve, criteria, "area")
    for values in fill_chain([site.area for site in nerve.sites], {}, links):
        one = nerve
        for place, value in enumerate(values):
            if value is not None and nerve.sites[place].area is None:
                one = with_site(one, place, area=value)
        filled.append(one)
    if ratio_never_recorded(nerve, criteria):
        filled = [guess(one, area_ratio=value) for one, value in product(filled, representatives(cuts))]
    return motor_units(unit, filled)


def fill_duration(unit: Unit, criteria: CriteriaSet, study: Study) -> list[Unit]:
    nerve = unit.motor
    if nerve is None or nerve.absent:
        return [unit]
    reads = criteria.cuts
    place = nerve.distal_place
    own_cuts = list(reads.distal_duration(nerve.nerve, study.low_cut_hz))
    limit = nerve.distal.duration_limit
    if limit is not None:
        own_cuts += times(reads.distal_duration_pct, limit / 100)
    own = {place: own_cuts} if own_cuts or reads.distal_duration_pct else {}
    links: list[Link] = []
    if reads.duration_ratio:
        segments = (pair for pair in nerve.segments if not pair.hypothetical and not pair.proximal_absent)
        links = [(pair.i, pair.j, reads.duration_ratio) for pair in segments]
    filled = []
    for values in fill_chain([site.duration for site in nerve.sites], own, links):
        one = nerve
        for where, value in enumerate(values):
            if value is not None and nerve.sites[where].duration is None:
                one = with_site(one, where, duration=value)
        filled.append(one)
    if reads.distal_duration_pct and limit is None:
        filled = [
            with_site(one, place, duration_limit=100 * (one.distal.duration or Fraction(1)) / pct)
            for one, pct in product(filled, representatives(reads.distal_duration_pct))
        ]
    if nerve.no_counted_segment and reads.duration_ratio:
        filled = [
            guess(one, duration_ratio=value) for one, value in product(filled, representatives(reads.duration_ratio))
        ]
    return motor_units(unit, filled)


# -- sensory


def sensory_fill(complete: Callable[[SensoryNerve, CriteriaSet], list[SensoryNerve]]) -> Fill:
    """Complete the sensory study, and the one that was not done where its being untested counts (MMN)."""

    def fill(unit: Unit, criteria: CriteriaSet, study: Study) -> list[Unit]:
        filled = [unit]
        if criteria.cuts.sensory_nerves and unit.key[0] not in criteria.cuts.sensory_nerves:
            return filled
        if unit.sensory is not None and not unit.sensory.absent:
            filled = [replace(unit, sensory=one) for one in complete(unit.sensory, criteria)]
        needed = criteria.cuts.sensory_of_blocked_nerves and unit.motor is not None and unit.key[0] in ARM_NERVES
        if needed and (unit.sensory is None or unit.key[0] == "median"):
            filled = [
                replace(one, untested_sensory=guessed)
                for one, guessed in product(filled, complete(unit.untested_sensory, criteria))
            ]
        return filled

    return fill


def complete_snap(nerve: SensoryNerve, criteria: CriteriaSet) -> list[SensoryNerve]:
    if not criteria.cuts.snap or nerve.amplitude_pct is not None:
        return [nerve]
    filled = []
    for pct in representatives(criteria.cuts.snap):
        amplitude, limit = value_and_limit(nerve.amplitude, nerve.amplitude_limit, pct)
        filled.append(replace(nerve, amplitude=amplitude, amplitude_limit=limit))
    return filled


def complete_sensory_velocity(nerve: SensoryNerve, criteria: CriteriaSet) -> list[SensoryNerve]:
    if not criteria.cuts.sensory_velocity or nerve.velocity_pct is not None:
        return [nerve]
    filled = []
    for pct in representatives(criteria.cuts.sensory_velocity):
        velocity, limit = value_and_limit(nerve.velocity, nerve.velocity_limit, pct)
        filled.append(replace(nerve, velocity=velocity, velocity_limit=limit))
    return filled


def complete_sensory_latency(nerve: SensoryNerve, criteria: CriteriaSet) -> list[SensoryNerve]:
    if not criteria.cuts.sensory_latency or nerve.latency_long is not None:
        return [nerve]
    filled = []
    for pct in representatives(criteria.cuts.sensory_latency):
        onset, limit = value_and_limit(nerve.onset, nerve.onset_limit, pct)
        filled.append(replace(nerve, onset=onset, onset_limit=limit))
    return filled


#: Every measure that can be completed; the names of sensory ones differ only in here.
FILLS: dict[str, Fill] = {
    "distal_latency": fill_distal_latency,
    "velocity": fill_velocity,
    "distance": fill_distance,
    "minimal_f_latency": fill_f,
    "f_persistence": fill_persistence,
    "amplitude": fill_amplitude,
    "area": fill_area,
    "duration": fill_duration,
    "sensory amplitude": sensory_fill(complete_snap),
    "sensory velocity": sensory_fill(complete_sensory_velocity),
    "sensory onset_latency": sensory_fill(complete_sensory_latency),
}

SPEED = ("distal_latency", "velocity", "distance")
F_WAVE = ("minimal_f_latency", "f_persistence")
SENSORY = ("sensory amplitude", "sensory velocity", "sensory onset_latency")


# -------------------------------------------------------------------------------------------------- facts of one nerve


def fill_all(some: Iterable[Unit], measures: Iterable[str], criteria: CriteriaSet, study: Study) -> list[Unit]:
    filled = list(some)
    for measure in measures:
        filled = [one for unit in filled for one in FILLS[measure](unit, criteria, study)]
    return filled


def possible_facts(
    unit: Unit, criteria: CriteriaSet, study: Study, hand: Callable[[Unit], Hand]
) -> dict[tuple[Facts, bool], Unit]:
    """Every set of facts the nerve could carry, and whether its DML would be a normal ulnar one; with an example.

    Every item reads one of the groups below, and the distal amplitude; so after each group, nerves with the same items
    need to be followed only once.
    """

    def seen(one: Unit) -> tuple[object, ...]:
        its_hand = hand(one)
        items = criteria.items(one, its_hand, study)
        return tuple(sorted(items.items())), its_hand, one.key[0] == "ulnar" and ulnar_latency_normal(one.motor)

    def amplitude_class(one: Unit) -> int:
        pct = one.motor.dcmap_pct if one.motor is not None else None
        if pct is None:
            return -1
        return sum(pct > value or (pct == value and not included) for value, included in criteria.cuts.dcmap)

    def functions_of_the_rest(one: Unit) -> tuple[object, ...]:
        """For sets that judge amplitude, area and duration together: each pair's grade for all that is still open."""
        if one.motor is None or not criteria.block_definition:
            return ()
        definition, name = criteria.block_definition, one.motor.nerve
        grading = DEFINITIONS[definition].grade
        return tuple(
            tuple(grading(numbers) for numbers in possible_numbers(name, pair, definition))
            for pair in one.motor.block_pairs
        )

    outer = [unit]
    if criteria.switches:
        amplitudes = fill_all([unit], ("amplitude",), criteria, study)
        outer = list({(seen(one), amplitude_class(one)): one for one in amplitudes}.values())
        groups: tuple[tuple[str, ...], ...] = (SPEED, F_WAVE, ("duration",), ("area",), SENSORY)
    elif criteria.block_definition:
        groups = (SPEED, ("amplitude",), ("area",), ("duration",), SENSORY)
    else:
        groups = (SPEED, F_WAVE, ("amplitude",), ("duration",), ("area",), SENSORY)
    results = {}
    for start in outer:
        now = [start]
        for group in groups:
            filled = fill_all(now, group, criteria, study)
            now = list({(seen(one), functions_of_the_rest(one)): one for one in filled}.values())
        for one in now:
            facts = criteria.facts(criteria.items(one, hand(one), study))
            results[facts, one.key[0] == "ulnar" and ulnar_latency_normal(one.motor)] = one
    return results


# ------------------------------------------------------------------------------------------------------ sums of nerves

Vector = tuple[int, ...]
Example = tuple[Unit, ...]
Sums = dict[Vector, Example]


def sums_of_nerves(criteria: CriteriaSet, study: Study) -> tuple[list[str], list[Sums]]:
    """For each hand, and each other nerve, the counts of facts it could add, with completed nerves that do so."""
    by_key = {unit.key: unit for unit in units(study)}
    adds: list[list[tuple[tuple[Facts, ...], Example]]] = []
    for side in SIDES:
        median, ulnar = by_key.pop(("median", side), None), by_key.pop(("ulnar", side), None)
        ulnar_facts: dict[tuple[Facts, bool], Unit | None] = {(frozenset(), False): None}
        if ulnar is not None:
            ulnar_facts = {**possible_facts(ulnar, criteria, study, no_hand)}
        together: list[tuple[tuple[Facts, ...], Example]] = []
        for normal in {flag for _, flag in ulnar_facts}:
            median_facts: dict[tuple[Facts, bool], Unit | None] = {(frozenset(), False): None}
            if median is not None:
                rule = hand_rule(study.cts.get(side, ""), normal)
                median_facts = {**possible_facts(median, criteria, study, rule)}
            for (facts, flag), completed in ulnar_facts.items():
                if flag == normal:
                    for (mine, _), my_completed in median_facts.items():
                        example = tuple(one for one in (completed, my_completed) if one is not None)
                        together.append(((facts, mine), example))
        adds.append(together)
    for unit in by_key.values():
        possible = possible_facts(unit, criteria, study, no_hand)
        adds.append([((facts,), (completed,)) for (facts, _), completed in possible.items()])
    names = sorted({name for options in adds for option, _ in options for facts in option for name in facts})
    sums: list[Sums] = []
    for options in adds:
        counts = [(count(option), example) for option, example in options]
        sums.append({tuple(one[name] for name in names): example for one, example in counts})
    return names, sums


def no_hand(_unit: Unit) -> Hand:
    return Hand()


def hand_rule(cts_column: str, ulnar_normal: bool) -> Callable[[Unit], Hand]:
    return lambda unit: hand_of(cts_column, unit.motor, ulnar_normal)


def extremes(sums: Sums, highest: bool) -> Sums:
    """Those no other one reaches or exceeds (or: undercuts) in every place."""

    def outdone(one: Vector, other: Vector) -> bool:
        pairs = zip(one, other, strict=True)
        return one != other and all(b >= a if highest else b <= a for a, b in pairs)

    return {one: example for one, example in sums.items() if not any(outdone(one, other) for other in sums)}


def capped(sums: Sums) -> Sums:
    """No verdict of a set with negations asks for more than three nerves."""
    return {tuple(min(value, 3) for value in vector): example for vector, example in sums.items()}


def reachable(sums: list[Sums], width: int, reduce: Callable[[Sums], Sums]) -> Sums:
    states: Sums = {(0,) * width: ()}
    for options in sums:
        step: Sums = {}
        for option, its_nerves in reduce(options).items():
            for state, nerves in states.items():
                step[tuple(a + b for a, b in zip(state, option, strict=True))] = nerves + its_nerves
        states = reduce(step)
    return states


def possible_verdicts(criteria: CriteriaSet, study: Study) -> dict[str, tuple[Study, Example]]:
    """Every verdict the study could come to, each with the filter and the completed nerves of one way there."""
    if insufficient(criteria, study):
        return {verdict(criteria, study): (study, ())}
    if criteria.cuts.reads_filter and study.low_cut_hz is None:
        results: dict[str, tuple[Study, Example]] = {}
        for filter_hz in FILTERS:
            results |= possible_verdicts(criteria, replace(study, low_cut_hz=filter_hz))
        return results
    names, sums = sums_of_nerves(criteria, study)
    if criteria.monotone:
        ends = reachable(sums, len(names), lambda some: extremes(some, highest=True))
        ends |= reachable(sums, len(names), lambda some: extremes(some, highest=False))
    else:
        ends = reachable(sums, len(names), capped)
    verdicts = {}
    for vector, example in ends.items():
        counts = count([])
        counts.update(dict(zip(names, vector, strict=True)))
        verdicts[criteria.verdict(counts, study)] = (study, example)
    return verdicts


def is_settled(criteria: CriteriaSet, study: Study) -> bool:
    """No way for the untested measures to come out makes another verdict than the one given."""
    return set(possible_verdicts(criteria, study)) == {verdict(criteria, study)}


def completed_study(study: Study, example: Example) -> Study:
    """The study with these nerves in place of its own."""
    for unit in example:
        if unit.motor is not None:
            study = study.with_motor(unit.motor)
        if unit.sensory is not None:
            study = study.with_sensory(unit.sensory)
    return study


def could_change(criteria: CriteriaSet, study: Study) -> set[Changed]:
    """The measures which alone, everything else unknown staying unknown, can change the verdict."""
    changed: set[Changed] = set()
    if insufficient(criteria, study):
        return changed
    given = verdict(criteria, study)
    filters = FILTERS if criteria.cuts.reads_filter and study.low_cut_hz is None else ()
    if any(verdict(criteria, replace(study, low_cut_hz=filter_hz)) != given for filter_hz in filters):
        changed.add(("", "", "low_cut_hz"))
    every = units(study)
    hand = hands(study)
    facts = {unit.key: criteria.facts(criteria.items(unit, hand_for(unit, hand), study)) for unit in every}
    by_key = {unit.key: unit for unit in every}
    for unit in every:
        for measure, fill in FILLS.items():
            for filled in fill(unit, criteria, study):
                if filled is unit:
                    continue
                if other_verdict(filled, by_key, facts, criteria, study) != given:
                    changed.add((*unit.key, measure.removeprefix("sensory ")))
                    break
    return changed


def other_verdict(
    filled: Unit,
    by_key: dict[tuple[str, str], Unit],
    facts: dict[tuple[str, str], Facts],
    criteria: CriteriaSet,
    study: Study,
) -> str:
    """The verdict with one nerve replaced; an ulnar nerve takes the median nerve of its hand along."""
    name, side = filled.key
    median = filled if name == "median" else by_key.get(("median", side))
    ulnar = filled if name == "ulnar" else by_key.get(("ulnar", side))
    ulnar_motor = None if ulnar is None else ulnar.motor
    median_motor = None if median is None else median.motor
    its_hand = hand_of(study.cts.get(side, ""), median_motor, ulnar_latency_normal(ulnar_motor))
    now = dict(facts)
    for unit in [filled] + ([median] if name == "ulnar" and median is not None else []):
        its = its_hand if unit.key[0] == "median" else Hand()
        now[unit.key] = criteria.facts(criteria.items(unit, its, study))
    return criteria.verdict(count(now.values()), study)
