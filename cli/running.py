"""One run on this machine: in a thread of its own, so that Ctrl-C and progress are served while the
database works."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from assay.cli.problems import problem

if TYPE_CHECKING:
    from assay.cli.progress import Display
    from assay.protocol.bundle import Bundle
    from assay.protocol.source import Source
    from assay.protocol.warehouse import WarehousePolicy
    from assay.runner.cancel import Cancel
    from assay.runner.engines.port import Session
    from assay.runner.run import RunResult
    from assay.runner.store import Store

_BEAT = 0.1


class Signals:
    """While it is entered, Ctrl-C and SIGTERM stop the run at the server; a second one ends the process at
    once."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.cancel: Cancel | None = None
        self._before: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> Signals:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @property
    def code(self) -> int | None:
        """The exit code of what came, as shells have it."""
        return None if self.number is None else 128 + self.number

    def _handle(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a signal handler's signature
        if self.number is not None:
            os._exit(128 + number)
        self.number = number
        if self.cancel is not None:
            # Telling a server can take a connection of its own: not in a handler.
            threading.Thread(target=self.cancel.stop, daemon=True).start()


def run_bundle(
    data: bytes,
    open_session: Callable[[Bundle], Session],
    *,
    params: Mapping[str, str],
    now: datetime | None,
    store: Store | None,
    policy: WarehousePolicy | None = None,
    mask_key: str = "",
    display: Display,
    signals: Signals,
    meanwhile: Callable[[], object] = lambda: None,
) -> RunResult:
    """`meanwhile` is done here while the data source opens."""
    from assay.cli.progress import PATIENCE
    from assay.runner.cancel import Cancel
    from assay.runner.run import run

    signals.cancel = Cancel()
    box: list[RunResult] = []
    faults: list[BaseException] = []

    def work() -> None:
        try:
            box.append(
                run(
                    data,
                    open_session,
                    params=params,
                    now=now,
                    on_progress=display.tell,
                    cancel=signals.cancel,
                    store=store,
                    policy=policy,
                    mask_key=mask_key,
                )
            )
        except BaseException as error:  # noqa: BLE001 - handed to the main thread, which raises it
            faults.append(error)

    thread = threading.Thread(target=work, name="run", daemon=True)
    thread.start()
    try:
        meanwhile()
        thread.join(PATIENCE)
        while thread.is_alive():
            display.draw()
            thread.join(_BEAT)
    finally:
        display.close()
    if faults:
        raise faults[0]
    return box[0]


def opener(source: Source, base: Path | None) -> Callable[[Bundle], Session]:
    """Opens the source of a bundle; what placeholders lack is said before anything is tried."""
    from assay.protocol.source import MissingValueError, WrongValueError, resolve
    from assay.runner.engines import open_session

    def lookup(name: str) -> str | None:
        return os.environ.get(name)

    def open_for(bundle: Bundle) -> Session:
        return open_session(source, lookup=lookup, base=base, declared={bundle.table: bundle.columns})

    try:
        resolve(source, lookup)
    except MissingValueError as error:
        names = ", ".join(f"`{name}`" for name in error.names)
        raise problem("E616", names=names, first=error.names[0]) from None
    except WrongValueError as error:
        raise problem("E617", field=error.field) from None
    return open_for
