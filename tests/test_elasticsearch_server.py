"""The servers of tests themselves: a drill can kill and restart a node, and nothing stays behind."""

from contextlib import closing

import pytest

from search.engines import engine
from search.engines.elasticsearch.client import named_failures
from search.errors import SearchUnavailable
from tests.elasticsearch_server import OwnServer, delete_indices, free_ports, is_free

pytestmark = [pytest.mark.elasticsearch, pytest.mark.any_database]


def test_two_blocks_of_ports_are_never_the_same():
    with free_ports() as one, free_ports() as other:
        assert one != other


def test_a_killed_node_comes_back_with_its_data_and_nothing_stays_of_a_drill_that_fails(
    elasticsearch_server_script,
):
    with pytest.raises(DrillFailed), OwnServer(elasticsearch_server_script) as server:
        lose_a_node_then_fail(server)
    assert is_free(server.port)
    assert not server.home.exists()


class DrillFailed(Exception):
    pass


def lose_a_node_then_fail(server: OwnServer) -> None:
    server.start(heap="256m")
    connection = server.connection()
    with closing(connection.open()) as client:
        client.index(index="kept", id="a", document={"title": "Chromatographie"}, refresh=True)
        server.kill(1)
        with pytest.raises(SearchUnavailable), named_failures(connection.servers):
            client.count(index="kept")
        server.start_node(1)
        client.cluster.health(index="kept", wait_for_status="yellow")
        assert client.count(index="kept")["count"] == 1
    raise DrillFailed


def test_only_the_indices_of_the_prefix_are_deleted(elasticsearch_prefix):
    """`test-…x-kept` begins with the same letters and is another's."""
    neighbour = f"{elasticsearch_prefix}x-kept"
    with closing(engine("elasticsearch").connection.open()) as client:
        for name in (f"{elasticsearch_prefix}-jobs-1", f"{elasticsearch_prefix}-jobs-2", neighbour):
            client.indices.create(index=name)
        assert delete_indices(client, elasticsearch_prefix) == [
            f"{elasticsearch_prefix}-jobs-1",
            f"{elasticsearch_prefix}-jobs-2",
        ]
        assert client.indices.exists(index=neighbour)
        client.indices.delete(index=neighbour)
