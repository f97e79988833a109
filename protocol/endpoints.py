"""Every endpoint of the hub, as data: the hub serves this table, clients call by it, the documents are made
from it. A path's braces name its parameters; their forms are in PARAMETERS."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from msgspec import Meta

from assay.protocol import agent, delivery, user
from assay.protocol.user import Role
from assay.protocol.wire import MAX_BODY, MAX_RESULTS, ContractName, Nothing

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Credential(StrEnum):
    NONE = "none"
    ENROLMENT = "enrolment"
    AGENT = "agent"
    JOB = "job"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """request, response: types of the bodies; None is no body. role: the least that a key needs.
    query: parameters that may stand behind the path. etag: the answer carries one; a change asks for If-Match
    where something is there to lose. idempotent: takes an Idempotency-Key."""

    name: str
    method: Method
    path: str
    credential: Credential
    summary: str
    request: Any = None
    response: Any = Nothing
    role: Role | None = None
    status: int = 200
    limit: int = MAX_BODY
    query: tuple[str, ...] = ()
    etag: bool = False
    idempotent: bool = False


PARAMETERS: dict[str, str] = {
    "instruction": r"[0-9a-hjkmnp-tv-z]{26}",
    "run": r"[0-9a-hjkmnp-tv-z]{26}",
    "agent": r"[0-9a-hjkmnp-tv-z]{26}",
    "key": r"[0-9a-hjkmnp-tv-z]{26}",
    "attempt": r"[1-9][0-9]{0,3}",
    "seq": r"[0-9]{1,3}",
    "name": r"[a-z0-9]([a-z0-9_.-]{0,98}[a-z0-9])?",
    "contract": r"[^/]{1,200}",
    "version": r"[^/]{1,100}",
}
"""An id of another form than this is answered as one that does not exist."""

QUERY: dict[str, Any] = {
    "cursor": Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,400}$(?!\n)")],
    "limit": Annotated[int, Meta(ge=1, le=200)],
    "contract": ContractName,
    "state": user.RunState,
    "wait": Annotated[float, Meta(ge=0, le=25)],
}
"""What may stand behind a path, as `Endpoint.query` names it. limit is 50 where it is not given."""

LISTING = ("cursor", "limit")
_ATTEMPT = "/v1/agent/instructions/{instruction}/attempts/{attempt}"
_RUN = "/v1/runs/{run}/attempts/{attempt}"


def _agent(name: str, method: Method, path: str, summary: str, request: Any, response: Any) -> Endpoint:
    return Endpoint(name, method, path, Credential.AGENT, summary, request, response)


def _job(
    name: str, method: Method, path: str, summary: str, request: Any, response: Any, limit: int = MAX_BODY
) -> Endpoint:
    return Endpoint(name, method, path, Credential.JOB, summary, request, response, limit=limit)


def _read(
    name: str, path: str, summary: str, response: Any, *, role: Role = Role.VIEWER,
    query: tuple[str, ...] = (), etag: bool = False,
) -> Endpoint:  # fmt: skip
    return Endpoint(name, "GET", path, Credential.KEY, summary, None, response, role, query=query, etag=etag)


def _change(
    name: str, method: Method, path: str, summary: str, role: Role, request: Any, response: Any, *,
    status: int = 200, etag: bool = False, limit: int = MAX_BODY,
) -> Endpoint:  # fmt: skip
    return Endpoint(
        name, method, path, Credential.KEY, summary, request, response, role, status, limit,
        etag=etag, idempotent=method == "POST",
    )  # fmt: skip


def _documents(word: str, plural: str, prose: str) -> tuple[Endpoint, ...]:
    one = f"/v1/{plural}/{{name}}"
    return (
        _read(f"list_{plural}", f"/v1/{plural}", f"lists {prose}s", user.Page[user.DocumentHead],
              query=LISTING),
        _read(f"get_{word}", one, f"one {prose}, with its placeholders", user.Document, etag=True),
        _change(f"put_{word}", "PUT", one, f"makes or changes a {prose}", Role.EDITOR,
                user.DocumentRequest, user.Document, etag=True),
        _change(f"delete_{word}", "DELETE", one, f"removes a {prose}; runs that use it keep theirs",
                Role.EDITOR, None, Nothing),
    )  # fmt: skip


AGENT_ENDPOINTS = (
    Endpoint("enrol", "POST", "/v1/agents:enrol", Credential.ENROLMENT, "an agent trades its enrolment token "
             "for a token of its own", agent.EnrolRequest, agent.Enrolled, status=201),
    _agent("open_session", "POST", "/v1/agent/sessions", "a process of the agent begins; the one before it is "
           "over", agent.SessionRequest, agent.Session),
    _agent("rotate_agent_token", "POST", "/v1/agent/token:rotate", "a new token; the old one stays good for "
           "a day", None, agent.Enrolled),
    _agent("poll", "POST", "/v1/agent/poll", "renews every lease and says what to do", agent.PollRequest,
           agent.Poll),
    _agent("get_order", "GET", _ATTEMPT + "/order", "the work order, as the bytes that its digest names",
           None, agent.WorkOrder),
    _agent("accept", "POST", _ATTEMPT + "/accept", "the agent has compiled the order and will create its Job",
           agent.AcceptRequest, agent.Accepted),
    _agent("report_event", "POST", _ATTEMPT + "/events", "what became of the Job so far", agent.EventRequest,
           Nothing),
    _agent("complete", "POST", _ATTEMPT + "/complete", "the Job is over, or cannot be",
           agent.CompleteRequest, Nothing),
    _agent("release", "POST", _ATTEMPT + "/release", "gives a leased instruction back",
           agent.ReleaseRequest, Nothing),
)  # fmt: skip

RUNNER_ENDPOINTS = (
    _job("start", "POST", _RUN + "/start", "asks to be the one pod that runs", delivery.StartRequest,
         delivery.Started),
    _job("heartbeat", "POST", _RUN + "/heartbeat", "the pod is alive; is it still wanted",
         delivery.HeartbeatRequest, delivery.Heartbeat),
    _job("put_results", "PUT", _RUN + "/results/{seq}", "a batch of results; not readable before the commit",
         delivery.ResultsRequest, Nothing, MAX_RESULTS),
    _job("commit_results", "POST", _RUN + "/results:commit", "makes all batches readable at once",
         delivery.CommitRequest, Nothing),
    _job("end_run", "POST", _RUN + "/outcome", "the runner's last word where there is nothing to commit",
         delivery.OutcomeRequest, Nothing),
)  # fmt: skip

USER_ENDPOINTS = (
    _read("whoami", "/v1/whoami", "the tenant and the role of this key", user.WhoAmI),
    _change("publish", "POST", "/v1/contracts", "compiles and keeps a version; the same text again changes "
            "nothing", Role.EDITOR, user.PublishRequest, user.ContractVersion, limit=MAX_RESULTS),
    _read("list_contracts", "/v1/contracts", "the newest version of each contract",
          user.Page[user.ContractHead], query=LISTING),
    _read("get_contract", "/v1/contracts/{contract}", "the newest version", user.ContractVersion, etag=True),
    _read("list_versions", "/v1/contracts/{contract}/versions", "all versions, newest first",
          user.Page[user.ContractHead], query=LISTING),
    _read("get_version", "/v1/contracts/{contract}/versions/{version}", "one version",
          user.ContractVersion, etag=True),
    _read("get_text", "/v1/contracts/{contract}/versions/{version}/text", "the files of one version",
          user.ContractText, etag=True),
    _change("delete_contract", "DELETE", "/v1/contracts/{contract}", "retires a contract; its runs stay",
            Role.EDITOR, None, Nothing),
    *_documents("source", "sources", "data source"),
    *_documents("warehouse", "warehouses", "diagnostics warehouse"),
    _read("list_schedules", "/v1/schedules", "all schedules", user.Page[user.Schedule], query=LISTING),
    _read("get_schedule", "/v1/schedules/{name}", "one schedule", user.Schedule, etag=True),
    _change("put_schedule", "PUT", "/v1/schedules/{name}", "makes or changes a schedule", Role.EDITOR,
            user.ScheduleRequest, user.Schedule, etag=True),
    _change("delete_schedule", "DELETE", "/v1/schedules/{name}", "removes a schedule", Role.EDITOR, None,
            Nothing),
    _change("create_run", "POST", "/v1/runs", "queues a run", Role.OPERATOR, user.RunRequest, user.Run,
            status=201),
    _read("list_runs", "/v1/runs", "runs, newest first", user.Page[user.Run],
          query=(*LISTING, "contract", "state")),
    _read("get_run", "/v1/runs/{run}", "one run; `wait` holds the answer, 25 seconds at most, until its state is "
          "another than `state`, or without `state` until it is over", user.Run, query=("wait", "state")),
    _change("cancel_run", "POST", "/v1/runs/{run}:cancel", "asks for a run to end", Role.OPERATOR, None,
            user.Run),
    _read("get_results", "/v1/runs/{run}/results", "the committed report", user.Results, etag=True),
    _read("list_agents", "/v1/agents", "all agents", user.Page[user.Agent], query=LISTING),
    _change("create_enrolment", "POST", "/v1/enrolments", "a token with which one agent can enrol",
            Role.ADMIN, user.EnrolmentRequest, user.Enrolment, status=201),
    _change("revoke_agent", "DELETE", "/v1/agents/{agent}", "an agent's tokens are no longer good",
            Role.ADMIN, None, Nothing),
    _read("list_keys", "/v1/keys", "all API keys, without their secret", user.Page[user.KeyHead],
          role=Role.ADMIN, query=LISTING),
    _change("create_key", "POST", "/v1/keys", "a new API key, shown once", Role.ADMIN, user.KeyRequest,
            user.Key, status=201),
    _change("revoke_key", "DELETE", "/v1/keys/{key}", "an API key is no longer good", Role.ADMIN, None,
            Nothing),
    _read("get_tenant", "/v1/tenant", "the tenant's settings", user.Tenant, etag=True),
    _change("put_tenant", "PUT", "/v1/tenant", "changes the tenant's settings", Role.ADMIN,
            user.TenantRequest, user.Tenant, etag=True),
    _read("list_audit", "/v1/audit", "every change, newest first", user.Page[user.AuditEntry],
          role=Role.ADMIN, query=LISTING),
)  # fmt: skip

OPERATIONS_ENDPOINTS = (
    Endpoint("healthz", "GET", "/healthz", Credential.NONE, "the process answers", None, Nothing),
    Endpoint("readyz", "GET", "/readyz", Credential.NONE, "the store answers", None, user.Health),
    Endpoint("metrics", "GET", "/metrics", Credential.NONE, "numbers for Prometheus", None, None),
    Endpoint("version", "GET", "/version", Credential.NONE, "what this hub is", None, user.Version),
    Endpoint("openapi", "GET", "/openapi.json", Credential.NONE, "this table as OpenAPI 3.1", None, None),
)

ENDPOINTS = (*AGENT_ENDPOINTS, *RUNNER_ENDPOINTS, *USER_ENDPOINTS, *OPERATIONS_ENDPOINTS)
BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}
