"""Instants between the store's microseconds and the text of messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def instant(value: int) -> str:
    """As messages have it: UTC, ending in Z."""
    return moment(value).isoformat().removesuffix("+00:00") + "Z"


def instant_or_none(value: int | None) -> str | None:
    return None if value is None else instant(value)
