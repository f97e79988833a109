"""plan.Plan -> a bundle in one dialect: trees, printed, read back and compared.

bundles      the whole plan, piece by piece, and what the dialect cannot say
scans        a scan or a capture: its SELECT list and its source
aggregates   one number of a SELECT
expressions  row expressions
formulas     arithmetic that the runner does
limits       names that are too long
printing     trees to text
proof        the text read back by sqlglot
text         the statements of a bundle for people
"""

from __future__ import annotations

from assay.compiler.lower.bundles import Lowered, lower
from assay.compiler.lower.text import sql_text, statement

__all__ = ["Lowered", "lower", "sql_text", "statement"]
