"""`assay run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from assay.cli.exits import ERROR, PASSED
from assay.cli.lazy import Command
from assay.cli.prepare import parameters
from assay.cli.remote.results import code_of, draw
from assay.cli.remote.session import Hub, hub
from assay.cli.screen import err, out

if TYPE_CHECKING:
    from assay.protocol.user import Run

WAIT_S = 20
WORDS = {
    "queued": "waits for an agent",
    "leased": "is with an agent",
    "accepted": "is compiled in the cluster",
    "applied": "has a Job in the cluster",
    "running": "reads the data",
    "committed": "has its results; the Job ends",
}


@click.command(
    "run",
    cls=Command,
    examples="""
    assay run shop.orders                               queues it, follows it, shows the verdict
    assay run shop.orders --param since=2024-01-31 --warehouse diagnostics
    assay run shop.orders --no-wait --json              prints the run, and does not wait
    """,
)
@click.argument("contract")
@click.option(
    "--version", "version", metavar="VERSION", help="A version of the contract. [default: the newest]"
)
@click.option("--param", "-p", multiple=True, metavar="NAME=VALUE", help="Give a parameter a value.")
@click.option("--pool", default="default", metavar="POOL", help="Which agents. [default: default]")
@click.option("--warehouse", metavar="NAME", help="Where failed rows are kept.")
@click.option(
    "--attempts", default=1, type=click.IntRange(1, 10), metavar="N", help="Tries at most. [default: 1]"
)
@click.option("--deadline", default=3_600, type=click.IntRange(60, 86_400), metavar="SECONDS",
              help="What one try may take. [default: 3600]")  # fmt: skip
@click.option("--no-wait", is_flag=True, help="Queue it, print its id, and end.")
@click.option("--json", "as_json", is_flag=True, help="Print the report (with --no-wait: the run) as JSON.")
@click.option("--quiet", "-q", is_flag=True, help="Show only what did not pass.")
def command(
    contract: str,
    version: str | None,
    param: tuple[str, ...],
    pool: str,
    warehouse: str | None,
    attempts: int,
    deadline: int,
    no_wait: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Have an agent verify a published contract, and show the verdict.

    Exit codes are those of `assay verify`; 3 as well where the run came to no verdict. Ctrl-C stops the following, not
    the run: `assay runs cancel` does that.
    """
    from assay.protocol.user import RunRequest

    request = RunRequest(
        contract=contract,
        version=version,
        params=parameters(param),
        pool=pool,
        warehouse=warehouse,
        max_attempts=attempts,
        deadline_s=deadline,
    )
    with hub() as session:
        run = session.call("create_run", request)
        if no_wait:
            out().line(msgspec.json.encode(run).decode() if as_json else run.id)
            return PASSED
        return _follow(session, run, as_json=as_json, quiet=quiet)


def _follow(session: Hub, run: Run, *, as_json: bool, quiet: bool) -> int:
    from assay.protocol.user import TERMINAL

    screen = err()
    said = ""
    while run.state not in TERMINAL:
        if run.state.value != said and not quiet:
            said = run.state.value
            screen.line(screen.paint(f"{run.id} {WORDS.get(said, said)}", "dim"))
            screen.flush()
        query: dict[str, Any] = {"wait": WAIT_S, "state": run.state.value}
        run = session.call("get_run", at={"run": run.id}, query=query, wait=WAIT_S)
    if run.verdict is None:
        reason = f" ({run.reason_code.value})" if run.reason_code else ""
        screen.line(screen.paint(f"{run.id} {run.state.value}{reason}: no verdict", "red"))
        if as_json:
            out().line(msgspec.json.encode(run).decode())
        return ERROR
    report = session.call("get_results", at={"run": run.id}).report
    if as_json:
        out().line(msgspec.json.encode(report).decode())
    else:
        draw(session, report, quiet=quiet)
    return code_of(report)
