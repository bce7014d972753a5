"""The passage of a result that answers the query, as escaped HTML with <mark>."""

import tantivy

from search.clauses import ParsedQuery
from search.engines.embedded import text
from search.engines.words import SNIPPET_CHARACTERS


class SnippetMaker:
    def __init__(self, searcher: tantivy.Searcher, query: ParsedQuery, language: str) -> None:
        self._field = "body_en" if language == "en" else "body_fr"
        self._generator = None
        if query.units:
            built = text.QueryBuilder(searcher).highlight(query)
            self._generator = tantivy.SnippetGenerator.create(searcher, built, text.schema(), self._field)
            self._generator.set_max_num_chars(SNIPPET_CHARACTERS)

    def snippet(self, document: tantivy.Document) -> str:
        """Empty when no word of the query stands in the body."""
        if self._generator is None or document.get_first(self._field) is None:
            return ""
        return (
            self._generator.snippet_from_doc(document)
            .to_html()
            .replace("<b>", "<mark>")
            .replace("</b>", "</mark>")
        )
