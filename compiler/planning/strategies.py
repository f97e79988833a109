"""The choices that a dialect's table makes for planning, each measured by bench/strategies.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Strategies:
    """How the numbers of one dataset are spread over SELECTs.

    select_list      most measures in one SELECT
    distinct         COUNT(DISTINCT key) and percentiles in the common SELECT, or in one of their own
    single_keys      how the uniqueness of one column is tested: `compare` COUNT(key) with COUNT(DISTINCT key)
                     and count the breaking rows only where they differ, `count` these rows at once, or
                     `probe` first whether each key is greater than the one read before it, which proves it;
                     where not, whole numbers are marked as bits, and counted where two keys share a bit
    composite_keys   the same for a key of several columns
    single_references  how orphans of one whole-number column are counted: `anti` counts them, `join` counts
                     the rows that find their key among the distinct keys of the target, and subtracts
    """

    dialect: str
    select_list: int
    distinct: Literal["fused", "apart"]
    single_keys: Literal["compare", "count", "probe"]
    composite_keys: Literal["compare", "count"]
    single_references: Literal["anti", "join"]


class HasStrategies(Protocol):
    """What planning needs to know of a dialect."""

    @property
    def strategies(self) -> Strategies: ...
