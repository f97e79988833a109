"""The result of a run on the screen: marks, colours and failed rows on a terminal, plain words elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.cli import human
from assay.cli.screen import Screen, cells, crop, harmless, pad, table
from assay.cli.verdicts import ORDER, WORDS, Absent, Verdict, effort, tally
from assay.protocol.report import Outcome

if TYPE_CHECKING:
    from assay.cli.preview import Seen
    from assay.protocol.bundle import Bundle
    from assay.protocol.report import Report
    from assay.runner.details import Details

MARKS = {
    Outcome.PASSED: ("\u2713", "+"),
    Outcome.WARNED: ("!", "!"),
    Outcome.NOT_EVALUATED: ("?", "?"),
    Outcome.FAILED: ("\u2717", "x"),
    Outcome.ERROR: ("\u2717", "x"),
}
COLOURS = {
    Outcome.PASSED: "green",
    Outcome.WARNED: "yellow",
    Outcome.NOT_EVALUATED: "magenta",
    Outcome.FAILED: "red",
    Outcome.ERROR: "red",
}
FOLD = 24
"""Checks that simply passed, from which on a terminal has them in a block."""
_CELL = 32
_WORD = max(len(word) for word in WORDS.values())


def draw(
    screen: Screen,
    bundle: Bundle,
    report: Report,
    details: Details,
    found: Sequence[Verdict] | Absent,
    seen: dict[str, Seen],
    *,
    quiet: bool,
) -> None:
    """One contract. With `quiet` only what did not pass, and nothing at all where everything passed."""
    if isinstance(found, Absent):
        _head(screen, bundle)
        _absent(screen, found)
        _foot(screen, report)
        return
    shown = [v for v in found if not quiet or v.outcome is not Outcome.PASSED]
    if shown or not quiet:
        _head(screen, bundle)
    if screen.terminal:
        folded = [v for v in shown if v.outcome is Outcome.PASSED and v.plain]
        if len(folded) > FOLD:
            _folded(screen, folded)
            shown = [v for v in shown if v not in folded]
    width = max((cells(v.id) for v in shown), default=0)
    limit = screen.width // 2
    column = min(width, limit)
    for verdict in shown:
        _check(screen, verdict, column)
        if screen.terminal:
            _local(screen, verdict)
            if verdict.id in seen and verdict.outcome is not Outcome.PASSED:
                _rows(screen, seen[verdict.id], verdict)
    if screen.terminal and details.message:
        _note(screen, harmless(details.message))
    if report.store_failed:
        reason = f": {harmless(details.store_message)}" if screen.terminal and details.store_message else ""
        code = f" ({report.store_code})" if report.store_code else ""
        screen.line(screen.paint(f"failed rows could not be kept{code}{reason}", "yellow"))
    if shown or not quiet:
        _foot(screen, report)


def _head(screen: Screen, bundle: Bundle) -> None:
    name = screen.paint(harmless(f"{bundle.contract} {bundle.version}".strip()), "bold")
    about = f"{bundle.file} on {bundle.dialect}"
    screen.line(f"{name}  {screen.paint(about, 'dim')}" if screen.terminal else f"{name} ({about})")


def _absent(screen: Screen, found: Absent) -> None:
    """What kept every check from running, once."""
    lead, indent = _lead(screen, Outcome.ERROR), _indent(screen)
    why = screen.paint(found.why, COLOURS[Outcome.ERROR])
    screen.line(f"{lead}{screen.paint(found.subject, 'bold')}  {why}")
    if screen.terminal:
        screen.line(f"{indent}{found.count}  {screen.paint(found.place, 'dim')}")
    else:
        screen.line(f"{indent}{found.place}: {found.count}")
    for line in found.lines:
        screen.line(indent + line)
    for line in found.local if screen.terminal else ():
        screen.line(indent + screen.paint(line, "bold"))


def _folded(screen: Screen, verdicts: Sequence[Verdict]) -> None:
    """Many checks that every row holds: their names by column, in a block that leaves room for the others."""
    counts = {verdict.value for verdict in verdicts if verdict.value} - {"1 row"}
    rows = f"all {counts.pop()}" if len(counts) == 1 else "every row"
    screen.line(f"{_lead(screen, Outcome.PASSED)}{len(verdicts):,} checks hold on {rows}")
    words: dict[str, list[str]] = {}
    for verdict in verdicts:
        subject, _, kind = verdict.id.partition(".")[2].rpartition(".")
        words.setdefault(subject, []).append(kind or verdict.id)
    items = words.pop("", []) + [f"{subject}: {', '.join(kinds)}" for subject, kinds in words.items()]
    indent = _indent(screen) + "  "
    room = screen.width - len(indent)
    line = ""
    for item in items:
        if line and cells(line) + cells(item) + 3 > room:
            screen.line(indent + screen.paint(line, "dim"))
            line = ""
        line += (" \u00b7 " if line else "") + crop(item, room)
    screen.line(indent + screen.paint(line, "dim"))


def _check(screen: Screen, verdict: Verdict, column: int) -> None:
    lead = _lead(screen, verdict.outcome)
    name = crop(verdict.id, column) if screen.terminal else verdict.id
    value = verdict.value
    if screen.terminal and verdict.local_value:
        value = f"{verdict.local_value} (stays on this machine)"
    if verdict.bound:
        value += f", promised {verdict.bound}"
    passed = verdict.outcome is Outcome.PASSED
    if screen.terminal:
        value = crop(value, max(20, screen.width - column - 6))
    styled = screen.paint(value, "dim") if passed else screen.paint(value, COLOURS[verdict.outcome])
    screen.line(f"{lead}{pad(name, column)}  {styled}".rstrip() if value else f"{lead}{name}")
    if passed:
        return
    indent = _indent(screen)
    if screen.terminal:
        room = screen.width - len(indent) - cells(verdict.place) - 2
        words = crop(verdict.words, max(20, room))
        screen.line(f"{indent}{words}  {screen.paint(verdict.place, 'dim')}")
    else:
        screen.line(f"{indent}{verdict.place}: {verdict.words}")


def _lead(screen: Screen, outcome: Outcome) -> str:
    if screen.terminal:
        mark = MARKS[outcome][0 if screen.unicode else 1]
        return f"  {screen.paint(mark, COLOURS[outcome], 'bold')} "
    return screen.paint(f"{WORDS[outcome]:<{_WORD}}", COLOURS[outcome]) + "  "


def _indent(screen: Screen) -> str:
    return "    " if screen.terminal else " " * (_WORD + 2)


def _local(screen: Screen, verdict: Verdict) -> None:
    for line in verdict.local:
        _note(screen, line)
    if verdict.groups:
        keys = verdict.keys or tuple(f"key {n}" for n in range(1, len(verdict.groups[0])))
        _table(screen, (*map(harmless, keys), ""), list(verdict.groups))


def _note(screen: Screen, text: str) -> None:
    screen.line(_indent(screen) + screen.paint(crop(text, screen.width - 4), "dim"))


def _rows(screen: Screen, seen: Seen, verdict: Verdict) -> None:
    """The first failed rows; the cells of the check's own columns stand out."""
    if not seen.rows:
        return
    header = tuple(harmless(name) for name, _ in seen.columns)
    body = [tuple(cell_text(cell) for cell in row) for row in seen.rows]
    right = frozenset(n for n, (_, kind) in enumerate(seen.columns) if is_number(kind))
    _table(screen, header, body, right=right, bright=frozenset(verdict.columns))


def _table(
    screen: Screen,
    header: tuple[str, ...],
    body: list[tuple[str, ...]],
    right: frozenset[int] = frozenset(),
    bright: frozenset[str] = frozenset(),
) -> None:
    def paint(column: int, text: str) -> str:
        return text if header[column] in bright else screen.paint(text, "dim")

    indent = _indent(screen) + "  "
    lines = table(header, body, screen.width - len(indent), right=right, paint=paint)
    screen.line(indent + screen.paint(lines[0], "dim"))
    for line in lines[1:]:
        screen.line(indent + line)


def cell_text(cell: object) -> str:
    """A cell in a table: one line, short, and harmless."""
    if cell is None:
        return "null"
    if isinstance(cell, bytes | bytearray | memoryview):
        return "0x" + bytes(cell[:16]).hex()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    text = str(cell)
    return crop(harmless(text[: _CELL * 8]), _CELL) if text else "''"


def is_number(kind: str) -> bool:
    return kind.split("(")[0].upper() in (
        "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
        "FLOAT", "DOUBLE", "DECIMAL",
    )  # fmt: skip


def _foot(screen: Screen, report: Report) -> None:
    if screen.terminal:
        screen.line()
    name = screen.paint(harmless(report.contract), "bold")
    screen.line(f"{name}: {_tally(screen, report)} {screen.paint(f'· {effort(report)}', 'dim')}")


def _tally(screen: Screen, *reports: Report) -> str:
    return ", ".join(screen.paint(text, COLOURS[outcome]) for outcome, text in tally(*reports)) or "no checks"


def total(screen: Screen, reports: Sequence[Report], wrong: int, seconds: float) -> None:
    """The last line where there are several contracts."""
    outcomes = [report.outcome for report in reports]
    parts = [
        screen.paint(f"{outcomes.count(outcome):,} {WORDS[outcome]}", COLOURS[outcome])
        for outcome in ORDER
        if outcome in outcomes
    ]
    if wrong:
        parts.append(screen.paint(f"{wrong:,} with wrong input", "red"))
    head = screen.paint(human.plural(len(reports) + wrong, "contract"), "bold")
    rest = screen.paint(f"· {effort(*reports, seconds=seconds)}", "dim")
    checks = f" · checks: {_tally(screen, *reports)}" if reports else ""
    screen.line(f"{head}: {', '.join(parts)}{checks} {rest}")
