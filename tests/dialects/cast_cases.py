"""Casts: the value, and what `cast` and `try_cast` must give on both engines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from assay.compiler import ir
from assay.compiler.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INT,
    SMALLINT,
    TEXT,
    TIMESTAMP,
    TIMESTAMPTZ,
    UUID,
    Kind,
    Type,
    decimal,
)
from tests.dialects.engines import ERROR

MONEY = decimal(6, 2)
SHORT = Type(Kind.VARCHAR, length=3)


@dataclass(frozen=True, slots=True)
class CastCase:
    have: Type
    value: ir.Scalar
    want: Type
    strict: object
    lenient: object

    def __str__(self) -> str:
        return f"{self.have} {self.value!r} as {self.want}"


def fits(have: Type, value: ir.Scalar, want: Type, gives: object) -> CastCase:
    return CastCase(have, value, want, gives, gives)


def unfit(have: Type, value: ir.Scalar, want: Type) -> CastCase:
    return CastCase(have, value, want, ERROR, None)


CASTS = (
    fits(TEXT, "42", INT, 42),
    fits(TEXT, " -42 ", INT, -42),
    fits(TEXT, "+7", SMALLINT, 7),
    fits(TEXT, None, INT, None),
    *(
        unfit(TEXT, text, INT)
        for text in ("", " ", "4.5", "1e3", "1_000", "0x1F", "abc", "12a", "NaN", "99999999999")
    ),
    unfit(TEXT, "9223372036854775808", BIGINT),
    fits(TEXT, "-9223372036854775808", BIGINT, -(2**63)),
    fits(TEXT, "1.555", MONEY, Decimal("1.56")),
    fits(TEXT, "1e2", MONEY, Decimal(100)),
    unfit(TEXT, "12345.6", MONEY),
    unfit(TEXT, "1,5", MONEY),
    unfit(TEXT, "nan", MONEY),
    fits(TEXT, "1.5e3", DOUBLE, 1500.0),
    fits(TEXT, ".5", DOUBLE, 0.5),
    unfit(TEXT, "inf", DOUBLE),
    unfit(TEXT, "1_0", DOUBLE),
    fits(TEXT, "TRUE", BOOLEAN, True),
    fits(TEXT, "n", BOOLEAN, False),
    fits(TEXT, None, BOOLEAN, None),
    unfit(TEXT, "on", BOOLEAN),
    unfit(TEXT, "", BOOLEAN),
    fits(TEXT, "2024-02-29", DATE, date(2024, 2, 29)),
    *(
        unfit(TEXT, text, DATE)
        for text in (
            "2023-02-29",
            "2024-2-9",
            "20240209",
            "2024-13-01",
            "2024-00-01",
            "today",
            "infinity",
            "2024-01-05 10:00",
            "",
        )
    ),
    fits(TEXT, "2024-01-05 10:00", TIMESTAMP, datetime(2024, 1, 5, 10)),
    fits(TEXT, "2024-01-05T10:00:00.5", TIMESTAMP, datetime(2024, 1, 5, 10, 0, 0, 500000)),
    unfit(TEXT, "2024-01-05 24:00", TIMESTAMP),
    unfit(TEXT, "2024-02-30 10:00", TIMESTAMP),
    unfit(TEXT, "now", TIMESTAMP),
    fits(TEXT, "2024-01-05T10:00:00Z", TIMESTAMPTZ, "2024-01-05 10:00:00+00"),
    fits(TEXT, "2024-01-05 10:00:00+02:00", TIMESTAMPTZ, "2024-01-05 08:00:00+00"),
    fits(TEXT, "2024-01-05 10:00:00", TIMESTAMPTZ, "2024-01-05 10:00:00+00"),
    unfit(TEXT, "2024-01-05 10:00:00 Europe/Brussels", TIMESTAMPTZ),
    unfit(TEXT, "550e8400", UUID),
    fits(TEXT, "abcdef", SHORT, "abc"),
    fits(INT, 5, TEXT, "5"),
    fits(INT, 12345, SHORT, "123"),
    fits(MONEY, Decimal("1.50"), TEXT, "1.50"),
    fits(BOOLEAN, True, TEXT, "true"),
    fits(DATE, date(2024, 1, 5), TEXT, "2024-01-05"),
    fits(TIMESTAMP, datetime(2024, 1, 5, 10, 0, 0, 500000), TEXT, "2024-01-05 10:00:00.5"),
    fits(TIMESTAMPTZ, datetime(2024, 1, 5, 10, tzinfo=UTC), TEXT, "2024-01-05 10:00:00+00"),
    fits(UUID, "550E8400-e29b-41d4-a716-446655440000", TEXT, "550e8400-e29b-41d4-a716-446655440000"),
    fits(DOUBLE, 2.5, INT, 2),
    fits(DOUBLE, 3.5, INT, 4),
    unfit(DOUBLE, 1e10, INT),
    unfit(DOUBLE, float("nan"), INT),
    unfit(DOUBLE, 9.3e18, BIGINT),
    fits(MONEY, Decimal("2.50"), INT, 3),
    unfit(BIGINT, 2**31, INT),
    fits(BIGINT, 5, SMALLINT, 5),
    unfit(INT, 10000, MONEY),
    fits(INT, 9999, MONEY, Decimal(9999)),
    fits(INT, 0, BOOLEAN, False),
    fits(BIGINT, 7, BOOLEAN, True),
    fits(BOOLEAN, True, BIGINT, 1),
    fits(BOOLEAN, None, INT, None),
    fits(INT, 5, DOUBLE, 5.0),
    fits(DATE, date(2024, 1, 5), TIMESTAMP, datetime(2024, 1, 5)),
    fits(TIMESTAMPTZ, datetime(2024, 1, 5, 23, tzinfo=UTC), DATE, date(2024, 1, 5)),
    fits(TIMESTAMP, datetime(2024, 1, 5, 23, 30), TIMESTAMPTZ, "2024-01-05 23:30:00+00"),
)
