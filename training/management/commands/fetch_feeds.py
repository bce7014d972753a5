"""`manage.py fetch_feeds`: fetch the feeds that are due, once or again and again. See docs/feeds.md.

Exit status 1 when a feed failed, was refused or was held; 2 when the question cannot be served.
"""

import json
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from skills.imports.progress import progress
from training.feeds.claims import FeedBusy, FeedInactive
from training.feeds.running import NothingToAccept, Request, accept_removals, run_feed
from training.models import FeedOutcome, FeedRun, TrainingFeed

WELL = {FeedOutcome.LOADED, FeedOutcome.UNCHANGED}
ROW = "{:<32} {:<10} {:>6} {:>6} {:>7} {:>6}  {}"


class Command(BaseCommand):
    help = "Récupère les flux de formations qui sont dus (voir docs/feeds.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--feed", default="", help="ce flux seul, par son nom de source, dû ou non")
        which.add_argument("--all", action="store_true", help="tous les flux actifs, dus ou non")
        parser.add_argument("--every", type=float, default=0, metavar="MINUTES", help="recommence sans fin")
        parser.add_argument(
            "--accept-removals", action="store_true", help="charge le contenu retenu du flux de --feed"
        )
        parser.add_argument("--force", action="store_true", help="relit même un contenu déjà chargé")
        parser.add_argument("--json", action="store_true", help="une ligne JSON par flux")

    def handle(self, **options) -> None:
        if options["accept_removals"] and not options["feed"]:
            raise CommandError("--accept-removals demande --feed NOM.", returncode=2)
        if options["every"] and (options["accept_removals"] or options["every"] < 0):
            raise CommandError("--every demande des minutes, sans --accept-removals.", returncode=2)
        try:
            with _interrupted_by_sigterm():
                is_well = self.rounds(options)
        except KeyboardInterrupt:
            self.stderr.write("Arrêté.")
            sys.exit(130)
        if not is_well:
            sys.exit(1)

    def rounds(self, options: dict) -> bool:
        is_well = self.round(options)
        while options["every"]:
            time.sleep(options["every"] * 60)
            close_old_connections()
            self.round(options)
        return is_well

    def round(self, options: dict) -> bool:
        """Run every feed that is asked for; whether all went well."""
        is_well, has_run = True, False
        for feed_id in progress(self.feed_ids(options), "Flux"):
            run = self.run_one(feed_id, options)
            if run is None:
                continue
            if not has_run and not options["json"]:
                self.stdout.write(
                    ROW.format("flux", "résultat", "ajouts", "modif.", "retraits", "rejets", "")
                )
            has_run = True
            self.show(run, as_json=options["json"])
            is_well = is_well and run.outcome in WELL
        if not has_run:
            self.stderr.write("Aucun flux récupéré.")
        return is_well

    def feed_ids(self, options: dict) -> Iterable[int]:
        feeds = TrainingFeed.objects.order_by("next_due_at", "pk")
        if options["feed"]:
            feeds = feeds.filter(source=options["feed"])
            if not feeds.exists():
                raise CommandError(f"Aucun flux de source « {options['feed']} ».", returncode=2)
        else:
            feeds = feeds.filter(is_active=True) if options["all"] else feeds.due()
        return list(feeds.values_list("pk", flat=True))

    def run_one(self, feed_id: int, options: dict) -> FeedRun | None:
        try:
            if options["accept_removals"]:
                return accept_removals(self.held_run(feed_id))
            return run_feed(feed_id, Request(force=options["force"]))
        except FeedBusy as reason:
            self.stderr.write(str(reason))
        except (FeedInactive, NothingToAccept) as reason:
            if options["feed"]:
                raise CommandError(str(reason), returncode=2) from reason
            self.stderr.write(str(reason))
        return None

    def held_run(self, feed_id: int) -> FeedRun:
        held = FeedRun.objects.filter(feed_id=feed_id, outcome=FeedOutcome.HELD).first()
        if held is None:
            raise NothingToAccept("Ce flux n'a aucun passage retenu à accepter.")
        return held

    def show(self, run: FeedRun, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(_as_dict(run), ensure_ascii=False))
            return
        outcome = run.get_outcome_display()
        self.stdout.write(
            ROW.format(
                run.feed.source[:32], outcome, run.added, run.changed, run.removed, run.rejected, run.message
            )
        )


def _as_dict(run: FeedRun) -> dict[str, object]:
    return {
        "feed": run.feed.source,
        "run": run.pk,
        "outcome": run.outcome,
        "cause": run.cause,
        "message": run.message,
        "http_status": run.http_status,
        "bytes": run.received_bytes,
        **{name: getattr(run, name) for name in ("added", "changed", "removed", "unchanged", "rejected")},
        "next_due_at": timezone.localtime(run.feed.next_due_at).isoformat(timespec="seconds"),
    }


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """A run that systemd or a container stops is undone and closed, instead of waiting to be taken over."""

    def interrupt(_number, _frame) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield  # signals belong to the main thread
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
