"""Real Elasticsearch servers for tests: the one that ELASTICSEARCH_URL names, and those that a drill starts and kills.

One rule: what a test made is gone after it, whatever it did: its indices, its servers, their folders.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch
from filelock import FileLock, Timeout

from search import engines
from search.engines.elasticsearch.client import Connection

NO_SERVER = """\
ELASTICSEARCH_URL ne nomme aucun serveur. Lancez-en un puis recommencez dans le même terminal :
  eval "$(../shared/elasticsearch/server start)"
ou, sans ce dossier :
  docker run --rm --detach --publish 127.0.0.1:9200:9200 --env discovery.type=single-node \
--env xpack.security.enabled=false docker.elastic.co/elasticsearch/elasticsearch:8.19.3
  export ELASTICSEARCH_URL=http://localhost:9200"""
NO_SCRIPT = """\
ELASTICSEARCH_TEST_SERVER ne nomme pas le script qui lance les serveurs de ces essais :
  export ELASTICSEARCH_TEST_SERVER="$(realpath ../shared/elasticsearch/server)\""""

# Below the ports that the system gives to outgoing connections, which would take one between two lives of a node.
PORTS = range(20_000, 30_000, 200)
MOST_NODES = 10
SECONDS_TO_END = 20.0
TRANSPORT = 100  # what the script adds to a node's port for the talk between nodes


def skip_or_fail(reason: str) -> NoReturn:
    """A laptop may lack a server; in CI a check that did not run must not look like one that passed."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """The server that tests share. Use `elasticsearch_prefix` to have names of one's own on it."""
    return os.environ.get("ELASTICSEARCH_URL") or skip_or_fail(NO_SERVER)


@pytest.fixture
def elasticsearch_prefix(elasticsearch_url, settings) -> Iterator[str]:
    """A prefix that no other test has; every index that carries it is deleted after the test."""
    prefix = settings.ELASTICSEARCH_INDEX_PREFIX = f"test-{uuid4().hex}"
    engines.engine.cache_clear()
    connection = engines.engine(
        "elasticsearch"
    ).connection  # now: the test may name a server that does not answer
    yield prefix
    engines.engine.cache_clear()
    with closing(connection.open()) as client:
        delete_indices(client, prefix)


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def each_engine(request, settings) -> str:
    """The test runs once with each engine as the configured one."""
    if request.param == "elasticsearch":
        request.getfixturevalue("elasticsearch_prefix")
    settings.SEARCH_ENGINE = request.param
    return request.param


def delete_indices(client: Elasticsearch, prefix: str) -> list[str]:
    """List, then delete by name: a wildcard in a delete could take what others have on the same server."""
    listed = client.indices.get_settings(index=f"{prefix}-*", expand_wildcards="all")
    names = sorted(name for name in listed if name.startswith(f"{prefix}-"))
    for name in names:
        client.options(ignore_status=404).indices.delete(index=name)
    return names


@pytest.fixture(scope="session")
def elasticsearch_server_script() -> Path:
    """The script that starts servers for `OwnServer`."""
    named = os.environ.get("ELASTICSEARCH_TEST_SERVER")
    if not named or not Path(named).is_file():
        skip_or_fail(NO_SCRIPT)
    return Path(named).resolve()


@pytest.fixture
def own_server(elasticsearch_server_script) -> Iterator["OwnServer"]:
    """A server that the test starts as it likes, and may kill."""
    with OwnServer(elasticsearch_server_script) as server:
        yield server


class OwnServer:
    """A server of the script (one node or several), with its own folder and ports. Leaving the context leaves nothing of it."""

    def __init__(self, script: Path) -> None:
        self.script = script
        self.environment: dict[str, str] = {}
        self.nodes = 0
        self._groups: list[int] = []
        self._leaving = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            # Not pytest's `tmp_path`, which is closed to the account `nobody` that the server runs under when we are root.
            self.home = Path(tempfile.mkdtemp(prefix="biofiliere-elasticsearch-"))
            stack.callback(shutil.rmtree, self.home)
            self.home.chmod(0o755)
            self.port = stack.enter_context(free_ports())
            stack.callback(self.clean)
            self._leaving = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.close()

    def start(self, secure: bool = False, nodes: int = 1, heap: str = "512m") -> dict[str, str]:
        """Start every node and wait until they answer. Returns `environment`: what the script says to export."""
        assert nodes <= MOST_NODES
        options = ["--port", str(self.port), "--nodes", str(nodes), "--heap", heap]
        printed = self._run("start", *options, *(["--secure"] if secure else []))
        exports = (
            line.removeprefix("export ") for line in printed.splitlines() if line.startswith("export ")
        )
        self.environment = dict(line.split("=", 1) for line in exports)
        self.nodes = nodes
        return self.environment

    @property
    def urls(self) -> list[str]:
        """The address of every node; `environment` names the first alone."""
        scheme = urlsplit(self.environment["ELASTICSEARCH_URL"]).scheme
        return [f"{scheme}://localhost:{self.port + node}" for node in range(self.nodes)]

    def connection(self, **changes: object) -> Connection:
        """A connection as the script's superuser to every node; `changes` replace fields of it."""
        given = {
            "urls": tuple(self.urls),
            "username": self.environment.get("ELASTICSEARCH_USERNAME", ""),
            "password": self.environment.get("ELASTICSEARCH_PASSWORD", ""),
            "ca_certs": self.environment.get("ELASTICSEARCH_CA_CERTS", ""),
        }
        return Connection(**{**given, **changes})

    def kill(self, node: int) -> None:
        """`kill -9`, as a machine that loses its power. Nodes are counted from 1."""
        self._run("kill", str(node))

    def start_node(self, node: int) -> None:
        """Start a node again on its own data, and wait until every node of the cluster answers."""
        self._run("start-node", str(node))

    def stop(self) -> None:
        """Stop every node; the data stays for the next `start`, which must ask for as many nodes."""
        try:
            self._run("stop")
        finally:
            self._end_what_is_left()

    def clean(self) -> None:
        """Stop every node and delete the data."""
        self.stop()
        self._run("clean")

    def _run(self, *arguments: str) -> str:
        """Run the script in a process group of its own, so that nothing it starts can escape `_end_what_is_left`."""
        environment = {**os.environ, "ES_TEST_HOME": str(self.home)}
        with subprocess.Popen(
            [self.script, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        ) as process:
            self._groups.append(process.pid)
            try:
                printed, complaint = process.communicate()
            except BaseException:  # a test's time is up: the script would go on waiting for the server
                kill_group(process.pid)
                raise
        assert process.returncode == 0, f"« {self.script.name} {' '.join(arguments)} » : {complaint}"
        return printed

    def _end_what_is_left(self) -> None:
        """Wait for nodes without a pid file: a node deletes it before its last writes, and the script looks no further.

        Then kill what has not ended, such as a node that had not written that file yet when it was to be stopped.
        """
        ends = time.monotonic() + SECONDS_TO_END
        while (left := [group for group in self._groups if is_running(group)]) and time.monotonic() < ends:
            time.sleep(0.1)
        for group in left:
            kill_group(group)
        self._groups.clear()


def is_running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def kill_group(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


@contextmanager
def free_ports() -> Iterator[int]:
    """The first port of a block that nobody uses, held by a lock.

    Ports that were only looked at would be free to every worker until a server, seconds later, takes them.
    """
    folder = Path(tempfile.gettempdir()) / f"biofiliere-test-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    for first in PORTS:
        lock = FileLock(folder / f"{first}.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            continue
        try:
            if all(is_free(first + plus + node) for plus in (0, TRANSPORT) for node in range(MOST_NODES)):
                yield first
                return
        finally:
            lock.release()
    pytest.fail(f"Aucun bloc de ports n'est libre entre {PORTS.start} et {PORTS.stop}.")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
