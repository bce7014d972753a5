"""The bridges to a job: the jobs of other sectors that people come from, in the editors' words.

One rule: they are words for people to read; no score and no path counts them.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext, override

from jobs.models import JobBridge


@dataclass(frozen=True, slots=True)
class Bridge:
    """`sector` is a code of `jobs.models.Sector`, `sector_label` its name; the rest is in the language asked for."""

    sector: str
    sector_label: str
    origin: str
    carries: str
    learn: str

    def as_dict(self) -> dict[str, str]:
        return {
            "sector": self.sector,
            "origin": self.origin,
            "carries": self.carries,
            "learn": self.learn,
        }


def load_bridges(job: str, language: str) -> tuple[Bridge, ...]:
    """In the editors' order. French pages give the rows, any other in their absence. One query."""
    rows = JobBridge.objects.filter(page__code=job, page__live=True).order_by("page_id", "sort_order", "pk")
    by_locale: defaultdict[str, list[JobBridge]] = defaultdict(list)
    for row in rows.select_related("page__locale"):
        by_locale[row.page.locale.language_code].append(row)
    chosen = by_locale.get("fr") or next(iter(by_locale.values()), [])
    return tuple(_bridge(row, language) for row in chosen)


def _bridge(row: JobBridge, language: str) -> Bridge:
    origin, carries, learn = (
        (getattr(row, f"{name}_en") if language == "en" else "") or getattr(row, f"{name}_fr")
        for name in ("from", "carries", "learn")
    )
    with override(language):
        label = gettext(row.get_sector_display())
    return Bridge(row.sector, label, origin, carries, learn)
