"""A local server that does what it is told, well or badly: each path is answered by a function on the socket."""

import gzip
import socket
import struct
import threading
from collections.abc import Callable

Answer = Callable[[socket.socket, "FeedServer"], None]


class FeedServer:
    """Listens on 127.0.0.1; keeps the requests it got as (path, headers in lower case)."""

    def __init__(self, wrap: Callable[[socket.socket], socket.socket] | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self._wrap = wrap or (lambda client: client)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def url(self, path: str = "/flux.xml", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def close(self) -> None:
        self.closing.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _listen(self) -> None:
        while not self.closing.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=[client], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(5)
        try:
            with self._wrap(client) as stream:
                path, headers = _request(stream)
                self.requests.append((path, headers))
                answer = self.answers.get(path.partition("?")[0], reply(b"absent", status="404 Not Found"))
                answer(stream, self)
        except OSError:
            return  # the client left, as it should from most of these


def _request(stream: socket.socket) -> tuple[str, dict[str, str]]:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = stream.recv(4096)
        data += chunk
        if not chunk or not data.startswith(b"GET "[: len(data)]):
            raise OSError("no request")
    first, *lines = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return first.split()[1], headers


def head(status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def reply(body: bytes, status: str = "200 OK", **headers: str) -> Answer:
    """A whole, honest answer."""

    def answer(stream: socket.socket, _server: FeedServer) -> None:
        stream.sendall(head(status, Content_Length=str(len(body)), **headers) + body)

    return answer


def raw(data: bytes, *, reset: bool = False) -> Answer:
    """These very bytes, then the end; with `reset`, the connection is broken off instead of closed."""

    def answer(stream: socket.socket, _server: FeedServer) -> None:
        if data:
            stream.sendall(data)
        if reset:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return answer


def drip(start: bytes, endless: bytes = b"x", every: float = 0.02) -> Answer:
    """`start`, then a byte from time to time until the client leaves: no single wait is long."""

    def answer(stream: socket.socket, server: FeedServer) -> None:
        stream.sendall(start)
        while not server.closing.wait(every):
            stream.sendall(endless)

    return answer


def silent(start: bytes = b"") -> Answer:
    """`start`, then nothing."""

    def answer(stream: socket.socket, server: FeedServer) -> None:
        stream.sendall(start)
        server.closing.wait(5)

    return answer


def redirect(location: str, status: str = "302 Found") -> Answer:
    return raw(head(status, Location=location, Content_Length="0"))


def zipped(body: bytes, cut: int = 0) -> Answer:
    packed = gzip.compress(body)
    return reply(packed[:-cut] if cut else packed, Content_Encoding="gzip")


def endless_body(every_chunk: bytes = b"<!-- -->" * 8_000) -> Answer:
    """A body without end or announced length."""

    def answer(stream: socket.socket, server: FeedServer) -> None:
        stream.sendall(head())
        while not server.closing.is_set():
            stream.sendall(every_chunk)

    return answer


def conditional(body: bytes, name: str, value: str) -> Answer:
    """Answers 304 to who hands back the validator `name`."""
    asked = {"ETag": "if-none-match", "Last-Modified": "if-modified-since"}[name]

    def answer(stream: socket.socket, server: FeedServer) -> None:
        if server.requests[-1][1].get(asked) == value:
            stream.sendall(head("304 Not Modified", **{name: value}))
        else:
            stream.sendall(head(Content_Length=str(len(body)), **{name: value}) + body)

    return answer
