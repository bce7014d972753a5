"""A rebuild that was interrupted goes on where it stopped; one of any engine leaves the others' changes to them."""

import io

import pytest
from django.core.management import CommandError, call_command

from search import indexing
from search.documents.sources import SOURCES
from search.engines import engine
from search.errors import EngineTimeout
from search.indexing import backfill, find_generation, verify
from search.models import OutboxEntry
from search.outbox import drain
from search.recipe import current_recipe
from search.request import Kind
from tests.search.factories import make_training
from training.models import Training

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("search_index", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def is_right(chosen) -> bool:
    return all(
        check.is_right for check in verify(chosen, find_generation(chosen, states=["live"]), full=True)
    )


@pytest.fixture
def interrupted(distant, monkeypatch):
    """A rebuild that stopped after four of the ten trainings; the generation's name."""
    monkeypatch.setattr(indexing, "CHUNK", 2)
    for number in range(10):
        make_training(f"t-{number}", f"Chromatographie {number}")
    OutboxEntry.objects.all().delete()
    name = distant.create(current_recipe(distant))
    codes = list(SOURCES[Kind.TRAININGS].codes())
    chunks = backfill(distant, find_generation(distant, name), Kind.TRAININGS, codes)
    assert [next(chunks), next(chunks)] == [2, 2]
    chunks.close()
    distant.written.clear()
    return name


def test_a_rebuild_goes_on_where_it_stopped(distant, interrupted):
    said = run("rebuild")
    assert f"Reprise de {interrupted}" in said
    assert "trainings : 6 documents sur 10 (4 y étaient déjà)" in said
    assert find_generation(distant, states=["live"]).name == interrupted
    assert distant.written == [f"t-{number}" for number in range(4, 10)]
    assert is_right(distant)


def test_each_real_engine_goes_on_where_it_stopped(each_engine, monkeypatch):
    monkeypatch.setattr(indexing, "CHUNK", 2)
    for number in range(6):
        make_training(f"t-{number}", f"Chromatographie {number}")
    name = run("create").strip()
    codes = list(SOURCES[Kind.TRAININGS].codes())
    chunks = backfill(engine(), find_generation(engine(), name), Kind.TRAININGS, codes)
    assert next(chunks) == 2
    chunks.close()
    assert "trainings : 4 documents sur 6 (2 y étaient déjà)" in run("rebuild")
    assert find_generation(engine(), states=["live"]).name == name
    assert is_right(engine())


def test_backfill_goes_on_too(distant, interrupted):
    assert "6 documents sur 10" in run("backfill")
    run("promote")
    assert is_right(distant)


def test_what_changed_since_the_interruption_is_written_again_and_what_went_is_removed(distant, interrupted):
    Training.objects.filter(code="t-0").update(title_fr="Lyophilisation")
    Training.objects.filter(code="t-1").delete()
    OutboxEntry.objects.all().delete()
    run("rebuild")
    assert distant.written == ["t-0", *[f"t-{number}" for number in range(4, 10)]]
    assert is_right(distant)


def test_a_generation_of_another_recipe_is_not_continued(distant, interrupted, monkeypatch):
    monkeypatch.setattr("search.recipe.DOCUMENT_VERSION", 999)
    assert "Reprise" not in run("rebuild")
    assert [info.name for info in distant.generations()] != [interrupted]
    assert len(distant.written) == 10


def test_a_damaged_generation_is_not_continued(distant, interrupted):
    (distant.folder / interrupted / "trainings" / "manifest.json").write_text("{", encoding="utf-8")
    assert "Reprise" not in run("rebuild")
    assert is_right(distant)


def test_an_engine_that_is_away_for_a_moment_loses_no_work(distant, interrupted, monkeypatch):
    def digests(generation, kind):
        raise EngineTimeout("muet")

    with monkeypatch.context() as patch:
        patch.setattr(distant, "digests", digests)
        with pytest.raises(CommandError, match="muet"):
            run("rebuild")
    assert "Reprise" in run("rebuild")


def test_verify_compares_a_sample_or_with_full_every_document(rebuild, monkeypatch):
    monkeypatch.setattr(indexing, "SAMPLE", 1)
    for number in range(30):
        make_training(f"t-{number}", "Chromatographie")
    rebuild()
    info = find_generation(engine(), states=["live"])
    (sampled,) = indexing.random.Random(info.name).sample(sorted(f"t-{n}" for n in range(30)), 1)
    changed = "t-1" if sampled != "t-1" else "t-2"
    Training.objects.filter(code=changed).update(title_fr="Lyophilisation")
    assert "0 périmés" in run("verify").splitlines()[1]
    with pytest.raises(SystemExit, match="1"):
        run("verify", "--full")
    assert "rien à faire" in run("rebuild", "--if-needed")
    assert "en service" in run("rebuild", "--if-needed", "--full")


def test_a_refused_document_stops_the_rebuild_by_name_and_keeps_the_rest(distant):
    for code in ("bad", "good"):
        make_training(code, "Chromatographie")
    distant.refused = {"bad": "valeur trop longue"}
    with pytest.raises(CommandError, match="bad : valeur trop longue"):
        run("rebuild")
    distant.refused = {}
    assert "1 documents sur 2 (1 y étaient déjà)" in run("rebuild")


def test_rebuilding_one_engine_leaves_the_others_their_changes(distant):
    run("rebuild", "--engine", "embedded")
    run("rebuild", "--engine", "distant")
    make_training("a", "Chromatographie")
    distant.error = EngineTimeout("muet")
    run("rebuild", "--engine", "embedded")
    assert is_right(engine("embedded"))
    assert {(entry.held_by, entry.attempts) for entry in OutboxEntry.objects.all()} == {("embedded", 0)}
    distant.error = None
    assert drain().failed == 0
    assert is_right(distant)
    assert not OutboxEntry.objects.exists()


def test_rebuilding_the_only_engine_in_use_leaves_nothing_to_do(rebuild):
    make_training("a", "Chromatographie")
    OutboxEntry.objects.update(is_dead=True)
    rebuild()
    assert not OutboxEntry.objects.exists(), "the new index holds what had been set aside"


def test_an_engine_that_no_worker_feeds_yet_gets_what_changed_meanwhile(distant, settings, monkeypatch):
    """The site runs on the embedded engine; another is built before it is put to use."""
    settings.SEARCH_ENGINE = "embedded"
    make_training("a", "Chromatographie")
    run("rebuild")
    write = distant.write

    def write_while_something_changes(generation, kind, documents, removed=()):
        if not Training.objects.filter(code="b").exists():
            make_training("b", "Chromatographie")
            drain()  # the worker of the site, which knows nothing of this engine
            assert not OutboxEntry.objects.exists()
        return write(generation, kind, documents, removed)

    monkeypatch.setattr(distant, "write", write_while_something_changes)
    run("rebuild", "--engine", "distant")
    assert distant.written == ["a", "b"]
    assert is_right(distant)
