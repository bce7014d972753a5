"""From a change in the database to every active generation.

One rule: the entries read are deleted after all active generations (live, and one being built) hold the change; documents
are always built from the database as it is at that moment, under the generation's write lock.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from jobs.models import JobProfilePage
from search.engines import engine
from search.errors import EmbeddingUnavailable, IndexBusy, SearchUnavailable, UnknownGeneration
from search.indexing import refresh
from search.models import MAX_ATTEMPTS, OutboxEntry
from search.request import Kind
from training.models import Training

logger = logging.getLogger(__name__)
BATCH = 500
PASSING_ERRORS = (EmbeddingUnavailable, IndexBusy, SearchUnavailable, UnknownGeneration, OSError)


@dataclass(frozen=True)
class DrainReport:
    """How many entries were applied, how many failed, how many documents were written."""

    applied: int = 0
    failed: int = 0
    written: int = 0


def announce(kind: Kind, codes: Iterable[str]) -> None:
    """Write outbox rows in the current transaction; the worker is woken once, after it commits."""
    rows = [OutboxEntry(kind=kind.value, code=code) for code in dict.fromkeys(codes)]
    if not rows:
        return
    OutboxEntry.objects.bulk_create(rows, batch_size=500)
    if not any(function is wake_worker for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(wake_worker)


def wake_worker() -> None:
    from search.tasks import drain_outbox

    drain_outbox.enqueue()


def drain() -> DrainReport:
    """Apply what is due, batch by batch, until nothing is left or a batch fails."""
    applied = failed = written = 0
    while entries := list(OutboxEntry.objects.due().order_by("pk")[:BATCH]):
        try:
            written += _apply(entries)
        except PASSING_ERRORS as error:
            _postpone(entries, error)
            failed += len(entries)
            break
        OutboxEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
        applied += len(entries)
    return DrainReport(applied, failed, written)


def _apply(entries: list[OutboxEntry]) -> int:
    changes = _with_dependents(entries)
    chosen = engine()
    active = [info for info in chosen.generations() if info.state in {"building", "ready", "live"}]
    written = 0
    for info in active:
        with chosen.write_lock(info.name):
            written += sum(refresh(chosen, info, kind, sorted(codes)) for kind, codes in changes.items())
    return written


def _with_dependents(entries: list[OutboxEntry]) -> dict[Kind, set[str]]:
    """What must be indexed again: the objects themselves, and those whose documents name a changed skill."""
    changes: defaultdict[Kind, set[str]] = defaultdict(set)
    for entry in entries:
        changes[Kind(entry.kind)].add(entry.code)
    if skills := changes.get(Kind.SKILLS):
        trainings = Training.objects.filter(skill_links__skill__code__in=skills)
        jobs = JobProfilePage.objects.filter(requirements__skill__code__in=skills)
        changes[Kind.TRAININGS].update(trainings.order_by().values_list("code", flat=True))
        changes[Kind.JOBS].update(jobs.order_by().values_list("code", flat=True))
    return changes


def _postpone(entries: list[OutboxEntry], error: Exception) -> None:
    """Try again later, each time twice as late; after `MAX_ATTEMPTS` the entry waits for `search_index sync`."""
    logger.warning("outbox: %s entries postponed: %s", len(entries), type(error).__name__)
    now = timezone.now()
    for entry in entries:
        entry.attempts += 1
        entry.last_error = str(error)[:300]
        entry.is_dead = entry.attempts >= MAX_ATTEMPTS
        entry.next_attempt_at = now + dt.timedelta(seconds=2**entry.attempts)
    OutboxEntry.objects.bulk_update(
        entries, ["attempts", "last_error", "is_dead", "next_attempt_at"], batch_size=200
    )


def revive_dead() -> int:
    """Give dead and waiting entries another chance now."""
    return OutboxEntry.objects.update(is_dead=False, attempts=0, next_attempt_at=timezone.now())
