"""The conditional GET against a real server that misbehaves in every way we could think of."""

import gzip
import hashlib
import socket
import time
import tracemalloc

import pytest
from pytest_socket import socket_allow_hosts

from tests.training.feeds import server as at
from training.feeds.content import CHUNK, Content
from training.feeds.fetching import NotModified
from training.feeds.problems import FeedRefused, FetchFailed

XML = b'<?xml version="1.0"?><lheo><offres/></lheo>'
MB = 1_000_000
# Without the time of day, which would give the tests another name in each worker.
PACKED, PACKED_LONG = gzip.compress(XML, mtime=0), gzip.compress(XML * 50, mtime=0)


def test_whole_content_comes_with_its_fingerprint_and_validators(get, server, target):
    answer = at.reply(XML, ETag='"v1"', Last_Modified="Mon, 01 Jun 2026 10:00:00 GMT")
    content = get(answer=answer)
    assert target.read_bytes() == XML
    assert content == Content(
        target,
        hashlib.sha256(XML).hexdigest(),
        received=len(XML),
        size=len(XML),
        http_status=200,
        etag='"v1"',
        last_modified="Mon, 01 Jun 2026 10:00:00 GMT",
    )
    path, headers = server.requests[0]
    assert (path, headers["host"], headers["accept-encoding"]) == (
        "/flux.xml",
        f"127.0.0.1:{server.port}",
        "gzip",
    )
    assert "if-none-match" not in headers


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [("ETag", 'W/"v1"', "etag"), ("Last-Modified", "Mon, 01 Jun 2026 10:00:00 GMT", "last_modified")],
)
def test_known_content_is_not_sent_again(get, name, value, field):
    content = get(answer=at.conditional(XML, name, value))
    assert getattr(content, field) == value
    assert get(**{field: value}) == NotModified()
    assert isinstance(get(**{field: "other"}), Content)


def test_a_304_that_nobody_asked_for_is_a_failure(problem):
    assert problem(answer=at.raw(at.head("304 Not Modified"))).cause == "http-304"


def test_validators_that_could_not_be_handed_back_are_ignored(get):
    content = get(answer=at.reply(XML, ETag=f'"{"x" * 300}"', Last_Modified="hier\xe9"))
    assert (content.etag, content.last_modified) == ("", "")


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"", "header"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", "header"),
        (at.head(Content_Length="100000") + b"<lheo>", "body"),
        (at.head(Transfer_Encoding="chunked") + b"ff\r\n", "chunk"),
        (at.head(Content_Encoding="gzip") + PACKED[:8], "gzip"),
    ],
)
@pytest.mark.parametrize("way", ["silent", "drip"])
def test_a_slow_server_meets_the_deadline_wherever_it_dawdles(problem, start, name, way):
    answer = at.silent(start) if way == "silent" else at.drip(start)
    began = time.monotonic()
    error = problem(answer=answer, seconds=0.3)
    assert error.cause in ({"timeout", "damaged"} if name == "gzip" else {"timeout"})
    assert time.monotonic() - began < 2


def test_the_deadline_spans_redirects(problem):
    def late(stream, _server):
        time.sleep(0.2)
        stream.sendall(at.head("302 Found", Location="/flux.xml", Content_Length="0"))

    assert problem(answer=late, seconds=0.3).cause == "timeout"


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end


@pytest.mark.parametrize(
    "answer",
    [
        at.raw(at.head(Content_Length="5000") + XML),
        at.raw(at.head(Transfer_Encoding="chunked") + chunked(XML, end=b"")),
        at.raw(at.head(Transfer_Encoding="chunked") + chunked(XML, end=b"ff\r\n<lheo>")),
        at.zipped(XML * 50, cut=12),
        at.zipped(XML * 50, cut=1),
        at.raw(at.head(Content_Length="5000", Content_Encoding="gzip") + PACKED),
        at.raw(at.head(Content_Encoding="gzip") + PACKED_LONG[:-20]),
    ],
    ids=["length", "chunks", "in-a-chunk", "gzip", "gzip-trailer", "gzip-length", "gzip-closed"],
)
def test_a_truncated_body_is_no_content(problem, answer):
    error = problem(answer=answer, kind=FetchFailed)
    assert error.cause == "truncated"
    assert "Rien n'a été chargé" in error.message


def test_chunks_and_gzip_are_read(get, target):
    get(answer=at.raw(at.head(Transfer_Encoding="chunked") + chunked(XML[:7], XML[7:])))
    assert target.read_bytes() == XML
    content = get(answer=at.zipped(XML * 5_000))
    assert target.read_bytes() == XML * 5_000
    assert (content.size, content.fingerprint) == (
        len(XML) * 5_000,
        hashlib.sha256(XML * 5_000).hexdigest(),
    )
    assert content.received < content.size
    members = PACKED + PACKED + b"\0" * 10
    get(answer=at.reply(members, Content_Encoding="x-gzip"))
    assert target.read_bytes() == XML * 2


def test_an_empty_body_is_left_for_the_reader_to_refuse(get):
    assert get(answer=at.reply(b"")).size == 0
    assert get(answer=at.reply(b"", Content_Encoding="gzip")).size == 0


@pytest.mark.parametrize(
    "answer",
    [
        at.reply(b"not gzip at all, really not", Content_Encoding="gzip"),
        at.reply(PACKED + b"more that is not gzip", Content_Encoding="gzip"),
        at.reply(PACKED[:-8] + b"\0" * 8, Content_Encoding="gzip"),
    ],
    ids=["none", "followed", "checksum"],
)
def test_damaged_gzip_is_told(problem, answer):
    assert problem(answer=answer).cause == "damaged"


def test_a_gzip_bomb_stops_at_the_limit_without_filling_memory(problem):
    bomb = gzip.compress(b"\0" * 200 * MB, compresslevel=9)
    assert len(bomb) < MB
    tracemalloc.start()
    try:
        error = problem(answer=at.reply(bomb, Content_Encoding="gzip"), max_bytes=2 * MB)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (error.cause, error.outcome) == ("too-large", "refused")
    assert "2 Mo" in error.message
    assert peak < 20 * CHUNK


def test_an_announced_size_is_refused_before_it_travels(problem):
    error = problem(answer=at.raw(at.head(Content_Length=str(3 * MB))), max_bytes=2 * MB)
    assert error.cause == "too-large"


def test_an_endless_body_stops_at_the_limit(problem):
    assert problem(answer=at.endless_body()).cause == "too-large"


def test_the_largest_admitted_body_passes(get):
    body = b"<lheo>" + b" " * 994
    assert get(answer=at.reply(body), max_bytes=1_000).size == 1_000
    with pytest.raises(FeedRefused, match="dépasse 1 ko"):
        get(answer=at.reply(body + b" "), max_bytes=1_000)


HTML = "<html><head><title>Connexion</title></head><body>Identifiez-vous</body></html>"


@pytest.mark.parametrize(
    "page",
    [
        f"<!DOCTYPE html>{HTML}",
        f"\ufeff\n  <!doctype HTML>{HTML}",
        HTML.upper(),
        f"<?xml version='1.0'?>\n<!-- page -->\n<!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN'>{HTML}",
        f"<!-- un\nbandeau -->{HTML}",
    ],
)
@pytest.mark.parametrize("send", [at.reply, at.zipped])
def test_a_web_page_is_recognised(problem, page, send):
    error = problem(answer=send(page.encode()))
    assert (error.cause, error.outcome) == ("html", "refused")
    assert "page web" in error.message


@pytest.mark.parametrize(
    "body", [b"<lheo><!-- <html> --></lheo>", b"code;<html>\n", b"<htmlesque/>", b"<lheo>&lt;html></lheo>"]
)
def test_markup_inside_a_feed_is_no_web_page(get, body):
    assert get(answer=at.reply(body)).size == len(body)


@pytest.mark.parametrize(("body", "name"), [(PACKED, "gzip"), (b"PK\x03\x04....", "ZIP")])
def test_an_archive_is_recognised(problem, body, name):
    error = problem(answer=at.reply(body))
    assert error.cause == "archive"
    assert name in error.message


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("404 Not Found", "introuvable"),
        ("403 Forbidden", "refusé"),
        ("401 Unauthorized", "mot de passe"),
        ("429 Too Many", "trop de demandes"),
        ("500 Oops", "en panne"),
        ("503 Down", "en panne"),
        ("204 No Content", "pas un flux"),
        ("206 Partial Content", "pas un flux"),
    ],
)
def test_each_status_is_told_in_words(problem, status, words):
    error = problem(answer=at.reply(XML, status=status) if "204" not in status else at.raw(at.head(status)))
    assert error.cause == f"http-{status[:3]}"
    assert error.http_status == int(status[:3])
    assert words in error.message


@pytest.mark.parametrize(
    "answer",
    [
        at.raw(b""),
        at.raw(b"", reset=True),
        at.raw(at.head(Content_Length="5000") + XML, reset=True),
        at.raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
        at.raw(b"HTTP/1.1 abc OK\r\n\r\n"),
        at.raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"),
        at.raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"),
        at.raw(at.head(Transfer_Encoding="chunked") + b"zz\r\n"),
    ],
    ids=["nothing", "reset", "reset-in-body", "ssh", "status", "headers", "long-header", "chunk-size"],
)
def test_a_broken_exchange_is_a_failure_in_words(problem, answer):
    error = problem(answer=answer, kind=FetchFailed)
    assert error.cause in {"connection", "truncated"}
    assert "127.0.0.1" in error.message or "tronqué" in error.message


def test_nobody_listening_is_told(problem):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = problem(f"http://127.0.0.1:{port}/")
    assert error.cause == "unreachable"


def test_an_unknown_compression_is_refused(problem):
    error = problem(answer=at.reply(XML, Content_Encoding="br"))
    assert (error.cause, error.outcome) == ("encoding", "refused")


def test_redirects_are_followed_with_the_validators(get, server, target):
    server.answers["/un"] = at.redirect("deux?x=1")
    server.answers["/deux"] = at.redirect(server.url(), status="308 Permanent Redirect")
    get(server.url("/un"), answer=at.reply(XML), etag='"v0"')
    assert target.read_bytes() == XML
    assert [path for path, _ in server.requests] == ["/un", "/deux?x=1", "/flux.xml"]
    assert {headers["if-none-match"] for _, headers in server.requests} == {'"v0"'}


def test_five_redirects_pass_and_six_do_not(get, server):
    for number in range(6):
        server.answers[f"/{number}"] = at.redirect(f"/{number + 1}")
    server.answers["/6"] = at.reply(XML)
    assert get(server.url("/1")).size == len(XML)
    with pytest.raises(FetchFailed, match="plus de 5 fois"):
        get(server.url("/0"))


def test_a_redirect_loop_ends(problem, server):
    server.answers["/flux.xml"] = at.redirect("/flux.xml")
    assert problem().cause == "redirects"
    assert len(server.requests) == 6


def test_a_redirect_to_nowhere_is_told(problem):
    assert problem(answer=at.raw(at.head("302 Found", Content_Length="0"))).cause == "redirects"


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/flux.xml",
        "http://[fd00::1]/flux.xml",
        "http://0x0a000001/flux.xml",
        "file:///etc/passwd",
        "ftp://exemple.fr/flux.xml",
        "https://moi:secret@exemple.fr/",
        "http://exemple.fr:22/",
    ],
)
def test_a_redirect_to_a_forbidden_address_is_refused(problem, location):
    error = problem(answer=at.redirect(location), kind=FeedRefused)
    assert error.cause == "address"


def test_loopback_is_refused_outside_tests(problem, server):
    assert problem(answer=at.reply(XML), loopback=False).cause == "address"
    assert problem(server.url(host="localhost"), loopback=False).cause == "address"
    assert server.requests == []


def test_a_redirect_to_a_name_that_leads_inside_is_refused(problem, monkeypatch):
    real = socket.getaddrinfo

    def resolve(host, *args, **kwargs):
        return real("10.0.0.1" if host == "interne.exemple.fr" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    error = problem(answer=at.redirect("http://interne.exemple.fr/flux.xml"))
    assert (error.cause, error.outcome) == ("address", "refused")


def test_a_name_that_changes_its_answer_is_asked_only_once(get, server, monkeypatch):
    """DNS rebinding: the address that was checked is the one connected to."""
    real, asked = socket.getaddrinfo, []

    def rebinding(host, *args, **kwargs):
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "10.0.0.1", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    content = get(server.url(host="flux.exemple.fr"), answer=at.reply(XML))
    assert content.size == len(XML)
    assert asked == ["flux.exemple.fr"]
    assert server.requests[0][1]["host"] == f"flux.exemple.fr:{server.port}"


def test_the_next_address_is_tried_when_one_does_not_answer(get, server, monkeypatch):
    real = socket.getaddrinfo

    def two(_host, *args, **kwargs):
        return [*real("127.9.9.9", *args, **kwargs), *real("127.0.0.1", *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    socket_allow_hosts(["127.0.0.1", "127.9.9.9"], allow_unix_socket=True)
    assert get(server.url(host="flux.exemple.fr"), answer=at.reply(XML)).size == len(XML)


def test_the_environments_proxies_are_not_used(get, server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    assert get(answer=at.reply(XML)).size == len(XML)
