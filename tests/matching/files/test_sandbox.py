"""Whatever becomes of the child, the caller gets a text or a message, in time, and nothing is written."""

import logging
import os
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from matching.files import sandbox
from matching.files.kinds import Kind
from matching.files.limits import Limits
from matching.files.results import Found, Reason, Unreadable
from tests.matching.files.pdf_files import lines, pdf

pytestmark = pytest.mark.any_database

# Its processor time runs out long before the clock's, which a busy machine eats; nothing here needs either but those that loop.
QUICK = Limits(seconds=10.0, cpu_seconds=2, memory=600_000_000)


def parse(reader: str, data: bytes = b"donnees", limits: Limits = QUICK) -> Found:
    return sandbox.parse(Kind.PDF, data, limits, f"tests.matching.files.bad_readers:{reader}")


def reason_of(reader: str, data: bytes = b"donnees", limits: Limits = QUICK) -> Reason:
    with pytest.raises(Unreadable) as refused:
        parse(reader, data, limits)
    return refused.value.reason


def test_bytes_go_in_and_text_comes_out_whatever_the_size():
    text = "é" * 300_000
    assert parse("echo", text.encode(), Limits(characters=300_000)).text == text
    assert parse("echo", b"").text == ""


@pytest.mark.parametrize(
    ("reader", "reason"),
    [
        ("loop", Reason.SLOW),
        ("eat_memory", Reason.HEAVY),
        ("crash", Reason.CRASHED),
        ("leave", Reason.CRASHED),
        ("raise_secret", Reason.CRASHED),
        ("never_there", Reason.CRASHED),
        ("answer_too_much", Reason.CRASHED),
        ("answer_nonsense", Reason.CRASHED),
        ("answer_another_shape", Reason.CRASHED),
        ("answer_without_end", Reason.CRASHED),
        ("answer_a_list", Reason.CRASHED),
        ("answer_unknown_reason", Reason.CRASHED),
    ],
)
def test_each_way_of_going_wrong_has_its_reason(reader, reason):
    started = time.monotonic()
    assert reason_of(reader) is reason
    assert time.monotonic() - started < QUICK.seconds + 2


def test_a_child_that_sleeps_is_killed_in_time():
    started = time.monotonic()
    assert reason_of("sleep", limits=Limits(seconds=1.0)) is Reason.SLOW
    assert time.monotonic() - started < 5


def test_a_child_that_dies_without_reading_breaks_nothing():
    assert reason_of("crash", b"x" * 4_000_000) is Reason.CRASHED
    with pytest.raises(Unreadable):
        sandbox.parse(Kind.PDF, b"x" * 4_000_000, QUICK, "no.such.module:read")


def test_what_a_library_prints_does_not_spoil_the_answer():
    assert parse("print_much").text == "dit"


def test_the_child_can_write_nothing_start_nothing_and_knows_nothing_of_us(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "cle")
    (tmp_path / "existing.txt").write_text("avant")
    told = dict(
        line.split(" ", 1) for line in parse("try_everything", str(tmp_path).encode()).text.splitlines()
    )
    assert told["write"].startswith("refused")
    assert told["append"].startswith("refused")
    assert told["descriptors"].startswith("refused")
    assert told["unlimited"].startswith("refused") or os.geteuid() == 0
    assert told["process"].startswith("refused") or os.geteuid() == 0  # root alone is not counted
    assert told["environment"] == "[]"
    assert told["django"] == "False"
    assert (tmp_path / "existing.txt").read_text() == "avant"
    assert all(path.stat().st_size == 0 for path in tmp_path.iterdir() if path.name != "existing.txt")


def open_descriptors() -> set[str]:
    return {path.name for path in Path("/proc/self/fd").iterdir()}


def test_no_child_is_left_and_no_descriptor_either():
    parse("echo")
    before = open_descriptors()
    for reader in ("echo", "crash", "loop"):
        with suppress(Unreadable):
            parse(reader)
    assert open_descriptors() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_nothing_of_the_file_is_logged_and_the_place_of_a_fault_is(caplog):
    with caplog.at_level(logging.DEBUG):
        reason_of("raise_secret", b"Marque-secrete")
        reason_of("crash", b"Marque-secrete")
    assert "Marque-secrete" not in caplog.text
    assert "RuntimeError bad_readers.py:" in caplog.text
    assert "signal 11" in caplog.text


def test_a_cause_in_other_words_is_not_logged(caplog):
    with pytest.raises(Unreadable), caplog.at_level(logging.DEBUG):
        sandbox._found({"refused": "crashed", "cause": "nom et prénom\n: Ada Lovelace"}, Kind.PDF)
    assert "Ada" not in caplog.text


def test_files_wait_for_their_turn_and_then_give_up(monkeypatch):
    monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.2)
    monkeypatch.setattr(sandbox, "_turns", threading.BoundedSemaphore(1))
    slow = threading.Thread(target=lambda: reason_of("sleep", limits=Limits(seconds=2.0)))
    slow.start()
    time.sleep(0.1)
    assert reason_of("echo") is Reason.BUSY
    slow.join()
    assert parse("echo").text == "donnees"


def test_a_machine_without_processes_left_is_told(monkeypatch):
    def refuse(*_arguments: object, **_options: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert reason_of("echo") is Reason.BUSY


def test_reading_a_real_file_writes_nothing(tmp_path, monkeypatch):
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    data = pdf(*[lines(*["Je connais la chromatographie HPLC"] * 40, y=800)] * 2)
    assert "chromatographie" in sandbox.parse(Kind.PDF, data, Limits()).text
    assert list(tmp_path.iterdir()) == []
