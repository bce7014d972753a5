"""Which addresses are contacted: an allow-list, in whatever form the address is written."""

import importlib
import ipaddress
import socket
import threading

import pytest
from pytest_socket import socket_allow_hosts

from training.feeds.addresses import AddressRefused, FeedAddress, is_admitted, parse_address
from training.feeds.connection import Deadline, TooSlow, admitted_addresses, is_own_address
from training.feeds.problems import FetchFailed

PUBLIC = [
    "8.8.8.8",
    "185.24.185.1",
    "2001:4860:4860::8888",
    "2a01:e0a::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]
PRIVATE = """
0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1
192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::a00:1 64:ff9b::7f00:1
64:ff9b:1::808:808 100::1 2001::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 3fff::1 fc00::1 fd12::1
fe80::1 fe80::1%eth0 fec0::1 ff02::1 5f00::1 4000::1
""".split()


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_admitted(text):
    assert is_admitted(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PRIVATE)
def test_everything_else_is_refused(text):
    assert not is_admitted(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"])
def test_loopback_alone_can_be_admitted(text):
    assert is_admitted(ipaddress.ip_address(text), allow_loopback=True)


@pytest.mark.parametrize("text", ["0.0.0.0", "10.0.0.1", "::", "169.254.169.254", "fe80::1"])  # noqa: S104
def test_admitting_loopback_admits_nothing_more(text):
    assert not is_admitted(ipaddress.ip_address(text), allow_loopback=True)


@pytest.mark.parametrize(
    "host",
    """127.0.0.1 127.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 10.0.0.1 0xa.0.0.1 167772161 0
    169.254.169.254 2852039166 [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [fe80::1] [64:ff9b::a00:1] 127.0.0.1.""".split(),
)
def test_numbers_that_lead_inside_are_refused_at_once(host):
    with pytest.raises(AddressRefused, match="publique"):
        parse_address(f"http://{host}/flux.xml")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://exemple.fr/flux.xml", "https://"),
        ("file:///etc/passwd", "https://"),
        ("gopher://exemple.fr/", "https://"),
        ("//exemple.fr/flux.xml", "https://"),
        ("exemple.fr/flux.xml", "https://"),
        ("https://moi:secret@exemple.fr/flux.xml", "mot de passe"),
        ("https://moi@exemple.fr/flux.xml", "mot de passe"),
        ("https://@exemple.fr/flux.xml", "mot de passe"),
        ("https:///flux.xml", "aucun serveur"),
        ("https://:8443/", "aucun serveur"),
        ("https://exemple.fr:25/", "Le port 25"),
        ("https://exemple.fr:0/", "Le port 0"),
        ("https://exemple.fr:99999/", "lisible"),
        ("https://exemple.fr:abc/", "lisible"),
        ("https://[::1/", "lisible"),
        ("https://[v1.x]/", "lisible"),
        ("https://exemple.fr/a b", "caractère interdit"),
        ("https://exemple.fr/\r\nHost: interne", "caractère interdit"),
        ("https://exemple.fr\\@10.0.0.1/", "caractère interdit"),
        ("https://exem%70le.fr/", "lisible"),
        ("https://-exemple-.fr/", "lisible"),
        (f"https://{'a' * 70}.fr/", "lisible"),
        (f"https://exemple.fr/{'a' * 500}", "500 caractères"),
    ],
)
def test_addresses_that_are_refused_say_why(url, why):
    with pytest.raises(AddressRefused, match=why):
        parse_address(url)


def test_an_address_is_put_in_its_plain_form():
    assert parse_address("HTTPS://Écoles.Exemple.FR./flux-à?clé=é%20à#ancre") == FeedAddress(
        "https", "xn--coles-9ra.exemple.fr", 443, "/flux-%C3%A0?cl%C3%A9=%C3%A9%20%C3%A0"
    )
    assert parse_address("http://exemple.fr:8080").target == "/"


def answers(monkeypatch, *ips):
    """The name server's answers, the only thing of these tests that is not real."""
    found = [
        (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ips
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)


def resolve(host="exemple.fr", **options):
    return admitted_addresses(FeedAddress("http", host, 80, "/"), Deadline(1), **options)


def test_a_public_name_gives_its_addresses(monkeypatch):
    answers(monkeypatch, "2a01:e0a::1", "185.24.185.1", "185.24.185.1")
    assert [str(ip) for ip in resolve()] == ["2a01:e0a::1", "185.24.185.1"]


@pytest.mark.parametrize("ips", [["10.0.0.1"], ["185.24.185.1", "127.0.0.1"], ["::ffff:10.0.0.1"], []])
def test_a_name_with_one_private_address_is_refused(monkeypatch, ips):
    answers(monkeypatch, *ips)
    with pytest.raises(AddressRefused, match="aucune adresse publique"):
        resolve()


def test_a_name_that_does_not_exist_is_told_like_a_private_one(monkeypatch):
    answers(monkeypatch, "10.0.0.1")
    with pytest.raises(AddressRefused) as private:
        resolve()

    def unknown(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(AddressRefused) as missing:
        resolve()
    assert str(missing.value) == str(private.value)


def test_a_name_server_in_trouble_is_a_passing_failure(monkeypatch):
    def away(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", away)
    with pytest.raises(FetchFailed, match="pour le moment"):
        resolve()


def test_a_name_server_that_never_answers_meets_the_deadline(monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: released.wait(5))
    with pytest.raises(TooSlow):
        admitted_addresses(FeedAddress("http", "exemple.fr", 80, "/"), Deadline(0.1))
    released.set()


@pytest.mark.parametrize(("host", "is_own"), [("127.0.0.1", True), ("127.9.9.9", False)])
def test_a_connection_to_ones_own_address_is_recognised(host, is_own):
    socket_allow_hosts(["127.0.0.1", "127.9.9.9"], allow_unix_socket=True)
    with (
        socket.create_server((host, 0)) as listener,
        socket.create_connection(listener.getsockname()) as client,
    ):
        assert is_own_address(client) is is_own


@pytest.mark.parametrize("name", ["base", "dev"])
def test_only_the_tests_settings_admit_loopback(name, monkeypatch):
    monkeypatch.setenv("FEED_ALLOW_LOOPBACK", "true")
    assert importlib.import_module(f"cms.settings.{name}").FEED_ALLOW_LOOPBACK is False
