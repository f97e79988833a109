"""Contracts for tests: statements within a small contract, compiled to its meaning."""

from __future__ import annotations

from collections.abc import Mapping

from assay.compiler import ir
from assay.compiler.check import check
from assay.compiler.diagnostics import Diagnostic, Sink
from assay.compiler.parse import parse
from assay.compiler.resolve import resolve
from assay.compiler.source import Source

HEAD = """contract shop.orders version 1.0.0 {
dataset shop.public.orders
column id bigint required unique
column amount decimal(12, 2)
column status varchar(16) required
column email text missing ('', 'n/a')
column placed_at timestamptz
column seen_at timestamp
column day date
column secret int sensitive
"""


def whole(body: str) -> str:
    return f"{HEAD}{body}\n}}\n"


def compiled(
    text: str, others: Mapping[str, str] | None = None
) -> tuple[ir.Contract | None, tuple[Diagnostic, ...]]:
    """The meaning of a file and what was said about it."""
    sink = Sink()
    read = {n: Source(n, t) for n, t in {"orders.contract": text, **(others or {})}.items()}
    files = {n: parse(source, sink) for n, source in read.items()}
    return check(resolve("orders.contract", files, sink, read), sink), sink.items


def meaning(body: str, others: Mapping[str, str] | None = None, before: str = "") -> ir.Contract:
    """The meaning of statements that are right."""
    contract, said = compiled(before + whole(body), others)
    assert contract is not None, [(d.code, dict(d.facts)) for d in said]
    return contract


def the(contract: ir.Contract, ident: str) -> ir.Check:
    """The check of an id."""
    return next(c for c in contract.checks if c.head.id == ident)


def metric(body: str, ident: str) -> ir.MetricCheck:
    found = the(meaning(body), ident)
    assert isinstance(found, ir.MetricCheck)
    return found


def row(body: str, ident: str) -> ir.RowCheck:
    found = the(meaning(body), ident)
    assert isinstance(found, ir.RowCheck)
    return found


def codes(body: str, others: Mapping[str, str] | None = None, before: str = "") -> list[str]:
    return [d.code for d in compiled(before + whole(body), others)[1]]


def say(e: ir.Expr | None) -> str:
    """A row expression as one line, for comparing."""
    match e:
        case None:
            return "-"
        case ir.Literal():
            return repr(e.value)
        case ir.Column():
            return e.name
        case ir.Bind():
            return f":{e.name}"
        case ir.Call():
            return f"{e.function}({', '.join(say(a) for a in e.args)})"
        case ir.Matches():
            return f"matches({say(e.operand)}, /{e.pattern}/)"
        case ir.Case():
            whens = " ".join(f"{say(c)}: {say(r)}" for c, r in e.whens)
            return f"case({whens} else {say(e.otherwise)})"
        case ir.Cast():
            return f"cast({say(e.operand)} as {e.type})"


def tell(m: ir.Metric) -> str:
    """A metric as one line, for comparing."""
    match m:
        case ir.Aggregate():
            args = ", ".join(say(a) for a in m.args)
            where = f" where {say(m.where)}" if m.where is not None else ""
            return f"{m.function}({args}{where})"
        case ir.Constant():
            return str(m.value)
        case ir.BindValue():
            return f":{m.name}"
        case ir.MetricCall():
            return f"{m.op}({', '.join(tell(a) for a in m.args)})"
