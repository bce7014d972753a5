"""Linking titles to labels: cleaning, characters compared for real, ranking, and a real model."""

import numpy as np
import pytest

from search.characters import CharacterIndex
from search.embeddings import embedder
from search.errors import LinkingUnavailable
from search.fusion import neutral_order
from search.linking import CONCEPT_WEIGHT, Label, LabelRanker, LabelSet, Mode, build_ranker, encode_all, ranks

LABELS = [
    Label("a0", "opérateur de remplissage/opératrice de remplissage", "a"),
    Label("a1", "conducteur de machine de conditionnement", "a"),
    Label("b0", "technicien de laboratoire", "b"),
    Label("b1", "laborantin", "b"),
    Label("c0", "boulanger", "c"),
]


class Given:
    """Cosines given by hand, for what only arithmetic decides."""

    def __init__(self, *cosines: float) -> None:
        self.cosines = cosines

    def similarities(self, titles):
        return np.array([self.cosines] * len(titles), dtype=np.float32)


def best(ranker: LabelRanker, title: str) -> str:
    scores = ranker.scores([title])[0]
    return ranker.known.labels[int(np.argmax(scores))].code


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Opérateur de production (H/F)", "opérateur de production"),
        ("Opérateur (h/f/x) de production", "opérateur de production"),
        ("Laborantin H/F", "laborantin"),
        ("Laborantin - F/H", "laborantin"),
        ("Data manager (M/W/D)", "data manager"),
        ("Chimiste (H-F)", "chimiste"),
        ("Chimiste (femme / homme)", "chimiste"),
        ("Technicien / Technicienne  de labo", "technicien/technicienne de labo"),
        ("coiffeur homme", "coiffeur homme"),
        ("ingénieur R&D", "ingénieur r&d"),
        ("assistant H24/7", "assistant h24/7"),
        ("(H/F)", "(h/f)"),
        ("", ""),
    ],
)
def test_title_is_cleaned_of_what_says_for_men_and_women(text, cleaned):
    assert clean(text) == cleaned
    assert clean(cleaned) == cleaned


def clean(text: str) -> str:
    return LabelSet([Label("x", text, "x")]).texts[0]


def test_labels_stand_in_neutral_order_and_equal_texts_are_compared_once():
    known = LabelSet([*LABELS, Label("d0", "Boulanger (H/F)", "d")])
    codes = [label.code for label in known.labels]
    assert codes == sorted(codes, key=neutral_order)
    assert len(known.texts) == len(LABELS)
    assert known.text_rows[codes.index("c0")] == known.text_rows[codes.index("d0")]


def test_equal_scores_follow_the_neutral_order():
    known = LabelSet(Label(f"x{number}", f"texte {number}", "x") for number in range(50))
    ranker = LabelRanker(known, Given(*[0.5] * 50), None)
    noise = LabelRanker(known, Given(*[0.5 + number * 1e-9 for number in range(50)]), None)
    for one in (ranker, noise):
        assert ranks(one.scores(["texte"])[0], np.arange(50)) == list(range(1, 51))


def test_score_is_the_weighted_mean_of_both_halves_and_a_concept_raises_its_labels():
    known = LabelSet(LABELS)
    cosines = {"a0": 0.9, "a1": 0.1, "b0": 0.6, "b1": 0.5, "c0": 0.2}
    given = Given(*[cosines[label.code] for label in known.labels])
    both = LabelRanker(known, given, given).scores(["x"])[0]
    alone = LabelRanker(known, given, None).scores(["x"])[0]
    assert both == pytest.approx(alone, abs=1e-6)
    raised = dict(
        zip((x.code for x in known.labels), LabelRanker(known, given, None).with_concepts(alone), strict=True)
    )
    assert raised["a1"] == pytest.approx(0.1 + CONCEPT_WEIGHT * 0.9, abs=1e-5)
    assert sorted(raised, key=raised.get, reverse=True) == ["a0", "a1", "b0", "b1", "c0"]


def test_concept_holds_all_its_labels():
    known = LabelSet(LABELS)
    held = {
        known.concepts[row]: {known.labels[column].code for column in known.of_concept(row)}
        for row in range(len(known.concepts))
    }
    assert held == {"a": {"a0", "a1"}, "b": {"b0", "b1"}, "c": {"c0"}}


def test_characters_find_other_forms_of_the_words(scikit_learn):
    ranker = build_ranker(LabelSet(LABELS), Mode.CHARACTERS, None)
    assert best(ranker, "Laborantine (H/F)") == "b1"
    assert best(ranker, "opératrices remplisage") == "a0"
    assert best(ranker, "BOULANGÈRE") == "c0"
    scores = ranker.scores(["boulanger", "xyz"])
    assert scores[0].max() == pytest.approx(1, abs=1e-5)
    assert scores[1].max() == 0


def test_many_titles_get_the_scores_of_one(scikit_learn):
    ranker = build_ranker(LabelSet(LABELS), Mode.CHARACTERS, None)
    titles = [f"laborantin {number}" for number in range(150)]
    assert np.array_equal(np.stack(list(ranker.each(titles))), ranker.scores(titles))


def test_characters_when_saved_then_say_the_same(scikit_learn, tmp_path):
    texts = LabelSet(LABELS).texts
    index = CharacterIndex.fit(texts)
    index.save(tmp_path)
    titles = ["laborantine", "opérateur", "😀", ""]
    assert np.array_equal(CharacterIndex.load(tmp_path).similarities(titles), index.similarities(titles))


@pytest.mark.parametrize(
    ("labels", "mode"),
    [([], Mode.CHARACTERS), ([Label("a", "!", "a")], Mode.CHARACTERS), (LABELS, Mode.HYBRID)],
)
def test_ranker_when_it_cannot_compare_then_says_so(scikit_learn, labels, mode):
    with pytest.raises(LinkingUnavailable, match=r"intitulé|modèle"):
        build_ranker(LabelSet(labels), mode, None)


def test_without_scikit_learn_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sklearn.feature_extraction.text", None)
    with pytest.raises(LinkingUnavailable, match="option « ml »"):
        build_ranker(LabelSet(LABELS), Mode.CHARACTERS, None)


@pytest.mark.model
def test_vectors_of_many_texts_keep_their_places(real_model):
    texts = ["conduire un camion de transport de marchandises", "lire", "boulanger de nuit"]
    placed = encode_all(texts, embedder())
    for text, vector in zip(texts, placed, strict=True):
        assert embedder().encode([text])[0] @ vector == pytest.approx(1, abs=1e-3)


@pytest.mark.model
def test_meaning_finds_what_shares_no_word(real_model, scikit_learn):
    hybrid = build_ranker(LabelSet(LABELS), Mode.HYBRID, embedder())
    assert best(hybrid, "baker") == "c0"
    assert best(hybrid, "filling") == "a0"
    assert best(hybrid, "Laborantine (H/F)") == "b1"
    assert hybrid.scores(["boulanger"]).max() == pytest.approx(1, abs=1e-3)
