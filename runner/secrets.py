"""The values of placeholders, from the one place that run.json says; and where a connection may go."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from assay.protocol.source import MissingValueError, PostgresSource, WrongValueError
from assay.runner.exits import FORBIDDEN, MISSING_SECRET, Ended

T = TypeVar("T")


@dataclass(slots=True)
class Secrets:
    """place: environment variables with a prefix, or files of their names in a folder. values: what was read."""

    place: Literal["env", "file"]
    prefix: str
    folder: Path
    values: set[str] = field(default_factory=set, repr=False)

    def filled(self, resolve: Callable[[Callable[[str], str | None]], T]) -> T:
        """What `resolve` makes with these values. Raises Ended."""
        try:
            return resolve(self._read)
        except MissingValueError:
            code = "MissingSecret"
        except WrongValueError:
            code = "WrongSecret"
        raise Ended(MISSING_SECRET, code, "secrets")

    def _read(self, name: str) -> str | None:
        """A line break at a file's end is the editor's."""
        if self.place == "env":
            value = os.environ.get(self.prefix + name)
        else:
            try:
                value = (self.folder / name).read_text(encoding="utf-8").removesuffix("\n")
            except (OSError, UnicodeDecodeError):
                value = None
        if value:
            self.values.add(value)
        return value


def check_place(server: PostgresSource, hosts: Sequence[str], ports: Sequence[int], stage: str) -> None:
    """Asked of the filled-in server: a secret may say where it is. Raises Ended."""
    if hosts and server.host.lower() not in hosts:
        raise Ended(FORBIDDEN, "HostNotAllowed", stage)
    if ports and int(server.port) not in ports:
        raise Ended(FORBIDDEN, "PortNotAllowed", stage)
