"""ir.Contract -> plan.Plan: the fewest SELECTs that give every number, and the rules over these numbers.

build     walks the checks once and makes the plan
numbers   gives every aggregate one place in one scan; the same aggregate twice is one measure
rewrite   aggregates that follow from cheaper ones
rows      which rows a check can show
explain   a plan in plain words
strategies   what a dialect's table may choose
"""

from __future__ import annotations

from assay.compiler.planning.build import plan
from assay.compiler.planning.explain import explain_plan
from assay.compiler.planning.strategies import Strategies

__all__ = ["Strategies", "explain_plan", "plan"]
