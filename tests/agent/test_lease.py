"""No Job is created when the hub may have given the work to another."""

from __future__ import annotations

from assay.agent.lease import Lease


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_without_a_poll_nothing_is_created() -> None:
    lease = Lease(Time())
    assert not lease.may_create()
    assert lease.age is None


def test_a_lease_counts_from_when_its_poll_began_and_ends_early() -> None:
    clock = Time()
    lease = Lease(clock)
    clock.now = 110.0
    lease.renew(begun=100.0, seconds=60.0)
    clock.now = 144.9
    assert lease.may_create()
    clock.now = 145.0
    assert not lease.may_create()
    assert lease.age == 45.0


def test_an_answer_that_comes_late_takes_nothing_back() -> None:
    clock = Time()
    lease = Lease(clock)
    lease.renew(begun=120.0, seconds=60.0)
    lease.renew(begun=100.0, seconds=60.0)
    clock.now = 160.0
    assert lease.may_create()


def test_a_lease_that_another_has_is_over_at_once() -> None:
    lease = Lease(Time())
    lease.renew(begun=100.0, seconds=60.0)
    lease.end()
    assert not lease.may_create()
