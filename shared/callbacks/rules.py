"""The rules of a booking that each decide by themselves, each with its code. Pure.

services/README.md, "The rules of a booking", lists them; resolver.py puts them in their order. Rule 1 (form) is the
schema's.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared import phone
from shared.callbacks.calling_hours import CalledParty
from shared.callbacks.config_snapshot import Campaign, ConfigSnapshot, Day, Pool, Skill
from shared.callbacks.schedule import MINUTE, NoSuchLocalTime, ScheduledSlot, instant
from shared.callbacks.settings import BusinessSettings
from shared.clock import parse_iso
from shared.errors import Code, DomainError


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: the campaign that calls, and the pool whose places it takes (None: no schedule yet).

    `called` is whom it calls; None where that is not asked: then calling hours bound nothing.
    """

    skill: Skill
    campaign: Campaign
    pool: Pool | None
    called: CalledParty | None = None

    def slot_at(self, start: datetime) -> ScheduledSlot | None:
        """The slot in which the campaign may call the party at `start`, if there is one."""
        return self.pool.slot_at(start, self.campaign.window, self.called) if self.pool else None

    def day_of(self, pool: Pool, day: date) -> Day:
        """The slots of a local date of its pool in which the campaign may call the party."""
        return pool.day(day, self.campaign.window, self.called)


@dataclass(frozen=True, slots=True)
class BookingWindow:
    """The first and the last instant that may be booked (notice and horizon); none may while they are crossed.

    `earliest` is a whole minute, as slots are: a callback is due at a minute, so this minute is not past.
    """

    earliest: datetime
    latest: datetime

    @classmethod
    def of(cls, settings: BusinessSettings, now: datetime) -> "BookingWindow":
        earliest = _minute_of(now) + timedelta(minutes=settings.minimum_notice_minutes)
        return cls(earliest, now + timedelta(days=settings.booking_horizon_days))

    def bookable(self, slot: ScheduledSlot) -> tuple[datetime, datetime] | None:
        """The minutes of a slot that can still be booked: the first one, and the end of the last one; None for none.

        A slot counts as long as there is one, also after it has begun (services/README.md, decision 10).
        """
        first, last = max(slot.first, self.earliest), min(slot.last, _minute_of(self.latest))
        return (first, last + MINUTE) if first <= last and self.earliest <= self.latest else None


def require_skill(snapshot: ConfigSnapshot, name: str) -> Skill:
    """Rule 2, first half. Raises `unknown_skill`."""
    skill = snapshot.skill_named(name)
    if skill is None:
        raise DomainError(Code.UNKNOWN_SKILL, f"There is no skill named {name!r}.")
    return skill


def serving_campaign(snapshot: ConfigSnapshot, skill: Skill, name: str | None) -> Campaign:
    """Rule 2, second half: the named campaign, or the skill's default one.

    Raises `unknown_campaign` or `campaign_not_available`.
    """
    if name is not None:
        campaign = snapshot.campaign_named(name)
        if campaign is None:
            raise DomainError(Code.UNKNOWN_CAMPAIGN, f"There is no campaign named {name!r}.")
    elif skill.default_campaign_id is None:
        raise DomainError(
            Code.CAMPAIGN_NOT_AVAILABLE, f"The skill {skill.name!r} has no default campaign; name one, or set it."
        )
    else:
        campaign = snapshot.campaign_by_id[skill.default_campaign_id]
    if not campaign.enabled:
        raise DomainError(Code.CAMPAIGN_NOT_AVAILABLE, f"The campaign {campaign.name!r} is disabled.")
    if skill.id not in campaign.skill_ids:
        raise DomainError(
            Code.CAMPAIGN_NOT_AVAILABLE, f"The campaign {campaign.name!r} does not serve the skill {skill.name!r}."
        )
    return campaign


def resolve_target(snapshot: ConfigSnapshot, skill_name: str, campaign_name: str | None) -> Target:
    """Rule 2. Raises its codes."""
    skill = require_skill(snapshot, skill_name)
    campaign = serving_campaign(snapshot, skill, campaign_name)
    return Target(skill, campaign, snapshot.pool_of(skill, campaign))


def takes_bookings(snapshot: ConfigSnapshot, skill: Skill) -> bool:
    """Whether no operator's brake is on."""
    return snapshot.settings.accept_bookings and skill.accepts_bookings


def validate_phone(settings: BusinessSettings, text: str) -> str:
    """Rule 3 without the do-not-call list: the number as E.164. Raises `invalid_phone` or `phone_not_allowed`."""
    try:
        return phone.callable_phone(text, settings)
    except phone.InvalidPhone as error:
        raise DomainError(Code.INVALID_PHONE, str(error)) from error
    except phone.PhoneNotAllowed as error:
        raise DomainError(Code.PHONE_NOT_ALLOWED, str(error)) from error


def phone_to_search(settings: BusinessSettings, text: str) -> str:
    """A number to look up or to keep on a list, as E.164; it need not be one we would call. Raises `invalid_phone`."""
    try:
        return phone.parse_phone(text, settings)
    except phone.InvalidPhone as error:
        raise DomainError(Code.INVALID_PHONE, str(error)) from error


def parse_start(text: str, zone: ZoneInfo, settings: BusinessSettings, now: datetime) -> datetime:
    """Rule 4: the start in UTC. Raises `invalid_start`, `start_in_past` or `outside_booking_window`."""
    start = _read_start(text, zone)
    if start < _minute_of(now):
        raise DomainError(Code.START_IN_PAST, "The start is in the past.")
    window = BookingWindow.of(settings, now)
    if start < window.earliest:
        raise DomainError(
            Code.OUTSIDE_BOOKING_WINDOW,
            f"A callback must be booked at least {settings.minimum_notice_minutes} minutes ahead.",
        )
    if start > window.latest:
        raise DomainError(
            Code.OUTSIDE_BOOKING_WINDOW,
            f"A callback can be booked at most {settings.booking_horizon_days} days ahead.",
        )
    return start


def _read_start(text: str, zone: ZoneInfo) -> datetime:
    wrong = "Send an ISO 8601 date and time such as 2026-11-23T09:10:00-06:00, or without an offset in local time."
    try:
        start = parse_iso(text)
        return start.astimezone(UTC) if start.tzinfo else instant(start, zone)
    except NoSuchLocalTime as error:
        raise DomainError(Code.INVALID_START, f"{error}: the clocks are set forward then.") from error
    except (ValueError, OverflowError) as error:
        raise DomainError(Code.INVALID_START, wrong) from error


def _minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
