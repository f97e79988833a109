"""Rules over the pod of a Job: what it is, what it may hold, what it may see."""

from __future__ import annotations

import re
from collections.abc import Callable

from assay.compiler import kubernetes as k8s
from assay.compiler.manifests.tree import At
from assay.compiler.profile import RESOURCES
from assay.protocol import warehouse
from assay.protocol.run import POD_UID, SECRET_VARIABLE

COMMAND = ["python3", "-I", "-m", "assay.runner", "--spec", "/etc/assay/run.json"]
MODE = 0o440
_PREFIXES = {SECRET_VARIABLE: k8s.SECRET_PREFIX, warehouse.SECRET_VARIABLE: k8s.WAREHOUSE_PREFIX}
"""Of the variables with secrets, and of the Secrets that they may come from."""
_JOB = re.compile(r"assay-[0-9a-hjkmnp-tv-z]{26}-a[1-9][0-9]{0,3}")
"""The name of the objects of an attempt, the Secret with its token for the hub among them."""


def shape(spec: At, container: At) -> None:
    """Only fields that Assay sets: no init containers, no host paths, nothing that nobody looked at."""
    spec.known(
        "restartPolicy", "serviceAccountName", "automountServiceAccountToken", "enableServiceLinks",
        "hostNetwork", "hostPID", "hostIPC", "hostUsers", "priorityClassName", "securityContext",
        "terminationGracePeriodSeconds", "containers", "volumes",
    )  # fmt: skip
    spec["containers"].listed()
    spec["volumes"].listed()
    container.known(
        "name", "image", "imagePullPolicy", "command", "env", "resources", "securityContext",
        "terminationMessagePolicy", "volumeMounts",
    )  # fmt: skip
    container["volumeMounts"].listed()
    spec["securityContext"].known(
        "runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup", "fsGroupChangePolicy",
        "supplementalGroupsPolicy", "seccompProfile",
    )  # fmt: skip
    spec["securityContext"]["seccompProfile"].known("type")
    container["securityContext"].known(
        "allowPrivilegeEscalation", "privileged", "readOnlyRootFilesystem", "runAsNonRoot", "capabilities"
    )
    container["securityContext"]["capabilities"].known("drop")
    if len(list(spec["containers"])) != 1:
        spec["containers"].fault("E549", "must hold one container")


def code(_spec: At, container: At) -> None:
    container["name"].must("E548", "runner")
    if not k8s.image_by_digest(container["image"].text):
        container["image"].fault("E548", "must name an image by its digest")
    container["imagePullPolicy"].must("E548", "IfNotPresent")
    container["command"].must("E548", COMMAND)


def environment(_spec: At, container: At) -> None:
    if not container["env"].absent:
        container["env"].listed()
    seen: set[str] = set()
    for variable in container["env"]:
        variable.known("name", "valueFrom")
        if variable["name"].value == POD_UID:
            # The one value that comes from the pod itself; no text of anybody's is in it.
            variable["valueFrom"].must("E542", {"fieldRef": {"fieldPath": "metadata.uid"}})
            continue
        variable["valueFrom"].known("secretKeyRef")
        name, ref = variable["name"].text, variable["valueFrom"]["secretKeyRef"]
        ref.known("name", "key", "optional")
        prefix = next((prefix for prefix in _PREFIXES if name.startswith(prefix)), SECRET_VARIABLE)
        if not name.startswith(prefix) or not k8s.secret_key(name.removeprefix(prefix)):
            variable["name"].fault("E542", f"must be {SECRET_VARIABLE} and the name of a key")
        if name in seen:
            variable["name"].fault("E542", "is there twice")
        seen.add(name)
        ref["key"].must("E542", name.removeprefix(prefix))
        ref["optional"].must("E542", False)
        _secret(ref["name"], "E542", _PREFIXES[prefix])


def _secret(name: At, code: str, *prefixes: str) -> None:
    if not (name.text.startswith(prefixes) and k8s.dns_subdomain(name.text)):
        name.fault(code, "must be a Secret whose name starts with " + " or ".join(prefixes))


def volumes(spec: At, container: At) -> None:
    names: list[str] = []
    for volume in spec["volumes"]:
        names.append(volume["name"].text)
        if not k8s.dns_label(volume["name"].text):
            volume["name"].fault("E543", "must be a DNS label")
        kinds = [kind for kind in volume.map if kind != "name"]
        check = _VOLUMES.get(kinds[0]) if len(kinds) == 1 else None
        if check is None:
            volume.fault("E543", "must be one of configMap, emptyDir, projected")
        else:
            check(volume[kinds[0]])
    if len(set(names)) != len(names):
        spec["volumes"].fault("E543", "has a name twice")
    _mounts(container, names)


def _config_map(volume: At) -> None:
    volume.known("name", "defaultMode", "optional")
    volume["defaultMode"].must("E543", MODE)
    volume["optional"].must("E543", False)


def _empty_dir(volume: At) -> None:
    volume.known("sizeLimit")
    if k8s.amount("ephemeral-storage", volume["sizeLimit"].text) is None:
        volume["sizeLimit"].fault("E543", "must be a quantity of bytes")


def _projected(volume: At) -> None:
    volume.known("defaultMode", "sources")
    volume["defaultMode"].must("E543", MODE)
    sources = list(volume["sources"])
    if len(sources) != 1 or len(sources[0].map) != 1:
        volume["sources"].fault("E543", "must hold one source")
        return
    for source in sources:
        source.known("secret", "serviceAccountToken")
        if _JOB.fullmatch(source["secret"]["name"].text):
            source["secret"]["optional"].must("E543", False)
            source["secret"]["items"].must("E543", [{"key": "token", "path": "token", "mode": MODE}])
        elif not source["secret"].absent:
            _projected_secret(source["secret"])
        if not source["serviceAccountToken"].absent:
            token = source["serviceAccountToken"]
            token.known("audience", "expirationSeconds", "path")
            token["expirationSeconds"].number("E543", 600, 86_400)
            token["path"].must("E543", "token")
            if not token["audience"].text:
                token["audience"].fault("E543", "must be set: without it the token is one for the API server")


def _projected_secret(secret: At) -> None:
    secret.known("name", "optional", "items")
    _secret(secret["name"], "E543", *_PREFIXES.values())
    secret["optional"].must("E543", False)
    if not list(secret["items"]):
        secret["items"].fault("E543", "must list the keys: without it all of the Secret is mounted")
    for item in secret["items"]:
        item.known("key", "path", "mode")
        item["mode"].must("E543", MODE)
        item["path"].must("E543", item["key"].value)
        if not k8s.secret_key(item["key"].text):
            item["key"].fault("E543", "must be a name of capital letters, digits and underscores")


_VOLUMES: dict[str, Callable[[At], None]] = {
    "configMap": _config_map,
    "emptyDir": _empty_dir,
    "projected": _projected,
}
_WRITABLE = "tmp"


def _mounts(container: At, volumes: list[str]) -> None:
    paths: list[str] = []
    used: list[str] = []
    for mount in container["volumeMounts"]:
        mount.known("name", "mountPath", "readOnly")
        name, path = mount["name"].text, mount["mountPath"].text
        if name not in volumes:
            mount["name"].fault("E546", f"there is no volume `{name}`")
        if name != _WRITABLE:
            mount["readOnly"].must("E543", True)
        if not path.startswith("/") or ":" in path or ".." in path.split("/"):
            mount["mountPath"].fault("E543", "must be an absolute path without `:` and `..`")
        paths.append(path.rstrip("/"))
        used.append(name)
    if len(set(paths)) != len(paths):
        container["volumeMounts"].fault("E543", "has a path twice")
    for name in volumes:
        if name not in used:
            container["volumeMounts"].fault("E546", f"nothing mounts the volume `{name}`")


def protection(spec: At, container: At) -> None:
    """Pod Security `restricted`, and what else keeps a pod from its node and from the API server."""
    pod, own = spec["securityContext"], container["securityContext"]
    for key in ("hostNetwork", "hostPID", "hostIPC", "automountServiceAccountToken", "enableServiceLinks"):
        spec[key].must("E544", False)
    if not spec["hostUsers"].absent and not isinstance(spec["hostUsers"].value, bool):
        spec["hostUsers"].fault("E544", "must be true or false")
    pod["runAsNonRoot"].must("E544", True)
    for key in ("runAsUser", "runAsGroup", "fsGroup"):
        pod[key].number("E544", 1, 2**31 - 1)
    pod["fsGroupChangePolicy"].must("E544", "OnRootMismatch")
    pod["seccompProfile"]["type"].must("E544", "RuntimeDefault")
    if pod["supplementalGroupsPolicy"].value not in (None, "Strict", "Merge"):
        pod["supplementalGroupsPolicy"].fault("E544", "must be Strict or Merge")
    own["allowPrivilegeEscalation"].must("E544", False)
    own["privileged"].must("E544", False)
    own["readOnlyRootFilesystem"].must("E544", True)
    own["runAsNonRoot"].must("E544", True)
    own["capabilities"]["drop"].must("E544", ["ALL"])
    container["terminationMessagePolicy"].must("E544", "File")
    account = spec["serviceAccountName"]
    if not (account.text.startswith(k8s.ACCOUNT_PREFIX) and k8s.dns_subdomain(account.text)):
        account.fault("E544", f"must be a service account whose name starts with {k8s.ACCOUNT_PREFIX}")
    priority = spec["priorityClassName"]
    if not priority.absent and (not k8s.dns_subdomain(priority.text) or priority.text.startswith("system-")):
        priority.fault("E544", "must be the name of a priority class that is not the system's")


def resources(_spec: At, container: At) -> None:
    at = container["resources"]
    at.known("requests", "limits")
    for side in ("requests", "limits"):
        at[side].known(*RESOURCES)
        for name in at[side].map:
            if k8s.amount(name, at[side][name].text) is None:
                at[side][name].fault("E541", "must be a positive quantity")
    for name in RESOURCES:
        asked = k8s.amount(name, at["requests"][name].text)
        most = k8s.amount(name, at["limits"][name].text)
        if asked is not None and most is not None and asked > most:
            at["requests"][name].fault("E541", "is more than the limit")
    for name in ("memory", "ephemeral-storage"):
        if at["limits"][name].absent:
            at["limits"][name].fault("E541", "must be set")


def restart(spec: At, _container: At) -> None:
    """A podFailurePolicy is only taken with Never."""
    spec["restartPolicy"].must("E545", "Never")
    spec["terminationGracePeriodSeconds"].number("E545", 1, 600)


RULES: tuple[Callable[[At, At], None], ...] = (
    shape,
    code,
    environment,
    volumes,
    protection,
    resources,
    restart,
)
