"""The mirror has what the cluster has, whatever becomes of the watch."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from assay.agent.cluster.api import Api
from assay.agent.cluster.jobs import Jobs
from assay.agent.cluster.mirror import Mirror, Pace
from assay.agent.cluster.objects import Job
from assay.agent.cluster.rights import NEEDED
from tests.agent.ground import FakeGround, Ground, wait
from tests.agent.samples import SELECTOR, job

QUICK = Pace(watch=60, silence=5.0, first=0.05, cap=0.2, settled=0.5)


class Seen:
    def __init__(self) -> None:
        self.names: list[str] = []
        self.gone: list[str] = []
        self.unreadable: list[str] = []

    def changed(self, item: Job, gone: bool) -> None:
        (self.gone if gone else self.names).append(item.metadata.name)


@contextmanager
def mirrored(api: Api, namespace: str, pace: Pace = QUICK) -> Iterator[tuple[Mirror[Job], Seen]]:
    seen, stop = Seen(), threading.Event()
    path = Jobs(api, namespace).jobs_path
    mirror = Mirror(api, path, SELECTOR, Job, seen.changed, seen.unreadable.append, pace)
    threading.Thread(target=mirror.run, args=(stop,), daemon=True).start()
    assert mirror.synced.wait(20)
    try:
        yield mirror, seen
    finally:
        stop.set()


def _names(mirror: Mirror[Job]) -> set[str]:
    return {each.metadata.name for each in mirror.all()}


def test_it_has_what_was_there_and_what_comes_changes_and_goes(ground: Ground) -> None:
    namespace = ground.namespace()
    jobs = Jobs(ground.agent(namespace, NEEDED), namespace)
    for name in ("a", "b"):
        jobs.create(job(name))
    foreign = job("foreign")
    foreign["metadata"]["labels"] = {"assay/pool": "default"}
    jobs.create(foreign)
    with mirrored(ground.agent(namespace, NEEDED), namespace) as (mirror, seen):
        assert _names(mirror) == {"a", "b"}
        made = jobs.create(job("c")).job
        wait(lambda: mirror.get("c"))
        jobs.unsuspend(made, {})
        wait(lambda: (found := mirror.get("c")) is not None and found.started)
        jobs.delete(made)
        wait(lambda: mirror.get("c") is None)
        assert seen.gone == ["c"]
        assert mirror.lists == 1


def test_a_page_has_500_and_there_may_be_more(fake_ground: FakeGround) -> None:
    namespace = fake_ground.namespace()
    with fake_ground.fake.store.lock:
        fake_ground.fake.controller._busy = True
        for number in range(1_203):
            fake_ground.fake.store.create("jobs", namespace, job(f"j{number}"))
        fake_ground.fake.controller._busy = False
    with mirrored(fake_ground.admin, namespace) as (mirror, _):
        assert len(mirror.all()) == 1_203


def test_after_a_restart_of_the_server_it_lists_anew(fake_ground: FakeGround) -> None:
    namespace = fake_ground.namespace()
    jobs = fake_ground.jobs(namespace)
    jobs.create(job("a"))
    with mirrored(fake_ground.admin, namespace) as (mirror, seen):
        fake_ground.fake.restart()
        jobs.create(job("b"))
        wait(lambda: _names(mirror) == {"a", "b"})
        assert mirror.lists <= 3
        assert seen.gone == []


def test_gone_in_the_middle_of_a_watch_is_a_list_too(fake_ground: FakeGround) -> None:
    namespace = fake_ground.namespace()
    jobs = fake_ground.jobs(namespace)
    first = jobs.create(job("a")).job
    with mirrored(fake_ground.admin, namespace) as (mirror, seen):
        # what was missed must not be lost: it happens while no watch is open
        fake_ground.fake.fault("GET .*limit", status=503, times=2)
        fake_ground.fake.store.end_watches()
        jobs.delete(first)
        jobs.create(job("b"))
        wait(lambda: _names(mirror) == {"b"})
        assert seen.gone == ["a"]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 410, "body": {"code": 410, "reason": "Expired"}},
        {"status": 500},
        {"status": 429, "headers": {"Retry-After": "0"}},
        {"drop": "before"},
    ],
    ids=["gone", "error", "busy", "dropped"],
)
def test_a_watch_that_cannot_begin_is_tried_again(fake_ground: FakeGround, fault: dict[str, object]) -> None:
    namespace = fake_ground.namespace()
    refused = fake_ground.fake.fault("GET .*watch=true", times=3, **fault)
    with mirrored(fake_ground.admin, namespace) as (mirror, _):
        wait(lambda: refused.seen == 3)
        fake_ground.jobs(namespace).create(job("a"))
        wait(lambda: mirror.get("a"))


def test_a_server_that_only_refuses_is_not_asked_in_a_tight_loop(fake_ground: FakeGround) -> None:
    namespace = fake_ground.namespace()
    refused = fake_ground.fake.fault("GET .*watch=true", times=10_000, status=410)
    with mirrored(fake_ground.admin, namespace, Pace(first=0.2, cap=0.4)):
        threading.Event().wait(1.0)
        assert refused.seen < 40


def test_a_silent_watch_ends(fake_ground: FakeGround) -> None:
    namespace = fake_ground.namespace()
    fake_ground.fake.bookmark_seconds = 60.0
    with mirrored(fake_ground.admin, namespace, Pace(silence=0.3, first=0.05, cap=0.1)) as (mirror, _):
        wait(lambda: mirror.lists >= 3)
        assert mirror.silent < 20


def test_bookmarks_keep_a_watch_alive(fake_ground: FakeGround) -> None:
    namespace = fake_ground.namespace()
    fake_ground.fake.bookmark_seconds = 0.1
    with mirrored(fake_ground.admin, namespace, Pace(silence=2.0)) as (mirror, _):
        threading.Event().wait(3.0)
        assert mirror.lists == 1


def test_an_object_that_cannot_be_read_does_not_hide_the_others(fake_ground: FakeGround) -> None:
    namespace = fake_ground.namespace()
    store = fake_ground.fake.store
    jobs = fake_ground.jobs(namespace)
    jobs.create(job("a"))
    with mirrored(fake_ground.admin, namespace) as (mirror, seen):
        with store.lock:
            fake_ground.fake.controller._busy = True
            odd = job("odd")
            odd["status"] = {"conditions": "none of your business"}
            store.create("jobs", namespace, odd)
            spoiled = dict(store.get(("jobs", namespace, "a"))) | {"status": {"active": "many"}}
            store.replace("jobs", spoiled)
            fake_ground.fake.controller._busy = False
        wait(lambda: set(seen.unreadable) >= {"odd", "a"})
        assert mirror.get("a") is not None
        store.end_watches()
        wait(lambda: mirror.lists >= 2)
        assert seen.gone == []
