"""Asks a server for a feed: one conditional GET, redirects followed by hand. Pure: no Django.

One rule: nothing is trusted until it is whole. Every address on the way is checked like the first, and a body
that is shorter than announced is no content at all.
"""

import http.client
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from training.feeds.addresses import FeedAddress, parse_address
from training.feeds.connection import CheckedConnection, Deadline, TooSlow
from training.feeds.content import Content, Receiver, TooLarge, truncated
from training.feeds.problems import FeedRefused, FetchFailed

MOST_REDIRECTS = 5
LONGEST_VALIDATOR = 200
USER_AGENT = "Biofiliere-feeds/1.0"
_REDIRECTS = {301, 302, 303, 307, 308}
_WORDS = {
    401: "l'accès demande un mot de passe : donnez une adresse publique.",
    403: "l'accès est refusé : autorisez le site à lire cette adresse.",
    404: "le fichier est introuvable : vérifiez l'adresse.",
    410: "le fichier a été retiré : donnez sa nouvelle adresse.",
    429: "il reçoit trop de demandes : allongez l'intervalle.",
}


@dataclass(frozen=True)
class Limits:
    max_bytes: int
    timeout_seconds: float
    allow_loopback: bool = False


@dataclass(frozen=True)
class Validators:
    """What the server said of the content that was last loaded, handed back to it."""

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        pairs = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in pairs.items() if value}


@dataclass(frozen=True)
class NotModified:
    http_status: int = 304


def fetch(url: str, target: Path, limits: Limits, validators: Validators) -> Content | NotModified:
    """Fetch `url` into the file `target`; raise `FeedProblem` for anything but whole content."""
    deadline = Deadline(limits.timeout_seconds)
    for _hop in range(MOST_REDIRECTS + 1):
        address = parse_address(url, allow_loopback=limits.allow_loopback)
        with (
            _connected(address, deadline, limits) as connection,
            _ask(connection, address, validators) as response,
        ):
            if response.status not in _REDIRECTS:
                return _answer(response, target, limits, validators)
            url = _next(url, response)
    raise FetchFailed(
        "redirects",
        f"L'adresse renvoie plus de {MOST_REDIRECTS} fois vers une autre : donnez l'adresse finale.",
    )


@contextmanager
def _connected(address: FeedAddress, deadline: Deadline, limits: Limits) -> Iterator[CheckedConnection]:
    """A connection whose accidents are told in words."""
    connection = CheckedConnection(address, deadline, allow_loopback=limits.allow_loopback)
    try:
        yield connection
    except http.client.IncompleteRead as error:
        raise truncated() from error
    except TimeoutError as error:
        raise TooSlow(limits.timeout_seconds) from error
    except ssl.SSLCertVerificationError as error:
        raise FetchFailed(
            "certificate",
            f"Le certificat de {address.host} n'est pas valable ({error.verify_message}) : renouvelez-le ou"
            " corrigez l'adresse.",
        ) from error
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise FetchFailed(
            "connection",
            f"L'échange avec {address.host} a échoué ({type(error).__name__}) : vérifiez que son serveur"
            " répond correctement.",
        ) from error
    finally:
        connection.close()


def _ask(
    connection: CheckedConnection, address: FeedAddress, validators: Validators
) -> http.client.HTTPResponse:
    headers = {
        "User-Agent": USER_AGENT,
        "Accept-Encoding": "gzip",
        "Accept": "text/csv, application/xml, text/xml, */*;q=0.5",
        "Connection": "close",
        **validators.headers(),
    }
    connection.request("GET", address.target, headers=headers)
    return connection.getresponse()


def _next(url: str, response: http.client.HTTPResponse) -> str:
    location = response.getheader("Location", "")
    if not location:
        raise FetchFailed(
            "redirects", "Le serveur renvoie ailleurs sans dire où : corrigez-le.", response.status
        )
    following = urljoin(url, location)
    if url.startswith("https:") and not following.startswith("https:"):
        raise FeedRefused(
            "redirects", "L'adresse en https renvoie vers une adresse non chiffrée : refusé.", response.status
        )
    return following


def _answer(
    response: http.client.HTTPResponse, target: Path, limits: Limits, validators: Validators
) -> Content | NotModified:
    status = response.status
    if status == http.HTTPStatus.NOT_MODIFIED and validators.headers():
        return NotModified()
    if status != http.HTTPStatus.OK:
        what = _WORDS.get(status) or (
            "il est en panne ; nouvel essai plus tard." if status >= 500 else "ce n'est pas un flux."
        )
        raise FetchFailed(f"http-{status}", f"Le serveur répond {status} : {what}", status)
    encoding = response.getheader("Content-Encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise FeedRefused(
            "encoding", f"Le serveur compresse en « {encoding[:20]} » : seul gzip est lu.", status
        )
    expected = response.length
    if expected is not None and expected > limits.max_bytes:
        # Said before a byte of it travels.
        raise TooLarge(limits.max_bytes)
    with Receiver(target, max_bytes=limits.max_bytes, is_gzip=encoding.endswith("gzip")) as receiver:
        receiver.take(response)
        if expected is not None and receiver.received < expected:
            raise truncated()
        return receiver.finish(
            http_status=status,
            etag=_validator(response, "ETag"),
            last_modified=_validator(response, "Last-Modified"),
        )


def _validator(response: http.client.HTTPResponse, name: str) -> str:
    """A header to hand back as it came; one that could not be is as good as absent."""
    value = response.getheader(name, "").strip()
    return value if len(value) <= LONGEST_VALIDATOR and value.isascii() and value.isprintable() else ""
