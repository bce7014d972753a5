"""Which addresses a feed may be fetched from. Pure: no Django, no network.

One rule: an allow-list. Only http and https, only an address that the public internet routes to; everything
else, known to be private or merely unusual, is refused. What counts is the numeric address connected to
(`training.feeds.connection`), never the name.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from training.feeds.problems import FeedRefused

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}
LONGEST = 500
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")

# Global unicast; the rest of IPv6 is local, multicast, embedded or unassigned.
_IPV6_PUBLIC = ipaddress.IPv6Network("2000::/3")
_IPV6_SPECIAL = (
    ipaddress.IPv6Network("2001::/23"),  # protocol assignments: Teredo, ORCHID, benchmarking
    ipaddress.IPv6Network("2001:db8::/32"),  # documentation
    ipaddress.IPv6Network("2002::/16"),  # 6to4: carries an IPv4 address to any relay
    ipaddress.IPv6Network("3fff::/20"),  # documentation
)
_IPV4_SPECIAL = (
    ipaddress.IPv4Network("192.0.0.0/24"),  # protocol assignments; older Pythons call it global
    ipaddress.IPv4Network("192.88.99.0/24"),  # relays of 6to4
)
# The well-known prefix of NAT64: on an IPv6-only network every IPv4 server is reached through it.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class AddressRefused(FeedRefused):
    def __init__(self, message: str) -> None:
        super().__init__("address", message)


@dataclass(frozen=True)
class FeedAddress:
    """The parts of an address that passed; `host` is in lower case and ASCII."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"


def parse_address(url: str, *, allow_loopback: bool = False) -> FeedAddress:
    """Raise `AddressRefused` for what can be refused without asking anybody."""
    if len(url) > LONGEST:
        raise AddressRefused(f"L'adresse dépasse {LONGEST} caractères.")
    if _UNPRINTABLE.search(url):
        raise AddressRefused("L'adresse contient une espace ou un caractère interdit.")
    try:
        parts = urlsplit(url)
        given_port = parts.port
    except ValueError as error:
        raise AddressRefused("L'adresse n'est pas lisible : vérifiez-la.") from error
    if parts.scheme not in PORTS:
        raise AddressRefused("L'adresse doit commencer par https:// ou http://.")
    if "@" in parts.netloc:
        raise AddressRefused("L'adresse ne doit contenir ni nom d'utilisateur ni mot de passe.")
    port = PORTS[parts.scheme] if given_port is None else given_port
    if port not in PORTS.values() and port < 1024:
        raise AddressRefused(f"Le port {port} n'est pas admis : 80, 443 ou un port à partir de 1024.")
    host = _host(parts)
    literal = literal_address(host)
    if literal is not None and not is_admitted(literal, allow_loopback=allow_loopback):
        raise AddressRefused(
            f"{host} n'est pas une adresse publique d'internet : le site n'y cherche pas de flux."
        )
    return FeedAddress(parts.scheme, host, port, _target(parts))


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise AddressRefused("L'adresse ne nomme aucun serveur.")
    if parts.netloc.startswith("["):
        if literal_address(host) is None:
            raise AddressRefused("L'adresse n'est pas lisible : vérifiez-la.")
        return host
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise AddressRefused("Le nom du serveur n'est pas lisible : vérifiez l'adresse.") from error
    if not _HOST.fullmatch(ascii_host):
        raise AddressRefused("Le nom du serveur n'est pas lisible : vérifiez l'adresse.")
    return ascii_host


def _target(parts: SplitResult) -> str:
    """Path and query, percent-encoded where they are not yet."""
    kept = "%/:=&?~+!$,;'@()*[]-._"
    query = f"?{quote(parts.query, safe=kept)}" if parts.query else ""
    return quote(parts.path or "/", safe=kept) + query


def literal_address(host: str) -> IPAddress | None:
    """The address that a host written in numbers means, in any form the system accepts (127.1, 0x7f000001)."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def is_admitted(address: IPAddress, *, allow_loopback: bool = False) -> bool:
    """Whether the site may connect to a numeric address."""
    if isinstance(address, ipaddress.IPv6Address):
        embedded = _embedded_ipv4(address)
        if embedded is not None:
            return is_admitted(embedded, allow_loopback=allow_loopback)
    if address.is_loopback:
        return allow_loopback
    if isinstance(address, ipaddress.IPv4Address):
        return (
            address.is_global
            and not (address.is_multicast or address.is_reserved)
            and not any(address in network for network in _IPV4_SPECIAL)
        )
    return (
        address.scope_id is None
        and address in _IPV6_PUBLIC
        and not any(address in network for network in _IPV6_SPECIAL)
    )


def _embedded_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address really reached: IPv4-mapped, or through NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return None
