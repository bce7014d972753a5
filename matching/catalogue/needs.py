"""Employers' needs as matching weighs them. One rule: only a need that is published and open answers to its code."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from jobs.models import EmployerNeed
from matching.catalogue.places import Origin
from matching.errors import UnknownNeed
from matching.scoring import Requirement


@dataclass(frozen=True, slots=True)
class Need:
    """What an employer asks for, and where; `job` is the code of the job profile it started from, empty for none."""

    code: str
    title: str
    employer: str
    job: str
    requirements: tuple[Requirement, ...]
    place: Origin | None = None
    is_demonstration: bool = False
    kind: str = ""
    starts_on: dt.date | None = None


def load_need(code: str) -> Need:
    """Two queries. Raises UnknownNeed."""
    rows = EmployerNeed.objects.open(on=timezone.localdate()).filter(code=code)
    row = rows.select_related("organisation", "job_profile", "commune__region").first()
    if row is None:
        raise UnknownNeed(f"Besoin inconnu ou clos : « {code[:60]} ».")
    asked = row.requirements.order_by("sort_order", "pk").values_list("skill__code", "level", "importance")
    commune = row.commune
    return Need(
        row.code,
        row.title,
        row.organisation.name,
        row.job_profile.code if row.job_profile else "",
        tuple(Requirement(*one) for one in asked),
        Origin(str(commune), commune.region.code, commune.latitude, commune.longitude) if commune else None,
        row.is_demonstration,
        row.kind,
        row.starts_on,
    )
