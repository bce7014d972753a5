"""What runs in the child process: give up rights, read one file, answer in JSON. Pure: no Django.

One rule: limits are set before a byte of the file is read, and whatever happens then ends in one answer or in the death of
this process alone.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from matching.files.kinds import Kind
from matching.files.limits import Limits
from matching.files.results import Found, Reason, Unreadable

Reader = Callable[[Kind, bytes, Limits], Found]
# The three standard streams, the library of a parser, a font: never more at a time.
_OPEN_FILES = 32


def main(reader: str, kind: str, limits: str) -> None:
    """Read the file on standard input with `reader` (« module:function ») and answer on what was standard output."""
    answer_to = os.dup(1)
    os.dup2(2, 1)  # a library that prints would spoil the answer; 2 leads nowhere
    granted = Limits(**json.loads(limits))
    give_up_rights(granted)
    data = sys.stdin.buffer.read()
    answer = json.dumps(_answer(reader, kind, data, granted)).encode("ascii")
    with os.fdopen(answer_to, "wb") as stream:
        stream.write(answer)
        stream.flush()
        os._exit(0)  # libraries that crash when they are unloaded change nothing any more


def give_up_rights(limits: Limits) -> None:
    """No file can be written, no process started, and memory and computing are counted, for good."""
    for what, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_AS, limits.memory),
    ):
        _limit(what, most, most)
    # One second between the two: the first tells that time was up, the second only kills.
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)


def _limit(what: int, soft: int, hard: int) -> None:
    allowed = resource.getrlimit(what)[1]
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    resource.setrlimit(what, (soft, hard))


def _answer(reader: str, kind: str, data: bytes, limits: Limits) -> dict[str, object]:
    try:
        module, _, name = reader.partition(":")
        read_one: Reader = getattr(import_module(module), name)
        return {"found": asdict(read_one(Kind(kind), data, limits))}
    except Unreadable as error:
        return {"refused": error.reason.value, "count": error.count}
    except (MemoryError, RecursionError):
        return {"refused": Reason.HEAVY.value}
    except Exception as error:  # noqa: BLE001 - a file that no reader foresaw; where it broke is told, never what it held
        return {"refused": Reason.CRASHED.value, "cause": _where(error)}


def _where(error: Exception) -> str:
    """The type of an error and the line of ours where it broke: for the log."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return type(error).__name__
    return f"{type(error).__name__} {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}"


def read(kind: Kind, data: bytes, limits: Limits) -> Found:
    """The reader of every format, each imported when a file asks for it."""
    if kind is Kind.PDF:
        from matching.files.formats.pdf import read_pdf

        return read_pdf(data, limits)
    if kind is Kind.ZIP:
        from matching.files.formats.package import read_package

        return read_package(data, limits)
    if kind is Kind.XML:
        from matching.files.formats.europass import read_europass_xml

        return read_europass_xml(data, limits)
    from matching.files.formats.json_documents import read_json

    return read_json(data, limits)
