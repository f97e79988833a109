"""Saves the parser's tables: grammar/contract.tables from grammar/contract.lark."""

from __future__ import annotations

from pathlib import Path

from assay.compiler.parse.build import tables_text
from assay.compiler.parse.tables import grammar_text

TABLES = Path(__file__).resolve().parent.parent / "grammar" / "contract.tables"


def main() -> None:
    TABLES.write_text(tables_text(grammar_text()), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
