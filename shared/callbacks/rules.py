"""The rules of a booking, in their order (product.md, "Booking"), each with its code. Pure.

Rules 1 (form) is the schema's; what needs the database (do-not-call, open callbacks, room) is told by the caller.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared import phone
from shared.callbacks.catalogue import Campaign, Catalogue, Pool, Skill
from shared.callbacks.schedule import NoSuchLocalTime, ScheduledSlot, instant, slot_start
from shared.callbacks.settings import BusinessSettings
from shared.clock import parse_iso
from shared.errors import Code, DomainError


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a wish goes: `pool` is None while the skill has no schedule."""

    skill: Skill
    campaign: Campaign
    pool: Pool | None


def known_skill(catalogue: Catalogue, name: str) -> Skill:
    """Rule 2, first half. Raises `unknown_skill`."""
    skill = catalogue.skills.get(name)
    if skill is None:
        raise DomainError(Code.UNKNOWN_SKILL, f"There is no skill named {name!r}.")
    return skill


def serving_campaign(catalogue: Catalogue, skill: Skill, name: str | None) -> Campaign:
    """Rule 2, second half: the named campaign, or the skill's default one.

    Raises `unknown_campaign` or `campaign_not_available`.
    """
    if name is not None:
        campaign = catalogue.campaigns.get(name)
        if campaign is None:
            raise DomainError(Code.UNKNOWN_CAMPAIGN, f"There is no campaign named {name!r}.")
    elif skill.default_campaign_id is None:
        raise DomainError(
            Code.CAMPAIGN_NOT_AVAILABLE, f"The skill {skill.name!r} has no default campaign; name one, or set it."
        )
    else:
        campaign = catalogue.campaign_by_id[skill.default_campaign_id]
    if not campaign.enabled:
        raise DomainError(Code.CAMPAIGN_NOT_AVAILABLE, f"The campaign {campaign.name!r} is disabled.")
    if skill.id not in campaign.skill_ids:
        raise DomainError(
            Code.CAMPAIGN_NOT_AVAILABLE, f"The campaign {campaign.name!r} does not serve the skill {skill.name!r}."
        )
    return campaign


def destination(catalogue: Catalogue, skill_name: str, campaign_name: str | None) -> Destination:
    """Rule 2, and the operators' brakes. Raises their codes."""
    skill = known_skill(catalogue, skill_name)
    campaign = serving_campaign(catalogue, skill, campaign_name)
    if not (catalogue.settings.accept_bookings and skill.accepts_bookings):
        raise DomainError(Code.BOOKING_CLOSED, "Bookings are closed for the moment by the operator.")
    return Destination(skill, campaign, catalogue.pool_of(skill, campaign))


def callable_phone(settings: BusinessSettings, text: str) -> str:
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


def bookable_window(settings: BusinessSettings, now: datetime) -> tuple[datetime, datetime]:
    """The first and the last instant that may be booked. A callback is due at a minute, so this minute is not past."""
    this_minute = now.replace(second=0, microsecond=0)
    earliest = this_minute + timedelta(minutes=settings.minimum_notice_minutes)
    return earliest, now + timedelta(days=settings.booking_horizon_days)


def wished_start(text: str, zone: ZoneInfo, settings: BusinessSettings, now: datetime) -> datetime | DomainError:
    """Rule 4: the wished instant in UTC, or its refusal: `invalid_start`, `start_in_past`, `outside_booking_window`.

    Returned, not raised: the rest of rule 3, the do-not-call list, is asked of the database first.
    """
    try:
        start = _read_start(text, zone)
        _check_window(start, settings, now)
    except DomainError as refusal:
        return refusal
    return start


def _check_window(start: datetime, settings: BusinessSettings, now: datetime) -> None:
    if start < now.replace(second=0, microsecond=0):
        raise DomainError(Code.START_IN_PAST, "The start is in the past.")
    earliest, latest = bookable_window(settings, now)
    if start < earliest:
        raise DomainError(
            Code.OUTSIDE_BOOKING_WINDOW,
            f"A callback must be booked at least {settings.minimum_notice_minutes} minutes ahead.",
        )
    if start > latest:
        raise DomainError(
            Code.OUTSIDE_BOOKING_WINDOW,
            f"A callback can be booked at most {settings.booking_horizon_days} days ahead.",
        )


def slot_at(pool: Pool | None, start: datetime) -> ScheduledSlot | None:
    """Rule 6, first half: the slot of the pool that holds `start`, if there is one."""
    if pool is None:
        return None
    begins = slot_start(start, pool.zone)
    if begins is None:
        return None
    day = pool.day(begins.astimezone(pool.zone).date())
    return next((slot for slot in day.slots if slot.start == begins), None)


def _read_start(text: str, zone: ZoneInfo) -> datetime:
    wrong = "Send an ISO 8601 date and time such as 2026-11-23T09:10:00-06:00, or without an offset in local time."
    try:
        start = parse_iso(text)
        return start.astimezone(UTC) if start.tzinfo else instant(start, zone)
    except NoSuchLocalTime as error:
        raise DomainError(Code.INVALID_START, f"{error}: the clocks are set forward then.") from error
    except (ValueError, OverflowError) as error:
        raise DomainError(Code.INVALID_START, wrong) from error
