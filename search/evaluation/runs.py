"""Putting the queries of the evaluation to the search of the site.

One rule: a mode that the search could not serve stops the run: figures of another mode never stand under its name.
"""

from collections.abc import Iterator, Sequence

from django.conf import settings

from search.engines import engine
from search.errors import SearchUnavailable
from search.evaluation.figures import Answer, QueryFigures, figures_of
from search.evaluation.golden_set import GoldenQuery, GoldenSet
from search.evaluation.recorded import Recipe
from search.evaluation.wordings import DEPTH, FORMS, WordingOverlap, Wordings, overlap
from search.indexing import find_generation
from search.request import MAX_LIMIT, PUBLIC_KINDS, Kind, Mode, SearchRequest
from search.retrieval import search


class ModeUnavailable(SearchUnavailable):
    """The search answered in another mode than the one under evaluation. The message says why."""


def live_recipe(engine_name: str = "") -> Recipe:
    """That of the live index. Raises `SearchUnavailable` without one."""
    chosen = engine(engine_name)
    built = chosen.live_recipe()
    embedding = built.get("embedding") or {}
    return Recipe(
        engine=chosen.name,
        documents=built["documents"],
        model=embedding.get("model", ""),
        fingerprint=embedding.get("fingerprint", ""),
        semantic_probability=settings.SEARCH_SEMANTIC_PROBABILITY,
        semantic_limit=settings.SEARCH_SEMANTIC_LIMIT,
    )


def indexed_codes(engine_name: str = "") -> dict[str, set[str]]:
    """The codes of the live index, by target."""
    chosen = engine(engine_name)
    chosen.live_recipe()  # says what to do when there is no index
    live = find_generation(chosen, states=["live"]).name
    return {kind.value: set(chosen.digests(live, kind)) for kind in PUBLIC_KINDS}


def run_queries(
    golden: GoldenSet, queries: Sequence[GoldenQuery], mode: Mode, engine_name: str = ""
) -> Iterator[QueryFigures]:
    for query in queries:
        answer = _ask(query.text, query.target, mode, query.lang, MAX_LIMIT, engine_name)
        yield figures_of(golden, query, answer)


def run_wordings(wordings: Sequence[Wordings], mode: Mode, engine_name: str = "") -> Iterator[WordingOverlap]:
    for one in wordings:
        answers = {
            form: _ask(one.texts[form], one.target, mode, "fr", DEPTH, engine_name).ranking for form in FORMS
        }
        yield overlap(one, answers)


def _ask(text: str, target: str, mode: Mode, language: str, limit: int, engine_name: str) -> Answer:
    request = SearchRequest(Kind(target), text, mode, limit=limit, language=language)
    # Named even when it is the configured one: a standby index never answers in its place.
    results = search(request, engine_name or settings.SEARCH_ENGINE)
    if results.mode is not mode:
        raise ModeUnavailable(results.notice)
    return Answer(tuple(result.code for result in results.results), results.abstained)
