"""`assay agent enrol`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assay.cli.agent.run import config_option, refusal
from assay.cli.exits import PASSED
from assay.cli.lazy import Command
from assay.cli.problems import problem, unwritable


@click.command(
    "enrol",
    cls=Command,
    examples="""
    assay agent enrol berlin < enrolment-token          the token from standard input
    assay agent enrol berlin --enrolment-token-file t --config /etc/assay/agent.yml
    assay agent enrol berlin --force < enrolment-token  over a token that is there
    assay agent enrol berlin --print-token < enrolment-token | kubectl create secret …
    """,
)
@click.argument("name")
@config_option
@click.option(
    "--enrolment-token-file",
    "token_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file with the enrolment token. Without it: standard input.",
)
@click.option("--force", is_flag=True, help="Write over a token that is there already.")
@click.option(
    "--print-token",
    is_flag=True,
    help="Print the agent's token and nothing else, and write no file: for a Secret.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the agent's id and pool as JSON.")
def command(
    name: str, file: Path, token_file: Path | None, force: bool, print_token: bool, as_json: bool
) -> int:
    """Trade an enrolment token for a token of the agent's own, under the NAME that people will see.

    An administrator of the hub makes the enrolment token; it is good for one agent and a quarter of an hour. The
    agent's token is written to the file that the configuration names, readable for its owner alone.
    """
    import json

    from assay.agent.enrol import EnrolmentRefused, enrol
    from assay.agent.start import CannotStart
    from assay.cli.agent.config import load
    from assay.cli.screen import out

    settings = load(file)
    if settings.token.exists() and not (force or print_token):
        raise problem("E681", file=str(settings.token))
    try:
        enrolled = enrol(settings, name, _token(token_file), write=not print_token)
    except CannotStart as error:
        raise refusal(error) from None
    except EnrolmentRefused as error:
        raise problem("E682", problem=str(error), advice=error.advice) from None
    except OSError as error:
        raise unwritable(settings.token, error) from None
    screen = out()
    if print_token:
        screen.line(enrolled.token)
    elif as_json:
        screen.line(
            json.dumps({"agent": enrolled.agent, "pool": enrolled.pool, "token": str(settings.token)})
        )
    else:
        screen.line(
            f"{name} is agent {enrolled.agent} of the pool {enrolled.pool}; its token is in {settings.token}"
        )
    return PASSED


def _token(file: Path | None) -> str:
    """Never from the command line: every process of the machine could read it there."""
    try:
        text = sys.stdin.read(4_096) if file is None else file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text.strip():
        raise problem("E683", where="standard input" if file is None else str(file))
    return text.strip()
