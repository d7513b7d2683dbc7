"""Martin-Gruber anastomosis: what crosses, and from where on it is no explanation."""

import pytest

from tests.judged import Judged, analysed
from tests.studies import Row, motor, study


def median_to(muscle: str, wrist: str | None, elbow: str | None, side: str = "right") -> list[Row]:
    """The median nerve stimulated at wrist and elbow, recorded from a muscle of the ulnar nerve."""
    base = {"study": "motor", "nerve": "median", "side": side, "recording": muscle}
    rows = []
    for site, amplitude in (("wrist", wrist), ("elbow", elbow)):
        value = {"response": "absent"} if amplitude == "absent" else {"amplitude_mv": amplitude}
        if amplitude is not None:
            rows.append({**base, "stimulation": site, **value})
    return rows


def with_drop(*more: list[Row], **changes: str) -> Judged:
    """An ulnar nerve that falls from 10 mV at the wrist to 6 mV below the elbow."""
    return analysed({"P": study(motor("ulnar", amp2="6.0", **changes), *more)})


def block(judged: Judged, nerve: str = "ulnar", proximal: str = "below_elbow") -> str:
    return judged.grade("P", "cb_efns_pns_2010_cidp", nerve, "right", "wrist", proximal)


def test_without_the_median_recording_the_drop_is_a_block() -> None:
    assert block(with_drop()) == "probable"


@pytest.mark.parametrize(
    ("crossing", "grade"),
    [
        ("1.4", "probable"),  # 10 - (6 + 1.4) = 2.6 of 10 left unexplained
        ("1.5", "probable"),  # exactly 0.25
        ("1.6", "none"),
        ("4.0", "none"),
        ("6.4", "none"),  # too much by 0.24
        ("6.5", "probable"),  # too much by 0.25
    ],
)
def test_it_is_explained_where_less_than_a_quarter_is_missing(crossing: str, grade: str) -> None:
    assert block(with_drop(median_to("ADM", "0.0", crossing))) == grade


def test_what_the_median_nerve_gives_at_the_wrist_is_taken_off() -> None:
    assert block(with_drop(median_to("ADM", "1.0", "5.0"))) == "none"
    assert block(with_drop(median_to("ADM", "4.0", "5.0"))) == "probable"


def test_an_absent_response_at_the_wrist_is_nothing_and_a_blank_one_is_unknown() -> None:
    assert block(with_drop(median_to("ADM", "absent", "4.0"))) == "none"
    assert block(with_drop(median_to("ADM", None, "4.0"))) == "probable"


def test_only_the_same_muscle_and_the_same_side_explain_it() -> None:
    assert block(with_drop(median_to("FDI", "0.1", "4.0"))) == "probable"
    assert block(with_drop(median_to("ADM", "0.1", "4.0", side="left"))) == "probable"


def test_only_the_forearm_is_explained() -> None:
    judged = analysed(
        {"P": study(motor("ulnar", sites="wrist below_elbow above_elbow", amp3="6.0"), median_to("ADM", "0.1", "4.0"))}
    )
    assert judged.grade("P", "cb_efns_pns_2010_cidp", "ulnar", "right", "below_elbow", "above_elbow") == "probable"


def test_a_drop_of_the_median_nerve_itself_is_none_of_it() -> None:
    judged = analysed({"P": study(motor("median", amp2="6.0"), motor("ulnar"), median_to("ADM", "0.1", "4.0"))})
    assert block(judged, "median", "elbow") == "probable"


def test_the_foreign_muscle_is_no_recording_of_the_median_nerve() -> None:
    alone = analysed({"P": study(motor("ulnar"), median_to("ADM", "0.1", "4.0"))})
    assert [nerve for _, nerve, _ in alone.motor_lines] == ["ulnar"]


def test_the_measured_ratio_stays() -> None:
    judged = with_drop(median_to("ADM", "0.0", "4.0"))
    pairs = judged.analysis.physiology.pairs
    assert pairs.anastomosis.tolist() == [True]
    assert pairs.amp_ratio.tolist() == [1.0]
    assert pairs.measured_amp_ratio.tolist() == pytest.approx([0.6])
