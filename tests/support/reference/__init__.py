"""The reference judge: what a contract says about rows, worked out in plain Python.

It reads an `ir.Contract` and tables as lists of rows, and knows nothing of plans, SQL, engines or the runner.
It is slow and simple on purpose: golden files and property tests hold the engines against it.

    values      what stands in a cell; equality and order
    rows        expressions of one row, three-valued
    functions   the rows of the function table           texts, moments   their text and calendar parts
    casts       what a cast takes and gives
    numbers     aggregates over many rows                metrics   arithmetic over aggregates
    schema      declared columns against those of a table
    judge       the checks, one by one                   masks     failed rows as they may be shown
"""

from __future__ import annotations

from tests.support.reference.judge import Judged, Table, judge
from tests.support.reference.masks import MASK_KEY, masked
from tests.support.reference.values import RowError

__all__ = ["MASK_KEY", "Judged", "RowError", "Table", "judge", "masked"]
