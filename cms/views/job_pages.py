"""What the home page and a job profile say beyond their own fields.

One rule: these are Wagtail pages, so they must also render as a preview, before anything is stored.
"""

from functools import reduce
from operator import or_

from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cms.views import words
from cms.views.shared import language, today
from jobs.models import (
    EmployerNeed,
    JobIndexPage,
    JobProfilePage,
    OnisepJobSheet,
    Shift,
    lowest_level,
)
from skills.levels import DESCRIPTORS, Level
from skills.models import Domain
from skills.sources import SOURCES
from training.models import Training, TrainingSession, TrainingSkill, register_page

# Steps 1 to 4 of the value chain make the product; later domains are the functions that serve them.
LAST_MAKING_STEP = 4
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


def in_language(row, name: str) -> str:
    """A text that a row holds in both languages."""
    return getattr(row, f"{name}_{language()}")


def gate_words(gates) -> list[dict]:
    return [
        {
            "label": in_language(gate, "label"),
            "how": in_language(gate, "how"),
            "kind": _(gate.get_kind_display()),
            "language": _spoken(gate) if gate.language_level else "",
            "skill": gate.skill if gate.skill and gate.skill.live else None,
        }
        for gate in gates
    ]


def _spoken(row) -> str:
    """« anglais B1 »"""
    return f"{_(row.get_language_display())} {row.language_level}"


def job_details(page: JobProfilePage) -> dict:
    requirements = list(page.requirements.select_related("skill"))
    essential = [requirement for requirement in requirements if requirement.importance == "essential"]
    useful = [requirement for requirement in requirements if requirement.importance != "essential"]
    diplomas = list(page.diplomas.all())
    return {
        "requirements": requirements,
        "essential": requirement_groups(essential),
        "useful": requirement_groups(useful),
        "gates": gate_words(page.gates.select_related("skill")),
        "languages": [
            {
                "language": _spoken(one),
                "importance": _(one.get_importance_display()),
                "note": in_language(one, "note"),
            }
            for one in page.languages.all()
        ],
        "pay": [_pay(pay) for pay in page.pay.all()],
        "bridges": [_bridge(bridge) for bridge in page.bridges.all()],
        "entry_level": words.entry_level(lowest_level(diplomas)),
        "shifts": [_(Shift(code).label) for code in page.shifts if code in Shift.values],
        "diplomas": [_diploma(diploma) for diploma in diplomas],
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


def _pay(pay) -> dict:
    return {
        "amounts": words.bounds((pay.low, pay.high), words.euros),
        "source": in_language(pay, "source"),
        "year": str(pay.year or ""),
        "url": pay.url,
    }


def _bridge(bridge) -> dict:
    return {
        "sector": _(bridge.get_sector_display()),
        "origin": in_language(bridge, "from"),
        "carries": in_language(bridge, "carries"),
        "learn": in_language(bridge, "learn"),
    }


def _diploma(diploma) -> dict:
    return {
        "label": in_language(diploma, "label"),
        "level": diploma.level,
        "level_name": words.entry_level(diploma.level),
        "rncp_code": diploma.rncp_code,
        "rncp_url": register_page(diploma.rncp_code),
    }


def _neighbours(page: JobProfilePage) -> list[JobProfilePage]:
    """Neighbouring jobs in the active language, whichever language's page was named, in the order given."""
    codes = [link.neighbour.code for link in page.neighbours.select_related("neighbour")]
    by_code = jobs_by_code(codes) if codes else {}
    return [by_code[code] for code in dict.fromkeys(codes) if code in by_code]
