"""robots.txt, the site map and the health page.

One rule: nothing that is a demonstration is ever offered to search engines.
"""

import logging

from django.contrib.sitemaps import Sitemap
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import Sitemap as PageSitemap

from cms.views import health
from cms.views.shared import today
from jobs.models import EmployerNeed
from skills.models import Skill
from training.models import Training

logger = logging.getLogger(__name__)


class PublicSitemap(Sitemap):
    i18n = True
    alternates = True
    limit = 5_000


class ListSitemap(PublicSitemap):
    def items(self):
        return ["training_list", "my_skills", "equivalences", "need_list", "referential", "source_list"]

    def location(self, item: str) -> str:
        return reverse(item)


class TrainingSitemap(PublicSitemap):
    def items(self):
        return Training.objects.filter(live=True, is_demonstration=False).only("code").order_by("code")

    def location(self, item: Training) -> str:
        return reverse("training", args=[item.code])


class NeedSitemap(PublicSitemap):
    def items(self):
        needs = EmployerNeed.objects.open(on=today()).filter(is_demonstration=False)
        return needs.only("code").order_by("code")

    def location(self, item: EmployerNeed) -> str:
        return reverse("need", args=[item.code])


class SkillSitemap(PublicSitemap):
    def items(self):
        return Skill.objects.published().only("code").order_by("code")

    def location(self, item: Skill) -> str:
        return reverse("skill", args=[item.code])


SITEMAPS = {
    "pages": PageSitemap,
    "listes": ListSitemap,
    "formations": TrainingSitemap,
    "besoins": NeedSitemap,
    "competences": SkillSitemap,
}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /recherche/",
        "Disallow: /en/search/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def health_page(request: HttpRequest) -> JsonResponse:
    """What works; 503 only when the database is down, since the site still answers without the rest."""
    database_answers = _database_answers()
    state = {
        "database": "ok" if database_answers else "indisponible",
        **health.report(database_answers),
    }
    return JsonResponse(state, status=200 if database_answers else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        logger.error("health: the database does not answer: %s", error)
        return False
    return True
