"""E320 to E329: constants that no data could meet, and products that no decimal holds. Part of `meaning`."""

from __future__ import annotations

from assay.compiler.codes import Code
from assay.compiler.codes.sample import code

CODES: tuple[Code, ...] = (
    code(
        "E320",
        "{value} is longer than {type} can hold",
        "{length} characters",
        "shorten it, or widen the column's type",
        "No value of the column can equal it.",
        "column country char(2) in ('BE', 'NLD')",
        "column country char(2) in ('BE', 'NL')",
    ),
    code(
        "E321",
        "{value} is out of the range of {type}",
        "out of range",
        "choose a value in range, or widen the column's type",
        "No value of the column comes near it, so a comparison with it says nothing.",
        "column rating smallint <= 100000",
        "column rating smallint <= 100",
    ),
    code(
        "E322",
        "{value} has more digits after the point than {type} keeps",
        "never equal",
        "round it, or widen the column's type",
        "No value of the column can equal it.",
        "column rate decimal(5, 2) in (0.125, 0.25)",
        "column rate decimal(5, 3) in (0.125, 0.25)",
    ),
    code(
        "E323",
        "`{value}` is no {kind}",
        "not in the calendar",
        "write it like `{kind} '{shape}'`",
        "Dates and times are written by ISO 8601, and must exist.",
        "filter placed_at >= timestamptz '2024-02-30'",
        "filter placed_at >= timestamptz '2024-02-29'",
    ),
    code(
        "E324",
        "division by zero",
        "always zero",
        "",
        "Nothing can be divided by zero, whatever the data are.",
        "rule r: amount / 0 > 1",
        "rule r: amount / 10 > 1",
    ),
    code(
        "E325",
        "this interval cannot be used so: {reason}",
        "",
        "intervals move dates and timestamps, and are compared with the time between two timestamps",
        "An interval is a stretch of time, neither a number nor a moment.",
        "rule r: amount > 2 hours",
        "rule r: now() - placed_at < 2 hours",
    ),
    code(
        "E326",
        "a {unit} has no fixed length",
        "28 to 31 days, or more",
        "write it in days",
        "Comparing a stretch of time with months gives another answer in each month.",
        "check freshness(placed_at) < 1 month",
        "check freshness(placed_at) < 30 days",
    ),
    code(
        "E327",
        "a percentage meets {what}",
        "only shares and row counts go with `%`",
        "write a plain number, or count rows: `count(…) < 5%`",
        "A percentage is a share of rows. A row count that it meets is divided by the rows tested; "
        "anything else "
        "has nothing to be a share of.",
        "check avg(amount) < 5%",
        "check count(amount > 100) < 5%",
    ),
    code(
        "E328",
        "a share is out of range: `{value}`",
        "shares lie between 0% and 100%",
        "",
        "No share of rows is below 0% or above 100%.",
        "check missing(email) < 150%",
        "check missing(email) < 15%",
    ),
    code(
        "E329",
        "a product of {left} and {right} has more than 38 digits after the point",
        "no decimal holds it",
        "cast one of them to fewer digits after the point, or to `double`",
        "Decimals have at most 38 digits, and a product keeps the digits after the point of both its factors.",
        "column rate decimal(30, 20)\nrule r: rate * rate < 1",
        "column rate decimal(30, 20)\nrule r: rate * cast(rate as decimal(24, 8)) < 1",
    ),
)
