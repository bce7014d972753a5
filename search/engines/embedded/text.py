"""Words in tantivy: the schema, the analyzers and the query built from units.

One rule: what a word is worth is told by `search.engines.words`, for both engines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from search.clauses import ParsedQuery, Unit
from search.documents.base import (
    SearchDocument,
    acronyms,
    card_text,
    every_text,
    identifiers,
    text_fields,
)
from search.engines.words import (
    ACRONYM,
    ALTERNATIVE,
    ALTERNATIVE_FROM,
    ENGLISH,
    EXACT_CODE,
    FRENCH,
    NAMED_SKILL,
    PREFIX,
    PREFIX_FROM,
    SKILL_CODE,
    TIE_BREAKER,
    TYPO,
    WORD,
    analyzers,
    stems,
    typos_allowed,
)
from search.errors import SearchUnavailable
from search.names import names, title_length
from skills.text import text_key


def recipe() -> dict[str, object]:
    """What the analyzers are, for the index's fingerprint."""
    return {
        "analysis": "simple, lowercase, snowball fr/en, ascii fold",
        "fields": 2,
        "tantivy": tantivy.__version__,
    }


@cache
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("code", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("identifiers", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("skill", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("acronyms", tokenizer_name="raw", index_option="basic")
    for name in FRENCH:
        builder.add_text_field(name, stored=name.startswith("body"), tokenizer_name="french")
    for name in ENGLISH:
        builder.add_text_field(name, stored=name.startswith("body"), tokenizer_name="english")
    builder.add_text_field("words", tokenizer_name="words")
    builder.add_text_field("names", tokenizer_name="words", index_option="basic")
    builder.add_text_field("name", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("title_length", stored=False, indexed=False, fast=True)
    builder.add_text_field("card", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("row", stored=False, indexed=False, fast=True)
    return builder.build()


def open_index(folder: Path) -> tantivy.Index:
    """The index in this folder, made if it is not there; analyzers are registered on every open."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        index = tantivy.Index(schema(), path=str(folder), reuse=True)
    except ValueError as error:
        raise SearchUnavailable(
            f"L'index {folder} est d'une autre version ou abîmé : reconstruisez-le."
        ) from error
    for name, analyzer in analyzers().items():
        index.register_tokenizer(name, analyzer)
    return index


def tantivy_document(document: SearchDocument, row: int) -> tantivy.Document:
    return tantivy.Document(
        code=[document.code],
        identifiers=identifiers(document),
        skill=list(document.keywords.get("skill", ())),
        acronyms=acronyms(document),
        words=[every_text(document)],
        names=list(names(document)),
        name=list(names(document)),
        title_length=title_length(document),
        card=[card_text(document)],
        row=row,
        **{name: [text] for name, text in text_fields(document).items() if text},
    )


@dataclass(frozen=True)
class QueryBuilder:
    """Builds the tantivy query of a parsed query against one searcher (whose terms decide when a word is a typo)."""

    searcher: tantivy.Searcher

    def build(self, parsed: ParsedQuery, *, required: int | None = None) -> Query:
        """Documents with `required` of the units (those that the query asks for, unless told), or about a skill it names."""
        parts: list[Query] = []
        if parsed.units:
            least = parsed.required if required is None else min(required, parsed.required)
            should = [(Occur.Should, self._unit(unit)) for unit in parsed.units]
            parts.append(Query.boolean_query(should, minimum_number_should_match=least))
        for code in dict.fromkeys(code for unit in parsed.units for code in unit.skills):
            parts.append(Query.const_score_query(_term("skill", code), NAMED_SKILL))
        if parsed.identifier:
            parts.append(Query.boost_query(_term("identifiers", parsed.identifier), EXACT_CODE))
        return parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Should, part) for part in parts])

    def highlight(self, parsed: ParsedQuery) -> Query:
        """The words worth marking in a passage: those typed, and the acronyms of what they name; no stop word."""
        acronyms = [text for unit in parsed.units for text in unit.alternatives if text.isupper()]
        typed = [self._word(token) for unit in parsed.units for token in unit.tokens]
        words = [
            *typed,
            *(self._exact(text_key(acronym))[0] for acronym in acronyms if " " not in text_key(acronym)),
        ]
        return Query.boolean_query([(Occur.Should, word) for word in words])

    def _unit(self, unit: Unit) -> Query:
        ways = [_all([self._word(token) for token in unit.tokens])]
        if unit.acronym:
            ways.append(Query.boost_query(_term("acronyms", unit.acronym), ACRONYM))
        ways += [Query.boost_query(_term("skill", code), SKILL_CODE) for code in unit.skills]
        ways += [
            Query.boost_query(Query.disjunction_max_query(phrases, tie_breaker=TIE_BREAKER), ALTERNATIVE)
            for text in unit.alternatives
            if (phrases := _phrases(text))
        ]
        return Query.disjunction_max_query(ways, tie_breaker=TIE_BREAKER)

    def _word(self, word: str) -> Query:
        """A word as it is, or as the beginning of another; failing both, as a misspelling."""
        exact, known = self._exact(word)
        ways = [exact]
        if len(word) >= PREFIX_FROM and self.searcher.terms_with_prefix("words", word, limit=1):
            ways.append(
                Query.boost_query(Query.fuzzy_term_query(schema(), "words", word, 0, prefix=True), PREFIX)
            )
        elif not known and (distance := typos_allowed(word)):
            ways.append(Query.boost_query(Query.fuzzy_term_query(schema(), "words", word, distance), TYPO))
        return Query.disjunction_max_query(ways)

    def _exact(self, word: str) -> tuple[Query, bool]:
        ways, known = [Query.boost_query(_term("words", word), WORD)], self._is_known("words", word)
        for fields, analyzer in ((FRENCH, "french"), (ENGLISH, "english")):
            for stem in stems(analyzer, word)[:1]:
                known = known or any(self._is_known(name, stem) for name in fields)
                ways += [Query.boost_query(_term(name, stem), boost) for name, boost in fields.items()]
        return Query.disjunction_max_query(ways, tie_breaker=TIE_BREAKER), known

    def _is_known(self, field: str, term: str) -> bool:
        return self.searcher.doc_freq(field, term) > 0


def among(query: Query, codes: Sequence[str]) -> Query:
    """The query, of the documents with these codes alone."""
    these = Query.const_score_query(Query.term_set_query(schema(), "code", list(codes)), 0.0)
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, these)])


def _term(field: str, value: str) -> Query:
    return Query.term_query(schema(), field, value)


def _all(queries: Sequence[Query]) -> Query:
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _phrases(text: str) -> list[Query]:
    """The text as a phrase of the titles, labels and bodies of either language."""
    phrases = []
    for fields, analyzer in ((FRENCH, "french"), (ENGLISH, "english")):
        words = stems(analyzer, text)
        for name, boost in fields.items():
            if len(words) > 1:
                phrases.append(Query.boost_query(Query.phrase_query(schema(), name, list(words)), boost))
            elif words and len(words[0]) >= ALTERNATIVE_FROM:
                phrases.append(Query.boost_query(_term(name, words[0]), boost))
    return phrases
