"""One kind of one generation, open for reading and writing.

One rule: words (tantivy), columns and vectors share the same rows; a word match whose row no segment holds is left out.
"""

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
import tantivy

from search.clauses import Card, EngineAnswer, EngineRequest, ParsedQuery, Sort
from search.documents.base import SearchDocument, read_card
from search.engines.base import Neighbour, VectorisedDocument, Vectors
from search.engines.embedded import ordering, suggesting, text
from search.engines.embedded.columns import Columns, Integers, Mask, Numbers
from search.engines.embedded.segments import MERGE_ABOVE, Segment, SegmentStore
from search.engines.embedded.snippets import SnippetMaker
from search.names import TypedName

ROWS_A_SEGMENT = 1 << 32
WRITER_HEAP_BYTES = 30_000_000


class Words:
    """What the words say of each row: its score (0: none of them), and whether it has enough of them to be an answer."""

    def __init__(self, scores: Numbers, enough: Mask | None = None) -> None:
        self.scores = scores
        self.enough = scores > 0 if enough is None else enough


class KindReader:
    """An immutable view of a kind: open it anew when the store's signature changes."""

    def __init__(self, folder: Path) -> None:
        store = SegmentStore(folder)
        self.signature = store.signature()
        segments = store.segments()
        documents = _documents(segments)
        self._bases = _bases(segments, documents)
        flat = [document for part in documents for document in part]
        self.columns = Columns.of(flat, _alive(segments, documents))
        self._row_by_code = {
            code: row for row, code in enumerate(self.columns.codes) if self.columns.alive[row]
        }
        self._vectors = [self._vector_block(segment) for segment in segments]
        self._searcher = text.open_index(folder / "words").searcher()

    def _vector_block(self, segment: Segment) -> tuple[Vectors, np.ndarray, list[str]]:
        array, rows, names = segment.vectors()
        return array, np.array(rows, dtype=np.int64) + self._bases[segment.number], names

    def answer(self, request: EngineRequest) -> EngineAnswer:
        columns = self.columns
        similarities = self._similarities(request)
        documents, _ = columns.matching(request.clauses.values(), request.today)
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
            facets=self._facets(request, words, similarities),
        )

    def tail(self, request: EngineRequest, shown: Collection[str], skip: int, limit: int) -> list[str]:
        words = self._words(request, np.zeros(self.columns.size, dtype=bool))
        documents, _ = self.columns.matching(request.clauses.values(), request.today)
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
        documents, offers = self.columns.matching(request.clauses.values(), request.today)
        return np.flatnonzero(documents & (words.enough | self._rows_of(neighbours))), offers

    def _rows_of(self, codes: Collection[str]) -> Mask:
        mask = np.zeros(self.columns.size, dtype=bool)
        mask[[row for code in codes if (row := self._row_by_code.get(code)) is not None]] = True
        return mask

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
        for (score, _), row in zip(hits, self._rows([address for _, address in hits]), strict=True):
            if row is not None:
                scores[row] += score
        return scores

    def _rows(self, addresses: Sequence[tantivy.DocAddress]) -> list[int | None]:
        return [self._row(stored) for stored in self._searcher.fast_field_values("row", list(addresses))]

    def _row(self, stored: int | None) -> int | None:
        if stored is None:
            return None
        number, row = divmod(stored, ROWS_A_SEGMENT)
        return self._bases[number] + row if number in self._bases else None

    def _similarities(self, request: EngineRequest) -> Numbers | None:
        """Of each row, or none where the nearest of all is too far to be an answer, whatever the filters."""
        if request.vector is None:
            return None
        best = self._best_similarities(np.asarray(request.vector))
        is_near = (best[self.columns.alive] >= request.vector_answer).any()
        return best if is_near else np.full(self.columns.size, -1.0)

    def _best_similarities(self, vector: np.ndarray) -> Numbers:
        """The best cosine of each row over its several vectors; -1 where it has none."""
        best = np.full(self.columns.size, -1.0)
        for array, rows, _ in self._vectors:
            if len(rows):
                np.maximum.at(best, rows, array @ vector)
        return best

    def _facets(
        self, request: EngineRequest, words: "Words", similarities: Numbers | None
    ) -> dict[str, dict[str, int]]:
        counts = {}
        for facet in request.facets:
            clauses = [clause for name, clause in request.clauses.items() if name != facet.name]
            documents, offers = self.columns.matching(clauses, request.today)
            members = _neighbours_in(similarities, documents, request) | (documents & words.enough)
            counts[facet.name] = self.columns.facet_counts(facet, members, offers)
        return counts

    def nearest(self, vectors: Vectors, limit: int) -> list[list[Neighbour]]:
        """For each vector, the nearest living documents, best first, each with the name of its nearest vector."""
        return [self._nearest(vector, limit) for vector in vectors]

    def _nearest(self, vector: np.ndarray, limit: int) -> list[Neighbour]:
        best: dict[int, tuple[float, str]] = {}
        for array, rows, names in self._vectors:
            if not len(rows):
                continue
            similarities = array @ vector
            for at in np.argsort(-similarities)[: limit * 8]:
                row, similarity = int(rows[at]), float(similarities[at])
                if self.columns.alive[row] and similarity > best.get(row, (-1.0, ""))[0]:
                    best[row] = (similarity, names[at])
        order = sorted(best, key=lambda row: (-best[row][0], self.columns.codes[row]))[:limit]
        return [Neighbour(self.columns.codes[row], *best[row]) for row in order]

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
        documents, _ = self.columns.matching((), today)
        hits = suggesting.hits(self._searcher, typed)
        rows = self._rows([address for _, address in hits])
        places = {
            at: int(self.columns.neutral[row])
            for at, row in enumerate(rows)
            if row is not None and documents[row]
        }
        return suggesting.cards(self._searcher, hits, places, typed, limit)


class KindWriter:
    """Writes changes to a kind; the caller holds the generation's write lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SegmentStore(folder)

    def write(self, documents: Iterable[VectorisedDocument], removed: Iterable[str]) -> int:
        items, gone = list(documents), list(removed)
        if not items and not gone and self.store.segments():
            return 0
        segments = self.store.segments()
        segment = self.store.write(items, gone)
        self._write_words(segment, [item.document for item in items], gone)
        self.store.publish([*segments, segment])
        if len(segments) >= MERGE_ABOVE:
            self._merge()
        return len(items)

    def _write_words(
        self, segment: Segment, documents: Sequence[SearchDocument], removed: Sequence[str]
    ) -> None:
        writer = text.open_index(self.folder / "words").writer(WRITER_HEAP_BYTES, num_threads=1)
        for code in (*removed, *(document.code for document in documents)):
            writer.delete_documents_by_term("code", code)
        for row, document in enumerate(documents):
            writer.add_document(text.tantivy_document(document, segment.number * ROWS_A_SEGMENT + row))
        writer.commit()
        writer.wait_merging_threads()

    def _merge(self) -> None:
        """Join every segment but the first (the backfill's, which is large) into one."""
        first, *small = self.store.segments()
        latest: dict[str, VectorisedDocument | None] = {}
        for segment in small:
            latest.update(dict.fromkeys(segment.removed()))
            latest.update({item.document.code: item for item in segment.vectorised()})
        items = [item for item in latest.values() if item is not None]
        removed = [code for code, item in latest.items() if item is None]
        merged = self.store.write(items, removed)
        self._write_words(merged, [item.document for item in items], removed)
        self.store.publish([first, merged])

    def digests(self) -> dict[str, str]:
        """The digest of each living document, by code."""
        digests: dict[str, str] = {}
        for segment in self.store.segments():
            for code in segment.removed():
                digests.pop(code, None)
            digests.update({document.code: document.digest for document in segment.documents()})
        return digests


def _documents(segments: Sequence[Segment]) -> list[list[SearchDocument]]:
    return [list(segment.documents()) for segment in segments]


def _bases(segments: Sequence[Segment], documents: Sequence[Sequence[SearchDocument]]) -> dict[int, int]:
    """The first row of each segment, by its number."""
    bases, at = {}, 0
    for segment, part in zip(segments, documents, strict=True):
        bases[segment.number] = at
        at += len(part)
    return bases


def _alive(segments: Sequence[Segment], documents: Sequence[Sequence[SearchDocument]]) -> Mask:
    """Which rows are the latest word on their code."""
    latest: dict[str, int] = {}
    at = 0
    for segment, part in zip(segments, documents, strict=True):
        for code in segment.removed():
            latest.pop(code, None)
        for document in part:
            latest[document.code] = at
            at += 1
    alive = np.zeros(at, dtype=bool)
    alive[list(latest.values())] = True
    return alive


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
