"""What happens in a sandbox stays there, and is told by its kind. `eval` is the function: a test says in Python
what the process does."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.sandbox import Exceeded, Fault, Limits, Sandbox

LIMITS = Limits(memory=256 << 20, cpu=1, wall=60.0, answer=1 << 20)
PID = b"str(__import__('os').getpid()).encode()"
DIE = b"__import__('os').kill(__import__('os').getpid(), 9)"


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("SECRET_OF_THE_PARENT", "hunter2")
    with Sandbox("builtins:eval", LIMITS) as made:
        yield made


def test_bytes_go_in_and_come_out_whatever_their_size(sandbox: Sandbox) -> None:
    assert sandbox.call(b"b'x' * 1_000_000") == b"x" * 1_000_000
    assert sandbox.call(b"b'%d' % len('" + b"y" * 3_000_000 + b"')") == b"3000000"
    assert sandbox.call(b"b''") == b""


def test_a_process_serves_many_calls(sandbox: Sandbox) -> None:
    assert sandbox.call(PID) == sandbox.call(PID)
    assert sandbox.call(PID) == str(sandbox.pids()[0]).encode()


def test_a_process_makes_room_after_its_calls() -> None:
    with Sandbox("builtins:eval", LIMITS, calls=2) as sandbox:
        assert len({sandbox.call(PID) for _ in range(4)}) == 2
        assert len(sandbox.pids()) <= 1


def test_too_much_memory_ends_the_call_and_not_the_caller(sandbox: Sandbox) -> None:
    with pytest.raises(Exceeded, match="memory"):
        sandbox.call(b"b'x' * 10**10")
    assert sandbox.call(b"b'alive'") == b"alive"


def test_too_much_processor_time_ends_the_call(sandbox: Sandbox) -> None:
    with pytest.raises(Exceeded, match="time"):
        sandbox.call(b"sum(range(10**12))")
    assert sandbox.call(b"b'alive'") == b"alive"


def test_a_call_that_only_waits_is_ended_too() -> None:
    with Sandbox("builtins:eval", Limits(wall=1.0)) as sandbox:
        sandbox.call(b"b''")
        with pytest.raises(Exceeded, match="time"):
            sandbox.call(b"__import__('time').sleep(3600)")


def test_an_answer_has_a_largest_size(sandbox: Sandbox) -> None:
    with pytest.raises(Exceeded, match="answer"):
        sandbox.call(b"b'x' * 1_100_000")
    assert sandbox.call(b"b'alive'") == b"alive"


def test_a_process_that_dies_is_told_and_replaced(sandbox: Sandbox) -> None:
    first = sandbox.call(PID)
    with pytest.raises(Exceeded, match="death"):
        sandbox.call(DIE)
    assert sandbox.call(PID) != first


def test_a_call_is_not_blamed_for_the_memory_of_the_calls_before() -> None:
    with Sandbox("builtins:eval", LIMITS) as sandbox:
        first = sandbox.call(PID)
        sandbox.call(b"globals().update(hoard=[b'x' * (180 << 20)]) or b''")
        assert sandbox.call(b"str(len(b'x' * (100 << 20))).encode()") == b"104857600"
        assert sandbox.call(PID) != first


def test_what_the_function_raises_is_told_by_its_class_alone(sandbox: Sandbox) -> None:
    with pytest.raises(Fault) as raised:
        sandbox.call(b"{}['a secret key']")
    assert raised.value.kind == "KeyError"
    assert "secret" not in repr(raised.value)
    assert sandbox.call(b"b'alive'") == b"alive"


def test_the_process_knows_no_variable_and_no_file_of_the_parent(sandbox: Sandbox, tmp_path: Path) -> None:
    assert b"hunter2" not in sandbox.call(b"repr(dict(__import__('os').environ)).encode()")
    target = tmp_path / "written"
    with pytest.raises((Fault, Exceeded)):
        sandbox.call(f"open({str(target)!r}, 'w', buffering=1).write('x' * 100 + chr(10))".encode())
    assert not target.exists() or target.read_bytes() == b""


def test_what_prints_does_not_speak_into_the_pipe(sandbox: Sandbox) -> None:
    assert sandbox.call(b"print('noise' * 1000, flush=True) or b'quiet'") == b"quiet"


def test_calls_of_many_threads_come_one_after_another(sandbox: Sandbox) -> None:
    found: list[bytes] = []

    def one(number: int) -> None:
        found.append(sandbox.call(b"b'%d'" % number))

    threads = [threading.Thread(target=one, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(int(item) for item in found) == list(range(20))
    assert len(sandbox.pids()) == 1


def test_closing_ends_a_call_that_hangs() -> None:
    sandbox = Sandbox("builtins:eval", LIMITS)
    sandbox.call(b"b''")
    raised: list[BaseException] = []

    def hang() -> None:
        try:
            sandbox.call(b"__import__('time').sleep(3600)")
        except Exceeded as error:
            raised.append(error)

    thread = threading.Thread(target=hang)
    thread.start()
    time.sleep(0.2)
    (pid,) = sandbox.pids()
    sandbox.close()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert len(raised) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
