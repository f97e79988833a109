"""The process: threads that watch, one that polls, some that handle. Whatever it knows it may lose."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import structlog

from assay.agent.attempt import Key
from assay.agent.cluster.answers import Refused as ClusterRefused
from assay.agent.cluster.api import Api
from assay.agent.cluster.connect import ConnectError, login
from assay.agent.cluster.jobs import Jobs
from assay.agent.cluster.mirror import Pace
from assay.agent.compiling import Compiler
from assay.agent.context import Agent
from assay.agent.health import Health, HealthServer
from assay.agent.hub import Hub, Over, client
from assay.agent.lease import Lease
from assay.agent.metrics import Metrics
from assay.agent.polling import Polling
from assay.agent.settings import Settings
from assay.agent.sight import Sight
from assay.agent.start import CannotStart, Obstacle, identify, inspect_rights, missing_rights
from assay.agent.tokens import Rotation
from assay.agent.work import WorkQueue
from assay.agent.workers import THREADS, Troubles, Workers
from assay.client import HubError
from assay.protocol.agent import Cluster, ReasonCode

DRAIN_S = 20.0
RIGHTS_S = 60.0
"""Between two looks at rights that were missing."""
T = TypeVar("T")
log = structlog.get_logger("assay.agent")


class Stopping(Exception):
    """It was asked to stop before it had begun."""


class Running:
    """One agent. `start` returns when it polls; `stop` when nothing of it goes on."""

    def __init__(
        self, settings: Settings, *, pace: Pace | None = None, threads: int = THREADS, api: Api | None = None
    ) -> None:
        """Raises CannotStart."""
        self._settings = settings
        self._pace = pace
        metrics = Metrics()
        self._api = api or _api(settings, metrics)
        self._stop = threading.Event()
        self._queue: WorkQueue[Key] = WorkQueue()
        self._troubles = Troubles()
        try:
            calls = client(settings.hub, settings.token)
        except (OSError, ValueError) as error:
            raise CannotStart(
                (Obstacle(f"the hub cannot be called ({error})", "see `deployment.hub`"),)
            ) from None
        self.agent = Agent(
            settings=settings,
            hub=Hub(calls),
            jobs=Jobs(self._api, settings.profile.namespace),
            compiler=Compiler(settings.deployment, settings.job_auth),
            lease=Lease(),
            metrics=metrics,
            pool="",
        )
        self._workers = Workers(self.agent, self._queue, self._troubles, threads)
        self._health: HealthServer | None = None
        self._threads: list[threading.Thread] = []
        self._rights_at = 0.0

    def start(self) -> None:
        """Waits for cluster and hub as long as it takes. Raises CannotStart, Stopping."""
        self.health = Health(self.agent, self._troubles, self.agent.lease.now())
        self._serve_health()
        self.agent.compiler.warm()
        obstacles = self._patiently(lambda: inspect_rights(self._api, self._settings))
        for each in obstacles:
            log.warning("rights", problem=each.message)
        if any(not each.warning for each in obstacles):
            raise CannotStart(tuple(each for each in obstacles if not each.warning))
        cluster = self._patiently(lambda: identify(self._api, self._settings))
        self._open(cluster)
        self.sight = Sight(self.agent, self._api, self._queue, self._freed, self._pace)
        self.health.sight = self.sight
        for mirror in (self.sight.pods, self.sight.jobs):
            self._thread(mirror.run, "agent-mirror")
            while not mirror.synced.wait(0.1):
                if self._stop.is_set():
                    raise Stopping
        self._workers.start()
        self._thread(self._poll, "agent-polling")

    def wait(self) -> None:
        """Until somebody calls `ask_to_stop`."""
        self._stop.wait()

    def ask_to_stop(self) -> None:
        """From a signal handler, too."""
        self._stop.set()
        self._freed()

    def stop(self) -> None:
        """What is in hand is brought to an end; what was not begun goes back. Jobs run on."""
        self.ask_to_stop()
        self._queue.close()
        self._workers.join(DRAIN_S)
        self._give_back()
        if self._health is not None:
            self._health.close()
        self.agent.compiler.close()
        self.agent.hub.close()
        self._api.close()

    # -- parts

    def _open(self, cluster: Cluster) -> None:
        self._polling = Polling(
            self.agent, cluster, self._queue, self._troubles, lambda key: self.sight.enter(key)
        )
        self._rotation = Rotation(self.agent.hub, self._settings.token)
        failures = 0
        while True:
            try:
                self._polling.open()
                return
            except HubError as error:
                failures += 1
                pause = self._polling.pause(error, failures)
                log.warning("no session", why=str(error), again_s=round(pause, 1))
            self._pause(pause)

    def _poll(self, stop: threading.Event) -> None:
        self._polling.run(stop, self._polled)

    def _polled(self) -> None:
        """After each poll that went well."""
        file = self._settings.health.file
        if file is not None:
            with suppress(OSError):
                file.touch()
        self.agent.metrics.last_poll.set_to_current_time()
        now = self.agent.lease.now()
        self._rotation.look(now)
        if self._troubles.rights_missing.is_set() and now >= self._rights_at:
            self._rights_at = now + RIGHTS_S
            self._look_at_rights()

    def _look_at_rights(self) -> None:
        """With a right missing nothing new is asked for, until it is there again."""
        with suppress(ClusterRefused):
            if not missing_rights(self._api, self._settings):
                self._troubles.rights_missing.clear()
                log.info("the rights are there again")

    def _freed(self) -> None:
        polling = getattr(self, "_polling", None)
        if polling is not None:
            polling.wake()

    def _serve_health(self) -> None:
        given = self._settings.health
        if given.port:
            try:
                self._health = HealthServer(given.address, given.port, self.health)
            except OSError as error:
                what = f"{given.address}:{given.port} cannot be listened on ({error.strerror})"
                raise CannotStart((Obstacle(what, "see `health`"),)) from None

    def _give_back(self) -> None:
        """A lease that nothing was done under: another agent need not wait for its end."""
        if self._troubles.superseded.is_set():
            return
        for attempt in self.agent.book.all():
            delivery = attempt.delivery
            if attempt.mine and delivery is not None and not attempt.accepted and attempt.job is None:
                with suppress(HubError, Over):
                    self.agent.hub.release(attempt, delivery.fence, ReasonCode.SHUTTING_DOWN)
                    self.agent.metrics.released.labels(ReasonCode.SHUTTING_DOWN.value).inc()

    def _patiently(self, once: Callable[[], T]) -> T:
        failures = 0
        while True:
            try:
                return once()
            except ClusterRefused as refused:
                failures += 1
                log.warning("the cluster does not answer", why=str(refused), failures=failures)
            self._pause(min(30.0, 0.5 * 2.0 ** min(failures, 6)))

    def _pause(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopping

    def _thread(self, work: Callable[[threading.Event], None], name: str) -> None:
        thread = threading.Thread(target=work, args=(self._stop,), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()


def inspect(settings: Settings) -> dict[str, str]:
    """What an agent with these settings would begin with. Raises CannotStart, also where nothing answers."""
    api = _api(settings, Metrics())
    try:
        obstacles = inspect_rights(api, settings)
        if any(not each.warning for each in obstacles):
            raise CannotStart(tuple(each for each in obstacles if not each.warning))
        cluster = identify(api, settings)
    except ClusterRefused as refused:
        raise CannotStart((Obstacle(f"the API server refuses ({refused})", "see `cluster`"),)) from None
    finally:
        api.close()
    return {
        "hub": settings.hub.url,
        "cluster": cluster.id,
        "namespace": cluster.namespace,
        "issuer": cluster.issuer,
        "keys": str(len(cluster.keys)),
        "sources": ", ".join(sorted(binding.source for binding in settings.profile.bindings)),
        "slots": str(settings.slots),
        "rights": "; ".join(each.message for each in obstacles) or "as needed",
    }


def _api(settings: Settings, metrics: Metrics) -> Api:
    try:
        return Api(login(settings.cluster.kubeconfig, settings.cluster.context), observe=metrics.request)
    except ConnectError as error:
        raise CannotStart((Obstacle(str(error), "see `cluster`"),)) from None
