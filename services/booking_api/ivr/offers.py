"""Which slots a caller is offered: those that the caller's number can book, few and far enough apart to choose from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.callbacks import resolver
from shared.callbacks.availability import FreeSlot, availability
from shared.callbacks.booking_reads import read_booking_state
from shared.callbacks.booking_request import ApiCaller
from shared.callbacks.config_cache import ConfigCache, StaleSnapshot
from shared.callbacks.config_snapshot import ConfigSnapshot
from shared.callbacks.resolver import Candidate, NoPlace
from shared.callbacks.rules import BookingWindow
from shared.clock import parse_iso
from shared.db.session import Database
from shared.errors import DomainError, InvalidInput

NOON = 12
DAYS_AT_ONCE = 7  # of one question to the database, but for the first, which nearly always is enough
APART = timedelta(hours=1)  # of two slots of one half day, where that can be had
STEP = timedelta(minutes=5)  # what is offered starts at a round minute …
TIME_TO_CHOOSE = timedelta(minutes=5)  # … and can be booked that long after the offer


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRequest:
    """What is asked. `most` slots at most; `start_from` and `part` bound them."""

    skill: str
    campaign: str | None
    phone: str
    time_zone: str | None  # stated
    call_id: str | None
    most: int
    language: str
    start_from: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered, in order of time. `id` is empty for one that is not remembered."""

    skill: str
    campaign: str
    phone: str
    zone: ZoneInfo
    spoken_zone: ZoneInfo
    language: str
    slots: Sequence[FreeSlot]
    next_from: datetime | None
    id: str = ""


def make_offer(
    database: Database, config_cache: ConfigCache, request: OfferRequest, caller: ApiCaller, now: datetime
) -> Offer:
    """The slots to offer; none is no refusal. Raises what a booking of this number would be refused for whatever its
    start: rules 2, 3 and 5 and the brakes. Unavailable."""

    def decide(snapshot: ConfigSnapshot) -> Candidate:
        return _admitted(database, snapshot, request, caller, now)

    candidate = config_cache.retry_if_stale(decide)
    target = candidate.target
    spoken_zone = ZoneInfo(request.time_zone) if request.time_zone else candidate.zone
    window = BookingWindow.of(config_cache.current().settings, now)
    begin = max(window.earliest, _read_from(request.start_from, candidate.zone))
    slots: list[FreeSlot] = []
    for days in _spans(begin, window.latest, candidate.zone, first=request.most // 2 + 2):
        answer = availability(database, config_cache, request.skill, request.campaign, now, dates=days, slots=True,
                              phone=request.phone, time_zone=request.time_zone)  # fmt: skip
        free = (slot for day in answer.days for slot in day.slots if slot.available)
        slots += _worth_offering(free, window, begin, request.part, spoken_zone)
        if len({_half_day(slot, spoken_zone) for slot in slots}) > request.most:
            break
    chosen = spread(slots, request.most, spoken_zone)
    return Offer(
        skill=target.skill.name,
        campaign=target.campaign.name,
        phone=candidate.phone,
        zone=candidate.zone,
        spoken_zone=spoken_zone,
        language=request.language,
        slots=chosen,
        next_from=_next(slots, chosen, spoken_zone),
    )


def spread(slots: Iterable[FreeSlot], most: int, zone: ZoneInfo) -> list[FreeSlot]:
    """At most `most` of `slots` (in order): the soonest of each half day, the next half days first; where these are too
    few, further ones of each, an hour apart if they can be."""
    halves: dict[tuple[date, bool], list[FreeSlot]] = {}
    for slot in slots:
        halves.setdefault(_half_day(slot, zone), []).append(slot)
    chosen: list[FreeSlot] = []
    last: dict[tuple[date, bool], datetime] = {}
    while len(chosen) < most and any(halves.values()):
        for half, left in halves.items():
            if left and len(chosen) < most:
                after = last[half] + APART if half in last else left[0].start
                slot = next((one for one in left if one.start >= after), left[0])
                left.remove(slot)
                last[half] = slot.start
                chosen.append(slot)
    return sorted(chosen, key=lambda slot: slot.start)


def _admitted(
    database: Database, snapshot: ConfigSnapshot, request: OfferRequest, caller: ApiCaller, now: datetime
) -> Candidate:
    """The number, unless it would be refused at any start; asked at the first instant that may be booked."""
    first = BookingWindow.of(snapshot.settings, now).earliest.isoformat()
    candidate = resolver.candidate(snapshot, request.skill, request.campaign, request.phone, first, now,
                                   request.time_zone)  # fmt: skip
    state = read_booking_state(database, candidate, None, caller=caller).state
    if state.version != snapshot.version:
        raise StaleSnapshot
    try:
        resolver.admit(snapshot, candidate, state)
    except NoPlace:
        pass  # another start may have one
    except DomainError as refusal:
        if refusal is not candidate.bad_start:
            raise
    return candidate


def _read_from(text: str | None, zone: ZoneInfo) -> datetime:
    """Local without an offset. Raises `validation_error`."""
    if text is None:
        return datetime.min.replace(tzinfo=UTC)
    try:
        at = parse_iso(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput({"from": ["Send a date such as 2026-11-24, or a date and time."]}) from error


def _spans(begin: datetime, latest: datetime, zone: ZoneInfo, *, first: int) -> Iterable[list[date]]:
    """The local dates between two instants, some at a time, the `first` ones first."""
    if begin > latest:
        return
    day, last = begin.astimezone(zone).date(), latest.astimezone(zone).date()
    at_once = first
    while day <= last:
        count = min(at_once, (last - day).days + 1)
        yield [day + timedelta(days=offset) for offset in range(count)]
        day, at_once = day + timedelta(days=count), DAYS_AT_ONCE


def _worth_offering(
    free: Iterable[FreeSlot], window: BookingWindow, begin: datetime, part: str | None, zone: ZoneInfo
) -> Iterable[FreeSlot]:
    """Slots from a minute on that can still be booked when the caller has chosen, within what was asked for."""
    sure = _round_up(window.earliest + TIME_TO_CHOOSE)
    for slot in free:
        start = max(slot.start, sure)
        if begin <= start < slot.end and part in (
            None,
            "morning" if start.astimezone(zone).hour < NOON else "afternoon",
        ):
            yield slot if start == slot.start else replace(slot, start=start)


def _round_up(at: datetime) -> datetime:
    return at + -(at - datetime.min.replace(tzinfo=UTC)) % STEP


def _half_day(slot: FreeSlot, zone: ZoneInfo) -> tuple[date, bool]:
    local = slot.start.astimezone(zone)
    return local.date(), local.hour >= NOON


def _next(slots: Sequence[FreeSlot], chosen: Sequence[FreeSlot], zone: ZoneInfo) -> datetime | None:
    """The first free start of the half days after those that are offered."""
    if not chosen:
        return None
    last: Any = _half_day(chosen[-1], zone)
    return next((slot.start for slot in slots if _half_day(slot, zone) > last), None)
