"""What a filter asks of an engine, in the engine's own neutral words. Pure: no Django, no engine.

One rule: all clauses on offers must hold for one and the same offer (nested semantics): a remote session in May and an on-site
one in June are not a remote session in June.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from search.documents.base import CertificationFacts, Offer
from search.request import SortKey


class Scope(Enum):
    DOCUMENT = "document"
    OFFER = "offer"


@dataclass(frozen=True)
class AnyOf:
    """The field has at least one of these values."""

    field: str
    values: tuple[str, ...]
    scope: Scope = Scope.DOCUMENT


@dataclass(frozen=True)
class AllOf:
    """The field has every one of these values."""

    field: str
    values: tuple[str, ...]
    scope: Scope = Scope.DOCUMENT


@dataclass(frozen=True)
class Between:
    """The number of an offer lies between these bounds, both included; an unknown number never does."""

    field: str
    lower: float | None = None
    upper: float | None = None
    scope: Scope = Scope.OFFER


@dataclass(frozen=True)
class Band:
    """One value of a choice that moves with the days: a document has it as a code, or by a date between two days.

    `first` and `last` are ordinals, both included; without either, only the code counts.
    """

    value: str
    first: int | None = None
    last: int | None = None

    @property
    def has_days(self) -> bool:
        return self.first is not None or self.last is not None


@dataclass(frozen=True)
class AnyBand:
    """The document is in at least one of these bands: `field` names both its codes and its dates."""

    field: str
    bands: tuple[Band, ...]
    scope: Scope = Scope.DOCUMENT


@dataclass(frozen=True)
class Near:
    """The offer is given within so many kilometres of a point, or followed from anywhere; one whose place is unknown is not."""

    latitude: float
    longitude: float
    kilometres: float
    field: str = "place"
    scope: Scope = Scope.OFFER


Clause = AnyOf | AllOf | Between | AnyBand | Near


@dataclass(frozen=True)
class Sort:
    """An order other than relevance, judged on the offers that pass the filters; equal ones in neutral order.

    By date: what can be entered today, then the rest, each by its next start. By price: the lowest. By distance from `origin`
    (latitude and longitude): what can be followed from anywhere, then the rest, each by its nearest place. What none of its
    offers tells comes last.
    """

    by: SortKey
    origin: tuple[float, float] | None = None


@dataclass(frozen=True)
class Unit:
    """One idea of the query: its own words, and other ways to say it.

    `tokens` are the words as typed (folded, lower case); `acronym` is set when typed in capitals; `skills` are the codes of
    the skills it names; `alternatives` are other labels of those skills.
    """

    tokens: tuple[str, ...]
    acronym: str = ""
    skills: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class ParsedQuery:
    """A query ready for any engine: units in order, how many of them a document must have, and the whole text as a code.

    A document whose code or identifier (RNCP, ROME) is `identifier` matches whatever its words.
    """

    units: tuple[Unit, ...] = ()
    required: int = 0
    identifier: str = ""

    def __bool__(self) -> bool:
        return bool(self.units or self.identifier)


@dataclass(frozen=True)
class FacetRequest:
    """Count the values of `field`, ignoring the clause that the filter `name` brings (disjunctive counting).

    With `bands`, count the documents in each of them instead.
    """

    name: str
    field: str
    scope: Scope
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True)
class EngineRequest:
    """Everything an engine needs to find and count. `today` is the ordinal of the day: what ended before it is left out.

    `vector_floor` is the cosine under which a neighbour is none; at most `vector_limit` neighbours belong to the result set,
    and none at all when the nearest object, filters aside, is under `vector_answer`. `rank_window` is how many of the first
    lexical ranks are fused with the neighbours.
    """

    query: ParsedQuery = ParsedQuery()
    vector: object | None = None
    vector_floor: float = 1.0
    vector_answer: float = -1.0
    vector_limit: int = 100
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    wanted_skills: tuple[str, ...] = ()
    facets: tuple[FacetRequest, ...] = ()
    today: int = 0
    rank_window: int = 200


@dataclass(frozen=True)
class EngineAnswer:
    """What is known of one result set, filtered: how many objects it has, and the counts by facet and value.

    `lexical` has the score of the first `rank_window` lexical ranks, neighbours that have some of the words among them;
    `semantic` the cosine of every neighbour. What is in neither is a lexical match of a later rank (see `Engine.tail`).
    """

    lexical: Mapping[str, float]
    semantic: Mapping[str, float]
    total: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """What a result shows. `snippet` is escaped HTML with <mark>.

    `late_offers` are those that the end of a registration concerns.
    """

    code: str
    title_fr: str
    title_en: str
    url_fr: str
    url_en: str
    snippet: str = ""
    certifications: tuple[CertificationFacts, ...] = ()
    late_offers: tuple[Offer, ...] = ()
