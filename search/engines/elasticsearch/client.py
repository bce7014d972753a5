"""The connection to Elasticsearch, and what its failures are called.

One rule: every failure becomes a named condition of `search.errors`, in words that name the server and never a secret.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, Elasticsearch

from search.errors import EngineBusy, EngineRefused, EngineTimeout, IndexMissing, SearchUnavailable

WRONG_HTTP_STATUS = {401, 403}


@dataclass(frozen=True)
class Connection:
    """Where Elasticsearch is and who asks; the seconds that each step of a search may take, and one write."""

    urls: tuple[str, ...]
    api_key: str = ""
    username: str = ""
    password: str = ""
    ca_certs: str = ""
    search_seconds: float = 0.6
    write_seconds: float = 60.0

    def __post_init__(self) -> None:
        if not self.urls:
            raise SearchUnavailable(
                "Aucun serveur Elasticsearch n'est nommé : donnez son adresse dans ELASTICSEARCH_URL."
            )
        if any("@" in url for url in self.urls):
            raise SearchUnavailable(
                "ELASTICSEARCH_URL contient un mot de passe : donnez-le dans ELASTICSEARCH_USERNAME et "
                "ELASTICSEARCH_PASSWORD, ou une clé dans ELASTICSEARCH_API_KEY."
            )

    @property
    def servers(self) -> str:
        """The servers, as a message names them."""
        return ", ".join(urlsplit(url).netloc or url for url in self.urls)

    def open(self) -> Elasticsearch:
        """A client that tries every server once, and none twice: a search that waits is worse than one that says why not."""
        credentials: dict[str, Any] = {}
        if self.api_key:
            credentials["api_key"] = self.api_key
        elif self.username:
            credentials["basic_auth"] = (self.username, self.password)
        if self.ca_certs:
            if not Path(self.ca_certs).is_file():
                raise EngineRefused(
                    f"Le certificat d'autorité {self.ca_certs} (ELASTICSEARCH_CA_CERTS) n'existe pas."
                )
            credentials["ca_certs"] = self.ca_certs
        try:
            return Elasticsearch(
                list(self.urls),
                request_timeout=self.write_seconds,
                max_retries=len(self.urls) - 1,
                retry_on_timeout=False,
                **credentials,
            )
        except (ValueError, TypeError, OSError) as error:
            raise SearchUnavailable(f"La connexion à Elasticsearch est mal réglée : {error}") from error


@contextmanager
def named_failures(servers: str) -> Iterator[None]:
    """Raise the client's failures as the conditions that callers know."""
    try:
        yield
    except ConnectionTimeout as error:
        raise EngineTimeout(f"Elasticsearch ({servers}) n'a pas répondu à temps.") from error
    except TlsError as error:
        raise EngineRefused(
            f"La connexion chiffrée à Elasticsearch ({servers}) est refusée : vérifiez ELASTICSEARCH_CA_CERTS."
        ) from error
    except TransportError as error:
        raise SearchUnavailable(f"Elasticsearch ({servers}) ne répond pas.") from error
    except ApiError as error:
        raise failure(error.status_code, reason_of(error.body)) from error


def failure(status: int, reason: str) -> SearchUnavailable:
    """The condition that an HTTP status and a reason of Elasticsearch stand for."""
    if status == 429:
        return EngineBusy(f"Elasticsearch est saturé (429, {reason}) : réessayez dans quelques secondes.")
    if status in WRONG_HTTP_STATUS:
        return EngineRefused(
            f"Elasticsearch refuse l'accès ({reason}) : vérifiez la clé ou le compte, et leurs droits."
        )
    if status == 404 and reason.startswith("index_not_found"):
        return IndexMissing(
            "L'index de recherche n'existe pas dans Elasticsearch : lancez « manage.py search_index rebuild »."
        )
    if status in {408, 504} or reason.startswith("timeout"):
        return EngineTimeout(f"Elasticsearch n'a pas fini à temps ({reason}).")
    return SearchUnavailable(f"Elasticsearch ne peut pas répondre ({status}, {reason}).")


def reason_of(body: object) -> str:
    """The type and the first words of an error as Elasticsearch tells it."""
    error = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(error, dict):
        return str(error)[:200]
    causes = error.get("root_cause") or [error]
    return f"{causes[0].get('type', '')} {causes[0].get('reason', '')}".strip()[:200]
