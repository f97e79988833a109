"""Trees to text, and the proof that the text means the tree.

sqlglot's own generator is made for every dialect and costs more than everything else in a compile; this one
knows the nodes that `dialects.sql` builds and nothing else. Each new shape of text (the text with its names
and constants blanked) is parsed back by sqlglot and compared with the tree, once per process.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from assay.compiler.dialects import Unsupported, sql
from assay.compiler.dialects.base import NESTED
from assay.compiler.dialects.sql import Kind, Node
from assay.compiler.lower.proof import prove

MOST_PIECES = 30_000
"""Of an expression, some 200,000 characters, before the last of its CASEs: more is a matter of seconds and minutes."""


class Printed:
    """Text under construction, in pieces. `marks` has what stands in the shape for a name or a constant, by the
    place of its piece."""

    __slots__ = ("marks", "pieces", "put")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.marks: list[tuple[int, str]] = []
        self.put = self.pieces.append

    def leaf(self, piece: str, mark: str) -> None:
        self.marks.append((len(self.pieces), mark))
        self.pieces.append(piece)


_proved: set[tuple[str, str]] = set()


def to_sql(node: Node, dialect: str) -> str:
    """The text of one tree. Raises AssertionError if the text would not be read back as the tree."""
    out = Printed()
    _print(node, out)
    pieces = out.pieces
    text = "".join(pieces)
    for place, mark in out.marks:
        pieces[place] = mark
    shape = (dialect, "".join(pieces))
    if shape not in _proved:
        prove(text, node, dialect)
        _proved.add(shape)
    return text


def source_sql(source: Node, where: Node | None, dialect: str, join: tuple[Node, Node] | None = None) -> str:
    """What stands from FROM to the end of WHERE."""
    text = to_sql(sql.select([sql.number(1)], source, where, join=join), dialect)
    return text.removeprefix("SELECT 1 ")


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _print(node: Node, out: Printed) -> None:
    _PRINTERS[node.kind](node, out)


def _list(nodes: list[Node], out: Printed) -> None:
    for place, node in enumerate(nodes):
        if place:
            out.put(", ")
        _PRINTERS[node.kind](node, out)


def _identifier(node: Node, out: Printed) -> None:
    out.leaf(quote(node.args["this"]), "n")


def _column(node: Node, out: Printed) -> None:
    table = node.args.get("table")
    if table is not None:
        _identifier(table, out)
        out.put(".")
    _identifier(node.args["this"], out)


def _literal(node: Node, out: Printed) -> None:
    value: str = node.args["this"]
    if node.args["is_string"]:
        out.leaf("'" + value.replace("'", "''") + "'", "s")
    else:
        out.leaf(value, "0")


def _boolean(node: Node, out: Printed) -> None:
    out.put("TRUE" if node.args["this"] else "FALSE")


def _null(node: Node, out: Printed) -> None:  # noqa: ARG001
    out.put("NULL")


def _star(node: Node, out: Printed) -> None:  # noqa: ARG001
    out.put("*")


def _paren(node: Node, out: Printed) -> None:
    out.put("(")
    _print(node.args["this"], out)
    out.put(")")


def _infix(word: str) -> Callable[[Node, Printed], None]:
    joint = f" {word} "

    def show(node: Node, out: Printed) -> None:
        _print(node.args["this"], out)
        out.put(joint)
        _print(node.args["expression"], out)

    return show


def _not(node: Node, out: Printed) -> None:
    inner: Node = node.args["this"]
    if inner.kind is exp.Is:
        _print(inner.args["this"], out)
        out.put(" IS NOT ")
        _print(inner.args["expression"], out)
    elif inner.kind is exp.In:
        _in(inner, out, " NOT IN (")
    elif inner.kind is exp.Between:
        _between(inner, out, " NOT BETWEEN ")
    elif inner.kind is exp.Like:
        _print(inner.args["this"], out)
        out.put(" NOT LIKE ")
        _print(inner.args["expression"], out)
    else:
        out.put("NOT ")
        _print(inner, out)


def _neg(node: Node, out: Printed) -> None:
    out.put("-")
    _print(node.args["this"], out)


def _in(node: Node, out: Printed, word: str = " IN (") -> None:
    _print(node.args["this"], out)
    out.put(word)
    query = node.args.get("query")
    if query is not None:
        _print(query.args["this"], out)
    else:
        values: list[Node] = node.args["expressions"]
        if all(value.kind is exp.Literal for value in values):
            # Any number of constants has one shape.
            one = Printed()
            _list(values, one)
            out.leaf("".join(one.pieces), "s…")
        else:
            _list(values, out)
    out.put(")")


def _between(node: Node, out: Printed, word: str = " BETWEEN ") -> None:
    _print(node.args["this"], out)
    out.put(word)
    _print(node.args["low"], out)
    out.put(" AND ")
    _print(node.args["high"], out)


def _case(node: Node, out: Printed) -> None:
    if len(out.pieces) > MOST_PIECES:
        # What repeats its operand does so in a CASE: ROUND of ROUND of … grows by the power.
        raise Unsupported(NESTED)
    out.put("CASE")
    for branch in node.args["ifs"]:
        out.put(" WHEN ")
        _print(branch.args["this"], out)
        out.put(" THEN ")
        _print(branch.args["true"], out)
    default = node.args.get("default")
    if default is not None:
        out.put(" ELSE ")
        _print(default, out)
    out.put(" END")


def _cast(word: str) -> Callable[[Node, Printed], None]:
    def show(node: Node, out: Printed) -> None:
        out.put(word)
        _print(node.args["this"], out)
        out.put(" AS " + node.args["to"].args["kind"] + ")")

    return show


def _call(node: Node, out: Printed) -> None:
    out.put(node.args["this"] + "(")
    _list(node.args["expressions"], out)
    out.put(")")


def _count(node: Node, out: Printed) -> None:
    out.put("COUNT(")
    _print(node.args["this"], out)
    out.put(")")


def _distinct(node: Node, out: Printed) -> None:
    out.put("DISTINCT ")
    _list(node.args["expressions"], out)


def _tuple(node: Node, out: Printed) -> None:
    out.put("(")
    _list(node.args["expressions"], out)
    out.put(")")


def _filter(node: Node, out: Printed) -> None:
    _print(node.args["this"], out)
    out.put(" FILTER (WHERE ")
    _print(node.args["expression"].args["this"], out)
    out.put(")")


def _within(node: Node, out: Printed) -> None:
    _print(node.args["this"], out)
    out.put(" WITHIN GROUP (ORDER BY ")
    _print(node.args["expression"].args["expressions"][0].args["this"], out)
    out.put(")")


def _percentile(word: str) -> Callable[[Node, Printed], None]:
    def show(node: Node, out: Printed) -> None:
        out.put(word)
        _print(node.args["this"], out)
        out.put(")")

    return show


def _extract(node: Node, out: Printed) -> None:
    out.put("EXTRACT(" + node.args["this"].args["this"] + " FROM ")
    _print(node.args["expression"], out)
    out.put(")")


def _window(node: Node, out: Printed) -> None:
    _print(node.args["this"], out)
    out.put(" OVER (")
    if node.args.get("partition_by"):
        out.put("PARTITION BY ")
        _list(node.args["partition_by"], out)
    out.put(")")


def _alias(node: Node, out: Printed) -> None:
    _print(node.args["this"], out)
    out.put(" AS ")
    _identifier(node.args["alias"], out)


def _placeholder(node: Node, out: Printed) -> None:
    out.leaf("$" + node.args["this"], "$p")


def _parameter(node: Node, out: Printed) -> None:
    out.leaf("$" + node.args["this"].args["this"], "$0")


def _table(node: Node, out: Printed) -> None:
    for part in ("catalog", "db"):
        qualifier = node.args.get(part)
        if qualifier is not None:
            _identifier(qualifier, out)
            out.put(".")
    _identifier(node.args["this"], out)
    _table_alias(node, out)


def _table_alias(node: Node, out: Printed) -> None:
    named = node.args.get("alias")
    if named is not None:
        out.put(" AS ")
        _identifier(named.args["this"], out)


def _subquery(node: Node, out: Printed) -> None:
    out.put("(")
    _print(node.args["this"], out)
    out.put(")")
    _table_alias(node, out)


def _exists(node: Node, out: Printed) -> None:
    out.put("EXISTS(")
    _print(node.args["this"], out)
    out.put(")")


def _select(node: Node, out: Printed) -> None:
    out.put("SELECT ")
    _list(node.args["expressions"], out)
    out.put(" FROM ")
    _print(node.args["from_"].args["this"], out)
    for join in node.args.get("joins") or ():
        out.put(" JOIN ")
        _print(join.args["this"], out)
        out.put(" ON ")
        _print(join.args["on"], out)
    where = node.args.get("where")
    if where is not None:
        out.put(" WHERE ")
        _print(where.args["this"], out)
    group = node.args.get("group")
    if group is not None:
        out.put(" GROUP BY ")
        _list(group.args["expressions"], out)
    having = node.args.get("having")
    if having is not None:
        out.put(" HAVING ")
        _print(having.args["this"], out)


_PRINTERS: dict[Kind, Callable[[Node, Printed], None]] = {
    exp.Identifier: _identifier,
    exp.Column: _column,
    exp.Literal: _literal,
    exp.Boolean: _boolean,
    exp.Null: _null,
    exp.Star: _star,
    exp.Paren: _paren,
    exp.And: _infix("AND"),
    exp.Or: _infix("OR"),
    exp.EQ: _infix("="),
    exp.NEQ: _infix("<>"),
    exp.LT: _infix("<"),
    exp.LTE: _infix("<="),
    exp.GT: _infix(">"),
    exp.GTE: _infix(">="),
    exp.Is: _infix("IS"),
    exp.Like: _infix("LIKE"),
    exp.Escape: _infix("ESCAPE"),
    exp.RegexpLike: _infix("~"),
    exp.DPipe: _infix("||"),
    exp.BitwiseAnd: _infix("&"),
    exp.BitwiseLeftShift: _infix("<<"),
    exp.BitwiseRightShift: _infix(">>"),
    exp.Add: _infix("+"),
    exp.Sub: _infix("-"),
    exp.Mul: _infix("*"),
    exp.Div: _infix("/"),
    exp.Mod: _infix("%"),
    exp.Collate: _infix("COLLATE"),
    exp.Not: _not,
    exp.Neg: _neg,
    exp.In: _in,
    exp.Between: _between,
    exp.Case: _case,
    exp.Cast: _cast("CAST("),
    exp.TryCast: _cast("TRY_CAST("),
    exp.Anonymous: _call,
    exp.Count: _count,
    exp.Distinct: _distinct,
    exp.Tuple: _tuple,
    exp.Filter: _filter,
    exp.WithinGroup: _within,
    exp.PercentileCont: _percentile("PERCENTILE_CONT("),
    exp.PercentileDisc: _percentile("PERCENTILE_DISC("),
    exp.Extract: _extract,
    exp.Window: _window,
    exp.Alias: _alias,
    exp.Placeholder: _placeholder,
    exp.Parameter: _parameter,
    exp.Table: _table,
    exp.Subquery: _subquery,
    exp.Exists: _exists,
    exp.Select: _select,
}
