"""`assay`: the group of commands, and how every command ends."""

from __future__ import annotations

import gc
import os
import signal
import sys
from io import TextIOWrapper
from types import FrameType

import click

import assay
from assay.cli.exits import (
    BROKEN_PIPE,
    ERROR,
    FAILED,
    INTERRUPTED,
    PASSED,
    TERMINATED,
    WRONG_INPUT,
    Stopped,
    refuse,
)
from assay.cli.lazy import LazyGroup

COMMANDS = {
    "verify": "Run the checks of contracts on their data.",
    "check": "Compile contracts and show what is wrong with them.",
    "compile": "Write SQL, manifests, plan and bundle of contracts to a folder.",
    "explain": "Say what a code, a format or a contract means.",
    "fmt": "Format contracts in the one style.",
    "init": "Make a first contract with data, ready to verify.",
    "rows": "Show the failed rows that the last run kept.",
    "warehouse": "Make a warehouse for failed rows, and remove what is over.",
    "agent": "Run an agent in your cluster: `run`, `enrol`.",
    "completion": "Print the completion script of a shell.",
    "hub": "Run a hub: serve it, make it, back it up.",
    "login": "Remember a hub and an API key.",
    "publish": "Give contracts to the hub.",
    "contracts": "List the published contracts; show, or retire one.",
    "run": "Have an agent verify a published contract, and show the verdict.",
    "runs": "List the hub's runs; show or cancel one.",
    "results": "Show the report of a run.",
    "agents": "List the agents; let one enrol, or revoke one.",
    "sources": "List the data sources that the hub knows; put or remove one.",
    "warehouses": "List the diagnostics warehouses that the hub knows; put or remove one.",
    "schedules": "List the schedules; put or remove one.",
    "keys": "List the API keys; make or revoke one.",
    "audit": "Show who changed what.",
    "settings": "Show or change what is kept for how long, and how much may wait.",
}
REMOTE = dict.fromkeys(
    ("login", "publish", "contracts", "run", "runs", "results", "agents", "sources", "warehouses", "schedules",
     "keys", "audit", "settings"),
    "assay.cli.remote",
)  # fmt: skip
"""The packages of the commands that are not in `assay.cli` itself."""

EXIT_CODES = f"""\b
Exit codes:
  {PASSED}    everything passed, or warned
  {FAILED}    a check failed
  {WRONG_INPUT}    the input is wrong: a contract, assay.yml, the command
  {ERROR}    an error, or a check that was not evaluated
  {INTERRUPTED}  interrupted (Ctrl-C); {TERMINATED} terminated; {BROKEN_PIPE} the output had no reader
With several contracts the worst counts: wrong input, then error, failed, not evaluated.
"""


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    places=REMOTE,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=EXIT_CODES,
    help="Data contracts that compile. Start with `assay init`.",
)
@click.version_option(assay.__version__, prog_name="assay", message="%(prog)s %(version)s")
def cli() -> None:
    pass


def main() -> None:
    # What is loaded lives to the end: looking for garbage among it is a twentieth of the start.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = BROKEN_PIPE
        _close_quietly()
    except OSError as error:
        code = code or ERROR
        _close_quietly()
        _say(f"the output cannot be written: {error.strerror or error}")
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Runs a command and gives its exit code; nothing but output ever comes out of it."""
    from assay.cli.problems import InputError

    try:
        if "_ASSAY_COMPLETE" in os.environ:
            cli.main(arguments, prog_name="assay")
        # Not `cli.main`: it takes a broken pipe for a failed check.
        with cli.make_context("assay", arguments) as context:
            code = cli.invoke(context)
            return code if isinstance(code, int) else PASSED
    except InputError as error:
        return refuse(error)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        _usage(error)
        return WRONG_INPUT
    except Stopped:
        return TERMINATED
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _close_quietly()
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the last door: no traceback reaches a user
        return _own_fault(error)


def _usage(error: click.ClickException) -> None:
    message = error.message.rstrip(".")
    advice = ""
    near = getattr(error, "possibilities", None)
    if near:
        advice = "did you mean " + " or ".join(f"`{word}`" for word in near[:2]) + "?"
    elif isinstance(error, click.UsageError) and error.ctx is not None:
        advice = f"see `{error.ctx.command_path} --help`"
    if isinstance(error, click.MissingParameter | click.BadParameter):
        message = error.format_message().rstrip(".")
    _say(message[:1].lower() + message[1:].replace("'", "`"), advice)


def _say(message: str, advice: str = "") -> None:
    from assay.cli.screen import err, harmless

    screen = err()
    try:
        screen.line(screen.paint("error", "red", "bold") + ": " + harmless(message))
        if advice:
            screen.line("  " + screen.paint("help", "cyan") + ": " + harmless(advice))
    except OSError:
        return


def _own_fault(error: Exception) -> int:
    if os.environ.get("ASSAY_DEBUG") == "1":
        import traceback

        traceback.print_exc()
        return ERROR
    from assay.cli.problems import problem

    what = type(error).__name__
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is not None:
        from pathlib import Path

        path = Path(frame.tb_frame.f_code.co_filename)
        what += f" in {path.parent.name}/{path.name}:{frame.tb_lineno}"
    try:
        refuse(problem("E901", what=what))
    except Exception:  # noqa: BLE001 - not even the words can be found
        _say(f"something went wrong inside Assay: {what}", "`ASSAY_DEBUG=1` shows where it happened")
    return ERROR


def _terminate(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
    raise Stopped


def _close_quietly() -> None:
    """Lets the interpreter end without a second complaint about the pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        try:
            os.fstat(number)
        except OSError:
            continue
        if number == 1:
            os.dup2(nowhere, number)


if __name__ == "__main__":
    # `python -m assay.cli.main`: commands import this file by its name, so that is the one to run.
    from assay.cli.main import main as entry

    entry()
