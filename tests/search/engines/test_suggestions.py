"""Both engines suggest the same for a name being typed, code for code: on a catalogue made by chance, then case by case."""

import pytest

from search.documents.base import SearchDocument
from search.engines import engine
from search.engines.base import VectorisedDocument
from search.fusion import neutral_order
from search.names import CANDIDATES, TypedName, names
from search.request import Kind
from tests.search.engines.catalogue import TODAY, WORDS, Catalogue
from tests.search.engines.conftest import serve

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch, pytest.mark.any_database]
DAY = TODAY.toordinal()
OBJECTS = 400


@pytest.fixture
def catalogue():
    return Catalogue(seed=11)


@pytest.fixture
def documents(catalogue):
    return catalogue.trainings(OBJECTS)


@pytest.fixture
def served(engines, documents):
    for chosen in engines:
        serve(chosen, {Kind.TRAININGS: documents})
    return engines


def texts(catalogue: Catalogue) -> list[str]:
    """Whole names and their beginnings, words in another order, and what is no word at all."""
    chance = catalogue.chance
    typed = ["bi", "la", "é", "tff", "hplc ph", "d'ad", "culture culture", "_", "  ", "introuvable"]
    for _ in range(60):
        said = " ".join(chance.choices(WORDS, k=chance.randint(1, 3)))
        typed.append(said[: chance.randint(2, len(said))])
    return typed


def test_the_same_codes_in_the_same_order(served, catalogue):
    found = 0
    for text in texts(catalogue):
        for limit in (3, 20):
            mine, theirs = (one.suggest(Kind.TRAININGS, text, limit, DAY) for one in served)
            assert theirs == mine, text
            assert len(mine) <= limit
            found += bool(mine)
    assert found > 80


def test_they_are_those_of_the_rule_as_long_as_no_candidate_is_left_out(served, documents, catalogue):
    """Against the rule read aloud: every name of everything that has not ended."""
    for text in texts(catalogue):
        typed = TypedName.of(text)
        called = [
            item.document.code
            for item in documents
            if typed and is_open(item.document) and any(typed.rank(key) for key in names(item.document))
        ]
        if len(called) <= CANDIDATES // 2:
            for one in served:
                assert {card.code for card in one.suggest(Kind.TRAININGS, text, 100, DAY)} == set(called), (
                    text
                )


def is_open(document: SearchDocument) -> bool:
    offers = document.offers
    return not offers or any(offer.last_day is None or offer.last_day >= TODAY for offer in offers)


def test_more_candidates_than_are_ranked(engines):
    """What is called exactly so, then what begins so, is among the candidates however many there are."""
    many = [
        SearchDocument(f"n-{number:03}", f"Techniques de culture {number}")
        for number in range(CANDIDATES * 3)
    ]
    exact = SearchDocument("exact", "Un titre beaucoup plus long que tous les autres", labels_fr=("Culture",))
    begins = SearchDocument("begins", "Culture de cellules en bioréacteur, avec un titre fort long")
    for chosen in engines:
        serve(chosen, {Kind.SKILLS: [VectorisedDocument(one) for one in (*many, begins, exact)]})
    mine, theirs = ([card.code for card in one.suggest(Kind.SKILLS, "culture", 10, DAY)] for one in engines)
    assert theirs == mine
    assert mine[:2] == ["exact", "begins"]
    assert set(mine[2:]) < {f"n-{number:03}" for number in range(10)}, "the shortest titles"


def test_what_changed_or_went_is_not_suggested_any_more(engines):
    first = [SearchDocument("a", "Chromatographie"), SearchDocument("b", "Chromatographie d'affinité")]
    for chosen in engines:
        generation = serve(chosen, {Kind.SKILLS: [VectorisedDocument(one) for one in first]})
        renamed = VectorisedDocument(SearchDocument("a", "Purification"))
        chosen.write(generation, Kind.SKILLS, [renamed], removed=["b"])
        assert chosen.suggest(Kind.SKILLS, "chrom", 10, DAY) == []
        assert [card.title_fr for card in chosen.suggest(Kind.SKILLS, "pur", 10, DAY)] == ["Purification"]


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800", "a" * 5_000, '"* OR 1 /[a-z]+/ +(', "{}:\\", "٣٤ ﷺ ß"]
)
def test_nothing_typed_breaks_an_engine(served, text):
    for one in served:
        assert one.suggest(Kind.TRAININGS, text, 10, DAY) == []


def test_an_index_made_before_names_suggests_nothing_and_does_not_fail(engines, monkeypatch):
    from search.engines.elasticsearch import mappings

    before = mappings.properties

    def without_names(kind):
        return {name: kept for name, kept in before(kind).items() if name not in ("names", "title_length")}

    monkeypatch.setattr(mappings, "properties", without_names)
    chosen = engine("elasticsearch")
    serve(chosen, {})
    assert chosen.suggest(Kind.SKILLS, "chrom", 10, DAY) == []


def test_neutral_order_is_the_last_word(engines):
    same = [VectorisedDocument(SearchDocument(f"s-{number}", "Filtration")) for number in range(30)]
    for chosen in engines:
        serve(chosen, {Kind.SKILLS: same})
    mine, theirs = ([card.code for card in one.suggest(Kind.SKILLS, "filtr", 30, DAY)] for one in engines)
    assert mine == theirs == sorted((item.document.code for item in same), key=neutral_order)
