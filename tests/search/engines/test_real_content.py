"""The demonstration, with the product's model, in both engines: the same answers to the queries of the golden set and to the
samples of matching.

Only the tuning half is asked; what is compared is the two engines, not the judgements.
"""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings as django_settings

from jobs.models import JobProfilePage
from matching.directions.person_to_jobs import match_person
from matching.directions.requirements_to_trainings import programmes_for_requirements
from matching.reading.extraction import extract_skills
from matching.scoring import Requirement
from search.documents.sources import SOURCES
from search.engines import engine
from search.engines.elasticsearch.mappings import DAYS, KEYWORDS
from search.engines.words import stems
from search.evaluation.golden_files import TUNING
from search.evaluation.golden_set import read_golden_set
from search.request import Kind, Mode, SearchRequest, SearchResults
from search.retrieval import search

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.model,
    pytest.mark.elasticsearch,
    pytest.mark.any_database,
    pytest.mark.timeout(1_200),
]
ENGINES = ("embedded", "elasticsearch")
# Of 25,000 words of the content, Lucene's older Snowball stems 53 otherwise (« emergency », « japonaise », « biologist »).
WORDS_STEMMED_OTHERWISE = 0.005


@pytest.fixture
def both(demonstration, real_model, one_thread, elasticsearch_prefix, pytestconfig):
    from tests.search.demonstration import build_index

    build_index(pytestconfig.cache, *ENGINES)


def test_searches_and_matches_are_the_same(both):
    every_field_is_mapped()
    words_are_cut_and_stemmed_alike()
    golden_queries_get_the_same_answers()
    samples_get_the_same_matches()
    jobs_get_the_same_programmes()


def every_field_is_mapped():
    for kind, source in SOURCES.items():
        documents = source.build(list(source.codes()))
        assert {name for document in documents for name in document.keywords} == set(KEYWORDS[kind])
        assert {name for document in documents for name in document.dates} == set(DAYS[kind])


def words_are_cut_and_stemmed_alike():
    """Whole texts, so that what cuts words is compared too."""
    elasticsearch = engine("elasticsearch")
    index = elasticsearch._result_set(Kind.TRAININGS).index
    source = SOURCES[Kind.TRAININGS]
    documents = source.build(list(source.codes()))
    total = different = 0
    for document in documents:
        for text in (document.title_fr, document.body_fr, document.body_en):
            for analyzer in ("french", "english", "words"):
                analysed = elasticsearch.client.indices.analyze(index=index, analyzer=analyzer, text=text)
                theirs = [token["token"] for token in analysed["tokens"]]
                mine = stems(analyzer, text)
                assert len(mine) == len(theirs), document.code
                total += len(mine)
                different += sum(a != b for a, b in zip(mine, theirs, strict=True))
    assert different / total < WORDS_STEMMED_OTHERWISE


def golden_queries_get_the_same_answers():
    queries = read_golden_set().half(TUNING)
    for mode in Mode:
        overlaps, same_sets = [], []
        for query in queries:
            request = SearchRequest(
                Kind(query.target), query.text, mode, limit=100, language=query.lang, with_facets=True
            )
            mine, theirs = (search(request, name) for name in ENGINES)
            assert theirs.mode == mine.mode == mode
            overlaps.append(overlap(mine, theirs))
            same_sets.append(theirs.total == mine.total and counts(theirs) == counts(mine))
        assert np.mean(overlaps) >= 0.98, mode
        # Meaning has an edge: a neighbour on the floor may fall on either side of it.
        assert np.mean(same_sets) >= (0.98 if mode is Mode.LEXICAL else 0.9), mode


def overlap(mine: SearchResults, theirs: SearchResults) -> float:
    first = [{result.code for result in found.results[:10]} for found in (mine, theirs)]
    return len(first[0] & first[1]) / max(map(len, first)) if any(first) else 1.0


def counts(found: SearchResults) -> dict[str, dict[str, int]]:
    return {facet.name: {value.value: value.count for value in facet.values} for facet in found.facets}


def samples_get_the_same_matches():
    for path in samples():
        mine, theirs = (matched(path.read_text(encoding="utf-8"), name) for name in ENGINES)
        assert theirs == mine, path.name


def samples() -> Iterator[Path]:
    return (Path(django_settings.BASE_DIR) / "matching" / "samples").glob("*.txt")


def matched(text: str, name: str):
    extraction = extract_skills(text)
    return asdict(match_person(extraction.held, engine=name))


def jobs_get_the_same_programmes():
    for page in JobProfilePage.objects.live().filter(locale__language_code="fr"):
        wanted = [
            Requirement(one.skill.code, one.level, one.importance)
            for one in page.requirements.select_related("skill")
        ]
        mine, theirs = (
            [asdict(match) for match in programmes_for_requirements(wanted, engine=name).matches]
            for name in ENGINES
        )
        assert theirs == mine, page.code
