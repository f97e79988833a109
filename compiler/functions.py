"""The one table of operators and functions of row expressions: what each takes, gives and means.

The checker types calls from it; every dialect has a lowering for every row of it (a test says so).
Parameter classes: boolean, integer, number, text, date, instant (timestamp, timestamptz), temporal (date or
instant), interval, any, and `same`: all of these must have a common type. A class behind `=` must be a
literal, e.g. `=unit`. Results: a type's name, `first` (the first argument's type), `same` (the common type),
`number` (the arithmetic result type, see `check.types`), `moment` (see the note of the function).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Nullness = Literal["any", "all", "never", "maybe"]
"""The result may be null when: any argument may be; all arguments may be; never; always (whatever they are)."""


@dataclass(frozen=True, slots=True)
class Function:
    """One row.

    params    classes of the arguments; `optional` of the last ones may be left out
    variadic  the last class may be repeated
    operator  how it is written; "" for a function call
    """

    name: str
    params: tuple[str, ...]
    result: str
    doc: str
    nulls: Nullness = "any"
    optional: int = 0
    variadic: bool = False
    operator: str = ""


UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")

_ROWS = (
    # arithmetic
    Function("add", ("number", "number"), "number", "sum; of decimals exact", operator="+"),
    Function("sub", ("number", "number"), "number", "difference; of decimals exact", operator="-"),
    Function("mul", ("number", "number"), "number", "product; of decimals exact", operator="*"),
    Function(
        "div", ("number", "number"), "double", "quotient as double, never whole-number division", operator="/"
    ),
    Function(
        "mod", ("integer", "integer"), "number", "remainder with the sign of the dividend", operator="%"
    ),
    Function("neg", ("number",), "first", "sign changed", operator="-"),
    # dates and durations
    Function(
        "shift",
        ("temporal", "=interval"),
        "moment",
        "a moment moved by an interval literal (args: moment, interval; a minus is folded into the literal); "
        "a date stays a date for whole days, weeks, months, years, else becomes a timestamp",
        operator="+",
    ),
    Function(
        "days_between",
        ("date", "date"),
        "bigint",
        "days from the first date to the second; `a - b` is days_between(b, a)",
    ),
    Function(
        "elapsed",
        ("instant", "instant"),
        "interval",
        "time from the first instant to the second, both of one type; `a - b` is elapsed(b, a)",
    ),
    # comparison and logic (three-valued)
    Function("eq", ("same", "same"), "boolean", "equal", operator="="),
    Function("ne", ("same", "same"), "boolean", "not equal", operator="<>"),
    Function("lt", ("same", "same"), "boolean", "less; texts by code point", operator="<"),
    Function("le", ("same", "same"), "boolean", "less or equal", operator="<="),
    Function("gt", ("same", "same"), "boolean", "greater", operator=">"),
    Function("ge", ("same", "same"), "boolean", "greater or equal", operator=">="),
    Function(
        "between",
        ("same", "same", "same"),
        "boolean",
        "within both bounds, bounds included",
        operator="between",
    ),
    Function("in", ("same", "same"), "boolean", "equal to one of the others", variadic=True, operator="in"),
    Function("and", ("boolean", "boolean"), "boolean", "both", nulls="maybe", variadic=True, operator="and"),
    Function(
        "or", ("boolean", "boolean"), "boolean", "one or both", nulls="maybe", variadic=True, operator="or"
    ),
    Function("not", ("boolean",), "boolean", "the opposite", operator="not"),
    Function("is_null", ("any",), "boolean", "true for NULL", nulls="never", operator="is null"),
    Function(
        "is_not_null",
        ("any",),
        "boolean",
        "true for everything but NULL",
        nulls="never",
        operator="is not null",
    ),
    Function("is_true", ("boolean",), "boolean", "true for true, false for false and NULL", nulls="never"),
    Function("coalesce", ("same", "same"), "same", "the first that is not NULL", nulls="all", variadic=True),
    Function("nullif", ("same", "same"), "first", "NULL where both are equal, else the first", nulls="maybe"),
    Function("greatest", ("same", "same"), "same", "the greatest; NULL if one is NULL", variadic=True),
    Function("least", ("same", "same"), "same", "the least; NULL if one is NULL", variadic=True),
    # text
    Function(
        "like",
        ("text", "=text"),
        "boolean",
        "`%` any characters, `_` one; `\\` takes the next as it is",
        operator="like",
    ),
    Function("concat", ("text", "text"), "text", "joined; NULL if one is NULL", variadic=True, operator="||"),
    Function("lower", ("text",), "text", "in lower case (portable for ASCII)"),
    Function("upper", ("text",), "text", "in upper case (portable for ASCII)"),
    Function("trim", ("text",), "text", "without blanks at both ends"),
    Function("ltrim", ("text",), "text", "without blanks at the start"),
    Function("rtrim", ("text",), "text", "without blanks at the end"),
    Function("length", ("text",), "bigint", "number of characters (code points)"),
    Function(
        "substring",
        ("text", "integer", "integer"),
        "text",
        "`count` characters from the position `start`, which counts from 1",
        optional=1,
    ),
    Function("left", ("text", "=integer"), "text", "the first n characters, n >= 0"),
    Function("right", ("text", "=integer"), "text", "the last n characters, n >= 0"),
    Function(
        "replace", ("text", "text", "text"), "text", "every occurrence of the second replaced by the third"
    ),
    Function(
        "position",
        ("text", "text"),
        "bigint",
        "where the second first stands in the first, from 1; 0 if nowhere",
    ),
    Function("starts_with", ("text", "text"), "boolean", "the first begins with the second"),
    Function("ends_with", ("text", "text"), "boolean", "the first ends with the second"),
    Function("contains", ("text", "text"), "boolean", "the second stands somewhere in the first"),
    # numbers
    Function("abs", ("number",), "first", "without its sign"),
    Function(
        "round",
        ("number", "=integer"),
        "number",
        "to n digits after the point (0 if left out), half away from zero",
        optional=1,
    ),
    Function("floor", ("number",), "first", "the greatest whole number not above it"),
    Function("ceil", ("number",), "first", "the least whole number not below it"),
    Function("sign", ("number",), "int", "-1, 0 or 1"),
    Function("sqrt", ("number",), "double", "square root; an error for a negative number"),
    Function("power", ("number", "number"), "double", "the first to the power of the second"),
    Function("ln", ("number",), "double", "natural logarithm; an error for a number <= 0"),
    Function("exp", ("number",), "double", "e to the power of it"),
    # parts of moments; an instant with time zone is read in UTC
    Function("year", ("temporal",), "int", "the year"),
    Function("quarter", ("temporal",), "int", "1 to 4"),
    Function("month", ("temporal",), "int", "1 to 12"),
    Function("day", ("temporal",), "int", "day of the month"),
    Function("day_of_week", ("temporal",), "int", "Monday 1 to Sunday 7 (ISO 8601)"),
    Function("day_of_year", ("temporal",), "int", "1 to 366"),
    Function("hour", ("instant",), "int", "0 to 23"),
    Function("minute", ("instant",), "int", "0 to 59"),
    Function("second", ("instant",), "int", "0 to 59, whole seconds"),
    Function(
        "date_trunc",
        ("=unit", "temporal"),
        "moment",
        "the start of the unit that it lies in (weeks start on Monday); keeps the type of the moment",
    ),
)

TABLE: dict[str, Function] = {row.name: row for row in _ROWS}
