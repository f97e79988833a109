"""`assay schedules`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.prepare import parameters
from assay.cli.problems import problem
from assay.cli.remote.listing import show, show_one, when
from assay.cli.remote.session import Hub, hub
from assay.cli.screen import out

if TYPE_CHECKING:
    from assay.protocol.user import Schedule

COLUMNS = (
    ("name", lambda item: item.name),
    ("contract", lambda item: item.schedule.contract),
    ("cron", lambda item: item.schedule.cron),
    ("zone", lambda item: item.schedule.zone),
    ("state", lambda item: "on" if item.schedule.enabled else "off"),
    ("next, UTC", lambda item: when(item.next_fire_at)),
    ("last, UTC", lambda item: when(item.last_fire_at)),
)


@click.group(
    "schedules", invoke_without_command=True, help="List the schedules of this tenant; put or remove one."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON line a schedule.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> int:
    if context.invoked_subcommand is not None:
        return PASSED
    with hub() as session:
        items = list(session.pages("list_schedules"))
    show(
        items,
        COLUMNS,
        as_json=as_json,
        nothing="There is no schedule: `assay schedules put NAME CONTRACT` makes one.",
    )
    return PASSED


@command.command(
    "put",
    cls=Command,
    examples="""
    assay schedules put hourly shop.orders              as the contract's own `schedule` says
    assay schedules put nightly shop.orders --cron "30 2 * * *" --zone Europe/Brussels
    assay schedules put nightly shop.orders --off
    """,
)
@click.argument("name")
@click.argument("contract")
@click.option(
    "--cron", metavar="CRON", help="Minute, hour, day, month, weekday. [default: the contract's own]"
)
@click.option("--zone", metavar="ZONE", help="Such as Europe/Brussels. [default: the contract's own, or UTC]")
@click.option("--param", "-p", multiple=True, metavar="NAME=VALUE", help="Give a parameter a value.")
@click.option("--pool", default="default", metavar="POOL", help="Which agents. [default: default]")
@click.option("--warehouse", metavar="NAME", help="Where failed rows are kept.")
@click.option(
    "--attempts", default=2, type=click.IntRange(1, 10), metavar="N", help="Tries at most. [default: 2]"
)
@click.option("--overlap", is_flag=True, help="Fire although the run before it is not over.")
@click.option("--off", is_flag=True, help="Keep it without firing.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def put_command(
    name: str,
    contract: str,
    cron: str | None,
    zone: str | None,
    param: tuple[str, ...],
    pool: str,
    warehouse: str | None,
    attempts: int,
    overlap: bool,
    off: bool,
    as_json: bool,
) -> int:
    """Make or change a schedule: when a published contract is verified."""
    from assay.protocol.user import ScheduleRequest

    with hub() as session:
        if cron is None:
            cron, own_zone = _own(session, contract)
            zone = zone or own_zone
        request = ScheduleRequest(
            contract=contract,
            cron=cron,
            zone=zone or "UTC",
            params=parameters(param),
            pool=pool,
            warehouse=warehouse,
            enabled=not off,
            concurrency="allow" if overlap else "forbid",
            max_attempts=attempts,
        )
        made: Schedule = session.put("schedule", name, request)
    next_ = when(made.next_fire_at) or "no time"
    text = f"{made.name}: {made.schedule.cron} in {made.schedule.zone}, next at {next_} UTC"
    show_one(made, text, as_json=as_json)
    return PASSED


def _own(session: Hub, contract: str) -> tuple[str, str]:
    """What the contract itself says."""
    from assay.compiler.pipeline import compile_contract

    newest = session.call("get_contract", at={"contract": contract})
    text = session.call("get_text", at={"contract": contract, "version": newest.version})
    made = compile_contract(text.root, text.files.get, ())
    own = None if made.contract is None else made.contract.schedule
    if own is None:
        advice = 'say when: `--cron "0 * * * *"`, or write `schedule cron …` into the contract'
        raise problem("E674", reason=f"`{contract}` has no schedule of its own", advice=advice)
    return own.cron, own.zone


@command.command("remove", cls=Command, examples="assay schedules remove nightly")
@click.argument("name")
def remove_command(name: str) -> int:
    """Remove a schedule; its runs stay."""
    with hub() as session:
        session.call("delete_schedule", at={"name": name})
    out().line(f"{name} is removed")
    return PASSED
