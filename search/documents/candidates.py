"""Candidates as search documents: codes, a place and days; no text and no vector. Eligible: looking, and not withdrawn.

One rule: a consent that has ended leaves the document where it is until the profile is erased; the engine leaves it out by date
at query time, as it does the sessions that have ended.
"""

from collections.abc import Iterable, Sequence

from jobs.models import CandidateProfile
from search.documents.base import Offer, SearchDocument


def eligible():
    return CandidateProfile.objects.looking()


def codes() -> Iterable[str]:
    return eligible().order_by("code").values_list("code", flat=True).iterator()


def build(codes: Sequence[str]) -> list[SearchDocument]:
    profiles = (
        eligible()
        .filter(code__in=codes)
        .select_related("consent", "region", "commune")
        .prefetch_related("skill_links__skill")
    )
    return [_document(profile) for profile in profiles.order_by("code")]


def _document(profile: CandidateProfile) -> SearchDocument:
    place = profile.commune
    return SearchDocument(
        code=profile.code,
        title_fr="",  # no name: nothing to suggest, and no word to be found by
        keywords={
            "skill": tuple(link.skill.code for link in profile.skill_links.all()),
            "need_kind": tuple(profile.need_kinds),
        },
        offers=(
            Offer(
                region=profile.region.code if profile.region else "",
                anywhere=profile.remote,
                latitude=place.latitude if place else None,
                longitude=place.longitude if place else None,
                first_start=profile.available_from,
                last_day=profile.consent.expires_on,
            ),
        ),
    )
