"""One kind of one generation, open for reading and writing.

One rule: words (tantivy), columns and vectors share the same rows; a word match whose row no segment holds is left out.
"""

import bisect
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path

import numpy as np
import tantivy

from search.clauses import Card, EngineAnswer, EngineRequest, ParsedQuery, Sort
from search.documents.base import SearchDocument, read_card
from search.engines.base import Neighbour, VectorisedDocument, Vectors
from search.engines.embedded import ordering, suggesting, text
from search.engines.embedded.columns import Columns, Integers, Mask, Numbers
from search.engines.embedded.filtering import Filtering, facet_counts
from search.engines.embedded.merging import first_to_join
from search.engines.embedded.segments import (
    Segment,
    SegmentStore,
    latest_rows,
    rows_mask,
)
from search.engines.embedded.snippets import SnippetMaker
from search.names import TypedName

WRITER_HEAP_BYTES = 30_000_000


class Words:
    """What the words say of each row: its score (0: none of them), and whether it has enough of them to be an answer."""

    def __init__(self, scores: Numbers, enough: Mask | None = None) -> None:
        self.scores = scores
        self.enough = scores > 0 if enough is None else enough


class KindReader:
    """An immutable view of a kind: open it anew when the store's signature changes.

    What `previous`, an older view of the same kind, has read of the segments that still count is not read again.
    """

    def __init__(self, folder: Path, previous: "KindReader | None" = None) -> None:
        store = SegmentStore(folder)
        self.signature = store.signature()
        self._segments = store.segments()
        kept = 0 if previous is None else _common_length(self._segments, previous._segments)
        contents = [segment.read() for segment in self._segments[kept:]]
        parts = [content.columns for content in contents]
        self._removed = [content.removed for content in contents]
        self._blocks = [content.vectors for content in contents]
        if previous is not None and kept:
            parts.insert(0, previous.columns.first(sum(segment.size for segment in self._segments[:kept])))
            self._removed = [*previous._removed[:kept], *self._removed]
            self._blocks = [*previous._blocks[:kept], *self._blocks]
        self.columns = Columns.joined(parts)
        self._bases = np.cumsum([0, *(segment.size for segment in self._segments)]).tolist()
        self._row_by_code = latest_rows(zip(self._codes_of_segments(), self._removed, strict=True))
        self._alive = rows_mask(self._row_by_code.values(), self.columns.size)
        self._searcher = text.open_index(folder / "words").searcher()

    def _codes_of_segments(self) -> Iterator[list[str]]:
        return (self.columns.codes[first:end] for first, end in itertools.pairwise(self._bases))

    def answer(self, request: EngineRequest) -> EngineAnswer:
        columns = self.columns
        similarities = self._similarities(request)
        filtering = self._filtering(request)
        documents, _ = filtering.passing()
        near = _neighbours_in(similarities, documents, request)
        words = self._words(request, near)
        matches = documents & words.enough
        ranks = ordering.by_score(
            words.scores, np.flatnonzero(matches | (near & (words.scores > 0))), columns, request.rank_window
        )
        return EngineAnswer(
            lexical=_scores(columns, words.scores, ranks),
            semantic={} if similarities is None else _scores(columns, similarities, np.flatnonzero(near)),
            total=int((matches | near).sum()),
            facets=self._facets(request, filtering, words, similarities),
        )

    def _filtering(self, request: EngineRequest) -> Filtering:
        return Filtering(self.columns, self._alive, request.clauses, request.today)

    def tail(self, request: EngineRequest, shown: Collection[str], skip: int, limit: int) -> list[str]:
        words = self._words(request, np.zeros(self.columns.size, dtype=bool))
        documents, _ = self._filtering(request).passing()
        later = documents & words.enough & ~self._rows_of(shown)
        rows = ordering.by_score(words.scores, np.flatnonzero(later), self.columns, skip + limit)
        return self._codes(rows[skip:])

    def sorted_page(
        self, request: EngineRequest, neighbours: Collection[str], sort: Sort, offset: int, limit: int
    ) -> list[str]:
        members, offers = self._members(request, neighbours)
        rows = ordering.by_key(sort, members, self.columns, offers, request.today)
        return self._codes(rows[offset : offset + limit])

    def harvest(self, request: EngineRequest, neighbours: Collection[str]) -> list[str]:
        members, _ = self._members(request, neighbours)
        return self._codes(members[np.argsort(self.columns.neutral[members])])

    def _members(self, request: EngineRequest, neighbours: Collection[str]) -> tuple[Integers, Mask]:
        """The rows of the result set, and the offers that pass the filters."""
        words = self._words(request, np.zeros(self.columns.size, dtype=bool))
        documents, offers = self._filtering(request).passing()
        return np.flatnonzero(documents & (words.enough | self._rows_of(neighbours))), offers

    def _rows_of(self, codes: Collection[str]) -> Mask:
        rows = [row for code in codes if (row := self._row_by_code.get(code)) is not None]
        return rows_mask(rows, self.columns.size)

    def _codes(self, rows: Integers) -> list[str]:
        return [self.columns.codes[row] for row in rows]

    def _words(self, request: EngineRequest, near: Mask) -> "Words":
        """BM25 of the words, plus the number of wanted skills; what has too few of the words has a score when it is near by
        meaning, for a neighbour that has one of them is a better answer than one that has none."""
        if not request.query and not request.wanted_skills:
            # Nothing asked: everything that passes the filters. Asked by meaning alone: no word says anything.
            return Words(np.full(self.columns.size, 1.0 if request.vector is None else 0.0))
        scores = np.zeros(self.columns.size)
        if request.wanted_skills and "skill" in self.columns.keywords:
            scores += self.columns.keywords["skill"].count_having(request.wanted_skills, self.columns.size)
        if not request.query:
            return Words(scores)
        enough = scores + self._bm25(request.query)
        if request.query.required <= 1 or not near.any():
            return Words(enough)
        some = scores + self._bm25(request.query, required=1, among=np.flatnonzero(near))
        return Words(np.where(near, some, enough), enough > 0)

    def _bm25(
        self, query: ParsedQuery, required: int | None = None, among: Integers | None = None
    ) -> Numbers:
        """The score of each row that has `required` of the query's units; only of the rows `among`, when given."""
        scores = np.zeros(self.columns.size)
        if not self._searcher.num_docs:
            return scores
        built = text.QueryBuilder(self._searcher).build(query, required=required)
        if among is not None:
            built = text.among(built, self._codes(among))
        hits = self._searcher.search(built, limit=self._searcher.num_docs, count=False).hits
        # `map` and `itemgetter`, the fastest way through a list of pairs: there may be 100,000 of them.
        rows = self._rows(list(map(itemgetter(1), hits)))
        found = rows >= 0
        scores[rows[found]] = np.fromiter(map(itemgetter(0), hits), np.float64, len(hits))[found]
        return scores

    def _rows(self, addresses: list[tantivy.DocAddress]) -> Integers:
        """The row of each of these; -1 for one that no segment holds."""
        word_ids = self._searcher.fast_field_values("row", addresses)
        return self.columns.rows_of_words(np.array(word_ids, dtype=np.int64))

    def _similarities(self, request: EngineRequest) -> Numbers | None:
        """Of each row, or none where the nearest of all is too far to be an answer, whatever the filters."""
        if request.vector is None:
            return None
        best = self._best(self._of_vectors(np.asarray(request.vector)))
        is_near = (best[self._alive] >= request.vector_answer).any()
        return best if is_near else np.full(self.columns.size, -1.0)

    def _of_vectors(self, vector: Vectors) -> list[Vectors]:
        """The cosine of each vector of each segment with this one."""
        return [block.similarities(vector) for block in self._blocks]

    def _best(self, of_vectors: Sequence[Vectors]) -> Numbers:
        """The best cosine of each row over its several vectors; -1 where it has none."""
        best = np.full(self.columns.size, -1.0)
        for base, block, similarities in zip(self._bases, self._blocks, of_vectors, strict=False):
            if len(similarities):
                best[base + block.rows] = block.best(similarities)
        return best

    def _facets(
        self, request: EngineRequest, filtering: Filtering, words: "Words", similarities: Numbers | None
    ) -> dict[str, dict[str, int]]:
        counts = {}
        sets: dict[
            str, tuple[Mask, Mask]
        ] = {}  # by the filter left out: one for all facets that no filter is about
        for facet in request.facets:
            left_out = facet.name if facet.name in request.clauses else ""
            if left_out not in sets:
                documents, offers = filtering.passing(but=left_out)
                members = _neighbours_in(similarities, documents, request) | (documents & words.enough)
                sets[left_out] = members, offers
            counts[facet.name] = facet_counts(self.columns, facet, *sets[left_out])
        return counts

    def nearest(self, vectors: Vectors, limit: int) -> list[list[Neighbour]]:
        """For each vector, the nearest living documents, best first, each with the name of its nearest vector."""
        return [self._nearest(vector, limit) for vector in vectors]

    def _nearest(self, vector: Vectors, limit: int) -> list[Neighbour]:
        of_vectors = self._of_vectors(vector)
        best = np.where(self._alive, self._best(of_vectors), -1.0)
        rows = np.flatnonzero(best > -1.0)
        if limit < len(rows):
            rows = rows[best[rows] >= np.partition(best[rows], len(rows) - limit)[len(rows) - limit]]
        nearest = sorted(rows.tolist(), key=lambda row: (-best[row], self.columns.codes[row]))[:limit]
        return [
            Neighbour(self.columns.codes[row], float(best[row]), self._nearest_name(row, of_vectors))
            for row in nearest
        ]

    def _nearest_name(self, row: int, of_vectors: Sequence[Vectors]) -> str:
        segment = bisect.bisect_right(self._bases, row) - 1
        return self._blocks[segment].nearest_name(row - self._bases[segment], of_vectors[segment])

    def cards(self, codes: Sequence[str], query: ParsedQuery, language: str) -> dict[str, Card]:
        if not codes:
            return {}
        snippets = SnippetMaker(self._searcher, query, language)
        wanted = tantivy.Query.term_set_query(text.schema(), "code", list(codes))
        cards = {}
        for _, address in self._searcher.search(wanted, limit=len(codes), count=False).hits:
            document = self._searcher.doc(address)
            code = document.get_first("code")
            shown = read_card(document.get_first("card"))
            cards[code] = Card(code=code, snippet=snippets.snippet(document), **shown)
        return cards

    def suggest(self, typed: TypedName, limit: int, today: int) -> list[Card]:
        documents, _ = Filtering(self.columns, self._alive, {}, today).passing()
        hits = suggesting.hits(self._searcher, typed)
        rows = self._rows([address for _, address in hits])
        places = {
            at: int(self.columns.neutral[row]) for at, row in enumerate(rows) if row >= 0 and documents[row]
        }
        return suggesting.cards(self._searcher, hits, places, typed, limit)


class KindWriter:
    """Writes changes to a kind; the caller holds the generation's write lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SegmentStore(folder)

    def write(self, documents: Iterable[VectorisedDocument], removed: Iterable[str]) -> int:
        items, gone = list(documents), list(removed)
        segments = self.store.segments()
        if not items and not gone and segments:
            return 0
        segment = self.store.write(items, gone)
        self._write_words(segment, [item.document for item in items], gone)
        segments.append(segment)
        self.store.publish(segments)
        first = first_to_join([segment.size for segment in segments])
        if first < len(segments):
            joined = self.store.write_joined(segments[first:], are_oldest=first == 0)
            self.store.publish([*segments[:first], joined])
        return len(items)

    def _write_words(
        self, segment: Segment, documents: Sequence[SearchDocument], removed: Sequence[str]
    ) -> None:
        writer = text.open_index(self.folder / "words").writer(WRITER_HEAP_BYTES, num_threads=1)
        for code in (*removed, *(document.code for document in documents)):
            writer.delete_documents_by_term("code", code)
        for word_id, document in enumerate(documents, start=segment.first_word_id):
            writer.add_document(text.tantivy_document(document, word_id))
        writer.commit()
        writer.wait_merging_threads()

    def digests(self) -> dict[str, str]:
        """The digest of each living document, by code."""
        digests: dict[str, str] = {}
        for segment in self.store.segments():
            for code in segment.removed():
                digests.pop(code, None)
            digests.update(segment.digests())
        return digests


def _common_length(segments: Sequence[Segment], others: Sequence[Segment]) -> int:
    """How many segments are the same from the first one on."""
    pairs = enumerate(zip(segments, others, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(segments), len(others)))


def _neighbours_in(similarities: Numbers | None, documents: Mask, request: EngineRequest) -> Mask:
    """The rows among `documents` that are semantic neighbours: above the floor, the nearest `vector_limit` of them."""
    if similarities is None:
        return np.zeros(len(documents), dtype=bool)
    candidates = np.flatnonzero(documents & (similarities >= request.vector_floor))
    if len(candidates) > request.vector_limit:
        nearest = np.argpartition(-similarities[candidates], request.vector_limit)[: request.vector_limit]
        candidates = candidates[nearest]
    members = np.zeros(len(documents), dtype=bool)
    members[candidates] = True
    return members


def _scores(columns: Columns, scores: Numbers, rows: Integers) -> dict[str, float]:
    return {columns.codes[row]: float(scores[row]) for row in rows}
