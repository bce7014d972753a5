"""`fetch_feeds`: what is due, once or again and again; tables for people, JSON lines for machines."""

import datetime as dt
import json
import os
import signal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.training.feeds import server as at
from tests.training.lheo_samples import formation, lheo
from training.feeds.claims import open_run
from training.management.commands import fetch_feeds
from training.models import FeedRun, Training, TrainingFeed

pytestmark = pytest.mark.django_db


def numbered(count):
    return [formation(f"F{number}") for number in range(1, count + 1)]


def serve(server, *formations):
    server.answers["/flux.xml"] = at.reply(lheo(*formations).encode())


def command(*args) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command("fetch_feeds", *args, stdout=out, stderr=err)
    except SystemExit as ended:
        return ended.code, out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), err.getvalue()


def test_what_is_due_is_fetched_and_only_that(feed, server, school):
    later = timezone.now() + dt.timedelta(hours=1)
    common = {"organisation": school, "url": server.url()}
    TrainingFeed.objects.create(name="Plus tard", source="tard", next_due_at=later, is_active=True, **common)
    TrainingFeed.objects.create(name="Éteint", source="eteint", **common)
    serve(server, *numbered(2))
    status, out, err = command()
    header, line = out.splitlines()
    assert status == 0
    assert header.split() == ["flux", "résultat", "ajouts", "modif.", "retraits", "rejets"]
    assert line.split()[:6] == ["essai", "chargé", "2", "0", "0", "0"]
    assert err == ""
    assert command()[1:] == ("", "Aucun flux récupéré.\n")
    assert [json.loads(line)["feed"] for line in command("--all", "--json")[1].splitlines()] == [
        "tard",
        "essai",
    ]


def test_a_json_line_a_feed(feed, server):
    serve(server, *numbered(2))
    status, out, err = command("--json")
    (line,) = out.splitlines()
    told = json.loads(line)
    assert (status, err) == (0, "")
    assert dt.datetime.fromisoformat(told.pop("next_due_at")) > timezone.now()
    assert told.pop("bytes") > 0
    assert told == {
        "feed": "essai",
        "run": FeedRun.objects.get().pk,
        "outcome": "loaded",
        "cause": "",
        "message": "2 ajouts, 0 modification, 0 retrait.",
        "http_status": 200,
        "added": 2,
        "changed": 0,
        "removed": 0,
        "unchanged": 0,
        "rejected": 0,
    }


def test_one_failing_feed_does_not_stop_the_next(feed, server, school):
    TrainingFeed.objects.create(
        name="Absent", source="absent", organisation=school, url=server.url("/absent"), is_active=True,
        next_due_at=feed.next_due_at - dt.timedelta(hours=1),
    )  # fmt: skip
    serve(server, formation())
    status, out, _err = command("--json")
    assert status == 1
    assert [json.loads(line)["outcome"] for line in out.splitlines()] == ["failed", "loaded"]


def test_removals_are_held_then_accepted(feed, server):
    serve(server, *numbered(10))
    command()
    serve(server, *numbered(2))
    status, out, _err = command("--feed", "essai")
    assert status == 1
    assert "retenu" in out
    assert Training.objects.filter(live=True).count() == 10
    status, out, _err = command("--feed", "essai", "--accept-removals")
    assert (status, Training.objects.filter(live=True).count()) == (0, 2)
    status, _out, err = command("--feed", "essai", "--accept-removals")
    assert status == 2
    assert "aucun passage retenu" in err


def test_force_loads_what_is_known(feed, server):
    serve(server, formation())
    command()
    Training.objects.all().delete()
    assert json.loads(command("--feed", "essai", "--json")[1])["outcome"] == "unchanged"
    assert json.loads(command("--feed", "essai", "--force", "--json")[1])["added"] == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--feed", "inconnu"], "Aucun flux"),
        (["--feed", "essai", "--accept-removals"], "aucun passage retenu"),
        (["--accept-removals"], "--feed"),
        (["--every", "-1"], "--every"),
        (["--feed", "essai", "--accept-removals", "--every", "5"], "--every"),
    ],
)
def test_what_cannot_be_served_is_said(feed, args, words):
    status, out, err = command(*args)
    assert (status, out) == (2, "")
    assert words in err


def test_an_inactive_feed_is_refused_by_name(feed):
    TrainingFeed.objects.update(is_active=False)
    status, _out, err = command("--feed", "essai")
    assert status == 2
    assert "n'est pas actif" in err


def test_a_busy_feed_is_said_and_left_alone(feed, server):
    open_run(feed.pk)
    status, out, err = command()
    assert (status, out) == (0, "")
    assert "déjà en cours" in err
    assert server.requests == []


@pytest.mark.django_db(transaction=True)
def test_every_fetches_again_until_it_is_stopped(feed, server, monkeypatch):
    serve(server, formation())
    TrainingFeed.objects.update(interval_hours=1)
    slept, before = [], signal.getsignal(signal.SIGTERM)

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        TrainingFeed.objects.update(next_due_at=timezone.now())

    monkeypatch.setattr(fetch_feeds.time, "sleep", sleep)
    status, out, err = command("--every", "5", "--json")
    assert (status, err) == (130, "Arrêté.\n")
    assert slept == [300, 300, 300]
    assert [json.loads(line)["outcome"] for line in out.splitlines()] == ["loaded", "unchanged", "unchanged"]
    assert signal.getsignal(signal.SIGTERM) == before
