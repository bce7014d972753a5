"""Background work of the training catalogue: ids only, safe to run twice."""

import logging

from django_tasks import task

from training.feeds.claims import FeedBusy, FeedInactive
from training.feeds.running import NothingToAccept, accept_removals, run_feed
from training.models import FeedRun

logger = logging.getLogger(__name__)


@task()
def fetch_feed(feed_id: int) -> None:
    """Run one feed now."""
    try:
        run_feed(feed_id)
    except (FeedBusy, FeedInactive) as reason:
        logger.info("feed %s not run: %s", feed_id, type(reason).__name__)


@task()
def accept_held_run(run_id: int, user_id: int) -> None:
    """Load what a run held, in the name of the account that accepted its removals."""
    held = FeedRun.objects.select_related("feed").get(pk=run_id)
    try:
        accept_removals(held, accepted_by_id=user_id)
    except (FeedBusy, FeedInactive, NothingToAccept) as reason:
        logger.info("held run %s not accepted: %s", run_id, type(reason).__name__)
