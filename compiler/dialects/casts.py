"""Casts mean the same in every dialect: the text that a cast accepts is written down here.

Whole numbers: digits with an optional sign. Numbers: the usual decimal and scientific forms. Booleans:
true, false, t, f, yes, no, y, n, 1, 0 in any case. Dates: YYYY-MM-DD. Moments: a date alone, or a date, T
or a blank, hours and minutes, then optionally seconds with up to six places and (with time zone) Z or an
offset. UUIDs: the form with hyphens. Blanks around numbers are allowed. Everything else does not fit.
"""

from __future__ import annotations

from typing import Final

from assay.compiler.dialects import sql
from assay.compiler.dialects.sql import Node
from assay.compiler.types import Kind, Type

_DATE = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
_ZONE = "(Z|[+-](0[0-9]|1[0-4])(:[0-5][0-9])?)?"
_WHOLE = "^ *[+-]?[0-9]{1,60} *$"
_NUMBER = "^ *[+-]?([0-9]{1,60}([.][0-9]{0,60})?|[.][0-9]{1,60})([eE][+-]?[0-9]{1,2})? *$"

SHAPES: Final[dict[Kind, str]] = {
    Kind.SMALLINT: _WHOLE,
    Kind.INT: _WHOLE,
    Kind.BIGINT: _WHOLE,
    Kind.DECIMAL: _NUMBER,
    Kind.FLOAT: _NUMBER,
    Kind.DOUBLE: _NUMBER,
    Kind.DATE: f"^{_DATE}$",
    Kind.TIME: f"^{_TIME}$",
    Kind.TIMESTAMP: f"^{_DATE}([ T]{_TIME})?$",
    Kind.TIMESTAMPTZ: f"^{_DATE}([ T]{_TIME}{_ZONE})?$",
    Kind.UUID: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
}
"""Regular expressions that both engines read alike, for text that a cast to the type accepts."""

LIMITS: Final[dict[Kind, tuple[int, int]]] = {
    Kind.SMALLINT: (-(2**15), 2**15 - 1),
    Kind.INT: (-(2**31), 2**31 - 1),
    Kind.BIGINT: (-(2**63), 2**63 - 1),
}

_TRUE = ("true", "t", "yes", "y", "1")
_FALSE = ("false", "f", "no", "n", "0")


def text_to_boolean(node: Node, otherwise: Node | None) -> Node:
    lowered = sql.func("LOWER", node)
    return sql.case(
        [
            (sql.is_in(lowered, [sql.text(word) for word in _TRUE]), sql.boolean(True)),
            (sql.is_in(lowered, [sql.text(word) for word in _FALSE]), sql.boolean(False)),
        ],
        otherwise,
    )


def shortened(node: Node, target: Type) -> Node:
    """A text cut to the length of `varchar(n)`, as SQL's explicit casts do."""
    return node if target.length is None else sql.func("LEFT", node, sql.number(target.length))
