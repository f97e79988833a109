"""How the machine goes on after a fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from assay.compiler.parse.lexer import Token


@dataclass(frozen=True, slots=True)
class Fix:
    """Go on with `token`. A guess may be wrong: what fails right after it is not reported."""

    token: Token
    guess: bool = False


# Skip to the next statement, from the token at fault.
PANIC = -1

# An offset says from where to skip; None that this was not the mistake.
Answer: TypeAlias = Fix | int | None
