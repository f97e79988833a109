"""`assay agent run`."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.problems import InputError

if TYPE_CHECKING:
    from assay.agent.settings import Settings
    from assay.agent.start import CannotStart

config_option = click.option(
    "--config",
    "file",
    default="agent.yml",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The agent's configuration. [default: agent.yml]",
)


@click.command(
    "run",
    cls=Command,
    examples="""
    assay agent run                                with agent.yml of the current folder
    assay agent run --config /etc/assay/agent.yml
    assay agent run --check                        is everything in place? then end
    """,
)
@config_option
@click.option("--check", is_flag=True, help="Read the configuration, look at the agent's rights, and end.")
@click.option(
    "--log-level",
    default="info",
    type=click.Choice(("debug", "info", "warning", "error")),
    help="Of the log on standard error. [default: info]",
)
@click.option("--json", "as_json", is_flag=True, help="With --check: print what was found as JSON.")
def command(file: Path, check: bool, log_level: str, as_json: bool) -> int:
    """Ask the hub for work and run it as Jobs, until SIGTERM or Ctrl-C.

    Nothing listens for the hub: the agent asks. What was going on when it ended goes on when it starts again; Jobs
    run meanwhile. A configuration that is wrong, or rights that are missing or too many, end it at once.
    """
    from assay.agent import logs
    from assay.agent.run import Running, Stopping
    from assay.agent.start import CannotStart
    from assay.cli.agent.config import load

    settings = load(file)
    try:
        if check:
            return _check(settings, as_json=as_json)
        logs.configure(log_level)
        running = Running(settings)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: running.ask_to_stop())
        try:
            running.start()
            running.wait()
        except Stopping:
            pass
        finally:
            running.stop()
    except CannotStart as error:
        raise refusal(error) from None
    return PASSED


def _check(settings: Settings, *, as_json: bool) -> int:
    import json

    from assay.agent.run import inspect
    from assay.cli.screen import out

    found = inspect(settings)
    screen = out()
    if as_json:
        screen.line(json.dumps(found))
    else:
        for name, value in found.items():
            screen.line(f"{name:<10} {value}")
    return PASSED


def refusal(error: CannotStart) -> InputError:
    """Each obstacle as a diagnostic."""
    from assay.compiler.diagnostics import Diagnostic

    return InputError(
        tuple(
            Diagnostic("E680", None, {"problem": each.message, "advice": each.advice})
            for each in error.obstacles
        )
    )
