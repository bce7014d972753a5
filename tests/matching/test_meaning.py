"""Passages and what they are about: units, scores, signs, curves. A model of a few skills is made by hand."""

import numpy as np
import pytest

from matching.calibration import label_probability
from matching.reading.company import SIGNS as SIGNS_OF_COMPANY
from matching.reading.company import Company
from matching.reading.lexicon import LabelRow, Lexicon
from matching.reading.passage_model import PassageModel, read_passage_model, terms, write_passage_model
from matching.reading.reader import read_text
from matching.reading.reader_model import reader_model
from matching.reading.tokens import tokenize
from matching.reading.units import Unit
from matching.reading.weighing import KINDS, OF_MEANING, SIGNS, Curve, candidates
from tests.matching.factories import real_lexicon

LEXICON = Lexicon(
    [LabelRow("pipetting", "fr", "pipetage", "preferred"), LabelRow("filling", "fr", "remplissage", "hidden")]
)


def model_of_words(**words: str) -> PassageModel:
    """Each skill is spoken for by the words given; by meaning, the first number of a vector is the first skill, and so on."""
    codes = sorted(words)
    held = {term: place for place, code in enumerate(codes) for term in terms(words[code].split())}
    vocabulary = {term: place for place, term in enumerate(sorted(held))}
    return PassageModel(
        tuple(codes),
        "by-hand",
        weights=np.eye(4, len(codes), dtype=np.float32) * 20,
        bias=np.zeros(len(codes), dtype=np.float32),
        terms=vocabulary,
        rarity=np.ones(len(vocabulary), dtype=np.float32),
        first=np.arange(len(vocabulary) + 1, dtype=np.int32),
        skills=np.array([held[term] for term in sorted(held)], dtype=np.int32),
        strengths=np.ones(len(vocabulary), dtype=np.float32),
        examples=np.eye(len(codes), 4, dtype=np.float32),
        example_starts=np.arange(len(codes), dtype=np.int32),
    )


MODEL = model_of_words(
    filling="flacons bouchons", pipetting="pipette microlitres", stock="palettes inventaire"
)
KINDS_OF = dict.fromkeys(MODEL.codes, "know-how")


def units(*texts: str) -> list[Unit]:
    """Passages one after the other."""
    return [Unit(100 * place, 100 * place + 50, tuple(text.split()), 1) for place, text in enumerate(texts)]


def found(text: str, vectors=None) -> dict:
    reading = read_text(text, LEXICON)
    scores = MODEL.scores(reading.units, vectors)
    return {one.code: one for one in candidates(MODEL, KINDS_OF, reading, scores)}


# --- Units
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Je plie des serviettes et je compte les pièces",
            ["Je plie des serviettes et je compte les pièces"],
        ),
        ("Je n'ai jamais plié de serviettes", []),
        ("J'aimerais plier des serviettes", []),
        ("Pesée, tri : caisses", ["Pesée", "tri", "caisses", "Pesée, tri : caisses"]),
        ("LOISIRS\nPlier des serviettes", ["LOISIRS"]),
        ("12 34", []),
    ],
)
def test_passages_when_they_deny_wish_or_tell_of_leisure_then_are_not_compared(text, expected):
    units = read_text(text, real_lexicon()).units
    assert [text[unit.start : unit.end] for unit in units] == expected


# --- Scores
def test_scores_when_words_of_a_skill_are_there_then_it_comes_first():
    scores = MODEL.scores(units("flacon", "inventaires", "rien"), None)
    assert [MODEL.codes[place] for place in scores.joint[:2].argmax(axis=1)] == ["filling", "stock"]
    assert np.allclose(np.exp(scores.joint).sum(axis=1), 1)
    assert np.ptp(scores.joint[2]) == 0
    assert scores.meaning is None


def test_scores_when_vectors_are_given_then_meaning_and_words_both_count():
    vectors = np.array([[0, 0, 1, 0]], dtype=np.float32)
    agreed = MODEL.scores(units("palettes"), vectors / 10).joint[0]
    alone = MODEL.scores(units("rien"), vectors / 10).joint[0]
    assert MODEL.codes[alone.argmax()] == MODEL.codes[agreed.argmax()] == "stock"
    assert agreed[2] > alone[2]


def test_scores_when_a_skill_was_replaced_then_speak_for_its_replacement():
    scores = MODEL.scores(units("inventaires"), None)
    codes, moved = scores.redirected(MODEL.codes, {"stock": "filling"})
    assert codes[moved.joint[0].argmax()] == "filling"
    codes, moved = scores.redirected(MODEL.codes, {"stock": "new-one"})
    assert codes[moved.joint[0].argmax()] == "new-one"
    assert MODEL.codes[scores.joint[0].argmax()] == "stock"


def test_words_when_never_met_in_training_then_are_not_known():
    assert MODEL.knows(["les", "flacons"])
    assert not MODEL.knows(["zorglub"])


def test_scores_when_a_clause_stands_in_a_sentence_then_the_sentence_counts_too():
    one, other = Unit(0, 10, ("rien",), 1), Unit(11, 50, ("rien",), 1)
    sentence = Unit(0, 50, ("rien", "rien"), 2, clauses=(0, 1))
    vectors = np.array([[0, 0, 0, 1], [0, 0, 1, 0]], dtype=np.float32)
    alone = MODEL.scores([one], vectors[:1])
    together = MODEL.scores([one, other, sentence], vectors)
    assert np.ptp(alone.joint[0]) == pytest.approx(0, abs=1e-5)
    assert [MODEL.codes[place] for place in together.joint.argmax(axis=1)] == ["stock"] * 3
    assert together.joint[1].max() > together.joint[2].max() > together.joint[0].max()


def test_scores_when_there_is_no_passage_then_are_empty():
    assert MODEL.scores([], None).joint.shape == (0, 3)


def test_model_when_written_then_is_read_again(tmp_path):
    write_passage_model(tmp_path, MODEL, {"note": 1})
    again, said = read_passage_model(tmp_path)
    assert (again.codes, again.encoder, again.terms, said["note"]) == (MODEL.codes, "by-hand", MODEL.terms, 1)
    passages = units("flacon palettes")
    assert np.allclose(again.scores(passages, None).joint, MODEL.scores(passages, None).joint, atol=1e-2)


# --- Signs
def test_signs_when_a_label_stands_there_then_say_which_kind_and_how_many():
    signs = found("Pipetage, pipetage et remplissage")["pipetting"].signs
    assert (signs["preferred_label"], signs["any_label"], signs["label_count"], signs["hidden_label"]) == (
        1,
        1,
        2,
        0,
    )
    assert found("Pipetage et remplissage")["filling"].signs["hidden_label"] == 1


def test_signs_when_no_label_stands_there_then_the_passage_speaks():
    one = found("Le matin, je range les palettes. Bonjour.")["stock"]
    assert one.mention is None
    assert (one.signs["any_label"], one.signs["rank"]) == (0, 0)
    assert one.unit is not None
    assert set(one.signs) == set(SIGNS)


def test_candidates_when_a_skill_is_only_denied_then_it_is_none():
    assert "pipetting" not in found("Jamais de pipetage. Dix microlitres partout.")
    assert "pipetting" in found("Jamais de pipetage ici. Pipetage ailleurs.")


def test_curve_when_a_sign_is_stronger_then_the_probability_follows_its_weight():
    curve = Curve({"joint": (0.0, 2.0, 1.0), "rank": (1.0, 1.0, -1.0)}, 0.0)
    assert curve.probability({"joint": 0.0, "rank": 1.0}) == 0.5
    assert (
        curve.probability({"joint": 2.0, "rank": 1.0}) > 0.5 > curve.probability({"joint": 0.0, "rank": 2.0})
    )
    assert curve.probability({"joint": 1e9, "rank": 1.0}) == pytest.approx(1)


# --- Company
CODES = ("a", "b", "c", "d")
TOGETHER = Company.of(CODES, [{"a", "b"}, {"a", "b"}, {"a", "b", "c"}, {"d", "gone"}])


def company(codes: tuple[str, ...], *probabilities: float) -> dict[str, float]:
    signs = TOGETHER.signs(codes, probabilities)
    return {code: one["company"] for code, one in zip(codes, signs, strict=True)}


def test_company_when_skills_are_often_asked_together_then_they_speak_for_one_another():
    assert TOGETHER.shares[0].tolist() == [0, 0.75, 0.25, 0]
    found = company(CODES, 0.9, 0.9, 0.9, 0.9)
    assert found["a"] > found["c"] > found["d"] == 0
    assert company(("b", "a"), 0.9, 0.9)["b"] > company(("b", "a"), 0.9, 0.2)["b"]


def test_company_when_a_skill_is_alone_or_newer_than_the_model_then_has_none():
    assert company(("a",), 0.9) == {"a": 0}
    assert company(("a", "newer"), 0.9, 0.9) == {"a": 0, "newer": 0}
    assert TOGETHER.signs((), ()) == []


def test_crowd_when_a_text_shows_more_skills_then_is_larger():
    few, many = (TOGETHER.signs(codes, [0.9] * len(codes))[0]["crowd"] for codes in (CODES[:2], CODES))
    assert 0 < few < many


# --- What ships
def test_shipped_model_when_read_then_its_curves_use_the_signs_that_exist():
    model = reader_model()
    assert set(model.by_meaning.alone.weights) == set(SIGNS)
    assert set(model.by_words.alone.weights) == set(SIGNS) - OF_MEANING
    for judge in (model.by_meaning, model.by_words):
        assert set(judge.accompanied.weights) == {*judge.alone.weights, *SIGNS_OF_COMPANY}
        assert judge.accompanied.weights["company"][-1] > 0
    assert set(model.kinds.values()) <= set(KINDS)
    assert set(model.kinds) == set(model.passages.codes)
    assert 0.3 < model.by_meaning.floor < 1
    assert 0.3 < model.by_words.floor < 1


def test_shipped_model_when_a_skill_is_told_without_its_name_then_words_alone_may_find_it():
    model = reader_model()
    keys = [token.key for token in tokenize("je compte les cellules au bleu trypan")]
    scores = model.passages.scores([Unit(0, 40, tuple(keys), 4)], None)
    assert model.passages.codes[scores.joint[0].argmax()] == "cell-counting"


def test_probability_of_a_label_when_less_sure_then_is_lower():
    plain = label_probability("alternative", 10, corrected=False, gapped=False)
    assert label_probability("alternative", 10, corrected=True, gapped=False) < plain
    assert label_probability("alternative", 10, corrected=False, gapped=True) < plain
    assert label_probability("acronym", 3, corrected=False, gapped=False) < label_probability(
        "acronym", 4, corrected=False, gapped=False
    )
