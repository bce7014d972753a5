"""Background work of search: three lines a task, ids only, safe to run twice."""

import datetime as dt

from django.utils import timezone
from django_tasks import task

from search.models import OutboxEntry
from search.outbox import drain

RETRY_SECONDS = 5


@task(queue_name="search", priority=90)  # before Wagtail's own housekeeping: a change shows within seconds
def drain_outbox() -> None:
    """Apply the outbox; when something failed, come back for it."""
    report = drain()
    if report.failed and drain_outbox.get_backend().supports_defer:
        later = timezone.now() + dt.timedelta(seconds=RETRY_SECONDS)
        if OutboxEntry.objects.filter(is_dead=False).exists():
            drain_outbox.using(run_after=later).enqueue()
