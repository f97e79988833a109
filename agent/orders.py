"""Inside the sandbox: a work order, read and compiled. The agent itself imports none of this: it is large."""

from __future__ import annotations

import gc
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from assay.agent.attempt import Made
from assay.agent.compiling import Asked, Compiled, Refusal
from assay.compiler.diagnostics import Severity, Sink
from assay.compiler.manifests import Instruction, manifests
from assay.compiler.pipeline import compile_contract
from assay.compiler.profile import Profile, parse_profile
from assay.protocol import decoding
from assay.protocol.agent import ReasonCode, WorkOrder
from assay.protocol.bundle import check_ids
from assay.protocol.decoding import decode
from assay.protocol.source import parse_sources
from assay.protocol.wire import checks_sha256, encode

if TYPE_CHECKING:
    from assay.compiler.bundle import Sealed
    from assay.protocol.bundle import Bundle

KEPT = 32
"""Programs that are kept: a contract on a schedule is compiled once."""
_NOT_BOUND = frozenset(("E520", "E521", "E524", "E530", "E531", "E532"))
_REJECTED = frozenset(("E525", *(f"E54{n}" for n in range(10))))


class _Refused(Exception):
    def __init__(self, reason: ReasonCode, *codes: str) -> None:
        super().__init__(reason.value)
        self.refusal = Refusal(reason, tuple(dict.fromkeys(codes)))


def compile_order(request: bytes) -> bytes:
    """For `sandbox`: an Asked in, a Compiled or a Refusal out."""
    asked = msgspec.msgpack.decode(request, type=Asked)
    answer: Compiled | Refusal
    gc.disable()  # trees live as long as the compilation; looked for afterwards, once
    try:
        answer = Compiled(_compile(asked))
    except _Refused as refused:
        answer = refused.refusal
    finally:
        gc.enable()
    return msgspec.msgpack.encode(answer)


def _compile(asked: Asked) -> Made:
    order = _order(asked.order)
    profile = _profile(asked.deployment)
    binding = profile.binding(order.source_name)
    if binding is None or (binding.pools and asked.pool not in binding.pools):
        raise _Refused(ReasonCode.NOT_BOUND, "E520")
    dialect = _dialect(order)
    sealed, bundle = _program(encode(order.files), order.root, dialect)
    if (bundle.contract, bundle.version, bundle.source) != (order.contract, order.version, order.source_name):
        raise _Refused(ReasonCode.PLAN_MISMATCH)
    checks = checks_sha256(list(check_ids(bundle)))
    if checks != order.checks_sha256:
        raise _Refused(ReasonCode.PLAN_MISMATCH)
    return _objects(asked, order, profile, sealed, bundle, checks)


def _order(data: bytes) -> WorkOrder:
    try:
        return decode(data, WorkOrder)
    except (ValueError, RecursionError):
        raise _Refused(ReasonCode.ORDER_CORRUPT) from None


@lru_cache(maxsize=1)
def _profile(deployment: bytes) -> Profile:
    sink = Sink()
    profile = parse_profile(msgspec.json.decode(deployment), sink)
    if profile is None:
        raise ValueError("the profile was read before")
    return profile


def _dialect(order: WorkOrder) -> str:
    found, problems = parse_sources({order.source_name: order.source})
    source = found.get(order.source_name)
    if source is None or problems:
        raise _Refused(ReasonCode.COMPILE_ERROR, *(problem.fault for problem in problems))
    return str(type(source).__struct_config__.tag)


@lru_cache(maxsize=KEPT)
def _program(files: bytes, root: str, dialect: str) -> tuple[Sealed, Bundle]:
    """Raises _Refused, which is not kept."""
    texts = decoding.decode(files, dict[str, str])
    if root not in texts:
        raise _Refused(ReasonCode.ORDER_CORRUPT)
    made = compile_contract(root, texts.get, (dialect,))
    program = made.programs.get(dialect)
    if made.failed or program is None:
        codes = (item.code for item in made.diagnostics if item.severity is Severity.ERROR)
        raise _Refused(ReasonCode.COMPILE_ERROR, *codes)
    return program.sealed, program.lowered.bundle


def _objects(
    asked: Asked, order: WorkOrder, profile: Profile, sealed: Sealed, bundle: Bundle, checks: str
) -> Made:
    sink = Sink()
    instruction = Instruction(
        id=order.instruction,
        attempt=order.attempt,
        fence=asked.fence,
        deadline=min(order.deadline_s, asked.deadline),
        pool=asked.pool,
        job_token=asked.job_auth == "token",
    )
    found = manifests(
        sealed.data,
        bundle,
        order.source,
        profile,
        sink,
        params=order.params,
        instruction=instruction,
        warehouse_doc=order.warehouse,
        warehouse_name=order.warehouse_name,
    )
    codes = tuple(item.code for item in sink.items if item.severity is Severity.ERROR)
    if not found:
        raise _Refused(_why(codes), *codes)
    trees = {each.tree["kind"]: dict(each.tree) for each in found}
    job, config_map = trees["Job"], trees["ConfigMap"]
    spec = job["metadata"]["annotations"]["assay/spec-sha256"]
    return Made(sealed.digest, checks, spec, job, config_map)


def _why(codes: tuple[str, ...]) -> ReasonCode:
    if _NOT_BOUND.intersection(codes):
        return ReasonCode.NOT_BOUND
    return ReasonCode.MANIFEST_REJECTED if _REJECTED.intersection(codes) else ReasonCode.COMPILE_ERROR
