"""The mail that tells an organisation what came of its feed.

One rule: it goes to the active members of the feed's organisation, each apart, and to nobody else; it is sent
when there is something to know or to do, and not again while the same problem lasts. A mail that cannot leave
never changes the run.
"""

import logging
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from training.models import FeedOutcome, FeedRun

logger = logging.getLogger(__name__)

MOST_CHANGES = 20
MOST_ERRORS = 10
# Nothing that the organisation could mend: the operator's log tells of these.
OPERATORS_CAUSES = {"internal", "interrupted", "folder-root"}
_MARKS = {"added": "+", "changed": "~", "removed": "-"}


def report_to_owner(run: FeedRun) -> None:
    if not is_news(run):
        return
    members = get_user_model().objects.filter(
        memberships__organisation_id=run.feed.organisation_id, is_active=True
    )
    addresses = sorted(set(members.exclude(email="").values_list("email", flat=True)))
    if not addresses:
        return
    subject = " ".join(f"{settings.WAGTAIL_SITE_NAME} : flux « {run.feed.name} » {_said(run)}".split())
    body = "\n".join(_lines(run))
    sent = [_send(run, subject, body, address) for address in addresses]
    if any(sent):
        FeedRun.objects.filter(pk=run.pk).update(reported_at=timezone.now())


def _send(run: FeedRun, subject: str, body: str, address: str) -> bool:
    """One recipient a message: members do not learn each other's addresses, nor suffer from a bad one."""
    try:
        EmailMessage(subject, body, to=[address]).send()
    except Exception as error:  # noqa: BLE001 - whatever a mail backend raises, the run is done
        # The exception's text may quote an address: its type must do.
        logger.error("feed %s: a mail could not be sent (%s)", run.feed.source, type(error).__name__)
        return False
    return True


def is_news(run: FeedRun) -> bool:
    """Whether the organisation does not know it yet."""
    if run.outcome == FeedOutcome.LOADED:
        return True
    if not run.cause or run.cause in OPERATORS_CAUSES:
        return False
    before = FeedRun.objects.filter(feed_id=run.feed_id, pk__lt=run.pk)
    well = before.filter(outcome__in=[FeedOutcome.LOADED, FeedOutcome.UNCHANGED], cause="").first()
    since = before.filter(pk__gt=well.pk) if well else before
    return not since.filter(outcome=run.outcome, cause=run.cause).exclude(reported_at=None).exists()


def _said(run: FeedRun) -> str:
    return (
        run.get_outcome_display() if run.outcome != FeedOutcome.HELD else "retenu, une réponse est attendue"
    )


def _lines(run: FeedRun) -> Iterator[str]:
    yield "Bonjour,"
    yield ""
    yield f"Le flux « {run.feed.name} » de {run.feed.organisation} a été lu le {_when(run.started_at)}."
    yield f"Résultat : {run.get_outcome_display()}. {run.message}"
    yield ""
    if run.report:
        yield (
            f"Ajouts : {run.added}. Modifications : {run.changed}. Retraits : {run.removed}. "
            f"Inchangées : {run.unchanged}. Rejets : {run.rejected}."
        )
        yield ""
    yield from _section("Premières différences", _changes(run), MOST_CHANGES)
    yield from _section("Premiers rejets", _errors(run), MOST_ERRORS)
    yield f"Prochain passage : {_when(run.feed.next_due_at)}."
    admin = settings.WAGTAILADMIN_BASE_URL + reverse("wagtailadmin_home")
    yield f"Tout le détail : {admin}, menu « Flux », « {run.feed.name} », « Passages »."


def _when(moment) -> str:
    return timezone.localtime(moment).strftime("%d/%m/%Y à %H:%M")


def _changes(run: FeedRun) -> list[str]:
    return [f"{_MARKS[change['action']]} {change['code']}" for change in run.report.get("changes", [])]


def _errors(run: FeedRun) -> list[str]:
    return [
        f"ligne {error['line']} : {error['reason']}" if error["line"] else error["reason"]
        for error in run.report.get("errors", [])
    ]


def _section(title: str, items: list[str], most: int) -> Iterator[str]:
    if not items:
        return
    yield f"{title} :"
    yield from (f"  {item}" for item in items[:most])
    if len(items) > most:
        yield "  …"
    yield ""
