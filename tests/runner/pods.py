"""A contract compiled and deployed as the cluster does it: the Job's own command on the ConfigMap's own files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import yaml

from assay.compiler.diagnostics import Sink
from assay.compiler.manifests import Instruction, manifests
from assay.compiler.pipeline import compile_contract
from assay.compiler.profile import parse_profile
from assay.protocol.warehouse import Warehouse, document
from tests.support.postgres import Server
from tests.support.scripted_hub import TOKEN

CONTRACT = """contract shop.orders version 1.0.0 {
  dataset shop.public.orders
  param least decimal(12, 2) = 0

  column id      bigint  required
  column amount  decimal(12, 2)
  column note    text

  check rows > 0
  check min(amount) >= least
}
"""
TABLE = """
CREATE TABLE public.orders (id bigint NOT NULL, amount decimal(12, 2), note text);
INSERT INTO public.orders SELECT i, i, 'canary' FROM generate_series(1, 10) i
"""
SLOW = """
CREATE VIEW public.orders AS
SELECT i::bigint AS id, i::decimal(12, 2) AS amount, pg_sleep(60)::text AS note FROM generate_series(1, 3) i
WHERE pg_sleep(60) IS NOT NULL
"""
COMMAND = ["python3", "-I", "-m", "assay.runner"]
# In a pod these are what the kubelet mounts. The rest of the arguments up to `--` are constants to set: a test has
# not as much time as a hub.
ELSEWHERE = """
import importlib, pathlib, sys
folder = pathlib.Path(sys.argv.pop(1))
allowed = set(filter(None, sys.argv.pop(1).split(",")))


class Slim:
    def find_spec(self, name, path=None, target=None):
        top = ".".join(name.split(".")[:2]) if name.startswith("assay.") else name.split(".")[0]
        if allowed and not top.startswith("_") and top not in sys.stdlib_module_names | allowed:
            raise ModuleNotFoundError(f"there is no {name} in this image", name=name)


sys.meta_path.insert(0, Slim())
from assay.runner import job

job.MOUNTS = job.Mounts(folder / "secrets", folder / "warehouse-secrets")
job.TERMINATION, job.TOKEN = folder / "termination-log", folder / "token"
while (setting := sys.argv.pop(1)) != "--":
    place, value = setting.split("=")
    module, name = place.split(".")
    setattr(importlib.import_module("assay.runner." + module), name, float(value))
code = job.main(sys.argv[1:])
(folder / "status").write_bytes(pathlib.Path("/proc/self/status").read_bytes())
sys.exit(code)
"""
POD_UID = "0f0f0f0f-1111-2222-3333-444444444444"


@dataclass
class Pod:
    """What the kubelet would make of the manifests: files in a folder, the command, the environment."""

    folder: Path
    command: list[str]
    secret: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> Path:
        """Where Secrets would be mounted."""
        return self.folder / "secrets"

    @property
    def rows_files(self) -> Path:
        """The same for those of the warehouse."""
        return self.folder / "warehouse-secrets"

    @property
    def termination(self) -> Path:
        return self.folder / "termination-log"

    @property
    def peak(self) -> int:
        """KiB that the process had in memory at most. What the kernel tells a parent begins before exec."""
        lines = (self.folder / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))

    @property
    def token(self) -> Path:
        return self.folder / "token"

    def start(self) -> subprocess.Popen[bytes]:
        where = {"PATH": os.environ["PATH"], **self.environment}
        return subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=where)

    def run(self) -> tuple[int, bytes, dict[str, str]]:
        """Exit code, standard output, and the termination message."""
        process = self.start()
        out, err = process.communicate(timeout=60)
        lines = err.splitlines()
        told = msgspec.json.decode(lines[-1], type=dict[str, str]) if process.returncode > 0 else {}
        assert b"canary" not in out + err
        for value in self.secret.values():
            assert value.encode() not in out + err
        return process.returncode, out, told

    def told(self) -> tuple[int, dict[str, str]]:
        code, _, told = self.run()
        return code, told

    def change(self, file: str, **fields: Any) -> None:
        path = self.folder / file
        path.write_bytes(msgspec.json.encode(msgspec.json.decode(path.read_bytes()) | fields))


def deploy(
    folder: Path,
    server: Server,
    *,
    contract: str = CONTRACT,
    mode: str = "env",
    params: dict[str, str] | None = None,
    hub: dict[str, Any] | None = None,
    instruction: Instruction | None = None,
    warehouse: Warehouse | None = None,
    **binding: Any,
) -> Pod:
    made = compile_contract("orders.contract", {"orders.contract": contract}.get, ["postgres"])
    assert not made.failed, made.diagnostics
    program = made.programs["postgres"]
    source = {
        "type": "postgres",
        "host": "${env.DB_HOST}",
        "port": server.port,
        "database": server.dbname,
        "user": server.user,
        "password": "${env.DB_PASSWORD}",
    }
    bound = {
        "secretName": "assay-source-shop",
        "keys": ["DB_HOST", "DB_PASSWORD"],
        "hosts": [server.host],
        "ports": [server.port],
        "mode": mode,
        "tls": "prefer",
        **binding,
    }
    image = "registry.example.com/assay-runner@sha256:" + "0123456789abcdef" * 4
    sink = Sink()
    doc: dict[str, Any] = {"namespace": "assay-runs", "image": image, "sources": {"shop": bound}}
    secret = {"DB_HOST": server.host, "DB_PASSWORD": server.password}
    kept = None
    if warehouse is not None:
        place = {
            "secretName": "assay-warehouse-main", "keys": ["ROWS_PASSWORD"], "mode": mode,
            "hosts": [server.host], "ports": [server.port], "tls": "prefer",
        }  # fmt: skip
        doc["warehouses"] = {"main": place}
        bound["diagnostics"] = {"warehouse": "main"} | bound.get("diagnostics", {})
        secret["ROWS_PASSWORD"] = warehouse.server.password
        kept = document(warehouse) | {"password": "${env.ROWS_PASSWORD}"}
    profile = parse_profile(doc if hub is None else doc | {"hub": hub}, sink)
    assert profile is not None, sink.items
    found = manifests(
        program.sealed.data, program.lowered.bundle, source, profile, sink,
        params=params or {}, instruction=instruction, warehouse_doc=kept,
    )  # fmt: skip
    assert found, sink.items
    objects = {each["kind"]: each for each in (yaml.safe_load(one.text) for one in found)}
    return mount(folder, objects, secret)


def mount(folder: Path, objects: dict[str, Any], secret: dict[str, str]) -> Pod:
    """As the kubelet does: a ConfigMap's files are links to files in a hidden folder."""
    hidden = folder / "..data"
    hidden.mkdir(parents=True)
    for name, text in objects["ConfigMap"]["data"].items():
        (hidden / name).write_text(text, encoding="utf-8")
        (folder / name).symlink_to(Path("..data") / name)
    pod = objects["Job"]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    *command, spec = container["command"]
    assert [*command, spec] == [*COMMAND, "--spec", "/etc/assay/run.json"]
    interpreter, *rest = command
    assert interpreter == "python3"
    made = Pod(folder, [sys.executable, *rest, str(folder / Path(spec).name)], secret)
    for variable in container.get("env", ()):
        value = variable["valueFrom"]
        key = value.get("secretKeyRef", {}).get("key")
        made.environment[variable["name"]] = POD_UID if key is None else secret[key]
    made.files.mkdir()
    made.rows_files.mkdir()
    for volume in pod["volumes"]:
        for each in volume.get("projected", {}).get("sources", ()):
            if volume["name"] == "hub-token":
                made.token.write_text(TOKEN)
                continue
            files = made.files if volume["name"] == "secrets" else made.rows_files
            for item in each["secret"]["items"]:
                (files / item["path"]).write_text(secret[item["key"]], encoding="utf-8")
    return made


def elsewhere(pod: Pod, allowed: Sequence[str] = (), /, **settings: float) -> None:
    """The same process with the kubelet's mounts in the test's folder. settings: `module__NAME=seconds`. allowed: the
    packages that the image has; none: all that are here."""
    pod.termination.touch()
    given = [f"{name.replace('__', '.')}={value}" for name, value in settings.items()]
    inside = [str(pod.folder), ",".join(allowed), *given, "--", *pod.command[-2:]]
    pod.command = [sys.executable, "-I", "-c", ELSEWHERE, *inside]
