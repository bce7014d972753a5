"""The named conditions under which search cannot answer as asked."""


class SearchUnavailable(Exception):
    """No index can answer: it was never built, or the engine is away. Callers degrade and say so."""


class EngineTimeout(SearchUnavailable):
    """The engine did not answer within the time that a search may take."""


class EngineBusy(SearchUnavailable):
    """The engine's queue is full. Trying again a little later is enough."""


class EngineRefused(SearchUnavailable):
    """The engine does not let us in, or not do that: account, key, certificate or rights."""


class IndexMissing(SearchUnavailable):
    """No index of that name, or none is live: it must be built."""


class IndexUnfit(SearchUnavailable):
    """The index that is live is not what it should be: half built, or with another mapping. It must be rebuilt."""


class DocumentsRejected(Exception):
    """The engine refused some documents; the others of the same call are written. `reasons` is by code."""

    def __init__(self, reasons: dict[str, str]) -> None:
        self.reasons = reasons
        shown = " ; ".join(f"{code} : {reason}" for code, reason in list(reasons.items())[:3])
        super().__init__(f"{len(reasons)} document(s) refusé(s) par le moteur de recherche ({shown}).")


class EmbeddingUnavailable(Exception):
    """The model cannot be loaded or cannot encode. Callers search lexically and say so."""


class IndexBusy(Exception):
    """Another rebuild holds the lock. Wait for it, or stop it."""


class UnknownGeneration(Exception):
    """No generation has that name, or none is in the state that the command needs."""


class VerificationFailed(Exception):
    """The built index does not agree with the database; it is not promoted."""


class LinkingUnavailable(Exception):
    """Titles cannot be compared with labels: a library or a model is missing, or there is nothing to compare."""
