"""`assay settings`."""

from __future__ import annotations

import click

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.remote.listing import show, show_one
from assay.cli.remote.session import hub

WORDS = {
    "keep_runs_days": "days that runs and their results are kept",
    "keep_audit_days": "days that the audit log is kept",
    "max_queued": "runs that may wait at once",
    "max_running": "runs that may be with agents at once",
    "max_results_a_minute": "results of checks that may come in within a minute",
}
COLUMNS = (("setting", lambda row: row[0]), ("value", lambda row: row[1]), ("meaning", lambda row: row[2]))


@click.command(
    "settings",
    cls=Command,
    examples="""
    assay settings                                      as they are
    assay settings --keep-runs-days 30                  for admins
    assay settings --json
    """,
)
@click.option("--keep-runs-days", type=click.IntRange(1, 3_660), metavar="DAYS", help="Of runs and results.")
@click.option("--keep-audit-days", type=click.IntRange(1, 3_660), metavar="DAYS", help="Of the audit log.")
@click.option("--max-queued", type=click.IntRange(1, 1_000_000), metavar="N", help="Runs that may wait.")
@click.option("--max-running", type=click.IntRange(1, 100_000), metavar="N", help="Runs with agents at once.")
@click.option(
    "--max-results-a-minute", type=click.IntRange(1_000, 100_000_000), metavar="N", help="Of checks."
)
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def command(as_json: bool, **given: int | None) -> int:
    """Show, or change, how long this tenant's runs and audit log are kept, and how much may wait and run."""
    import msgspec

    changed = {name: value for name, value in given.items() if value is not None}
    with hub() as session:
        if changed:
            # All of them as the hub has them: also those that a later hub has and this program does not know.
            whole = session.whole("get_tenant")["settings"]
            found = session.put("tenant", None, msgspec.json.encode({**whole, **changed}))
        else:
            found = session.call("get_tenant")
    if as_json:
        show_one(found, "", as_json=True)
        return PASSED
    rows = [(name, f"{getattr(found.settings, name):,}", words) for name, words in WORDS.items()]
    show(rows, COLUMNS, as_json=False, nothing="")
    return PASSED
