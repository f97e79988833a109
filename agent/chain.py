"""The flow of one attempt: each handler goes on to the next, or stops until something changes.

own         is it this process's?              the hub says so
quarantine  did it break what handled it?      -> failed(poison)
visit       a Job found at the start: marked while it is looked into for the first time
cancel      is it to end?                      -> cancelled, when its pods are gone
lose        was its Job deleted?               -> lost(job_missing)
fetch       the work order                     -> failed(order_corrupt)
compile     in the sandbox                     -> failed(compile_error, not_bound, plan_mismatch, …)
accept      the hub pins the plan
create      the Job, suspended                 -> failed(manifest_rejected, pod_security), released(quota)
adopt       or the one that is there           -> failed(name_conflict)
furnish     ConfigMap and Secret, owned by it
unsuspend   it may run
tell        the hub hears of it
watch       its pod starts in time             -> failed(start_timeout, image_pull, unschedulable, …)
report      it is over: how                    -> succeeded, failed(…)
clean_up    it may expire
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from assay.agent.attempt import Attempt
from assay.agent.context import NEXT, WAIT, Agent, Step
from assay.agent.handlers.apply import adopt, create, furnish, unsuspend
from assay.agent.handlers.follow import cancel, clean_up, lose, report, tell, watch
from assay.agent.handlers.guard import leave, own, quarantine, visit
from assay.agent.handlers.prepare import accept, compile_, fetch

Handler = Callable[[Agent, Attempt], Step]
CHAIN: tuple[tuple[str, Handler], ...] = (
    ("own", own),
    ("quarantine", quarantine),
    ("visit", visit),
    ("cancel", cancel),
    ("lose", lose),
    ("fetch", fetch),
    ("compile", compile_),
    ("accept", accept),
    ("create", create),
    ("adopt", adopt),
    ("furnish", furnish),
    ("unsuspend", unsuspend),
    ("tell", tell),
    ("watch", watch),
    ("report", report),
    ("clean_up", clean_up),
)


def handle(agent: Agent, attempt: Attempt) -> Step:
    """Goes as far as it goes now. Raises what handlers raise: the cluster's Refused, HubError, Over, Superseded."""
    attempt.told_fence = attempt.fence
    step: Step = WAIT
    for name, handler in CHAIN:
        begun = perf_counter()
        step = handler(agent, attempt)
        agent.metrics.handling.labels(name).observe(perf_counter() - begun)
        if step is not NEXT:
            break
    if attempt.mine:
        leave(agent, attempt)
    return step
