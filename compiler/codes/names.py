"""E2xx: a name means nothing, or two things.

E201 to E208 unknown names, E210 to E219 files and what frames a contract, E220 to E231 names given twice.
"""

from __future__ import annotations

from assay.compiler.codes import Code
from assay.compiler.codes.sample import code, within

CODES: tuple[Code, ...] = (
    code(
        "E201",
        "unknown column `{name}`",
        "not a column of {contract}",
        "declare it: `column {name} text`",
        "A name in an expression is a declared column, a parameter or a `let`. This one is none of them.",
        "check missing(emial) < 1%",
        "check missing(email) < 1%",
    ),
    code(
        "E202",
        "unknown function `{name}`",
        "no function of this name",
        "`assay explain functions` lists them",
        "Row expressions use the functions of one table, so that every engine can run them.",
        "rule short: size(email) < 50",
        "rule short: length(email) < 50",
    ),
    code(
        "E203",
        "unknown type `{name}`",
        "not a type of the language",
        "the types are boolean, smallint, int, bigint, decimal, float, double, text, varchar, char, "
        "uuid, json, "
        "binary, date, time, timestamp, timestamptz, array<…> and any",
        "Types have one name each, and synonyms of the usual engines; this word is neither.",
        "column quantity integr",
        "column quantity integer",
    ),
    code(
        "E204",
        "unknown format `{name}`",
        "no format of this name",
        "define it outside of the contract: `format {name} /…/`, or write the pattern between slashes",
        "After `matches` stands a standard format, one that a `format` defines, or a pattern between "
        "slashes.",
        "rule mail: email matches e_mail",
        "rule mail: email matches email",
    ),
    code(
        "E205",
        "unknown name `{name}`",
        "neither a metric nor a parameter",
        "metrics are written like `rows`, `missing(column)` or `avg(column)`",
        "In a check stand metrics, parameters and lets; this name is none of them.",
        "check row_count > 0",
        "check rows > 0",
    ),
    code(
        "E206",
        "unknown rule `{name}`",
        "no rule of this name",
        "`violations` takes the name of a `rule` of this contract",
        "`violations(…)` counts the rows that break a rule, and there is no such rule.",
        "rule positive: amount > 0\ncheck violations(positiv) < 1%",
        "rule positive: amount > 0\ncheck violations(positive) < 1%",
    ),
    code(
        "E207",
        "`{path}` does not name a column of a table",
        "too few parts",
        "write the data source, the table and the column: `shop.public.customers.id`",
        "A reference names the data source, then the table as the source knows it, then the column.",
        "column customer_id bigint references customers.id",
        "column customer_id bigint references shop.public.customers.id",
    ),
    code(
        "E208",
        "unknown metric `{name}`",
        "no metric of this name",
        "the metrics are rows, missing, invalid, valid, duplicates, distinct, count, violations, sum, "
        "avg, min, "
        "max, stddev, variance, median, percentile, correlation and freshness",
        "A check is about metrics, each with a name of its own.",
        "check mean(amount) > 10",
        "check avg(amount) > 10",
    ),
    code(
        "E210",
        "there is no file `{name}`",
        "imported here",
        "paths are relative to the importing file",
        "An import names a file by its path from the file that imports it, and nothing was found there.",
        within("column iban text matches iban", 'import "company.contract"\n'),
        within("column iban text matches iban"),
    ),
    code(
        "E211",
        "`{path}` leads out of the project",
        "not below the root",
        "imports use relative paths with `/` that stay below the project's root",
        "A contract reads files of its own project only, so that it means the same wherever it is compiled.",
        within("", 'import "../secret.contract"\n'),
        within(""),
    ),
    code(
        "E212",
        "imports go round in a circle: {cycle}",
        "leads back to where it began",
        "move what both files need into a third one",
        "Each of these files needs the other one first.",
        within("check count(big(amount)) = 0", 'import "a.contract"\n')
        + '# file: a.contract\nimport "b.contract"\nlet big(x) = x > 1000\n'
        + '# file: b.contract\nimport "a.contract"\n',
        within("check count(big(amount)) = 0", 'import "a.contract"\n')
        + "# file: a.contract\nlet big(x) = x > 1000\n",
    ),
    code(
        "E213",
        "`{name}` is imported twice",
        "again here",
        "remove one of the two",
        "One import of a file brings all that it defines.",
        within("check count(big(amount)) = 0", 'import "a.contract"\nimport "./a.contract"\n')
        + "# file: a.contract\nlet big(x) = x > 1000\n",
        within("check count(big(amount)) = 0", 'import "a.contract"\n')
        + "# file: a.contract\nlet big(x) = x > 1000\n",
    ),
    code(
        "E214",
        "imported file `{file}` holds a contract",
        "a contract of its own",
        "move what is shared into a file without a contract",
        "Files that are imported hold formats and lets; a contract is compiled as the root file only.",
        within("check count(big(amount)) = 0", 'import "a.contract"\n')
        + "# file: a.contract\nlet big(x) = x > 1000\ncontract shop.other { dataset shop.other }\n",
        within("check count(big(amount)) = 0", 'import "a.contract"\n')
        + "# file: a.contract\nlet big(x) = x > 1000\n",
    ),
    Code(
        "E215",
        "`{file}` holds no contract",
        "",
        "add `contract NAME version 1.0.0 {{ … }}`, or compile the file that imports this one",
        "A file with formats and lets alone can be imported, but there is nothing in it to compile.",
        "let big(x) = x > 1000\n",
        within("check count(big(amount)) = 0", "let big(x) = x > 1000\n"),
    ),
    code(
        "E216",
        "a second contract, `{name}`, in one file",
        "belongs in a file of its own",
        "move it to another file",
        "One file holds one contract, so that its name says what it promises.",
        within("") + "contract shop.customers { dataset shop.public.customers }\n",
        within(""),
    ),
    code(
        "E217",
        "`{name}` names no dataset",
        "nothing to check",
        "add `dataset source.schema.table`",
        "A contract is about one dataset, and nothing says which.",
        "contract shop.orders version 1.0.0 {\n  column id bigint\n}\n",
        "contract shop.orders version 1.0.0 {\n  dataset shop.public.orders\n  column id bigint\n}\n",
    ),
    code(
        "E218",
        "`{path}` names a data source without a table",
        "one part",
        "write the data source, then the path that the source knows: `shop.public.orders`",
        "The first part of a dataset is the data source; what follows is the table in it.",
        "contract shop.orders version 1.0.0 {\n  dataset orders\n}\n",
        "contract shop.orders version 1.0.0 {\n  dataset shop.orders\n}\n",
    ),
    code(
        "E219",
        "`{what}` is said twice",
        "again here",
        "keep one of them",
        "A contract says this once; two would leave open which one holds.",
        "schema open\nschema exact",
        "schema exact",
    ),
    code(
        "E220",
        "column `{name}` is declared twice",
        "again here",
        "remove one of them, or join their clauses",
        "A column is declared once, with all its clauses.",
        "column amount int",
        "column amount_in_cents int",
    ),
    code(
        "E221",
        "the name `{name}` is taken",
        "means two things",
        "choose another name",
        "Columns, parameters and lets share one space of names, as expressions use them alike; rules "
        "have theirs.",
        "let status = amount > 0\ncheck count(status) = 0",
        "let positive = amount > 0\ncheck count(positive) = 0",
    ),
    code(
        "E222",
        "`{name}` is defined twice",
        "again here",
        "remove one of them, or rename it",
        "Shared definitions of all imported files are seen together, so each name stands for one of them.",
        within("check count(big(amount)) = 0", 'import "a.contract"\nlet big(x) = x > 5\n')
        + "# file: a.contract\nlet big(x) = x > 1000\n",
        within("check count(big(amount)) = 0", 'import "a.contract"\n')
        + "# file: a.contract\nlet big(x) = x > 1000\n",
    ),
    code(
        "E223",
        "`{name}` has a meaning of its own",
        "cannot be defined",
        "choose another name",
        "Metrics, functions, `now` and `today` keep their meaning in every contract.",
        "let length(x) = x > 5\ncheck count(length(amount)) = 0",
        "let long(x) = x > 5\ncheck count(long(amount)) = 0",
    ),
    code(
        "E224",
        "two statements share the id `{id}`",
        "the same id",
        "name one of them: `as {name}`, or for a check `check {name}: …`",
        "Results are kept under an id that is made of what a statement is about. Where two are about "
        "the same, the "
        "author says which is which.",
        "check avg(amount) > 10\ncheck avg(amount) < 90 where status = 'paid'",
        "check avg(amount) > 10\ncheck paid_average: avg(amount) < 90 where status = 'paid'",
    ),
    code(
        "E225",
        "two statements are named `{id}`",
        "the same name",
        "choose another name, such as `{name}`",
        "Results are kept under these names, so each stands for one statement.",
        "rule small: amount < 10\ncheck small: avg(amount) < 5",
        "rule small: amount < 10\ncheck small_average: avg(amount) < 5",
    ),
    code(
        "E226",
        "`{name}` is defined by itself",
        "{path}",
        "break the circle",
        "A let is replaced by its body wherever it is used; this one would never come to an end.",
        "let a = b or amount > 1\nlet b = a\ncheck count(a) = 0",
        "let a = b or amount > 1\nlet b = amount < 0\ncheck count(a) = 0",
    ),
    code(
        "E227",
        "{what} is too large",
        "more than any engine would take",
        "split it into several rules or lets",
        "Engines limit how deep and how long an expression may be, and people read it as well.",
        "let twice(x) = x + x\ncheck count(" + "twice(" * 16 + "amount" + ")" * 16 + " > 0) > 1",
        "let twice(x) = x + x\ncheck count(twice(amount) > 0) > 1",
    ),
    code(
        "E228",
        "the number of arguments of `{name}` is {wanted}; given: {given}",
        "",
        "give one argument for each parameter",
        "A let with parameters is called with one expression for each of them.",
        "let within(x, most) = x <= most\nrule r: within(amount)",
        "let within(x, most) = x <= most\nrule r: within(amount, 5)",
    ),
    code(
        "E229",
        "column `{name}` is listed twice",
        "again here",
        "remove one of them",
        "Naming a column twice in one list changes nothing; most often another one was meant.",
        "unique (status, status)",
        "unique (status, email)",
    ),
    code(
        "E230",
        "tag `{name}` is given twice",
        "again here",
        "remove one of them",
        "A tag has one value.",
        "tags tier = 1, tier = 2",
        "tags tier = 1",
    ),
    code(
        "E231",
        "parameter `{name}` stands twice",
        "again here",
        "rename one of them",
        "The parameters of a let need different names.",
        "let within(x, x) = x > 1\nrule r: within(amount, 5)",
        "let within(x, most) = x <= most\nrule r: within(amount, 5)",
    ),
)
