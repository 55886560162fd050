"""A callback's timeline, read from the database: for the demo, which runs where the database is."""

from sqlalchemy import select

from shared.db.models import Callback, CallbackEvent
from shared.db.session import Database


def print_timeline(database_url: str, account_number: str) -> None:
    """Print every transition with its time, who made it and why, and the outcome."""
    database = Database(database_url)
    try:
        with database.reading() as connection:
            events = connection.execute(
                select(CallbackEvent.at, CallbackEvent.to_status, CallbackEvent.who, CallbackEvent.why)
                .where(CallbackEvent.account_number == account_number)
                .order_by(CallbackEvent.id)
            ).all()
            outcome = connection.execute(
                select(Callback.outcome).where(Callback.account_number == account_number)
            ).scalar_one()
    finally:
        database.close()
    for at, status, who, why in events:
        print(f"  {at:%H:%M:%S.%f}"[:-3] + f"  {status:<10}  {who:<16}  {why}")
    print(f"  result: {outcome}")
