"""Generations, the outbox and the worker, on a real index of each engine."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from search.engines import engine
from search.errors import IndexBusy
from search.indexing import find_generation
from search.models import MAX_ATTEMPTS, OutboxEntry
from search.outbox import drain, revive_dead
from search.request import Kind, SearchRequest
from search.retrieval import search
from tests.search.factories import make_skill, make_training
from training.models import TrainingSession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("each_engine")]


def found(text: str, kind: Kind = Kind.TRAININGS) -> set[str]:
    return {result.code for result in search(SearchRequest(kind, text, limit=100)).results}


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("search_index", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_changes_reach_the_live_index(rebuild):
    rebuild()
    training = make_training("a", "Chromatographie")
    drain()
    assert found("chromatographie") == {"a"}
    training.title_fr = "Lyophilisation"
    training.save()
    drain()
    assert found("chromatographie") == set()
    assert found("lyophilisation") == {"a"}
    training.delete()
    drain()
    assert found("lyophilisation") == set()
    assert not OutboxEntry.objects.exists()


def test_the_outbox_row_lives_and_dies_with_its_transaction(rebuild):
    rebuild()
    drain()
    with transaction.atomic():
        make_training("a", "Chromatographie")
        assert OutboxEntry.objects.filter(code="a").exists()
        transaction.set_rollback(True)
    assert not OutboxEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_commit_wakes_the_worker_once(rebuild):
    rebuild()
    with transaction.atomic():
        make_training("a", "Chromatographie")
        make_training("b", "Chromatographie")
    assert found("chromatographie") == {"a", "b"}, "the immediate task backend drained at commit"


def test_renaming_a_skill_reaches_the_trainings_that_teach_it(rebuild):
    skill = make_skill("s", "Ancien nom", "Old name")
    make_training("a", "Formation", (skill,))
    rebuild()
    skill.label_fr = "Cryoconservation"
    skill.save()
    drain()
    assert found("cryoconservation") == {"a"}


def test_step_by_step_life(rebuild):
    make_training("a", "Chromatographie")
    first = run("create").strip()
    assert "1 documents sur 1" in run("backfill")
    run("verify")
    run("promote")
    assert found("chromatographie") == {"a"}
    rebuild()
    second = find_generation(engine(), states=["live"]).name
    assert second != first
    run("rollback")
    assert find_generation(engine(), states=["live"]).name == first
    status = json.loads(run("status", "--json"))
    assert {g["name"]: g["state"] for g in status["generations"]} == {first: "live", second: "previous"}


def test_a_generation_that_disagrees_with_the_database_is_not_promoted():
    run("create")
    run("backfill")
    make_training("late", "Chromatographie")
    OutboxEntry.objects.all().delete()
    with pytest.raises(CommandError, match="1 manquants"):
        run("promote")


def test_changes_during_a_rebuild_reach_both_generations(rebuild):
    make_training("before", "Chromatographie")
    rebuild()
    building = run("create").strip()
    make_training("during", "Chromatographie")
    drain()
    assert found("chromatographie") == {"before", "during"}
    assert "during" in engine().digests(building, Kind.TRAININGS)


def test_two_rebuilds_at_once_refuse():
    with engine().rebuild_lock(), pytest.raises(CommandError, match="déjà en cours"):
        run("rebuild")


def test_rebuild_if_needed_does_nothing_twice(rebuild):
    make_training("a", "Chromatographie")
    rebuild()
    assert "rien à faire" in run("rebuild", "--if-needed")
    make_training("b", "Chromatographie")
    OutboxEntry.objects.all().delete()
    assert "en service" in run("rebuild", "--if-needed")


def test_failures_are_retried_then_set_aside_then_replayed(rebuild, monkeypatch):
    rebuild()
    make_training("a", "Chromatographie")

    def refuse(generation):
        raise IndexBusy("verrouillé")

    with monkeypatch.context() as patch:
        patch.setattr(engine(), "write_lock", refuse)
        for _ in range(MAX_ATTEMPTS):
            OutboxEntry.objects.update(next_attempt_at="2000-01-01T00:00:00Z")
            assert drain().failed
    assert OutboxEntry.objects.dead().count() == OutboxEntry.objects.count() > 0
    assert "verrouillé" in OutboxEntry.objects.first().last_error
    assert drain().applied == 0, "dead entries wait for sync"
    assert revive_dead() > 0
    run("sync")
    assert found("chromatographie") == {"a"}
    assert not OutboxEntry.objects.exists()


def test_saving_a_session_alone_announces_its_training(rebuild):
    from tests.search.factories import in_days, make_offer

    training = make_training("a", "Chromatographie")
    make_offer(training, starts=10)
    rebuild()
    OutboxEntry.objects.all().delete()
    session = TrainingSession.objects.get()
    session.starts_on = in_days(20)
    session.save()
    assert list(OutboxEntry.objects.values_list("kind", "code")) == [("trainings", "a")]
