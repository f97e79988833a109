"""Where a store is: `sqlite:///PATH` or `postgresql://USER@HOST/DATABASE`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError


class Problem(Exception):
    """The store cannot be opened: the message says what to do."""


def parse(address: str) -> URL:
    """Raises Problem for any other form; its message repeats nothing, there may be a password in it."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = URL.create("unknown")
    match url.drivername:
        case "sqlite" if url.database:
            return url
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql")
        case _:
            raise Problem("a store is sqlite:///PATH or postgresql://USER@HOST/DATABASE")


def is_sqlite(address: str) -> bool:
    return parse(address).drivername == "sqlite"


def sqlite_path(address: str) -> Path:
    return Path(parse(address).database or "")


def postgres_url(address: str) -> URL:
    """For SQLAlchemy, with the driver that we have."""
    return parse(address).set(drivername="postgresql+psycopg")


def conninfo(address: str) -> str:
    """For libpq."""
    return parse(address).render_as_string(hide_password=False)
