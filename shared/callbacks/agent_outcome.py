"""How a personal callback ended, as the script reports it: an event on its timeline, once for each attempt.

| reported | at UCCE | waits for another try | ended already |
|---|---|---|---|
| `agent` | it is completed | it is cancelled: no further call is needed | it is told |
| `skill` | it is told; UCCE's result decides | it is told | it is told |
| `agent_unavailable` | it is completed, a follow-up is booked | it is moved | it is told, a follow-up is booked |

The report proves that UCCE has the contact and that the customer answered, so nothing hands the callback over again:
every step of the master repeats the state that it decided by. What no rule can grant, such as a follow-up when every
slot is full, is refused, and nothing is recorded: the script goes on with the skill.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, literal, or_, update

from shared.callbacks.booking import MAX_ATTEMPTS, too_busy
from shared.callbacks.booking_request import ApiCaller
from shared.callbacks.capacity import give_places
from shared.callbacks.config_cache import ConfigCache
from shared.callbacks.follow_up import book_follow_up, move_to_next_slot, next_of
from shared.callbacks.lookup import (
    CallbackView,
    attempt_number,
    find_by_account_number,
    plain_account_number,
    read_row,
)
from shared.callbacks.outcomes import ANSWERED
from shared.callbacks.personal import AgentOutcome
from shared.callbacks.personal_data import REMOVED
from shared.callbacks.states import Status
from shared.callbacks.transitions import MAX_REASON_LENGTH, remark, transition_one
from shared.db.columns import UtcDateTime, truncate_utf16
from shared.db.models import Attempt, Callback
from shared.db.session import Database, retried
from shared.errors import Code, DomainError

_MORE = (Callback.api_client_id, Callback.booked_by_agent, Callback.call_id, Callback.erasure_id,
         Callback.agent_outcome_attempt)  # fmt: skip
_AT_UCCE = (Status.IMPORTING, Status.IMPORTED)
_NO_CALL = (Status.CANCELLED, Status.EXPIRED)


@dataclass(frozen=True, slots=True)
class ReportedEnd:
    """`next` is the callback in the agent's next slot: the follow-up, or the callback itself where it was moved."""

    callback: CallbackView
    outcome: AgentOutcome
    next: CallbackView | None


class Overtaken(Exception):
    """The callback is not as it was read; the transaction is rolled back. Read again."""


def report(
    database: Database,
    config_cache: ConfigCache,
    account_number: str,
    outcome: AgentOutcome,
    *,
    caller: ApiCaller,
    now: datetime,
) -> ReportedEnd:
    """Record how a personal callback ended; a repeat does nothing and gets the same answer.

    The attempt is that of the account number's suffix, else the last one. Raises `unknown_callback` (also for one that
    the caller does not see), `not_personal`, `not_dialed`, `already_reported` for another end of the same attempt, the
    codes of a booking when `agent_unavailable` finds no slot, Unavailable.
    """
    for _ in range(MAX_ATTEMPTS):
        row = read_row(database, plain_account_number(account_number), caller.visible, _MORE)
        named = attempt_number(account_number)
        end = _End(database, row, row.attempts if named is None else named, outcome, caller, now)
        if not end.is_repeat():
            end.check()
            try:
                _write(config_cache, end)
            except Overtaken:
                continue
        return _answer(database, config_cache, row.account_number, outcome)
    raise too_busy()


@dataclass(frozen=True, slots=True)
class _End:
    """One report about the callback of `row`, as it was read."""

    database: Database
    row: Row[*tuple[Any, ...]]
    attempt: int
    outcome: AgentOutcome
    caller: ApiCaller
    now: datetime

    @property
    def account_number(self) -> str:
        return str(self.row.account_number)

    @property
    def booked_by_agent(self) -> str | None:
        """The agent who booked it, and what follows it."""
        agent_id: str | None = self.row.booked_by_agent
        return agent_id

    def is_repeat(self) -> bool:
        return (self.row.agent_outcome_attempt, self.row.agent_outcome) == (self.attempt, self.outcome)

    def check(self) -> None:
        """Raises `not_personal`, `not_dialed`, `already_reported`."""
        row = self.row
        if row.agent_id is None:
            raise DomainError(Code.NOT_PERSONAL, "This callback is for no agent: it has no agentId.")
        if not 1 <= self.attempt <= row.attempts or row.status in _NO_CALL:
            raise DomainError(
                Code.NOT_DIALED, f"A callback that is {row.status} has no call of this attempt that could be reported."
            )
        if row.agent_outcome_attempt is not None and row.agent_outcome_attempt >= self.attempt:
            raise DomainError(Code.ALREADY_REPORTED, f"Its end was reported before: {row.agent_outcome}.")

    def end(self, tx: Connection, follow_up: CallbackView) -> None:
        """End it in the transaction that books `follow_up`. Raises Overtaken."""
        start = follow_up.start.astimezone(follow_up.zone)
        again = f"called again at {start:%Y-%m-%d %H:%M} by callback {follow_up.account_number}"
        self.record(tx, f"{self._words}: {again}")

    def tell(self, tx: Connection) -> None:
        """The end in the usual words. Raises Overtaken."""
        self.record(tx, self._words)

    def record(self, tx: Connection, why: str) -> None:
        """The end and its event, on the conditions that were read. Raises Overtaken."""
        before, ends = Status(self.row.status), self.outcome is not AgentOutcome.SKILL
        if before in _AT_UCCE:
            self._note_attempt(tx, ends, why)
        if before is Status.IMPORTING:
            self._go(tx, before, Status.IMPORTED, "the script has its call: UCCE took it")
            before = Status.IMPORTED
        if before is Status.IMPORTED and ends:
            self._go(tx, before, Status.COMPLETED, why, outcome=ANSWERED.name, reason=None, **self._reported)
        elif before is Status.SCHEDULED and self.outcome is AgentOutcome.AGENT:
            reason = truncate_utf16(why, MAX_REASON_LENGTH)
            place = self._go(tx, before, Status.CANCELLED, why, reason=reason, **self._reported)
            give_places(tx, [place])
        elif not remark(tx, self.account_number, before, where=self._as_read, now=self.now, who=self.caller.who,
                        why=why, **self._reported):  # fmt: skip
            raise Overtaken

    @property
    def _words(self) -> str:
        return _WORDS[self.outcome].format(agent=self.row.agent_id)

    @property
    def _reported(self) -> dict[str, Any]:
        return {"agent_outcome": self.outcome.value, "agent_outcome_attempt": self.attempt}

    @property
    def _as_read(self) -> list[ColumnElement[bool]]:
        unreported = or_(Callback.agent_outcome_attempt.is_(None), Callback.agent_outcome_attempt < self.attempt)
        return [Callback.attempts == self.row.attempts, unreported, *self.caller.visible]

    def _go(self, tx: Connection, before: Status, after: Status, why: str, **values: Any) -> tuple[int, datetime]:
        gone = transition_one(tx, self.account_number, before, after, where=self._as_read, now=self.now,
                              who=self.caller.who, why=why, **values)  # fmt: skip
        if gone is None:
            raise Overtaken
        return gone.place

    def _note_attempt(self, tx: Connection, ends: bool, why: str) -> None:
        """UCCE has the contact, as if its list had shown it; and where the callback is completed, its result."""
        at = literal(self.now, UtcDateTime)
        values: dict[str, Any] = {
            "imported_at": func.coalesce(Attempt.imported_at, at), "listed_at": func.coalesce(Attempt.listed_at, at)
        }  # fmt: skip
        if ends:
            values |= {"finished_at": self.now, "outcome": ANSWERED.name,
                       "message": truncate_utf16(why, MAX_REASON_LENGTH)}  # fmt: skip
        unfinished = Attempt.account_number == self.account_number, Attempt.finished_at.is_(None)
        tx.execute(update(Attempt).where(*unfinished).values(**values))


_WORDS = {
    AgentOutcome.AGENT: "spoke with agent {agent}",
    AgentOutcome.SKILL: "agent {agent} did not become free: went to the skill",
    AgentOutcome.AGENT_UNAVAILABLE: "agent {agent} was not available",
}


def _write(config_cache: ConfigCache, end: _End) -> None:
    if end.outcome is not AgentOutcome.AGENT_UNAVAILABLE:
        _record(end)
    elif end.row.erasure_id is not None or end.row.phone == REMOVED:
        raise DomainError(Code.NOT_RESCHEDULABLE, "The customer's data is removed: no further call is booked.")
    elif end.row.status == Status.SCHEDULED:
        move_to_next_slot(end.database, config_cache, end.row, end.caller, end.now, end.tell)
    else:
        book_follow_up(end.database, config_cache, end.row, end.caller, end.now, end)


@retried
def _record(end: _End) -> None:
    with end.database.writing() as tx:
        end.tell(tx)
        tx.commit()


def _answer(database: Database, config_cache: ConfigCache, account_number: str, outcome: AgentOutcome) -> ReportedEnd:
    """What is stored by now: of a repeat the follow-up may have been moved since."""
    callback = find_by_account_number(database, config_cache, account_number)
    unavailable = outcome is AgentOutcome.AGENT_UNAVAILABLE
    return ReportedEnd(callback, outcome, next_of(database, config_cache, callback) if unavailable else None)
