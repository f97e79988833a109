"""Before anything begins: is the cluster there, which one is it, and may the agent do what it has to?"""

from __future__ import annotations

from dataclasses import dataclass

from assay.agent.cluster.answers import Kind, Refused
from assay.agent.cluster.api import Api
from assay.agent.cluster.identity import issuer_and_keys, namespace_uid, right
from assay.agent.cluster.rights import EVENTS, NEEDED, TOKENS, Right, excess, missing
from assay.agent.settings import Settings
from assay.protocol.agent import Cluster


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps the agent from starting, and the way out. warning: it does not, this time."""

    message: str
    advice: str
    warning: bool = False


class CannotStart(Exception):
    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__("; ".join(each.message for each in obstacles))
        self.obstacles = obstacles


def needed(settings: Settings) -> tuple[Right, ...]:
    """The rights of an agent with these settings: the Role, to the word."""
    found = NEEDED
    if settings.job_auth == "token":
        found += TOKENS
    if settings.cluster.id is None:
        found += (right(settings.profile.namespace),)
    return found


def missing_rights(api: Api, settings: Settings) -> tuple[Right, ...]:
    """Raises Refused where the API server does not answer."""
    return missing(api, settings.profile.namespace, needed(settings))


def inspect_rights(api: Api, settings: Settings) -> tuple[Obstacle, ...]:
    """Raises Refused where the API server does not answer."""
    namespace, wanted = settings.profile.namespace, needed(settings)
    found = [
        Obstacle(f"the agent may not {lacking} in the namespace {namespace}", "add it to the agent's Role")
        for lacking in missing_rights(api, settings)
    ]
    found += [
        Obstacle(
            f"the agent may {more} in the namespace {namespace}, and has no need to",
            "take it from its Role, or write `excessRights: warn`",
            warning=settings.excess_rights == "warn",
        )
        for more in excess(api, namespace, (*wanted, *EVENTS))
    ]
    return tuple(found)


def identify(api: Api, settings: Settings) -> Cluster:
    """Raises CannotStart where something has to be configured, Refused where the API server does not answer."""
    given, namespace = settings.cluster, settings.profile.namespace
    uid = given.id
    if uid is None:
        try:
            uid = namespace_uid(api, namespace)
        except Refused as refused:
            raise _unnamed(namespace, refused) from None
    if settings.job_auth == "token":
        return Cluster(id=uid, namespace=namespace)
    if given.keys:
        return Cluster(id=uid, namespace=namespace, issuer=given.issuer, keys=given.keys)
    found = issuer_and_keys(api)
    if found is None:
        advice = "write `cluster.issuer` and `cluster.keys`, or `jobAuth: token`"
        raise CannotStart((Obstacle("the cluster does not show the keys of its pods' tokens", advice),))
    return Cluster(id=uid, namespace=namespace, issuer=given.issuer or found[0], keys=found[1])


def _unnamed(namespace: str, refused: Refused) -> CannotStart | Refused:
    match refused.kind:
        case Kind.MISSING:
            message, advice = (
                f"there is no namespace {namespace}",
                "make it, or name another at `deployment.namespace`",
            )
        case Kind.FORBIDDEN:
            message = f"the agent may not {right(namespace)}"
            advice = "add it to the agent's Role, or write the namespace's uid at `cluster.id`"
        case _:
            return refused
    return CannotStart((Obstacle(message, advice),))
