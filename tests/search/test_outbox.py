"""The outbox with two engines in use: what one refuses or is away for, the other holds, and nothing is lost."""

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from search.engines import engine
from search.errors import EngineBusy, EngineTimeout
from search.indexing import find_generation, verify
from search.models import MAX_ATTEMPTS, OutboxEntry
from search.outbox import LONGEST_WAIT, drain
from search.request import Kind
from search.tasks import drain_outbox
from tests.search.factories import make_skill, make_training

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(distant, rebuild):
    """Two live and empty indexes."""
    call_command("search_index", "rebuild", engine="embedded", verbosity=0, stdout=io.StringIO())
    rebuild()
    return distant


def held(chosen, kind: Kind = Kind.TRAININGS) -> set[str]:
    return set(chosen.digests(find_generation(chosen, states=["live"]).name, kind))


def is_right(chosen) -> bool:
    return all(
        check.is_right for check in verify(chosen, find_generation(chosen, states=["live"]), full=True)
    )


def make_due() -> None:
    OutboxEntry.objects.update(next_attempt_at=timezone.now() - dt.timedelta(seconds=1))


def status(*arguments: str) -> dict:
    out = io.StringIO()
    call_command("search_index", "status", "--json", *arguments, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def test_a_change_reaches_every_engine_in_use(both):
    make_training("a", "Chromatographie")
    assert drain().failed == 0
    assert held(both) == held(engine("embedded")) == {"a"}
    assert not OutboxEntry.objects.exists()


def test_a_standby_that_was_never_built_holds_nothing_up(distant, rebuild):
    rebuild()
    make_training("a", "Chromatographie")
    assert drain().failed == 0
    assert held(distant) == {"a"}
    assert not OutboxEntry.objects.exists()


def test_while_the_engine_is_away_the_standby_follows_and_each_is_written_once(both):
    both.error = EngineTimeout("muet")
    make_training("a", "Chromatographie")
    report = drain()
    assert (report.applied, report.failed, report.reasons) == (0, OutboxEntry.objects.count(), ("muet",))
    assert held(engine("embedded")) == {"a"}
    assert {entry.held_by for entry in OutboxEntry.objects.all()} == {"embedded"}
    manifest = engine("embedded").folder / find_generation(engine("embedded"), states=["live"]).name
    written = sorted(manifest.glob("trainings/segment-*"))
    both.error = None
    make_due()
    assert drain().failed == 0
    assert held(both) == {"a"}
    assert sorted(manifest.glob("trainings/segment-*")) == written, "the standby held it already"
    assert not OutboxEntry.objects.exists()


def test_many_changes_while_the_engine_is_away_cost_its_delay_once(both, monkeypatch):
    monkeypatch.setattr("search.outbox.BATCH", 2)
    for number in range(5):
        make_training(f"t-{number}", "Chromatographie")
    both.error = EngineTimeout("muet")
    before = both.calls
    assert drain().failed == OutboxEntry.objects.count() > 4
    assert both.calls - before == 1
    assert len(held(engine("embedded"))) == 5


def test_a_refused_document_waits_alone_with_its_reason(both):
    both.refused = {"bad": "valeur trop longue"}
    make_training("good", "Chromatographie")
    make_training("bad", "Chromatographie")
    report = drain()
    assert (report.applied > 0, report.failed) == (True, 1)
    (entry,) = OutboxEntry.objects.all()
    assert (entry.code, entry.last_error, entry.held_by) == ("bad", "valeur trop longue", "embedded")
    assert held(both) == {"good"}
    assert held(engine("embedded")) == {"good", "bad"}
    both.refused = {}
    make_due()
    drain()
    assert held(both) == {"good", "bad"}
    assert not OutboxEntry.objects.exists()


def test_a_document_refused_because_of_a_skill_s_change_gets_an_entry_of_its_own(both):
    skill = make_skill("s", "Ancien nom", "Old name")
    make_training("a", "Formation", (skill,))
    drain()
    both.refused = {"a": "valeur trop longue"}
    skill.label_fr = "Cryoconservation"
    skill.save()
    assert set(OutboxEntry.objects.values_list("kind", "code")) == {("skills", "s")}
    drain()
    (entry,) = OutboxEntry.objects.all()
    assert (entry.kind, entry.code, entry.attempts) == ("trainings", "a", 1)
    assert not is_right(both)
    assert is_right(engine("embedded"))
    skill.save()
    drain()
    assert OutboxEntry.objects.count() == 1, "it waits already"
    both.refused = {}
    make_due()
    drain()
    assert is_right(both)
    assert not OutboxEntry.objects.exists()


def test_a_busy_engine_is_asked_later_and_later_up_to_a_bound_then_the_change_is_set_aside_and_replayed(both):
    both.error = EngineBusy("saturé")
    make_skill("s", "Compétence", "Skill")
    OutboxEntry.objects.exclude(pk=OutboxEntry.objects.first().pk).delete()
    waits = []
    for _ in range(MAX_ATTEMPTS):
        make_due()
        assert drain().failed == 1
        waits.append((OutboxEntry.objects.get().next_attempt_at - timezone.now()).total_seconds())
    for attempt, wait in enumerate(waits, start=1):
        assert min(LONGEST_WAIT, 2**attempt) / 2 - 1 <= wait <= min(LONGEST_WAIT, 2**attempt)
    make_due()
    assert drain().applied == drain().failed == 0, "it waits for sync"
    both.error = None
    (failure,) = status()["failures"]
    assert failure == {
        "kind": "skills",
        "code": "s",
        "is_dead": True,
        "attempts": MAX_ATTEMPTS,
        "last_error": "saturé",
    }
    call_command("search_index", "sync", stdout=io.StringIO())
    assert held(both, Kind.SKILLS) == {"s"}
    assert not OutboxEntry.objects.exists()


def test_sync_prints_what_fails(both):
    both.error = EngineBusy("saturé")
    make_training("a", "Chromatographie")
    errors = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("search_index", "sync", stdout=io.StringIO(), stderr=errors)
    assert "saturé" in errors.getvalue()


def test_the_task_comes_back_when_the_change_is_due(both, settings):
    both.error = EngineTimeout("muet")
    make_training("a", "Chromatographie")
    OutboxEntry.objects.update(attempts=9)
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["search"]}}
    drain_outbox.call()
    (task,) = DBTaskResult.objects.all()
    assert task.run_after == OutboxEntry.objects.order_by("next_attempt_at").first().next_attempt_at
    assert task.run_after > timezone.now() + dt.timedelta(seconds=60)


# --- Status


def test_status_tells_both_engines_and_the_outbox(both):
    make_training("a", "Chromatographie")
    OutboxEntry.objects.update(created_at=timezone.now() - dt.timedelta(seconds=90))
    told = status()
    assert (told["engine"], told["error"], told["standby"]["engine"]) == ("distant", None, "embedded")
    for info in (*told["generations"], *told["standby"]["generations"]):
        assert info["state"] == "live"
        assert info["counts"] == {"jobs": 0, "trainings": 0, "skills": 0, "candidates": 0}
        assert info["created_at"]
        assert {"documents", "analysis", "embedding"} <= info["recipe"].keys()
    assert told["pending"] == OutboxEntry.objects.count()
    assert 90 <= told["lag_seconds"] < 120
    assert told["oldest_pending"]
    assert status("--engine", "embedded")["standby"] is None


def test_status_of_an_engine_that_is_down_names_the_error_and_tells_the_rest(both):
    make_training("a", "Chromatographie")
    both.error = EngineTimeout("muet")
    for arguments in (["--json"], []):
        out = io.StringIO()
        with pytest.raises(CommandError, match="EngineTimeout : muet") as caught:
            call_command("search_index", "status", *arguments, stdout=out, stderr=io.StringIO())
        assert caught.value.returncode == 2
        if arguments:
            told = json.loads(out.getvalue())
            assert told["error"] == {"name": "EngineTimeout", "message": "muet"}
            assert told["pending"] > 0
            assert told["standby"]["generations"]
        else:
            assert "en panne : EngineTimeout : muet" in out.getvalue()
            assert "Changements en attente" in out.getvalue()
            assert "Moteur embedded (index de secours)" in out.getvalue()
