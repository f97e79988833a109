"""Reads printed SQL back with sqlglot and compares it with the tree that it was printed from."""

from __future__ import annotations

from typing import Any

from sqlglot import Dialect, exp, parse_one

from assay.compiler.dialects.sql import Node


class Misprint(AssertionError):
    """The text of a tree is read back as something else: a fault of the compiler, never of a contract."""


def prove(text: str, node: Node, dialect: str) -> None:
    """Raises Misprint unless `text` is read by sqlglot as the tree `node`."""
    reader = Dialect.get_or_raise(dialect)
    try:
        # sqlglot takes a `$1` for an open quotation where the text ends with ''; a blank after it helps.
        found = parse_one(text + " ", dialect=reader)
    except Exception as error:
        raise Misprint(f"not readable as {dialect}: {text}") from error
    wanted = _as_read(node, reader)
    if wanted != _neutral(found):
        raise Misprint(f"read back differently as {dialect}: {text}\n{wanted!r}\n{found!r}")


def _as_read(node: Node, reader: Dialect) -> exp.Expr:
    """Our tree in the form that the parser gives it."""
    args = {name: _read(value, reader) for name, value in node.args.items()}
    match node.kind:
        case exp.Anonymous:
            return exp.func(args["this"], *args["expressions"], dialect=reader)
        case exp.DataType if args["this"] == exp.DType.USERDEFINED:
            return exp.DataType.build(args["kind"], dialect=reader)
        case exp.Div:
            args |= {"typed": reader.TYPED_DIVISION, "safe": reader.SAFE_DIVISION}
        case exp.DPipe:
            args["safe"] = not reader.STRICT_STRING_CONCAT
        case _:
            pass
    return node.kind(**args)


def _read(value: Any, reader: Dialect) -> Any:
    match value:
        case Node():
            return _as_read(value, reader)
        case list():
            return [_as_read(item, reader) for item in value]
        case _:
            return value


def _neutral(node: exp.Expr) -> exp.Expr:
    """`x IS NOT NULL` and `x NOT LIKE y` in one form; sqlglot has two, by dialect. The innermost goes first, as
    what stands around it is copied."""
    for found in reversed(list(node.find_all(exp.Is, exp.Like))):
        if found.args.get("negate"):
            found.set("negate", None)
            wrapped = exp.Not(this=found.copy())
            if found is node:
                return wrapped
            found.replace(wrapped)
    return node
