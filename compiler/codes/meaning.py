"""E3xx: types and meaning.

E301 to E319 types, E320 to E329 constants, E330 to E338 what can never or must always hold, E339 to E349
checks, E350 to E353 patterns (in `patterns`), E355 to E358 what frames the checks, E390 not supported yet.
"""

from __future__ import annotations

from assay.compiler.codes import Code, patterns
from assay.compiler.codes.constants import CODES as CONSTANTS
from assay.compiler.codes.promises import CODES as PROMISES
from assay.compiler.codes.sample import code

_TYPES: tuple[Code, ...] = (
    code(
        "E301",
        "{left} is compared with {right}",
        "these never meet",
        "convert one of them with `cast(… as …)`",
        "Both sides of a comparison have one type. Numbers meet numbers and dates meet timestamps; "
        "everything else "
        "is converted by an explicit cast, as engines disagree on the rest.",
        "check count(amount = 'ten') = 0",
        "check count(amount = 10) = 0",
    ),
    code(
        "E302",
        "`{name}` takes a {wanted}, and this is {type}",
        "{type}",
        "",
        "Each function and metric says what it is about; this argument is something else.",
        "check avg(status) > 1",
        "check avg(length(status)) > 1",
    ),
    code(
        "E303",
        "`{name}` takes {wanted}; given: {given}",
        "",
        "`assay explain functions` lists what each function takes",
        "The number of arguments does not fit.",
        "rule r: substring(status) = 'a'",
        "rule r: substring(status, 1, 1) = 'a'",
    ),
    code(
        "E304",
        "a condition is expected, and this is {type}",
        "neither true nor false",
        "compare it with something",
        "Rules, `where`, `filter`, `and`, `or` and `not` take what is true or false.",
        "rule r: amount",
        "rule r: amount > 0",
    ),
    code(
        "E305",
        "a check is about metrics, and this is about single rows",
        "one value per row",
        "write `rule NAME: …` or a clause of the column for what every row must keep, or count: "
        "`count(…) = 0`",
        "A check compares a number about all rows with a bound. What each row must keep is a rule.",
        "check amount > 0",
        "rule positive: amount > 0",
    ),
    code(
        "E306",
        "metric `{name}` in an expression about single rows",
        "a number about all rows",
        "write a check: `check {name} …`",
        "Rules and conditions are about one row at a time, where no number about all rows is known.",
        "rule r: amount < avg(amount)",
        "check max(amount) < 1000",
    ),
    code(
        "E307",
        "metric `{name}` within a metric",
        "already within a metric",
        "take one of them away",
        "A metric reads rows, and another metric is not a row.",
        "check avg(sum(amount)) > 1",
        "check avg(amount) > 1",
    ),
    code(
        "E308",
        "`{op}` does not work on {types}",
        "",
        "convert with `cast(… as …)` where that is meant",
        "Arithmetic is for numbers, `||` for texts, and intervals move dates and timestamps.",
        "rule r: status + 1 > 2",
        "rule r: amount + 1 > 2",
    ),
    code(
        "E309",
        "a text where a {type} is expected",
        "only a text between quotes",
        "write the kind of value before the quotes",
        "Engines read dates out of texts in different ways, so a date says that it is one.",
        "filter placed_at >= '2024-01-01'",
        "filter placed_at >= timestamptz '2024-01-01'",
    ),
    code(
        "E310",
        "`{what}` is for texts, and this is {type}",
        "{type}",
        "convert it: `cast(… as text)`",
        "Patterns are held against texts.",
        "rule r: placed_at like '2024%'",
        "rule r: year(placed_at) = 2024",
    ),
    code(
        "E311",
        "`length` is for texts, and this column is {type}",
        "has no length",
        "use `between`, or declare the column as text",
        "The length of a value is its number of characters.",
        "column quantity int length <= 5",
        "column quantity int between 0 and 99999",
    ),
    code(
        "E312",
        "{type} has no {what}",
        "cannot be compared this way",
        "compare a part of it, or a cast of it",
        "Engines do not agree on when two such values are equal, or which one is greater.",
        "column payload json unique",
        "column payload json\nunique (email, status)",
    ),
    code(
        "E313",
        "{first} and {second} do not go together",
        "{second} here, {first} before",
        "convert one of them with `cast(… as …)`",
        "All results of a `case`, and all arguments of `coalesce`, `least` and `greatest`, have one type.",
        "rule r: coalesce(status, 0) = 'a'",
        "rule r: coalesce(status, 'none') = 'a'",
    ),
    code(
        "E314",
        "there is no cast from {source} to {target}",
        "",
        "go by way of text where that is meant",
        "No engine, or not every one, converts between these types.",
        "rule r: cast(amount as date) > today()",
        "rule r: cast(placed_at as date) > today()",
    ),
    code(
        "E315",
        "{what} takes {wanted}",
        "not written out",
        "write the value itself",
        "What stands here shapes the statement, so it is known when the contract is compiled.",
        "rule r: left(status, -1) = 'a'",
        "rule r: left(status, 1) = 'a'",
    ),
    code(
        "E316",
        "`date_trunc` takes one of {units}",
        "not a unit",
        "",
        "The first argument names the unit that a moment is cut down to.",
        "rule r: date_trunc('weeks', placed_at) < now()",
        "rule r: date_trunc('week', placed_at) < now()",
    ),
    code(
        "E317",
        "{left} is compared with {right}",
        "one has a time zone, the other has none",
        "say which zone is meant: `cast(… as timestamptz)` reads it as UTC",
        "A timestamp without a zone is a different moment in each zone, so no engine's guess is taken.",
        "column seen_at timestamp\nrule r: seen_at < now()",
        "column seen_at timestamp\nrule r: cast(seen_at as timestamptz) < now()",
    ),
    code(
        "E318",
        "comparison with null",
        "never true, never false",
        "write `is null` or `is not null`",
        "Null is not a value that others could equal or exceed.",
        "rule r: amount between null and 5",
        "rule r: amount <= 5",
    ),
    code(
        "E319",
        "a pattern where a value is expected",
        "not a value",
        "patterns stand after `matches`",
        "A pattern between slashes is what `matches` holds a text against; it is no value by itself.",
        "rule r: status = /^a/",
        "rule r: status matches /^a/",
    ),
)

_LATER: tuple[Code, ...] = (
    code(
        "E390",
        "{what} is not supported yet",
        "not supported yet",
        "remove it for now",
        "The language has this, and this version of the compiler does not carry it out. It is never "
        "skipped in "
        "silence.",
        "check rows >= 0.5 * avg(rows over last 7 runs)",
        "check rows >= 1000",
    ),
)

CODES: tuple[Code, ...] = (*_TYPES, *CONSTANTS, *PROMISES, *patterns.CODES, *_LATER)
