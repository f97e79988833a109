"""Writes the generated parts of docs/ anew: the stage table and the page of all diagnostics."""

from __future__ import annotations

import re
from pathlib import Path

from assay.compiler.codes import table
from assay.compiler.pipeline import STAGES
from assay.compiler.render import explain

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = ROOT / "docs" / "architecture.md"
DIAGNOSTICS = ROOT / "docs" / "diagnostics.md"
GROUPS = (
    ("E1", "Syntax"),
    ("E2", "Names"),
    ("E3", "Types and meaning"),
    ("E4", "Dialects"),
    ("E5", "Manifests and deployment"),
    ("E6", "Configuration, data sources and the command line"),
    ("E9", "Faults of Assay itself"),
    ("W", "Warnings"),
)


def stages() -> str:
    """The table of docs/architecture.md."""
    rows = ["| # | stage | takes | gives | can go wrong | golden file |", "|---|---|---|---|---|---|"]
    for number, s in enumerate(STAGES, 1):
        golden = ", ".join(f"`{name}`" for name in s.golden.split(", ") if name)
        rows.append(f"| {number} | {s.name} | {s.takes} | {s.gives} | {s.errors} | {golden} |")
    return "\n".join(rows)


def architecture(text: str) -> str:
    """The page with its generated part current."""
    part = f"<!-- generated: stages -->\n{stages()}\n<!-- end -->"
    return re.sub(r"<!-- generated: stages -->.*?<!-- end -->", lambda _: part, text, flags=re.DOTALL)


def diagnostics() -> str:
    """docs/diagnostics.md: every code with its page, as `assay explain CODE` shows it."""
    lines = [
        "# Diagnostics",
        "",
        "Every code with its cause, an example and the way out; `assay explain CODE` shows the same page. This file is",
        "generated from `compiler/codes/` by `make golden`.",
        "",
    ]
    codes = table()
    for prefix, title in GROUPS:
        lines += [f"## {title}", ""]
        for code in sorted(codes):
            if code.startswith(prefix):
                page = (explain(code) or "").rstrip()
                lines += [f"### {code}", "", "```text", page, "```", ""]
    return "\n".join(lines)


def main() -> None:
    ARCHITECTURE.write_text(architecture(ARCHITECTURE.read_text(encoding="utf-8")), encoding="utf-8")
    DIAGNOSTICS.write_text(diagnostics(), encoding="utf-8")


if __name__ == "__main__":
    main()
