"""What all tables share: naming of constraints, and the columns that come again and again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, LargeBinary, MetaData, String, Table
from sqlalchemy.sql.elements import ColumnElement

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def ident(name: str, **options: Any) -> Column[str]:
    """A ULID in small letters."""
    return Column(name, String(26), **options)


def text(name: str, length: int, **options: Any) -> Column[str]:
    return Column(name, String(length), **options)


def instant(name: str, **options: Any) -> Column[int]:
    """Microseconds since 1970-01-01 UTC."""
    return Column(name, BigInteger, **options)


def sealed(name: str, **options: Any) -> Column[bytes]:
    """Encrypted with the tenant's data key, bound to its row (`keyring`)."""
    return Column(name, LargeBinary, **options)


def tenant() -> Column[str]:
    return Column("tenant", String(26), primary_key=True)


def belongs(parent: str, *columns: tuple[str, str]) -> ForeignKeyConstraint:
    """A foreign key within the tenant: (own column, the parent's column)."""
    own = ["tenant", *(mine for mine, _ in columns)]
    return ForeignKeyConstraint(own, [f"{parent}.tenant", *(f"{parent}.{theirs}" for _, theirs in columns)])


def partial(name: str, where: ColumnElement[bool], *columns: Any, unique: bool = False) -> Index:
    """An index of the rows that `where` names, on both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


def of_tenant() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant"], ["tenants.tenant"])


__all__ = [
    "METADATA",
    "Table",
    "belongs",
    "ident",
    "instant",
    "of_tenant",
    "partial",
    "sealed",
    "tenant",
    "text",
]
