"""The corpus: a folder per case under golden/cases, with a contract, its tables and what the compiler made.

contract.contract   what is compiled; files beside it are what it imports
tables.sql          DDL and rows for every engine; or tables.duckdb.sql and tables.postgres.sql
case.json           {"now": …, "params": {…}} where the case needs them
expected/           written by `make golden`, reviewed by people
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from assay.compiler.pipeline import Compilation, compile_contract

ROOT = Path(__file__).parents[2] / "golden"
CASES = ROOT / "cases"
ROOT_FILE = "contract.contract"
ENGINES = ("duckdb", "postgres")
INPUTS = ("case.json", "tables.sql", *(f"tables.{engine}.sql" for engine in ENGINES))
NOW = "2024-01-01T00:00:00Z"


@dataclass(frozen=True)
class Case:
    """One folder of the corpus."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def expected(self) -> Path:
        return self.folder / "expected"

    @cached_property
    def _options(self) -> dict[str, object]:
        path = self.folder / "case.json"
        options: dict[str, object] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        assert options.keys() <= {"now", "params"}, f"{path}: unknown keys"
        return options

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(str(self._options.get("now", NOW)))

    @property
    def params(self) -> Mapping[str, str]:
        params = self._options.get("params", {})
        assert isinstance(params, dict)
        return params

    def sql(self, engine: str) -> str:
        own = self.folder / f"tables.{engine}.sql"
        return (own if own.exists() else self.folder / "tables.sql").read_text(encoding="utf-8")

    @cached_property
    def compiled(self) -> Compilation:
        return compile_contract(ROOT_FILE, self.read, ENGINES)

    def read(self, name: str) -> str | None:
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.is_file() else None


def all_cases() -> list[Case]:
    return [Case(folder) for folder in sorted(CASES.iterdir()) if folder.is_dir()]
