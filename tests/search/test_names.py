"""Which names a text being typed may be, and in which order: pure rules."""

import pytest

from search.documents.base import SearchDocument
from search.names import LONGEST_TYPED, TypedName, name_key, names, suggested, title_length


def ranked(text: str, **objects: str | tuple[str, ...]) -> list[str]:
    """The codes suggested among objects given by their names."""
    keys = {
        code: [name_key(name) for name in ((said,) if isinstance(said, str) else said)]
        for code, said in objects.items()
    }
    typed = TypedName.of(text)
    return suggested(typed, keys.items(), 10) if typed else []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bioreac", "Conduire un bioréacteur"),
        ("BIORÉAC", "Conduire un bioréacteur"),
        ("bioréacteur conduire", "Conduire un bioréacteur"),
        ("tff", "TFF"),
        ("oeuvr", "Mise en œuvre"),
        ("l'asep", "Travailler dans l’asepsie"),
        ("co2", "Régler le CO₂"),
        ("vitamine c", "Vitamine C"),
        ("  remplissage   ", "Remplissage-scellage"),
        ("mi_en", "mi en cuve"),
    ],
)
def test_every_word_must_be_there_the_last_one_possibly_unfinished(text, name):
    assert ranked(text, found=name, other="Autre chose") == ["found"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bioreac conduire", "Conduire un bioréacteur"),  # only the last word may be unfinished
        ("réacteur", "Conduire un bioréacteur"),  # a word begins where it begins
        ("vitamine c", "Vitamine cristallisée"),  # one letter is a word, not a beginning
        ("filtration virale", "Filtration"),
        ("é", "École"),
        ("?!", "École"),
        ("", "École"),
        ("a" * (LONGEST_TYPED + 1), "a" * (LONGEST_TYPED + 1)),
    ],
)
def test_what_is_no_name_typed_suggests_nothing(text, name):
    assert ranked(text, found=name) == []


def test_words_of_two_names_make_no_name():
    assert ranked("culture pur", both=("Culture", "Purification"), one="Culture pure") == ["one"]


def test_names_that_begin_so_come_first_then_the_shorter():
    objects = {
        "inside": "La filtration",
        "long": "Filtration tangentielle en continu",
        "short": "Filtration virale",
        "by_label": ("Autre chose de long", "Filtration"),
    }
    assert ranked("filtration", **objects) == ["by_label", "short", "long", "inside"]


def test_equal_names_stand_in_neutral_order():
    objects = dict.fromkeys(("a", "b", "c", "d"), "Filtration")
    assert ranked("filtr", **objects) == ranked("filtr", **dict(reversed(objects.items())))


def test_a_woman_is_suggested_the_same_names():
    document = SearchDocument("a", "Opérateur de culture", labels_fr=("Conductrice de ligne",))
    assert names(document) == ("operateur de culture", "conductrice de ligne", "conducteur de ligne")
    for text in ("opératrice de cult", "opérateur", "conductric", "conducteur"):
        assert suggested(TypedName.of(text), [("a", names(document))], 1) == ["a"], text


def test_the_length_of_a_title_is_that_of_the_shorter():
    assert title_length(SearchDocument("a", "Purifier", "Purify")) == 6
    assert title_length(SearchDocument("a", "Purifier", labels_fr=("TFF",))) == 8
    assert title_length(SearchDocument("a", "")) == 0
