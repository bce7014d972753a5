"""Who runs a feed, when it runs next, and how a run ends whatever happens to its process."""

import datetime as dt
import signal
import threading

import pytest
from django.db import connection
from django.utils import timezone

from tests.training.feeds import server as at
from tests.training.lheo_samples import formation, lheo
from training.feeds import running
from training.feeds.claims import FeedBusy, FeedInactive, TakenOver, open_run
from training.feeds.running import Request, run_feed
from training.models import FeedOutcome, FeedRun, Training, TrainingFeed

pytestmark = pytest.mark.django_db


def test_failures_back_off_up_to_a_week_and_success_resets(run, serve, server, feed):
    TrainingFeed.objects.update(interval_hours=6)
    server.answers["/flux.xml"] = at.reply(b"x", status="503 Down")
    waits = []
    for _ in range(7):
        run()
        feed.refresh_from_db()
        waits.append(round((feed.next_due_at - timezone.now()) / dt.timedelta(hours=1)))
    assert waits == [12, 24, 48, 96, 168, 168, 168]
    serve(formation())
    run()
    feed.refresh_from_db()
    assert feed.failures == 0
    assert round((feed.next_due_at - timezone.now()) / dt.timedelta(hours=1)) == 6


def test_a_second_run_at_the_same_time_does_nothing(feed, serve, server):
    serve(formation())
    claimed = open_run(feed.pk)
    with pytest.raises(FeedBusy, match="déjà en cours"):
        run_feed(feed.pk)
    assert list(FeedRun.objects.all()) == [claimed]
    assert server.requests == []


def test_a_run_left_behind_is_taken_over_after_the_deadline(feed, serve, feed_settings):
    serve(formation())
    killed = open_run(feed.pk)
    folder = feed_settings.FEED_STATE_DIR / feed.source
    folder.mkdir(parents=True)
    (folder / f"incoming-{killed.pk}").write_bytes(b"<lheo>")
    FeedRun.objects.update(
        started_at=timezone.now() - dt.timedelta(seconds=feed_settings.FEED_TAKEOVER_SECONDS)
    )
    assert run_feed(feed.pk).outcome == "loaded"
    killed.refresh_from_db()
    assert (killed.outcome, killed.cause) == ("failed", "interrupted")
    assert list(feed_settings.FEED_STATE_DIR.glob("*/incoming-*")) == []


def test_a_run_that_was_taken_over_undoes_its_work(feed, serve):
    serve(formation())
    run = open_run(feed.pk)
    FeedRun.objects.update(finished_at=timezone.now(), outcome="failed", cause="interrupted")
    with pytest.raises(TakenOver):
        running._run_to_its_end(run, Request())
    assert not Training.objects.exists()
    run.refresh_from_db()
    assert run.cause == "interrupted"


def test_content_of_a_former_address_is_not_remembered(serve, server, feed):
    serve(formation(), ETag='"v1"')
    going_on = open_run(feed.pk)
    TrainingFeed.objects.update(url=server.url("/autre.xml"))
    running._run_to_its_end(going_on, Request())
    feed.refresh_from_db()
    assert (feed.last_outcome, feed.etag, feed.fingerprint) == ("loaded", "", "")


def test_an_inactive_feed_is_not_fetched(feed, server):
    TrainingFeed.objects.update(is_active=False)
    with pytest.raises(FeedInactive):
        run_feed(feed.pk)
    assert not FeedRun.objects.exists()
    assert server.requests == []


def test_an_unexpected_error_is_told_and_frees_the_feed(run, serve, feed_settings, caplog):
    serve(formation())
    feed_settings.FEED_STATE_DIR.write_bytes(b"a file where a folder must be")
    done = run()
    assert (done.outcome, done.cause) == ("failed", "internal")
    assert "exploitant" in done.message
    assert "essai" in caplog.text
    feed_settings.FEED_STATE_DIR.unlink()
    assert run().outcome == "loaded"


@pytest.fixture
def interruptible():
    """Python leaves SIGINT ignored when a shell started it in the background, as CI may do."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupted_run_is_undone_and_frees_the_feed(run, server, interruptible):
    def interrupt(_stream, server):
        # To the thread that waits for the answer: a signal to the process may reach any of them.
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        server.closing.wait(5)

    server.answers["/flux.xml"] = interrupt
    with pytest.raises(KeyboardInterrupt):
        run()
    done = FeedRun.objects.get()
    assert (done.outcome, done.cause) == ("failed", "interrupted")


def test_old_runs_are_forgotten(run, serve, feed, monkeypatch):
    monkeypatch.setattr("training.feeds.claims.KEPT_UNCHANGED", 3)
    monkeypatch.setattr("training.feeds.claims.KEPT_RUNS", 6)
    serve(formation())
    for _ in range(6):
        run()
    assert [run.outcome for run in FeedRun.objects.all()] == ["unchanged"] * 3 + ["loaded"]
    for number in range(6):
        serve(formation(title=f"Titre {number}"))
        run()
    assert FeedRun.objects.count() == 6
    assert FeedRun.objects.filter(outcome=FeedOutcome.LOADED).count() == 6


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_in_two_threads_one_runs(feed, server):
    body = lheo(formation()).encode()
    arrived, go_on = threading.Event(), threading.Event()

    def slow(stream, _server):
        arrived.set()
        go_on.wait(5)
        stream.sendall(at.head(Content_Length=str(len(body))) + body)

    server.answers["/flux.xml"] = slow
    outcomes = []

    def work():
        try:
            outcomes.append(run_feed(feed.pk).outcome)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert arrived.wait(5)
    with pytest.raises(FeedBusy):
        run_feed(feed.pk)
    go_on.set()
    thread.join(10)
    assert outcomes == ["loaded"]
    assert len(server.requests) == 1


@pytest.mark.django_db(transaction=True)
def test_a_feed_deleted_meanwhile_loads_nothing(feed, server):
    body = lheo(formation()).encode()

    def deleted_meanwhile(stream, _server):
        TrainingFeed.objects.all().delete()
        connection.close()
        stream.sendall(at.head(Content_Length=str(len(body))) + body)

    server.answers["/flux.xml"] = deleted_meanwhile
    assert run_feed(feed.pk).outcome == ""
    assert not Training.objects.exists()
