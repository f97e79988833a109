"""What people and their programs say to a hub."""

from __future__ import annotations

import msgspec

from assay.protocol.user import (
    DocumentRequest,
    KeyRequest,
    PublishRequest,
    Role,
    RunRequest,
    ScheduleRequest,
)
from assay.protocol.wire import ErrorCode
from tests.protocol.transcripts.cast import CONTRACT, SOURCE, furnish, queue
from tests.protocol.transcripts.stage import Stage


def people(stage: Stage) -> None:
    key = stage.keys["acme"]
    assert stage.call("whose key is this", key, "whoami").body.role is Role.ADMIN
    furnish(stage)
    _documents(stage, key)
    _contracts(stage, key)
    _schedules(stage, key)
    _runs(stage, key)
    _admin(stage, key)


def _documents(stage: Stage, key: str) -> None:
    shop, other = {"name": "shop"}, DocumentRequest(document={**SOURCE, "host": "other.example.com"})
    stage.refused("a change that names nothing that it changes is refused", ErrorCode.PRECONDITION_REQUIRED, key,
                  "put_source", other, at=shop)  # fmt: skip
    etag = stage.call("what is there, with its ETag", key, "get_source", at=shop).etag
    assert etag is not None
    changed = stage.call("a change that names it", key, "put_source", other, at=shop, if_match=etag).body
    assert changed.revision == 2
    stage.refused("the same ETag again: it was changed since", ErrorCode.PRECONDITION_FAILED, key, "put_source",
                  DocumentRequest(document=SOURCE), at=shop, if_match=etag)  # fmt: skip
    bearer = {"Authorization": f"Bearer {key}", "If-None-Match": "*"}
    assert stage.raw("`*` is whatever is there: nothing new", "GET /v1/sources/shop", bearer) == 304
    unresolved = DocumentRequest(document={**SOURCE, "password": "hunter2"})
    stage.refused("a secret in place of a placeholder is refused, and not repeated", ErrorCode.INVALID, key,
                  "put_source", unresolved, at={"name": "careless"})  # fmt: skip
    assert len(stage.call("the sources", key, "list_sources").body.items) == 1
    stage.refused(
        "a source that a contract is about stays", ErrorCode.CONFLICT, key, "delete_source", at=shop
    )
    stage.call("a warehouse goes", key, "delete_warehouse", at={"name": "rows"})


def _contracts(stage: Stage, key: str) -> None:
    same = PublishRequest(root="orders.contract", files={"orders.contract": CONTRACT})
    assert not stage.call("the same text again changes nothing", key, "publish", same).body.created
    other = PublishRequest(root="orders.contract", files={"orders.contract": CONTRACT.replace("5%", "6%")})
    stage.refused("another text needs another version", ErrorCode.CONFLICT, key, "publish", other)
    newer = msgspec.structs.replace(
        other, files={"orders.contract": CONTRACT.replace("5%", "6%").replace("1.0.0", "1.1.0")}
    )
    assert stage.call("a newer version", key, "publish", newer).body.revision == 2
    stage.call("the newest of each contract", key, "list_contracts")
    place = {"contract": "shop.orders"}
    first = stage.call("its versions, one a page", key, "list_versions", at=place, query={"limit": 1}).body
    assert first.next is not None
    stage.call("and the next page", key, "list_versions", at=place, query={"limit": 1, "cursor": first.next})
    text = stage.call("the texts of a version", key, "get_text", at={**place, "version": "1.0.0"}).body
    assert text.files == same.files


def _schedules(stage: Stage, key: str) -> None:
    nightly = ScheduleRequest(contract="shop.orders", cron="30 2 * * *", zone="Europe/Brussels")
    made = stage.call("a schedule", key, "put_schedule", nightly, at={"name": "nightly"}).body
    assert made.next_fire_at is not None
    wrong = msgspec.structs.replace(nightly, cron="61 * * * *")
    stage.refused(
        "a time that there is not", ErrorCode.INVALID, key, "put_schedule", wrong, at={"name": "wrong"}
    )
    stage.call("the schedules", key, "list_schedules")
    stage.refused("its contract cannot be retired", ErrorCode.CONFLICT, key, "delete_contract",
                  at={"contract": "shop.orders"})  # fmt: skip
    stage.call("the schedule goes", key, "delete_schedule", at={"name": "nightly"})
    stage.refused("it is gone", ErrorCode.NOT_FOUND, key, "get_schedule", at={"name": "nightly"})


def _runs(stage: Stage, key: str) -> None:
    request = RunRequest(contract="shop.orders")
    keyed = {"idempotency_key": "order-66"}
    run = stage.call("a run, under a key of its own", key, "create_run", request, **keyed).body
    assert (
        stage.call("the same under the same key: done once", key, "create_run", request, **keyed).body == run
    )
    other = msgspec.structs.replace(request, pool="berlin")
    stage.refused(
        "something else under the same key", ErrorCode.CONFLICTING_REPLAY, key, "create_run", other, **keyed
    )
    stage.wait(1)
    queue(stage)
    stage.call("the runs, newest first", key, "list_runs", query={"state": "queued"})
    stage.refused("a contract that there is not", ErrorCode.INVALID, key, "create_run",
                  RunRequest(contract="shop.order"))  # fmt: skip
    stage.refused("results before there are any", ErrorCode.NOT_FOUND, key, "get_results", at={"run": run.id})


def _admin(stage: Stage, key: str) -> None:
    made = stage.call(
        "an API key that may read", key, "create_key", KeyRequest(role=Role.VIEWER, label="board")
    ).body
    stage.call("the keys, without their secrets", key, "list_keys")
    stage.refused(
        "it may not run", ErrorCode.FORBIDDEN, made.key, "create_run", RunRequest(contract="shop.orders")
    )
    stage.call("it is revoked", key, "revoke_key", at={"key": made.id})
    stage.refused(
        "the last admin key stays", ErrorCode.CONFLICT, key, "revoke_key", at={"key": key.split("_")[1]}
    )
    tenant = stage.call("the settings", key, "get_tenant")
    shorter = msgspec.structs.replace(tenant.body.settings, keep_runs_days=30)
    stage.call("they are changed", key, "put_tenant", shorter, if_match=tenant.etag)
    stage.call("the last change", key, "list_audit", query={"limit": 1})
