"""Pairs of stimulation sites, the recording that counts, terminal latency index and residual latency."""

import numpy as np
import pytest

from ncs_analyzer.pipeline import Settings
from ncs_analyzer.vocabulary.anatomy import MOTOR_NERVES
from tests.judged import Judged, analysed
from tests.studies import motor, study

ULNAR = "wrist below_elbow elbow above_elbow axilla erb"
EXCLUDED = [
    ("median", "palm wrist elbow axilla", {"palm-wrist"}),
    ("median", "palm elbow", {"palm-elbow"}),
    ("median", "wrist elbow axilla erb", set()),
    ("ulnar", "palm wrist below_elbow", set()),
    ("ulnar", ULNAR, {"below_elbow-elbow"}),
    ("ulnar", "wrist above_elbow axilla", {"wrist-above_elbow"}),
    ("ulnar", "wrist axilla", {"wrist-axilla"}),
    ("ulnar", "below_elbow erb", {"below_elbow-erb"}),
    ("ulnar", "wrist forearm below_elbow", set()),
    ("fibular", "ankle below_fibular_head above_fibular_head", {"below_fibular_head-above_fibular_head"}),
    ("fibular", "ankle above_fibular_head popliteal_fossa", {"ankle-above_fibular_head"}),
    ("fibular", "ankle popliteal_fossa", {"ankle-popliteal_fossa"}),
    ("tibial", "ankle popliteal_fossa", set()),
    ("radial", "forearm elbow axilla", set()),
]


def pairs_of(judged: Judged) -> dict[str, bool]:
    """Pairs by their sites, and whether they count."""
    p, names = judged.analysis.physiology.pairs, judged.analysis.responses.names["stimulation"]
    return {f"{names[p.distal[i]]}-{names[p.proximal[i]]}": bool(p.counted[i]) for i in range(len(p))}


@pytest.mark.parametrize(("nerve", "sites", "excluded"), EXCLUDED)
def test_pairs_across_an_entrapment_site_are_left_out(nerve: str, sites: str, excluded: set[str]) -> None:
    rows = {"P": study(motor(nerve, sites=sites))}
    found = pairs_of(analysed(rows))
    assert len(found) == len(sites.split()) - 1
    assert {name for name, counted in found.items() if not counted} == excluded
    assert all(pairs_of(analysed(rows, Settings(compression_sites="include"))).values())


def test_an_absent_response_starts_no_pair_and_ends_one() -> None:
    judged = analysed({"P": study(motor("median", sites="wrist elbow axilla", amp2="absent"))})
    assert list(pairs_of(judged)) == ["wrist-elbow"]
    assert judged.analysis.physiology.pairs.amp_ratio.tolist() == [0.0]
    assert judged.analysis.physiology.pairs.area_ratio.tolist() == [0.0]
    assert np.isnan(judged.analysis.physiology.pairs.dur_ratio).all()


def test_an_absent_nerve_has_no_pair() -> None:
    assert pairs_of(analysed({"P": study(motor("median", amp="absent"), motor("ulnar"))})) == {
        "wrist-below_elbow": True
    }


@pytest.mark.parametrize(
    ("nerve", "muscles", "counts"),
    [
        ("ulnar", {"ADM": "10", "FDI": "9"}, "ADM"),
        ("ulnar", {"ADM": "absent", "FDI": "9"}, "FDI"),
        ("ulnar", {"ADM": "absent", "FDI": "absent"}, "ADM"),
        ("ulnar", {"FDI": "9"}, "FDI"),
        ("fibular", {"EDB": "absent", "TA": "5"}, "TA"),
        ("fibular", {"EDB": "0.2", "TA": "5"}, "EDB"),
    ],
)
def test_the_recording_that_counts(nerve: str, muscles: dict[str, str], counts: str) -> None:
    judged = analysed({"P": study(*(motor(nerve, muscle=muscle, amp=amp) for muscle, amp in muscles.items()))})
    m = judged.analysis.physiology.motor
    assert [judged.analysis.responses.names["recording"][code] for code in m.muscle] == [counts]


def test_an_f_wave_counts_only_from_the_muscle_that_counts() -> None:
    other = [row for row in motor("ulnar", muscle="FDI", f="absent") if row["study"] == "f_wave"]
    judged = analysed({"P": study(motor("ulnar", f=None), other)})
    assert judged.analysis.physiology.motor.f_tested.tolist() == [False]


def test_f_waves_alone_are_no_motor_nerve() -> None:
    alone = [row for row in motor("ulnar") if row["study"] == "f_wave"]
    judged = analysed({"P": study(alone, motor("median"))})
    assert [MOTOR_NERVES[code] for code in judged.analysis.physiology.motor.nerve] == ["median"]


def test_persistence_of_nothing_is_absent_and_a_blank_is_not() -> None:
    silent = motor("ulnar", f="", persistence="0")
    silent[-1].pop("response")
    judged = analysed({"P": study(silent, motor("median", f="", persistence="50"))})
    assert dict(zip(judged.motor_lines, judged.analysis.physiology.motor.f_absent.tolist(), strict=True)) == {
        (0, "median", "right"): False,
        (0, "ulnar", "right"): True,
    }


def test_terminal_latency_index_and_residual_latency() -> None:
    """80 mm at 4.0 ms and 50 m/s: 0.4, and 4.0 - 1.6 = 2.4 ms = DML x (1 - TLI)."""
    m = analysed({"P": study(motor("ulnar", dml="4.0", mcv="50", distance="80"))}).analysis.physiology.motor
    assert m.tli.tolist() == pytest.approx([0.4])
    assert m.residual_latency.tolist() == pytest.approx([2.4])


def test_the_distal_distance_runs_through_the_palm() -> None:
    m = analysed({"P": study(motor("median", sites="palm wrist elbow", distance0="70", distance="60"))}).analysis
    assert m.physiology.motor.distal_distance.tolist() == [130.0]


def test_a_velocity_is_computed_where_none_is_printed() -> None:
    rows = study(motor("ulnar", mcv=None, distance2="200"))
    rows[1] |= {"latency_ms": "7.0"}
    pairs = analysed({"P": rows}).analysis.physiology.pairs
    assert pairs.velocity.tolist() == pytest.approx([50.0])
    assert pairs.computed.tolist() == [True]


def test_the_worst_of_the_counted_pairs_stands_for_the_nerve() -> None:
    """The drop across the elbow is larger, and does not count; Erb's point is kept apart."""
    rows = study(motor("ulnar", sites=ULNAR, amp2="9.0", amp3="3.0", amp4="3.0", amp5="2.4", amp6="0.6", mcv3="20"))
    m = analysed({"P": rows}).analysis.physiology.motor
    assert m.amp_ratio.tolist() == pytest.approx([0.8])
    assert m.amp_ratio_erb.tolist() == pytest.approx([0.25])
    assert m.mcv_pct.tolist() == pytest.approx([120.0])
