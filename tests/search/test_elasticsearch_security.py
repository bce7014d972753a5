"""What the two roles of `search/engines/elasticsearch/roles/` allow and refuse, and how a connection that is refused says so.

One rule: rights are tried against a server that checks them, over TLS, once as an account and once as an API key.
"""

import io
import json
import os
import subprocess
import traceback
from contextlib import closing
from pathlib import Path
from secrets import token_hex

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from search import engines
from search.clauses import EngineRequest
from search.engines.elasticsearch import client as engine_client
from search.engines.elasticsearch.client import named_failures
from search.errors import EngineRefused, SearchUnavailable
from search.outbox import drain
from search.request import Kind, Mode, SearchRequest, SortKey
from search.retrieval import search
from tests.elasticsearch_server import OwnServer, delete_indices
from tests.search.factories import in_days, make_training

pytestmark = [pytest.mark.elasticsearch, pytest.mark.any_database]

ROLES = {
    path.stem: json.loads(path.read_text())
    for path in (Path(engine_client.__file__).parent / "roles").glob("*.json")
}
LIVE, ALIAS, FOREIGN = "biofiliere-tried-1", "biofiliere-tried", "another-catalogue"
DOCUMENTS = [{"index": {"_index": LIVE, "_id": "a"}}, {"title": "Remplissage aseptique"}]


# For the session: tests of a database are moved before the others, and a module that is left is set up again.
@pytest.fixture(scope="session")
def secure_server(elasticsearch_server_script):
    with OwnServer(elasticsearch_server_script) as own:
        own.start(secure=True)
        yield own


@pytest.fixture(scope="session")
def admin(secure_server):
    with closing(secure_server.connection().open()) as client:
        client.indices.create(index=FOREIGN)
        for name, role in ROLES.items():
            client.security.put_role(name=name, **role)
        yield client


@pytest.fixture(scope="session")
def credentials(admin):
    """Of each role, what an account and an API key give to `Connection`."""
    given = {}
    for name, role in ROLES.items():
        password = token_hex()
        admin.security.put_user(username=f"{name}-test", password=password, roles=[name])
        key = admin.security.create_api_key(name=name, role_descriptors={name: role})["encoded"]
        given[name, "account"] = {"username": f"{name}-test", "password": password}
        given[name, "key"] = {"username": "", "password": "", "api_key": key}
    return given


@pytest.fixture(params=["account", "key"])
def connect(request, secure_server, credentials):
    """A client with the rights of a role; every answer that is an error is raised as our condition."""
    clients = []

    def run(role: str):
        clients.append(secure_server.connection(**credentials[role, request.param]).open())
        return clients[-1]

    yield run
    for client in clients:
        client.close()


@pytest.fixture(scope="session")
def live_index(admin):
    """What no test may change, for all of them."""
    admin.indices.create(index=LIVE, aliases={ALIAS: {}})
    admin.bulk(operations=DOCUMENTS, refresh=True)
    return LIVE


def test_the_index_role_does_all_that_a_rebuild_does(connect, admin):
    client = connect("biofiliere-index")
    new, old = "biofiliere-rebuilt-2", "biofiliere-rebuilt-1"
    for name in (old, new):
        client.indices.create(index=name, mappings={"properties": {"title": {"type": "text"}}})
        client.indices.put_mapping(index=name, meta={"state": "ready"})
    client.indices.put_alias(index=old, name="biofiliere-rebuilt")
    moved = [
        {"remove": {"index": old, "alias": "biofiliere-rebuilt"}},
        {"add": {"index": new, "alias": "biofiliere-rebuilt"}},
    ]
    client.indices.update_aliases(actions=moved)
    operations = [{"index": {"_index": "biofiliere-rebuilt", "_id": "a"}}, {"title": "Opératrice"}]
    assert not client.bulk(operations=operations, require_alias=True)["errors"]
    client.bulk(operations=[{"delete": {"_index": new, "_id": "b"}}])
    client.indices.refresh(index=new)
    assert found_by(client, "biofiliere-rebuilt") == ["a"]
    for read in (client.indices.get_alias, client.indices.get_mapping, client.indices.get_settings):
        assert set(read(index="biofiliere-rebuilt-*")) == {old, new}
    assert set(client.indices.stats(index="biofiliere-rebuilt-*")["indices"]) == {old, new}
    assert client.cluster.health()["status"] in {"green", "yellow"}
    for name in (old, new):
        client.indices.delete(index=name)
    assert not admin.indices.get_alias(index="biofiliere-rebuilt-*").body


def found_by(client, index: str) -> list[str]:
    """What `msearch` finds, then the same through a point in time."""
    answer = client.msearch(searches=[{"index": index}, {"query": {"match_all": {}}}])["responses"][0]
    assert answer["status"] == 200, answer
    codes = [hit["_id"] for hit in answer["hits"]["hits"]]
    opened = client.open_point_in_time(index=index, keep_alive="10s")["id"]
    seen = client.search(pit={"id": opened, "keep_alive": "10s"}, query={"match_all": {}})
    assert client.close_point_in_time(id=seen["pit_id"])["succeeded"]
    assert [hit["_id"] for hit in seen["hits"]["hits"]] == codes
    return codes


def test_the_search_role_reads_its_indices(connect, live_index):
    client = connect("biofiliere-search")
    assert found_by(client, ALIAS) == ["a"]
    for read in (client.indices.get_alias, client.indices.get_mapping, client.indices.get_settings):
        assert set(read(index="biofiliere-tried-*")) == {live_index}


CHANGES = {
    "write": lambda client: client.index(index=LIVE, document={"title": "x"}),
    "bulk": lambda client: client.bulk(operations=DOCUMENTS),
    "delete a document": lambda client: client.delete(index=LIVE, id="a"),
    "create": lambda client: client.indices.create(index="biofiliere-new"),
    "delete": lambda client: client.indices.delete(index=LIVE),
    "alias": lambda client: client.indices.put_alias(index=LIVE, name="biofiliere-other"),
    "mapping": lambda client: client.indices.put_mapping(index=LIVE, meta={"state": "live"}),
    "settings": lambda client: client.indices.put_settings(index=LIVE, settings={"refresh_interval": "1s"}),
    "close": lambda client: client.indices.close(index=LIVE),
}
OTHERS_INDICES = {
    "read another's": lambda client: client.search(index=FOREIGN),
    "keep another's open": lambda client: client.open_point_in_time(index=FOREIGN, keep_alive="10s"),
    "write to another's": lambda client: client.index(index=FOREIGN, document={"title": "x"}),
    "create another's": lambda client: client.indices.create(index="another-new"),
    "delete another's": lambda client: client.indices.delete(index=FOREIGN),
    "alias another's": lambda client: client.indices.put_alias(index=FOREIGN, name="biofiliere-other"),
    "take another's name": lambda client: client.indices.put_alias(index=LIVE, name="another-alias"),
    "settings of the cluster": lambda client: client.cluster.put_settings(
        persistent={"action.destructive_requires_name": False}
    ),
    "template": lambda client: client.indices.put_index_template(name="all", index_patterns=["*"]),
}
SECURITY = {
    "list accounts": lambda client: client.security.get_user(username="elastic"),
    "make an account": lambda client: client.security.put_user(
        username="mallory", password="mallory-mallory", roles=["superuser"]
    ),
    "widen its role": lambda client: client.security.put_role(name="biofiliere-search", cluster=["all"]),
    "make a key": lambda client: client.security.create_api_key(name="mallory"),
    "change a password": lambda client: client.security.change_password(
        username="elastic", password="mallory-mallory"
    ),
}


@pytest.mark.parametrize("what", [*CHANGES, *OTHERS_INDICES, *SECURITY])
def test_the_search_role_is_refused(connect, live_index, what):
    attempt = {**CHANGES, **OTHERS_INDICES, **SECURITY}[what]
    with pytest.raises(EngineRefused, match="refuse l'accès"), named_failures("localhost"):
        attempt(connect("biofiliere-search"))


@pytest.mark.parametrize("what", [*OTHERS_INDICES, *SECURITY])
def test_the_index_role_is_refused(connect, live_index, what):
    attempt = {**OTHERS_INDICES, **SECURITY}[what]
    with pytest.raises(EngineRefused, match="refuse l'accès"), named_failures("localhost"):
        attempt(connect("biofiliere-index"))


def test_a_bulk_to_another_index_is_refused_document_by_document(connect, admin):
    """Elasticsearch answers 200 to a bulk of an account that may write somewhere: a writer must read each item's status."""
    answer = connect("biofiliere-index").bulk(
        operations=[{"index": {"_index": FOREIGN, "_id": "b"}}, {"title": "x"}]
    )
    assert [item["index"]["status"] for item in answer["items"]] == [403]
    assert not admin.exists(index=FOREIGN, id="b")


def test_a_wildcard_shows_nothing_of_others(connect, live_index):
    seen = set(connect("biofiliere-search").indices.get_mapping(index="*"))
    assert live_index in seen
    assert FOREIGN not in seen


def refusal(connection) -> str:
    """The message of the refusal, after checking that no secret is in it nor in what a log would keep of it."""
    with (
        pytest.raises(EngineRefused) as caught,
        closing(connection.open()) as client,
        named_failures(connection.servers),
    ):
        client.search(index=ALIAS)
    logged = "".join(traceback.format_exception(caught.value))
    for secret in (connection.password, connection.api_key):
        assert not secret or secret not in logged
    return str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "not-the-password"},
        {"username": "nobody"},
        {"api_key": "bm90OmEta2V5LWF0LWFsbA=="},
        {"username": "", "password": ""},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_wrong_credentials_are_refused_without_a_secret(secure_server, wrong):
    assert "vérifiez la clé ou le compte" in refusal(secure_server.connection(**wrong))


def test_a_server_of_another_authority_is_refused(secure_server, tmp_path):
    subject = ["-subj", "/CN=another-authority"]
    made = ["-keyout", tmp_path / "ca.key", "-out", tmp_path / "ca.crt"]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, *made],
        check=True,
        capture_output=True,
    )
    assert "ELASTICSEARCH_CA_CERTS" in refusal(secure_server.connection(ca_certs=str(tmp_path / "ca.crt")))


def test_a_server_whose_authority_is_not_named_is_refused(secure_server):
    assert "ELASTICSEARCH_CA_CERTS" in refusal(secure_server.connection(ca_certs=""))


@pytest.mark.parametrize(
    "wrong",
    [{"ca_certs": "/absent/authority.crt"}, {"ca_certs": "", "scheme": "http:"}],
    ids=["no file", "no TLS"],
)
def test_a_connection_that_is_wrongly_set_has_a_name_and_keeps_the_secret(secure_server, wrong):
    urls = tuple(url.replace("https:", wrong.get("scheme", "https:")) for url in secure_server.urls)
    connection = secure_server.connection(urls=urls, ca_certs=wrong["ca_certs"])
    with (
        pytest.raises(SearchUnavailable) as caught,
        closing(connection.open()) as client,
        named_failures(connection.servers),
    ):
        client.search(index=ALIAS)
    assert connection.password not in "".join(traceback.format_exception(caught.value))


def make_accounts(secure_server, **passwords: str) -> subprocess.CompletedProcess[str]:
    """The script that `compose.yaml` runs before the site's setup."""
    environment = {
        "PATH": os.environ["PATH"],
        "ELASTICSEARCH_URL": secure_server.urls[0],
        "ELASTICSEARCH_CA_CERTS": secure_server.environment["ELASTICSEARCH_CA_CERTS"],
        "ELASTIC_PASSWORD": secure_server.environment["ELASTICSEARCH_PASSWORD"],
        **passwords,
    }
    script = Path(settings.BASE_DIR) / "deploy" / "elasticsearch_accounts.sh"
    return subprocess.run([script], env=environment, capture_output=True, text=True, check=False)


def test_the_script_of_accounts_sets_them_and_the_second_time_their_new_passwords(secure_server, live_index):
    for _ in range(2):
        reading, writing = token_hex(), token_hex()
        made = make_accounts(
            secure_server, ELASTICSEARCH_SEARCH_PASSWORD=reading, ELASTICSEARCH_INDEX_PASSWORD=writing
        )
        assert made.returncode == 0, made.stderr
        assert reading not in made.stdout + made.stderr
        with closing(
            secure_server.connection(username="biofiliere-search", password=reading).open()
        ) as client:
            assert client.count(index=ALIAS)["count"] == 1
            with pytest.raises(EngineRefused), named_failures("localhost"):
                client.indices.delete(index=live_index)
        with closing(
            secure_server.connection(username="biofiliere-index", password=writing).open()
        ) as client:
            assert client.cluster.health()["status"] in {"green", "yellow"}


@pytest.mark.parametrize("bad", ["", "short", 'a"quote"inside', "a space inside", "back\\slash"])
def test_the_script_of_accounts_refuses_a_password_that_would_not_travel_whole(secure_server, bad):
    made = make_accounts(
        secure_server, ELASTICSEARCH_SEARCH_PASSWORD=token_hex(), ELASTICSEARCH_INDEX_PASSWORD=bad
    )
    assert made.returncode == 1
    assert "ELASTICSEARCH_INDEX_PASSWORD" in made.stderr


@pytest.fixture
def acting_as(secure_server, credentials, settings):
    """Give the product itself the credentials of a role, as the environment of its process does."""

    def run(role: str, how: str) -> None:
        connection = secure_server.connection(**credentials[role, how])
        settings.SEARCH_ENGINE = "elasticsearch"
        settings.ELASTICSEARCH_URL = list(connection.urls)
        settings.ELASTICSEARCH_API_KEY = connection.api_key
        settings.ELASTICSEARCH_USERNAME = connection.username
        settings.ELASTICSEARCH_PASSWORD = connection.password
        settings.ELASTICSEARCH_CA_CERTS = connection.ca_certs
        settings.ELASTICSEARCH_INDEX_PREFIX = "biofiliere"
        engines.engine.cache_clear()

    return run


@pytest.fixture
def no_generation(admin):
    yield
    delete_indices(admin, "biofiliere-generation")


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["account", "key"])
def test_the_engine_needs_no_other_right_than_those_of_its_role(acting_as, no_generation, how):
    """A whole life of generations as the worker, every kind of reading as the web process, which cannot rebuild."""
    acting_as("biofiliere-index", how)
    make_training("a", "Chromatographie")
    for _ in range(3):  # the third prunes the first
        index_command("rebuild")
    index_command("rollback")
    make_training("b", "Lyophilisation")
    drain()
    index_command("verify")

    acting_as("biofiliere-search", how)
    for asked in (
        SearchRequest(Kind.TRAININGS, "lyophilisation", mode=Mode.LEXICAL),
        SearchRequest(Kind.TRAININGS, sort=SortKey.PRICE),
    ):
        assert "b" in {result.code for result in search(asked).results}
    assert set(engines.engine().harvest(Kind.TRAININGS, EngineRequest(today=in_days(0).toordinal()), [])) == {
        "a",
        "b",
    }
    assert json.loads(index_command("status", "--json"))["generations"]
    with pytest.raises(CommandError, match="refuse l'accès"):
        index_command("rebuild")


@pytest.mark.django_db
def test_a_search_whose_credentials_are_refused_says_so_and_not_that_nothing_was_built(acting_as, settings):
    acting_as("biofiliere-search", "account")
    settings.ELASTICSEARCH_PASSWORD = "not-the-password"
    engines.engine.cache_clear()
    with pytest.raises(EngineRefused):
        search(SearchRequest(Kind.TRAININGS, "lyophilisation"))


def index_command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("search_index", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()
