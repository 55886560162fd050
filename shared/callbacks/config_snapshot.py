"""The configuration snapshot: everything administrators configure, as one immutable value in memory.

A snapshot carries the version of the one-row table `config_version`, to which every administrator's write adds one. The
hot path reads that version together with its own data and repeats it in the UPDATE that takes a place, so a booking
can never be made by an outdated snapshot, on any number of nodes, without a message between them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from shared.callbacks.calling_hours import ALL_DAY, CalledParty, CallingHours
from shared.callbacks.dialing_window import ALWAYS, DialingWindow
from shared.callbacks.personal import PersonalPolicy
from shared.callbacks.schedule import HALF_HOURS_PER_DAY, MINUTE, ScheduledSlot, slot_start, slots_of_day
from shared.callbacks.settings import BusinessSettings
from shared.phone_hash import PhoneHash
from shared.text import name_key

# That a pool keeps, of about 10 KB each. Callers name the dates and, with their zones, the parties.
_MAX_EXPANDED_DAYS = 2000

Week = tuple[tuple[int, ...] | None, ...]  # Monday first; None: no slots that day


@dataclass(frozen=True, slots=True)
class Skill:
    id: int
    name: str
    default_campaign_id: int | None
    accepts_bookings: bool


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    name: str
    enabled: bool
    skill_ids: frozenset[int]
    window: DialingWindow = ALWAYS
    calling_hours: CallingHours = ALL_DAY
    personal_callbacks: PersonalPolicy = PersonalPolicy.AGENT_THEN_SKILL
    agent_wait_minutes: int = 0

    def agent_policy(self, agent_id: str | None) -> PersonalPolicy | None:
        """What holds for a callback of this agent; None where it is not personal."""
        return None if agent_id is None else self.personal_callbacks

    def agent_wait_seconds(self, agent_id: str | None) -> int | None:
        """How long the script waits for the agent; None where it is not personal."""
        return None if agent_id is None else 60 * self.agent_wait_minutes


@dataclass(frozen=True, slots=True)
class Client:
    """A caller of the API, as one of its keys shows it. `rate_per_second` is its own, or the settings' for its scopes.

    `previous_key`: by the key before the last one, which is refused from `ends_at` on. `always_200`: the flat calls for
    voice answer its refusals as 200, where a request does not say.
    """

    id: int
    name: str
    enabled: bool
    scopes: frozenset[str]
    rate_per_second: int
    previous_key: bool = False
    ends_at: datetime | None = None
    always_200: bool = False


@dataclass(frozen=True)
class Day:
    """A pool's slots of one local date."""

    date: date
    slots: tuple[ScheduledSlot, ...]
    by_start: Mapping[datetime, ScheduledSlot]  # UTC, in order
    _firsts: tuple[datetime, ...] = field(repr=False)  # of each slot, the first minute that may be due, and the last
    _lasts: tuple[datetime, ...] = field(repr=False)
    _totals: tuple[int, ...] = field(repr=False)  # the capacity of the first n slots, from none to all

    def capacity(self, earliest: datetime, latest: datetime) -> int:
        """The capacity of all slots with a minute between two instants, both included (`earliest` a whole minute)."""
        begin, end = bisect_left(self._lasts, earliest), bisect_right(self._firsts, latest)
        return self._totals[end] - self._totals[begin] if earliest <= latest and begin < end else 0


def _day(on: date, slots: tuple[ScheduledSlot, ...]) -> Day:
    totals = tuple(accumulate((slot.capacity for slot in slots), initial=0))
    firsts, lasts = tuple(slot.first for slot in slots), tuple(slot.last for slot in slots)
    return Day(on, slots, {slot.start: slot for slot in slots}, firsts, lasts, totals)


@dataclass(frozen=True)
class Pool:
    """Capacity in the zone's local time. `assignments` are (from date, week or None), newest last."""

    id: int
    skill_id: int
    campaign_id: int | None
    zone: ZoneInfo
    assignments: tuple[tuple[date, Week | None], ...]
    _days: dict[tuple[DialingWindow, CalledParty | None, date], Day] = field(
        default_factory=dict, compare=False, repr=False
    )

    def capacities(self, day: date) -> tuple[int, ...] | None:
        """The 48 capacities in force on a local date; None when there is no schedule that day."""
        week = None
        for starts_on, assigned in self.assignments:
            if starts_on > day:
                break
            week = assigned
        return None if week is None else week[day.weekday()]

    def is_business_day(self, day: date, window: DialingWindow = ALWAYS) -> bool:
        """Whether that date has any capacity (services/README.md, decision 3) that UCCE would dial (decision 14)."""
        if not any(self.capacities(day) or ()):
            return False
        return window.always or (window.touches(day) and bool(self.day(day, window).slots))

    def day(self, day: date, window: DialingWindow = ALWAYS, called: CalledParty | None = None) -> Day:
        """The slots of a local date that lie in a campaign's window, expanded once per snapshot.

        With `called` those in which this party may be called. Without, UCCE's hours are by the pool's own clock.
        """
        if called is not None and called.hours.all_day and window.all_day:
            called = None
        expanded = self._days.get((window, called, day))
        if expanded is None:
            slots = slots_of_day(day, self.capacities(day) or (0,) * HALF_HOURS_PER_DAY, self.zone)
            if not window.always:
                zone = called.zone if called else self.zone
                slots = tuple(inside for slot in slots if (inside := window.clipped(slot, zone)))
            if called is not None:
                slots = tuple(inside for slot in slots if (inside := called.clipped(slot)))
            if len(self._days) >= _MAX_EXPANDED_DAYS:
                self._days.clear()
            expanded = self._days[window, called, day] = _day(day, slots)
        return expanded

    def slot_at(
        self, at: datetime, window: DialingWindow = ALWAYS, called: CalledParty | None = None
    ) -> ScheduledSlot | None:
        """The slot in which a callback (of the party `called`) may be due at an aware instant, if there is one."""
        begins = slot_start(at, self.zone)
        if begins is None:
            return None
        slot = self.day(begins.astimezone(self.zone).date(), window, called).by_start.get(begins)
        return slot if slot and slot.first <= at < slot.last + MINUTE else None

    def business_days(self, first: date, count: int, window: DialingWindow = ALWAYS) -> list[date]:
        """The next `count` business days from `first` on; fewer when the schedule ends within half a year."""
        days: list[date] = []
        for offset in range(max(183, 8 * count)):
            day = first + timedelta(days=offset)
            if self.is_business_day(day, window):
                days.append(day)
                if len(days) == count:
                    break
        return days


@dataclass(frozen=True)
class ConfigSnapshot:
    version: int
    settings: BusinessSettings
    skills: Mapping[str, Skill]  # by key of the name
    campaigns: Mapping[str, Campaign]  # by key of the name
    pools: Mapping[tuple[int, int | None], Pool]  # by (skill, campaign or None)
    clients: Mapping[str, Client]  # by key hash
    skill_by_id: Mapping[int, Skill]
    campaign_by_id: Mapping[int, Campaign]
    pool_by_id: Mapping[int, Pool]
    phone_hash: PhoneHash | None = None  # of the process's settings: recognises the numbers of erased people

    def skill_named(self, name: str) -> Skill | None:
        """The skill of this name, however it is spelt."""
        return self.skills.get(name_key(name))

    def campaign_named(self, name: str) -> Campaign | None:
        """The campaign of this name, however it is spelt."""
        return self.campaigns.get(name_key(name))

    def spelling(self, skill: str | None, campaign: str | None) -> dict[str, str | None]:
        """Both names as they are configured, so that reports count one name once; unknown ones as they are."""
        known_skill = self.skill_named(skill) if skill else None
        known_campaign = self.campaign_named(campaign) if campaign else None
        return {
            "skill": known_skill.name if known_skill else skill,
            "campaign": known_campaign.name if known_campaign else campaign,
        }

    def pool_of(self, skill: Skill, campaign: Campaign | None) -> Pool | None:
        """The pool a booking draws from: the campaign's own for this skill if there is one, else the skill's."""
        own = self.pools.get((skill.id, campaign.id)) if campaign else None
        return own or self.pools.get((skill.id, None))

    def window_of(self, pool: Pool) -> DialingWindow:
        """The window in which a pool's callbacks are dialled; where several campaigns share it, each bounds its own."""
        windows = {one.window for one in self._drawing_from(pool)}
        return windows.pop() if len(windows) == 1 else ALWAYS

    def calling_hours_of(self, pool: Pool) -> CallingHours:
        """The calling hours of a pool's callbacks; where several campaigns share it, each has its own."""
        hours = {one.calling_hours for one in self._drawing_from(pool)}
        return hours.pop() if len(hours) == 1 else ALL_DAY

    def _drawing_from(self, pool: Pool) -> list[Campaign]:
        skill = self.skill_by_id[pool.skill_id]
        drawing = [one for one in self.campaigns.values() if skill.id in one.skill_ids]
        return [one for one in drawing if self.pool_of(skill, one) is pool]

    def zone_of(self, pool: Pool | None) -> ZoneInfo:
        return pool.zone if pool else ZoneInfo(self.settings.default_time_zone)


def build(version: int, rows: Mapping[str, list[Any]], phone_hash: PhoneHash | None = None) -> ConfigSnapshot:
    """A snapshot from the rows of the configuration tables, by table name."""
    served: dict[int, set[int]] = {}
    for row in rows["campaign_skill"]:
        served.setdefault(row.campaign_id, set()).add(row.skill_id)
    skills = [Skill(r.id, r.name, r.default_campaign_id, r.accepts_bookings) for r in rows["skill"]]
    campaigns = [
        Campaign(
            r.id, r.name, r.enabled, frozenset(served.get(r.id, ())), DialingWindow.of(r.parameters, r.observed),
            CallingHours.of(r.calling_hours_start, r.calling_hours_end), PersonalPolicy(r.personal_callbacks),
            r.agent_wait_minutes,
        )
        for r in rows["campaign"]
    ]  # fmt: skip
    pools = _pools(rows)
    settings = BusinessSettings.from_rows({row.name: row.value for row in rows["setting"]})
    return ConfigSnapshot(
        version=version,
        settings=settings,
        skills={name_key(skill.name): skill for skill in skills},
        campaigns={name_key(campaign.name): campaign for campaign in campaigns},
        pools={(pool.skill_id, pool.campaign_id): pool for pool in pools},
        clients=_clients(rows["api_client"], settings),
        skill_by_id={skill.id: skill for skill in skills},
        campaign_by_id={campaign.id: campaign for campaign in campaigns},
        pool_by_id={pool.id: pool for pool in pools},
        phone_hash=phone_hash,
    )


def _clients(rows: list[Any], settings: BusinessSettings) -> dict[str, Client]:
    """The clients by each key that they have."""
    clients = {}
    for row in rows:
        rate = row.rate_per_second or settings.requests_per_second(row.scopes)
        client = Client(row.id, row.name, row.enabled, frozenset(row.scopes), rate, always_200=row.always_200)
        clients[row.key_hash] = client
        if row.previous_key_hash:
            clients[row.previous_key_hash] = replace(client, previous_key=True, ends_at=row.previous_key_ends_at)
    return clients


def _pools(rows: Mapping[str, list[Any]]) -> list[Pool]:
    daily = {row.id: tuple(row.capacities) for row in rows["daily_schedule"]}
    weeks: dict[int, Week] = {
        row.id: tuple(
            daily.get(day) if day is not None else None
            for day in (row.monday_id, row.tuesday_id, row.wednesday_id, row.thursday_id, row.friday_id,
                        row.saturday_id, row.sunday_id)
        )
        for row in rows["weekly_schedule"]
    }  # fmt: skip
    assigned: dict[int, list[tuple[date, Week | None]]] = {}
    for row in rows["skill_schedule"]:
        assigned.setdefault(row.pool_id, []).append((row.starts_on, weeks.get(row.weekly_schedule_id)))
    return [
        Pool(row.id, row.skill_id, row.campaign_id, ZoneInfo(row.time_zone),
             tuple(sorted(assigned.get(row.id, ()), key=lambda entry: entry[0])))
        for row in rows["pool"]
    ]  # fmt: skip
