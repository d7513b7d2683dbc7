"""Labels: every language has every word, and every word a report says through them is there."""

import string

import pytest

from ncs_analyzer.report.labels import LANGUAGES, Labels, dictionary, labels
from ncs_analyzer.report.tables import block_table, value_tables
from ncs_analyzer.vocabulary.anatomy import NERVES, SITE_ORDER
from ncs_analyzer.wording import plain
from tests.report.samples import records


def test_every_label_has_every_language() -> None:
    for english, words in dictionary().items():
        assert set(words) == set(LANGUAGES) - {"en"}, english
        assert all(word.strip() == word and word for word in words.values()), english


def test_every_nerve_has_a_label() -> None:
    assert not [name for name in NERVES if plain(name) not in dictionary()]


def test_sites_that_form_segments_have_a_label() -> None:
    own = {plain(name) for name in SITE_ORDER} - {"Erb"}
    assert not sorted(own - set(dictionary()))


class Heard(Labels):
    """Labels that remember what was asked of them."""

    def __call__(self, english: str) -> str:
        self.words[english] = english
        return english


def test_every_word_the_tables_say_has_a_label() -> None:
    heard = Heard()
    for record in records():
        list(value_tables(record, heard))
        block_table(record, heard)
    muscles = {word for word in heard.words if word.isupper() and word.isalpha()} | {"soleus"}
    words = {word for word in heard.words if any(c in string.ascii_letters for c in word)}
    assert words - muscles - set(dictionary()) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_a_language(language: str) -> None:
    say = labels(language)
    assert say("left") == {"en": "left", "de": "links", "fr": "gauche", "es": "izq."}[language]
    assert say("no such word") == "no such word"
