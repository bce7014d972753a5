"""Titles compared as sets of words, whatever the gender, the order and the small words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.origins.title_words import TypedTitle, halves, have_same_words, likeness, probe, word_key
from skills.text import text_key


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("technicienne de laboratoire", "Technicien / Technicienne de laboratoire"),
        ("technicien de laboratoire (h/f)", "Technicien / Technicienne de laboratoire"),
        ("technicien(ne) de labo", "Technicien / Technicienne de laboratoire"),
        ("opérateur·rice de production", "Opérateur / Opératrice de production"),
        ("Conductrice de lignes", "Conducteur / Conductrice de ligne"),
        ("directrice qualité", "Directeur / Directrice qualité"),
        ("chargée d'affaires réglementaires", "Chargé / Chargée des affaires réglementaires"),
        ("cheffe d'équipe", "Chef / Cheffe d'équipe"),
        ("coiffeuses", "Coiffeur / Coiffeuse"),
        ("infirmière", "Infirmier / Infirmière"),
        ("agente administrative", "Agent administratif / Agente administrative"),
        ("responsable AQ", "Responsable assurance qualité"),
        ("master biologie", "master mention biologie"),
        ("TECHNICIEN DE LABORATOIRE, F/H", "technicien de laboratoire/technicienne de laboratoire"),
    ],
)
def test_same_title_in_another_form_is_the_same(typed, title):
    assert likeness(TypedTitle.read(typed), [text_key(title)]) == 1


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("coiffeur", "Avocat"),
        ("technicien laboratoire dentaire", "Technicien de laboratoire"),
        ("", "Avocat"),
    ],
)
def test_title_that_lacks_a_word_is_another(typed, title):
    assert likeness(TypedTitle.read(typed), [text_key(title)]) == 0


def test_longer_title_is_less_like():
    typed = TypedTitle.read("technicien de laboratoire")
    assert likeness(typed, ["technicien de laboratoire d analyse", "technicien"]) == pytest.approx(
        2 / 3, abs=1e-3
    )


def test_misspelt_word_is_forgiven_at_a_cost_when_it_is_doubtful():
    typed = TypedTitle.read("tecnicien de laboratoire")
    assert likeness(typed.may_be_misspelt(["tecnicien"]), ["technicien de laboratoire"]) == 0.9
    assert likeness(typed.may_be_misspelt(["laboratoir"]), ["technicien de laboratoire"]) == 0


def test_short_word_is_not_a_longer_one():
    assert likeness(TypedTitle.read("BUT"), ["butt welder"]) == 0


def test_lacking_words_are_allowed_when_asked():
    typed = TypedTitle.read("technicien de laboratoire Sanofi")
    assert likeness(typed, ["technicien de laboratoire"]) == 0
    assert 0 < likeness(typed, ["technicien de laboratoire"], may_lack=1) < 1


def test_same_words_are_told():
    assert have_same_words("Coiffeur / Coiffeuse", "coiffeuse/coiffeur")
    assert not have_same_words("Coiffeur", "Coiffeur dames")


words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14)


@given(words)
def test_probe_is_in_the_word_it_stands_for(word):
    key = word_key(word)
    if key and not word.rstrip("sx").endswith(("trice", "euse", "ive")):
        assert key[: len(probe(key))] == probe(key)


@pytest.mark.parametrize("forms", [("conducteur", "conductrice"), ("vendeur", "vendeuse"), ("actif", "active"),
                                   ("technicien", "technicienne"), ("chef", "cheffe"), ("officier", "officiere")])  # fmt: skip
def test_both_forms_contain_the_probe(forms):
    assert len({word_key(form) for form in forms}) == 1
    assert all(probe(word_key(form)) in form for form in forms)


@given(st.text("abcdefghijk", min_size=7, max_size=14), st.data())
def test_one_wrong_letter_leaves_a_half_whole(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    wrong = word[:place] + "z" + word[place + 1 :]
    assert any(half in wrong for half in halves(word))


@given(st.text(max_size=300))
def test_anything_typed_is_read(text):
    assert len(TypedTitle.read(text).words) <= 12
