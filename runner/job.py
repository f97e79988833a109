"""The runner inside a Job: `python -I -m assay.runner --spec /etc/assay/run.json`.

The specification names files beside it. Secrets come from files in /run/assay/secrets or from variables
ASSAY_SECRET_NAME. The report goes to standard output. Nothing of a row, and no word of a database, goes
anywhere: the log and the termination message have codes only.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import FrameType

import msgspec

from assay.protocol.bundle import Bundle, digest
from assay.protocol.report import Outcome, Reason, encode
from assay.protocol.source import Source, WrongValueError, placeholders
from assay.runner.engines import open_session
from assay.runner.engines.port import Session
from assay.runner.run import BundleError, Cancel, ParameterError, RunResult, run

COMMITTED = 0
BAD_SPEC = 64
REJECTED = 65
UNAVAILABLE = 69
BUG = 70
PERMISSION = 77
MISSING_SECRET = 78
INTERRUPTED = 143

SECRETS = Path("/run/assay/secrets")
TERMINATION = Path("/dev/termination-log")


class RunSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """bundle: a file beside the specification, and the digest that it must have."""

    bundle: str
    digest: str
    source: Source
    run: str
    params: Mapping[str, str] = {}
    now: str | None = None
    statement_seconds: float | None = None
    run_seconds: float | None = None


class _Exit(Exception):
    def __init__(self, status: int, code: str, stage: str) -> None:
        super().__init__(code)
        self.status, self.code, self.stage = status, code, stage


def secret(name: str) -> str | None:
    file = SECRETS / name
    try:
        return file.read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        return os.environ.get(f"ASSAY_SECRET_{name}")


def main(arguments: list[str]) -> int:
    """The exit code. Ends in a termination message {code, stage} where it is not 0."""
    try:
        return _main(arguments)
    except _Exit as ended:
        status, code, stage = ended.status, ended.code, ended.stage
    except Exception as error:  # noqa: BLE001
        # The text of an exception may hold a cell: its class is all that is told.
        status, code, stage = BUG, type(error).__name__, "run"
    _tell(code, stage)
    return status


def _main(arguments: list[str]) -> int:
    spec, data = _read(arguments)
    missing = [name for name in placeholders(spec.source) if not secret(name)]
    if missing:
        raise _Exit(MISSING_SECRET, "MissingSecret", "spec")
    cancel = Cancel()

    def stop(_number: int, _frame: FrameType | None) -> None:
        cancel.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)

    def session(bundle: Bundle) -> Session:
        return open_session(
            spec.source,
            lookup=secret,
            declared={bundle.table: bundle.columns},
            statement_seconds=spec.statement_seconds,
        )

    try:
        result = run(
            data,
            session,
            params=spec.params,
            now=datetime.fromisoformat(spec.now) if spec.now else None,
            run_id=spec.run,
            cancel=cancel,
            run_seconds=spec.run_seconds,
        )
    except BundleError:
        raise _Exit(REJECTED, "BadBundle", "bundle") from None
    except (ParameterError, ValueError, WrongValueError):
        raise _Exit(BAD_SPEC, "BadParameter", "spec") from None
    sys.stdout.buffer.write(encode(result.report) + b"\n")
    sys.stdout.buffer.flush()
    return _status(result, cancel)


def _status(result: RunResult, cancel: Cancel) -> int:
    """A report that says why nothing could be computed is still a report; the code is for the scheduler."""
    if cancel.reason is Reason.CANCELLED:
        _tell("Interrupted", "run")
        return INTERRUPTED
    checks = result.report.checks
    if checks and all(check.outcome is Outcome.ERROR for check in checks):
        reasons = {check.reason for check in checks}
        code = checks[0].code or checks[0].reason.value
        if reasons == {Reason.CONNECTION}:
            _tell(code, "connect")
            return UNAVAILABLE
        if reasons == {Reason.PERMISSION}:
            _tell(code, "connect")
            return PERMISSION
    return COMMITTED


def _read(arguments: list[str]) -> tuple[RunSpec, bytes]:
    if len(arguments) != 2 or arguments[0] != "--spec":
        raise _Exit(BAD_SPEC, "Usage", "spec")
    file = Path(arguments[1])
    try:
        spec = msgspec.json.decode(file.read_bytes(), type=RunSpec)
    except (OSError, msgspec.MsgspecError):
        raise _Exit(BAD_SPEC, "BadSpec", "spec") from None
    if Path(spec.bundle).name != spec.bundle:
        raise _Exit(BAD_SPEC, "BadPath", "spec")
    try:
        data = (file.parent / spec.bundle).read_bytes()
    except OSError:
        raise _Exit(BAD_SPEC, "NoBundle", "bundle") from None
    if digest(data) != spec.digest:
        raise _Exit(REJECTED, "WrongDigest", "bundle")
    return spec, data


def _tell(code: str, stage: str) -> None:
    message = msgspec.json.encode({"code": code, "stage": stage})
    sys.stderr.buffer.write(message + b"\n")
    try:
        if TERMINATION.exists():
            TERMINATION.write_bytes(message)
    except OSError:
        sys.stderr.write("no termination message could be written\n")
