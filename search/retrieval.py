"""Hybrid retrieval: one request in, one page of one result set out.

The result set of a query is its lexical matches plus its semantic neighbours above the floor (at most
`SEARCH_SEMANTIC_LIMIT`); the first `RANK_WINDOW` lexical ranks and the neighbours are fused by rank here, in Python, whatever
the engine; later lexical matches follow in their own order. When the model cannot help, the search
is lexical and the result says so. A question is asked in one gender: « opératrice » and « opérateur » get the same answer.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from search import failover
from search.certifications import certification_notices
from search.clauses import Card, EngineAnswer, EngineRequest, Near, ParsedQuery, Sort
from search.embeddings import embedder
from search.engines.base import Engine, Vectors
from search.errors import EmbeddingUnavailable
from search.filters import FILTERS, ChoiceFilter, clauses, facet_requests
from search.fusion import ranked, reciprocal_rank_fusion
from search.neighbours import calibration
from search.query import parse_query, spelled_out
from search.recipe import embedder_for
from search.referential import current_lexicon
from search.request import (
    MAX_QUERY_LENGTH,
    PLACE,
    Facet,
    FacetValue,
    InvalidRequest,
    Kind,
    Mode,
    SearchRequest,
    SearchResult,
    SearchResults,
    SortKey,
    require_public,
)
from skills.gender import in_one_gender

logger = logging.getLogger(__name__)
FACET_VALUES = 30
# Small, because the head of each ranking is right more often than its tail: of 5 to 60, the best on the tuning half of the
# golden set (docs/decisions/0003).
RANK_CONSTANT = 10
# How many lexical ranks are fused: more than the neighbours are, so that a neighbour always precedes what is not fused.
RANK_WINDOW = 200


@dataclass(frozen=True)
class QueryVector:
    """The query's vector, or the reason (in the reader's language) why there is none."""

    vector: object | None = None
    notice: str = ""


@dataclass(frozen=True)
class Asked:
    """A request as an engine was asked it, and what the engine answered: all that listing its result set takes.

    `mode` is the mode that really ran; `notice` says why it is not the one asked for.
    """

    request: SearchRequest
    engine: Engine
    of_engine: EngineRequest
    answer: EngineAnswer
    mode: Mode
    notice: str

    def results(self, page: Mapping[str, float], query: ParsedQuery) -> Iterator[SearchResult]:
        """What is shown of these codes (with their score), in their order; `query` is what snippets are about."""
        kind, language = self.request.kind, self.request.language
        cards = self.engine.cards(kind, list(page), query, language)
        for code, score in page.items():
            if code in cards:
                yield _result(kind, cards[code], score, self.answer, language)

    def answered(self, results: Iterable[SearchResult]) -> SearchResults:
        return SearchResults(
            results=tuple(results),
            total=self.answer.total,
            mode=self.mode,
            abstained=bool(self.request.text.strip()) and not self.answer.total,
            facets=_facets(self.request, self.answer) if self.request.with_facets else (),
            notice=self.notice,
            origin=self.origin,
        )

    @property
    def origin(self) -> tuple[float, float] | None:
        near = self.of_engine.clauses.get(PLACE)
        place = (near.latitude, near.longitude) if isinstance(near, Near) else None
        return self.request.origin or place


def search(request: SearchRequest, engine_name: str = "") -> SearchResults:
    """Raises `InvalidRequest` for what cannot be served and `SearchUnavailable` without an index.

    Without a name, the standby index answers when the configured engine cannot (`search.failover`).
    """
    require_public(request.kind)
    answered = failover.ask(lambda chosen: _search(chosen, request), engine_name)
    return replace(answered.value, notice=" ".join(filter(None, (answered.notice, answered.value.notice))))


def _search(chosen: Engine, request: SearchRequest) -> SearchResults:
    asked = ask(chosen, request)
    return asked.answered(asked.results(_page(asked), asked.of_engine.query))


def ask(chosen: Engine, request: SearchRequest) -> Asked:
    """Put the request to this engine. Raises as `search` does."""
    text = request.text.strip()
    if len(text) > MAX_QUERY_LENGTH:
        raise InvalidRequest(f"La recherche est limitée à {MAX_QUERY_LENGTH} caractères.")
    words = in_one_gender(text)
    said = parse_query(words, current_lexicon())
    query_vector = _query_vector(chosen, spelled_out(words, said), request.mode)
    mode = Mode.LEXICAL if query_vector.notice else request.mode
    query = ParsedQuery() if mode is Mode.SEMANTIC else said
    of_engine = _engine_request(request, query, query_vector.vector)
    answer = chosen.retrieve(request.kind, of_engine)
    return Asked(request, chosen, of_engine, answer, mode, query_vector.notice)


def _query_vector(chosen: Engine, text: str, mode: Mode) -> QueryVector:
    if mode is Mode.LEXICAL or not text:
        return QueryVector()
    if embedder() is None:
        return QueryVector(
            notice=_("Recherche par les mots seulement : aucun modèle de sens n'est installé.")
        )
    model = embedder_for(chosen.live_recipe())
    if model is None:
        return QueryVector(
            notice=_(
                "Recherche par les mots seulement : l'index a été construit avec un autre modèle "
                "(pour le reconstruire : manage.py search_index rebuild)."
            )
        )
    try:
        return QueryVector(vector=model.encode([text])[0])
    except EmbeddingUnavailable as error:
        logger.warning("search: lexical only, the model is unavailable: %s", error)
        return QueryVector(notice=_("Recherche par les mots seulement : le modèle de sens est indisponible."))


def _engine_request(request: SearchRequest, query: ParsedQuery, vector: Vectors | None) -> EngineRequest:
    curve = calibration(request.kind)
    return EngineRequest(
        query=query,
        vector=vector,
        vector_floor=curve.similarity_at(settings.SEARCH_NEIGHBOUR_PROBABILITY),
        vector_answer=curve.similarity_at(settings.SEARCH_SEMANTIC_PROBABILITY),
        vector_limit=settings.SEARCH_SEMANTIC_LIMIT,
        clauses=clauses(request.kind, request.filters),
        wanted_skills=request.wanted_skills,
        facets=facet_requests(request.kind) if request.with_facets else (),
        today=timezone.localdate().toordinal(),
        rank_window=RANK_WINDOW,
    )


def fused_scores(answer: EngineAnswer) -> dict[str, float]:
    return reciprocal_rank_fusion([ranked(answer.lexical), ranked(answer.semantic)], RANK_CONSTANT)


def _page(asked: Asked) -> dict[str, float]:
    """The codes of one page in order, with their fused score: those of the first ranks fused, then the later lexical ones."""
    request, answer, fused = asked.request, asked.answer, fused_scores(asked.answer)
    kind, offset, limit = request.kind, request.offset, request.limit
    if request.sort is not SortKey.RELEVANCE:
        sort = Sort(request.sort, asked.origin)
        codes = asked.engine.sorted_page(kind, asked.of_engine, answer.semantic.keys(), sort, offset, limit)
        return {code: fused.get(code, 0.0) for code in codes}
    page = {code: fused[code] for code in ranked(fused)[offset : offset + limit]}
    missing, later = limit - len(page), answer.total - len(fused)
    if missing > 0 and later > 0:
        skip = max(0, offset - len(fused))
        tail = asked.engine.tail(kind, asked.of_engine, fused.keys(), skip, missing)
        for rank, code in enumerate(tail, start=len(answer.lexical) + skip + 1):
            page[code] = 1 / (RANK_CONSTANT + rank)
    return page


def _result(kind: Kind, card: Card, score: float, answer: EngineAnswer, language: str) -> SearchResult:
    is_near = card.code in answer.semantic
    found_by = "both" if is_near and card.code in answer.lexical else "semantic" if is_near else "lexical"
    return SearchResult(
        code=card.code,
        title_fr=card.title_fr,
        title_en=card.title_en,
        score=round(score, 6),
        found_by=found_by,
        url=result_url(kind, card, language),
        snippet=card.snippet,
        certification_alerts=certification_notices(card, timezone.localdate()),
    )


def result_url(kind: Kind, card: Card, language: str) -> str:
    """The public page: job profiles know theirs (Wagtail pages); the others are named views of the site."""
    if kind is Kind.JOBS:
        return (card.url_en if language == "en" else card.url_fr) or card.url_fr or card.url_en
    with translation.override(language):
        try:
            return reverse("training" if kind is Kind.TRAININGS else "skill", args=[card.code])
        except NoReverseMatch:
            return ""


def _facets(request: SearchRequest, answer: EngineAnswer) -> tuple[Facet, ...]:
    return tuple(
        _facet(definition, answer.facets.get(definition.name, {}), request)
        for definition in FILTERS[request.kind]
        if isinstance(definition, ChoiceFilter) and definition.facet
    )


def _facet(definition: ChoiceFilter, counts: dict[str, int], request: SearchRequest) -> Facet:
    """The most frequent values, and those chosen even when nothing is left of them."""
    selected = definition.canonical(request.filters.get(definition.name, ()))
    frequent = sorted(counts, key=lambda value: (-counts[value], value))[:FACET_VALUES]
    values = list(dict.fromkeys([*selected, *frequent]))
    labels = definition.labels(values, request.language)
    return Facet(
        definition.name,
        str(definition.label),
        tuple(
            FacetValue(value, labels.get(value, value), counts.get(value, 0), value in selected)
            for value in sorted(values, key=lambda value: (-counts.get(value, 0), labels.get(value, value)))
        ),
    )
