"""What statements about columns and rules mean, kept for the metrics that speak of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.compiler import ir


@dataclass(frozen=True, slots=True)
class RuleMeaning:
    """`breaking` is true for a row that breaks the rule, among those in `scope`."""

    breaking: ir.Expr
    scope: ir.Expr | None


@dataclass(slots=True)
class Tables:
    """validity: per column, what makes a value that is not missing invalid; rules by name."""

    validity: dict[str, list[ir.Expr]] = field(default_factory=dict)
    rules: dict[str, RuleMeaning] = field(default_factory=dict)
