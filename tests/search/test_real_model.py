"""Search by meaning with a real SentenceTransformer."""

import numpy as np
import pytest

from search.embeddings import embedder
from search.engines import engine
from search.models import EmbeddingVector
from search.neighbours import nearest
from search.request import Kind, Mode, SearchRequest
from search.retrieval import search
from tests.search.factories import make_skill, make_training

pytestmark = [pytest.mark.django_db, pytest.mark.model]


@pytest.fixture(autouse=True)
def with_model(real_model):
    return real_model


def find(text: str, mode: Mode, kind: Kind = Kind.TRAININGS):
    return search(SearchRequest(kind, text, mode))


def test_vectors_have_length_one_and_the_same_text_the_same_vector():
    first, again, other = embedder().encode(
        ["purifier une protéine", "purifier une protéine", "conduire un camion"]
    )
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-3)
    assert first @ again == pytest.approx(1, abs=1e-3)
    assert first @ other < first @ again


def test_without_padding_each_text_has_the_vector_that_the_library_gives_it():
    texts = [
        "cGMP",
        "purifier une protéine par chromatographie d'affinité, puis concentrer par ultrafiltration",
        "",
        "a long text " * 300,
        *(f"passage {place} de longueur {'a b ' * (place % 7)}" for place in range(80)),
    ]
    model = embedder()._loaded()
    library = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    np.testing.assert_allclose(embedder().encode(texts), library, atol=1e-5)


def test_nothing_to_encode_is_no_vector():
    assert embedder().encode([]).shape[0] == 0


def test_meaning_finds_what_shares_no_word(rebuild, settings):
    settings.SEARCH_SEMANTIC_FLOOR = 0.9
    make_training("protein", "Purifier des protéines")
    make_training("accounts", "Tenir la comptabilité générale")
    rebuild()
    assert find("protein purification", Mode.LEXICAL).abstained
    results = find("protein purification", Mode.HYBRID)
    first = results.results[0]
    assert (first.code, first.found_by) == (
        "protein",
        "both",
    )  # one of its words, which alone is too few, is there
    assert results.mode is Mode.HYBRID
    assert not results.notice


def test_vectors_are_computed_once(rebuild, monkeypatch):
    make_training("a", "Purifier des protéines")
    rebuild()
    kept = EmbeddingVector.objects.count()
    assert kept

    def never(texts):
        raise AssertionError(f"{texts} were encoded again")

    monkeypatch.setattr(embedder(), "encode", never)
    rebuild()
    assert EmbeddingVector.objects.count() == kept


def test_another_recipe_answers_by_words_and_says_rebuild(rebuild, settings):
    make_training("a", "Purifier des protéines")
    rebuild()
    settings.EMBEDDING_PREFIX = "passage: "
    results = find("purifier", Mode.HYBRID)
    assert results.mode is Mode.LEXICAL
    assert "autre modèle" in results.notice
    assert [result.code for result in results.results] == ["a"]
    assert nearest(Kind.SKILLS, ["purifier"], 3) is None


def test_nearest_names_the_object_and_its_vector(rebuild):
    make_skill("purify", "Purifier des protéines", "Purify proteins")
    make_skill("drive", "Conduire un camion", "Drive a lorry")
    rebuild()
    ((first, second),) = nearest(Kind.SKILLS, ["purification de protéines recombinantes"], 2)
    assert (first.code, second.code) == ("purify", "drive")
    assert first.similarity > second.similarity
    assert first.vector in {"label_fr", "label_en", "description_fr", "description_en"}
    assert engine().live_recipe()["embedding"]["fingerprint"] == embedder().recipe.fingerprint
