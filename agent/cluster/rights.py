"""What the agent may do in its namespace, compared with what it needs: less is told by name, more is refused.

A right that is not there is a clear error at the start, not a failed run at night. One that is not needed is a
way to the customer's secrets for whoever takes the agent over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from assay.agent.cluster.api import Api


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """group: empty for the core. name: the one object that it is for; empty for all of them."""

    group: str
    resource: str
    verb: str
    name: str = ""

    def __str__(self) -> str:
        resource = f"{self.resource}.{self.group}" if self.group else self.resource
        return f"{self.verb} {resource}" + (f" `{self.name}`" if self.name else "")


def _rights(group: str, resource: str, *verbs: str) -> tuple[Right, ...]:
    return tuple(Right(group, resource, verb) for verb in verbs)


NEEDED = (
    *_rights("batch", "jobs", "get", "list", "watch", "create", "patch", "delete"),
    *_rights("", "pods", "list", "watch"),
    *_rights("", "configmaps", "create"),
)
TOKENS = _rights("", "secrets", "create")
"""Where pods get their tokens from the hub."""
EVENTS = _rights("", "events", "list")
"""To tell why no pod comes. An agent does without, and then says `start_timeout`."""

_EVERYBODY = frozenset(
    Right(group, resource, "create")
    for group, resource in (
        ("authorization.k8s.io", "selfsubjectaccessreviews"),
        ("authorization.k8s.io", "selfsubjectrulesreviews"),
        ("authorization.k8s.io", "selfsubjectreviews"),
        ("authentication.k8s.io", "selfsubjectreviews"),
    )
)
_SHARED = (("certificates.k8s.io", "clustertrustbundles"),)
"""Public data that clusters show to everybody who is logged in."""
_REVIEWS = "/apis/authorization.k8s.io/v1"


class _Rule(msgspec.Struct, frozen=True, rename="camel"):
    verbs: tuple[str, ...] = ()
    api_groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    resource_names: tuple[str, ...] = ()


class _Allowed(msgspec.Struct, frozen=True):
    allowed: bool = False


class _Review(msgspec.Struct, frozen=True):
    status: _Allowed = _Allowed()


class _RulesStatus(msgspec.Struct, frozen=True, rename="camel"):
    resource_rules: tuple[_Rule, ...] = ()
    incomplete: bool = False


class _Rules(msgspec.Struct, frozen=True):
    status: _RulesStatus = _RulesStatus()


def missing(api: Api, namespace: str, needed: Iterable[Right]) -> tuple[Right, ...]:
    """Asks for each right by itself: whatever grants it counts. Raises Refused."""
    return tuple(right for right in needed if not _allowed(api, namespace, right))


def excess(api: Api, namespace: str, granted: Iterable[Right]) -> tuple[Right, ...]:
    """What the rules of this account allow beyond `granted`. Raises Refused.

    Not every authorizer can list its rules (webhooks cannot): what it does not list is not seen here.
    """
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    found = api.request("POST", f"{_REVIEWS}/selfsubjectrulesreviews", body=body).read(_Rules)
    known = frozenset(granted) | _EVERYBODY
    more = {
        right for rule in found.status.resource_rules for right in _each(rule) if not _covered(right, known)
    }
    return tuple(sorted(more))


def _covered(right: Right, known: frozenset[Right]) -> bool:
    if (right.group, right.resource) in _SHARED and right.verb in ("get", "list", "watch"):
        return True
    # Who may list sees all that getting would show.
    verbs = (right.verb, "list") if right.verb == "get" else (right.verb,)
    whole = {Right(right.group, right.resource, verb) for verb in verbs}
    return right in known or not whole.isdisjoint(known)


def _each(rule: _Rule) -> Iterable[Right]:
    for group in rule.api_groups:
        for resource in rule.resources:
            for verb in rule.verbs:
                for name in rule.resource_names or ("",):
                    yield Right(group, resource, verb, name)


def _allowed(api: Api, namespace: str, right: Right) -> bool:
    attributes = {
        "namespace": namespace,
        "group": right.group,
        "resource": right.resource,
        "verb": right.verb,
    }
    if right.name:
        attributes["name"] = right.name
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    }
    return api.request("POST", f"{_REVIEWS}/selfsubjectaccessreviews", body=body).read(_Review).status.allowed
