"""Which rows a check can show when it breaks, and with which columns."""

from __future__ import annotations

from assay.compiler import ir
from assay.compiler.plan import Capture


def capture(contract: ir.Contract, check: ir.Check) -> Capture | None:
    """How to fetch the failed rows of a check; None where no row is to blame or none are kept."""
    keep = contract.failed_rows.keep
    if keep <= 0:
        return None
    rows = check.failed_rows if isinstance(check, ir.MetricCheck) else check
    if rows is None:
        return None
    return Capture(check.head.id, rows, contract.filter, _columns(contract, check), keep)


def _columns(contract: ir.Contract, check: ir.Check) -> tuple[str, ...]:
    if contract.failed_rows.columns is not None:
        return tuple(dict.fromkeys(contract.failed_rows.columns))
    names = dict.fromkeys((*contract.keys, *check.head.columns))
    if isinstance(check, ir.MetricCheck):
        names.update(dict.fromkeys(column.name for column in check.by))
    if not names:
        names = dict.fromkeys(column.name for column in contract.columns)
    return tuple(names)
