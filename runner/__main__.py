"""`python -I -m assay.runner --spec /etc/assay/run.json`: see `job`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from assay.runner.job import main

if __name__ == "__main__":
    status = main(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # None where it was closed before
            stream.flush()
    # Everything was said, and everything is closed: nothing that a thread still does may change how the pod ended.
    os._exit(status)
