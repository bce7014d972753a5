"""Text to mentions, stances and levels, with the referential's own labels."""

import unicodedata

import pytest

from matching.reading.lexicon import LabelRow, Lexicon
from matching.reading.reader import read_text
from matching.reading.spelling import Speller, is_one_edit_away
from matching.reading.stems import french_stem
from matching.reading.tokens import tokenize
from tests.matching.cases import CASES
from tests.matching.factories import real_lexicon, referential_rows


def held(text: str) -> set[str]:
    return {evidence.code for evidence in read_text(text, real_lexicon()).held}


def level(text: str, code: str) -> int:
    return next(one.level.level for one in read_text(text, real_lexicon()).held if one.code == code)


@pytest.mark.parametrize(("text", "codes", "set_aside"), CASES, ids=[case[0][:60] for case in CASES])
def test_sentence_when_read_then_gives_its_skills(text, codes, set_aside):
    reading = read_text(text, real_lexicon())
    assert {evidence.code for evidence in reading.held} == codes
    assert {refusal.code for refusal in reading.refused} == set_aside


@pytest.mark.parametrize(
    "text",
    [
        "Conduite de bioréacteurs 😀😀 et HPLC",
        "𝔘𝔫 essai 👩‍🔬 : lyophilisation",
        "Ligne une\r\nHPLC\r\nélectrophorèse\r\n",
        unicodedata.normalize("NFD", "Électrophorèse, cytométrie en flux"),
        "bio\u00adréacteur, ﬁltration tangentielle",
        "Mise en œuvre de systèmes à usage unique",
    ],
)
def test_quote_when_the_text_is_unusual_then_offsets_point_at_it(text):
    reading = read_text(text, real_lexicon())
    assert reading.held
    words = [token.surface for token in tokenize(text)]
    for evidence in reading.held:
        quote = text[evidence.start : evidence.end]
        assert quote == quote.strip()
        assert tokenize(quote)[0].surface in words
        assert tokenize(quote)[-1].surface in words


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("HPLC", "hplc-analysis", 2),
        ("Notions de HPLC", "hplc-analysis", 1),
        ("HPLC (notions), ELISA", "hplc-analysis", 1),
        ("HPLC (notions), ELISA", "elisa-assays", 2),
        ("Débutant en HPLC, expert en ELISA", "elisa-assays", 4),
        ("Débutant en HPLC, expert en ELISA", "hplc-analysis", 1),
        ("10 ans de HPLC", "hplc-analysis", 3),
        ("Quatorze ans de HPLC", "hplc-analysis", 3),
        ("un an de HPLC", "hplc-analysis", 2),
        ("HPLC : niveau confirmé", "hplc-analysis", 3),
        ("Formé à la HPLC", "hplc-analysis", 2),
        ("J'ai formé mes collègues à la HPLC", "hplc-analysis", 3),
        ("I trained new staff in HPLC", "hplc-analysis", 3),
        ("HPLC. Notions de BPF.", "hplc-analysis", 2),
    ],
)
def test_level_when_the_words_around_tell_then_is_guessed(text, code, expected):
    assert level(text, code) == expected


def test_skill_when_denied_once_and_held_once_then_is_held():
    reading = read_text("Jamais de HPLC à l'école. HPLC tous les jours depuis deux ans.", real_lexicon())
    assert [one.code for one in reading.held] == ["hplc-analysis"]
    assert reading.refused == ()


def test_reason_when_set_aside_then_quotes_the_cue():
    text = "Je n'ai jamais travaillé en zone stérile."
    (refusal,) = read_text(text, real_lexicon()).refused
    assert "jamais" in text[refusal.start : refusal.end]
    assert "zone stérile" in text[refusal.start : refusal.end]
    assert "jamais" in refusal.reason


def test_hard_wrapped_sentence_when_denied_then_the_denial_crosses_the_line():
    assert held("Je n'ai jamais travaillé\nen zone stérile.") == set()
    assert held("Je n'ai jamais travaillé\n- zone stérile") == {"cleanroom-gowning"}


def test_label_when_two_start_together_then_the_longest_wins():
    lexicon = Lexicon(
        [
            LabelRow("short", "fr", "culture", "alternative"),
            LabelRow("long", "fr", "culture cellulaire", "alternative"),
        ]
    )
    assert [mention.code for mention in lexicon.find(tokenize("culture cellulaire"))] == ["long"]


def test_label_when_words_belong_to_two_sentences_then_is_not_found():
    lexicon = Lexicon([LabelRow("one", "fr", "culture cellulaire", "alternative")])
    assert lexicon.find(tokenize("culture. Cellulaire")) == []
    assert lexicon.find(tokenize("culture, cellulaire")) == []


def test_label_with_one_word_of_its_own_when_small_words_are_missing_then_is_not_found():
    lexicon = Lexicon([LabelRow("reception", "en", "goods in", "hidden")])
    assert lexicon.find(tokenize("good")) == []
    assert len(lexicon.find(tokenize("goods in"))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("conduire", "conduite"),
        ("preparer", "preparation"),
        ("remplir", "remplissage"),
        ("qualifier", "qualification"),
        ("nettoyer", "nettoyage"),
        ("gerer", "gestion"),
        ("cellule", "cellulaires"),
        ("purifiees", "purification"),
        ("milieu", "milieux"),
    ],
)
def test_stem_when_words_are_of_one_family_then_is_shared(one, other):
    assert french_stem(one) == french_stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("former", "formation"), ("format", "formule"), ("habiller", "habiliter")]
)
def test_stem_when_words_mean_different_things_then_differs(one, other):
    assert french_stem(one) != french_stem(other)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("chromatogaphie", "chromatographie"),
        ("chromatographie", None),
        ("xhromatographie", None),
        ("chroma", None),
    ],
)
def test_speller_when_one_letter_is_wrong_then_corrects_long_words(word, expected):
    assert Speller(["chromatographie"]).correct(word) == expected


def test_edit_distance_when_two_letters_differ_then_is_too_far():
    assert is_one_edit_away("abcd", "abdc")
    assert is_one_edit_away("abcd", "abxcd")
    assert not is_one_edit_away("abcd", "axxd")
    assert not is_one_edit_away("abcd", "abcdef")


def test_every_label_when_read_alone_then_gives_its_own_skill():
    """Every text of the referential is recognised, but for labels shared after stemming (under 1 %)."""
    rows = referential_rows()
    missed = [
        row
        for row in rows
        if row.code not in {mention.code for mention in real_lexicon().find(tokenize(row.text))}
    ]
    assert len(rows) > 1_500
    assert len(missed) <= len(rows) * 0.01, missed


SENSES = Lexicon(
    [
        LabelRow(
            "pharmacovigilance", "", "PV", "acronym", ("effets indésirables", "vigilance", "adverse events")
        ),
        LabelRow("", "", "PV", "acronym", ("réunion", "signer")),
        LabelRow("environmental-monitoring", "", "EM", "acronym", ("salle propre", "prélèvement d'air")),
        LabelRow("microscopy", "", "EM", "acronym", ("microscope", "électronique")),
        LabelRow("capa-management", "", "CAPA", "acronym", ("déviation",)),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saisie des PV et des effets indésirables", {"pharmacovigilance"}),
        ("PV : suivi de la vigilance", {"pharmacovigilance"}),
        ("Signature des PV de réunion", set()),
        ("Suivi des PV", set()),
        ("EM en salles propres", {"environmental-monitoring"}),
        ("Images EM au microscope", {"microscopy"}),
        ("EM. Prélèvements d'air et de surface.", {"environmental-monitoring"}),
        ("EM dans l'équipe. Je cours le dimanche. J'ai un microscope.", set()),
        ("EM au microscope en salle propre", set()),
        ("CAPA", {"capa-management"}),
    ],
)
def test_acronym_of_several_senses_when_its_context_tells_then_is_read(text, expected):
    """By its sentence, then by those beside; two senses alike, or none, and nobody guesses."""
    assert {held.code for held in read_text(text, SENSES).held} == expected
