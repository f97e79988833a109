"""E4xx: what a dialect cannot do. They speak of generated SQL, so they name a statement by id and line."""

from __future__ import annotations

from assay.compiler.codes import Code

_ORDERS = "contract shop.orders version 1.0.0 {\n  dataset warehouse.public.orders\n"

CODES: tuple[Code, ...] = (
    Code(
        "E401",
        "{what} cannot be said in {dialect}: `{id}` on line {line} of {file}",
        label="{reason}",
        help="{reason}; say it another way: compare numbers with numbers, dates with dates",
        cause="Every expression means the same in every dialect. This one has no form that does, and never "
        "will: engines write the same double, or the same bytes, as different text.",
        example=_ORDERS + "  column price double\n  rule whole: cast(price as text) not like '%.%'\n}\n",
        fix=_ORDERS + "  column price double\n  rule whole: price = floor(price)\n}\n",
    ),
    Code(
        "E402",
        "{what} is not supported in {dialect} yet: `{id}` on line {line} of {file}",
        label="{reason}",
        help="{reason}; `cast` can do it, and is an error of the check where a value does not fit",
        cause="The dialect could say this, but its table has no lowering for it so far. The limit is a known "
        "one and is meant to go away.",
        example="contract shop.events version 1.0.0 {\n  dataset warehouse.public.events\n"
        "  column payload text\n  rule parses: try_cast(payload as json) is not null\n}\n",
        fix="contract shop.events version 1.0.0 {\n  dataset warehouse.public.events\n"
        "  column payload text\n  rule parses: payload like '{%}'\n}\n",
    ),
    Code(
        "E403",
        "the default of the parameter `{name}` is not known before a run: {file}",
        label="not a constant, `now` or `today`",
        help="write a constant, or `now` or `today()` with an interval added or taken away",
        cause="A default is computed by the runner, once, before the first statement. It knows constants, "
        "`now` and `today()`, and intervals between them; it does not evaluate SQL.",
        example=_ORDERS + "  param  least bigint = 2 * 5\n  column amount bigint >= least\n}\n",
        fix=_ORDERS + "  param  least bigint = 10\n  column amount bigint >= least\n}\n",
    ),
    Code(
        "E404",
        "the name `{name}` has {size} bytes, more than the {limit} that {dialect} keeps: {file}",
        label="cut short by {dialect}",
        help="no such name can exist there; look for a missing `.` or a slip",
        cause="PostgreSQL cuts longer names short without an error, so that the statement would read another "
        "column, or one name would mean two.",
        example=_ORDERS + "  column " + "very_" * 13 + "long text required\n}\n",
        fix=_ORDERS + "  column very_long text required\n}\n",
    ),
    Code(
        "E405",
        "the path `{name}` has {parts} parts, {dialect} knows at most {limit}: {file}",
        label="{parts} parts after the data source",
        help="a dataset is named by its data source, then database, schema and table",
        cause="The first part of a dataset's path is the name of a data source; what follows is for the "
        "engine, which has tables in schemas in databases and nothing above.",
        example=_ORDERS.replace("warehouse.", "warehouse.eu.shop.") + "  check rows > 0\n}\n",
        fix=_ORDERS + "  check rows > 0\n}\n",
    ),
    Code(
        "E406",
        "the parameter `{name}` cannot be named so in {dialect}: {file}",
        label="not a plain name",
        help="use letters, digits and `_`",
        cause="A parameter becomes a named placeholder of the statement, and a placeholder is a plain name.",
        example=_ORDERS + "  param  `least amount` int = 10\n"
        "  column amount int\n  rule enough: amount >= `least amount`\n}\n",
        fix=_ORDERS
        + "  param  least_amount int = 10\n  column amount int\n  rule enough: amount >= least_amount\n}\n",
    ),
)
