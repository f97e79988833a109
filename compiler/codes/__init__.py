"""Every diagnostic code with its sentences: the one place where a fault is put into words.

E1xx syntax, E2xx names, E3xx types and meaning, E4xx dialects and planning, E5xx manifests and deployment,
E6xx configuration and data sources, W-codes for lints. Templates are filled with a diagnostic's facts by
`str.format`; the user's words stand in backticks.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """What is said about one kind of fault.

    message   the headline: lower case, no full stop, no blame
    label     what stands under the underlined text; may be empty
    help      advice; used when the diagnostic has no suggestion of its own; may be empty
    cause     for `assay explain`: why this is a fault, in a sentence or two
    example   a whole contract (or the part named by `kind`) that shows the fault
    fix       the same, corrected
    """

    code: str
    message: str
    label: str = ""
    help: str = ""
    cause: str = ""
    example: str = ""
    fix: str = ""


def table() -> dict[str, Code]:
    """All codes by name, in order."""
    from assay.compiler.codes import (
        agent,
        config,
        dialects,
        hub,
        manifests,
        meaning,
        names,
        syntax,
        warnings,
    )

    rows: list[Code] = []
    for module in (syntax, names, meaning, dialects, manifests, config, hub, agent, warnings):
        rows.extend(module.CODES)
    found: dict[str, Code] = {}
    for row in rows:
        if row.code in found:
            raise ValueError(f"code {row.code} is defined twice")
        found[row.code] = row
    return found
