"""The runner inside a Job: `python3 -I -m assay.runner --spec /etc/assay/run.json`.

The report goes to standard output. Nothing of a row, and no word of a database, goes anywhere: the log and
the termination message have codes only. The exit code is for the scheduler:

    0   ran, and the report is out         69  the data source cannot be reached: try again
    64  the specification is wrong         70  a fault of the runner
    65  the bundle is not what it was      74  the report could not be written
    77  the data source refuses            78  a secret is missing or does not fit
    143 stopped by SIGTERM; the report says so
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

import msgspec

from assay.protocol.bundle import Bundle
from assay.protocol.report import Outcome, Reason, encode
from assay.protocol.run import SECRET_FOLDER
from assay.runner.bundles import BundleError
from assay.runner.cancel import Cancel
from assay.runner.engines import open_filled
from assay.runner.engines.port import Session
from assay.runner.run import ParameterError, RunResult, run
from assay.runner.spec import BAD_SPEC, FORBIDDEN, REJECTED, SpecError, read_work

COMMITTED = 0
UNAVAILABLE = 69
BUG = 70
UNDELIVERED = 74
INTERRUPTED = 143

SECRETS = Path(SECRET_FOLDER)
TERMINATION = Path("/dev/termination-log")


def main(arguments: list[str]) -> int:
    """The exit code. Ends in a termination message {code, stage} where it is not 0."""
    try:
        return _main(arguments)
    except SpecError as ended:
        status, code, stage = ended.status, ended.code, ended.stage
    except Exception as error:  # noqa: BLE001
        # The text of an exception may hold a cell: its class is all that is told.
        status, code, stage = BUG, type(error).__name__, "run"
    _tell(code, stage)
    return status


def _main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] != "--spec":
        raise SpecError(BAD_SPEC, "Usage", "spec")
    cancel = Cancel()

    def stop(_number: int, _frame: FrameType | None) -> None:
        # Telling a server can take a connection of its own: not in a handler.
        threading.Thread(target=cancel.stop, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    work = read_work(Path(arguments[1]), SECRETS)

    def session(bundle: Bundle) -> Session:
        return open_filled(work.source, base=work.folder, declared={bundle.table: bundle.columns})

    try:
        result = run(work.data, session, params=work.spec.params, cancel=cancel, run_seconds=work.seconds)
    except BundleError:
        raise SpecError(REJECTED, "BadBundle", "bundle") from None
    except ParameterError:
        raise SpecError(BAD_SPEC, "BadParameter", "spec") from None
    try:
        _write(encode(result.report) + b"\n")
    except OSError as error:
        raise SpecError(UNDELIVERED, type(error).__name__, "report") from None
    return _status(result, cancel)


def _write(data: bytes) -> None:
    """Past the buffer, which would keep what could not be written and try again at the end of the process."""
    number = sys.stdout.fileno()
    while data:
        data = data[os.write(number, data) :]


def _status(result: RunResult, cancel: Cancel) -> int:
    """A report that says why nothing could be computed is still a report; the code is for the scheduler."""
    if cancel.reason is Reason.CANCELLED:
        _tell("Interrupted", "run")
        return INTERRUPTED
    schema, *checks = result.report.checks
    stage = "connect" if schema.outcome is Outcome.ERROR else "scan"
    for check in (schema, *checks):
        if check.reason is Reason.CONNECTION:
            _tell(check.code or check.reason.value, stage)
            return UNAVAILABLE
    asked = checks or [schema]
    if all(check.reason is Reason.PERMISSION for check in asked):
        _tell(asked[0].code or Reason.PERMISSION.value, stage)
        return FORBIDDEN
    return COMMITTED


def _tell(code: str, stage: str) -> None:
    message = msgspec.json.encode({"code": code, "stage": stage})
    sys.stderr.buffer.write(message + b"\n")
    try:
        if TERMINATION.exists():
            TERMINATION.write_bytes(message)
    except OSError:
        sys.stderr.write("no termination message could be written\n")
