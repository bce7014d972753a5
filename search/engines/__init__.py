"""The engines, behind one narrow interface (`search.engines.base.Engine`)."""

from functools import cache

from django.conf import settings

from search.engines.base import Engine

ENGINES = ("embedded",)


@cache
def engine(name: str = "") -> Engine:
    """The engine of that name; of `settings.SEARCH_ENGINE` when none is given."""
    chosen = name or settings.SEARCH_ENGINE
    if chosen == "embedded":
        from search.engines.embedded.engine import EmbeddedEngine

        return EmbeddedEngine(settings.SEARCH_INDEX_DIR)
    raise ValueError(f"Moteur de recherche inconnu : « {chosen} ». Moteurs : {', '.join(ENGINES)}.")
