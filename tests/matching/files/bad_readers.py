"""Readers that go wrong, given to the child in the place of the real one."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from matching.files.kinds import Kind
from matching.files.limits import Limits
from matching.files.results import Format, Found


def echo(_kind: Kind, data: bytes, _limits: Limits) -> Found:
    return Found(data.decode(), Format.TEXT)


def loop(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    while True:
        pass


def sleep(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    time.sleep(3_600)
    raise AssertionError


def eat_memory(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    held = []
    while True:
        held.append(bytes(50_000_000))  # asked for, never touched: full before its time is up, on any machine


def crash(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError


def leave(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    os._exit(0)


def raise_secret(_kind: Kind, data: bytes, _limits: Limits) -> Found:
    raise RuntimeError(data.decode())


def never_read(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    raise AssertionError


def answer_too_much(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    return Found("x" * 60_000_000, Format.TEXT)


def print_much(_kind: Kind, data: bytes, _limits: Limits) -> Found:
    print(data.decode() * 10_000, flush=True)  # noqa: T201 - what a library may do
    return Found("dit", Format.TEXT)


def answer_nonsense(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    _write_answer(b"ceci n'est pas du JSON")


def answer_another_shape(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    _write_answer(b'{"found": {"text": 3, "format": "text"}}')


def answer_without_end(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    _write_answer(b'{"found": {"text": "a", "format": "text", "invisible": [], "pages": Infinity}}')


def answer_a_list(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    _write_answer(b"[1, 2]")


def answer_unknown_reason(_kind: Kind, _data: bytes, _limits: Limits) -> Found:
    _write_answer(b'{"refused": "<script>"}')


def _write_answer(answer: bytes) -> Found:
    """Write on the child's own pipe, as a file in command of it would."""
    for descriptor in range(3, 32):
        try:
            os.write(descriptor, answer)
        except OSError:
            continue
        break
    os._exit(0)


def try_everything(_kind: Kind, data: bytes, _limits: Limits) -> Found:
    """What a file in command of the child could do beyond answering."""
    told = [_attempt(name, action) for name, action in _attempts(Path(data.decode())).items()]
    told.append(f"environment {sorted(set(os.environ) - {'LC_ALL', 'LC_CTYPE', 'OPENBLAS_NUM_THREADS'})}")
    told.append(f"django {'django' in sys.modules}")
    return Found("\n".join(told), Format.TEXT)


def _attempts(folder: Path) -> dict[str, object]:
    return {
        "write": lambda: (folder / "trace.txt").write_text("trace"),
        "append": lambda: _append(folder / "existing.txt"),
        "process": lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
        "descriptors": lambda: [socket.socket() for _ in range(40)],
        "unlimited": _ask_for_more,
    }


def _append(path: Path) -> None:
    with path.open("a") as file:
        file.write("trace")


def _ask_for_more() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _attempt(name: str, action: object) -> str:
    try:
        action()  # type: ignore[operator]
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        return f"{name} refused ({type(error).__name__})"
    return f"{name} done"
