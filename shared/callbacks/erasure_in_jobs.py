"""What an erased person left in jobs that have ended: filters by number, lines that failed, files of failed imports.

A number stands there as somebody wrote it, so it is found by its digits. Jobs that wait or run are left alone: they
work on what they were given, and what they write is as new as a later request.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from shared.callbacks.personal_data import REMOVED
from shared.callbacks.transitions import in_chunks
from shared.db.key_lists import one_of
from shared.db.models import Job, JobLine, JobPart
from shared.phone import digits_of, national_digits

FILE_REMOVED = "Its file named a person whose data was erased. Import what is left of it anew."


@dataclass(frozen=True, slots=True)
class JobTraces:
    """Lines by job and number, new arguments by job, and the failed jobs that keep a file with the number."""

    lines: Collection[tuple[int, int]]
    arguments: Mapping[int, Mapping[str, Any]]
    files: Collection[int]


def find(connection: Connection, phone: str, account_numbers: Collection[str]) -> JobTraces:
    """Of a number, and of its callbacks: the reason of a bulk action that was about one of these may tell of the
    person."""
    digits = national_digits(phone)
    lines = select(JobLine.job_id, JobLine.number, JobLine.text).join(Job, Job.id == JobLine.job_id)
    lines = lines.where(Job.finished_at.is_not(None), JobLine.text.contains(digits[-2:], autoescape=True))
    found = [(row.job_id, row.number) for row in connection.execute(lines) if digits in digits_of(row.text)]
    about = _jobs_about(connection, account_numbers)
    arguments: dict[int, Mapping[str, Any]] = {}
    ended = connection.execute(select(Job.id, Job.status, Job.arguments).where(Job.finished_at.is_not(None))).all()
    for row in ended:
        cleaned = _without(row.arguments, digits)
        if row.id in about or cleaned != row.arguments:
            arguments[row.id] = _without_reason(cleaned)
    files = [row.id for row in ended if row.status == "failed" and digits in digits_of(_file(connection, row.id))]
    return JobTraces(found, arguments, files)


def remove(tx: Connection, traces: JobTraces) -> int:
    """How many rows lost something. A failed job loses its whole file, and cannot be retried."""
    rows = 0
    for job_id, number in traces.lines:
        line = update(JobLine).where(JobLine.job_id == job_id, JobLine.number == number)
        rows += tx.execute(line.values(text=REMOVED)).rowcount
    for job_id, arguments in traces.arguments.items():
        ended = update(Job).where(Job.id == job_id, Job.finished_at.is_not(None))
        rows += tx.execute(ended.values(arguments=dict(arguments))).rowcount
    for job_id in traces.files:
        failed = update(Job).where(Job.id == job_id, Job.status == "failed")
        if tx.execute(failed.values(status="cancelled", problem=FILE_REMOVED)).rowcount:
            rows += tx.execute(delete(JobPart).where(JobPart.job_id == job_id)).rowcount
    return rows


def _jobs_about(connection: Connection, account_numbers: Collection[str]) -> set[int]:
    about: set[int] = set()
    for chunk in in_chunks(sorted(account_numbers)):
        about.update(connection.execute(select(JobLine.job_id).where(one_of(JobLine.text, chunk))).scalars())
    return about


def _without(value: Any, digits: str) -> Any:
    """Arguments without the texts that hold a number."""
    if isinstance(value, Mapping):
        return {name: _without(inner, digits) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, digits) for inner in value]
    return None if isinstance(value, str) and digits in digits_of(value) else value


def _without_reason(arguments: Mapping[str, Any]) -> dict[str, Any]:
    query = arguments.get("query")
    return {**arguments, "query": {**query, "reason": None}} if isinstance(query, Mapping) else dict(arguments)


def _file(connection: Connection, job_id: int) -> str:
    parts = select(JobPart.content).where(JobPart.job_id == job_id).order_by(JobPart.number)
    return "".join(connection.execute(parts).scalars())
