"""The audit rows of acts on many callbacks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from shared.db.audit import Actor
from shared.db.audit import write_audit as audit
from shared.db.key_lists import one_of
from shared.db.models import Callback


def audit_by_skill(
    tx: Connection, by: Actor, action: str, numbers: Collection[str], now: datetime
) -> Mapping[int, Sequence[str]]:
    """Write a row for each skill of these callbacks (at most 500): who is limited to some skills sees the rows of
    theirs. Returns the account numbers by skill."""
    if not numbers:
        return {}
    statement = select(Callback.skill_id, Callback.account_number).where(one_of(Callback.account_number, numbers))
    by_skill: dict[int, list[str]] = {}
    for row in tx.execute(statement.order_by(Callback.skill_id, Callback.account_number)):
        by_skill.setdefault(row.skill_id, []).append(row.account_number)
    for skill, of_skill in by_skill.items():
        audit(tx, by, action, "callbacks", now=now, label=f"{len(of_skill)} callbacks",
              after={"accountNumbers": of_skill}, skills=[skill])  # fmt: skip
    return by_skill
