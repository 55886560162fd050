"""Capacity for a test's bookings at any time of day: that of the demo's schedules depends on the hour."""

from sqlalchemy import update

from deploy.sandbox.stack import Stack
from shared.callbacks.config_cache import bump_version
from shared.db import models
from shared.db.session import Database


def make_room(stack: Stack) -> None:
    """Every half hour of every daily schedule takes 20 callbacks."""
    database = Database(stack.settings.environment["CM_DATABASE_URL"])
    with database.writing() as tx:
        tx.execute(update(models.DailySchedule).values(capacities=[20] * 48))
        bump_version(tx)
        tx.commit()
    database.close()
