"""Connects to a feed's server, at an address that was checked, before a deadline. Pure: no Django.

One rule: the name is resolved once, every address it gives is checked, and the socket is opened to one of
those very addresses: what the name answers a moment later (DNS rebinding) plays no part. TLS still verifies
the name. The deadline covers the whole exchange: a server that drips one byte at a time meets it too.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

from training.feeds.addresses import AddressRefused, FeedAddress, IPAddress, is_admitted
from training.feeds.problems import FetchFailed

CONNECT_SECONDS = 10.0
_MOST_ADDRESSES = 8


class TooSlow(FetchFailed):
    def __init__(self, seconds: float) -> None:
        super().__init__(
            "timeout",
            f"Le serveur n'a pas tout envoyé en {seconds:g} secondes. Vérifiez qu'il répond, ou allégez le flux.",
        )


class Deadline:
    """One budget of seconds for everything a run waits for on the network."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends_at = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left; raises `TooSlow` when there are none."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise TooSlow(self.seconds)
        return left


class _TimedSocket(socket.socket):
    """Gives each wait for bytes the time that is left, instead of a fresh timeout."""

    deadline: Deadline

    def recv_into(self, *args: Any) -> int:
        self.settimeout(self.deadline.remaining())
        return super().recv_into(*args)


class _TimedTLSSocket(ssl.SSLSocket):
    deadline: Deadline

    def recv_into(self, *args: Any) -> int:
        self.settimeout(self.deadline.remaining())
        return super().recv_into(*args)


class CheckedConnection(http.client.HTTPConnection):
    """An HTTP or HTTPS connection that only ever opens to an admitted address."""

    def __init__(self, address: FeedAddress, deadline: Deadline, *, allow_loopback: bool) -> None:
        super().__init__(address.host, address.port)
        self.address = address
        self.deadline = deadline
        self.allow_loopback = allow_loopback
        if address.is_secure:
            self.default_port = http.client.HTTPS_PORT  # which the Host header then leaves out

    def connect(self) -> None:
        sock = self._open()
        try:
            self.sock = self._secured(sock) if self.address.is_secure else sock
        except BaseException:
            sock.close()
            raise

    def _open(self) -> _TimedSocket:
        """The first of the name's addresses that answers."""
        last_error: OSError | None = None
        for ip in admitted_addresses(self.address, self.deadline, allow_loopback=self.allow_loopback):
            family = socket.AF_INET6 if ip.version == 6 else socket.AF_INET
            sock = _TimedSocket(family, socket.SOCK_STREAM)
            sock.deadline = self.deadline
            sock.settimeout(min(self.deadline.remaining(), CONNECT_SECONDS))
            try:
                sock.connect((str(ip), self.address.port))
            except OSError as error:
                sock.close()
                last_error = error
            else:
                return self._kept(sock)
        self.deadline.remaining()
        raise FetchFailed(
            "unreachable", f"Le serveur {self.address.host} ne répond pas : vérifiez l'adresse et le serveur."
        ) from last_error

    def _kept(self, sock: _TimedSocket) -> _TimedSocket:
        try:
            if is_own_address(sock) and not self.allow_loopback:
                raise AddressRefused(f"{self.address.host} est le serveur du site lui-même.")
            sock.settimeout(self.deadline.remaining())
        except BaseException:
            sock.close()
            raise
        return sock

    def _secured(self, sock: _TimedSocket) -> _TimedTLSSocket:
        context = ssl.create_default_context()
        context.sslsocket_class = _TimedTLSSocket
        secured = context.wrap_socket(sock, server_hostname=self.address.host)
        assert isinstance(secured, _TimedTLSSocket)  # noqa: S101 - tells mypy what the line above arranged
        secured.deadline = self.deadline
        return secured


def is_own_address(sock: socket.socket) -> bool:
    """Whether the other end is this machine: by its public address, one reaches what only listens for itself."""
    return bool(sock.getsockname()[0] == sock.getpeername()[0])


def admitted_addresses(
    address: FeedAddress, deadline: Deadline, *, allow_loopback: bool = False
) -> list[IPAddress]:
    """What the name resolves to; one address that may not be contacted refuses the name.

    The message is the same for a name that does not exist and for one that leads inside: it tells nobody
    which names the private network has.
    """
    try:
        found = _resolved(address.host, address.port, deadline)
    except socket.gaierror as error:
        if error.errno == socket.EAI_AGAIN:
            raise FetchFailed(
                "dns",
                f"Le nom {address.host} n'a pas pu être résolu pour le moment ; nouvel essai plus tard.",
            ) from error
        found = []
    except UnicodeError:
        found = []
    if not found or not all(is_admitted(ip, allow_loopback=allow_loopback) for ip in found):
        raise AddressRefused(
            f"Le nom {address.host} ne mène à aucune adresse publique d'internet : vérifiez l'adresse."
        )
    return found[:_MOST_ADDRESSES]


def _resolved(host: str, port: int, deadline: Deadline) -> list[IPAddress]:
    """Asked in a thread: `getaddrinfo` knows no timeout."""
    answers = _before(deadline, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    return list(dict.fromkeys(ipaddress.ip_address(answer[4][0]) for answer in answers))


def _before(deadline: Deadline, ask: Callable[[], Any]) -> Any:
    outcome: list[Any] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            outcome.append(ask())
        except (OSError, UnicodeError) as error:
            failure.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(deadline.remaining())
    if failure:
        raise failure[0]
    if not outcome:
        raise TooSlow(deadline.seconds)
    return outcome[0]
