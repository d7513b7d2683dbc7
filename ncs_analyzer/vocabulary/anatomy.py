"""Names the whole program shares: studies, sides, nerves, sites, and what is usual for each nerve."""

from typing import Final

from ncs_analyzer.vocabulary.match import entries

STUDIES: Final = ("motor", "sensory", "mixed", "f_wave", "h_reflex")
SIDES: Final = ("left", "right")
RESPONSES: Final = ("present", "absent", "not_tested")
CONVENTIONS: Final = ("baseline_to_peak", "peak_to_peak")

MOTOR_NERVES: Final = ("median", "ulnar", "radial", "fibular", "tibial")
"""The motor nerves that criteria speak of."""

SENSORY_NERVES: Final = ("median", "ulnar", "radial", "sural")
"""The sensory nerves that criteria speak of; the superficial radial nerve is their radial."""

SENSORY_NERVE_OF: Final = {
    "median": "median",
    "ulnar": "ulnar",
    "radial": "radial",
    "superficial_radial": "radial",
    "sural": "sural",
}

PURELY_SENSORY: Final = (
    "superficial_radial", "sural", "superficial_fibular", "dorsal_ulnar_cutaneous", "medial_antebrachial_cutaneous",
    "lateral_antebrachial_cutaneous", "saphenous", "lateral_femoral_cutaneous",
)  # fmt: skip
"""Nerves in which no motor study is possible."""

NERVES: Final = tuple(entries("nerves"))
LIMB_OF: Final = {name: str(entry["limb"]) for name, entry in entries("nerves").items()}
USUAL_MUSCLE: Final = {n: str(e["motor_muscle"]) for n, e in entries("nerves").items() if "motor_muscle" in e}
USUAL_MOTOR_SITE: Final = {n: str(e["motor_site"]) for n, e in entries("nerves").items() if "motor_site" in e}
USUAL_SENSORY_SITES: Final = {
    n: tuple(e["sensory_sites"]) for n, e in entries("nerves").items() if "sensory_sites" in e
}

USUAL_SENSORY_RECORDING: Final = {
    "median": "digit_2",
    "ulnar": "digit_5",
    "radial": "snuffbox",
    "superficial_radial": "snuffbox",
    "sural": "ankle",
    "superficial_fibular": "ankle",
    "saphenous": "ankle",
}
"""Where a sensory response was recorded if a row does not say it."""

SECOND_MUSCLE: Final = {"ulnar": "FDI", "fibular": "TA"}
"""The muscle that counts where the usual one gave no response or was not recorded."""

NAMESAKE: Final = {("fibular", "EDC"): "EDB", ("tibial", "ADM"): "ADQP", ("tibial", "APB"): "AH"}
"""What the name of a muscle of the hand or forearm means beside a nerve of the leg: "ext dig", "abd dig min", 엄지벌림근."""

DISTAL_SITE: Final = {
    ("median", "APB"): "wrist",
    ("ulnar", "ADM"): "wrist",
    ("ulnar", "FDI"): "wrist",
    ("radial", "EIP"): "forearm",
    ("fibular", "EDB"): "ankle",
    ("fibular", "TA"): "below_fibular_head",
    ("tibial", "AH"): "ankle",
    ("facial", "nasalis"): "mastoid",
}
"""Where a published distal latency or amplitude of that recording is measured from."""

SITE_ORDER: Final = {name: int(entry["order"]) for name, entry in entries("sites").items()}
"""Distance from the distal end within one nerve; sites without an order form no segments."""

SITE_LIMB: Final = {
    **dict.fromkeys(
        ("palm", "wrist", "forearm", "below_elbow", "elbow", "above_elbow", "arm", "axilla", "erb"), "upper"
    ),
    **dict.fromkeys(
        ("ankle", "calf", "leg", "below_fibular_head", "above_fibular_head", "popliteal_fossa", "knee", "thigh"),
        "lower",
    ),
}
"""The limb a site lies in, where it lies in one only."""


def in_limb(site: str, nerve: str) -> bool:
    """Whether a nerve runs where a site lies, as far as both are known."""
    limb, where = LIMB_OF.get(nerve), SITE_LIMB.get(site)
    return limb not in ("upper", "lower") or where is None or where == limb


STIMULATIONS: Final = tuple(SITE_ORDER)
_SKIN: Final = ("digit_1", "digit_2", "digit_3", "digit_4", "digit_5", "snuffbox", "hand_dorsum", "foot_dorsum", "toe_1",
                "medial_forearm", "lateral_forearm")  # fmt: skip
MUSCLES: Final = tuple(name for name in entries("muscles") if name not in _SKIN)
RECORDINGS: Final = (*entries("muscles"), *(n for n, e in entries("sites").items() if e["kind"] == "both"))
