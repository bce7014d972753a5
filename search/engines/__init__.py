"""The engines, behind one narrow interface (`search.engines.base.Engine`)."""

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from search.engines.base import Engine

if TYPE_CHECKING:
    from search.engines.elasticsearch.client import Connection

ENGINES = ("embedded", "elasticsearch")


@cache
def engine(name: str = "") -> Engine:
    """The engine of that name; of `settings.SEARCH_ENGINE` when none is given. Asked for either way, it is one object."""
    if not name and settings.SEARCH_ENGINE:
        return engine(settings.SEARCH_ENGINE)
    if name == "embedded":
        from search.engines.embedded.engine import EmbeddedEngine

        return EmbeddedEngine(settings.SEARCH_INDEX_DIR)
    if name == "elasticsearch":
        from search.engines.elasticsearch.engine import ElasticsearchEngine

        return ElasticsearchEngine(
            _connection(),
            settings.ELASTICSEARCH_INDEX_PREFIX,
            settings.SEARCH_INDEX_DIR / "elasticsearch-locks",
            settings.ELASTICSEARCH_REPLICAS,
        )
    raise ValueError(f"Moteur de recherche inconnu : « {name} ». Moteurs : {', '.join(ENGINES)}.")


def _connection() -> "Connection":
    from search.engines.elasticsearch.client import Connection

    return Connection(
        urls=tuple(settings.ELASTICSEARCH_URL),
        api_key=settings.ELASTICSEARCH_API_KEY,
        username=settings.ELASTICSEARCH_USERNAME,
        password=settings.ELASTICSEARCH_PASSWORD,
        ca_certs=settings.ELASTICSEARCH_CA_CERTS,
        search_seconds=settings.ELASTICSEARCH_SEARCH_SECONDS,
        write_seconds=settings.ELASTICSEARCH_WRITE_SECONDS,
    )
