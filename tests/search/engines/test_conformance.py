"""What one engine answers, the other answers: on a catalogue made by chance, every part of the interface.

Words, filters, facets, orders and pages must be the same. Neighbours are compared with the exact ones of the embedded engine.
"""

import numpy as np
import pytest

from search.clauses import AnyOf, EngineRequest, ParsedQuery, Sort, Unit
from search.documents.base import SearchDocument
from search.engines.base import VectorisedDocument
from search.fusion import ranked
from search.request import Kind, SortKey
from tests.search.engines.catalogue import DIMENSIONS, TODAY, Catalogue
from tests.search.engines.conftest import serve

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch, pytest.mark.any_database]
REQUESTS = 120
# Elasticsearch finds candidates with vectors of 8 bits, then scores them with the full ones: of two vectors of an object that
# are as near, it may score the wrong one.
COSINE_ERROR = 0.02


@pytest.fixture
def catalogue():
    return Catalogue(seed=7)


@pytest.fixture
def served(engines, catalogue):
    documents = catalogue.trainings(400)
    for chosen in engines:
        serve(chosen, {Kind.TRAININGS: documents})
    return engines


def test_words_filters_facets_and_counts_are_the_same(served, catalogue):
    """Rankings agree on the first ten at least: an engine counts the documents without a field among those of an idf, the
    other does not."""
    overlaps = []
    for number in range(REQUESTS):
        request = catalogue.request()
        mine, theirs = (one.retrieve(Kind.TRAININGS, request) for one in served)
        if not is_about_the_same_neighbours(mine.semantic, theirs.semantic, request):
            continue
        assert theirs.total == mine.total, f"request {number}: {request}"
        assert theirs.facets == mine.facets, f"request {number}: {request}"
        assert len(theirs.lexical) == len(mine.lexical), f"request {number}: {request}"
        if len(mine.lexical) < request.rank_window:
            assert theirs.lexical.keys() == mine.lexical.keys(), f"request {number}: {request}"
        overlaps.append(overlap(ranked(mine.lexical), ranked(theirs.lexical)))
    assert len(overlaps) > REQUESTS * 0.8
    assert np.mean(overlaps) >= 0.9


def overlap(mine: list[str], theirs: list[str]) -> float:
    """The share of the first ten that both have."""
    return len({*mine[:10]} & {*theirs[:10]}) / min(10, len(mine)) if mine else float(not theirs)


def is_about_the_same_neighbours(mine, theirs, request) -> bool:
    """Whether they are the same; those that only one engine has must lie on the edge of the set."""
    edge = max(request.vector_floor, min(mine.values(), default=-1.0)) if mine else request.vector_floor
    for code in mine.keys() ^ theirs.keys():
        cosine = mine.get(code, theirs.get(code))
        assert abs(cosine - edge) < COSINE_ERROR or not (mine and theirs), (code, cosine, edge)
    for code in mine.keys() & theirs.keys():
        assert abs(mine[code] - theirs[code]) < COSINE_ERROR
    return mine.keys() == theirs.keys()


@pytest.mark.parametrize("key", [SortKey.DATE, SortKey.PRICE, SortKey.DISTANCE])
def test_orders_are_the_same(served, catalogue, key):
    sort = Sort(key, (45.76, 4.84) if key is SortKey.DISTANCE else None)
    for number in range(15):
        request = catalogue.request()
        near = [f"t-{n:04}" for n in range(0, 400, 50)] if request.vector is not None else []
        mine, theirs = (one.sorted_page(Kind.TRAININGS, request, near, sort, 0, 500) for one in served)
        assert theirs == mine, f"request {number}: {request}"


def test_harvest_tail_and_pages_are_the_same_set(served, catalogue):
    for _ in range(15):
        request = catalogue.request()
        for one in served:
            answer = one.retrieve(Kind.TRAININGS, request)
            near = list(answer.semantic)
            harvested = list(one.harvest(Kind.TRAININGS, request, near))
            shown = list(dict.fromkeys([*answer.lexical, *near]))
            tail = one.tail(Kind.TRAININGS, request, shown, 0, 500)
            assert len(harvested) == answer.total
            assert set(harvested) == {*shown, *tail}
            assert not set(shown) & set(tail)
            skipped = [*one.tail(Kind.TRAININGS, request, shown, 0, 7)]
            skipped += one.tail(Kind.TRAININGS, request, shown, 7, 500)
            assert skipped == tail


def test_harvest_is_in_the_same_order_and_tail_the_same_set(served, catalogue):
    embedded, elasticsearch = served
    for _ in range(15):
        request = catalogue.request()
        near = [f"t-{n:04}" for n in range(0, 400, 50)] if request.vector is not None else []
        assert list(elasticsearch.harvest(Kind.TRAININGS, request, near)) == list(
            embedded.harvest(Kind.TRAININGS, request, near)
        )
        tails = [one.tail(Kind.TRAININGS, request, near, 0, 500) for one in served]
        assert set(tails[0]) == set(tails[1])


def test_nearest_vectors_carry_the_same_names(served, catalogue):
    embedded, elasticsearch = served
    vectors = catalogue.vectors(40)
    agreed = 0
    for mine, theirs in zip(
        embedded.neighbours(Kind.TRAININGS, vectors, 3),
        elasticsearch.neighbours(Kind.TRAININGS, vectors, 3),
        strict=True,
    ):
        agreed += [(one.code, one.vector) for one in mine] == [(one.code, one.vector) for one in theirs]
        assert theirs[0].similarity == pytest.approx(mine[0].similarity, abs=COSINE_ERROR)
    assert agreed >= 36


def test_cards_are_the_same_and_mark_the_same_words(served, catalogue):
    query = ParsedQuery((Unit(("bioreacteur",), text="bioréacteur"), Unit(("qualite",), text="qualité")), 1)
    codes = [f"t-{number:04}" for number in range(40)]
    mine, theirs = (one.cards(Kind.TRAININGS, codes, query, "fr") for one in served)
    assert mine.keys() == theirs.keys() == set(codes)
    for code in codes:
        assert bool(mine[code].snippet) == bool(theirs[code].snippet)
        assert mine[code].late_offers == theirs[code].late_offers
        assert mine[code].title_fr == theirs[code].title_fr
        assert marked(mine[code].snippet) <= {"bioréacteur", "bioréacteurs", "qualité"}
        assert marked(theirs[code].snippet) <= {"bioréacteur", "bioréacteurs", "qualité"}


def marked(snippet: str) -> set[str]:
    return {part.split("</mark>")[0] for part in snippet.split("<mark>")[1:]}


def test_a_passage_is_escaped(engines):
    document = SearchDocument("x", "Titre", body_fr="<script>alert(1)</script> bioréacteur & cuve")
    query = ParsedQuery((Unit(("bioreacteur",), text="bioréacteur"),), 1)
    for chosen in engines:
        serve(chosen, {Kind.TRAININGS: [VectorisedDocument(document)]})
        snippet = chosen.cards(Kind.TRAININGS, ["x"], query, "fr")["x"].snippet
        assert "<script>" not in snippet
        assert "<mark>bioréacteur</mark> &amp; cuve" in snippet


@pytest.mark.parametrize("share", [0.01, 0.1, 1.0])
def test_neighbours_under_a_filter_are_those_of_an_exact_comparison(engines, share):
    """recall@10 of at least 0.95 against exact vectors, however few documents the filter keeps."""
    catalogue = Catalogue(seed=3)
    size = 2_000
    vectors = catalogue.vectors(size * 3).reshape(size, 3, DIMENSIONS)
    kept = [number % round(1 / share) == 0 for number in range(size)]
    items = [
        VectorisedDocument(
            SearchDocument(f"t-{n:04}", "x", keywords={"training_kind": ("in" if kept[n] else "out",)}),
            ("a", "b", "c"),
            vectors[n],
        )
        for n in range(size)
    ]
    _, elasticsearch = engines
    serve(elasticsearch, {Kind.TRAININGS: items})
    recalls = []
    for query in catalogue.vectors(30):
        request = EngineRequest(
            vector=query,
            vector_floor=-1.0,
            vector_limit=10,
            clauses={"kind": AnyOf("training_kind", ("in",))},
            today=TODAY.toordinal(),
        )
        exact = np.where(kept, (vectors @ query).max(axis=1), -2)
        wanted = {f"t-{n:04}" for n in np.argsort(-exact)[:10]}
        found = elasticsearch.retrieve(Kind.TRAININGS, request).semantic
        recalls.append(len(wanted & found.keys()) / 10)
    assert np.mean(recalls) >= 0.95, recalls
