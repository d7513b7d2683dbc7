"""From what a heading says to the response and the measured column it belongs to, or why there is none.

What a heading leaves open is taken from the row (side, nerve), from the other headings of the sheet (the kind of study
where the nerve has only one, the proximal site where only one is named), or from custom, which is then said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ncs_analyzer.ingest.layouts.wide_headings import Meaning
from ncs_analyzer.readings import LIMITS
from ncs_analyzer.vocabulary.anatomy import DISTAL_SITE, LIMB_OF, SITE_ORDER, USUAL_MOTOR_SITE, USUAL_MUSCLE
from ncs_analyzer.vocabulary.units import unit as known_unit

RESPONSE: Final = "response"
"""The measure, and the column, of a heading that only asks whether there was a response."""
POSITIONS: Final = {
    "median": ("wrist", "elbow", "axilla", "erb"),
    "ulnar": ("wrist", "below_elbow", "above_elbow", "axilla"),
    "radial": ("forearm", "elbow", "arm", "axilla"),
    "fibular": ("ankle", "below_fibular_head", "popliteal_fossa"),
    "tibial": ("ankle", "popliteal_fossa"),
}
"""What the numbers of motor columns stand for, from distal (CMAP1) to proximal; NCV1 runs from 1 to 2."""

MUSCLE_NERVE: Final = {
    "APB": "median", "ADM": "ulnar", "FDI": "ulnar", "EIP": "radial", "EDC": "radial", "EDB": "fibular",
    "TA": "fibular", "AH": "tibial", "ADQP": "tibial", "soleus": "tibial", "gastrocnemius": "tibial",
}  # fmt: skip
DIGIT_NERVES: Final = {
    "digit_1": ("median", "radial", "superficial_radial"), "digit_2": ("median",), "digit_3": ("median",),
    "digit_4": ("median", "ulnar"), "digit_5": ("ulnar",), "snuffbox": ("radial", "superficial_radial"),
    "hand_dorsum": ("dorsal_ulnar_cutaneous", "radial", "superficial_radial", "ulnar"),
}  # fmt: skip
"""Which nerves the skin of a finger can belong to; the nerve is told by the finger where there is one only."""

_SENSORY_ONLY: Final = ("sural", "superficial_fibular", "superficial_radial", "saphenous", "dorsal_ulnar_cutaneous",
                        "medial_antebrachial_cutaneous", "lateral_antebrachial_cutaneous",
                        "lateral_femoral_cutaneous")  # fmt: skip
_SEGMENTS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "forearm": {"median": ("elbow",), "ulnar": ("below_elbow", "elbow"), "radial": ("elbow",)},
    "leg": {"fibular": ("below_fibular_head", "knee"), "tibial": ("popliteal_fossa", "knee")},
    "calf": {"fibular": ("below_fibular_head", "knee"), "tibial": ("popliteal_fossa", "knee")},
    "arm": {"median": ("axilla",), "ulnar": ("axilla",), "radial": ("arm",)},
    "across_elbow": {"ulnar": ("above_elbow",), "median": ("elbow",)},
    "across_fibular_head": {"fibular": ("above_fibular_head", "popliteal_fossa", "knee")},
}
_SEGMENTS["upper_arm"] = _SEGMENTS["arm"]
_UNITS: Final = {
    "latency": ("ms",), "peak_latency": ("ms",), "duration": ("ms",), "amplitude": ("mV", "uV"), "area": ("mV*ms",),
    "velocity": ("m/s", "ms"), "distance": ("mm",), "persistence": ("%",),
}  # fmt: skip
"""The units a measure can have; "ms" over a velocity is m/s without its stroke."""

_COLUMN: Final = {
    "latency": "latency_ms", "peak_latency": "peak_latency_ms", "duration": "duration_ms", "area": "area_mvms",
    "velocity": "velocity_m_per_s", "distance": "distance_mm", "persistence": "persistence_pct", RESPONSE: RESPONSE,
}  # fmt: skip
_OF_KIND: Final = {
    "motor": ("latency", "amplitude", "duration", "area", "velocity", "distance", RESPONSE),
    "sensory": ("latency", "peak_latency", "amplitude", "duration", "velocity", "distance", RESPONSE),
    "mixed": ("latency", "peak_latency", "amplitude", "velocity", "distance", RESPONSE),
    "f_wave": ("latency", "persistence", RESPONSE),
    "h_reflex": ("latency", "amplitude", RESPONSE),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Which response a column belongs to."""

    kind: str
    nerve: str
    side: str
    site: str | None = None
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Where the values of a column go. `column`: of VALUES or LIMITS; `factor`: to its unit; `unit`: as written;
    `assumed`: what custom supplied, in words."""

    place: Place
    column: str
    factor: float = 1.0
    unit: str | None = None
    convention: str | None = None
    assumed: str | None = None


class NotMeantError(Exception):
    """The heading names no single measurement: why, and the code of the issue."""

    def __init__(self, why: str, code: str = "column-not-understood") -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class Given:
    """What a row says for all of its columns."""

    nerve: str | None = None
    side: str | None = None
    kind: str | None = None
    muscle: str | None = None
    site: str | None = None
    arm: str | None = None
    leg: str | None = None
    """The side of the arm and of the leg, where these may differ."""

    def side_of(self, nerve: str) -> str | None:
        """The side that is said for a nerve."""
        return self.side or {"upper": self.arm, "lower": self.leg}.get(LIMB_OF.get(nerve, ""))


@dataclass
class Company:
    """What the headings of one sheet say together: kinds of study, stimulation and recording sites of each nerve."""

    kinds: dict[str, set[str]] = field(default_factory=dict)
    sites: dict[str, set[str]] = field(default_factory=dict)
    recordings: dict[str, set[str]] = field(default_factory=dict)
    stimulated: dict[str, set[str]] = field(default_factory=dict)
    unnamed: set[str] = field(default_factory=set)
    """Kinds of study that headings without a nerve name."""
    segmented: set[str] = field(default_factory=set)
    """Nerves with velocities of segments named as a whole: forearm, across the elbow."""

    @classmethod
    def of(cls, meanings: Iterable[Meaning]) -> "Company":
        """Gather what is plainly said."""
        company = cls()
        for m in meanings:
            fingers = DIGIT_NERVES.get(m.skin or "", ())
            nerve = m.nerve or MUSCLE_NERVE.get(m.muscle or "") or (fingers[0] if len(fingers) == 1 else None)
            if not m.names_nerve and m.understood and not m.derived and m.kind in ("motor", "sensory"):
                company.unnamed.add(m.kind)
            if not nerve or not m.whole or m.derived:
                continue
            if m.muscle or m.skin:
                company.recordings.setdefault(nerve, set()).add(m.muscle or m.skin or "")
            if m.kind == "sensory":
                own = _ends(m.sites)[:1] if len(m.sites) == 2 else m.sites
                company.stimulated.setdefault(nerve, set()).update(own or _on_the_way_up(m))
            kind = "motor" if m.kind is None and m.end == "proximal" else m.kind
            if kind in ("motor", "sensory"):
                company.kinds.setdefault(nerve, set()).add(kind)
            if m.kind != "sensory":
                found = company.sites.setdefault(nerve, set())
                found.update(m.sites if m.measure != "velocity" or len(m.sites) == 2 else ())
                if m.measure == "velocity" and (m.segment or "forearm" in m.sites):
                    company.segmented.add(nerve)
        return company

    def muscle(self, m: Meaning, given: Given, nerve: str) -> str | None:
        """The muscle named, or the usual one where other headings of the nerve name it."""
        usual = USUAL_MUSCLE.get(nerve)
        return m.muscle or given.muscle or (usual if usual in self.recordings.get(nerve, ()) else None)

    def only_muscle(self, nerve: str) -> str | None:
        """The usual muscle where it is the only one that other headings of the nerve name: F waves are recorded there."""
        named = {r for r in self.recordings.get(nerve, ()) if r in MUSCLE_NERVE}
        return USUAL_MUSCLE[nerve] if named == {USUAL_MUSCLE.get(nerve)} else None

    def finger(self, m: Meaning, nerve: str) -> str | None:
        """The skin site named, or the only one that other headings of the nerve name."""
        named = {r for r in self.recordings.get(nerve, ()) if r not in MUSCLE_NERVE}
        return m.skin or (next(iter(named)) if len(named) == 1 else None)

    def stimulation(self, nerve: str) -> str | None:
        """The only stimulation site that the headings of a sensory nerve name."""
        named = self.stimulated.get(nerve, set())
        return next(iter(named)) if len(named) == 1 else None

    def proximal(self, nerve: str, distal: str) -> list[str]:
        """The sites named beyond the distal one, from distal to proximal."""
        known = [s for s in self.sites.get(nerve, ()) if SITE_ORDER[s] > SITE_ORDER[distal] and s in _STIMULATED]
        return sorted(known, key=lambda s: SITE_ORDER[s])


def _ends(sites: Sequence[str]) -> tuple[str, str]:
    """Stimulation and recording of two sites of a sensory or mixed nerve: above the ankle, or below the wrist."""
    near, far = sorted(sites, key=lambda s: SITE_ORDER[s])
    return (far, near) if near == "ankle" else (near, far)


def _on_the_way_up(m: Meaning) -> tuple[str, ...]:
    """Where a nerve that is recorded antidromically from a finger is stimulated."""
    return ("wrist",) if m.direction == "antidromic" and (m.skin or "").startswith("digit") else ()


_STIMULATED: Final = frozenset(
    ("elbow", "below_elbow", "above_elbow", "axilla", "erb", "arm", "below_fibular_head", "above_fibular_head",
     "popliteal_fossa", "knee")
)  # fmt: skip


def joined_late(places: Iterable[Place]) -> dict[Place, Place]:
    """F waves and H reflexes that a heading names without site or muscle, and the one response that others name with them:
    latency and persistence are of the same waves."""
    late: dict[tuple[str, str, str], set[Place]] = {}
    for place in places:
        if place.kind in ("f_wave", "h_reflex"):
            late.setdefault((place.kind, place.nerve, place.side), set()).add(place)
    found: dict[Place, Place] = {}
    for group in late.values():
        sites, muscles = {p.site for p in group} - {None}, {p.recording for p in group} - {None}
        if len(group) > 1 and len(sites) < 2 and len(muscles) < 2:
            whole = replace(next(iter(group)), site=next(iter(sites), None), recording=next(iter(muscles), None))
            found |= dict.fromkeys(group, whole)
    return found


def implied_nerves(m: Meaning) -> tuple[str, ...]:
    """The nerves that the muscle or the finger of a heading can belong to."""
    return (MUSCLE_NERVE[m.muscle],) if m.muscle in MUSCLE_NERVE else DIGIT_NERVES.get(m.skin or "", ())


def settle(m: Meaning, given: Given, company: Company) -> Target:
    """The response and column of a heading. Raises NotMeantError where it names none."""
    _understood(m)
    nerve = _nerve(m, given)
    side = m.side or given.side_of(nerve)
    if side is None:
        raise NotMeantError("it names no side")
    kind = _kind(m, nerve, given, company)
    measure = _measure(m, kind)
    assumed = None
    if kind == "motor":
        site, assumed = _motor_site(m, nerve, measure, given, company)
        place = Place(kind, nerve, side, site, company.muscle(m, given, nerve))
    elif kind in ("f_wave", "h_reflex"):
        muscle = m.muscle or given.muscle or (company.only_muscle(nerve) if kind == "f_wave" else None)
        distal = USUAL_MOTOR_SITE.get(nerve) if m.end == "distal" else None
        place = Place(kind, nerve, side, m.sites[0] if len(m.sites) == 1 else distal, muscle)
    else:
        place = _sensory_place(m, nerve, side, kind, given, company)
    column = _COLUMN.get(measure) or ("amplitude_mv" if kind in ("motor", "h_reflex") else "amplitude_uv")
    unit, factor = _unit(m, measure, column)
    if m.limit:
        column = _limit_column(m, column)
    return Target(place, column, factor, unit, m.convention if measure == "amplitude" else None, assumed)


def _understood(m: Meaning) -> None:
    if m.derived and all(other.derived for other in m.others):
        raise NotMeantError("it is reckoned or judged from measurements", "column-ignored")
    if m.others:
        raise NotMeantError("it can be understood in more than one way")
    if m.rest:
        raise NotMeantError(f"the words {' '.join(m.rest)!r} are not known")
    if m.percent == "limit" or (m.percent and m.measure not in ("persistence", None)):
        raise NotMeantError("percentages are no measurements", "column-ignored")
    if m.stat in ("mean", "max"):
        raise NotMeantError("only minimal F latencies are read", "column-ignored")
    if m.stat == "min" and m.kind not in ("f_wave", "h_reflex"):
        raise NotMeantError("it does not say of what it is the minimum")


def _nerve(m: Meaning, given: Given) -> str:
    by_muscle = MUSCLE_NERVE.get(m.muscle or "")
    by_skin = DIGIT_NERVES.get(m.skin or "", ())
    nerve = m.nerve or given.nerve or by_muscle or (by_skin[0] if len(by_skin) == 1 else None)
    if nerve is None and m.kind == "h_reflex":
        nerve = "tibial"
    if nerve is None:
        raise NotMeantError("it names no nerve")
    if (by_muscle and by_muscle != nerve) or (by_skin and nerve not in by_skin):
        raise NotMeantError("its nerve and its recording site do not belong together")
    return nerve


def _kind(m: Meaning, nerve: str, given: Given, company: Company) -> str:
    """The kind of study: said, told by nerve, unit or site, or the only one the sheet has of this nerve."""
    kind = m.kind or given.kind
    if {m.kind, given.kind} == {"motor", "sensory"}:
        raise NotMeantError("its kind of study is not that of the row", "column-ignored")
    if nerve in _SENSORY_ONLY:
        if kind in ("motor", "f_wave", "h_reflex"):
            raise NotMeantError("the nerve is a sensory one")
        return kind or "sensory"
    if kind is None and m.measure == "amplitude":
        kind = {"mv": "motor", "uv": "sensory"}.get(m.unit or "")
    if kind is None and (m.muscle or nerve in ("tibial", "fibular") or m.segment or set(m.sites) & _STIMULATED):
        kind = "motor"
    if kind is None and m.measure == "velocity" and nerve in ("median", "ulnar") and m.sites == ("forearm",):
        kind = "motor"
    if kind is None and (m.skin or m.measure == "peak_latency"):
        kind = "sensory"
    if kind is None and (m.measure == "area" or m.end == "proximal"):
        kind = "motor"
    shared = set(m.sites) & company.sites.get(nerve, set())
    if kind is None and shared and not shared & company.stimulated.get(nerve, set()):
        kind = "motor"
    if kind is None and not m.names_nerve and len(company.unnamed) == 1:
        kind = next(iter(company.unnamed))
    if kind is None and len(company.kinds.get(nerve, ())) == 1:
        kind = next(iter(company.kinds[nerve]))
        vague = not (m.sites or m.end or m.number or m.segment or m.measure == "velocity")
        if vague or (kind == "sensory" and m.end == "distal"):
            raise NotMeantError("it does not say motor or sensory")
    if kind is None:
        raise NotMeantError("it does not say motor or sensory")
    if kind == "sensory" and m.muscle:
        raise NotMeantError("a sensory response is not recorded from a muscle")
    return kind


def _measure(m: Meaning, kind: str) -> str:
    measure = m.measure
    if measure is None:
        raise NotMeantError("it names no measure")
    if measure == "peak_latency" and kind == "motor":
        raise NotMeantError("peak latencies of motor responses are not read", "column-ignored")
    if measure not in _OF_KIND[kind]:
        raise NotMeantError(
            f"{measure.replace('_', ' ')} is not read of a {kind.replace('_', ' ')} study", "column-ignored"
        )
    return measure


def _unit(m: Meaning, measure: str, column: str) -> tuple[str | None, float]:
    if m.unit is None:
        return None, 1.0
    known = known_unit(m.unit)
    if known is None or known[0] not in _UNITS[measure]:
        raise NotMeantError(f"{m.unit} is no unit of {measure.replace('_', ' ')}")
    unit, factor = known
    if column == "amplitude_mv" and unit == "uV":
        return unit, factor / 1000
    if measure == "velocity":
        return "m/s", 1.0
    return unit, factor


def limit_of(column: str) -> str | None:
    """The column of LIMITS for a measured column."""
    of = "amplitude" if column.startswith("amplitude") else column
    return next((limit for limit, measured in LIMITS.items() if measured == of), None)


def _limit_column(m: Meaning, column: str) -> str:
    name = limit_of(column)
    if name is None or (m.limit in ("upper", "lower") and m.limit not in name):
        raise NotMeantError("no limit of this kind is used", "column-ignored")
    return name


# ---------------------------------------------------------------- sites


def _motor_site(m: Meaning, nerve: str, measure: str, given: Given, company: Company) -> tuple[str, str | None]:
    """The stimulation site of a motor column, and what custom supplied."""
    sites = POSITIONS.get(nerve, ())
    muscle = m.muscle or given.muscle
    distal = DISTAL_SITE.get((nerve, muscle or ""), sites[0] if sites else None)
    between = measure in ("velocity", "distance")
    if len(m.sites) == 2:
        if not between:
            raise NotMeantError("it names two sites")
        return max(m.sites, key=lambda s: SITE_ORDER[s]), None
    if distal is None:
        if len(m.sites) == 1 and not between:
            return m.sites[0], None
        raise NotMeantError("the usual sites of this nerve are not known; name them")
    segment = m.segment or next((s for s in m.sites if s in _SEGMENTS and s != distal), None)
    if segment and not (segment in m.sites and not between):
        return _segment_end(segment, nerve, between, distal, company), None
    site = m.sites[0] if m.sites else given.site
    if site:
        return _named_site(m, site, nerve, distal, between, company), None
    if m.number:
        index = m.number - 1 + (measure in ("velocity", "distance"))
        far = m.end is not None and (m.end, index) != ("distal", 0)
        if far or index >= len(sites) or muscle not in (None, DISTAL_MUSCLE.get(nerve)):
            raise NotMeantError(f"position {m.number} of the {nerve} nerve is not defined")
        return sites[index], None
    return _custom_site(m, nerve, measure, distal, company)


DISTAL_MUSCLE: Final = {"median": "APB", "ulnar": "ADM", "radial": "EIP", "fibular": "EDB", "tibial": "AH"}


def _segment_end(segment: str, nerve: str, between: bool, distal: str, company: Company) -> str:
    """The proximal end of a segment named as a whole, as the sheet names it elsewhere."""
    ends = _SEGMENTS.get(segment, {}).get(nerve)
    if not between or not ends:
        raise NotMeantError(f"{segment.replace('_', ' ')} is no segment of the {nerve} nerve")
    named = company.proximal(nerve, distal)
    return next((end for end in ends if end in named), ends[0])


def _named_site(m: Meaning, site: str, nerve: str, distal: str, between: bool, company: Company) -> str:
    if m.end == "distal" and SITE_ORDER[site] > SITE_ORDER[distal]:
        raise NotMeantError("a distal measure at a proximal site")
    if between and m.measure == "distance" and m.muscle and site == distal:
        return site  # from the muscle to the most distal site
    if between and SITE_ORDER[site] <= SITE_ORDER[distal]:
        raise NotMeantError("it names the distal end of a segment only")
    split = {"below_elbow", "above_elbow"} & company.sites.get(nerve, set()) or nerve in company.segmented
    if between and site == "elbow" and nerve == "ulnar" and split:
        return "above_elbow"
    return site


def _custom_site(m: Meaning, nerve: str, measure: str, distal: str, company: Company) -> tuple[str, str | None]:
    """The site where a heading names none: the distal one of a distal or unspecified response, otherwise the proximal
    one that the sheet names, or else the usual first segment."""
    if measure == "distance":
        raise NotMeantError("it names no segment")
    if measure != "velocity" and m.end != "proximal":
        said = m.end == "distal"
        return distal, None if said else f"{distal.replace('_', ' ')} (the usual distal site)"
    if measure == "velocity" and m.end == "distal":
        raise NotMeantError("it names no segment")
    named, usual = company.proximal(nerve, distal), POSITIONS[nerve][1]
    if len(named) == 1:
        return named[0], None
    if named and (m.end == "proximal" or usual not in named):
        raise NotMeantError("it does not say which proximal site")
    return usual, f"{usual.replace('_', ' ')} (the usual proximal site)"


def _sensory_place(m: Meaning, nerve: str, side: str, kind: str, given: Given, company: Company) -> Place:
    """Stimulation and recording of a sensory or mixed column; what is not named stays open."""
    if m.number > 1:
        raise NotMeantError(f"position {m.number} of a sensory nerve is not defined; name the site")
    if m.end == "proximal" or m.segment not in (None, "forearm", "leg"):
        raise NotMeantError("the sites of this sensory study are not defined; name them")
    sites = [*m.sites, *([m.segment] if m.segment else [])] or ([given.site] if given.site else [])
    if len(sites) == 2:
        if m.skin or ("ankle" not in sites and kind != "mixed"):
            raise NotMeantError("it names two sites")
        return Place(kind, nerve, side, *_ends(sites))
    site = sites[0] if sites else company.stimulation(nerve) or next(iter(_on_the_way_up(m)), None)
    if site == "ankle" and LIMB_OF.get(nerve) == "lower" and not m.skin:
        return Place(kind, nerve, side, None, "ankle")
    return Place(kind, nerve, side, site, company.finger(m, nerve))
