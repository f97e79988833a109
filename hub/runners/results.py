"""Results: batches are kept as they come, sealed; one commit makes all of them readable, or none."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import bindparam, func, select

from assay.hub import machine
from assay.hub.agents.orders import instruction_of
from assay.hub.callers import JobCaller
from assay.hub.loads import spend_results
from assay.hub.machine import Event
from assay.hub.refusal import Refusal, conflicting_replay, illegal
from assay.hub.runners.gate import read, stale_generation
from assay.hub.store.tx import Tx, mine
from assay.hub.tables import batches, reports
from assay.protocol.crash import crash_point
from assay.protocol.decoding import decode
from assay.protocol.delivery import CommitRequest, ResultsRequest
from assay.protocol.report import CheckResult, Outcome, Summary
from assay.protocol.wire import (
    MAX_BATCHES,
    ErrorCode,
    Nothing,
    checks_sha256,
    encode,
    root_sha256,
    sha256,
)

MOST_BYTES = 32 << 20
"""Of all results of a run: a commit reads them at once."""
_OF_PLACE = (
    mine(batches),
    batches.c.run == bindparam("r"),
    batches.c.attempt == bindparam("n"),
    batches.c.generation == bindparam("g"),
)
_BATCH = select(batches.c.sha256).where(*_OF_PLACE, batches.c.seq == bindparam("q"))
_BATCHES = select(batches.c.seq, batches.c.sha256, batches.c.body).where(*_OF_PLACE).order_by(batches.c.seq)
_SIZE = select(func.coalesce(func.sum(func.length(batches.c.body)), 0)).where(*_OF_PLACE)
_REPORT = select(reports).where(mine(reports), reports.c.run == bindparam("r"))


def put_results(
    tx: Tx, caller: JobCaller, run: str, attempt: int, seq: int, request: ResultsRequest
) -> Nothing:
    """Keeps a batch. The digest of its canonical bytes is what a replay is compared with."""
    if seq >= MAX_BATCHES:
        raise Refusal(ErrorCode.INVALID, f"a run has {MAX_BATCHES} batches at most")
    row = read(tx, caller, run, attempt)
    if request.generation != row.generation:
        raise stale_generation()
    data = encode(request)
    digest = sha256(data)
    if row.state != "running":
        place = {"r": run, "n": attempt, "g": request.generation, "q": seq}
        kept = tx.row(_BATCH, **place)
        if kept is None or kept.sha256 != digest:
            raise illegal()
        return Nothing()
    spend_results(tx, len(request.checks))
    _add(tx, run, attempt, seq, request, data, digest)
    crash_point("hub-results-inserted")
    return Nothing()


def commit_results(tx: Tx, caller: JobCaller, run: str, attempt: int, request: CommitRequest) -> Nothing:
    """Makes the run's results readable: every batch is there, they are what the runner has sent, and they are
    exactly the checks of the published contract."""
    row = read(tx, caller, run, attempt)
    if request.generation != row.generation:
        raise stale_generation()
    digest = sha256(encode(request))
    if row.state != "running":
        kept = tx.row(_REPORT, r=run)
        if kept is None or kept.attempt != attempt:
            raise illegal()
        if kept.sha256 != digest:
            raise conflicting_replay()
        return Nothing()
    instruction = instruction_of(tx, run)
    named = (request.bundle, request.contract, request.version)
    if named != (row.plan_sha256, instruction.contract, instruction.version):
        raise Refusal(ErrorCode.PLAN_MISMATCH, "the report is of another plan than this run's")
    checks = _complete(tx, run, attempt, request)
    _match(checks, request, instruction.checks_sha256)
    added = tx.add_once(
        reports,
        run=run,
        attempt=attempt,
        generation=request.generation,
        batches=request.count,
        root_sha256=request.root_sha256,
        sha256=digest,
        verdict=request.outcome.value,
        body=tx.seal(reports, run, encode(request)),
        committed_at=tx.now,
    )
    if not added:
        raise Refusal(ErrorCode.CONFLICT, "the run has its results already")
    machine.happen(tx, Event.COMMIT, row, {"generation": row.generation}, committed_at=tx.now)
    return Nothing()


def read_checks(tx: Tx, run: str, attempt: int, generation: int, count: int) -> list[CheckResult]:
    """The results of the first `count` batches, in their order."""
    found = tx.rows(_BATCHES, r=run, n=attempt, g=generation)
    return [check for row in found[:count] for check in _open(tx, run, attempt, generation, row)]


def _add(tx: Tx, run: str, attempt: int, seq: int, request: ResultsRequest, data: bytes, digest: str) -> None:
    place = _place(run, attempt, request.generation, seq)
    if seq and tx.one(_SIZE, r=run, n=attempt, g=request.generation)[0] + len(data) > MOST_BYTES:
        raise Refusal(ErrorCode.TOO_LARGE, f"the results of a run may have {MOST_BYTES:,} bytes")
    added = tx.add_once(
        batches,
        run=run,
        attempt=attempt,
        generation=request.generation,
        seq=seq,
        sha256=digest,
        checks=len(request.checks),
        body=tx.seal(batches, place, data),
        received_at=tx.now,
    )
    if not added and tx.one(_BATCH, r=run, n=attempt, g=request.generation, q=seq).sha256 != digest:
        raise conflicting_replay()


def _complete(tx: Tx, run: str, attempt: int, request: CommitRequest) -> list[CheckResult]:
    found = tx.rows(_BATCHES, r=run, n=attempt, g=request.generation)
    if [row.seq for row in found] != list(range(request.count)):
        raise Refusal(ErrorCode.INCOMPLETE_RESULTS, "not every batch is here")
    if root_sha256([row.sha256 for row in found]) != request.root_sha256:
        raise Refusal(ErrorCode.INCOMPLETE_RESULTS, "the batches are not what the runner has sent")
    return [check for row in found for check in _open(tx, run, attempt, request.generation, row)]


def _open(tx: Tx, run: str, attempt: int, generation: int, row: Any) -> tuple[CheckResult, ...]:
    data = tx.open(batches, _place(run, attempt, generation, row.seq), row.body)
    return decode(data, ResultsRequest).checks


def _place(run: str, attempt: int, generation: int, seq: int) -> str:
    return f"{run}/{attempt}/{generation}/{seq}"


def _match(checks: list[CheckResult], request: CommitRequest, expected: str) -> None:
    """Each check of the contract has one result, and the summary and the verdict are those of the results."""
    ids = [check.id for check in checks]
    if len(set(ids)) != len(ids) or checks_sha256(ids) != expected:
        raise Refusal(ErrorCode.PLAN_MISMATCH, "the results are not exactly those of the contract's checks")
    counts = Counter(check.outcome.value for check in checks)
    if request.summary != Summary(**counts) or request.outcome is not _worst(checks):
        raise Refusal(ErrorCode.INVALID, "the summary is not that of the results", pointer="/summary")


_RANK = (Outcome.PASSED, Outcome.WARNED, Outcome.NOT_EVALUATED, Outcome.FAILED, Outcome.ERROR)


def _worst(checks: list[CheckResult]) -> Outcome:
    return max((check.outcome for check in checks), key=_RANK.index, default=Outcome.NOT_EVALUATED)
