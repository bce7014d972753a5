"""Each thing measured lives in a process of its own, so that its memory is its own and its settings too.

One rule: a process does nothing but answer one call at a time; whoever calls decides whose turn it is.
"""

import multiprocessing
import os
import traceback
from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

PROCESSES = multiprocessing.get_context("spawn")  # a fork would begin with the memory of whoever forks
KIB = 1024


class WorkerFailed(Exception):
    """The call raised in the other process, whose traceback this is."""


class Worker(AbstractContextManager["Worker"]):
    """An object of the class `made_by` (`package.module:Class`) in another process; `call` runs one of its methods there."""

    def __init__(self, environment: Mapping[str, str], made_by: str, *arguments: Any) -> None:
        self._connection, theirs = PROCESSES.Pipe()
        self._process = PROCESSES.Process(
            target=_serve, args=(theirs, dict(environment), made_by, arguments), daemon=True
        )
        self._process.start()
        theirs.close()
        self._answer()

    def call(self, method: str, *arguments: Any) -> Any:
        self._connection.send((method, arguments))
        return self._answer()

    def memory(self) -> dict[str, float]:
        """See `memory_mb`."""
        return self.call("memory")

    def _answer(self) -> Any:
        try:
            is_right, answer = self._connection.recv()
        except EOFError:
            raise WorkerFailed(f"the process ended by itself, status {self._process.exitcode}") from None
        if not is_right:
            raise WorkerFailed(answer)
        return answer

    def __exit__(self, *exception: object) -> None:
        self._connection.close()
        self._process.join(timeout=60)
        if self._process.is_alive():
            self._process.kill()


class Measured:
    """What every object measured answers."""

    def memory(self) -> dict[str, float]:
        return memory_mb()


def _serve(
    connection: Connection, environment: dict[str, str], made_by: str, arguments: tuple[Any, ...]
) -> None:
    os.environ.update(environment)
    module, name = made_by.split(":")
    try:
        import django

        django.setup()
        served = getattr(import_module(module), name)(*arguments)
    except BaseException:  # noqa: BLE001 - whatever it is, the caller must hear of it
        connection.send((False, traceback.format_exc()))
        return
    connection.send((True, None))
    while True:
        try:
            method, values = connection.recv()
        except EOFError:  # the caller has closed its end
            return
        try:
            connection.send((True, getattr(served, method)(*values)))
        except Exception:  # noqa: BLE001 - the caller decides what a failure means
            connection.send((False, traceback.format_exc()))


def memory_mb(process: int | str = "self") -> dict[str, float]:
    """The memory of a process in MB: now, at its highest, and how much of it now is its own and how much files that it maps
    (which the system takes back when it needs the room)."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines()
    said = dict(line.split(":", 1) for line in lines if ":" in line)
    names = {"now": "VmRSS", "peak": "VmHWM", "own": "RssAnon", "files": "RssFile"}
    return {name: int(said[key].split()[0]) * KIB / 1e6 for name, key in names.items()}
