"""A bundle that is not one for this runner is refused before anything is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from assay.protocol.bundle import Apply, BindRef, BindSpec, TypeSpec, encode
from assay.runner.bundles import BundleError, read_bundle
from tests.runner.builders import bundle, capture, check, declared, fails, m, measure, number, query

Doc = dict[str, Any]


def document() -> Doc:
    value = Apply("add", (m("rows"), Apply("coalesce", (number("1/3"), BindRef("least")))))
    made = bundle(
        [declared("id", "int")],
        [query("s1", measure("rows", "count(*)")), query("s2", measure("n", "count(*)"), keys=["id"])],
        [
            check("c", value, fails("between", "-1.5e3", "10")),
            check("g", m("n"), fails(">", "0"), query="s2"),
        ],
        [capture("c", "id")],
        binds=[BindSpec("least", TypeSpec("int"), "3"), BindSpec("now", TypeSpec("timestamptz"))],
    )
    return msgspec.json.decode(encode(made), type=dict[str, Any])


def test_a_good_one_is_read() -> None:
    assert read_bundle(msgspec.json.encode(document())).contract == "shop.orders"


def deep(doc: Doc, depth: int) -> None:
    for _ in range(depth):
        doc["checks"][0]["value"] = {"type": "apply", "op": "neg", "args": [doc["checks"][0]["value"]]}


def constant(kind: str, text: str) -> Callable[[Doc], None]:
    return lambda doc: doc["checks"][0]["bounds"][0].update(low={"type": "const", "kind": kind, "text": text})


FAULTS: dict[str, Callable[[Doc], object]] = {
    "format": lambda doc: doc.update(format=2),
    "dialect": lambda doc: doc.update(dialect="a b"),
    "no table": lambda doc: doc.update(table=[]),
    "unit": lambda doc: doc["checks"][0].update(unit="parsec"),
    "result": lambda doc: doc["queries"][0]["measures"][0].update(result="complex"),
    "no measure": lambda doc: doc["queries"][0].update(measures=[]),
    "operation": lambda doc: doc["checks"][0]["value"].update(op="pow"),
    "arguments": lambda doc: doc["checks"][0]["value"]["args"].pop(),
    "measure": lambda doc: doc["checks"][0]["value"]["args"][0].update(name="other"),
    "measure of another query": lambda doc: doc["checks"][0]["value"]["args"][0].update(name="n"),
    "bind": lambda doc: doc["binds"].pop(0),
    "default": lambda doc: doc["binds"][0].update(default="three"),
    "query": lambda doc: doc["checks"][1].update(query="s1"),
    "one limit": lambda doc: doc["checks"][0]["bounds"][0].pop("high"),
    "capture": lambda doc: doc["captures"][0].update(check="other"),
    "guard": lambda doc: doc["queries"][0].update(guard={"formula": {"type": "measure", "name": "n"}}),
    "number": constant("number", "ten"),
    "division by zero": constant("number", "1/0"),
    "number without end": constant("number", "1e999999999"),
    "number of many digits": constant("number", "1" * 5000),
    "not a number": constant("number", "nan"),
    "date": constant("date", "2024-02-30"),
    "timestamp": constant("timestamp", "noon"),
    "time": constant("time", "25:00"),
    "boolean": constant("boolean", "maybe"),
    "kind": constant("colour", "red"),
    "too deep": lambda doc: deep(doc, 250),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_one_is_refused(name: str) -> None:
    doc = document()
    FAULTS[name](doc)
    with pytest.raises(BundleError):
        read_bundle(msgspec.json.encode(doc))


OPEN = b'{"type":"apply","op":"neg","args":['
DEEP = msgspec.json.encode(document()).replace(b'"value":', b'"value":' + OPEN * 5_000, 1)


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"format": 1}', DEEP])
def test_bytes_that_are_no_bundle(data: bytes) -> None:
    with pytest.raises(BundleError):
        read_bundle(data)
