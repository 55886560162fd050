"""Callbacks that UCCE has had for longer than a result should take."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from shared.callbacks.settings import BusinessSettings
from shared.callbacks.states import Status


def result_expected_since(settings: BusinessSettings, now: datetime) -> datetime:
    """Of what was due before then a result is expected by now."""
    return now - timedelta(minutes=settings.result_expected_minutes)


def has_no_result(status: str, due_at: datetime, since: datetime) -> bool:
    return status == Status.IMPORTED and due_at < since


def without_result(columns: Any, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """`has_no_result` as conditions on the columns of callbacks."""
    return columns.status == Status.IMPORTED, columns.due_at < since
