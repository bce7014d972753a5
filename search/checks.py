"""What Django checks of search's settings before any command runs or the site starts."""

from collections.abc import Iterable

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from search.engines import ENGINES


@register()
def check_engine(**kwargs: object) -> Iterable[CheckMessage]:
    if settings.SEARCH_ENGINE not in ENGINES:
        return [
            Error(
                f"SEARCH_ENGINE : moteur de recherche inconnu, « {settings.SEARCH_ENGINE} ».",
                hint=f"Moteurs : {', '.join(ENGINES)}.",
                id="search.E001",
            )
        ]
    if settings.SEARCH_ENGINE == "elasticsearch" and not settings.ELASTICSEARCH_URL:
        return [
            Error(
                "SEARCH_ENGINE vaut « elasticsearch » et ELASTICSEARCH_URL ne nomme aucun serveur.",
                hint="Par exemple : ELASTICSEARCH_URL=https://localhost:9200.",
                id="search.E002",
            )
        ]
    return []
