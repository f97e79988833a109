"""Writes the generated parts of docs/ anew: the stage table, the hub's states, its API and the page of all
diagnostics."""

from __future__ import annotations

import re
from pathlib import Path

from assay.compiler.codes import table
from assay.compiler.pipeline import STAGES
from assay.compiler.render import explain
from assay.hub.machine import TRANSITIONS
from assay.protocol.user import TERMINAL
from tools import api

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = ROOT / "docs" / "architecture.md"
INSTRUCTIONS = ROOT / "docs" / "instructions.md"
DIAGNOSTICS = ROOT / "docs" / "diagnostics.md"
API = ROOT / "docs" / "api.md"
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


def machine() -> str:
    """The diagram and the table of docs/instructions.md."""
    lines = ["```mermaid", "stateDiagram-v2"]
    arrows: dict[tuple[str, str], list[str]] = {}
    for one in TRANSITIONS:
        for before in one.before or ("[*]",):
            if one.after is not None:
                arrows.setdefault((str(before), one.after.value), []).append(one.event.value)
    lines += [f"    {before} --> {after}: {', '.join(events)}" for (before, after), events in arrows.items()]
    lines += [f"    {state.value} --> [*]" for state in sorted(TERMINAL)]
    lines += ["```", "", "| event | from | to | who | guard |", "|---|---|---|---|---|"]
    for one in TRANSITIONS:
        before = ", ".join(state.value for state in one.before)
        after = one.after.value if one.after is not None else "(the same)"
        lines.append(f"| {one.event.value} | {before} | {after} | {one.who} | {one.guard} |")
    return "\n".join(lines)


def instructions(text: str) -> str:
    """The page with its generated part current."""
    part = f"<!-- generated: machine -->\n{machine()}\n<!-- end -->"
    return re.sub(r"<!-- generated: machine -->.*?<!-- end -->", lambda _: part, text, flags=re.DOTALL)


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
    INSTRUCTIONS.write_text(instructions(INSTRUCTIONS.read_text(encoding="utf-8")), encoding="utf-8")
    DIAGNOSTICS.write_text(diagnostics(), encoding="utf-8")
    API.write_text(api.page(), encoding="utf-8")


if __name__ == "__main__":
    main()
