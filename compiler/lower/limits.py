"""Names that a dialect cannot hold. It would not always say so: PostgreSQL cuts a long name short."""

from __future__ import annotations

from collections.abc import Iterator

from assay.compiler import ir
from assay.compiler.diagnostics import Sink
from assay.compiler.dialects import Dialect

PATH_PARTS = 3
"""Database, schema and table."""


def check_names(contract: ir.Contract, dialect: Dialect, sink: Sink) -> None:
    title, file = dialect.title, contract.file
    for path in dict.fromkeys(_paths(contract)):
        if len(path) > PATH_PARTS:
            sink.add(
                "E405",
                None,
                name=".".join(path),
                parts=str(len(path)),
                limit=str(PATH_PARTS),
                dialect=title,
                file=file,
            )
    for name in dict.fromkeys(_names(contract)):
        size = len(name.encode("utf-8", "replace"))
        if size > dialect.identifier:
            sink.add(
                "E404",
                None,
                name=name,
                size=str(size),
                limit=str(dialect.identifier),
                dialect=title,
                file=file,
            )
    if dialect.named_binds:
        for param in contract.params:
            if not param.name.isidentifier():
                sink.add("E406", None, name=param.name, dialect=title, file=file)


def _paths(contract: ir.Contract) -> Iterator[tuple[str, ...]]:
    yield contract.table
    for check in contract.checks:
        if isinstance(check, ir.ReferenceCheck):
            yield check.target.table


def _names(contract: ir.Contract) -> Iterator[str]:
    for path in _paths(contract):
        yield from path
    for column in contract.columns:
        yield column.name
    for check in contract.checks:
        if isinstance(check, ir.ReferenceCheck):
            yield from check.target.columns
