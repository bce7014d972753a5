"""A team against the needs of its site, from the database: `analyse_team`, and the names by which its files are read.

One rule: the database is asked a fixed number of times, whatever the team; the judging is done by the pure parts.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.models import JobProfilePage
from matching.candidates import Candidates, trainings_bringing
from matching.catalogue.jobs import load_jobs
from matching.catalogue.places import find_origin
from matching.errors import TeamRefused, UnknownJob
from matching.referential import Referential, load_referential
from matching.scoring import SkillGraph
from matching.teams.courses import Search, load_courses
from matching.teams.demands import Demand, demands_of
from matching.teams.gaps import Standing, stand
from matching.teams.names import Names
from matching.teams.offers import Course
from matching.teams.outcome import Outcome, outcome_of
from matching.teams.plan import LONGEST_DAYS, Plan, Terms, make_plan
from matching.teams.quarters import MOST_QUARTERS, Quarter, months_after, quarters_from
from matching.teams.team import Need, Person, Profile
from matching.teams.validities import HORIZON_MONTHS, Requalification, requalifications
from search.failover import said_once
from search.request import MAX_LIMIT

# Searches of trainings at most: one for all the skills, then halves of those that found more than a search can list.
MOST_SEARCHES = 32
MOST_MONTHS = 60
MOST_DAYS = 366
MOST_BUDGET_EUR = 1_000_000_000
MOST_KM = 20_000
MOST_YEAR = 9_000


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a plan must respect. `starts_on` is today when it is not said; no budget: no limit; `most_away` people of a
    profile at once: a third of them.
    """

    budget_eur: float | None = None
    starts_on: dt.date | None = None
    quarters: int = 4
    requalify_months: int = HORIZON_MONTHS
    most_away: int | None = None
    longest_days: int = LONGEST_DAYS
    place: str = ""
    within_km: float | None = None

    def check(self) -> None:
        """Raises TeamRefused for what cannot be respected."""
        rules = (
            (_is_within(self.budget_eur, MOST_BUDGET_EUR), "Le budget va de 0 à un milliard d'euros."),
            (1 <= self.quarters <= MOST_QUARTERS, f"Le plan couvre de 1 à {MOST_QUARTERS} trimestres."),
            (
                _is_within(self.requalify_months, MOST_MONTHS),
                f"Les échéances se cherchent à {MOST_MONTHS} mois au plus.",
            ),
            (self.most_away is None or self.most_away > 0, "Il faut pouvoir envoyer au moins une personne."),
            (1 <= self.longest_days <= MOST_DAYS, f"Une session dure de 1 à {MOST_DAYS} jours."),
            (self.within_km is None or bool(self.place), "Une distance se donne avec un lieu."),
            (_is_within(self.within_km, MOST_KM), f"La distance va de 0 à {MOST_KM} km."),
            (self.starts_on is None or self.starts_on.year < MOST_YEAR, "La date est trop lointaine."),
        )
        for is_respected, message in rules:
            if not is_respected:
                raise TeamRefused(message)


def _is_within(value: float | None, most: float) -> bool:
    return value is None or (isfinite(value) and 0 <= value <= most)


@dataclass(frozen=True)
class TeamNames:
    """How skills and jobs may be written in a team's files."""

    skills: Names
    jobs: Names


@dataclass(frozen=True)
class TeamAnswer:
    """Where the team stands, what ends, and the plan with what it changes. `notice`: what could not be looked at as usual."""

    standing: Standing
    requalifications: tuple[Requalification, ...]
    plan: Plan
    quarters: tuple[Quarter, ...]
    outcome: Outcome
    courses: dict[str, Course]
    wishes: Wishes
    referential: Referential
    notice: str = ""


def load_names(referential: Referential) -> TeamNames:
    """Two queries."""
    titles: dict[str, list[str]] = {}
    pages = JobProfilePage.objects.live().public().order_by("code", "-locale__language_code", "pk")
    for code, title in pages.values_list("code", "title"):
        titles.setdefault(code, []).append(title)
    return TeamNames(Names(referential.labels), Names(titles))


def analyse_team(
    people: Sequence[Person],
    needs: Sequence[Need],
    wishes: Wishes | None = None,
    *,
    language: str = "fr",
    engine: str = "",
    referential: Referential | None = None,
) -> TeamAnswer:
    """Raises TeamRefused, UnknownJob, UnknownPlace, and SearchUnavailable when the engine is named."""
    wishes = wishes or Wishes()
    wishes.check()
    referential = referential or load_referential()
    origin = find_origin(wishes.place) if wishes.place else None
    first_day = _first_day(wishes)
    quarters = quarters_from(first_day, wishes.quarters)
    standing = stand(people, _profiles(needs, language), referential.graph, first_day, language)
    ending = requalifications(standing, months_after(first_day, wishes.requalify_months))
    demands = demands_of(standing, ending)
    found = _candidates(demands, referential.graph, language, engine)
    terms = _terms(wishes, quarters)
    courses = load_courses(found.urls, Search(terms.starts_on, terms.ends_on, origin, wishes.within_km))
    plan = make_plan(demands, courses, standing.posts, referential.graph, terms)
    return TeamAnswer(
        standing,
        ending,
        plan,
        quarters,
        outcome_of(standing, plan, courses),
        {course.code: course for course in courses},
        wishes,
        referential,
        found.notice,
    )


def _first_day(wishes: Wishes) -> dt.date:
    today = timezone.localdate()
    if wishes.starts_on and wishes.starts_on < today:
        raise TeamRefused(
            f"Le {wishes.starts_on} est passé : le plan commence au plus tôt aujourd'hui, {today}."
        )
    return wishes.starts_on or today


def _profiles(needs: Sequence[Need], language: str) -> list[Profile]:
    jobs = load_jobs([need.profile for need in needs], language)
    missing = [need.profile for need in needs if need.profile not in jobs]
    if missing or not needs:
        raise UnknownJob(
            f"Métier inconnu : « {', '.join(missing)[:60]} ». La liste : manage.py catalogue jobs."
        )
    return [
        Profile(job.code, job.title_fr, job.title_en, job.requirements, need.posts, need.team_min)
        for need in needs
        for job in [jobs[need.profile]]
    ]


def _terms(wishes: Wishes, quarters: Sequence[Quarter]) -> Terms:
    return Terms(
        quarters[0].starts_on,
        quarters[-1].ends_on,
        None if wishes.budget_eur is None else round(wishes.budget_eur * 100),
        wishes.most_away,
        wishes.longest_days,
    )


def _candidates(demands: Iterable[Demand], graph: SkillGraph, language: str, engine: str) -> Candidates:
    """The trainings that bring what is wanted, or something narrower. A search lists a hundred: the skills of one that found as
    many are asked for in two halves, so that none is hidden by the others.
    """
    wanted = {code for one in demands for code in (one.ask.skill, *graph.narrower.get(one.ask.skill, ()))}
    waiting, urls, notices = [sorted(wanted)], dict[str, str](), list[str]()
    for _search in range(MOST_SEARCHES):
        if not waiting:
            break
        skills = waiting.pop(0)
        found = trainings_bringing(skills, language, engine)
        urls.update(found.urls)
        notices.append(found.notice)
        if len(found.urls) >= MAX_LIMIT and len(skills) > 1:
            waiting += [skills[: len(skills) // 2], skills[len(skills) // 2 :]]
    if waiting:
        notices.append(_("Le catalogue est grand : certaines formations n'ont pas été comparées."))
    return Candidates(urls, " ".join(said_once(notices)))
