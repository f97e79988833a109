"""Where the API server is and how one logs in: a kubeconfig, or what a pod is given. The door to `kubernetes`.

Of that library only the reading of configurations and the renewal of credentials are used, and the connection
pool that comes of it; requests and objects are our own (`api`, `objects`).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import urllib3

CONNECTIONS = 16


class ConnectError(Exception):
    """The configuration leads nowhere. Says why in a sentence of our own, and no secret."""


class Login:
    """The API server's address, connections to it, and the header that says who asks."""

    def __init__(self, configuration: Any) -> None:
        from kubernetes.client.rest import RESTClientObject

        if not configuration.verify_ssl:
            raise ConnectError("the kubeconfig turns the verification of certificates off")
        if not configuration.host.startswith("https://") and not _loopback(configuration.host):
            raise ConnectError(
                "the API server is spoken to over https:// (http:// goes to the loopback only)"
            )
        configuration.connection_pool_maxsize = CONNECTIONS
        configuration.retries = False
        self.host: str = configuration.host.rstrip("/")
        self._configuration = configuration
        self._lock = threading.Lock()
        self.pools: urllib3.PoolManager = RESTClientObject(configuration).pool_manager

    def headers(self) -> dict[str, str]:
        """Renews what is about to run out. Raises ConnectError where that cannot be done."""
        try:
            with self._lock:
                settings = self._configuration.auth_settings()
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything, and quote anything
            raise ConnectError(f"the credentials cannot be renewed ({type(error).__name__})") from None
        values = [each["value"] for each in settings.values() if each.get("in") == "header"]
        return {"authorization": values[0]} if values and values[0] else {}


def login(kubeconfig: Path | None, context: str | None) -> Login:
    """With a kubeconfig, or in a pod without. Raises ConnectError."""
    from kubernetes import config
    from kubernetes.client import Configuration

    # The library's own functions have no types.
    library: Any = config
    made: Any = Configuration()
    try:
        if kubeconfig is None:
            library.load_incluster_config(client_configuration=made)
        else:
            library.load_kube_config(
                config_file=os.fspath(kubeconfig),
                context=context,
                client_configuration=made,
                persist_config=False,
            )
        return Login(made)
    except ConnectError:
        raise
    except Exception as error:  # noqa: BLE001
        # Whatever the library says may quote the file.
        where = (
            f"the kubeconfig {kubeconfig}"
            if kubeconfig is not None
            else "what a pod is given (no kubeconfig)"
        )
        raise ConnectError(f"{where} cannot be used ({type(error).__name__})") from None


def _loopback(host: str) -> bool:
    return host.startswith(("http://127.0.0.1:", "http://localhost:", "http://[::1]:"))
