"""Real processes killed in the middle of their work, on a database and an index of their own: nothing is lost."""

import pytest

from search.engines.elasticsearch.names import Names
from search.request import Kind
from tests.search.site import CHANGE, CHANGES, WORKER, Site


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def site(request, db, tmp_path, settings):
    environment = {"SEARCH_ENGINE": request.param}
    if request.param == "elasticsearch":
        environment["ELASTICSEARCH_INDEX_PREFIX"] = request.getfixturevalue("elasticsearch_prefix")
    made = Site(tmp_path, environment)
    made.fill()
    return made


@pytest.fixture
def has_written(site, tmp_path):
    """Whether the rebuild that runs has written some of the trainings, and far from all."""
    if site.environment["SEARCH_ENGINE"] == "embedded":
        return lambda: any((tmp_path / "search").glob("generation-*/trainings/segment-000003"))
    from search.engines import engine

    client, names = engine("elasticsearch").client, Names(site.environment["ELASTICSEARCH_INDEX_PREFIX"])

    def is_written() -> bool:
        told = client.indices.stats(
            index=f"{names.every_generation}-{Kind.TRAININGS.value}", metric="indexing"
        )
        return told["_all"]["total"].get("indexing", {}).get("index_total", 0) >= 400

    return is_written


@pytest.mark.timeout(600)  # nine processes, on a machine that may be busy
def test_nothing_is_lost_when_workers_and_rebuilds_are_killed(site, has_written):
    rebuild = site.start("search_index", "rebuild")
    site.kill_when(rebuild, has_written)
    said = site.run("search_index", "rebuild")
    assert "Reprise de" in said
    assert f"trainings : {CHANGES} documents" not in said, "what was there was not done again"

    site.shell(CHANGE)
    before = site.waiting
    assert before > CHANGES
    worker = site.start(*WORKER)
    site.kill_when(worker, lambda: site.waiting < before)
    left = site.waiting
    assert 0 < left < before, "killed in the middle"
    assert site.count("SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'RUNNING'") == 1

    # The task that is said to be running for ever holds nothing up: the next change drains all that waits.
    site.shell("from search.outbox import wake_worker; wake_worker()")
    another = site.start(*WORKER)
    site.kill_when(another, lambda: site.waiting < left)
    site.run("search_index", "sync")
    assert site.waiting == 0
    site.run("search_index", "verify", "--full")
