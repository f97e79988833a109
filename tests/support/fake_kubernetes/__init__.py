"""A small API server in this process, spoken to over real HTTP: for quick tests of what speaks to Kubernetes.

It is beside the real one, not in its place: every test that uses it runs against the real API server as well,
where there is one, and must see the same (tests/agent/conftest.py). Faults are what it adds: see `faults`.

server      HTTP: paths, verbs, watches; who may what
store       objects, versions, history
controller  what the real controllers do with Jobs, pods, owners and nodes
faults      answers that a script asks for in place of the true one
"""

from __future__ import annotations

from tests.support.fake_kubernetes.faults import Fault
from tests.support.fake_kubernetes.server import FakeKubernetes

__all__ = ["FakeKubernetes", "Fault"]
