"""What the home page, the job list and a job profile say beyond their own fields.

One rule: these are Wagtail pages, so they must also render as a preview, before anything is stored.
"""

from collections import defaultdict
from functools import reduce
from operator import or_

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cms.views.shared import language, today
from jobs.models import (
    EmployerNeed,
    JobIndexPage,
    JobProfilePage,
    JobRequirement,
    OnisepJobSheet,
    Shift,
)
from skills.levels import DESCRIPTORS, Level
from skills.models import Domain
from skills.sources import SOURCES
from training.models import Training, TrainingSession, TrainingSkill, register_page

# Steps 1 to 4 of the value chain make the product; later domains are the functions that serve them.
LAST_MAKING_STEP = 4
MAX_ELSEWHERE = 4
MAX_SHEETS = 6
# What ONISEP files a site's jobs under. A ROME code such as H1206 also holds textile and naval engineers: sheets of these
# domains come before them.
SHEET_DOMAINS = frozenset(
    {
        "sciences/biologie",
        "sciences/chimie",
        "santé, social, sport/médical",
        "santé, social, sport/santé (généralités)",
        "mécanique/automatismes",
        "matières premières, fabrication, industries/fabrication, productique",
        "matières premières, fabrication, industries/maintenance, qualité",
    }
)
ROME_ADDRESS = "https://candidat.francetravail.fr/metierscope/fiche-metier/"
LANGUAGE_NAMES = {"fr": "français", "en": "anglais"}


def live_jobs():
    """Published job profiles in the active language."""
    return (
        JobProfilePage.objects.live()
        .public()
        .filter(locale__language_code=language())
        .order_by("title", "pk")
    )


def job_index() -> JobIndexPage | None:
    pages = JobIndexPage.objects.live().filter(locale__language_code=language())
    return pages.select_related("locale").order_by("path").first()


def jobs_by_code(codes) -> dict[str, JobProfilePage]:
    return {page.code: page for page in live_jobs().filter(code__in=list(codes)).select_related("family")}


def home_facts() -> dict:
    """Counts for the home page, and the value chain with its counts."""
    on = today()
    live_trainings = Training.objects.filter(live=True)
    sessions = TrainingSession.objects.annotate(last=Coalesce("ends_on", "starts_on")).filter(
        Q(last__gte=on) | Q(is_permanent_entry=True, ends_on__isnull=True), action__training__live=True
    )
    chain = _chain()
    return {
        "jobs": sum(step["jobs"] for step in chain),
        "trainings": live_trainings.count(),
        "sessions": sessions.count(),
        "needs": EmployerNeed.objects.open(on=on).count(),
        "chain": chain,
    }


def _chain() -> list[dict]:
    index = job_index()
    index_url = index.url if index else ""
    jobs = dict(live_jobs().order_by().values_list("family").annotate(Count("pk")))
    trainings = dict(
        TrainingSkill.objects.filter(training__live=True)
        .order_by()
        .values_list("skill__domain")
        .annotate(Count("training", distinct=True))
    )
    return [
        {
            "domain": domain,
            "jobs": jobs.get(domain.pk, 0),
            "trainings": trainings.get(domain.pk, 0),
            "url": f"{index_url}#{domain.code}",
            "is_support": domain.position > LAST_MAKING_STEP,
        }
        for domain in Domain.objects.all()
    ]


def job_families(page: JobIndexPage) -> list[dict]:
    """Every step of the value chain with its jobs; a step without any names the jobs that use its skills."""
    by_family: defaultdict[int, list[JobProfilePage]] = defaultdict(list)
    jobs = {job.pk: job for job in live_jobs().child_of(page)}
    for job in jobs.values():
        by_family[job.family_id].append(job)
    domains = list(Domain.objects.all()) if jobs else []
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


def requirement_groups(requirements) -> list[dict]:
    """Skills by level asked for, the highest first, each level with its descriptor."""
    return [
        {
            "level": int(level),
            "descriptor": DESCRIPTORS[level].descriptor(language()),
            "skills": [requirement.skill for requirement in requirements if requirement.level == level],
        }
        for level in sorted(Level, reverse=True)
        if any(requirement.level == level for requirement in requirements)
    ]


def gate_words(gates) -> list[dict]:
    english = language() == "en"
    return [
        {
            "label": gate.label_en if english else gate.label_fr,
            "how": gate.how_en if english else gate.how_fr,
            "kind": _(gate.get_kind_display()),
            "language_name": _(LANGUAGE_NAMES.get(gate.language, gate.language)) if gate.language else "",
            "language_level": gate.language_level,
        }
        for gate in gates
    ]


def job_details(page: JobProfilePage) -> dict:
    requirements = list(page.requirements.select_related("skill"))
    essential = [requirement for requirement in requirements if requirement.importance == "essential"]
    useful = [requirement for requirement in requirements if requirement.importance != "essential"]
    return {
        "requirements": requirements,
        "essential": requirement_groups(essential),
        "useful": requirement_groups(useful),
        "gates": gate_words(page.gates.all()),
        "shifts": [_(Shift(code).label) for code in page.shifts if code in Shift.values],
        "diplomas": [_diploma(diploma) for diploma in page.diplomas.all()],
        "neighbours": _neighbours(page),
        "rome": [{"code": code, "url": f"{ROME_ADDRESS}{code}"} for code in page.rome_code_list],
        "esco": [{"url": uri} for uri in page.esco_uri_list],
        "sheets": onisep_sheets(page.rome_code_list),
        "sheets_source": SOURCES["onisep"].attribution(language()),
        "sheets_licence_url": SOURCES["onisep"].licence_url,
        # The sheets are in French only.
        "sheets_lang": "fr" if language() == "en" else "",
    }


def onisep_sheets(rome_codes: list[str]) -> list[OnisepJobSheet]:
    """ONISEP's sheets that share a ROME code, nearest first: most codes shared, then most at home on a site. One query."""
    if not rome_codes:
        return []
    # Codes are five characters between spaces: one cannot be found inside another.
    shares = reduce(or_, (Q(rome_codes__contains=code) for code in rome_codes))
    found = OnisepJobSheet.objects.filter(shares, withdrawn_on=None)

    def distance(sheet: OnisepJobSheet) -> tuple[int, float, str, int]:
        codes = len(set(rome_codes).intersection(sheet.rome_codes.split()))
        domains = sheet.domains.splitlines()
        at_home = len(SHEET_DOMAINS.intersection(domains)) / max(1, len(domains))
        return -codes, -at_home, sheet.title, sheet.pk

    fields = found.only("title", "access_level", "url", "rome_codes", "domains")
    return sorted(fields, key=distance)[:MAX_SHEETS]


def _diploma(diploma) -> dict:
    return {
        "label": diploma.label_en if language() == "en" else diploma.label_fr,
        "level": diploma.level,
        "rncp_code": diploma.rncp_code,
        "rncp_url": register_page(diploma.rncp_code),
    }


def _neighbours(page: JobProfilePage) -> list[JobProfilePage]:
    """Neighbouring jobs in the active language, whichever language's page was named, in the order given."""
    codes = [link.neighbour.code for link in page.neighbours.select_related("neighbour")]
    by_code = jobs_by_code(codes) if codes else {}
    return [by_code[code] for code in dict.fromkeys(codes) if code in by_code]
