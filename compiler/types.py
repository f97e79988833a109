"""The types of the language, and the rules that hold between them."""

from __future__ import annotations

from enum import StrEnum

from assay.compiler.tree import Node


class Kind(StrEnum):
    BOOLEAN = "boolean"
    SMALLINT = "smallint"
    INT = "int"
    BIGINT = "bigint"
    DECIMAL = "decimal"
    FLOAT = "float"
    DOUBLE = "double"
    TEXT = "text"
    VARCHAR = "varchar"
    CHAR = "char"
    UUID = "uuid"
    JSON = "json"
    BINARY = "binary"
    DATE = "date"
    TIME = "time"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamptz"
    INTERVAL = "interval"
    ARRAY = "array"
    ANY = "any"
    NULL = "null"
    UNKNOWN = "unknown"


class Type(Node, frozen=True):
    """A column's or an expression's type.

    precision, scale   decimal only; total digits and digits after the point
    length             varchar and char only; characters
    item               array only
    `any` accepts everything; `null` is the type of the literal null; `unknown` stands for something
    that was already reported, and stays silent in everything that is built from it.
    """

    kind: Kind
    precision: int | None = None
    scale: int | None = None
    length: int | None = None
    item: Type | None = None

    def __str__(self) -> str:
        if self.kind is Kind.DECIMAL and self.precision is not None:
            return f"decimal({self.precision},{self.scale or 0})"
        if self.length is not None:
            return f"{self.kind}({self.length})"
        if self.kind is Kind.ARRAY:
            return f"array<{self.item}>"
        return str(self.kind)


BOOLEAN = Type(Kind.BOOLEAN)
SMALLINT = Type(Kind.SMALLINT)
INT = Type(Kind.INT)
BIGINT = Type(Kind.BIGINT)
FLOAT = Type(Kind.FLOAT)
DOUBLE = Type(Kind.DOUBLE)
TEXT = Type(Kind.TEXT)
UUID = Type(Kind.UUID)
JSON = Type(Kind.JSON)
BINARY = Type(Kind.BINARY)
DATE = Type(Kind.DATE)
TIME = Type(Kind.TIME)
TIMESTAMP = Type(Kind.TIMESTAMP)
TIMESTAMPTZ = Type(Kind.TIMESTAMPTZ)
INTERVAL = Type(Kind.INTERVAL)
ANY = Type(Kind.ANY)
NULL = Type(Kind.NULL)
UNKNOWN = Type(Kind.UNKNOWN)

INTEGERS = (Kind.SMALLINT, Kind.INT, Kind.BIGINT)
FLOATS = (Kind.FLOAT, Kind.DOUBLE)
TEXTS = (Kind.TEXT, Kind.VARCHAR, Kind.CHAR)


MAX_DIGITS = 38
"""Of a decimal: what every engine has at the least."""


def digits(t: Type) -> tuple[int, int] | None:
    """Precision and scale of an exact number; None for floats and for a decimal of any size."""
    match t.kind:
        case Kind.SMALLINT:
            return 5, 0
        case Kind.INT:
            return 10, 0
        case Kind.BIGINT:
            return 19, 0
        case Kind.DECIMAL if t.precision is not None:
            return t.precision, t.scale or 0
        case _:
            return None


def decimal(precision: int, scale: int) -> Type:
    return Type(Kind.DECIMAL, precision=precision, scale=scale)
