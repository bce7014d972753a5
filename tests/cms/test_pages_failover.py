"""What people see when the search engine is down: an index of secours, or the database, and always a page in time."""

import shutil
import time

import pytest

from search.engines import engine
from search.errors import (
    EngineBusy,
    EngineRefused,
    EngineTimeout,
    IndexMissing,
    IndexUnfit,
    SearchUnavailable,
)
from search.models import MAX_ATTEMPTS, OutboxEntry

SECOURS = "répond avec un index de secours"
PAGES = (
    "/recherche/?q=bioréacteur",
    "/formations/?q=bioréacteur",
    "/metiers/culture/",
    "/besoins/besoin-1/",
)


def html_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def my_skills(client) -> str:
    return client.post("/mes-competences/", {"texte": "Je connais les BPF."}).content.decode()


def test_every_page_answers_from_the_standby_index_and_says_so_once(client, distant):
    for address in PAGES:
        assert SECOURS not in html_of(client, address)
    distant.error = EngineTimeout("muet")
    for address in PAGES:
        html = html_of(client, address)
        assert html.count(SECOURS) == 1, address
        assert 'href="/formations/bioreacteur-1/"' in html, address
    html = my_skills(client)
    assert html.count(SECOURS) == 1
    assert 'href="/metiers/culture/"' in html


def test_without_a_standby_index_every_page_answers_from_the_database(client, distant):
    shutil.rmtree(engine("embedded").folder)
    distant.error = EngineTimeout("muet")
    for address in PAGES[:2]:
        assert "momentanément réduite" in html_of(client, address)
    for address in PAGES[2:]:
        assert "viennent directement de la base" in html_of(client, address)
    assert "viennent directement de la base" in my_skills(client)


@pytest.mark.parametrize("has_standby", [True, False])
def test_a_whole_search_page_takes_less_than_two_seconds_of_a_dead_engine(client, distant, has_standby):
    html_of(client, PAGES[0])  # what is read once a process is read
    if not has_standby:
        shutil.rmtree(engine("embedded").folder)
    distant.error, distant.delay = EngineTimeout("muet"), 0.9
    before, start = distant.calls, time.monotonic()
    html_of(client, PAGES[0])
    assert distant.calls - before == 1, "three kinds are asked for, the dead engine once"
    assert time.monotonic() - start < 2


# --- The health page


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EngineTimeout, "à temps"),
        (EngineBusy, "saturé"),
        (EngineRefused, "refuse l'accès"),
        (IndexMissing, "search_index rebuild"),
        (IndexUnfit, "search_index rebuild"),
        (SearchUnavailable, "ne répond pas"),
        (ValueError, "mal réglé"),
    ],
)
def test_health_page_tells_which_part_is_down_and_why_without_a_secret(client, distant, error, words):
    distant.error = error("https://elastic:motdepasse@serveur-interne:9200")
    response = client.get("/sante/")
    assert response.status_code == 200
    state = response.json()
    assert state["search_engine"]["name"] == "distant"
    assert state["search_engine"]["state"] == "en panne"
    assert words in state["search_engine"]["reason"]
    assert state["standby_index"]["state"] == state["database"] == "ok"
    assert state["search_index"] == "secours"
    assert "serveur-interne" not in response.content.decode()


def test_health_page_does_not_wait_for_an_engine_that_hangs(client, distant, monkeypatch):
    monkeypatch.setattr("cms.views.health.PROBE_SECONDS", 0.2)
    distant.error, distant.delay = EngineTimeout("muet"), 1.5
    before = distant.calls
    for _ in range(3):
        start = time.monotonic()
        assert "toujours pas" in client.get("/sante/").json()["search_engine"]["reason"]
        assert time.monotonic() - start < 1
    assert distant.calls - before == 1, "questions do not pile up"


def test_health_page_counts_what_waits_and_what_was_set_aside(client, distant):
    OutboxEntry.objects.all().delete()
    state = client.get("/sante/").json()
    assert (state["search_engine"]["state"], state["outbox"]["state"], state["search_index"]) == ("ok",) * 3
    assert state["model"]["state"] == "absent"
    OutboxEntry.objects.create(kind="skills", code="gmp", created_at="2026-01-01T00:00:00Z")
    state = client.get("/sante/").json()["outbox"]
    assert (state["state"], state["pending"], state["dead"]) == ("en retard", 1, 0)
    assert state["oldest_seconds"] > 3_600
    OutboxEntry.objects.update(is_dead=True, attempts=MAX_ATTEMPTS)
    state = client.get("/sante/").json()["outbox"]
    assert (state["state"], state["pending"], state["dead"]) == ("en panne", 0, 1)
