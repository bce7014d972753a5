"""Background work of search: three lines a task, ids only, safe to run twice."""

import datetime as dt

from django.db.models import Min
from django.utils import timezone
from django_tasks import task

from search.models import OutboxEntry
from search.outbox import drain

RETRY_SECONDS = 5


@task(queue_name="search", priority=90)  # before Wagtail's own housekeeping: a change shows within seconds
def drain_outbox() -> None:
    """Apply the outbox; when something failed, come back for it at its time.

    Nothing depends on a task that is said to be running: after a killed worker, the next change or `search_index sync` drains.
    """
    report = drain()
    if report.failed and drain_outbox.get_backend().supports_defer:
        waiting = OutboxEntry.objects.filter(is_dead=False).aggregate(next=Min("next_attempt_at"))["next"]
        if waiting:
            soonest = timezone.now() + dt.timedelta(seconds=RETRY_SECONDS)
            drain_outbox.using(run_after=max(waiting, soonest)).enqueue()
