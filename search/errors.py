"""The named conditions under which search cannot answer as asked."""


class SearchUnavailable(Exception):
    """No index can answer: it was never built, or the engine is away. Callers degrade and say so."""


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
