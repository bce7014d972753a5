"""Find skills in the admin: by our own search engine, and by a plain match of codes and texts for what no index holds.

One rule: an editor finds every skill, drafts and retired ones included; when the engine is away, the list says that it compared
words only.
"""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from search.errors import SearchUnavailable
from search.request import MAX_LIMIT, InvalidRequest, Kind, SearchRequest
from search.retrieval import search
from skills.models import Skill, SkillLabel
from skills.text import text_key

PLAIN_ONLY = "La recherche est réduite : votre texte est comparé aux seuls codes et libellés."
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Found:
    """Codes that the engine gives, best first, and what the list says of the search."""

    codes: tuple[str, ...]
    notice: str = ""


def by_engine(text: str) -> Found:
    try:
        results = search(SearchRequest(kind=Kind.SKILLS, text=text, limit=MAX_LIMIT))
    except (SearchUnavailable, InvalidRequest):
        return Found((), PLAIN_ONLY)
    return Found(tuple(result.code for result in results.results))


def matching(skills: QuerySet[Skill], text: str, found: Found) -> QuerySet[Skill]:
    plain = Q(code__icontains=text) | Q(label_fr__icontains=text) | Q(label_en__icontains=text)
    if key := text_key(text):
        plain |= Q(pk__in=SkillLabel.objects.filter(key__contains=key).values("skill"))
    return skills.filter(plain | Q(code__in=found.codes))


def best_first(skills: QuerySet[Skill], text: str, found: Found) -> QuerySet[Skill]:
    """The skill of that very code, then the engine's order, then the others by code."""
    ranks = [When(code=code, then=Value(rank)) for rank, code in enumerate(found.codes)]
    order = Case(
        When(code=text.strip().lower(), then=Value(-1)),
        *ranks,
        default=Value(len(ranks)),
        output_field=IntegerField(),
    )
    return skills.order_by(order, "code")
