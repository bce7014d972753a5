"""What happens to a site when its Elasticsearch dies, hangs, fills up or loses a node: on servers of the drill's own."""

import json
import os
import signal
import time
from contextlib import closing
from uuid import uuid4

import pytest
from django.core.management import call_command

from search import engines
from search.clauses import EngineRequest
from search.documents.base import SearchDocument
from search.engines import engine
from search.engines.base import VectorisedDocument
from search.errors import EngineBusy, EngineTimeout, SearchUnavailable
from search.request import Kind, SearchRequest
from search.retrieval import search
from tests.search.engines.conftest import RECIPE, serve
from tests.search.factories import make_training
from tests.search.site import CHANGE, CHANGES, WORKER, Site, kill, wait_until

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch, pytest.mark.timeout(900)]
EVERYTHING = EngineRequest(today=1)


@pytest.fixture
def own_engine(own_server, settings, tmp_path):
    """The site's engine, on a server of its own with one node."""
    use(own_server, settings, own_server.start())
    yield engine("elasticsearch")
    engines.engine.cache_clear()


def use(server, settings, environment) -> None:
    settings.SEARCH_ENGINE = "elasticsearch"
    settings.ELASTICSEARCH_URL = server.urls
    settings.ELASTICSEARCH_INDEX_PREFIX = f"drill-{uuid4().hex}"
    settings.ELASTICSEARCH_SEARCH_SECONDS = 30
    engines.engine.cache_clear()


def documents(count: int) -> list[VectorisedDocument]:
    return [VectorisedDocument(SearchDocument(f"t-{n}", f"Titre {n}")) for n in range(count)]


def test_a_server_killed_during_changes_and_a_rebuild_loses_nothing(own_server, db, tmp_path):
    own_server.start()
    site = Site(
        tmp_path,
        {
            **own_server.environment,
            "SEARCH_ENGINE": "elasticsearch",
            "ELASTICSEARCH_INDEX_PREFIX": "drill",
        },
    )
    site.fill()
    site.run("search_index", "rebuild")
    site.shell(CHANGE)
    before = site.waiting
    assert before > CHANGES

    rebuild = site.start("search_index", "rebuild")
    with closing(own_server.connection().open()) as server:
        wait_until(lambda: len(server.indices.get(index="drill-generation-*")) == 2 * len(Kind), rebuild)
    worker = site.start(*WORKER)
    wait_until(lambda: site.waiting < before, worker)
    own_server.kill(1)
    said = rebuild.communicate(timeout=200)[1]
    assert rebuild.returncode == 2
    assert "Elasticsearch" in said
    assert "Traceback" not in said
    left = site.waiting
    assert 0 < left < before, "killed in the middle"
    own_server.start_node(1)
    kill(worker)

    site.run("search_index", "sync")
    assert site.waiting == 0
    status = json.loads(site.run("search_index", "status", "--json"))
    live = next(one["name"] for one in status["generations"] if one["state"] == "live")
    site.run("search_index", "verify", "--full", "--generation", live)
    # What the killed rebuild left is taken up again by the next one, or replaced.
    site.run("search_index", "rebuild")
    site.run("search_index", "verify", "--full")


def test_without_its_server_the_site_answers_within_two_seconds_and_says_so(
    own_server, own_engine, settings, client
):
    make_training("a", "Chromatographie préparative")
    for name in ("elasticsearch", "embedded"):
        call_command("search_index", "rebuild", engine=name, verbosity=0, stdout=Silent(), stderr=Silent())
    address = "/recherche/?q=chromatographie"
    assert "index de secours" not in client.get(address).content.decode()

    settings.ELASTICSEARCH_SEARCH_SECONDS = 0.6
    engines.engine.cache_clear()
    for stop, start in ((hang, wake), (die, None)):
        stop(own_server)
        began = time.monotonic()
        page = client.get(address).content.decode()
        assert time.monotonic() - began < 2
        assert "Chromatographie préparative" in page
        assert "index de secours" in page
        health = client.get("/sante/").json()
        assert health["search_engine"]["name"] == "elasticsearch"
        assert health["search_engine"]["state"] == "en panne"
        assert health["standby_index"]["state"] == "ok"
        if start:
            start(own_server)
            engines.engine.cache_clear()
            wait_for_answer()


class Silent:
    def write(self, text: str) -> None:
        pass


def node_pid(server) -> int:
    return int((server.home / "node1" / "pid").read_text())


def hang(server) -> None:
    os.kill(node_pid(server), signal.SIGSTOP)


def wake(server) -> None:
    os.kill(node_pid(server), signal.SIGCONT)


def die(server) -> None:
    server.kill(1)


def wait_for_answer() -> None:
    for _ in range(100):
        try:
            engine("elasticsearch").generations()
            return
        except SearchUnavailable:
            time.sleep(0.1)


@pytest.mark.any_database
def test_a_server_that_hangs_or_is_full_is_named(own_server, own_engine, settings):
    generation = serve(own_engine, {Kind.TRAININGS: documents(3)})
    settings.ELASTICSEARCH_SEARCH_SECONDS = 0.6
    engines.engine.cache_clear()
    quick = engine("elasticsearch")
    assert len(quick.retrieve(Kind.TRAININGS, EVERYTHING).lexical) == 3
    hang(own_server)
    with pytest.raises(EngineTimeout, match="à temps"):
        quick.retrieve(Kind.TRAININGS, EVERYTHING)
    wake(own_server)

    def limit_requests(size: str | None) -> None:
        own_engine.client.cluster.put_settings(persistent={"network.breaker.inflight_requests.limit": size})

    limit_requests("2kb")
    with pytest.raises(EngineBusy, match="429"):
        own_engine.write(generation, Kind.TRAININGS, documents(100))
    limit_requests(None)
    assert own_engine.write(generation, Kind.TRAININGS, documents(100)) == 100


@pytest.mark.any_database
def test_a_cluster_that_loses_a_node_goes_on(own_server, settings):
    settings.ELASTICSEARCH_REPLICAS = 1
    use(own_server, settings, own_server.start(nodes=3))
    chosen = engine("elasticsearch")
    generation = serve(chosen, {Kind.TRAININGS: documents(200)})
    chosen.client.cluster.health(wait_for_status="green", timeout="60s")
    own_server.kill(2)
    ends = time.monotonic() + 20
    answers = 0
    while time.monotonic() < ends and answers < 20:
        answer = chosen.retrieve(Kind.TRAININGS, EVERYTHING)
        assert answer.total == 200
        answers += 1
    assert chosen.write(generation, Kind.TRAININGS, [*documents(205)][200:]) == 5
    assert len(chosen.digests(generation, Kind.TRAININGS)) == 205
    own_server.start_node(2)
    chosen.client.cluster.health(wait_for_status="green", timeout="60s")
    assert len(chosen.digests(generation, Kind.TRAININGS)) == 205
    engines.engine.cache_clear()


def test_changes_made_during_a_rebuild_reach_both_generations(own_engine):
    from search.outbox import drain

    call_command("search_index", "rebuild", verbosity=0, stdout=Silent(), stderr=Silent())
    building = own_engine.create({**RECIPE, "analysis": own_engine.analysis()})
    make_training("during", "Pendant la reconstruction")
    drain()
    live = next(info.name for info in own_engine.generations() if info.state == "live")
    for generation in (live, building):
        assert "during" in own_engine.digests(generation, Kind.TRAININGS)
    assert [one.code for one in search(SearchRequest(Kind.TRAININGS, "reconstruction")).results] == ["during"]
