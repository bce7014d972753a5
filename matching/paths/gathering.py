"""Which trainings a path may be made of: those that bring what is missing, and those that bring what they ask for.

One rule: search proposes, and proposes all that can still be joined (`candidates.MOST_OPEN`); at most three rounds, each of a
fixed number of queries.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from matching.candidates import Candidates, open_trainings_bringing, trainings_bringing
from matching.database_candidates import sessions_to_begin, training_urls
from matching.paths.options import Sought, needs_of
from matching.paths.shelf import Shelf
from matching.paths.tokens import kind_of, values_of
from matching.referential import Referential
from matching.scoring import SkillGraph
from search.failover import said_once
from training.models import Training

# What is missing, what its trainings ask for, and what those that bring it ask for in turn.
ROUNDS = 3
MOST_GRANTING = 200


@dataclass(frozen=True, slots=True)
class Gathered:
    """The address of each training; `is_cut` when more could be joined than were gathered."""

    urls: dict[str, str]
    notice: str
    is_cut: bool


def gather(
    sought: Sought, referential: Referential, language: str, engine: str, shelf: Shelf | None = None
) -> Gathered:
    shelf = shelf or Shelf(referential)
    urls: dict[str, str] = {}
    answers: list[Candidates] = []
    wanted, asked = sought.tokens, set[str]()
    for _round in range(ROUNDS):
        asked |= wanted
        codes = _skills(wanted, referential.graph)
        answers.append(open_trainings_bringing(codes, sought.today, language, engine))
        found = answers[-1].urls | training_urls(_granting(wanted, sought.today), language)
        needs = needs_of(found.keys() - urls.keys(), sought, referential, shelf)
        urls = found | urls
        needed = frozenset(need for some in needs.values() for need in some)
        wanted = needed - asked - sought.held_of(needed, referential.graph)
        if not wanted:
            break
    # Those that announce no date are no options; they are gathered to be named.
    answers.append(trainings_bringing(_skills(sought.tokens, referential.graph), language, engine))
    notice = " ".join(said_once(answer.notice for answer in answers))
    is_cut = any(answer.is_cut for answer in answers[:-1])
    return Gathered(answers[-1].urls | urls, notice, is_cut)


def _skills(tokens: Iterable[str], graph: SkillGraph) -> list[str]:
    """The skills that meet these tokens: those they name and the narrower ones."""
    named = {code for token in tokens if kind_of(token) in {"skill", "has"} for code in values_of(token)}
    return sorted(named.union(*(graph.narrower.get(code, ()) for code in named)))


def _granting(tokens: Iterable[str], on: dt.date) -> list[str]:
    """The trainings to begin that lead to these certifications or blocks, or to a level high enough."""
    by_kind: dict[str, list[str]] = {}
    for token in tokens:
        by_kind.setdefault(kind_of(token), []).extend(values_of(token))
    gives = Q(certifications__code__in=by_kind.get("certification", []))
    gives |= Q(certifications__blocks__code__in=by_kind.get("block", []))
    if "level" in by_kind:
        lowest = min(int(level) for level in by_kind["level"])
        gives |= Q(exit_level__gte=lowest) | Q(certifications__level__gte=lowest)
    elif not {"certification", "block"} & by_kind.keys():
        return []
    sessions = sessions_to_begin(on).filter(action__training_id=OuterRef("pk"))
    rows = Training.objects.filter(gives, Exists(sessions), live=True).order_by("code")
    return list(rows.values_list("code", flat=True).distinct()[:MOST_GRANTING])
