"""docs/warehouse.md against the SQL and the keys that it describes."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from assay.compiler.diagnostics import Sink
from assay.compiler.keeping import KEYS
from assay.compiler.profile import parse_profile
from assay.protocol.warehouse import WarehousePolicy, parse_warehouse
from assay.runner.warehouses.postgres_schema import ddl

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "warehouse.md").read_text(encoding="utf-8")
IMAGE = "registry.example.com/assay-runner@sha256:" + "0" * 64


def described(table: str) -> list[tuple[str, str]]:
    """The columns of a table as the page has them."""
    part = PAGE[PAGE.index(f"\n`{table}`: ") :]
    lines = part[part.index("|---|") :].splitlines()[1:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        name, type_, *_ = (cell.strip() for cell in line.strip("|").split("|"))
        rows.append((name.strip("`"), type_))
    return rows


COLUMN = re.compile(r'^  "?([a-z]+)"? +([a-z]+(?:\[\])?)', re.MULTILINE)
TABLE = re.compile(r'CREATE TABLE IF NOT EXISTS "assay"\.(\w+) \(\n(.*?)\n\);', re.DOTALL)


def test_tables_are_described_as_they_are() -> None:
    found = {
        name: [(c[1], c[2]) for c in COLUMN.finditer(body)] for name, body in TABLE.findall(ddl("assay"))
    }
    assert set(found) == {"runs", "captures", "groups", "outbox"}
    for name, columns in found.items():
        assert columns == described(name)


def test_every_key_of_a_policy_is_described_with_its_default() -> None:
    part = PAGE[PAGE.index("| key of `diagnostics` |") :]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", part[: part.index("\n\n")], re.MULTILINE))
    assert set(rows) == set(KEYS)
    policy = WarehousePolicy()
    assert (rows["bytes"], rows["cell"]) == (str(policy.bytes), str(policy.cell))


def test_what_the_page_writes_into_assay_yml_is_taken() -> None:
    blocks = [re.sub("(?m)^   ", "", text) if text.startswith("   ") else text
              for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]  # fmt: skip
    first, second = (yaml.safe_load(block) for block in blocks)
    assert parse_warehouse(first["warehouse"])[1] == []
    sink = Sink()
    doc = second["deployment"] | {"namespace": "assay-runs", "image": IMAGE}
    profile = parse_profile(doc, sink)
    assert profile is not None, sink.items
    assert profile.bindings[0].policy.rows == 1000
