"""What a Job says of itself on its way: codes, one line of JSON each, on standard error; and its last words.

No text of a database, a row or the hub comes in here: whoever reads a pod's log need not be allowed to see them.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import msgspec

from assay.runner.scrub import Scrubber


class Log:
    def __init__(self, scrubber: Scrubber, termination: Path) -> None:
        self.scrubber = scrubber
        self._termination = termination

    def tell(self, stage: str, code: str, **numbers: int) -> None:
        """A line of the log. A log that cannot be written ends nothing."""
        line = self.scrubber.clean(msgspec.json.encode({"code": code, "stage": stage, **numbers}))
        with suppress(OSError):
            os.write(2, line + b"\n")

    def end(self, stage: str, code: str) -> None:
        """The last line, and the termination message that Kubernetes shows with the pod."""
        self.tell(stage, code)
        try:
            if self._termination.exists():
                message = msgspec.json.encode({"code": code, "stage": stage})
                self._termination.write_bytes(self.scrubber.clean(message))
        except OSError as error:
            self.tell("termination", type(error).__name__)
