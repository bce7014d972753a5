"""Result sets of requests: found, counted and listed by one index.

One rule: the answers of one retrieval come from one index and one set of neighbours, whatever is indexed meanwhile under
another generation.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from search.clauses import EngineAnswer, EngineRequest, Sort
from search.engines.elasticsearch import conditions
from search.engines.elasticsearch.client import named_failures
from search.engines.elasticsearch.neighbours import similarities
from search.engines.elasticsearch.plan import COUNTS, HEAD, LOOSE, NEAR, NEAREST, Bodies, Plan
from search.engines.elasticsearch.searches import Deadline, Response, Searches
from search.engines.elasticsearch.words import doubtful_words, known_word
from search.fusion import ranked
from search.request import Kind

HARVEST_PAGE = 1_000
KEEP_ALIVE = "2m"
# Words seen in an index, remembered so that they are not asked about again; the oldest half is forgotten beyond this many.
WORDS_REMEMBERED = 20_000


class ResultSets:
    """What is found in one index, of one kind."""

    def __init__(self, searches: Searches, index: str, kind: Kind) -> None:
        self._searches, self.index, self._kind = searches, index, kind
        self._known: dict[str, None] = {}

    def retrieve(self, request: EngineRequest, deadline: Deadline) -> EngineAnswer:
        plan = Plan(self._kind, request)
        counted_at_once = request.vector is None
        doubts = self._doubts(request)
        answers = self._ask(
            {**plan.neighbours(), **self._words_bodies(plan, counted_at_once), **doubts}, deadline
        )
        if typos := self._typos(doubts, answers):
            plan = Plan(self._kind, request, typos)
            answers |= self._ask(self._words_bodies(plan, counted_at_once), deadline)
        near = _near(plan, answers)
        head = _scores(answers.get(HEAD))
        if counted_at_once:
            answers[COUNTS] = answers[HEAD]
        else:
            answers |= self._ask({**plan.loose(near[""]), **_needed_counts(plan, near)}, deadline)
            head = _first({**head, **_scores(answers.get(LOOSE))}, request.rank_window)
        return EngineAnswer(
            lexical=head,
            semantic=near[""],
            total=_total(answers.get(COUNTS), near[""]),
            facets=_facets(plan, answers),
        )

    def tail(
        self, request: EngineRequest, shown: Collection[str], skip: int, limit: int, deadline: Deadline
    ) -> list[str]:
        return self._codes(self._plan(request, deadline).tail(shown, skip, limit), deadline)

    def sorted_page(
        self,
        request: EngineRequest,
        near: Collection[str],
        sort: Sort,
        offset: int,
        limit: int,
        deadline: Deadline,
    ) -> list[str]:
        return self._codes(self._plan(request, deadline).sorted_page(near, sort, offset, limit), deadline)

    def harvest(self, request: EngineRequest, near: Collection[str], seconds_a_page: float) -> Iterator[str]:
        """Through a point in time, so that what is indexed meanwhile neither repeats nor hides a code."""
        plan = self._plan(request, self._deadline(seconds_a_page))
        body = {"query": plan.members(near).to_dict(), "size": HARVEST_PAGE, "sort": [conditions.NEUTRAL]}
        yield from (
            hit["_id"] for hit in scan(self._searches, self.index, {**body, "_source": False}, seconds_a_page)
        )

    def _deadline(self, seconds: float) -> Deadline:
        return Deadline(seconds, self._searches.servers)

    def _ask(self, bodies: Bodies, deadline: Deadline) -> dict[str, Response]:
        if not bodies:
            return {}
        answers = self._searches.all(self.index, list(bodies.values()), deadline)
        return dict(zip(bodies, answers, strict=True))

    def _codes(self, body: dict[str, Any], deadline: Deadline) -> list[str]:
        (answer,) = self._searches.all(self.index, [body], deadline)
        return [hit["_id"] for hit in answer["hits"]["hits"]]

    @staticmethod
    def _words_bodies(plan: Plan, with_counts: bool) -> Bodies:
        """The head; without neighbours to wait for, its own count and facets with it."""
        head = plan.head()
        if not with_counts:
            return head
        counts = plan.counts({})
        together = counts.pop(COUNTS)
        return {**counts, HEAD: {**together, **head[HEAD], "track_total_hits": True}}

    # --- Words that no document has

    def _plan(self, request: EngineRequest, deadline: Deadline) -> Plan:
        doubts = self._doubts(request)
        return Plan(self._kind, request, self._typos(doubts, self._ask(doubts, deadline)))

    def _doubts(self, request: EngineRequest) -> Bodies:
        """A search a word that may be misspelt, unless it has been seen in this index."""
        return {
            f"word:{word}": {"query": known_word(word).to_dict(), "size": 0, "terminate_after": 1}
            for word in doubtful_words(request.query)
            if word not in self._known
        }

    def _typos(self, doubts: Bodies, answers: dict[str, Response]) -> frozenset[str]:
        words = {name.removeprefix("word:"): answers[name]["hits"]["total"]["value"] for name in doubts}
        self._known.update(dict.fromkeys(word for word, count in words.items() if count))
        if len(self._known) > WORDS_REMEMBERED:
            self._known = dict.fromkeys(list(self._known)[WORDS_REMEMBERED // 2 :])
        return frozenset(word for word, count in words.items() if not count)


def scan(searches: Searches, index: str, body: dict[str, Any], seconds_a_page: float) -> Iterator[Any]:
    """Every hit of a sorted search, page after page, as the index is now."""
    client, servers = searches.client, searches.servers
    with named_failures(servers):
        point = client.open_point_in_time(index=index, keep_alive=KEEP_ALIVE)["id"]
    after: Sequence[Any] | None = None
    try:
        while True:
            page = {**body, "pit": {"id": point, "keep_alive": KEEP_ALIVE}, "track_total_hits": False}
            if after is not None:
                page["search_after"] = after
            hits = searches.one(page, Deadline(seconds_a_page, servers))["hits"]["hits"]
            yield from hits
            if len(hits) < body["size"]:
                return
            after = hits[-1]["sort"]
    finally:
        with named_failures(servers):
            client.close_point_in_time(id=point)


def _near(plan: Plan, answers: dict[str, Response]) -> dict[str, dict[str, float]]:
    """The neighbours under `""` and under each facet counted apart; none when the nearest of all is too far."""
    request = plan.request
    names = ["", *(facet.name for facet in plan.facets_apart())]
    if request.vector is None:
        return {name: {} for name in names}
    found = {name: similarities(answers[f"{NEAR}:{name}" if name else NEAR]) for name in names}
    nearest = similarities(answers[NEAREST]) if NEAREST in answers else found[""]
    if max(nearest.values(), default=-1.0) < request.vector_answer:
        return {name: {} for name in names}
    return {
        name: {code: cosine for code, cosine in near.items() if cosine >= request.vector_floor}
        for name, near in found.items()
    }


def _needed_counts(plan: Plan, near: dict[str, dict[str, float]]) -> Bodies:
    """Without words or facets, the neighbours are the whole set and need no counting."""
    if plan.matches() is None and not plan.request.facets:
        return {}
    return plan.counts(near)


def _scores(answer: Response | None) -> dict[str, float]:
    return {hit["_id"]: hit["_score"] for hit in answer["hits"]["hits"]} if answer else {}


def _first(scores: dict[str, float], limit: int) -> dict[str, float]:
    return {code: scores[code] for code in ranked(scores)[:limit]}


def _total(counts: Response | None, near: Collection[str]) -> int:
    return int(counts["hits"]["total"]["value"]) if counts else len(near)


def _facets(plan: Plan, answers: dict[str, Response]) -> dict[str, dict[str, int]]:
    apart = {facet.name for facet in plan.facets_apart()}
    found: dict[str, dict[str, int]] = {}
    for facet in plan.request.facets:
        counts = answers[f"{COUNTS}:{facet.name}" if facet.name in apart else COUNTS]
        found |= conditions.read_facets([facet], counts["aggregations"])
    return found
