"""A job held or a diploma obtained, as pages ask for it and as they show what it brings.

One rule: a title that may mean several things is never guessed: the page shows them and the person chooses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from cms.views.shared import language
from matching.errors import UnknownOrigin
from matching.origins.answers import Answer, Equivalence, answer_title, attributions, skills_brought
from matching.origins.explanations import KINDS, RELATIONS, STATUSES, STRENGTHS, say, say_level, say_why
from matching.origins.title_tables import Candidate, find_candidate
from matching.origins.title_words import LONGEST_TITLE
from matching.origins.weighing import Brought, Path
from matching.referential import Referential

FIELD = "origine"
LONGEST_FIELD = LONGEST_TITLE


@dataclass(frozen=True)
class OriginField:
    """What the form holds: the title typed, the candidate chosen, and the title for which that choice was made."""

    text: str = ""
    choice: str = ""
    asked: str = ""

    @classmethod
    def read(cls, sent: QueryDict) -> "OriginField":
        return cls(*(sent.get(name, "").strip() for name in (FIELD, "origine_choix", "origine_pour")))

    @classmethod
    def of(cls, key: str) -> "OriginField":
        """The field filled in with the candidate that an address names; empty when it names none."""
        candidate = find_candidate(key)
        if candidate is None:
            return cls()
        title = candidate.title(language())
        return cls(title, candidate.key, title)


class OriginUnclear(ValueError):
    """The title fits no candidate (the message says what to try), or several, among which the person is to choose."""

    def __init__(self, message: str, candidates: Sequence[Candidate] = (), *, is_cut: bool = False) -> None:
        super().__init__(message)
        self.candidates = candidates
        self.is_cut = is_cut


def resolve(field: OriginField, referential: Referential) -> Equivalence | None:
    """What the title brings; None when no title is given. Raises OriginUnclear."""
    if not field.text:
        return None
    chosen = find_candidate(field.choice) if field.choice and field.asked == field.text else None
    if chosen is not None:
        return skills_brought(chosen, language(), referential)
    if len(field.text) > LONGEST_FIELD:
        raise OriginUnclear(_("Un intitulé a %(limit)d caractères au plus.") % {"limit": LONGEST_FIELD})
    answer = _answer(field.text, referential)
    if answer.equivalence is None:
        raise OriginUnclear(answer.message, answer.candidates, is_cut=answer.is_cut)
    return answer.equivalence


def _answer(text: str, referential: Referential) -> Answer:
    try:
        return answer_title(text, language=language(), referential=referential)
    except UnknownOrigin as error:
        message = _("Aucun métier ni diplôme n’a ce code : vérifiez-le, ou donnez l’intitulé.")
        raise OriginUnclear(message) from error


def candidate_rows(candidates: Iterable[Candidate]) -> list[dict]:
    return [_candidate_row(candidate) for candidate in candidates]


def _candidate_row(candidate: Candidate) -> dict:
    return {
        "key": candidate.key,
        "title": candidate.title(language()),
        "kind": say(KINDS, candidate.kind, language()),
        "code": candidate.detail if candidate.kind.startswith("esco") else candidate.code,
        "status": say(STATUSES, candidate.status, language()) if candidate.status else "",
        "other_name": candidate.other_name,
    }


def equivalence_row(equivalence: Equivalence, referential: Referential) -> dict:
    """All that a page says of a title: the skills it brings, those to be checked, why there are none, and who says so."""
    return {
        "origin": _candidate_row(equivalence.origin),
        "message": equivalence.refusal(language()),
        "skills": [_skill_row(one, referential) for one in equivalence.skills],
        "to_check": [_skill_row(one, referential) for one in equivalence.to_check],
        "sources": attributions(equivalence.sources, language()),
    }


def _skill_row(one: Brought, referential: Referential) -> dict:
    best = one.paths[0]
    return {
        "code": one.skill,
        "label": referential.label(one.skill, language()),
        "level": one.level,
        "why": say_why(best, language()),
        "level_reason": say_level(best, language()),
        "strength": say(STRENGTHS, one.strength, language()),
        "paths": [_path_rows(path) for path in one.paths],
    }


def _path_rows(path: Path) -> list[dict]:
    return [
        {
            "relation": say(RELATIONS, step.relation, language()),
            "label": step.label,
            "kind": say(KINDS, step.kind, language()),
            "code": "" if step.kind in {"skill", "training"} or step.code.startswith("http") else step.code,
            "url": step.code if step.code.startswith("http") else "",
            "status": say(STATUSES, step.status, language()) if step.status else "",
        }
        for step in path
    ]
