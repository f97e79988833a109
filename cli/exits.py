"""How a command ends: exit codes, and what they are for."""

from __future__ import annotations

from assay.cli.problems import InputError, OutputError

PASSED, FAILED, WRONG_INPUT, ERROR = 0, 1, 2, 3
INTERRUPTED, BROKEN_PIPE, TERMINATED = 130, 141, 143


class Stopped(BaseException):
    """SIGTERM came. Not an Exception, so that no command takes it for a fault."""


def refuse(error: InputError) -> int:
    """Shows what is wrong, and gives the exit code for it."""
    from assay.cli.rendered import show_error

    show_error(error)
    return ERROR if isinstance(error, OutputError) else WRONG_INPUT
