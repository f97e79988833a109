"""`python -I -m assay.runner --spec /etc/assay/run.json`: see `job`."""

from __future__ import annotations

import sys

from assay.runner.job import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
