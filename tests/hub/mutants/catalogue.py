"""The faults, each as texts of the hub's files and what stands there instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """test: where it is found, if not by the model."""

    name: str
    edits: tuple[Edit, ...]
    test: str = ""


REPORTS = "hub/agents/reports.py"
POLLING = "hub/agents/polling.py"
CLAIMING = "hub/agents/claiming.py"
GATE = "hub/runners/gate.py"
RESULTS = "hub/runners/results.py"
REAPER = "hub/upkeep/reaper.py"
FIRING = "hub/schedules/firing.py"
SQLITE = "hub/store/sqlite.py"

MUTANTS = (
    Mutant(
        "idempotency_key_not_bound_to_the_request",
        (Edit("hub/idempotency.py", "if row.body_sha256 != sha256(identity):", "if not row.body_sha256:"),),
        test="tests/hub/test_idempotency.py",
    ),
    Mutant(
        "no_fence",
        (Edit(REPORTS, "if row.fence != fence or row.agent != caller.agent:", "if fence < 0:"),),
    ),
    Mutant(
        "fence_does_not_grow",
        (
            Edit(
                CLAIMING, "fence=attempts.c.fence + 1", "fence=attempts.c.fence + 0 + (attempts.c.fence < 1)"
            ),
        ),
    ),
    Mutant(
        "reaper_without_compare_and_set",
        (
            Edit(REAPER, "step(Event.LAPSE)", 'update(attempts).values(state="queued")'),
            Edit(REAPER, "import Update, and_", "import Update, update, and_"),
        ),
    ),
    Mutant(
        "reaper_without_a_deadline",
        (
            Edit(
                REAPER,
                "    _over(Event.FALL_SILENT, and_(not_(_ASKED), not_(_session_lives())), retry_at=_RETRY),\n",
                "",
            ),
        ),
    ),
    Mutant(
        "no_start_gate",
        (
            Edit(
                GATE,
                "    if row.job_fence is None or",
                "    return Started(generation=1, heartbeat_s=HEARTBEAT_S, deadline_s=60.0)\n"
                "    if row.job_fence is None or",
            ),
        ),
    ),
    Mutant(
        "the_gate_lets_a_second_pod_through",
        (
            Edit(
                GATE,
                'case "running" if row.interrupted or row.heartbeat_at + SILENT_US < tx.now:',
                'case "running":',
            ),
        ),
    ),
    Mutant(
        "acknowledge_before_commit",
        (
            Edit(
                SQLITE,
                "                outcomes.append((job, *self._one(raw, job, tx)))\n",
                "                outcomes.append((job, *self._one(raw, job, tx)))\n"
                "                if outcomes[-1][2] is None:\n"
                "                    job.future.set_result(outcomes[-1][1])\n",
            ),
            Edit(
                SQLITE,
                "            for job in jobs:\n                job.future.set_exception(unavailable())",
                "            for job in jobs:\n                if not job.future.done():\n"
                "                    job.future.set_exception(unavailable())",
            ),
            Edit(
                SQLITE,
                "                job.future.set_result(value)\n            else:\n                job.future",
                "                pass\n            else:\n                job.future",
            ),
        ),
    ),
    Mutant(
        "commit_without_root",
        (
            Edit(
                RESULTS,
                "if root_sha256([row.sha256 for row in found]) != request.root_sha256:",
                "if root_sha256([]) == '':",
            ),
        ),
    ),
    Mutant(
        "commit_without_every_batch",
        (
            Edit(
                RESULTS,
                "if [row.seq for row in found] != list(range(request.count)):",
                "if len(found) < request.count:",
            ),
            Edit(
                RESULTS,
                "if root_sha256([row.sha256 for row in found]) != request.root_sha256:",
                "if root_sha256([row.sha256 for row in found[: request.count]]) != request.root_sha256:",
            ),
            Edit(RESULTS, "checks_sha256(ids) != expected", "not expected"),
        ),
    ),
    Mutant(
        "expected_checks_not_compared",
        (Edit(RESULTS, "checks_sha256(ids) != expected", "not expected"),),
    ),
    Mutant(
        "replay_not_compared",
        (
            Edit(
                RESULTS,
                "    if not added and tx.one(_BATCH, r=run, n=attempt, g=request.generation, q=seq).sha256 != digest:\n"
                "        raise conflicting_replay()\n",
                "    _ = added\n",
            ),
        ),
    ),
    Mutant(
        "generation_not_checked",
        (
            Edit(
                RESULTS,
                "    row = read(tx, caller, run, attempt)\n    if request.generation != row.generation:\n"
                "        raise stale_generation()\n    data",
                "    row = read(tx, caller, run, attempt)\n    data",
            ),
            Edit(
                RESULTS,
                "    row = read(tx, caller, run, attempt)\n    if request.generation != row.generation:\n"
                "        raise stale_generation()\n    digest",
                "    row = read(tx, caller, run, attempt)\n    digest",
            ),
        ),
    ),
    Mutant(
        "a_lost_attempt_commits",
        (
            Edit(
                "hub/machine.py", "Event.COMMIT, (S.RUNNING,)", "Event.COMMIT, (S.RUNNING, S.LOST, S.FAILED)"
            ),
            Edit(
                RESULTS,
                '    if row.state != "running":\n        kept = tx.row(_REPORT',
                '    if row.state == "committed":\n        kept = tx.row(_REPORT',
            ),
            Edit(
                RESULTS,
                '    if row.state != "running":\n        place',
                '    if row.state == "committed":\n        place',
            ),
        ),
    ),
    Mutant(
        "epoch_not_checked",
        (
            Edit(POLLING, "        agent_sessions.c.superseded_at.is_(None),\n", ""),
            Edit(POLLING, "if session is None or session.epoch != request.epoch:", "if session is None:"),
        ),
    ),
    Mutant(
        "the_cluster_is_not_pinned",
        (
            Edit(
                CLAIMING,
                'or_(attempts.c.cluster.is_(None), attempts.c.cluster == bindparam("c"))',
                'bindparam("c") != ""',
            ),
        ),
    ),
    Mutant(
        "retry_without_deadline_fence",
        (
            Edit(
                "hub/endings.py",
                '        values["retry_at"] = max(values["retry_at"], row.deadline_at)\n',
                "        pass\n",
            ),
        ),
        test="tests/hub/test_engine.py::"
        "test_a_missing_job_is_followed_by_another_only_when_its_pods_cannot_run_any_more[sqlite]",
    ),
    Mutant(
        "schedule_without_unique",
        (
            Edit(
                FIRING,
                'schedules.c.next_fire_at == bindparam("seen"),\n        schedules.c.revision == bindparam("r"),\n',
                'bindparam("seen") != bindparam("r"),\n',
            ),
            Edit(FIRING, "missed=missed):", "missed=missed) or fire_at:"),
            Edit(
                "hub/migrations/versions/0003_work.py",
                '"instructions",\n        ["tenant", "schedule", "fire_at"],\n        unique=True,',
                '"instructions",\n        ["tenant", "schedule", "fire_at"],\n        unique=False,',
            ),
        ),
    ),
    Mutant(
        "a_pod_that_asks_again_counts_as_silent",
        (
            Edit(
                "hub/runners/gate.py",
                "return _again(tx, row, run, attempt)",
                "return _started(tx, row, row.generation, row.started_at)",
            ),
        ),
        test="tests/hub/test_engine.py::test_a_pod_that_asks_again_is_alive",
    ),
    Mutant(
        "cap_without_a_lock",
        (
            Edit("hub/loads.py", ".where(*own).with_for_update()", ".where(*own)"),
            Edit(
                "hub/loads.py",
                'loads.c.counted_at.is_not(None), loads.c.most + bindparam("n") <= most',
                'loads.c.counted_at.is_(None), loads.c.most + bindparam("n") <= most',
            ),
        ),
        test="tests/hub/test_caps.py::test_two_hubs_that_claim_at_once_stay_within_the_cap",
    ),
    Mutant(
        "tenant_condition_missing",
        (
            Edit(
                "hub/store/tx.py",
                'return table.c.tenant == bindparam("t")',
                'return table.c.tenant != bindparam("t") + "x"',
            ),
        ),
    ),
)
