"""The list of jobs: every step of the value chain, and the two choices that narrow it (a family, a diploma).

One rule: a diploma opens the jobs of its level and of every lower one; a choice that does not exist is refused, it never
empties the list silently.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.views.job_pages import live_jobs
from cms.views.shared import TranslatedRefusal, refuse
from cms.views.words import entry_level
from jobs.models import EntryLevel, JobIndexPage, JobProfilePage, JobRequirement
from search.request import InvalidRequest
from skills.models import Domain

MAX_ELSEWHERE = 4


@dataclass(frozen=True)
class Choices:
    """What the form sends; empty: any."""

    family: str = ""
    level: str = ""

    def admits(self, job: JobProfilePage, family: str) -> bool:
        """A job that names no diploma cannot be said to be open with one."""
        if self.family not in ("", family):
            return False
        return not self.level or (job.entry_level is not None and job.entry_level <= int(self.level))


def read_choices(request: HttpRequest) -> Choices:
    choices = Choices(request.GET.get("famille", ""), request.GET.get("niveau", ""))
    if choices.family and choices.family not in Domain.objects.values_list("code", flat=True):
        message = _(
            "Famille de métiers inconnue : « %(code)s ». Choisissez-en une dans la liste des métiers."
        )
        raise TranslatedRefusal(message % {"code": choices.family[:60]})
    if choices.level and choices.level not in map(str, EntryLevel.values):
        message = _("Niveau inconnu : « %(level)s ». Les niveaux vont de %(lowest)d à %(highest)d.")
        bounds = {"lowest": min(EntryLevel.values), "highest": max(EntryLevel.values)}
        raise TranslatedRefusal(message % {"level": choices.level[:60], **bounds})
    return choices


def refuse_unknown_choices(request: HttpRequest) -> HttpResponse | None:
    """The refusal to show instead of the list, if any: a template could not answer with it."""
    try:
        read_choices(request)
    except InvalidRequest as error:
        return refuse(request, error)
    return None


def job_listing(page: JobIndexPage, choices: Choices) -> dict:
    """The jobs by family, and the form that narrows them. Four queries, whatever the number of jobs."""
    jobs = {job.pk: job for job in live_jobs().child_of(page).prefetch_related("diplomas")}
    domains = list(Domain.objects.all()) if jobs else []
    codes = {domain.pk: domain.code for domain in domains}
    shown = {pk: job for pk, job in jobs.items() if choices.admits(job, codes[job.family_id])}
    is_narrowed = choices != Choices()
    used = {job.family_id for job in jobs.values()}
    return {
        "families": _families(domains, shown, is_narrowed=is_narrowed),
        "is_narrowed": is_narrowed,
        "count": len(shown),
        "total": len(jobs),
        "choices": choices,
        "family_options": [(domain.code, domain.label) for domain in domains if domain.pk in used],
        "level_options": [(str(level), entry_level(level)) for level in EntryLevel.values],
    }


def _families(domains: list[Domain], jobs: dict[int, JobProfilePage], *, is_narrowed: bool) -> list[dict]:
    """Each step of the value chain with its jobs. In the whole list, a step without any names the jobs that use its
    skills; a narrowed one leaves it out.
    """
    by_family: defaultdict[int, list[JobProfilePage]] = defaultdict(list)
    for job in jobs.values():
        by_family[job.family_id].append(job)
    if is_narrowed:
        domains = [domain for domain in domains if domain.pk in by_family]
    elsewhere = _jobs_using([domain.pk for domain in domains if domain.pk not in by_family], jobs)
    return [
        {"domain": domain, "jobs": by_family.get(domain.pk, []), "elsewhere": elsewhere.get(domain.pk, [])}
        for domain in domains
    ]


def _jobs_using(domain_ids: list[int], jobs: dict[int, JobProfilePage]) -> dict[int, list[JobProfilePage]]:
    """For each domain, the jobs that require most of its skills."""
    rows = (
        JobRequirement.objects.filter(skill__domain__in=domain_ids, page__in=jobs)
        .values("skill__domain", "page")
        .annotate(n=Count("pk"))
        .order_by("skill__domain", "-n", F("page__title").asc())
    )
    found: defaultdict[int, list[JobProfilePage]] = defaultdict(list)
    for row in rows:
        if len(found[row["skill__domain"]]) < MAX_ELSEWHERE:
            found[row["skill__domain"]].append(jobs[row["page"]])
    return found
