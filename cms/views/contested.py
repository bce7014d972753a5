"""What a link of « Mes compétences » contests: a skill, a job, a training, or a skill that is missing.

One rule: its address holds codes and levels, never a word of the person; what it names is on the site, or it is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.views.shared import TranslatedRefusal, language
from matching.catalogue.jobs import load_jobs
from matching.models import Contested
from matching.origins.title_tables import find_candidate
from matching.reports import Contest
from skills.levels import Level
from skills.models import Skill
from skills.text import fold_accents
from training.models import Training

MOST_SKILLS = 3_000
_CODE = re.compile(r"[\w.-]{1,80}", re.ASCII)
_STAMP = re.compile(r"[0-9a-f]{12}")

# How the page words what is contested, for the person.
KIND_WORDS = {
    Contested.NOT_SHOWN: gettext_lazy("Mon texte ne montre pas cette compétence"),
    Contested.MISSED: gettext_lazy("Mon texte montre une compétence qui n’a pas été trouvée"),
    Contested.SET_ASIDE: gettext_lazy("J’ai cette compétence : elle a été mise de côté à tort"),
    Contested.WRONG_LEVEL: gettext_lazy("Le niveau est faux"),
    Contested.NOT_BROUGHT: gettext_lazy("Ce métier ou ce diplôme n’apporte pas cette compétence"),
    Contested.JOB_TOO_HIGH: gettext_lazy("Ce métier est classé trop haut"),
    Contested.JOB_TOO_LOW: gettext_lazy("Ce métier est classé trop bas"),
    Contested.REQUIREMENT_UNSEEN: gettext_lazy("J’ai une compétence jugée manquante, ou en partie seulement"),
    Contested.REQUIREMENT_GRANTED: gettext_lazy("Je n’ai pas une compétence jugée acquise"),
    Contested.USELESS_TRAINING: gettext_lazy("Cette formation n’aide pas pour ce métier"),
    Contested.OTHER: gettext_lazy("Autre chose"),
}
OF_A_SKILL = (Contested.NOT_SHOWN, Contested.WRONG_LEVEL, Contested.OTHER)
OF_A_SKILL_BROUGHT = (Contested.NOT_BROUGHT, Contested.WRONG_LEVEL, Contested.OTHER)
OF_A_SKILL_SET_ASIDE = (Contested.SET_ASIDE, Contested.OTHER)
OF_A_JOB = (
    Contested.JOB_TOO_HIGH,
    Contested.JOB_TOO_LOW,
    Contested.REQUIREMENT_UNSEEN,
    Contested.REQUIREMENT_GRANTED,
    Contested.OTHER,
)
OF_A_TRAINING = (Contested.USELESS_TRAINING, Contested.OTHER)
OF_THE_ANSWER = (Contested.MISSED, Contested.OTHER)
# Kinds for which the person names one of the skills listed.
WITH_A_SKILL = frozenset({Contested.MISSED, Contested.REQUIREMENT_UNSEEN, Contested.REQUIREMENT_GRANTED})
# Kinds for which the person may say the right level.
WITH_A_LEVEL = frozenset(
    {Contested.WRONG_LEVEL, Contested.MISSED, Contested.SET_ASIDE, Contested.REQUIREMENT_UNSEEN}
)


@dataclass(frozen=True)
class SkillChoice:
    """A skill that the person may name, under the name of its domain."""

    code: str
    label: str
    group: str = ""


@dataclass(frozen=True)
class Subject:
    """What the page is about; `label` and `what` are empty for what is missing. `choices` are the skills among which the person
    may have to choose one.
    """

    contest: Contest
    label: str
    what: str
    kinds: tuple[Contested, ...]
    context: str = ""
    choices: tuple[SkillChoice, ...] = ()

    @property
    def asks_level(self) -> bool:
        return not WITH_A_LEVEL.isdisjoint(self.kinds)


def report_address(
    stamp: str, *, skill: str = "", level: int | None = None, set_aside: str = "", job: str = "",
    training: str = "", origin: str = "",
) -> str:  # fmt: skip
    """The address that contests something of an answer."""
    named = {
        "competence": skill,
        "niveau": level,
        "ecartee": set_aside,
        "formation": training,
        "metier": job,
        "origine": origin,
        "v": stamp,
    }
    return f"{reverse('match_report')}?{urlencode({key: value for key, value in named.items() if value})}"


def read_subject(asked: Mapping[str, str]) -> Subject:
    """Raises TranslatedRefusal for what is not, or not any more, on the site."""
    stamp = asked.get("v", "")
    subject = _subject(asked)
    known = replace(subject.contest, stamp=stamp if _STAMP.fullmatch(stamp) else "")
    return replace(subject, contest=known)


def _subject(asked: Mapping[str, str]) -> Subject:
    if code := asked.get("competence", ""):
        return _skill(code, asked)
    if code := asked.get("ecartee", ""):
        skill = _published(code)
        contest = Contest(skill=skill.code)
        return Subject(contest, skill.label, _("Compétence mise de côté"), OF_A_SKILL_SET_ASIDE)
    if code := asked.get("formation", ""):
        return _training(code, asked.get("metier", ""))
    if code := asked.get("metier", ""):
        return _job(code)
    return Subject(Contest(), "", "", OF_THE_ANSWER, choices=_every_skill())


def _skill(code: str, asked: Mapping[str, str]) -> Subject:
    skill, shown, key = _published(code), asked.get("niveau", ""), asked.get("origine", "")
    level = int(shown) if shown in {str(int(one)) for one in Level} else None
    contest = Contest(skill=skill.code, level_shown=level)
    if not key:
        return Subject(contest, skill.label, _("Compétence"), OF_A_SKILL)
    origin = find_candidate(key)
    if origin is None:
        raise _gone()
    said = _("Apportée par « %(title)s ».") % {"title": origin.title(language())}
    contest = replace(contest, origin=origin.key)
    return Subject(contest, skill.label, _("Compétence"), OF_A_SKILL_BROUGHT, said)


def _training(code: str, job: str) -> Subject:
    training = Training.objects.filter(code=_checked(code), live=True).first()
    if training is None:
        raise _gone()
    title = (training.title_en if language() == "en" else "") or training.title_fr
    contest = Contest(training=training.code)
    if not job:
        return Subject(contest, title, _("Formation"), OF_A_TRAINING)
    wanted = _job(job)
    said = _("Proposée pour le métier « %(title)s ».") % {"title": wanted.label}
    contest = replace(contest, job=wanted.contest.job)
    return Subject(contest, title, _("Formation"), OF_A_TRAINING, said)


def _job(code: str) -> Subject:
    job = load_jobs([_checked(code)], language()).get(code)
    if job is None:
        raise _gone()
    required = [one.skill for one in job.requirements]
    labels = {skill.code: skill.label for skill in Skill.objects.filter(code__in=required)}
    return Subject(
        Contest(job=job.code),
        (job.title_en if language() == "en" else "") or job.title_fr,
        _("Métier"),
        OF_A_JOB,
        choices=tuple(SkillChoice(one, labels.get(one, one)) for one in required),
    )


def _every_skill() -> tuple[SkillChoice, ...]:
    """By domain, then in the order of the alphabet. One query."""
    skills = Skill.objects.published().select_related("domain").order_by("code")[:MOST_SKILLS]
    ordered = sorted(
        skills, key=lambda one: (one.domain.position, one.domain.code, fold_accents(one.label).casefold())
    )
    return tuple(SkillChoice(one.code, one.label, one.domain.label) for one in ordered)


def _published(code: str) -> Skill:
    skill = Skill.objects.published().filter(code=_checked(code)).first()
    if skill is None:
        raise _gone()
    return skill


def _checked(code: str) -> str:
    """The code when it may be one: no database is asked for anything else."""
    if not _CODE.fullmatch(code):
        raise _gone()
    return code


def _gone() -> TranslatedRefusal:
    return TranslatedRefusal(
        _(
            "Ce que vous vouliez signaler n’est pas, ou plus, sur le site. Refaites votre recherche dans « Mes compétences »."
        )
    )
