"""What the sandbox does with a contract that somebody publishes: compiles it, and says what came out.

Runs in a process of its own, without environment and network secrets; bytes come in and go out.
"""

from __future__ import annotations

import gc

from assay.compiler.diagnostics import Diagnostic, Severity
from assay.compiler.dialects import DIALECTS
from assay.compiler.pipeline import Compilation, compile_contract
from assay.compiler.render import advice, message
from assay.hub.compiled import Compiled, Order
from assay.protocol import decoding
from assay.protocol.bundle import Bundle, check_ids, decode
from assay.protocol.user import CheckSummary
from assay.protocol.wire import Found, encode

MOST_DIAGNOSTICS = 100
"""That are told; a contract with more has them for the same few reasons."""


def serve(data: bytes) -> bytes:
    """For `sandbox`: an Order in, a Compiled out."""
    gc.disable()  # trees live as long as the compilation; looked for afterwards, once
    try:
        return encode(compile_order(decoding.decode(data, Order)))
    finally:
        gc.enable()
        gc.collect()


def compile_order(order: Order) -> Compiled:
    """Each dialect by itself: what one cannot say is no fault of the contract on another."""
    found: dict[str, tuple[Found, ...]] = {}
    bundles: dict[str, Bundle] = {}
    for dialect in DIALECTS:
        made = compile_contract(order.root, order.files.get, (dialect,))
        found[dialect] = tuple(_found(made, item) for item in made.diagnostics[:MOST_DIAGNOSTICS])
        if dialect in made.programs:
            bundles[dialect] = decode(made.programs[dialect].sealed.data)
        elif made.contract is None:
            return Compiled(dict.fromkeys(DIALECTS, found[dialect]))
    return _compiled(found, bundles)


def _compiled(found: dict[str, tuple[Found, ...]], bundles: dict[str, Bundle]) -> Compiled:
    if not bundles:
        return Compiled(found)
    bundle = next(iter(bundles.values()))
    kinds = {bundle.schema.id: "schema"} | {check.id: check.kind for check in bundle.checks}
    binds = [bind for bind in bundle.binds if bind.name not in ("now", "today")]
    return Compiled(
        found,
        tuple(bundles),
        bundle.contract,
        bundle.version,
        bundle.source,
        tuple(CheckSummary(id=name, kind=kinds[name]) for name in check_ids(bundle)),
        tuple(bind.name for bind in binds),
        tuple(bind.name for bind in binds if bind.default is None),
    )


def _found(made: Compilation, item: Diagnostic) -> Found:
    line, column = 0, 0
    if item.span is not None and item.span.file in made.sources:
        line, column = made.sources[item.span.file].line_column(item.span.start)
    return Found(
        code=item.code,
        severity=(Severity.ERROR if item.severity is Severity.ERROR else Severity.WARNING).value,
        message=message(item),
        file=item.span.file if item.span is not None else "",
        line=line,
        column=column,
        help=advice(item),
    )
