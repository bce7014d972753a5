"""Candidates as matching weighs them: what they hold, where, from when; under their pseudonym.

One rule: only who consents today, wants this kind of need and is available in time is loaded, whatever an index says.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from jobs.models import CandidateProfile, CandidateSkill
from matching.scoring import Held

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Person:
    """`region` and the coordinates are those of the place that the person chose to show: empty and None for none."""

    pseudonym: str
    skills: tuple[Held, ...]
    region: str
    latitude: float | None
    longitude: float | None
    mobility_km: int
    remote: bool
    available_from: dt.date
    is_demonstration: bool = False


def load_people(
    codes: Sequence[str], *, need_kind: str = "", available_by: dt.date | None = None
) -> list[Person]:
    """Those of these people whom anybody may be told of today. Two queries for five hundred of them."""
    return [
        person
        for start in range(0, len(codes), CHUNK)
        for person in _loaded(codes[start : start + CHUNK], need_kind, available_by)
    ]


def _loaded(codes: Sequence[str], need_kind: str, available_by: dt.date | None) -> Iterator[Person]:
    rows = CandidateProfile.objects.consenting(timezone.localdate()).looking().filter(code__in=codes)
    if available_by:
        rows = rows.filter(available_from__lte=available_by)
    # A list kept as JSON is filtered here: SQLite cannot say what it contains.
    found = [
        row
        for row in rows.select_related("region", "commune").order_by("code")
        if not need_kind or need_kind in row.need_kinds
    ]
    skills = _skills([row.pk for row in found])
    for row in found:
        yield Person(
            row.code,
            tuple(skills[row.pk]),
            row.region.name if row.region else "",
            row.commune.latitude if row.commune else None,
            row.commune.longitude if row.commune else None,
            row.mobility_km,
            row.remote,
            row.available_from,
            row.is_demonstration,
        )


def _skills(keys: Sequence[int]) -> defaultdict[int, list[Held]]:
    found: defaultdict[int, list[Held]] = defaultdict(list)
    links = CandidateSkill.objects.filter(profile__in=keys).order_by("profile", "pk")
    for profile, code, level in links.values_list("profile", "skill__code", "level"):
        found[profile].append(Held(code, level))
    return found
