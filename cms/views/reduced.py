"""Answers from the database alone, for when no search index can answer.

One rule: it is a simple, bounded listing by title, and the page says that it is.
"""

from django.db.models import Q
from django.utils.translation import gettext as _

from cms.views import job_pages
from skills.models import Skill
from training.models import Training


def notice() -> str:
    return _(
        "La recherche est momentanément réduite : elle compare votre texte aux seuls intitulés, "
        "sans filtre ni classement."
    )


def _titled(rows, text: str, french: str, english: str):
    """Rows whose title, in either language, has every word of the text."""
    for word in text.split()[:10]:
        rows = rows.filter(Q(**{f"{french}__icontains": word}) | Q(**{f"{english}__icontains": word}))
    return rows


def training_codes(text: str, offset: int, limit: int) -> tuple[list[str], int]:
    rows = _titled(Training.objects.filter(live=True), text, "title_fr", "title_en").order_by(
        "title_fr", "code"
    )
    return list(rows.values_list("code", flat=True)[offset : offset + limit]), rows.count()


def skill_codes(text: str, limit: int) -> tuple[list[str], int]:
    rows = _titled(Skill.objects.published(), text, "label_fr", "label_en").order_by("code")
    return list(rows.values_list("code", flat=True)[:limit]), rows.count()


def job_codes(text: str, limit: int) -> tuple[list[str], int]:
    rows = _titled(job_pages.live_jobs(), text, "title", "alternative_titles")
    return list(rows.values_list("code", flat=True)[:limit]), rows.count()
