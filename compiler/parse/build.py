"""Makes grammar/contract.tables of grammar/contract.lark: `python tools/tables.py`.

The only module that needs lark. It fails on any conflict in the grammar. States are numbered by a walk in
alphabetical order, so the same grammar gives the same bytes.
"""

from __future__ import annotations

import json
from typing import Any

from lark import Lark
from lark.common import ParserConf
from lark.grammar import Rule
from lark.lexer import PatternStr
from lark.parsers.lalr_analysis import IntParseTable, LALR_Analyzer, Shift

from assay.compiler.parse.tables import END, digest


def lark_of(grammar: str) -> Lark:
    """The grammar as a lark parser; also what the tests hold the tables against."""
    return Lark(
        grammar,
        parser="lalr",
        lexer="contextual",
        start="start",
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


def tables_text(grammar: str) -> str:
    lark = lark_of(grammar)
    analysis: Any = LALR_Analyzer(ParserConf(lark.rules, {}, ["start"]), strict=True)
    analysis.compute_lalr()
    table: IntParseTable = analysis.parse_table
    order = _walk(table)
    number = {state: i for i, state in enumerate(order)}
    rules = sorted(lark.rules, key=lambda r: (r.origin.name, r.order, str(r)))
    rule_number = {rule: i for i, rule in enumerate(rules)}

    lookaheads: dict[str, int] = {}
    states: list[Any] = []
    gotos: list[dict[str, int]] = []
    for state in order:
        shifts: dict[str, int] = {END: 0} if state == table.end_states["start"] else {}
        goto: dict[str, int] = {}
        reductions: dict[int, list[str]] = {}
        for symbol, (action, target) in sorted(table.states[state].items()):
            if action is not Shift:
                reductions.setdefault(rule_number[target], []).append(symbol)
            elif symbol.isupper():
                shifts[symbol] = number[target]
            else:
                goto[symbol] = number[target]
        rows = [
            [rule, lookaheads.setdefault(" ".join(symbols), len(lookaheads))]
            for rule, symbols in sorted(reductions.items())
        ]
        states.append([shifts, rows])
        gotos.append(goto)

    keywords: dict[str, str] = {}
    operators: dict[str, str] = {}
    patterns: dict[str, str] = {}
    for terminal in sorted(lark.terminals, key=lambda t: t.name):
        pattern = terminal.pattern
        if terminal.name in lark.ignore_tokens:
            continue
        if not isinstance(pattern, PatternStr):
            patterns[terminal.name] = pattern.to_regexp()
        elif pattern.value.isalpha():
            keywords[pattern.value] = terminal.name
        else:
            operators[pattern.value] = terminal.name

    return _lines(
        {
            "digest": digest(grammar),
            "productions": [[r.origin.name, len(r.expansion), _action(r)] for r in rules],
            "lookaheads": list(lookaheads),
            "states": states,
            "gotos": gotos,
            "keywords": keywords,
            "operators": operators,
            "patterns": patterns,
        }
    )


def _walk(table: IntParseTable) -> list[int]:
    first: int = table.start_states["start"]
    order = [first]
    seen = {first}
    for state in order:
        for _, (action, target) in sorted(table.states[state].items(), key=lambda row: row[0]):
            if action is Shift and target not in seen:
                seen.add(target)
                order.append(target)
    return order


def _action(rule: Rule) -> str | None:
    if rule.alias is not None:
        return rule.alias
    if rule.options.expand1 and len(rule.expansion) == 1:
        return None
    return str(rule.origin.name)


def _lines(data: dict[str, Any]) -> str:
    """JSON with one entry of each list or table per line, so that a change can be read."""
    parts: list[str] = []
    for key, value in data.items():
        if isinstance(value, str):
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
            continue
        pairs = isinstance(value, dict)
        rows = (
            [f"{json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()]
            if pairs
            else [json.dumps(v, separators=(",", ":")) for v in value]
        )
        opening, closing = "{}" if pairs else "[]"
        parts.append(f"{json.dumps(key)}: {opening}\n" + ",\n".join(rows) + f"\n{closing}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
