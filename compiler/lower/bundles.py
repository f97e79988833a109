"""The whole plan to a bundle, and what cannot be lowered to diagnostics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from assay.compiler import ir, plan
from assay.compiler.diagnostics import Sink
from assay.compiler.dialects import Dialect, Unsupported
from assay.compiler.lower.formulas import Formulas, default_text
from assay.compiler.lower.limits import check_names
from assay.compiler.lower.scans import Scans
from assay.compiler.planning.rewrite import COUNTING
from assay.compiler.types import DATE, TIMESTAMPTZ, Type
from assay.protocol import bundle
from assay.protocol.warehouse import Mask


@dataclass(frozen=True, slots=True)
class Lowered:
    """A plan in the words of one dialect, ready to be sealed."""

    dialect: str
    bundle: bundle.Bundle


def lower(planned: plan.Plan, dialect: Dialect, sink: Sink, *, compiler: str = "") -> Lowered:
    """What the dialect cannot say goes to the sink, and is left out of the result."""
    contract = planned.contract
    check_names(contract, dialect, sink)
    binds = (
        bundle.BindSpec("now", type_spec(TIMESTAMPTZ)),
        bundle.BindSpec("today", type_spec(DATE)),
        *_params(contract, sink),
    )
    places = {bind.name: place for place, bind in enumerate(binds, 1)}
    scans = Scans(dialect, contract.table, places)
    counts = {m.name for scan in planned.scans for m in scan.measures if m.aggregate.function in COUNTING}
    formulas = Formulas(counts)
    queries: list[bundle.Query] = []
    blame = _Blame(planned)
    told: set[str] = set()
    for scan in planned.scans:
        try:
            queries.append(scans.query(scan, formulas))
        except Unsupported as missing:
            _report(blame.of(scan, scans, formulas), missing, dialect, sink, told)
    captures: list[bundle.CaptureSpec] = []
    heads = {check.head.id: check.head for check in contract.checks}
    for capture in planned.captures:
        try:
            captures.append(scans.capture(capture))
        except Unsupported as missing:
            _report((heads[capture.check],), missing, dialect, sink, told)
    masks = {name: Mask(mask.kind, mask.characters) for name, mask in contract.failed_rows.masks}
    done = bundle.Bundle(
        format=bundle.FORMAT,
        compiler=compiler,
        dialect=dialect.name,
        contract=contract.name,
        version=contract.version,
        file=contract.file,
        source=contract.source,
        table=contract.table,
        schema=bundle.SchemaSpec(
            contract.schema.id, contract.schema_mode, contract.schema.words, contract.schema.line
        ),
        columns=tuple(
            bundle.ColumnSpec(c.name, type_spec(c.type), c.sensitive, masks.get(c.name))
            for c in contract.columns
        ),
        binds=binds,
        queries=tuple(queries),
        checks=tuple(_check(verdict, formulas) for verdict in planned.verdicts),
        captures=tuple(captures),
        keep_days=contract.failed_rows.days,
        prose=contract.prose,
    )
    return Lowered(dialect.name, done)


def type_spec(type_: Type) -> bundle.TypeSpec:
    item = None if type_.item is None else type_spec(type_.item)
    return bundle.TypeSpec(str(type_.kind), type_.precision, type_.scale, type_.length, item)


def _params(contract: ir.Contract, sink: Sink) -> list[bundle.BindSpec]:
    specs: list[bundle.BindSpec] = []
    for param in contract.params:
        try:
            default = default_text(param.default)
        except ValueError:
            default = None
            # The same in every dialect, so it is told by the first that is lowered.
            if not any(d.code == "E403" and d.facts["name"] == param.name for d in sink.items):
                sink.add("E403", None, name=param.name, file=contract.file)
        specs.append(bundle.BindSpec(param.name, type_spec(param.type), default))
    return specs


def _check(verdict: plan.Verdict, formulas: Formulas) -> bundle.CheckSpec:
    head = verdict.head
    return bundle.CheckSpec(
        id=head.id,
        kind=head.kind,
        words=head.words,
        line=head.line,
        unit=verdict.unit.value,
        value=formulas.lower(verdict.value),
        bounds=tuple(_bound(bound, formulas) for bound in verdict.bounds),
        prose=head.prose,
        columns=head.columns,
        failed=formulas.optional(verdict.failed),
        tested=formulas.optional(verdict.tested),
        withheld=verdict.egress is ir.Egress.WITHHELD,
        query=verdict.scan,
        was=head.was,
    )


def _bound(bound: plan.Bound, formulas: Formulas) -> bundle.BoundSpec:
    op = cast(Literal["=", "<>", "<", "<=", ">", ">=", "between"], bound.op)
    return bundle.BoundSpec(op, formulas.lower(bound.low), bound.level.value, formulas.optional(bound.high))


class _Blame:
    """Finds the checks that an unsupported measure belongs to."""

    def __init__(self, planned: plan.Plan) -> None:
        self._planned = planned

    def of(self, scan: plan.Scan, scans: Scans, formulas: Formulas) -> tuple[ir.Head, ...]:
        bad: set[str] = set()
        for measure in scan.measures:
            try:
                scans.query(plan.Scan(scan.id, scan.filter, scan.by, (measure,), None), formulas)
            except Unsupported:
                bad.add(measure.name)
        return tuple(v.head for v in self._planned.verdicts if bad.intersection(v.measures()))


def _report(
    heads: tuple[ir.Head, ...], missing: Unsupported, dialect: Dialect, sink: Sink, told: set[str]
) -> None:
    """Once for each check: its numbers and its failed rows have the same fault."""
    gap = missing.gap
    for head in heads:
        if head.id in told:
            continue
        told.add(head.id)
        sink.add(
            "E401" if gap.state == "never" else "E402",
            None,
            dialect=dialect.title,
            what=gap.what,
            reason=gap.reason,
            id=head.id,
            words=head.words,
            file=head.file,
            line=str(head.line),
        )
