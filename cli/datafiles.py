"""`--data orders=orders.parquet`: files in place of the data sources of assay.yml.

A name is the last part of a dataset's name, or all of it. A DuckDB database stands for a whole data source:
its name, or that of any dataset in it, says which. A file alone is the dataset of the one contract that
runs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assay.cli.problems import listed, problem

if TYPE_CHECKING:
    from assay.protocol.bundle import Bundle
    from assay.protocol.source import DuckdbSource

DATABASES = (".duckdb", ".ddb", ".db")
Table = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """One `--data`; `name` is empty for a file alone. `path` is absolute."""

    text: str
    name: str
    path: str

    @property
    def database(self) -> bool:
        return self.path.lower().endswith(DATABASES)


def parse(values: Sequence[str]) -> tuple[Given, ...]:
    from assay.protocol.source import FILE_ENDINGS

    found: list[Given] = []
    for text in values:
        name, equals, file = text.partition("=")
        if not equals or Path(text).exists():
            name, file = "", text
        path = Path(file)
        if not path.exists():
            raise problem("E632", file=file, suggestion=_near(path))
        if not path.is_file() or not file.lower().endswith((*FILE_ENDINGS, *DATABASES)):
            raise problem("E633", file=file, known=listed((*FILE_ENDINGS, *DATABASES), 20))
        if not os.access(path, os.R_OK):
            raise problem("E601", file=file, reason="permission denied")
        if name and any(name == other.name for other in found):
            raise problem("E644", name=name)
        found.append(Given(text, name.replace("`", ""), str(path.absolute())))
    return tuple(found)


def tables_of(bundle: Bundle) -> tuple[Table, ...]:
    """Every table that a bundle reads, its own first."""
    found = {bundle.table: None}
    for query in bundle.queries:
        found.update(dict.fromkeys(query.tables))
        for measure in query.measures:
            found.update(dict.fromkeys(measure.tables))
    for capture in bundle.captures:
        found.update(dict.fromkeys(capture.tables))
    return tuple(found)


def assign(given: Sequence[Given], bundles: Sequence[Bundle]) -> dict[str, DuckdbSource]:
    """The source of each bundle, by its file; a bundle that no file is for is left out."""
    from assay.protocol.source import DuckdbSource, FileTable

    datasets: dict[Table, None] = {}
    for bundle in bundles:
        datasets.update(dict.fromkeys((bundle.source, *table) for table in tables_of(bundle)))
    files: dict[Table, str] = {}
    databases: dict[str, str] = {}
    for item in given:
        target = _target(item, bundles, tuple(datasets))
        if item.database:
            databases[target[0]] = item.path
        else:
            files[target] = item.path
    found: dict[str, DuckdbSource] = {}
    for bundle in bundles:
        if bundle.source in databases:
            found[bundle.file] = DuckdbSource(path=databases[bundle.source])
            continue
        tables = tables_of(bundle)
        there = [table for table in tables if (bundle.source, *table) in files]
        if not there:
            continue
        for table in tables:
            if table not in there:
                raise problem("E643", table=".".join((bundle.source, *table)), name=table[-1])
        named = tuple(FileTable(table, files[bundle.source, *table]) for table in tables)
        found[bundle.file] = DuckdbSource(files=named)
    return found


def _target(item: Given, bundles: Sequence[Bundle], datasets: tuple[Table, ...]) -> Table:
    names = [".".join(dataset) for dataset in datasets]
    if not item.name:
        own = {(bundle.source, *bundle.table) for bundle in bundles}
        alone = len(own) == 1 and (item.database or len(datasets) == 1)
        if not alone:
            short = [dataset[-1] for dataset in datasets]
            shown = short if len(set(short)) == len(short) else names
            raise problem("E640", given=item.text, known=listed(shown))
        return next(iter(own))
    lowered = item.name.lower()
    hits = [d for d, name in zip(datasets, names, strict=True) if name.lower() == lowered]
    hits = hits or [d for d in datasets if ".".join(d).lower().endswith("." + lowered)]
    if not hits and item.database:
        hits = [d for d in datasets if d[0].lower() == lowered][:1]
    if not hits:
        from assay.compiler.diagnostics import did_you_mean

        near = did_you_mean(item.name, [d[-1] for d in datasets])
        raise problem("E641", name=item.name, known=listed(names), suggestion=near)
    if len(hits) > 1 and not (item.database and len({d[0] for d in hits}) == 1):
        raise problem("E642", name=item.name, known=listed([".".join(d) for d in hits]))
    return hits[0]


def _near(path: Path) -> str | None:
    from assay.compiler.diagnostics import did_you_mean

    try:
        names = [entry.name for entry in os.scandir(path.parent) if entry.is_file()]
    except OSError:
        return None
    return did_you_mean(path.name, names)
