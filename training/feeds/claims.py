"""Who runs a feed now, and how a run ends.

One rule: the database decides. At most one run of a feed is open (a unique constraint), and only the run that
is still open may write its result: one that was taken over meanwhile undoes what it did.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from skills.imports.report import Action, ImportReport
from training.feeds.content import Content
from training.models import FeedOutcome, FeedRun, TrainingFeed

KEPT_UNCHANGED = 30
KEPT_RUNS = 300
LONGEST_TEXT = 500
FAILURES = (FeedOutcome.FAILED, FeedOutcome.REFUSED)


class FeedBusy(Exception):
    """Another run of this feed is going on."""


class FeedInactive(Exception):
    """The feed is switched off: nobody fetches it."""


class TakenOver(Exception):
    """This run lasted so long that another one took its place: its work is undone."""


@dataclass(frozen=True)
class Verdict:
    """What came of a run; `remembered` is the content that the next run is compared with."""

    outcome: FeedOutcome
    message: str
    cause: str = ""
    http_status: int | None = None
    content: Content | None = None
    report: ImportReport | None = None
    remembered: Content | None = None


def is_running(feed: TrainingFeed) -> bool:
    """Whether a run is going on that has not lasted too long to be alive."""
    return feed.runs.filter(finished_at=None, started_at__gt=_oldest_alive()).exists()


def _oldest_alive() -> dt.datetime:
    """The process of an open run that started before was killed."""
    return timezone.now() - dt.timedelta(seconds=settings.FEED_TAKEOVER_SECONDS)


def open_run(feed_id: int) -> FeedRun:
    """Claim the feed; a run left behind by a killed process is closed first."""
    feed = TrainingFeed.objects.get(pk=feed_id)
    if not feed.is_active:
        raise FeedInactive(f"Le flux « {feed} » n'est pas actif.")
    FeedRun.objects.filter(feed=feed, finished_at=None, started_at__lte=_oldest_alive()).update(
        finished_at=timezone.now(),
        outcome=FeedOutcome.FAILED,
        cause="interrupted",
        message="Le passage a été interrompu ; le suivant a repris.",
    )
    try:
        with transaction.atomic():
            return FeedRun.objects.create(feed=feed)
    except IntegrityError as error:
        raise FeedBusy(f"Le flux « {feed} » est déjà en cours de récupération.") from error


@transaction.atomic
def close_run(run: FeedRun, verdict: Verdict) -> None:
    """Write the result and plan the next run; raises `TakenOver`, which undoes the caller's transaction."""
    now = timezone.now()
    values = {
        "finished_at": now,
        "outcome": verdict.outcome,
        "cause": verdict.cause[:20],
        "message": verdict.message,
        "http_status": verdict.http_status,
        **_content_values(verdict.content),
        **_report_values(verdict.report),
    }
    if not FeedRun.objects.filter(pk=run.pk, finished_at=None).update(**values):
        raise TakenOver
    origin = run.feed.origin
    feed = TrainingFeed.objects.get(pk=run.feed_id)  # its form may have been saved meanwhile
    feed.last_outcome, feed.last_run_at = verdict.outcome, now
    feed.plan_next(failed=verdict.outcome in FAILURES)
    changed = ["last_outcome", "last_run_at", "failures", "next_due_at"]
    if verdict.remembered is not None and feed.origin == origin:
        feed.fingerprint = verdict.remembered.fingerprint
        feed.etag = verdict.remembered.etag
        feed.last_modified = verdict.remembered.last_modified
        changed += ["fingerprint", "etag", "last_modified"]
    feed.save(update_fields=changed)
    _prune(run)


def _content_values(content: Content | None) -> dict[str, object]:
    if content is None:
        return {}
    return {"received_bytes": content.received, "fingerprint": content.fingerprint}


def _report_values(report: ImportReport | None) -> dict[str, object]:
    if report is None:
        return {}
    return {
        "added": report.counts[Action.ADDED],
        "changed": report.counts[Action.CHANGED],
        "removed": report.counts[Action.REMOVED],
        "unchanged": report.counts[Action.UNCHANGED],
        "rejected": report.error_count,
        "report": _shortened(report.as_dict()),
    }


def _shortened(value):
    """The difference with its long texts cut: a programme can be pages long, before and after."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else f"{value[: LONGEST_TEXT - 1]}…"
    if isinstance(value, dict):
        return {key: _shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return value


def _prune(run: FeedRun) -> None:
    """Keep the last runs, fewer of those that found nothing new."""
    runs = FeedRun.objects.filter(feed_id=run.feed_id).order_by("-pk")
    unchanged = runs.filter(outcome=FeedOutcome.UNCHANGED)
    for kept, among in ((KEPT_UNCHANGED, unchanged), (KEPT_RUNS, runs)):
        if last := among.values_list("pk", flat=True)[kept : kept + 1]:
            among.filter(pk__lte=last[0]).delete()
