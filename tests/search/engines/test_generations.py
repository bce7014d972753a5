"""The life of Elasticsearch's generations on a real server: aliases, names, named errors."""

import pytest
from django.core.management import call_command
from elasticsearch import NotFoundError

from search.clauses import EngineRequest
from search.documents.base import Offer, SearchDocument
from search.engines import engine
from search.engines.base import VectorisedDocument
from search.errors import (
    DocumentsRejected,
    IndexBusy,
    IndexMissing,
    IndexUnfit,
    SearchUnavailable,
    UnknownGeneration,
)
from search.lexicon import build_lexicon
from search.query import parse_query
from search.request import Kind
from tests.search.engines.conftest import RECIPE, serve

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch, pytest.mark.any_database]
EVERYTHING = EngineRequest(today=1)


@pytest.fixture
def elasticsearch(elasticsearch_prefix):
    return engine("elasticsearch")


def documents(*codes: str) -> list[VectorisedDocument]:
    return [VectorisedDocument(SearchDocument(code, f"Titre {code}")) for code in codes]


def found(chosen, kind: Kind = Kind.TRAININGS) -> set[str]:
    return set(chosen.retrieve(kind, EVERYTHING).lexical)


def states(chosen) -> list[str]:
    return [info.state for info in chosen.generations()]


def test_before_the_first_rebuild_nothing_is_live(elasticsearch):
    assert elasticsearch.generations() == []
    with pytest.raises(IndexMissing, match="search_index rebuild"):
        found(elasticsearch)


def test_a_generation_is_built_beside_then_served_then_left_then_served_again(elasticsearch):
    first = serve(elasticsearch, {Kind.TRAININGS: documents("a")})
    second = elasticsearch.create(RECIPE)
    elasticsearch.write(second, Kind.TRAININGS, documents("b"))
    assert states(elasticsearch) == ["live", "building"]
    assert found(elasticsearch) == {"a"}
    elasticsearch.mark_ready(second)
    assert states(elasticsearch) == ["live", "ready"]
    elasticsearch.promote(second)
    assert states(elasticsearch) == ["previous", "live"]
    assert found(elasticsearch) == {"b"}
    assert elasticsearch.rollback() == first
    assert found(elasticsearch) == {"a"}
    assert states(elasticsearch) == ["live", "previous"]


def test_promotion_is_one_alias_call_and_a_search_meanwhile_sees_one_generation(elasticsearch, monkeypatch):
    serve(elasticsearch, {kind: documents("old") for kind in Kind})
    calls = []
    original = elasticsearch.client.indices.update_aliases

    def counted(**arguments):
        calls.append(arguments["actions"])
        return original(**arguments)

    monkeypatch.setattr(elasticsearch.client.indices, "update_aliases", counted)
    serve(elasticsearch, {kind: documents("new") for kind in Kind})
    assert len(calls) == 1
    assert {found(elasticsearch, kind).pop() for kind in Kind} == {"new"}


def test_prune_deletes_by_name_what_is_neither_live_nor_previous(elasticsearch, monkeypatch):
    deleted = []
    original = elasticsearch.client.indices.delete

    def listed(**arguments):
        deleted.append(arguments["index"])
        return original(**arguments)

    monkeypatch.setattr(elasticsearch.client.indices, "delete", listed)
    names = [serve(elasticsearch, {Kind.TRAININGS: documents(code)}) for code in "abc"]
    left = elasticsearch.create(RECIPE)
    assert elasticsearch.prune() == [names[0], left]
    doomed = [elasticsearch.names.index(name, kind) for name in (names[0], left) for kind in Kind]
    assert sorted(deleted) == sorted(doomed)
    assert not any("*" in name for name in deleted)
    assert states(elasticsearch) == ["previous", "live"]


def test_another_installation_on_the_same_server_is_not_seen(elasticsearch, settings):
    serve(elasticsearch, {Kind.TRAININGS: documents("a")})
    settings.ELASTICSEARCH_INDEX_PREFIX = f"{settings.ELASTICSEARCH_INDEX_PREFIX}-other"
    engine.cache_clear()
    other = engine("elasticsearch")
    assert other.generations() == []
    mine = serve(other, {Kind.TRAININGS: documents("b")})
    assert [info.name for info in other.generations()] == [mine]
    assert found(elasticsearch) == {"a"}
    assert found(other) == {"b"}


def test_writing_to_a_generation_that_is_gone_creates_nothing(elasticsearch):
    generation = elasticsearch.create(RECIPE)
    elasticsearch.prune()
    with pytest.raises(SearchUnavailable):
        elasticsearch.write(generation, Kind.TRAININGS, documents("a"))
    with pytest.raises(UnknownGeneration):
        elasticsearch.digests(generation, Kind.TRAININGS)
    with pytest.raises(NotFoundError):
        elasticsearch.client.indices.get(index=elasticsearch.names.write_alias(generation, Kind.TRAININGS))


def test_a_search_follows_a_promotion_and_a_prune_that_another_process_made(elasticsearch, settings):
    serve(elasticsearch, {Kind.TRAININGS: documents("a")})
    assert found(elasticsearch) == {"a"}
    engine.cache_clear()
    another = engine("elasticsearch")
    for code in "bc":  # twice: the index that the first process reads is then gone
        serve(another, {Kind.TRAININGS: documents(code)})
    another.prune()
    assert found(elasticsearch) == {"c"}


def test_digests_count_what_was_written_and_removed(elasticsearch):
    generation = elasticsearch.create(RECIPE)
    items = documents("a", "b", "c")
    assert elasticsearch.write(generation, Kind.TRAININGS, items) == 3
    assert elasticsearch.write(generation, Kind.TRAININGS, [], ["b", "never-there"]) == 0
    digests = {item.document.code: item.document.digest for item in items}
    assert elasticsearch.digests(generation, Kind.TRAININGS) == {code: digests[code] for code in "ac"}


def test_two_rebuilds_at_once_refuse(elasticsearch):
    with (
        elasticsearch.rebuild_lock(),
        pytest.raises(IndexBusy, match="déjà en cours"),
        elasticsearch.rebuild_lock(),
    ):
        pass
    with elasticsearch.rebuild_lock():
        pass


# --- What is wrong has a name


def test_a_document_with_an_unknown_field_is_refused_alone_and_named(elasticsearch):
    generation = elasticsearch.create(RECIPE)
    strange = VectorisedDocument(SearchDocument("strange", "Titre", keywords={"colour": ("blue",)}))
    with pytest.raises(DocumentsRejected) as refusal:
        elasticsearch.write(generation, Kind.TRAININGS, [*documents("a"), strange, *documents("b")])
    assert list(refusal.value.reasons) == ["strange"]
    assert "colour" in refusal.value.reasons["strange"]
    assert set(elasticsearch.digests(generation, Kind.TRAININGS)) == {"a", "b"}


def test_the_reason_of_a_refusal_does_not_repeat_the_code(elasticsearch):
    """Reasons are logged, and the code may be somebody's pseudonym."""
    generation = elasticsearch.create(RECIPE)
    nowhere = SearchDocument("candidat-7f3a9c21", "", offers=(Offer(latitude=1e9, longitude=0.0),))
    with pytest.raises(DocumentsRejected) as refusal:
        elasticsearch.write(generation, Kind.CANDIDATES, [VectorisedDocument(nowhere)])
    ((code, reason),) = refusal.value.reasons.items()
    assert code == "candidat-7f3a9c21"
    assert "offers.place" in reason
    assert "7f3a9c21" not in reason


def test_an_index_half_built_is_never_an_answer(elasticsearch):
    serve(elasticsearch, {Kind.TRAININGS: documents("a")})
    building = elasticsearch.create(RECIPE)
    elasticsearch.promote(building)  # past every check, as a hand on the aliases would
    with pytest.raises(IndexUnfit, match="sans avoir été finie"):
        found(elasticsearch)


def test_a_generation_without_all_its_indices_is_damaged_and_no_answer(elasticsearch):
    generation = serve(elasticsearch, {Kind.TRAININGS: documents("a")})
    elasticsearch.client.indices.delete(index=elasticsearch.names.index(generation, Kind.JOBS))
    elasticsearch._live = None
    with pytest.raises(IndexUnfit, match="pas une génération entière"):
        found(elasticsearch)


def test_a_generation_made_before_candidates_answers_for_the_rest_and_can_be_gone_back_to(elasticsearch):
    older = serve(elasticsearch, {Kind.TRAININGS: documents("old")})
    elasticsearch.client.indices.delete(index=elasticsearch.names.index(older, Kind.CANDIDATES))
    elasticsearch._live = None
    assert found(elasticsearch) == {"old"}
    with pytest.raises(IndexMissing, match="search_index rebuild"):
        found(elasticsearch, Kind.CANDIDATES)
    serve(elasticsearch, {Kind.TRAININGS: documents("new"), Kind.CANDIDATES: documents("candidate")})
    assert states(elasticsearch) == ["previous", "live"]
    assert found(elasticsearch, Kind.CANDIDATES) == {"candidate"}
    assert elasticsearch.rollback() == older
    assert found(elasticsearch) == {"old"}
    assert states(elasticsearch) == ["live", "previous"]
    elasticsearch.rollback()
    assert (found(elasticsearch), found(elasticsearch, Kind.CANDIDATES)) == ({"new"}, {"candidate"})


def test_an_index_of_another_mapping_under_our_alias_is_named(elasticsearch):
    for kind in Kind:
        elasticsearch.client.indices.create(
            index=f"{elasticsearch.names.prefix}-by-hand-{kind.value}",
            aliases={elasticsearch.names.live(kind): {}},
        )
    with pytest.raises(IndexUnfit, match="by-hand"):
        found(elasticsearch)


def test_a_field_that_the_mapping_lacks_is_an_error_and_not_an_empty_answer(elasticsearch):
    """A closed index, a field gone: Elasticsearch would answer some of these with nothing found."""
    generation = serve(elasticsearch, {Kind.TRAININGS: documents("a")})
    assert found(elasticsearch) == {"a"}
    elasticsearch.client.indices.close(index=elasticsearch.names.index(generation, Kind.TRAININGS))
    with pytest.raises(SearchUnavailable):
        found(elasticsearch)


def test_text_that_reads_as_query_language_is_only_words(elasticsearch):
    serve(elasticsearch, {Kind.TRAININGS: documents("a", "b")})
    lexicon = build_lexicon([])
    for text in (
        "titre AND _exists_:card OR (code:*",
        '{"match_all": {}}',
        "/.*/ ~2 ^4 [a TO z]",
        '\\" <mark> \x00 * ? + - = && || > < ! ( ) { }',
        "_id:a",
    ):
        request = EngineRequest(query=parse_query(text, lexicon), today=1)
        answer = elasticsearch.retrieve(Kind.TRAININGS, request)
        assert answer.total <= 2
        elasticsearch.cards(Kind.TRAININGS, ["a"], request.query, "fr")


def test_a_rebuild_that_is_not_needed_changes_nothing(elasticsearch, settings, capsys):
    settings.SEARCH_ENGINE = "elasticsearch"
    call_command("search_index", "rebuild", verbosity=0)
    (live,) = elasticsearch.generations()
    call_command("search_index", "rebuild", if_needed=True, verbosity=0)
    assert elasticsearch.generations() == [live]
    assert "à jour" in capsys.readouterr().out
