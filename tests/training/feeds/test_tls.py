"""Feeds over TLS: the name is verified over the address that was checked."""

import os
import shutil
import socket
import ssl
import subprocess

import pytest

from tests.training.feeds import server as at
from tests.training.feeds.server import FeedServer

XML = b"<lheo/>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of our own for flux.exemple.fr."""
    if shutil.which("openssl") is None:
        missing = "openssl n'est pas installé."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test",
         "-addext", "subjectAltName=DNS:flux.exemple.fr", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    return cert, key


@pytest.fixture
def secure_server(certificate, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    names = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *args, **kwargs: real("127.0.0.1", *args, **kwargs)
    )
    started = FeedServer(lambda client: context.wrap_socket(client, server_side=True))
    started.names = names
    yield started
    started.close()


def test_tls_verifies_the_name_over_the_checked_address(get, secure_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    secure_server.answers["/flux.xml"] = at.reply(XML)
    assert get(secure_server.url(host="flux.exemple.fr", scheme="https")).size == len(XML)
    assert secure_server.names == ["flux.exemple.fr"]


def test_a_certificate_for_another_name_or_of_nobody_known_is_refused(
    problem, secure_server, certificate, monkeypatch
):
    secure_server.answers["/flux.xml"] = at.reply(XML)
    assert problem(secure_server.url(host="flux.exemple.fr", scheme="https")).cause == "certificate"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    error = problem(secure_server.url(host="autre.exemple.fr", scheme="https"))
    assert error.cause == "certificate"
    assert secure_server.requests == []


def test_a_dripping_tls_server_meets_the_deadline(problem, secure_server, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    secure_server.answers["/flux.xml"] = at.drip(at.head(Content_Length="100000"))
    url = secure_server.url(host="flux.exemple.fr", scheme="https")
    assert problem(url, seconds=0.5).cause == "timeout"


def test_https_never_becomes_http(problem, secure_server, certificate, server, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    secure_server.answers["/flux.xml"] = at.redirect(server.url())
    error = problem(secure_server.url(host="flux.exemple.fr", scheme="https"))
    assert (error.cause, error.outcome) == ("redirects", "refused")
    assert server.requests == []


def test_plain_http_on_a_tls_address_is_a_failure(problem, server):
    assert problem(server.url(scheme="https")).cause == "connection"
