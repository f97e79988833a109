"""A data source as it is configured: where it is and how to log in, with placeholders in place of secrets.

`parse_sources` takes what stands under `sources` in a configuration file and gives types and problems. A
placeholder `${env.NAME}` may stand in connection fields only; `resolve` fills them in when a connection is
made. A password that is written out is refused: a file with a secret in it gets copied, mailed and committed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Literal, TypeAlias, TypeVar, get_args

import msgspec

SslMode: TypeAlias = Literal["disable", "prefer", "require", "verify-ca", "verify-full"]
ChannelBinding: TypeAlias = Literal["disable", "prefer", "require"]

PLACEHOLDER = re.compile(r"\$\{env\.([A-Z][A-Z0-9_]{0,63})\}")
FILE_ENDINGS = (".parquet", ".csv", ".tsv", ".csv.gz", ".tsv.gz")


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class FileTable(Struct, frozen=True):
    """A file that stands for a table."""

    table: tuple[str, ...]
    path: str


class DuckdbSource(Struct, frozen=True, tag="duckdb", tag_field="type"):
    """A DuckDB database file (`path`), a folder of Parquet and CSV files (`folder`: a file's stem is the
    table's name, a sub-folder the schema's), or single files (`files`). Relative paths start at the folder
    of the configuration."""

    path: str = ""
    folder: str = ""
    files: tuple[FileTable, ...] = ()
    memory_limit: str = ""
    threads: int = 0


class PostgresSource(Struct, frozen=True, tag="postgres", tag_field="type"):
    """A PostgreSQL database. Empty sslmode, require_auth: what is safe for the host, see the adapter."""

    host: str
    database: str
    user: str
    port: int | str = 5432
    password: str = ""
    sslmode: SslMode | Literal[""] = ""
    sslrootcert: str = ""
    require_auth: str = ""
    channel_binding: ChannelBinding = "prefer"
    connect_timeout: int = 8
    options: dict[str, int | str] = {}

    def __repr__(self) -> str:
        return f"PostgresSource({self.host!r}, {self.database!r}, {self.user!r})"


Source: TypeAlias = DuckdbSource | PostgresSource
_S = TypeVar("_S", DuckdbSource, PostgresSource)

_CONNECTION = {
    "duckdb": frozenset[str](),
    "postgres": frozenset({"host", "port", "database", "user", "password", "sslrootcert"}),
}
_FIELDS: dict[str, tuple[str, ...]] = {
    "duckdb": DuckdbSource.__struct_fields__,
    "postgres": PostgresSource.__struct_fields__,
}
_REQUIRED = {"duckdb": (), "postgres": ("host", "database", "user")}
_AUTH_METHODS = ("scram-sha-256", "md5", "password", "gss", "sspi", "oauth", "none")

POSTGRES_OPTIONS: Mapping[str, re.Pattern[str]] = {
    "statement_timeout": re.compile(r"\d{1,9}(ms|s|min|h)?"),
    "lock_timeout": re.compile(r"\d{1,9}(ms|s|min|h)?"),
    "work_mem": re.compile(r"\d{1,9}(kB|MB|GB)?"),
    "max_parallel_workers_per_gather": re.compile(r"\d{1,3}"),
    "application_name": re.compile(r"[A-Za-z0-9_. -]{1,63}"),
    "role": re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}"),
}
"""What may be set on the server, and the form of each value."""

Fault: TypeAlias = Literal[
    "unknown_key",
    "missing_key",
    "wrong_value",
    "unknown_type",
    "literal_secret",
    "placeholder",
    "outside_folder",
]


class Problem(Struct, frozen=True):
    """path: keys from the top, joined by dots, such as `warehouse.pasword`. Says no secret."""

    fault: Fault
    path: str
    message: str
    help: str = ""


class MissingValueError(Exception):
    """Placeholders that have no value. Says their names only."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        super().__init__("no value for " + ", ".join(f"${{env.{name}}}" for name in self.names))


class WrongValueError(Exception):
    """A placeholder's value has no place in its field. Says the field's name only."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"the value given for `{field}` does not fit")


# -- from a configuration file


def parse_sources(doc: object) -> tuple[dict[str, Source], list[Problem]]:
    """`doc` is the mapping under `sources`: name -> fields. Every fault is found, not only the first."""
    problems: list[Problem] = []
    found: dict[str, Source] = {}
    if not isinstance(doc, Mapping):
        return {}, [Problem("wrong_value", "sources", "data sources are a mapping from name to fields")]
    for name, fields in doc.items():
        before = len(problems)
        if not isinstance(name, str) or not name:
            problems.append(Problem("wrong_value", str(name), "the name of a data source is text"))
        elif not isinstance(fields, Mapping):
            problems.append(Problem("wrong_value", name, "a data source is a mapping of fields"))
        else:
            source = _source(name, {str(key): value for key, value in fields.items()}, problems)
            if source is not None and len(problems) == before:
                found[name] = source
    return found, problems


def _source(name: str, fields: dict[str, object], problems: list[Problem]) -> Source | None:
    kind = fields.pop("type", None)
    if kind is None:
        text = "a data source says its `type`"
        problems.append(Problem("missing_key", f"{name}.type", text, "one of " + _listed(_FIELDS)))
        return None
    if not isinstance(kind, str) or kind not in _FIELDS:
        text = f"there is no data source type `{kind}`"
        problems.append(Problem("unknown_type", f"{name}.type", text, _near(str(kind), _FIELDS)))
        return None
    for key in [key for key in fields if key not in _FIELDS[kind]]:
        text = f"a {kind} data source has no `{key}`"
        problems.append(Problem("unknown_key", f"{name}.{key}", text, _near(key, _FIELDS[kind])))
        del fields[key]
    for key in _REQUIRED[kind]:
        if fields.get(key) in (None, ""):
            problems.append(Problem("missing_key", f"{name}.{key}", f"a {kind} data source needs `{key}`"))
            return None
    _check_placeholders(name, kind, fields, problems)
    fields = {key: value for key, value in fields.items() if value is not None}
    if kind == "duckdb":
        return _duckdb(name, fields, problems)
    return _postgres(name, fields, problems)


def _check_placeholders(name: str, kind: str, value: object, problems: list[Problem], key: str = "") -> None:
    if isinstance(value, Mapping):
        for inner, item in value.items():
            _check_placeholders(name, kind, item, problems, f"{key}.{inner}" if key else str(inner))
    elif isinstance(value, str) and "${" in value:
        path = f"{name}.{key}"
        if key not in _CONNECTION[kind]:
            help_ = "connection fields may: " + _listed(sorted(_CONNECTION[kind]))
            problems.append(Problem("placeholder", path, f"`{key}` cannot hold a placeholder", help_))
        elif "${" in PLACEHOLDER.sub("", value):
            help_ = "a placeholder is `${env.NAME}`, the name in capitals, digits and `_`"
            problems.append(Problem("placeholder", path, "this is not a placeholder", help_))


def _duckdb(name: str, fields: dict[str, object], problems: list[Problem]) -> Source | None:
    files = fields.get("files")
    if files is not None:
        if not isinstance(files, Mapping):
            problems.append(Problem("wrong_value", f"{name}.files", "`files` maps a table to a file"))
            return None
        fields["files"] = [{"table": str(table).split("."), "path": path} for table, path in files.items()]
    source = _convert(name, fields, DuckdbSource, problems)
    if source is None:
        return None
    if sum(map(bool, (source.path, source.folder, source.files))) != 1:
        text = "a duckdb data source has one of `path`, `folder` and `files`"
        problems.append(Problem("missing_key", name, text))
    for key, path in [
        ("path", source.path),
        ("folder", source.folder),
        *((f"files.{'.'.join(file.table)}", file.path) for file in source.files),
    ]:
        if path.startswith(("/", "\\", "~")) or ".." in PurePosixPath(path).parts or ":" in path:
            help_ = "put the file beside or under the configuration, or name it with --data"
            problems.append(
                Problem(
                    "outside_folder", f"{name}.{key}", "the path leaves the configuration's folder", help_
                )
            )
    for file in source.files:
        if not file.path.lower().endswith(FILE_ENDINGS):
            help_ = "files end in " + _listed(FILE_ENDINGS)
            problems.append(
                Problem("wrong_value", f"{name}.files", f"`{file.path}` is of no known kind", help_)
            )
    if source.memory_limit and not re.fullmatch(r"\d{1,6}\s?(MB|GB|MiB|GiB)", source.memory_limit):
        problems.append(Problem("wrong_value", f"{name}.memory_limit", "a memory limit is like `2GB`"))
    return source


def _postgres(name: str, fields: dict[str, object], problems: list[Problem]) -> Source | None:
    password = fields.get("password")
    if password not in (None, "") and not (isinstance(password, str) and PLACEHOLDER.fullmatch(password)):
        problems.append(
            Problem(
                "literal_secret",
                f"{name}.password",
                "a password does not stand in a file",
                f"write `password: ${{env.{re.sub('[^A-Z0-9]+', '_', name.upper()) or 'DB'}_PASSWORD}}`",
            )
        )
        fields["password"] = ""
    source = _convert(name, fields, PostgresSource, problems)
    if source is None:
        return None
    if isinstance(source.port, int) and not 0 < source.port < 65536:
        problems.append(Problem("wrong_value", f"{name}.port", "a port is between 1 and 65535"))
    if isinstance(source.port, str) and "${" not in source.port:
        problems.append(Problem("wrong_value", f"{name}.port", "a port is a whole number or a placeholder"))
    if not 1 <= source.connect_timeout <= 60:
        problems.append(
            Problem("wrong_value", f"{name}.connect_timeout", "a connect timeout is 1 to 60 seconds")
        )
    methods = source.require_auth.split(",") if source.require_auth else []
    for method in methods:
        if method.strip() not in _AUTH_METHODS:
            problems.append(
                Problem(
                    "wrong_value",
                    f"{name}.require_auth",
                    f"there is no authentication method `{method.strip()}`",
                    _near(method.strip(), _AUTH_METHODS),
                )
            )
    for option, value in source.options.items():
        path = f"{name}.options.{option}"
        form = POSTGRES_OPTIONS.get(option)
        if form is None:
            text = f"`{option}` cannot be set on the server"
            problems.append(Problem("unknown_key", path, text, _near(option, POSTGRES_OPTIONS)))
        elif "${" not in str(value) and not form.fullmatch(str(value)):
            problems.append(Problem("wrong_value", path, f"this is no value for `{option}`"))
    return source


def _convert(name: str, fields: dict[str, object], kind: type[_S], problems: list[Problem]) -> _S | None:
    try:
        return msgspec.convert(fields, kind, strict=True)
    except msgspec.ValidationError as error:
        text, _, place = str(error).partition(" - at `$")
        key = place.rstrip("`").removeprefix(".")
        value = fields.get(key)
        allowed = {"sslmode": get_args(SslMode), "channel_binding": get_args(ChannelBinding)}.get(key)
        if allowed and isinstance(value, str):
            text, help_ = f"`{value}` is no {key}", _near(value, allowed)
        else:
            help_ = ""
        path = f"{name}.{key}" if key else name
        problems.append(Problem("wrong_value", path, text[:1].lower() + text[1:], help_))
        return None


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _near(word: str, words: Iterable[str]) -> str:
    import difflib

    known = list(words)
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else "one of " + _listed(known)


# -- at connect time


def placeholders(source: Source) -> tuple[str, ...]:
    """The names of the values that a connection will ask for, in order of the fields."""
    match source:
        case DuckdbSource():
            return ()
        case PostgresSource():
            found: dict[str, None] = {}
            for field in sorted(_CONNECTION["postgres"]):
                found.update(dict.fromkeys(PLACEHOLDER.findall(str(getattr(source, field)))))
            return tuple(found)


def resolve(source: Source, lookup: Callable[[str], str | None]) -> Source:
    """The source with every placeholder filled in, each value asked for once. A value is not looked into
    again. Raises MissingValueError or WrongValueError, neither of which says a value."""
    match source:
        case DuckdbSource():
            return source
        case PostgresSource():
            values = {name: lookup(name) for name in placeholders(source)}
            missing = [name for name, value in values.items() if not value]
            if missing:
                raise MissingValueError(missing)
            changed: dict[str, object] = {}
            for field in _CONNECTION["postgres"]:
                text = str(getattr(source, field))
                filled = PLACEHOLDER.sub(lambda found: values[found[1]] or "", text)
                if re.search(r"[\x00-\x1f\x7f]", filled):
                    raise WrongValueError(field)
                if filled != text:
                    changed[field] = filled
            port = str(changed.get("port", source.port))
            if not re.fullmatch(r"\d{1,5}", port) or not 0 < int(port) < 65536:
                raise WrongValueError("port")
            changed["port"] = int(port)
            return msgspec.structs.replace(source, **changed)
