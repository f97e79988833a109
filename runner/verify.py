"""One run of a Job's work, and what its report means for the scheduler."""

from __future__ import annotations

from collections.abc import Callable

from assay.protocol.bundle import Bundle
from assay.protocol.report import Outcome, Reason, Report
from assay.runner.bundles import BundleError
from assay.runner.ending import Ending, Word
from assay.runner.engines import open_filled
from assay.runner.engines.port import Session
from assay.runner.exits import BAD_SPEC, FENCED, FORBIDDEN, INTERRUPTED, REJECTED, UNAVAILABLE, Ended
from assay.runner.run import ParameterError, Progress, run
from assay.runner.spec import Work
from assay.runner.store import Store


def verified(
    work: Work,
    ending: Ending,
    seconds: float,
    run_id: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    store: Store | None = None,
) -> Report:
    """Raises Ended where nothing was connected to."""

    def session(bundle: Bundle) -> Session:
        return open_filled(work.source, base=work.folder, declared={bundle.table: bundle.columns})

    try:
        return run(
            work.data,
            session,
            params=work.spec.params,
            run_id=run_id,
            cancel=ending.cancel,
            run_seconds=seconds,
            on_progress=progress,
            store=store,
            policy=None if work.spec.warehouse is None else work.spec.warehouse.policy,
            mask_key="" if work.warehouse is None else work.warehouse.mask_key,
        ).report
    except BundleError:
        raise Ended(REJECTED, "BadBundle", "bundle") from None
    except ParameterError:
        raise Ended(BAD_SPEC, "BadParameter", "spec") from None


def conclude(report: Report, ending: Ending, *, rows: bool = False) -> None:
    """Raises Ended where the report says why nothing could be computed: the exit code is for the scheduler.

    rows   failed rows belong to the result: a run that was stopped after its last check is not whole
    """
    stopped = rows or any(check.reason is Reason.CANCELLED for check in report.checks)
    if ending.word is not None and stopped:
        raise Ended(FENCED if ending.word is not Word.SIGTERM else INTERRUPTED, ending.word.value, "run")
    schema, *checks = report.checks
    stage = "connect" if schema.outcome is Outcome.ERROR else "scan"
    for check in (schema, *checks):
        if check.reason is Reason.CONNECTION:
            raise Ended(UNAVAILABLE, check.code or check.reason.value, stage)
    asked = checks or [schema]
    if all(check.reason is Reason.PERMISSION for check in asked):
        raise Ended(FORBIDDEN, asked[0].code or Reason.PERMISSION.value, stage)
