"""Small contracts for `assay explain`: a fault and its fix, each within a whole contract.

A text that holds further files gives each of them after a line `# file: NAME`.
"""

from __future__ import annotations

from assay.compiler.codes import Code

_HEAD = """contract shop.orders version 1.0.0 {
  dataset shop.public.orders
  column id bigint required unique
  column amount decimal(12, 2)
  column status varchar(16)
  column email text
  column placed_at timestamptz
"""


def within(body: str, before: str = "") -> str:
    """A contract of one dataset around the statements that matter."""
    lines = "".join(f"  {line}\n" for line in body.splitlines())
    return f"{before}{_HEAD}{lines}}}\n"


def code(
    code: str, message: str, label: str, help: str, cause: str, wrong: str, right: str, before: str = ""
) -> Code:
    """A code whose examples are statements of the sample contract, or whole files."""
    examples = [t if _whole(t) else within(t, before) for t in (wrong, right)]
    return Code(code, message, label, help, cause, *examples)


def _whole(text: str) -> bool:
    return "contract " in text
