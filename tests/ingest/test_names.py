"""Names that no list holds whole, understood by their parts; and names that must not be understood."""

import pytest

from ncs_analyzer.ingest.places import Place, place_named, read_place, recorded
from ncs_analyzer.ingest.segments import site_code
from ncs_analyzer.vocabulary.match import normalise


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Abductor pollicis brevis muscle", "APB"),
        ("M. abd. poll. brev.", "APB"),
        ("abdutor curto do polegar", "APB"),
        ("brevis pollicis abductor", "APB"),
        ("外展小指肌", "ADM"),
        ("BElbow", "below_elbow"),
        ("below the elbow", "below_elbow"),
        ("elbow below", "below_elbow"),
        ("肘上", "above_elbow"),
        ("비골두 아래", "below_fibular_head"),
        ("abductor", None),
        ("brevis", None),
        ("above", None),
        ("below the Qqq", None),
    ],
)
def test_a_place_by_its_parts(text: str, named: str | None) -> None:
    assert place_named(text) == named


def test_ways_of_writing_are_one() -> None:
    assert normalise("淺腓神經") == normalise("浅腓神经")
    assert read_place("淺腓神經").nerve == read_place("腓浅神经").nerve == "superficial_fibular"
    for text in ("左正中神経", "左正中神經", "左正中神经"):
        assert read_place(text) == Place(nerve="median", side="left")


@pytest.mark.parametrize(
    ("text", "site"), [("W", "wrist"), ("BE", "below_elbow"), ("E", "elbow"), ("Q", None), ("", None)]
)
def test_letters_mean_sites_only_in_a_column_of_sites(text: str, site: str | None) -> None:
    assert site_code(text) == site
    assert place_named(text) is None or text == "BE"


@pytest.mark.parametrize("text", ["rec. APB", "Abl.: M. abductor pollicis brevis", "導出：短母指外転筋"])
def test_what_says_only_where_was_recorded(text: str) -> None:
    found = recorded(text)
    assert found == "APB"
