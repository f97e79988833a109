"""Reads printed SQL back with sqlglot and compares it with the tree that it was printed from."""

from __future__ import annotations

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
    wanted = _as_read(node.copy(), reader)
    if wanted != _neutral(found):
        raise Misprint(f"read back differently as {dialect}: {text}\n{wanted!r}\n{found!r}")


def _as_read(node: Node, reader: Dialect) -> Node:
    """Our neutral nodes in the form that the parser gives them, from the leaves up."""
    for name, value in list(node.args.items()):
        if isinstance(value, exp.Expr):
            node.set(name, _as_read(value, reader))
        elif isinstance(value, list):
            node.set(name, [_as_read(item, reader) for item in value])
    match node:
        case exp.Anonymous():
            return exp.func(node.name, *node.expressions, dialect=reader)
        case exp.DataType() if node.this == exp.DType.USERDEFINED:
            return exp.DataType.build(node.args["kind"], dialect=reader)
        case exp.Div():
            node.set("typed", reader.TYPED_DIVISION)
            node.set("safe", reader.SAFE_DIVISION)
        case exp.DPipe():
            node.set("safe", not reader.STRICT_STRING_CONCAT)
        case _:
            pass
    return node


def _neutral(node: Node) -> Node:
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
