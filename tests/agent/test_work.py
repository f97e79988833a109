"""Each key once, when it is due, and in one hand at a time."""

from __future__ import annotations

import threading
import time

from assay.agent.work import WorkQueue


def test_a_key_comes_once_however_often_it_is_added() -> None:
    queue: WorkQueue[str] = WorkQueue()
    for _ in range(3):
        queue.add("a")
    queue.add("b")
    assert [queue.take(), queue.take()] == ["a", "b"]
    assert len(queue) == 0


def test_a_key_that_is_in_hand_comes_again_afterwards() -> None:
    queue: WorkQueue[str] = WorkQueue()
    queue.add("a")
    assert queue.take() == "a"
    queue.add("a")
    queue.add("b")
    assert queue.take() == "b"
    queue.done("a")
    assert queue.take() == "a"


def test_the_earlier_time_counts() -> None:
    queue: WorkQueue[str] = WorkQueue()
    queue.add("later", 3_600)
    queue.add("later", 0.05)
    queue.add("later", 7_200)
    begun = time.monotonic()
    assert queue.take() == "later"
    assert time.monotonic() - begun < 60
    queue.done("later")
    assert len(queue) == 0


def test_what_is_due_later_waits_and_does_not_hold_up_the_others() -> None:
    queue: WorkQueue[str] = WorkQueue()
    queue.add("later", 0.3)
    queue.add("now")
    assert queue.take() == "now"
    begun = time.monotonic()
    assert queue.take() == "later"
    assert time.monotonic() - begun > 0.1


def test_closing_lets_everybody_go() -> None:
    queue: WorkQueue[str] = WorkQueue()
    queue.add("later", 3_600)
    found: list[str | None] = []
    threads = [threading.Thread(target=lambda: found.append(queue.take())) for _ in range(3)]
    for thread in threads:
        thread.start()
    queue.close()
    for thread in threads:
        thread.join(timeout=30)
    assert found == [None] * 3


def test_many_threads_share_the_work_and_never_a_key() -> None:
    queue: WorkQueue[int] = WorkQueue()
    held: set[int] = set()
    seen: list[int] = []
    clashes: list[int] = []
    lock = threading.Lock()

    def serve() -> None:
        while (key := queue.take()) is not None:
            with lock:
                if key in held:
                    clashes.append(key)
                held.add(key)
                seen.append(key)
            time.sleep(0.001)
            with lock:
                held.discard(key)
            queue.done(key)

    threads = [threading.Thread(target=serve) for _ in range(8)]
    for thread in threads:
        thread.start()
    for number in range(400):
        queue.add(number % 40)
    until = time.monotonic() + 30
    while len(queue) and time.monotonic() < until:
        time.sleep(0.01)
    queue.close()
    for thread in threads:
        thread.join(timeout=30)
    assert clashes == []
    assert set(seen) == set(range(40))
