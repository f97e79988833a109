"""E350 to E353: regular expressions outside of the portable subset. Part of `meaning`."""

from __future__ import annotations

from assay.compiler.codes import Code
from assay.compiler.codes.sample import code

CODES: tuple[Code, ...] = (
    code(
        "E350",
        "{construct} is not portable",
        "not in every engine",
        "{advice}",
        "Patterns keep to what means the same in every engine: characters, `.`, `[…]`, `\\d \\w \\s`, "
        "groups, `|`, "
        "`* + ? {{n,m}}`, and `^ $` at the ends.",
        "column code text matches /^(?=A)\\w+$/",
        "column code text matches /^A\\w*$/",
    ),
    code(
        "E351",
        "{construct} in a pattern",
        "cannot be read",
        "{advice}",
        "Characters with a meaning in patterns stand behind a backslash where they mean themselves.",
        "column code text matches /^a{$/",
        "column code text matches /^a\\{{$/".replace("{{", "{"),
    ),
    code(
        "E352",
        "{construct} in a pattern",
        "too much for some engines",
        "{advice}",
        "Engines limit repetitions: PostgreSQL takes up to 255, and RE2 up to 1,000 in all.",
        "column code text matches /^a{300}$/",
        "column code text matches /^a+$/",
    ),
    code(
        "E353",
        "{construct} in a pattern",
        "may take for ever",
        "{advice}",
        "Engines that try one way after the other need time that doubles with each character of such a "
        "match.",
        "column code text matches /^(a+)+$/",
        "column code text matches /^a+$/",
    ),
)
