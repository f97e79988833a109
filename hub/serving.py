"""A hub process from its settings: the store is made where it may be, opened, served, and closed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from assay.hub import keyring, migrations
from assay.hub.address import Problem, is_sqlite, sqlite_path
from assay.hub.api.server import Listening, Server, bind
from assay.hub.compiling import LIMITS, Compiler
from assay.hub.keyring import KeyProblem, Keyring
from assay.hub.refusal import Refusal
from assay.hub.store import HUB, Store, Tx, open_store
from assay.hub.tables import tenants
from assay.hub.tenants import create_tenant
from assay.hub.users.access import add_key
from assay.protocol.user import Role
from assay.sandbox import Limits

FOLDER = "assay-hub"
DATABASE = "hub.db"
MASTER = "master.key"
FIRST_TENANT = "default"


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


def load_keys(settings: Settings) -> Keyring:
    try:
        return keyring.load(settings.key_file, settings.old_master_key)
    except KeyProblem as error:
        raise Problem(str(error)) from None


def serve(settings: Settings, started: Callable[[str], None]) -> None:
    """Serves until a signal ends it. started: called with the address once requests are answered. Raises
    Problem where it cannot begin."""
    sockets = [bind(settings.listening)]
    port = sockets[0].getsockname()[1]
    store = open_store(settings.address, load_keys(settings))
    compiler = Compiler(settings.compile_limits)
    try:
        from assay.hub.api.build import build

        listening = settings.listening
        host = f"[{listening.host}]" if ":" in listening.host else listening.host
        address = f"{listening.scheme}://{host}:{port}"
        server = Server(build(store, compiler), store, listening, lambda: started(address))
        server.run(sockets)
    finally:
        compiler.close()
        store.close()


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
