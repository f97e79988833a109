"""What the compiler knows about each SQL dialect: tables first, methods last.

    base       the shape of a dialect and of a gap
    sql        builders for the few kinds of tree nodes that are used
    functions  lowerings that are the same everywhere
    casts      which text a cast accepts, the same in every dialect
    regexes    portable patterns in the form of each engine, and cheaper equals of simple ones
    duckdb, postgres   one table each

To add a dialect: write its table beside the others and name it in DIALECTS; the tests then ask for a lowering
of every row of `compiler.functions.TABLE`, and run it where an engine can be had.
"""

from __future__ import annotations

from types import MappingProxyType

from assay.compiler.dialects.base import Dialect, Gap, Unsupported
from assay.compiler.dialects.duckdb import DUCKDB
from assay.compiler.dialects.postgres import POSTGRES

DIALECTS: MappingProxyType[str, Dialect] = MappingProxyType({"duckdb": DUCKDB, "postgres": POSTGRES})

__all__ = ["DIALECTS", "Dialect", "Gap", "Unsupported"]
