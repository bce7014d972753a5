"""The state of the search index, for the health page.

One rule: an index that cannot answer is a state to report, never an error of the page.
"""

from search.errors import SearchUnavailable
from search.request import Kind, SearchRequest
from search.retrieval import search


def search_index_state() -> str:
    try:
        search(SearchRequest(kind=Kind.SKILLS, limit=1))
    except SearchUnavailable:
        return "absent"
    return "ok"
