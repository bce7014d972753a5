"""Settings of search that cannot work are told before anything runs."""

import pytest

from search.checks import check_engine


@pytest.mark.parametrize(
    ("engine", "urls", "told"),
    [
        ("embedded", [], []),
        ("elasticsearch", ["http://localhost:9200"], []),
        ("elasticsearch", [], ["search.E002"]),
        ("solr", [], ["search.E001"]),
    ],
)
def test_engine(settings, engine, urls, told):
    settings.SEARCH_ENGINE, settings.ELASTICSEARCH_URL = engine, urls
    assert [message.id for message in check_engine()] == told
