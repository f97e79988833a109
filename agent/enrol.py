"""An agent becomes known to its hub."""

from __future__ import annotations

import re

from assay.agent import tokens
from assay.agent.cluster.answers import Refused as ClusterRefused
from assay.agent.cluster.api import Api
from assay.agent.cluster.connect import ConnectError, login
from assay.agent.hub import client
from assay.agent.settings import Settings
from assay.agent.start import CannotStart, Obstacle, identify
from assay.client import HubError, Refused, Unreachable, token_text
from assay.protocol.agent import Cluster, Enrolled, EnrolRequest

_NAME = re.compile(r"[a-z0-9]([a-z0-9_.-]{0,98}[a-z0-9])?")


class EnrolmentRefused(Exception):
    """Says why without the token."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


def enrol(settings: Settings, name: str, enrolment_token: str, *, write: bool = True) -> Enrolled:
    """Uses the enrolment token up and writes the agent's own, unless the caller keeps it. Raises CannotStart,
    EnrolmentRefused, OSError."""
    if not _NAME.fullmatch(name):
        raise EnrolmentRefused(
            f"`{name}` cannot be the name of an agent", "use small letters, digits, `-`, `_` and `.`"
        )
    cluster = _cluster(settings)
    calls = client(settings.hub, None)
    # Whether it can be written is known before the enrolment token is used up.
    if write:
        tokens.write(settings.token, "not enrolled yet")
    try:
        enrolled: Enrolled = calls.call(
            "enrol", EnrolRequest(name=name, cluster=cluster), token=token_text(enrolment_token)
        ).body
        if write:
            tokens.write(settings.token, enrolled.token)
    except HubError as error:
        if write:
            settings.token.unlink(missing_ok=True)
        raise _refused(error) from None
    finally:
        calls.close()
    return enrolled


def _cluster(settings: Settings) -> Cluster:
    try:
        api = Api(login(settings.cluster.kubeconfig, settings.cluster.context))
    except ConnectError as error:
        raise CannotStart((Obstacle(str(error), "see `cluster`"),)) from None
    try:
        return identify(api, settings)
    except ClusterRefused as refused:
        raise CannotStart((Obstacle(f"the API server refuses ({refused})", "see `cluster`"),)) from None
    finally:
        api.close()


def _refused(error: HubError) -> EnrolmentRefused:
    match error:
        case Refused(status=401):
            return EnrolmentRefused(
                "the hub does not take the enrolment token",
                "it is good once and for a quarter of an hour: let an administrator make another",
            )
        case Refused():
            said = error.problem.detail if error.problem is not None else ""
            return EnrolmentRefused(f"the hub refuses ({said or error})", "see `deployment.hub`")
        case Unreachable():
            return EnrolmentRefused(
                f"the hub cannot be reached ({error.cause.value})", "see `deployment.hub`"
            )
        case _:
            return EnrolmentRefused(f"the hub refuses ({error})", "see `deployment.hub`")
