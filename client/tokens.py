"""Who is speaking: a bearer token. It is asked for at each request, and shows itself to nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from assay.client.errors import Cause, Unreachable

_FORM = re.compile(r"[A-Za-z0-9._~+/=-]{1,8192}")
"""RFC 6750, section 2.1. Above all: no line break, which would end the header."""


class Token(Protocol):
    def read(self) -> str:
        """Raises Unreachable(TOKEN) where there is none at this moment."""
        ...


class StaticToken:
    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self) -> str:
        return checked(self._text)

    def __repr__(self) -> str:
        return "StaticToken()"


class TokenFile:
    """A file that the kubelet writes anew before the token in it expires: read for each request."""

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> str:
        try:
            with self.path.open("rb") as file:
                text = file.read(16_384).decode("ascii").strip()
        except (OSError, UnicodeDecodeError):
            text = ""
        return checked(text)

    def __repr__(self) -> str:
        return "TokenFile()"


def token_text(text: str) -> Token:
    return StaticToken(text)


def checked(text: str) -> str:
    if not _FORM.fullmatch(text):
        raise Unreachable(Cause.TOKEN)
    return text
