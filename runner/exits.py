"""How the process of a Job ends: its exit code is for the scheduler, a code and a stage for the person who looks.

0   ran, and the report is out         70  a fault of the runner
64  the specification is wrong         74  the report could not be delivered
65  the bundle is not what it was      75  not let through the hub's gate, or no longer wanted
69  the data source cannot be reached  77  the data source refuses
78  a secret is missing, or wrong      143 stopped by SIGTERM
"""

from __future__ import annotations

DONE = 0
BAD_SPEC = 64
REJECTED = 65
UNAVAILABLE = 69
BUG = 70
UNDELIVERED = 74
FENCED = 75
FORBIDDEN = 77
MISSING_SECRET = 78
INTERRUPTED = 143


class Ended(Exception):
    """The process ends before its time. `code` and `stage` are all that is told: neither holds a text from
    outside."""

    def __init__(self, status: int, code: str, stage: str) -> None:
        super().__init__(code)
        self.status, self.code, self.stage = status, code, stage
