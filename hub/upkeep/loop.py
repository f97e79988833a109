"""The hub's own work, in a thread of every hub process."""

from __future__ import annotations

import random
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from assay.hub.refusal import Refusal
from assay.hub.schedules.firing import fire_due
from assay.hub.store import HUB, Store
from assay.hub.tenants import renew_keys
from assay.hub.upkeep.reaper import reap
from assay.hub.upkeep.retention import remove_old
from assay.hub.upkeep.retry import queue_retries

log = structlog.get_logger("assay.hub.upkeep")


@dataclass(slots=True)
class Task:
    """every: seconds from one time to the next; hubs that share a store do not keep step."""

    name: str
    every: float
    work: Callable[[], int]
    due: float = 0.0


class Upkeep:
    """Runs until it is stopped. A task that fails is tried again when its time comes."""

    def __init__(self, store: Store) -> None:
        write = store.write_now
        self._tasks = (
            Task("schedules", 1.0, lambda: fire_due(write)),
            Task("leases", 1.0, lambda: reap(write)),
            Task("retries", 1.0, lambda: queue_retries(write)),
            Task("keys", 3_600.0, lambda: write(HUB, renew_keys)),
            Task("retention", 3_600.0, lambda: remove_old(write)),
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="hub-upkeep", daemon=True)
        self.done: dict[str, int] = {task.name: 0 for task in self._tasks}
        self.failed: dict[str, int] = dict(self.done)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(timeout=30)

    def _serve(self) -> None:
        while not self._stop.wait(0.2):
            for task in self._tasks:
                if task.due <= time.monotonic() and not self._stop.is_set():
                    self._run(task)
                    jitter = random.uniform(0.9, 1.1)  # noqa: S311 - so that hubs do not keep step
                    task.due = time.monotonic() + task.every * jitter

    def _run(self, task: Task) -> None:
        try:
            self.done[task.name] += task.work()
        except Refusal as refusal:
            self.failed[task.name] += 1
            log.warning("the hub's own work waits", task=task.name, code=refusal.code.value)
        except Exception as error:  # noqa: BLE001 - one task must not end the others
            self.failed[task.name] += 1
            log.error(
                "the hub's own work failed", task=task.name, kind=type(error).__name__, at=_place(error)
            )


def _place(error: BaseException) -> str:
    """Where it happened. The words of an exception may hold values of rows: they stay out of the log."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-4:]))
