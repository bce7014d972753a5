"""The embedded engine's files, on real indexes of documents made by hand."""

import datetime as dt
import json
import random

import numpy as np
import pytest

from search.clauses import AnyOf, EngineRequest, FacetRequest, ParsedQuery, Scope, Sort, Unit
from search.documents.base import Offer, SearchDocument
from search.engines.base import VectorisedDocument
from search.engines.embedded.engine import EmbeddedEngine
from search.engines.embedded.merging import first_to_join
from search.errors import SearchUnavailable
from search.request import Kind, SortKey

KIND = Kind.TRAININGS
TODAY = dt.date(2025, 6, 2)
WORDS = "filtration culture purification remplissage lyophilisation chromatographie qualité stérilité".split()
DIMENSIONS = 16


@pytest.fixture
def live(tmp_path):
    engine = EmbeddedEngine(tmp_path)
    name = engine.create({})
    engine.promote(name)
    return engine, name


def item(number: int, version: int = 0) -> VectorisedDocument:
    """The document of this number, another one for each version."""
    chance = random.Random(f"{number}-{version}")  # noqa: S311 - the same ones every time
    offers = tuple(
        Offer(
            mode=chance.choice(["on-site", "remote"]),
            funding=tuple(chance.sample(["cpf", "opco", "region"], 2)),
            price_eur=float(chance.randrange(100, 900)),
            last_day=TODAY + dt.timedelta(days=chance.randrange(-30, 60)),
        )
        for _ in range(chance.randrange(4))
    )
    document = SearchDocument(
        code=f"t-{number}",
        title_fr=" ".join(chance.choices(WORDS, k=3)),
        keywords={"skill": tuple(chance.sample("abcdef", 2)), **({"level": ("5",)} if number % 2 else {})},
        dates={"certification_state": (TODAY,)} if number % 3 else {},
        offers=offers,
    )
    names = tuple(f"alias_{place}" for place in range(chance.randrange(4)))
    vectors = np.random.default_rng(number * 1000 + version).normal(size=(len(names), DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return VectorisedDocument(document, names, vectors.astype(np.float32) if names else None)


def words(*tokens: str) -> ParsedQuery:
    return ParsedQuery(tuple(Unit(tokens=(token,)) for token in tokens), required=len(tokens))


def everything(engine: EmbeddedEngine) -> list[object]:
    """What the engine says of many requests: all that does not depend on how words are spread."""
    vector = np.ones(DIMENSIONS, dtype=np.float32) / np.sqrt(DIMENSIONS, dtype=np.float32)
    facets = (
        FacetRequest("mode", "mode", Scope.OFFER),
        FacetRequest("funding", "funding", Scope.OFFER),
        FacetRequest("skill", "skill", Scope.DOCUMENT),
        FacetRequest("level", "level", Scope.DOCUMENT),
    )
    said: list[object] = []
    for word in WORDS[:4]:
        request = EngineRequest(
            query=words(word),
            vector=vector,
            vector_floor=0.3,
            clauses={"mode": AnyOf("mode", ("remote",), Scope.OFFER)},
            facets=facets,
            today=TODAY.toordinal(),
        )
        answer = engine.retrieve(KIND, request)
        near = set(answer.semantic)
        said += [dict(answer.semantic), answer.total, answer.facets, set(answer.lexical)]
        said += [list(engine.harvest(KIND, request, near))]
        said += [engine.sorted_page(KIND, request, near, Sort(SortKey.PRICE), 0, 50)]
    return [*said, engine.neighbours(KIND, vector[None], 20)]


def changes(engine: EmbeddedEngine, name: str, count: int) -> dict[str, VectorisedDocument]:
    """Write as many small changes, some of which replace or remove what is there; what is left, by code."""
    chance, left = random.Random(count), {}  # noqa: S311 - the same ones every time
    for version in range(count):
        items = [item(number, version) for number in chance.sample(range(60), 3)]
        gone = chance.sample(sorted(left), min(len(left), 1))
        engine.write(name, KIND, items, gone)
        for code in gone:
            left.pop(code)
        left |= {one.document.code: one for one in items}
    return left


@pytest.mark.parametrize("count", [5, 30, 80])
def test_many_changes_say_what_one_write_says(live, tmp_path, count):
    engine, name = live
    left = changes(engine, name, count)
    at_once = EmbeddedEngine(tmp_path / "at-once")
    other = at_once.create({})
    at_once.promote(other)
    at_once.write(other, KIND, list(left.values()))
    assert everything(engine) == everything(at_once)
    assert engine.digests(name, KIND) == {code: one.document.digest for code, one in left.items()}


def test_a_view_kept_open_says_what_one_opened_anew_says(live, tmp_path):
    engine, name = live
    for count in (3, 4, 9, 20):
        changes(engine, name, count)
        assert everything(engine) == everything(EmbeddedEngine(tmp_path))


def test_a_change_does_not_read_the_segments_that_are_open(live):
    engine, name = live
    engine.write(name, KIND, [item(number) for number in range(200)])
    assert engine.retrieve(KIND, EngineRequest()).total == 200
    (large,) = [
        path for path in engine.folder.glob("*/trainings/segment-*/documents.jsonl") if path.read_text()
    ]
    large.unlink()
    engine.write(name, KIND, [item(1000)], ["t-7"])
    assert engine.retrieve(KIND, EngineRequest()).total == 200


def test_the_words_of_a_write_cut_short_are_never_lent_to_other_documents(live):
    engine, name = live
    manifest = engine.folder / name / KIND.value / "manifest.json"
    engine.write(name, KIND, [VectorisedDocument(SearchDocument("first", "Culture"))])
    before = manifest.read_text()
    engine.write(name, KIND, [VectorisedDocument(SearchDocument("lost", "Lyophilisation"))])
    manifest.write_text(before)  # the machine stopped after the words, before the manifest
    engine.write(name, KIND, [VectorisedDocument(SearchDocument("next", "Chromatographie"))])
    request = EngineRequest(query=words("lyophilisation"))
    assert engine.retrieve(KIND, request).total == 0
    assert list(engine.retrieve(KIND, EngineRequest(query=words("chromatographie"))).lexical) == ["next"]


def test_an_index_of_an_older_format_asks_to_be_rebuilt(live):
    engine, name = live
    manifest = engine.folder / name / KIND.value / "manifest.json"
    numbers = [entry["number"] for entry in json.loads(manifest.read_text())["segments"]]
    manifest.write_text(json.dumps({"segments": numbers}))
    for ask in (
        lambda: engine.retrieve(KIND, EngineRequest()),
        lambda: engine.digests(name, KIND),
        lambda: engine.write(name, KIND, [item(1)]),
    ):
        with pytest.raises(SearchUnavailable, match=r"autre format.*search_index rebuild"):
            ask()


@pytest.mark.parametrize("damaged", ["columns.npz", "columns.json", "documents.jsonl", "vectors.npy"])
@pytest.mark.parametrize("cut", [0, 40, -3])
def test_a_file_cut_short_is_a_named_error(live, damaged, cut):
    engine, name = live
    engine.write(name, KIND, [item(number) for number in range(20)])
    for path in engine.folder.glob(f"{name}/{KIND.value}/segment-*/{damaged}"):
        path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(SearchUnavailable, match="illisible"):
        engine.retrieve(KIND, EngineRequest())


def test_an_object_with_many_names_leaves_room_for_the_other_neighbours(live):
    engine, name = live
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[0] = 1
    many = tuple(f"alias_{place}" for place in range(40))
    talkative = VectorisedDocument(SearchDocument("many", "A"), many, np.tile(vector, (40, 1)))
    others = [VectorisedDocument(SearchDocument(f"o-{n}", "B"), ("label",), vector[None]) for n in range(3)]
    engine.write(name, KIND, [talkative, *others])
    (found,) = engine.neighbours(KIND, vector[None], 3)
    assert [one.code for one in found] == ["many", "o-0", "o-1"]


def test_segments_stay_few_and_a_document_is_seldom_copied():
    sizes, copied = [], 0
    for _ in range(500):
        sizes.append(200)
        first = first_to_join(sizes)
        if first < len(sizes):
            copied += sum(sizes[first:])
            sizes[first:] = [sum(sizes[first:])]
        assert len(sizes) <= 22
    assert copied <= 3 * sum(sizes)


def test_a_small_change_leaves_the_large_segment_alone():
    assert first_to_join([100_000, *[1] * 8]) == 1
    assert first_to_join([100_000, *[1] * 7]) == 8
    assert first_to_join([]) == 0
