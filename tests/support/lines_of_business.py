"""A line of business: a skill with all that belongs to it, in every state that a route may show or count."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from shared.callbacks.states import Status
from shared.db import models
from tests.support.configured_database import NOW, World

_STAMP = {"changed_at": NOW, "version": 1}
# 26 characters of Crockford's base 32: the line's own two, then the state's place in Status.
_ACCOUNT_NUMBER = "01KB{line:02d}0000000000000000000{index}"


@dataclass(frozen=True)
class Line:
    """Ids by what they are of; `account_numbers` by state."""

    name: str
    skill: int
    campaign: int
    night_campaign: int
    daily: int
    weekly: int
    schedule: int
    account_numbers: dict[str, str]
    phones: dict[str, str]

    @property
    def ids(self) -> dict[str, Any]:
        """What a test puts into addresses, queries and bodies."""
        return {
            "skill": self.skill, "campaign": self.campaign, "daily": self.daily, "weekly": self.weekly,
            "schedule": self.schedule, "callback": self.account_numbers["scheduled"],
            "skill_name": f"{self.name} skill", "campaign_name": self.name,
            "phone": self.phones["scheduled"],
        }  # fmt: skip


def add_line(world: World, name: str, number: int) -> Line:
    """A line of business; `number` tells its account numbers and phone numbers from other lines'."""
    campaigns = [
        world.add(models.Campaign, name=f"{name}{suffix}", description=f"{name} calls", enabled=True, parameters={},
                  dial_prefix="9", dial_form="national", dial_region="US", dial_international_prefix="011",
                  max_attempts=1, retry_delays={}, **values, **_STAMP)
        for suffix, values in (
            ("", {"hands_over": True, "sync_state": "in_sync"}),
            ("_Night", {"hands_over": False, "sync_state": "error", "sync_message": f"{name} was switched off",
                        "hold": "switched_off", "held_at": NOW}),
        )
    ]  # fmt: skip
    skill = world.add(models.Skill, name=f"{name} skill", description=f"{name} people", accepts_bookings=False,
                      default_campaign_id=campaigns[0], ucce_skill_group_id=5000 + number, **_STAMP)  # fmt: skip
    world.add(models.CampaignSkill, campaign_id=campaigns[0], skill_id=skill, dialed_number=f"88{number:05d}",
              overflow_agents=0, records_to_cache=1)  # fmt: skip
    daily = world.add(models.DailySchedule, name=f"{name} day", capacities=[number] * 48, **_STAMP)
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    weekly = world.add(models.WeeklySchedule, name=f"{name} week", **{f"{day}_id": daily for day in days}, **_STAMP)
    pools = [
        world.add(models.Pool, skill_id=skill, campaign_id=campaign, time_zone="America/Chicago")
        for campaign in (None, campaigns[1])
    ]
    schedules = [
        world.add(models.SkillSchedule, pool_id=pool, weekly_schedule_id=weekly, starts_on=date(2026, 1, 1), **_STAMP)
        for pool in pools
    ]
    account_numbers = {
        str(status): _ACCOUNT_NUMBER.format(line=number, index=index) for index, status in enumerate(Status)
    }
    phones = {str(status): f"+1312555{number:02d}{index:02d}" for index, status in enumerate(Status)}
    line = Line(name, skill, campaigns[0], campaigns[1], daily, weekly, schedules[0], account_numbers, phones)
    for index, status in enumerate(Status):
        _add_callback(world, line, str(status), pools[0], index)
    _add_requests(world, line)
    return line


def _add_callback(world: World, line: Line, status: str, pool: int, index: int) -> None:
    open_rank = 1 if status in ("scheduled", "importing", "imported") else None
    slot = NOW - timedelta(hours=2 - index, minutes=0)
    number, phone = line.account_numbers[status], line.phones[status]
    digits = phone.removeprefix("+1")
    written = f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    client = world.caller.client_id
    with world.database.writing() as tx:
        tx.execute(insert(models.Slot).values(pool_id=pool, start_at=slot, capacity=3, booked=1))
        tx.execute(insert(models.Callback).values(
            account_number=number, status=status, phone=phone, open_rank=open_rank, skill_id=line.skill,
            campaign_id=line.campaign, pool_id=pool, slot_start=slot, start_at=slot, due_at=slot,
            first_name=line.name, last_name=f"or {written}", agent_id=None,
            call_data={"ani": phone, "customer": line.name}, call_id=f"{line.name}-{index}", source="ivr",
            api_client_id=client, attempts=1, outcome="answered", reason=f"{line.name}: call {written}",
            created_at=NOW - timedelta(days=1), changed_at=NOW,
        ))  # fmt: skip
        tx.execute(insert(models.CallbackEvent).values(account_number=number, at=NOW, from_status=None,
                   to_status="scheduled", who="client:ivr", why=f"{line.name} {phone}"))  # fmt: skip
        tx.execute(insert(models.Attempt).values(
            contact_key=f"{number}-01", account_number=number, number=1, campaign_id=line.campaign, batch_id=line.name,
            epoch=1, node="node-1", claimed_at=NOW - timedelta(hours=1), imported_at=NOW - timedelta(hours=1),
            due_at=NOW - timedelta(hours=1), dialed_at=NOW,
            finished_at=NOW, outcome="answered", call_result=10, message=f"{line.name}: {digits} refused",
        ))  # fmt: skip
        tx.commit()


def _add_requests(world: World, line: Line) -> None:
    for outcome in ("asked", "no_slots", "scheduled", "declined", "unknown_campaign"):
        world.add(models.CallbackRequest, at=NOW - timedelta(hours=1), outcome=outcome, skill=f"{line.name} skill",
                  campaign=line.name, source="ivr", api_client_id=world.caller.client_id)  # fmt: skip
