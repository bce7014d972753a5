"""Starts the child process that parses a file, and survives whatever becomes of it. Pure: no Django.

One rule: whatever the child does (crash, loop, fill its memory, answer nonsense), the caller gets a `Found` or an `Unreadable`,
within the time allowed; nothing is written anywhere and nothing of the file is logged.
"""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from matching.files.kinds import Kind
from matching.files.limits import Limits
from matching.files.results import Format, Found, Hidden, Invisible, Reason, Unreadable

logger = logging.getLogger(__name__)

READER = "matching.files.child:read"
# Files parsed at a time by one process of ours, and how long another waits for its turn: bounds memory and processors.
AT_A_TIME = 4
WAIT_SECONDS = 5.0
_turns = threading.BoundedSemaphore(AT_A_TIME)

_PROJECT = str(Path(__file__).resolve().parents[2])
# The child knows the folders of our packages and nothing of our environment: no key, no address of the database.
_BOOT = "import sys; sys.path[:] = sys.argv[4:]; from matching.files.child import main; main(*sys.argv[1:4])"
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"}
_MOST_PAGES_TOLD = 100
_LARGEST = 10**9
_CAUSE = re.compile(r"signal \d{1,2}|\w{1,60}(?: \w{1,60}\.py:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class _End:
    """How the child ended: what it answered, the signal that killed it (0: none), and whether it was late."""

    answer: bytes
    signal: int
    is_late: bool


def parse(kind: Kind, data: bytes, limits: Limits, reader: str = READER) -> Found:
    """What the file holds, parsed in a child process. Raises Unreadable. Tests alone give another `reader`."""
    with _turn():
        end = _run(kind, data, limits, reader)
    if end.is_late or end.signal == signal.SIGXCPU:
        raise _refused(kind, Reason.SLOW)
    if end.signal == signal.SIGKILL and len(end.answer) <= limits.answer:
        raise _refused(kind, Reason.HEAVY, "signal 9")  # not by us: the machine was out of memory
    if len(end.answer) > limits.answer or end.signal:
        raise _refused(kind, Reason.CRASHED, f"signal {end.signal}")
    try:
        return _found(json.loads(end.answer), kind)
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise _refused(kind, Reason.CRASHED, "answer") from error


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT_SECONDS):
        raise Unreadable(Reason.BUSY)
    try:
        yield
    finally:
        _turns.release()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:  # no process or no memory is left on this machine
        raise Unreadable(Reason.BUSY) from error


def _run(kind: Kind, data: bytes, limits: Limits, reader: str) -> _End:
    folders = [folder for folder in sys.path if folder and Path(folder).is_absolute()]
    process = _start(
        [
            sys.executable,
            "-I",
            "-S",
            "-B",
            "-c",
            _BOOT,
            reader,
            kind.value,
            json.dumps(asdict(limits)),
            *folders,
            _PROJECT,
        ],
    )
    started = monotonic()
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(process.pid)

    timer = threading.Timer(limits.seconds, stop)
    timer.start()
    try:
        answer = _exchange(process, data, limits.answer)
    finally:
        timer.cancel()
        timer.join()
        # From here on no other thread kills: its number may be another's as soon as it is reaped.
        is_late = _end(process, limits.seconds - (monotonic() - started)) or late.is_set()
    return _End(answer, max(0, -process.returncode), is_late)


def _end(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for the child, which has answered or is dying; kill it when it lingers, and tell so."""
    try:
        process.wait(max(0.1, seconds))
    except subprocess.TimeoutExpired:
        _kill(process.pid)
        process.wait()
        return True
    return False


def _exchange(process: subprocess.Popen[bytes], data: bytes, most: int) -> bytes:
    """Give the file, take the answer: at most one byte more than allowed, after which the child is killed."""
    if process.stdin is None or process.stdout is None:
        raise TypeError("both are pipes")
    with process.stdout:
        # One that dies while reading tells how by its signal.
        with suppress(BrokenPipeError), process.stdin as to_child:
            to_child.write(data)
        answer = process.stdout.read(most + 1)
        if len(answer) > most:
            _kill(process.pid)
    return answer


def _kill(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # nobody is left in it
        os.killpg(group, signal.SIGKILL)


def _found(answer: dict[str, Any], kind: Kind) -> Found:
    """The answer of a child, which may be under the file's orders: nothing passes that is not of the shape expected."""
    if "refused" in answer:
        reason = Reason(answer["refused"])
        raise _refused(kind, reason, str(answer.get("cause", ""))[:200], _number(answer.get("count", 0)))
    told = answer["found"]
    if not isinstance(told, dict) or not isinstance(told["text"], str):
        raise TypeError("found")
    return Found(
        text=told["text"],
        format=Format(told["format"]),
        invisible=tuple(
            Invisible(Hidden(one["reason"]), _number(one["characters"]), _numbers(one["pages"]))
            for one in told["invisible"]
        ),
        pages=_number(told["pages"]),
        pages_read=_number(told["pages_read"]),
        pages_without_text=_numbers(told["pages_without_text"]),
    )


def _numbers(told: list[int]) -> tuple[int, ...]:
    return tuple(_number(number) for number in told[:_MOST_PAGES_TOLD])


def _number(told: Any) -> int:
    return min(int(told), _LARGEST)


def _refused(kind: Kind, reason: Reason, cause: str = "", count: int = 0) -> Unreadable:
    """The refusal; one that may be a fault of ours leaves a line in the log, without anything of the file."""
    if reason in {Reason.CRASHED, Reason.SLOW, Reason.HEAVY}:
        logger.warning("CV %s: %s %s", kind.value, reason.value, cause if _CAUSE.fullmatch(cause) else "")
    return Unreadable(reason, count)
