"""Wxxx: lints.

W2xx what nobody uses, W3xx what is probably not meant.
"""

from __future__ import annotations

from assay.compiler.codes import Code
from assay.compiler.codes.sample import code, within

CODES: tuple[Code, ...] = (
    code(
        "W201",
        "nothing of `{name}` is used",
        "not needed",
        "remove the import",
        "No name that this file defines stands in the contract.",
        within("", 'import "a.contract"\n') + "# file: a.contract\nlet big(x) = x > 1000\n",
        within(""),
    ),
    code(
        "W202",
        "{kind} `{name}` is not used",
        "never used",
        "remove it, or use it",
        "Nothing in the contract speaks of it; perhaps a rule or a check was forgotten.",
        "let big = amount > 1000",
        "let big = amount > 1000\ncheck count(big) < 10%",
    ),
    code(
        "W203",
        "parameter `{name}` is not used",
        "never used",
        "remove it, or use it",
        "Runs could set it, and nothing would change.",
        "param since date = today()",
        "param since date = today()\nfilter placed_at >= since",
    ),
    code(
        "W301",
        "rows where `{name}` is null are left out",
        "neither true nor false for null",
        "say what null means: `({name} is null or …)`, or declare the column `required`",
        "A comparison with null is unknown, and rows for which a condition is unknown are not counted. "
        "With `<>`, "
        "`not in` and `not like` that is rarely what is meant.",
        "check count(status <> 'void') > 10",
        "check count(status is null or status <> 'void') > 10",
    ),
    code(
        "W302",
        "nothing makes a value of `{name}` invalid",
        "the same for all data",
        "add a clause to the column, such as `in (…)`, `between … and …` or `matches …`",
        "`invalid` and `valid` count by the clauses of the column, and it has none that speak of its values.",
        "check invalid(email) < 1%",
        "column backup text matches email\ncheck invalid(backup) < 1%",
    ),
    code(
        "W303",
        "this bound adds nothing",
        "never the one that decides",
        "make the warning stricter than the failure, or remove one of them",
        "Of two bounds the stricter one should warn and the looser one fail; here one of them never decides.",
        "check missing(email) < 5% else warn, < 1% else fail",
        "check missing(email) < 1% else warn, < 5% else fail",
    ),
    code(
        "W304",
        "`{name}` is unique by itself",
        "says nothing more",
        "remove it, or the `unique` of the column",
        "Where one column is unique, every combination with it is.",
        "unique (id, status)",
        "unique (email, status)",
    ),
    code(
        "W305",
        "there is nothing to release",
        "leaves anyway",
        "remove `release value`",
        "Counts, shares, sums, averages and ages may leave without it; what is one cell's own value (`min`, `max`, "
        "`median`, `percentile`) leaves only with it.",
        "check avg(amount) > 10 release value",
        "check avg(amount) > 10",
    ),
    code(
        "W306",
        "failed rows show nothing of the sensitive column `{name}`",
        "kept as `[redacted]`",
        "write `{name} masked hash`, so that equal values can be told, or remove it from the list",
        "Failed rows stay in the data's own network, but more people may read them than the table: a sensitive "
        "column without a mask is redacted, unless the customer's own configuration unmasks it.",
        "column phone text sensitive\nfailed rows { columns id, phone }",
        "column phone text sensitive\nfailed rows { columns id, phone masked hash }",
    ),
)
