"""What a contract means: every expression typed, every default explicit, every check with its id.

    check   Resolved -> ir.Contract, or None where a fault was reported

contract    puts the parts together
columns     clauses of columns, keys, references          statements   rules and checks
rows        row expressions                               metrics      arithmetic over many rows
  calls     functions of the table                          aggregates   the metrics by name
  pairs     sides of a comparison, items of a list          value        what is known of a metric
literals    constants                                     types        which types meet
heads       ids                                           lints        what is probably not meant
context     what they share                               tables       what columns and rules mean
"""

from __future__ import annotations

from assay.compiler.check.contract import check

__all__ = ["check"]
