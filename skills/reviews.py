"""Review links: made, found by their token, bounded.

One rule: nobody can read a link's address again: it is shown once, to who makes it.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from skills.models import Skill, SkillReviewComment, SkillReviewLink

SHORTEST_DAYS, LONGEST_DAYS, USUAL_DAYS = 1, 90, 14
ACTIVE_LINKS = 20
COMMENTS_A_LINK = 50
# Comments that one link may send in so many minutes.
BURST, BURST_MINUTES = 5, 10


class ReviewRefused(Exception):
    """A comment or a link that is one too many."""


class TooManyLinks(ReviewRefused):
    """The skill has as many active links as it may."""


class TooManyComments(ReviewRefused):
    """The link has sent as many comments as it may."""


class TooFast(ReviewRefused):
    """The link has sent several comments within minutes."""


@dataclass(frozen=True)
class NewLink:
    """The token exists here and in the address alone."""

    link: SkillReviewLink
    token: str


def _hash(token: str) -> str:
    # The token is 256 bits drawn by chance: a fast hash keeps it as well as a slow one.
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_link(skill: Skill, reviewer: str, days: int, *, shows_draft: bool, user=None) -> NewLink:
    if SkillReviewLink.objects.active().filter(skill=skill).count() >= ACTIVE_LINKS:
        raise TooManyLinks
    token = secrets.token_urlsafe(32)
    link = SkillReviewLink.objects.create(
        skill=skill,
        reviewer=reviewer,
        token_hash=_hash(token),
        shows_draft=shows_draft,
        created_by=user,
        expires_at=timezone.now() + dt.timedelta(days=days),
    )
    return NewLink(link, token)


def find_link(token: str) -> SkillReviewLink | None:
    """The link of a token, expired or revoked ones too."""
    return (
        SkillReviewLink.objects.select_related("skill__domain", "skill__replaced_by")
        .filter(token_hash=_hash(token))
        .first()
    )


@transaction.atomic
def add_comment(link: SkillReviewLink, part: str, text: str) -> SkillReviewComment:
    """Keep what an expert says; raises `ReviewRefused` beyond the bounds."""
    # Locked where the database can, so that two sends at once are counted one after the other.
    SkillReviewLink.objects.select_for_update().get(pk=link.pk)
    sent = SkillReviewComment.objects.filter(link=link)
    if sent.count() >= COMMENTS_A_LINK:
        raise TooManyComments
    lately = timezone.now() - dt.timedelta(minutes=BURST_MINUTES)
    if sent.filter(created_at__gt=lately).count() >= BURST:
        raise TooFast
    return SkillReviewComment.objects.create(link=link, part=part, text=text)


def open_comments(skills: Iterable[int]) -> dict[int, int]:
    """By skill, how many comments nobody has dealt with. One query."""
    waiting = SkillReviewComment.objects.filter(treated_at=None, link__skill__in=list(skills)).order_by()
    return dict(waiting.values("link__skill").annotate(n=Count("pk")).values_list("link__skill", "n"))
