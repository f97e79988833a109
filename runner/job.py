"""The runner inside a Job: `python3 -I -m assay.runner --spec /etc/assay/run.json`.

Without a hub the report goes to standard output. With one, nothing is connected to before the hub's gate has
opened for this pod, and the report is delivered there. Nothing of a row, and no word of a database, goes
anywhere: log and termination message have codes only. `exits` has the exit codes.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from assay.protocol.report import Report, encode
from assay.protocol.run import HUB_TOKEN
from assay.runner.cancel import Cancel
from assay.runner.ending import Ending, Word
from assay.runner.exits import BAD_SPEC, BUG, DONE, UNDELIVERED, Ended
from assay.runner.scrub import Scrubber
from assay.runner.spec import Mounts, Work, read_work
from assay.runner.store import Store
from assay.runner.telling import Log
from assay.runner.verify import conclude, verified

MOUNTS = Mounts()
TOKEN = Path(HUB_TOKEN)
TERMINATION = Path("/dev/termination-log")


def main(arguments: list[str]) -> int:
    """The exit code. Ends in a termination message {code, stage} where it is not 0."""
    began = time.monotonic()
    log = Log(Scrubber(), TERMINATION)
    try:
        _main(arguments, log, began)
        return DONE
    except Ended as ended:
        status, code, stage = ended.status, ended.code, ended.stage
    except Exception as error:  # noqa: BLE001
        # The text of an exception may hold a cell: its class is all that is told.
        status, code, stage = BUG, type(error).__name__, "run"
    log.end(stage, code)
    return status


def _main(arguments: list[str], log: Log, began: float) -> None:
    if len(arguments) != 2 or arguments[0] != "--spec":
        raise Ended(BAD_SPEC, "Usage", "spec")
    ending = Ending(Cancel())

    def stop(_number: int, _frame: FrameType | None) -> None:
        # Telling a server can take a connection of its own: not in a handler.
        threading.Thread(target=ending.end, args=[Word.SIGTERM], daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    work = read_work(Path(arguments[1]), MOUNTS)
    log.scrubber = Scrubber(work.public)
    log.scrubber.add(*work.secrets)
    if work.spec.hub is None:
        report = verified(work, ending, work.seconds, store=_store(work))
        _print(report)
        conclude(report, ending)
    else:
        # What calls the hub is not loaded where there is none.
        from assay.runner.attempt import attempt

        attempt(work, work.spec.hub, TOKEN, ending, log, began)


def _store(work: Work) -> Store | None:
    if work.warehouse is None:
        return None
    from assay.runner.warehouses.postgres import PostgresStore

    return PostgresStore(work.warehouse, work.folder, envelope=None)


def _print(report: Report) -> None:
    """Past the buffer, which would keep what could not be written and try again at the end of the process."""
    data = encode(report) + b"\n"
    try:
        number = sys.stdout.fileno()
        while data:
            data = data[os.write(number, data) :]
    except OSError as error:
        raise Ended(UNDELIVERED, type(error).__name__, "report") from None
