"""What the cluster shows, brought to the attempts that it is about."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from assay.agent.attempt import Attempt, Key, key_of
from assay.agent.cluster.api import Api
from assay.agent.cluster.jobs import ACKED, MANAGED, POOL
from assay.agent.cluster.mirror import Mirror, Pace
from assay.agent.cluster.objects import Job, Pod
from assay.agent.context import Agent
from assay.agent.work import WorkQueue
from assay.compiler.kubernetes import unique_slug

JOB_NAME = "batch.kubernetes.io/job-name"
log = structlog.get_logger("assay.agent")


class Sight:
    """Two mirrors, of the Jobs of the agent's pool and of their pods. freed: called when a slot may be free."""

    def __init__(
        self,
        agent: Agent,
        api: Api,
        queue: WorkQueue[Key],
        freed: Callable[[], None],
        pace: Pace | None = None,
    ) -> None:
        self._agent = agent
        self._queue = queue
        self._freed = freed
        selector = f"{MANAGED}=assay,{POOL}={unique_slug(agent.pool)}"
        jobs = agent.jobs
        self.jobs: Mirror[Job] = Mirror(api, jobs.jobs_path, selector, Job, self._job, self._unreadable, pace)
        self.pods: Mirror[Pod] = Mirror(api, jobs.pods_path, selector, Pod, self._pod, self._unreadable, pace)

    def enter(self, key: Key) -> Attempt:
        """The attempt, with its Job and pods as far as they are known."""
        known = self._agent.book.get(key)
        if known is not None:
            return known
        attempt = self._agent.book.enter(key)
        attempt.job = attempt.job or self.jobs.get(attempt.name)
        attempt.found = attempt.job is not None
        for pod in self.pods.all():
            if pod.metadata.labels.get(JOB_NAME) == attempt.name:
                attempt.pods[pod.metadata.name] = pod
        return attempt

    def _job(self, job: Job, gone: bool) -> None:
        key = key_of(job.metadata.name)
        if key is None:
            return
        attempt = self._agent.book.get(key)
        if attempt is None:
            if not gone and ACKED not in job.metadata.annotations:
                self.enter(key)
            return
        if gone:
            self._gone(attempt, job)
        elif attempt.see(job) and attempt.expires and not attempt.mine:
            self._agent.book.strike(attempt)
        self._queue.add(key)
        if gone or job.ended is not None:
            self._freed()

    def _gone(self, attempt: Attempt, job: Job) -> None:
        if attempt.job is not None and attempt.job.metadata.uid != job.metadata.uid:
            return
        attempt.told_fence = attempt.fence
        attempt.job, attempt.gone = None, True
        if not attempt.mine:
            self._agent.book.strike(attempt)

    def _pod(self, pod: Pod, gone: bool) -> None:
        key = key_of(pod.metadata.labels.get(JOB_NAME, ""))
        attempt = None if key is None else self._agent.book.get(key)
        if attempt is None:
            return
        if gone and not (pod.state.running or pod.state.terminated):
            attempt.pods.pop(pod.metadata.name, None)
        else:
            # How one that was evicted ended is known from it alone.
            attempt.pods[pod.metadata.name] = pod
        self._queue.add(attempt.key)

    def _unreadable(self, name: str) -> None:
        self._agent.metrics.quarantined.inc()
        log.error("an object cannot be read", name=name)
