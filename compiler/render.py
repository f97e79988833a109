"""Diagnostics for people, for programs and for GitHub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from unicodedata import category, east_asian_width

from assay.compiler.codes import Code, table
from assay.compiler.diagnostics import Diagnostic, Severity
from assay.compiler.source import Source, Span

_TAB = 4
_WIDEST = 160
_RED, _YELLOW, _BLUE, _BOLD, _PLAIN = "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"


@cache
def _codes() -> dict[str, Code]:
    return table()


class _Facts(dict[str, str]):
    """A fact that a stage forgot is shown as a gap rather than hiding the diagnostic."""

    def __missing__(self, key: str) -> str:
        return "…"


def _fill(template: str, diagnostic: Diagnostic) -> str:
    return _visible(template.format_map(_Facts(diagnostic.facts)))


def message(diagnostic: Diagnostic) -> str:
    code = _codes().get(diagnostic.code)
    return _fill(code.message, diagnostic) if code else diagnostic.code


def label(diagnostic: Diagnostic) -> str:
    code = _codes().get(diagnostic.code)
    return _fill(code.label, diagnostic) if code else ""


def advice(diagnostic: Diagnostic) -> str:
    code = _codes().get(diagnostic.code)
    if diagnostic.suggestion is not None:
        word = diagnostic.suggestion
        quoted = f"`` {word} ``" if "`" in word else f"`{word}`"
        return _visible(f"did you mean {quoted}?")
    return _fill(code.help, diagnostic) if code else ""


def render_text(
    diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], *, color: bool = False
) -> str:
    """All diagnostics, a blank line between two, ending with a line end."""
    blocks = [_block(d, sources, color) for d in diagnostics]
    return "\n".join(blocks)


def _block(diagnostic: Diagnostic, sources: Mapping[str, Source], color: bool) -> str:
    paint = (lambda text, style: f"{style}{text}{_PLAIN}") if color else (lambda text, _: text)
    tone = _RED if diagnostic.severity is Severity.ERROR else _YELLOW
    head = paint(f"{diagnostic.severity}[{diagnostic.code}]", tone)
    lines = [f"{head}: {paint(message(diagnostic), _BOLD)}"]
    places = [(diagnostic.span, label(diagnostic), True)] if diagnostic.span is not None else []
    marks = [(span, text, main) for span, text, main in places if span.file in sources]
    marks += [
        (each.span, _visible(each.text), False) for each in diagnostic.labels if each.span.file in sources
    ]
    numbers = [sources[span.file].line_column(span.start)[0] for span, _, _ in marks]
    gutter = " " * len(str(max(numbers, default=1)))
    files = list(dict.fromkeys(span.file for span, _, _ in marks))
    for file in files:
        source = sources[file]
        here = sorted((mark for mark in marks if mark[0].file == file), key=lambda mark: mark[0])
        first = next((mark for mark in here if mark[2]), here[0])
        line, column = source.line_column(first[0].start)
        lines.append(f"{gutter}{paint('-->', _BLUE)} {_visible(file)}:{line}:{column}")
        lines.append(f"{gutter} {paint('|', _BLUE)}")
        previous = 0
        for span, text, main in here:
            line, column = source.line_column(span.start)
            if previous and line > previous + 1:
                lines.append(f"{gutter} {paint('⋮', _BLUE)}")
            written, under = _lines(source, span, line, column, "^" if main else "-")
            if line != previous:
                lines.append(f"{paint(f'{line:>{len(gutter)}} |', _BLUE)} {written}".rstrip())
            style = tone if main else _BLUE
            note = f" {text}" if text else ""
            blanks = len(under) - len(under.lstrip())
            lines.append(f"{gutter} {paint('|', _BLUE)} {' ' * blanks}{paint(under.lstrip() + note, style)}")
            previous = line
    if diagnostic.span is not None and diagnostic.span.file not in sources:
        lines.append(f"{gutter}{paint('-->', _BLUE)} {_visible(diagnostic.span.file)}")
    if text := advice(diagnostic):
        lines.append(f"{gutter}{paint('help', _BLUE)}: {text}")
    return "\n".join(lines) + "\n"


def _lines(source: Source, span: Span, line: int, column: int, sign: str) -> tuple[str, str]:
    """The line as shown and what stands under it. A longer span ends with its first line."""
    text = source.line(line)
    begin = column - 1
    end = min(len(text), begin + max(1, span.end - span.start))
    cut = 0
    if len(text) > _WIDEST:
        cut = max(0, begin - _WIDEST // 2)
    shown = text[cut : cut + _WIDEST]
    before = _widen(text[cut:begin])
    marked = _widen(text[begin : min(end, cut + _WIDEST)].rstrip(), _width(before))
    lead = "… " if cut else ""
    tail = " …" if cut + _WIDEST < len(text) else ""
    under = " " * (len(lead) + _width(before)) + sign * max(1, _width(marked))
    return lead + _widen(shown) + tail, under


def _widen(text: str, column: int = 0) -> str:
    """Tabs as blanks, and nothing that could move the cursor."""
    out: list[str] = []
    for char in text:
        piece = " " * (_TAB - column % _TAB) if char == "\t" else _visible(char)
        out.append(piece)
        column += _width(piece)
    return "".join(out)


def _visible(text: str) -> str:
    """Without control characters, lone surrogates and marks that change the direction of text."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or (category(char) == "Cf" and char == "\u200d") else "\ufffd"
        for char in text
    )


def _width(text: str) -> int:
    """Columns of a terminal."""
    if text.isascii():
        return len(text)
    total = 0
    for char in text:
        if category(char) in ("Mn", "Me", "Cf"):
            continue
        total += 2 if east_asian_width(char) in ("W", "F") else 1
    return total


def to_json(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> list[dict[str, Any]]:
    """One flat table per diagnostic; places count from 1, and are null where there is none."""
    return [
        {
            **_place(diagnostic.span, sources),
            "code": diagnostic.code,
            "severity": str(diagnostic.severity),
            "message": message(diagnostic),
            "label": label(diagnostic),
            "help": advice(diagnostic),
            "labels": [
                {**_place(each.span, sources), "text": _visible(each.text)} for each in diagnostic.labels
            ],
        }
        for diagnostic in diagnostics
    ]


def _place(span: Span | None, sources: Mapping[str, Source]) -> dict[str, Any]:
    if span is None or span.file not in sources:
        file = None if span is None else span.file
        return {"file": file, "line": None, "column": None, "end_line": None, "end_column": None}
    line, column = sources[span.file].line_column(span.start)
    end_line, end_column = sources[span.file].line_column(span.end)
    return {"file": span.file, "line": line, "column": column, "end_line": end_line, "end_column": end_column}


def render_github(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> str:
    """Workflow commands that GitHub shows beside the changed lines."""
    lines: list[str] = []
    for diagnostic in diagnostics:
        place = _place(diagnostic.span, sources)
        fields = [("file", place["file"]), ("line", place["line"]), ("col", place["column"])]
        if place["line"] is not None and place["end_line"] == place["line"]:
            fields.append(("endColumn", place["end_column"]))
        fields.append(("title", diagnostic.code))
        head = ",".join(f"{key}={_property(str(value))}" for key, value in fields if value is not None)
        text = ": ".join(part for part in (message(diagnostic), label(diagnostic)) if part)
        help = advice(diagnostic)
        body = f"{text}\n{help}" if help else text
        lines.append(f"::{diagnostic.severity} {head}::{_data(body)}")
    return "".join(line + "\n" for line in lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def explain(code: str) -> str | None:
    """The page of a code: what it means, an example, the fix. None for an unknown code."""
    row = _codes().get(code.upper())
    if row is None:
        return None
    parts = [
        f"{row.code}: {row.message.format_map(_Facts())}",
        row.cause.replace("{{", "{").replace("}}", "}"),
    ]
    if row.example:
        parts.append("Example\n\n" + _indented(row.example))
    if row.fix:
        parts.append("Fixed\n\n" + _indented(row.fix))
    return "\n\n".join(part for part in parts if part) + "\n"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip("\n").split("\n"))
