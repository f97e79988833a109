"""A hub process from its settings: the store is made where it may be, opened, served, and closed."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from sqlalchemy import func, select

from assay.hub import keyring, migrations
from assay.hub.address import Problem, is_sqlite, sqlite_path
from assay.hub.api.server import Listening, Server, bind
from assay.hub.compiling import LIMITS, Compiler
from assay.hub.instants import instant
from assay.hub.keyring import KeyProblem, Keyring
from assay.hub.refusal import Refusal
from assay.hub.store import HUB, Store, Tx, open_store
from assay.hub.store.sqlite import InUse, lock
from assay.hub.tables import tenant_keys, tenants
from assay.hub.tenants import create_tenant
from assay.hub.users.access import add_key
from assay.protocol.user import Role
from assay.sandbox import Limits

FOLDER = "assay-hub"
DATABASE = "hub.db"
MASTER = "master.key"
FIRST_TENANT = "default"
WATCH_S = 2.0
"""How often the files of the master keys are looked at."""
log = structlog.get_logger("assay.hub")


@dataclass(frozen=True, slots=True)
class Settings:
    """store: an address, or None for SQLite in the folder. master_key: a file; None for ASSAY_MASTER_KEY, and
    where that is not set either, a file in the folder."""

    folder: Path = Path(FOLDER)
    store: str | None = None
    master_key: Path | None = None
    old_master_key: Path | None = None
    listening: Listening = field(default_factory=Listening)
    compile_limits: Limits = LIMITS

    @property
    def address(self) -> str:
        return self.store or f"sqlite:///{self.folder / DATABASE}"

    @property
    def old_key_file(self) -> Path | None:
        """As given; else what a rotation has left beside the key's file, if it is there."""
        if self.old_master_key is not None or self.key_file is None:
            return self.old_master_key
        beside = old_name(self.key_file)
        return beside if beside.exists() else None

    @property
    def key_file(self) -> Path | None:
        if self.master_key is not None or keyring.VARIABLE in os.environ:
            return self.master_key
        return self.folder / MASTER


@dataclass(frozen=True, slots=True)
class FirstKey:
    """The admin key of a tenant that was just made; shown once."""

    tenant: str
    key: str


def make(settings: Settings) -> FirstKey | None:
    """Makes the store, the master key and the first tenant, as far as they are not there; gives the first
    tenant's key where it was made now. Raises Problem."""
    if is_sqlite(settings.address):
        folder = sqlite_path(settings.address).parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(sqlite_path(settings.address), os.O_WRONLY | os.O_CREAT, 0o600))
    if settings.master_key is None and settings.key_file is not None:
        _make_key(settings.key_file)
    keys = load_keys(settings)
    migrations.upgrade(settings.address)
    store = open_store(settings.address, keys)
    try:
        return store.write_now(HUB, _first)
    finally:
        store.close()


def is_new(settings: Settings) -> bool:
    """Whether there is no SQLite store yet where the settings have one."""
    return is_sqlite(settings.address) and not sqlite_path(settings.address).exists()


def old_name(file: Path) -> Path:
    return file.with_name(file.name + ".old")


def load_keys(settings: Settings) -> Keyring:
    """Raises Problem."""
    if settings.master_key is None and settings.key_file is not None and not settings.key_file.exists():
        raise Problem(
            f"there is no master key at {settings.key_file}: run `assay hub init`, or name its file"
        )
    try:
        return keyring.load(settings.key_file, settings.old_key_file)
    except KeyProblem as error:
        raise Problem(str(error)) from None


def serve(settings: Settings, started: Callable[[str], None]) -> None:
    """Serves until a signal ends it. started: called with the address once requests are answered. Raises
    Problem where it cannot begin."""
    sockets = [bind(settings.listening)]
    port = sockets[0].getsockname()[1]
    keys = load_keys(settings)
    store = open_store(settings.address, keys)
    compiler = Compiler(settings.compile_limits)
    watch = KeyWatch(settings, keys)
    try:
        _require_master(store, keys)
        watch.start()
        from assay.hub.api.build import build

        listening = settings.listening
        host = f"[{listening.host}]" if ":" in listening.host else listening.host
        address = f"{listening.scheme}://{host}:{port}"
        server = Server(build(store, compiler), store, listening, lambda: started(address))
        server.run(sockets)
    finally:
        watch.stop()
        compiler.close()
        store.close()


def _require_master(store: Store, keys: Keyring) -> None:
    """Raises Problem where some tenant's data key cannot be opened: a hub that answers half is worse than none."""
    statement = select(tenant_keys.c.master).distinct()
    try:
        named = store.read_now(HUB, lambda tx: [row.master for row in tx.rows(statement)])
    except Refusal as refusal:
        raise Problem(refusal.detail) from None
    if not all(keys.knows(master) for master in named):
        raise Problem(
            "the master key is not the one that this store's data keys are wrapped under: name the one of that time;"
            " while it is being replaced, the one before with --old-master-key-file"
        )


class KeyWatch:
    """Reads the master keys' files again when they have changed, so that a key is replaced while hubs serve."""

    def __init__(self, settings: Settings, keys: Keyring) -> None:
        self._settings = settings
        self._keys = keys
        self._seen = self._look()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="hub-keys", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _serve(self) -> None:
        while not self._stop.wait(WATCH_S):
            found = self._look()
            if found == self._seen:
                continue
            try:
                self._keys.adopt(load_keys(self._settings))
            except Problem as error:
                log.error("the master keys cannot be read again: the ones before stay", why=str(error))
                continue
            self._seen = found
            log.info("the master keys were read again", master=self._keys.master)

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        found: list[tuple[str, int, int]] = []
        for file in (self._settings.key_file, self._settings.old_key_file):
            try:
                status = file.stat() if file is not None else None
            except OSError:
                status = None
            if status is not None:
                found.append((str(file), status.st_ino, status.st_mtime_ns))
        return tuple(found)


@contextmanager
def beside(settings: Settings) -> Iterator[Store]:
    """The store, for a few changes while hubs may serve it. Raises Problem."""
    store = open_store(settings.address, load_keys(settings), beside=True)
    try:
        yield store
    finally:
        store.close()


def require_idle(settings: Settings) -> None:
    """Raises Problem where there is no store, or where a hub serves an SQLite one."""
    if not is_sqlite(settings.address):
        return
    path = sqlite_path(settings.address)
    if not path.exists():
        raise Problem(f"there is no store at {path}: run `assay hub init`")
    try:
        lock(path).close()
    except InUse as error:
        raise Problem(str(error)) from None


@dataclass(frozen=True, slots=True)
class TenantHead:
    name: str
    created_at: str


def list_tenants(store: Store) -> list[TenantHead]:
    statement = select(tenants.c.name, tenants.c.created_at).order_by(tenants.c.name)
    rows = store.read_now(HUB, lambda tx: tx.rows(statement))
    return [TenantHead(name, instant(created)) for name, created in rows]


def add_tenant(store: Store, name: str) -> FirstKey:
    """A tenant and its first admin key. Raises Problem where the name is taken."""
    try:
        return store.write_now(HUB, lambda tx: _add_tenant(tx, name))
    except Refusal as refusal:
        raise Problem(refusal.detail) from None


def _first(tx: Tx) -> FirstKey | None:
    if tx.one(select(func.count()).select_from(tenants))[0]:
        return None
    return _add_tenant(tx, FIRST_TENANT)


def _add_tenant(tx: Tx, name: str) -> FirstKey:
    tenant = create_tenant(tx, name)
    return FirstKey(name, add_key(tx.acting(tenant), Role.ADMIN, "first key").key)


def _make_key(file: Path) -> None:
    """A new master key, readable for its owner alone; an existing one stays."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(keyring.new_master() + "\n")
        out.flush()
        os.fsync(handle)
