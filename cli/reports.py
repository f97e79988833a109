"""Reports as files: JSON, JUnit and Markdown. They hold what a report holds: numbers and the contract's own
words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from assay.cli import human
from assay.cli.screen import harmless
from assay.cli.verdicts import WORDS, Verdict, counts, effort, verdicts
from assay.protocol.report import Outcome, encode

if TYPE_CHECKING:
    from assay.protocol.bundle import Bundle
    from assay.protocol.report import Report

Runs = Sequence[tuple["Bundle", "Report"]]
_SIGNS = {
    Outcome.PASSED: "\u2705",
    Outcome.WARNED: "\u26a0\ufe0f",
    Outcome.NOT_EVALUATED: "\u2754",
    Outcome.FAILED: "\u274c",
    Outcome.ERROR: "\U0001f4a5",
}


def document(form: str, runs: Runs) -> bytes:
    match form:
        case "json":
            return b"".join(encode(report) + b"\n" for _, report in runs)
        case "junit":
            return junit(runs).encode()
        case _:
            return markdown(runs).encode()


def junit(runs: Runs) -> str:
    """A suite a contract, a case a check. A warning is a case that passed, with its words as output."""
    reports = [report for _, report in runs]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites {_totals(reports)}>"]
    for bundle, report in runs:
        name = quoteattr(_xml(f"{bundle.contract} {bundle.version}".strip()))
        lines.append(f'  <testsuite name={name} timestamp="{report.now}" {_totals([report])}>')
        for verdict in verdicts(bundle, report, None):
            lines += _case(bundle, verdict)
        lines.append("  </testsuite>")
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"


def _totals(reports: Sequence[Report]) -> str:
    summaries = [report.summary for report in reports]
    return (
        f'tests="{sum(len(report.checks) for report in reports)}" '
        f'failures="{sum(s.failed for s in summaries)}" '
        f'errors="{sum(s.error + s.not_evaluated for s in summaries)}" '
        f'skipped="0" time="{sum(report.seconds for report in reports):.3f}"'
    )


def _case(bundle: Bundle, verdict: Verdict) -> list[str]:
    file, _, line = verdict.place.rpartition(":")
    head = (
        f"    <testcase classname={quoteattr(_xml(bundle.contract))} name={quoteattr(_xml(verdict.id))} "
        f'file={quoteattr(_xml(file))} line="{line}"'
    )
    text = _xml(sentence(verdict))
    body = escape(_xml(f"{verdict.place}: {verdict.words}\n{sentence(verdict)}"))
    match verdict.outcome:
        case Outcome.PASSED:
            return [head + "/>"]
        case Outcome.WARNED:
            return [head + ">", f"      <system-out>warned: {body}</system-out>", "    </testcase>"]
        case Outcome.FAILED:
            tag, kind = "failure", "failed"
        case _:
            tag, kind = "error", verdict.outcome.value
    return [
        head + ">",
        f'      <{tag} type="{kind}" message={quoteattr(text)}>{body}</{tag}>',
        "    </testcase>",
    ]


def sentence(verdict: Verdict) -> str:
    text = verdict.value or WORDS[verdict.outcome]
    return f"{text}, promised {verdict.bound}" if verdict.bound else text


def _xml(text: str) -> str:
    """XML has no control characters, not even escaped."""
    return harmless(text) if "\n" not in text else "\n".join(map(harmless, text.split("\n")))


def markdown(runs: Runs) -> str:
    """A table a contract: what did not pass first, as it is read in a pull request."""
    parts = ["# Data contracts\n"]
    if len(runs) > 1:
        reports = [report for _, report in runs]
        parts.append(f"{human.plural(len(runs), 'contract')}: {counts(*reports)}\n")
    for bundle, report in runs:
        parts.append(f"## {_SIGNS[report.outcome]} {_cell(f'{bundle.contract} {bundle.version}'.strip())}\n")
        parts.append(f"{counts(report)} · {effort(report)}\n")
        found = list(reversed(verdicts(bundle, report, None)))
        notable = [verdict for verdict in found if verdict.outcome is not Outcome.PASSED]
        if notable:
            parts.append("| | check | result | place |\n|---|---|---|---|")
            parts.append("\n".join(_row(verdict) for verdict in notable) + "\n")
        passed = [verdict for verdict in reversed(found) if verdict.outcome is Outcome.PASSED]
        if passed:
            lines = "\n".join(
                f"- `{_code(verdict.id)}` {_cell(verdict.value)}".rstrip() for verdict in passed
            )
            parts.append(f"<details><summary>{len(passed):,} passed</summary>\n\n{lines}\n\n</details>\n")
    return "\n".join(parts)


def _row(verdict: Verdict) -> str:
    words = _cell(verdict.words)
    return (
        f"| {_SIGNS[verdict.outcome]} | `{_code(verdict.id)}`<br>{words} "
        f"| {_cell(sentence(verdict))} | {_cell(verdict.place)} |"
    )


def _code(text: str) -> str:
    return harmless(text).replace("`", "'").replace("|", "\\|")


def _cell(text: str) -> str:
    """Text that stays in its cell, whatever is in it."""
    safe = escape(harmless(text))
    for sign in "\\`*_[]|~":
        safe = safe.replace(sign, "\\" + sign)
    return safe
