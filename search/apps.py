"""Documents, the engines, hybrid retrieval and the index's life."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Recherche"

    def ready(self) -> None:
        from search import checks  # noqa: F401 - they register themselves
        from search.signals import connect

        connect()
