"""A configured database for tests: a skill, a campaign, schedules, an API client."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from shared.callbacks.booking import book
from shared.callbacks.booking_request import ApiCaller, BookingRequest, BookingResult
from shared.callbacks.config_cache import ConfigCache, bump_version
from shared.db import models
from shared.db.session import Database
from shared.errors import DomainError

# A Monday in winter, 08:00 in Chicago.
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
# Most tests are not about calling hours, and many run at any hour.
ALL_DAY = {"calling_hours_start": "00:00", "calling_hours_end": "24:00"}
_numbers = itertools.count(2_000_000)


def phone() -> str:
    """A valid Chicago number, another one each time."""
    return f"+1312{next(_numbers):07d}"


@dataclass
class World:
    """A configured database with the ids of its rows, and methods to change and read it."""

    database: Database
    config_cache: ConfigCache
    caller: ApiCaller
    skill_id: int
    campaign_id: int
    pool_id: int
    daily_id: int
    weekly_id: int

    def configure(self, model: Any, values: Mapping[str, Any], **where: Any) -> None:
        """Change a configuration row as an administrator would."""
        with self.database.writing() as tx:
            tx.execute(update(model).filter_by(**where).values(**values))
            bump_version(tx)
            tx.commit()

    def add(self, model: Any, **values: Any) -> Any:
        """Insert a row; the primary key is returned."""
        with self.database.writing() as tx:
            key = tx.execute(insert(model).values(**values)).inserted_primary_key
            bump_version(tx)
            tx.commit()
            return key[0] if key else None

    def another_campaign(self, name: str, **values: Any) -> int:
        """Another campaign that serves the skill, like the first one but for `values`."""
        (first,) = self.rows(models.Campaign, id=self.campaign_id)
        copied = {
            column: value for column, value in first._mapping.items() if column not in ("id", "name_key", "ucce_id")
        }
        key: int = self.add(models.Campaign, **{**copied, "name": name, **values})
        self.add(models.CampaignSkill, campaign_id=key, skill_id=self.skill_id, dialed_number="8800102",
                 overflow_agents=0, records_to_cache=1)  # fmt: skip
        return key

    def another_skill(self, name: str, **values: Any) -> int:
        """Another skill that the campaign serves, without a schedule of its own."""
        key: int = self.add(models.Skill, **{"name": name, "default_campaign_id": self.campaign_id,
                            "accepts_bookings": True, "version": 1, "changed_at": NOW, **values})  # fmt: skip
        self.add(models.CampaignSkill, campaign_id=self.campaign_id, skill_id=key, dialed_number="8800103",
                 overflow_agents=0, records_to_cache=1)  # fmt: skip
        return key

    def settings(self, **values: Any) -> None:
        for name, value in values.items():
            with self.database.writing() as tx:
                tx.execute(delete(models.Setting).where(models.Setting.name == name))
                tx.execute(insert(models.Setting).values(name=name, value=value, changed_at=NOW, version=1))
                bump_version(tx)
                tx.commit()

    def request(self, **values: Any) -> BookingRequest:
        return BookingRequest(**{"phone": phone(), "start": "2026-11-23T09:10", "skill": "Billing", **values})

    def book(self, key: str | None = None, now: datetime = NOW, **values: Any) -> BookingResult:
        """Book `request(**values)`."""
        return book(self.database, self.config_cache, self.request(**values), self.caller, now, key)

    def refusal(self, key: str | None = None, now: datetime = NOW, **values: Any) -> DomainError:
        """The refusal of `request(**values)`."""
        try:
            booking = self.book(key, now, **values)
        except DomainError as refusal:
            return refusal
        raise AssertionError(f"{booking.callback.account_number} was booked")

    def on(self, database: Database) -> "World":
        """The same data as another node has them, with a configuration snapshot of its own."""
        return replace(self, database=database, config_cache=ConfigCache(database))

    def rows(self, model: Any, **where: Any) -> Sequence[Any]:
        with self.database.reading() as connection:
            query = select(*model.__table__.columns).filter_by(**where).order_by(*model.__table__.primary_key)
            return connection.execute(query).all()

    def drift(self) -> list[Any]:
        """Slots whose `booked` is not the number of their callbacks that are not cancelled, or above capacity."""
        held = (
            select(func.count())
            .where(
                models.Callback.pool_id == models.Slot.pool_id,
                models.Callback.slot_start == models.Slot.start_at,
                models.Callback.status != "cancelled",
            )
            .scalar_subquery()
        )
        with self.database.reading() as connection:
            rows = connection.execute(
                select(models.Slot.start_at, models.Slot.booked, models.Slot.capacity, held)
            ).all()
        return [row for row in rows if row[1] != row[3] or row[1] > row[2] or row[1] < 0]


def build_world(database: Database, *, capacity: int = 3, zone: str = "America/Chicago", now: datetime = NOW) -> World:
    """Skill Billing with default campaign Billing_Callback and `capacity` in each half hour of every day."""
    stamp = {"changed_at": now, "version": 1}
    with database.writing() as tx:

        def add(model: Any, **values: Any) -> Any:
            key: Any = tx.execute(insert(model).values(**values)).inserted_primary_key
            return key[0]

        campaign = add(models.Campaign, name="Billing_Callback", enabled=True, parameters={}, dial_prefix="9",
                       dial_form="national", dial_region="US", dial_international_prefix="011", max_attempts=1,
                       retry_delays={}, hands_over=True, sync_state="pending", **ALL_DAY, **stamp)  # fmt: skip
        skill = add(models.Skill, name="Billing", default_campaign_id=campaign, ucce_skill_group_id=5004,
                    accepts_bookings=True, **stamp)  # fmt: skip
        tx.execute(insert(models.CampaignSkill).values(campaign_id=campaign, skill_id=skill, dialed_number="8800101",
                                                       overflow_agents=0, records_to_cache=1))  # fmt: skip
        daily = add(models.DailySchedule, name="Round the clock", capacities=[capacity] * 48, **stamp)
        week = {f"{day}_id": daily for day in
                ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}  # fmt: skip
        weekly = add(models.WeeklySchedule, name="Every day", **week, **stamp)
        pool = add(models.Pool, skill_id=skill, campaign_id=None, time_zone=zone)
        starts_on = date(now.year, now.month, now.day) - timedelta(days=400)
        add(models.SkillSchedule, pool_id=pool, weekly_schedule_id=weekly, starts_on=starts_on, **stamp)
        client = add(models.ApiClient, name="ivr", key_hash="0" * 64, key_hint="0000", scopes=["ivr"], enabled=True,
                     **stamp)  # fmt: skip
        bump_version(tx)
        tx.commit()
    return World(database, ConfigCache(database), ApiCaller(client, "ivr", "ivr"), skill, campaign, pool, daily, weekly)
