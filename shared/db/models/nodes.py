"""Who is master, who was, and how the nodes are."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.db.columns import Json, UtcDateTime, nvarchar
from shared.db.models.base import Base


class Mastership(Base):
    """One row: the newest epoch the database has seen. Only ever grows; a write with an older epoch does nothing.

    `hand_overs` counts the batches claimed. ZooKeeper keeps the same count: a database that has a smaller one has lost
    transactions.
    """

    __tablename__ = "mastership"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(BigInteger)
    hand_overs: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    node: Mapped[str | None] = mapped_column(nvarchar(64))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MastershipTerm(Base):
    """The timeline of masters: who, from when to when, and why it ended."""

    __tablename__ = "mastership_term"
    epoch: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    node: Mapped[str] = mapped_column(nvarchar(64))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(nvarchar(255))


class WorkerNode(Base):
    """What a worker last said of itself, for the live view: role, last cycle, UCCE's state."""

    __tablename__ = "worker_node"
    node: Mapped[str] = mapped_column(nvarchar(64), primary_key=True)
    version: Mapped[str] = mapped_column(nvarchar(32))
    role: Mapped[str] = mapped_column(nvarchar(16))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[dict[str, Any]] = mapped_column(Json)
