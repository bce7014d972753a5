"""What is asked of a search and what comes back. Pure: no Django, no engine.

One rule: the result set is the lexical matches plus the semantic neighbours above the floor; `total`, `results`, `facets` and
pages all speak of that one set.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain

from skills.languages import in_language

MAX_QUERY_LENGTH = 1_000
MAX_LIMIT = 100
MAX_OFFSET = 10_000
# The filter by place, from whose commune distances are counted when no origin is said.
PLACE = "place"


class Kind(Enum):
    """What is indexed, by both engines. Candidates are nobody's to search: see `PUBLIC_KINDS`."""

    JOBS = "jobs"
    TRAININGS = "trainings"
    SKILLS = "skills"
    CANDIDATES = "candidates"


# What a search, a suggestion or a file may be about. The others are reached by `search.members` alone.
PUBLIC_KINDS = (Kind.JOBS, Kind.TRAININGS, Kind.SKILLS)


class Mode(Enum):
    LEXICAL = "lexical"
    SEMANTIC = "semantic"
    HYBRID = "hybrid"


class SortKey(Enum):
    """By what the result set is listed; equal ones in neutral order, unknown ones last."""

    RELEVANCE = "relevance"
    DATE = "date"
    PRICE = "price"
    DISTANCE = "distance"


class InvalidRequest(ValueError):
    """The request cannot be served: unknown filter, value or bound. The message is for the person who asked."""


def require_public(kind: Kind) -> None:
    if kind not in PUBLIC_KINDS:
        raise InvalidRequest("Les candidats ne se cherchent pas : un besoin les compare à ce qu'il demande.")


def is_unicode(text: str) -> bool:
    """Whether the text can be written: bytes that are not UTF-8, or « \\ud800 » in JSON, leave half characters."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


@dataclass(frozen=True)
class SearchRequest:
    """A query and its filters.

    `filters` maps a filter name of `search.filters` to the values chosen, e.g. `{"region": ("84",)}`.
    `wanted_skills` asks for whatever has these skill codes, by how many they have (used for candidates in matching).
    `origin` is where distances are counted from: latitude and longitude in degrees; the commune of the filter by place when
    it is not said.
    """

    kind: Kind
    text: str = ""
    mode: Mode = Mode.HYBRID
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limit: int = 10
    offset: int = 0
    language: str = "fr"
    with_facets: bool = False
    wanted_skills: tuple[str, ...] = ()
    sort: SortKey = SortKey.RELEVANCE
    origin: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.sort is not SortKey.RELEVANCE and self.kind is not Kind.TRAININGS:
            raise InvalidRequest("Seules les formations se trient par date, par prix ou par distance.")
        if self.sort is SortKey.DISTANCE and self.origin is None and not self.filters.get(PLACE):
            raise InvalidRequest("Pour trier par distance, donnez un lieu.")
        if not 1 <= self.limit <= MAX_LIMIT:
            raise InvalidRequest(f"Le nombre de résultats va de 1 à {MAX_LIMIT}.")
        if not 0 <= self.offset <= MAX_OFFSET:
            raise InvalidRequest(f"On ne peut pas aller au-delà du résultat {MAX_OFFSET}.")
        for text in (self.text, *chain.from_iterable(self.filters.values())):
            if not is_unicode(text):
                raise InvalidRequest("La recherche contient des caractères illisibles : écrivez-la en UTF-8.")


@dataclass(frozen=True)
class CertificationNotice:
    """What a result warns of a certification: its states today, and how many sessions to come its end concerns."""

    code: str
    states: tuple[str, ...]
    ends_on: dt.date | None
    successors: tuple[str, ...]
    sessions_after: int = 0
    sessions_running_past: int = 0


@dataclass(frozen=True)
class SearchResult:
    """One object found. `found_by` is lexical, semantic or both; `snippet` is escaped HTML with <mark>."""

    code: str
    title_fr: str
    title_en: str
    score: float
    found_by: str
    url: str
    snippet: str = ""
    certification_alerts: tuple[CertificationNotice, ...] = ()

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language)


@dataclass(frozen=True)
class FacetValue:
    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True)
class SearchResults:
    """One page of results. `mode` is the mode that really ran; `notice` says in French why it is not the one asked for.

    `origin` is where distances were counted from, when a place or an origin was said.
    """

    results: tuple[SearchResult, ...]
    total: int
    mode: Mode
    abstained: bool
    facets: tuple[Facet, ...] = ()
    notice: str = ""
    origin: tuple[float, float] | None = None
