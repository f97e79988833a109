"""Where the failed rows of this project are: the warehouse of assay.yml, or else a file on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from assay.cli.config import Config
from assay.cli.problems import InputError, problem
from assay.cli.screen import harmless

if TYPE_CHECKING:
    from assay.protocol.warehouse import Warehouse as Told
    from assay.runner.store import StoreError, Warehouse

_ADVICE = {
    "42P01": "make its tables: `assay warehouse init`",
    "3F000": "make its tables: `assay warehouse init`",
    "42501": "the account needs a role of the warehouse: see `assay warehouse init`",
    "28P01": "look at the user, and at the variable with its password",
}


def open_warehouse(config: Config, base: Path, *, wait_seconds: float = 30.0) -> tuple[Warehouse, str]:
    """The warehouse, and the key of its hashes (empty: none). Raises InputError where a placeholder has no
    value; connects to nothing."""
    if config.warehouse is None:
        from assay.runner.warehouses.duckdb import DuckdbStore

        return DuckdbStore(base / config.store, wait_seconds=wait_seconds), ""
    from assay.runner.warehouses.postgres import PostgresStore

    filled = filled_in(config.warehouse)
    # What is run by hand is not delivered to anybody: there is no envelope.
    return PostgresStore(filled, base, envelope=None, wait_seconds=min(wait_seconds, 5.0)), filled.mask_key


def filled_in(warehouse: Told) -> Told:
    from assay.protocol.source import MissingValueError, WrongValueError
    from assay.protocol.warehouse import resolve

    try:
        return resolve(warehouse, os.environ.get)
    except MissingValueError as error:
        names = ", ".join(f"`{name}`" for name in error.names)
        raise problem("E616", names=names, first=error.names[0]) from None
    except WrongValueError as error:
        raise problem("E617", field=error.field) from None


def unusable(error: StoreError) -> InputError:
    """The database's words are for this side, as they are here."""
    first = harmless(error.detail.strip().partition("\n")[0])
    advice = _ADVICE.get(error.code, f"its code is {error.code}")
    return problem("E620", reason=first, advice=advice)
