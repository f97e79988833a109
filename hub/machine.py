"""The states of an attempt, as one table. Whatever changes a state goes through `change` or a statement made by
`step`: a compare-and-set on the state, on the fence, and on what else the caller has seen.

The diagram in docs/instructions.md is generated from `TRANSITIONS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Update, bindparam, case, or_, select, update

from assay.hub.refusal import Raced, illegal
from assay.hub.store.tx import Tx, mine
from assay.hub.store.wake import run_topic
from assay.hub.tables import attempts
from assay.protocol.user import TERMINAL
from assay.protocol.user import RunState as S


class Event(StrEnum):
    QUEUE = "queue"
    CLAIM = "claim"
    ACCEPT = "accept"
    APPLY = "apply"
    START = "start"
    TAKE_OVER = "take over"
    COMMIT = "commit"
    FINISH = "finish"
    FAIL = "fail"
    REJECT = "reject"
    LOSE = "lose"
    RELEASE = "release"
    LAPSE = "lapse"
    REPORT = "report"
    LAST_WORD = "last word"
    CANCEL = "cancel"
    ASK_CANCEL = "ask to cancel"
    CONFIRM_CANCEL = "confirm cancel"
    EXPIRE = "expire"
    TIME_OUT = "time out"
    FALL_SILENT = "fall silent"
    GIVE_UP_CANCEL = "give up cancel"


@dataclass(frozen=True, slots=True)
class Transition:
    """before: empty where the row is new. after: None where the state stays."""

    event: Event
    before: tuple[S, ...]
    after: S | None
    who: str
    guard: str


_HELD = (S.ACCEPTED, S.APPLIED, S.RUNNING)
TRANSITIONS = (
    Transition(Event.QUEUE, (), S.QUEUED, "user, schedule, retry",
               "once a fire time; quota; a retry only when the attempt before it cannot run any more"),
    Transition(Event.CLAIM, (S.QUEUED,), S.LEASED, "agent",
               "pool, kind, protocol, cluster if pinned; live session; fence + 1"),
    Transition(Event.ACCEPT, (S.LEASED,), S.ACCEPTED, "agent", "fence; plan as published; pins the cluster"),
    Transition(Event.APPLY, (S.ACCEPTED,), S.APPLIED, "agent", "fence"),
    Transition(Event.START, (S.ACCEPTED, S.APPLIED), S.RUNNING, "runner", "fence of the Job; first pod; plan"),
    Transition(Event.TAKE_OVER, (S.RUNNING,), None, "runner",
               "the pod before was interrupted or is silent; generation + 1"),
    Transition(Event.COMMIT, (S.RUNNING,), S.COMMITTED, "runner",
               "generation; every batch; root; exactly the plan's checks; once a run"),
    Transition(Event.FINISH, (S.COMMITTED,), S.SUCCEEDED, "agent, reaper",
               "fence, whatever became of the Job; or 2 minutes later"),
    Transition(Event.FAIL, _HELD, S.FAILED, "agent", "fence; the Job is over, and nothing was committed"),
    Transition(Event.REJECT, (S.LEASED,), S.FAILED, "agent", "fence; no Job was made"),
    Transition(Event.LOSE, _HELD, S.LOST, "agent", "fence; the Job is missing"),
    Transition(Event.REPORT, (*_HELD, S.COMMITTED), None, "agent", "fence; its number grows"),
    Transition(Event.LAST_WORD, (S.RUNNING,), None, "runner", "generation"),
    Transition(Event.RELEASE, (S.LEASED, S.ACCEPTED), S.QUEUED, "agent", "fence"),
    Transition(Event.LAPSE, (S.LEASED, S.ACCEPTED), S.QUEUED, "reaper, new session",
               "the session's lease is over, or another process of the agent has begun"),
    Transition(Event.CANCEL, (S.QUEUED, S.LEASED), S.CANCELLED, "user", "no Job has passed the start gate"),
    Transition(Event.ASK_CANCEL, _HELD, None, "user", "the agent is asked until the Job is gone"),
    Transition(Event.CONFIRM_CANCEL, _HELD, S.CANCELLED, "agent", "fence; asked for; the Job is over"),
    Transition(Event.EXPIRE, (S.QUEUED, S.LEASED), S.EXPIRED, "reaper", "its time to start is over"),
    Transition(Event.TIME_OUT, _HELD, S.TIMED_OUT, "reaper", "the deadline is over, the agent is there"),
    Transition(Event.FALL_SILENT, _HELD, S.LOST, "reaper", "the deadline is over, the agent is silent"),
    Transition(Event.GIVE_UP_CANCEL, _HELD, S.CANCELLED, "reaper", "the deadline is over, and it was to end"),
)  # fmt: skip
BY_EVENT = {transition.event: transition for transition in TRANSITIONS}

LAPSED: ColumnElement[int] = attempts.c.lapsed + case(
    (or_(attempts.c.state == S.ACCEPTED.value, attempts.c.fetched_fence == attempts.c.fence), 1), else_=0
)
"""What `lapsed` becomes with LAPSE. A delivery that nobody has looked into may have been lost on its way, or handed to
the connection of a process that was dead: it says nothing about the order."""
SELECTED = (mine(attempts), attempts.c.instruction == bindparam("i"), attempts.c.attempt == bindparam("n"))
_READ = select(attempts).where(*SELECTED)
_made: dict[tuple[Event, tuple[str, ...], tuple[str, ...]], Update] = {}


def step(event: Event) -> Update:
    """An update of the rows that are in a state in which the event may happen; the caller adds the rest."""
    transition = BY_EVENT[event]
    statement = update(attempts).where(attempts.c.state.in_([state.value for state in transition.before]))
    return statement if transition.after is None else statement.values(state=transition.after.value)


def change(
    tx: Tx, event: Event, instruction: str, attempt: int, *, seen: dict[str, Any], **values: Any
) -> bool:
    """Makes the event happen to one attempt, if it still is what the caller saw; tells whether it did.

    seen: columns and the values that they must still have, the fence among them where an agent asks.
    """
    key = (event, tuple(seen), tuple(values))
    statement = _made.get(key)
    if statement is None:
        statement = step(event).where(*SELECTED)
        for name in seen:
            statement = statement.where(attempts.c[name].is_not_distinct_from(bindparam(f"seen_{name}")))
        if values:
            statement = statement.values({name: bindparam(f"to_{name}") for name in values})
        _made[key] = statement
    happened = tx.changed(
        statement,
        i=instruction,
        n=attempt,
        **{f"seen_{name}": value for name, value in seen.items()},
        **{f"to_{name}": value for name, value in values.items()},
    )
    if happened:
        tx.wake(run_topic(tx.tenant, instruction))
    return happened == 1


def happen(tx: Tx, event: Event, row: Any, seen: dict[str, Any], **values: Any) -> None:
    """`change`, for a row that was just read: refused where the event may not happen in its state, done again
    from the beginning where the row has changed since."""
    if S(row.state) not in BY_EVENT[event].before:
        raise illegal()
    if not change(tx, event, row.instruction, row.attempt, seen=seen, **values):
        raise Raced


def read(tx: Tx, instruction: str, attempt: int) -> Any:
    """The attempt's row; refused as not found where there is none."""
    return tx.one(_READ, i=instruction, n=attempt)


def is_terminal(state: str) -> bool:
    return S(state) in TERMINAL
