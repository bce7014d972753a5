"""The benchmark of the engines: what it generates is always the same, and a tiny run of it works."""

import datetime as dt
import hashlib

import numpy as np
import pytest

from benchmarks.search import engine_subject
from benchmarks.search.corpus import Corpus
from benchmarks.search.recall import recall
from benchmarks.search.report import Bar, bars
from benchmarks.search.tables import bar_lines, size_lines
from benchmarks.search.texts import read_material
from benchmarks.search.timing import percentiles
from benchmarks.search.vectors import COSINE_OF_VARIATIONS, vectorised
from search import embeddings, retrieval
from search.documents.base import SearchDocument
from search.embeddings import EmbeddingRecipe

TODAY = dt.date(2026, 11, 26)
ORIGINALS = 20


class FakeModel:
    """Vectors drawn from the text, always the same ones."""

    recipe = EmbeddingRecipe("fake", "1", "")
    calibrations = {}

    def encode(self, texts):
        vectors = np.array([_drawn(text) for text in texts], dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _drawn(text):
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(32)


@pytest.fixture(scope="module")
def material():
    return read_material(None)


@pytest.fixture
def fake_model(monkeypatch):
    model = FakeModel()
    for module in (engine_subject, embeddings, retrieval):
        monkeypatch.setattr(module, "embedder", lambda: model)
    for module in ("search.recipe", "search.neighbours"):
        monkeypatch.setattr(f"{module}.embedder", lambda: model)
    return model


def test_a_corpus_is_always_the_same_and_begins_with_the_smaller_one(material):
    first = list(Corpus(material, TODAY, originals=ORIGINALS).documents(0, 30))
    again = list(Corpus(material, TODAY, originals=ORIGINALS).documents(0, 60))

    assert first == again[:30]
    assert len({document.digest for document in again}) == 60


def test_its_documents_are_those_that_engines_take(material):
    document = Corpus(material, TODAY).document(7)

    assert SearchDocument.from_json(document.as_json()) == document
    assert 1 <= len(document.offers) <= 5


@pytest.mark.django_db
def test_a_variation_has_the_fields_of_its_original_and_vectors_near_its_own(material):
    corpus = Corpus(material, TODAY, originals=ORIGINALS)

    original, variation = vectorised(corpus, [3, 3 + ORIGINALS], FakeModel())

    assert variation.document != original.document
    assert variation.names == original.names
    cosines = (variation.vectors * original.vectors).sum(axis=1)
    assert cosines == pytest.approx(COSINE_OF_VARIATIONS, abs=0.1)


@pytest.mark.django_db
def test_a_tiny_run(fake_model, settings):
    settings.SEARCH_SEMANTIC_FLOOR = 0.0
    vectorised(engine_subject.corpus("", ORIGINALS), range(ORIGINALS), fake_model)
    subject = engine_subject.EmbeddedSubject(3)

    filling = subject.fill(50, "", ORIGINALS, 20)
    surveys = {mode: subject.survey(mode, 60) for mode in ("lexical", "semantic", "hybrid")}
    rounds = {mode: [subject.round(mode, 60, 1)] for mode in surveys}

    assert filling["documents"] == 50
    assert filling["disk_mb"] > 0
    assert all(share <= 1 for _, _, share in subject.shares())
    assert all(len(near) >= 10 for near in subject.nearest({}))
    told = {
        "name": "embedded",
        "filling": {**filling, "memory": subject.memory()},
        "opening": subject.open(),
        "memory": {"at_rest": subject.memory(), "searching": subject.memory()},
        "surveys": surveys,
        "rounds": rounds,
    }
    result = {
        "size": 50,
        "machine": {"cores": 2, "load": 0.5},
        "own_vectors": ORIGINALS,
        "encoding": [[0.01]],
        "contestants": [told],
        "failed": {},
    }
    assert any("those with noise" in line for line in size_lines(result))
    assert any("not measured" in line for line in bar_lines(bars([result])))


def test_recall_forgives_equal_neighbours():
    right = {f"right-{number}": 0.9 - number / 100 for number in range(12)} | {"as-near": 0.81}

    assert recall(right, dict(list(right.items())[:9]) | {"as-near": 0.81}) == 1
    assert recall(right, dict(list(right.items())[1:9]) | {"right-10": 0.80, "right-11": 0.79}) == 0.8


def test_percentiles_leave_out_what_was_not_asked():
    measured = percentiles([[0.001, None, 0.003], [0.001, None, 0.009]])

    assert (measured.count, measured.p95) == (4, 9)
    assert measured.steady_p95 == pytest.approx(6)
    assert percentiles([[None]]) is None


@pytest.mark.parametrize(
    ("value", "is_floor", "verdict"),
    [(1.2, False, "met"), (1.4, False, "MISSED"), (1.4, True, "met"), (None, False, "not measured")],
)
def test_a_bar_is_met_missed_or_not_measured(value, is_floor, verdict):
    assert Bar("overhead", value, 1.3, is_floor).verdict == verdict
