"""The files of the embedded engine, damaged or many: a named error, a rebuild that repairs, nothing lost."""

import contextlib
import io

import pytest
from django.core.management import call_command

from search.engines import engine
from search.errors import SearchUnavailable
from search.indexing import find_generation, verify
from search.models import OutboxEntry
from search.outbox import drain
from search.request import Kind, SearchRequest
from search.retrieval import search
from tests.search.factories import make_training

pytestmark = pytest.mark.django_db


def found(text: str) -> set[str]:
    return {result.code for result in search(SearchRequest(Kind.TRAININGS, text, limit=100)).results}


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("search_index", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_a_damaged_index_is_a_named_error(rebuild):
    rebuild()
    info = find_generation(engine(), states=["live"])
    for path in (engine().folder / info.name / "trainings").glob("segment-*/documents.jsonl"):
        path.write_text("{broken", encoding="utf-8")
    engine()._readers.clear()
    with pytest.raises(SearchUnavailable, match="illisible"):
        found("chromatographie")


@pytest.mark.parametrize(
    "damaged",
    [
        "live.json",
        "*/generation.json",
        "*/trainings/manifest.json",
        "*/trainings/segment-*/documents.jsonl",
        "*/trainings/segment-*/removed.json",
        "*/trainings/segment-*/vectors.json",
        "*/trainings/words/meta.json",
    ],
)
@pytest.mark.parametrize("content", ["", "[]", '{"half'])
def test_a_damaged_file_is_a_named_error_and_a_rebuild_repairs_it(rebuild, damaged, content):
    make_training("a", "Chromatographie")
    rebuild()
    for path in engine().folder.glob(damaged):
        path.write_text(content, encoding="utf-8")
    engine.cache_clear()
    with contextlib.suppress(SearchUnavailable):  # a meta.json read before may do without the damaged file
        found("chromatographie")
    run("status")
    run("rebuild", "--if-needed")
    assert found("chromatographie") == {"a"}


def test_changes_wait_while_the_live_index_is_damaged(rebuild):
    rebuild()
    info = find_generation(engine(), states=["live"])
    (engine().folder / info.name / "trainings" / "manifest.json").write_text("", encoding="utf-8")
    make_training("a", "Chromatographie")
    assert drain().failed == 1
    rebuild()
    run("sync")
    assert found("chromatographie") == {"a"}
    assert not OutboxEntry.objects.exists()


def test_many_small_changes_are_merged_and_lose_nothing(rebuild):
    rebuild()
    for number in range(25):
        make_training(f"t-{number}", f"Chromatographie {number}")
        drain()
    assert found("chromatographie") == {f"t-{number}" for number in range(25)}
    info = find_generation(engine(), states=["live"])
    assert all(check.is_right for check in verify(engine(), info))
    segments = list((engine().folder / info.name / "trainings").glob("segment-*"))
    assert len(segments) <= 10
