"""Jobs: what a person starts and a request could not finish in time."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.columns import BIG_ID, Json, UtcDateTime, nvarchar
from shared.db.models.base import Base

_RUNNING = text("status = 'running'")


class Job(Base):
    """One job. Its lines 1 to `done` of `total` are dealt with, and `counts` says what became of them.

    One job at most is `running`, on all nodes together. `run` is the fencing number of who runs it: it grows with each
    claim, and a transaction of a smaller one does nothing. `seen_at` is when that process was last heard of;
    `lost_runs` counts the processes that ended without a word. `arguments` may hold personal data: the row is deleted
    by retention.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="status"),
        Index("uq_job_running", "status", unique=True, mssql_where=_RUNNING, sqlite_where=_RUNNING),
        Index("ix_job_status", "status", "id"),
        Index("ix_job_finished", "finished_at"),
    )
    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)
    kind: Mapped[str] = mapped_column(nvarchar(32))
    status: Mapped[str] = mapped_column(nvarchar(16))
    arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(Json)
    problem: Mapped[str | None] = mapped_column(nvarchar(500))
    run: Mapped[int] = mapped_column(default=0)
    lost_runs: Mapped[int] = mapped_column(default=0)
    node: Mapped[str | None] = mapped_column(nvarchar(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(nvarchar(96))
    address: Mapped[str | None] = mapped_column(nvarchar(64))
    request_id: Mapped[str | None] = mapped_column(nvarchar(128))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobPart(Base):
    """A piece of the file that a job works on, in order. Deleted when the job is done or cancelled."""

    __tablename__ = "job_part"
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[str] = mapped_column(nvarchar(None))


class JobLine(Base):
    """A line that a job tells of: what it was given (`text`), and what became of it; NULL: nothing yet."""

    __tablename__ = "job_line"
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(nvarchar(500))
    outcome: Mapped[str | None] = mapped_column(nvarchar(255))
