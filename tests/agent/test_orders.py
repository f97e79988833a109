"""What an order compiles to, and what becomes of one that should not be run."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from assay.agent.attempt import Made
from assay.agent.compiling import Compiler, Refusal
from assay.agent.orders import compile_order
from assay.compiler.pipeline import compile_contract
from assay.protocol.agent import ReasonCode, WorkOrder
from assay.protocol.bundle import check_ids
from assay.protocol.wire import checks_sha256, encode
from tests.agent.stage import BINDING, SOURCE, deployment
from tests.support.scripted import CONTRACT

RUN = "0" * 26
FILES = {"orders.contract": CONTRACT}


def _checks(files: dict[str, str] = FILES) -> str:
    made = compile_contract("orders.contract", files.get, ("postgres",))
    return checks_sha256(list(check_ids(made.programs["postgres"].lowered.bundle)))


CHECKS = _checks()


def order(**changes: Any) -> bytes:
    fields: dict[str, Any] = {
        "instruction": RUN,
        "attempt": 1,
        "contract": "shop.orders",
        "version": "1.0.0",
        "root": "orders.contract",
        "files": FILES,
        "source_name": "warehouse",
        "source": SOURCE,
        "params": {},
        "checks_sha256": CHECKS,
        "deadline_s": 900,
    }
    return encode(WorkOrder(**(fields | changes)))


def made_of(data: bytes, fence: int = 1, pool: str = "default", **changes: Any) -> Made | Refusal:
    from assay.agent.compiling import Asked, Compiled

    document = msgspec.json.encode(deployment("assay-runs", "https://hub.example.com", **changes))
    asked = Asked(data, document, pool, fence, 3_600, "projected")
    answer = msgspec.msgpack.decode(compile_order(msgspec.msgpack.encode(asked)), type=Compiled | Refusal)
    return answer.made if isinstance(answer, Compiled) else answer


def refused(data: bytes, **named: Any) -> ReasonCode:
    found = made_of(data, **named)
    assert isinstance(found, Refusal)
    return found.reason


def test_an_order_becomes_a_suspended_job_and_its_config_map() -> None:
    made = made_of(order())
    assert isinstance(made, Made)
    assert made.job["metadata"]["name"] == made.config_map["metadata"]["name"] == f"assay-{RUN}-a1"
    assert made.job["spec"]["suspend"] is True
    assert made.job["spec"]["activeDeadlineSeconds"] == 900
    assert made.checks_sha256 == CHECKS
    assert set(made.config_map["data"]) == {"bundle.json", "source.json", "run.json"}


def test_the_same_order_is_the_same_job_under_every_lease() -> None:
    first, second = made_of(order(), fence=1), made_of(order(), fence=7)
    assert isinstance(first, Made)
    assert isinstance(second, Made)
    assert (first.spec_sha256, first.plan_sha256) == (second.spec_sha256, second.plan_sha256)
    assert second.job["metadata"]["annotations"]["assay/fence"] == "7"
    other = made_of(order(), timeout=600)
    assert isinstance(other, Made)
    assert other.spec_sha256 != first.spec_sha256


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"instruction": "x"}', b"\xff", b"[" * 100_000])
def test_an_order_that_is_none_is_corrupt(data: bytes) -> None:
    assert refused(data) is ReasonCode.ORDER_CORRUPT


def test_an_order_without_its_root_is_corrupt() -> None:
    assert refused(order(root="other.contract")) is ReasonCode.ORDER_CORRUPT


def test_other_checks_than_the_hub_published_are_not_run() -> None:
    more = CONTRACT.replace("check missing(amount) < 5%", "check missing(amount) < 5%\n  check rows > 0")
    assert refused(order(files={"orders.contract": more})) is ReasonCode.PLAN_MISMATCH
    assert refused(order(contract="shop.other")) is ReasonCode.PLAN_MISMATCH
    assert refused(order(version="2.0.0")) is ReasonCode.PLAN_MISMATCH


def test_a_contract_of_another_source_is_not_run_on_this_one() -> None:
    both = {"warehouse": BINDING, "other": BINDING}
    assert refused(order(source_name="other"), sources=both) is ReasonCode.PLAN_MISMATCH


@pytest.mark.parametrize(
    "text",
    ["", "contract", CONTRACT.replace("int", "in"), CONTRACT.replace("{", "(", 1), "\0" * 100],
    ids=["empty", "word", "type", "brace", "nul"],
)
def test_a_contract_with_errors_is_a_compile_error(text: str) -> None:
    assert refused(order(files={"orders.contract": text})) is ReasonCode.COMPILE_ERROR


@pytest.mark.parametrize(
    "source",
    [
        {},
        {"type": "oracle"},
        SOURCE | {"password": "hunter2"},
        SOURCE | {"options": {"session_preload_libraries": "evil"}},
        SOURCE | {"database": "${env.DB_PASSWORD}x${y"},
        {"type": "duckdb", "path": "../../etc/passwd"},
    ],
    ids=["empty", "type", "literal", "option", "placeholder", "path"],
)
def test_a_source_that_is_wrong_is_a_compile_error(source: dict[str, Any]) -> None:
    assert refused(order(source=source)) is ReasonCode.COMPILE_ERROR


@pytest.mark.parametrize(
    "change",
    [{"host": "evil.example.com"}, {"port": 1}, {"user": "${env.PATH}"}, {"sslmode": "disable"}],
    ids=["host", "port", "key", "tls"],
)
def test_what_the_binding_does_not_allow_is_not_bound(change: dict[str, Any]) -> None:
    assert refused(order(source=SOURCE | change)) is ReasonCode.NOT_BOUND


def test_a_source_without_binding_is_not_bound() -> None:
    assert refused(order(), sources={}) is ReasonCode.NOT_BOUND
    assert refused(order(), pool="europe", sources={"warehouse": BINDING | {"pools": ["asia"]}}) is (
        ReasonCode.NOT_BOUND
    )
    bound = made_of(order(), pool="asia", sources={"warehouse": BINDING | {"pools": ["asia"]}})
    assert isinstance(bound, Made)


def test_a_warehouse_that_the_binding_does_not_name_is_not_bound() -> None:
    assert refused(order(warehouse_name="rows", warehouse=SOURCE)) is ReasonCode.NOT_BOUND


def test_parameters_that_the_contract_does_not_have_are_a_compile_error() -> None:
    assert refused(order(params={"since": "2026-01-01"})) is ReasonCode.COMPILE_ERROR


def test_a_bomb_ends_its_sandbox_and_not_the_agent() -> None:
    document = msgspec.json.encode(deployment("assay-runs", "https://hub.example.com"))
    deep = CONTRACT.replace("< 5%", "< " + "(" * 200_000 + "5" + ")" * 200_000)
    compiler = Compiler(document, "projected")
    try:
        found = compiler.compile(order(files={"orders.contract": deep}), "default", 1, 600)
        assert isinstance(found, Refusal)
        assert found.reason is ReasonCode.COMPILE_ERROR
        assert isinstance(compiler.compile(order(), "default", 1, 600), Made)
    finally:
        compiler.close()


def test_no_word_of_a_contract_comes_out_of_the_sandbox_but_in_the_config_map() -> None:
    secret = CONTRACT.replace("amount int", "amount hunter2")
    found = made_of(order(files={"orders.contract": secret}))
    assert isinstance(found, Refusal)
    assert "hunter2" not in repr(found)
