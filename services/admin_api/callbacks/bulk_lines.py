"""The callbacks that a bulk job works on: its lines, what became of each, and its result as a file."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from services.admin_api.callbacks.search import read_summaries
from services.admin_api.identity.scope import Scope
from shared.callbacks.no_result import result_expected_since
from shared.callbacks.settings import BusinessSettings
from shared.db.models import JobLine
from shared.db.session import Database, retried

CHUNK = 100  # callbacks in one transaction, which so locks the slots' rows for milliseconds only

COLUMNS = ("accountNumber", "result", "phone", "firstName", "lastName", "start", "skill", "campaign")
COLUMNS_WITHOUT_EXPORT = 2  # the first ones: what became of each callback, and nothing of the people

_SET_OUTCOME = (
    update(JobLine)
    .where(JobLine.job_id == bindparam("job"), JobLine.number == bindparam("line"))
    .values(outcome=bindparam("became"))
)


@retried
def read_lines(database: Database, job_id: int, after: int) -> Sequence[Any]:
    """The next chunk of a job's lines: `number`, `text` (an account number), `outcome`."""
    statement = select(JobLine.number, JobLine.text, JobLine.outcome)
    statement = statement.where(JobLine.job_id == job_id, JobLine.number > after).order_by(JobLine.number)
    with database.reading() as connection:
        return connection.execute(statement.limit(CHUNK)).all()


def write_outcomes(tx: Connection, job_id: int, outcomes: Mapping[int, str]) -> None:
    """Write down what became of lines, by their numbers."""
    if outcomes:
        tx.execute(_SET_OUTCOME, [{"job": job_id, "line": line, "became": became}
                                  for line, became in outcomes.items()])  # fmt: skip


def result_rows(
    database: Database, job_id: int, scope: Scope, settings: BusinessSettings, now: datetime
) -> Iterator[Sequence[Any]]:
    """The rows of the result (COLUMNS) as the person sees them; of other skills than the person's there are none."""
    since, done = result_expected_since(settings, now), 0
    while lines := read_lines(database, job_id, done):
        done += len(lines)
        with database.reading() as connection:
            found = read_summaries(connection, [line.text for line in lines], since)
        by_number = {one.account_number: one for one in found}
        for line in lines:
            one = by_number.get(line.text)
            if one is None and not scope.is_limited:
                yield [line.text, line.outcome or "not yet", *[None] * 6]
            elif one is not None and scope.includes([one.skill_id]):
                yield [line.text, line.outcome or "not yet", scope.phone(one.phone), scope.text(one.first_name),
                       scope.text(one.last_name), one.start, one.skill, one.campaign]  # fmt: skip
