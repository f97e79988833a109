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
        name = url.get_backend_name()
    except (ArgumentError, ValueError):
        name = ""
    if name == "postgres":
        url, name = url.set(drivername="postgresql"), "postgresql"
    if name not in ("sqlite", "postgresql") or (name == "sqlite" and not url.database):
        raise Problem("a store is sqlite:///PATH or postgresql://USER@HOST/DATABASE")
    return url


def is_sqlite(address: str) -> bool:
    return parse(address).get_backend_name() == "sqlite"


def sqlite_path(address: str) -> Path:
    return Path(parse(address).database or "")


def postgres_url(address: str) -> URL:
    """For SQLAlchemy, with the driver that we have."""
    return parse(address).set(drivername="postgresql+psycopg")


def conninfo(address: str) -> str:
    """For libpq."""
    return parse(address).set(drivername="postgresql").render_as_string(hide_password=False)
