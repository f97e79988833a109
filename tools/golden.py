"""Writes every generated file anew: parser tables, reference pages, the protocol's schema and transcripts, the
expected files of the corpus.

With names of cases as arguments only these are written. In CI nothing is.
"""

from __future__ import annotations

import os
import sys

from assay.cli import reference
from tests.golden import generate
from tests.protocol.transcripts import record
from tools import docs, protocol, tables


def main() -> int:
    if not sys.argv[1:] and not os.environ.get("CI"):
        tables.main()
        protocol.main()
        record.main()
        docs.main()
        (docs.ROOT / "docs" / "cli.md").write_text(reference.page(), encoding="utf-8")
    return generate.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
