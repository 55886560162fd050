"""Five days of three skills in three zones, counted by hand: the portal's API, its CSV and the views say the same.

One zone changes its clocks. Calls are booked, refused and declined, questions are written late, a call id recurs, calls
are dialled, tried again, cancelled, and expire; a purge of personal data changes no count.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from shared.callbacks.cancel_dispatch import cancel
from shared.callbacks.request_log import insert_request_now, request_values
from shared.callbacks.retention import purge
from shared.db import models
from shared.redis_client import RedisClient
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.test_call_results import dial
from tests.support.admin_api import Admin, Browser
from tests.support.booking_api import NO_REDIS
from tests.support.configured_database import NOW

CHICAGO, BERLIN, TOKYO = ZoneInfo("America/Chicago"), ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY = (date(2026, 10, day) for day in range(23, 28))  # Berlin changes on Sunday
DAYS = (FRIDAY, SATURDAY, SUNDAY, MONDAY, TUESDAY)
PLACES = [1 if half == 4 else 2 if half in (18, 19) else 0 for half in range(48)]  # 2:00, 9:00, 9:30

Counts = dict[tuple[date, str], dict[str, int]]

# By hand. What is not named is 0; each of the three skills has five places every day, also the day with 2:00 twice.
REQUESTS: Counts = {
    (FRIDAY, "Billing"): {"requests": 2, "offered": 2, "scheduled": 1, "not_completed": 1},
    (FRIDAY, "Osaka"): {"requests": 1, "offered": 0, "no_slots": 1},
    (SATURDAY, "Munich"): {"requests": 2, "offered": 2, "refused": 1, "scheduled": 1},  # for Sunday
    (SATURDAY, "Osaka"): {"requests": 1, "offered": 1, "scheduled": 1},
    (SUNDAY, "Munich"): {"requests": 1, "offered": 1, "scheduled": 1},
    (MONDAY, "Billing"): {"requests": 2, "offered": 1, "refused": 1, "scheduled": 1},
    (MONDAY, "Osaka"): {"requests": 1, "offered": 1, "scheduled": 1},
    (TUESDAY, "Munich"): {"requests": 4, "offered": 4, "scheduled": 2, "not_completed": 2},
}
SCHEDULED: Counts = {
    **{(day, skill): {"capacity": 5, "slots": 3} for day in DAYS for skill in ("Billing", "Munich", "Osaka")},
    (FRIDAY, "Billing"): {"capacity": 5, "slots": 3, "booked": 1, "callbacks": 1, "completed": 1},
    (SATURDAY, "Osaka"): {"capacity": 5, "slots": 3, "booked": 1, "callbacks": 1, "completed": 1},
    (SUNDAY, "Munich"): {"capacity": 5, "slots": 3, "booked": 1, "callbacks": 1, "completed": 1, "cancelled": 1},
    (MONDAY, "Billing"): {"capacity": 5, "slots": 3, "booked": 1, "callbacks": 1, "failed": 1},
    (MONDAY, "Osaka"): {"capacity": 5, "slots": 3, "booked": 1, "callbacks": 1, "expired": 1},
    (TUESDAY, "Munich"): {"capacity": 5, "slots": 3, "booked": 1, "callbacks": 1, "completed": 1, "cancelled": 1},
}
MADE: Counts = {  # late: seconds from an attempt's own time to its dial
    (FRIDAY, "Billing"): {"made": 2, "retries": 1, "answered": 1, "late": 25 + 15},
    (SATURDAY, "Osaka"): {"made": 1, "answered": 1, "late": 65},
    (SUNDAY, "Munich"): {"made": 1, "answered": 1, "late": 15},
    (MONDAY, "Billing"): {"made": 1, "late": 5},
    (TUESDAY, "Munich"): {"made": 1, "answered": 1, "late": 5},
}
RESULTS: Counts = {
    (FRIDAY, "Billing"): {"completed": 1, "attempts": 2},
    (SATURDAY, "Osaka"): {"completed": 1, "attempts": 1},
    (SUNDAY, "Munich"): {"completed": 1, "cancelled": 1, "attempts": 1},
    (MONDAY, "Billing"): {"failed": 1, "attempts": 1},
    (MONDAY, "Osaka"): {"expired": 1},
    (TUESDAY, "Munich"): {"completed": 1, "cancelled": 1, "attempts": 1},
}
EXPECTED = {"requests": REQUESTS, "scheduled": SCHEDULED, "made": MADE, "results": RESULTS}


class Story:
    """What happens, at local times; the clock of the master goes with it."""

    def __init__(self, master: MasterFixture) -> None:
        self.master, self.world = master, master.world
        self.zones = {"Billing": CHICAGO, "Munich": BERLIN, "Osaka": TOKYO}

    def prepare(self) -> None:
        """Two more skills with the same week in other zones, the clock the day before, and the slots' rows."""
        world = self.world
        for skill, zone in (("Munich", BERLIN), ("Osaka", TOKYO)):
            pool = world.add(models.Pool, skill_id=world.another_skill(skill), campaign_id=None, time_zone=zone.key)
            week = {"weekly_schedule_id": world.weekly_id, "starts_on": date(2026, 1, 1)}
            world.add(models.SkillSchedule, pool_id=pool, changed_at=NOW, version=1, **week)
        world.configure(models.DailySchedule, {"capacities": PLACES}, id=world.daily_id)
        self.master.configure_campaign(max_attempts=2, retry_delays={"busy": 5})
        world.config_cache.reload()
        self.clock(datetime(2026, 10, 22, 12, 0, tzinfo=UTC))
        self.master.renew()
        self.master.work_off()

    def at(self, skill: str, day: date, time: str, fold: int = 0) -> datetime:
        local = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=self.zones[skill], fold=fold)
        return local.astimezone(UTC)

    def clock(self, at: datetime) -> None:
        self.master.clock.now = at
        self.master.clock.steady += 3600

    def asked(self, at: datetime, skill: str, outcome: str, call_id: str | None, offered: int | None = None) -> None:
        """A record as the booking API writes it."""
        row = request_values(at, outcome, skill=skill, source="ivr", api_client_id=self.world.caller.client_id,
                             call_id=call_id, slots_offered=offered)  # fmt: skip
        insert_request_now(self.world.database, row)

    def booked(self, now: datetime, skill: str, start: str, call_id: str | None = None) -> str:
        booking = self.world.book(now=now, skill=skill, start=start, call_id=call_id)
        return booking.callback.account_number

    def dialled(self, number: str, at: datetime, code: int) -> None:
        """Handed over at `at`, dialled, and its result read five seconds later."""
        self.clock(at)
        self.master.cycle()
        dial(self.master, [number], {number: code})
        self.master.cycle()

    def happens(self) -> None:
        at, second = self.at, timedelta(seconds=1)
        # Friday: busy, and answered at the second try; an offer declined at once, whose question is written late.
        number = self.booked(at("Billing", FRIDAY, "08:01"), "Billing", "2026-10-23T09:10", "f-1")
        self.asked(at("Billing", FRIDAY, "08:00"), "Billing", "asked", "f-1", 5)
        self.asked(at("Billing", FRIDAY, "08:10:01"), "Billing", "declined", "f-2")
        self.asked(at("Billing", FRIDAY, "08:10:00"), "Billing", "asked", "f-2", 4)
        self.asked(at("Osaka", FRIDAY, "23:59"), "Osaka", "no_slots", "f-3", 0)
        self.dialled(number, at("Billing", FRIDAY, "09:10:20"), 9)
        self.dialled(number, at("Billing", FRIDAY, "09:15:35"), 10)  # due at 9:15:25
        # Saturday: offered and then refused; a booking for the night of the clock change; a call in Tokyo.
        self.asked(at("Munich", SATURDAY, "10:00:02"), "Munich", "slot_full", "17")
        self.asked(at("Munich", SATURDAY, "10:00:00"), "Munich", "asked", "17", 1)
        night = self.booked(at("Munich", SATURDAY, "20:00"), "Munich", "2026-10-25T02:10")
        number = self.booked(at("Osaka", SATURDAY, "08:00"), "Osaka", "2026-10-24T09:30")
        self.dialled(number, at("Osaka", SATURDAY, "09:31"), 10)
        # Sunday: 2:10 comes twice, and the first time is meant. The call id of Saturday recurs; this one is cancelled.
        self.dialled(night, at("Munich", SUNDAY, "02:10:10"), 10)
        self.asked(at("Munich", SUNDAY, "07:59"), "Munich", "asked", "17", 5)
        number = self.booked(at("Munich", SUNDAY, "08:00"), "Munich", "2026-10-25T09:00", "17")
        cancel(self.world.database, number, now=at("Munich", SUNDAY, "08:05"), who="client:ivr")
        # Monday: Tokyo's expires while nobody is master; the same call id again, refused; a wrong number.
        self.booked(at("Osaka", MONDAY, "08:00"), "Osaka", "2026-10-26T09:00")
        self.clock(at("Osaka", MONDAY, "10:45"))
        self.master.cycle()
        self.asked(at("Billing", MONDAY, "08:00"), "Billing", "invalid_phone", "17")
        number = self.booked(at("Billing", MONDAY, "08:00"), "Billing", "2026-10-26T09:00")
        self.dialled(number, at("Billing", MONDAY, "09:00"), 7)
        # Tuesday: a callback is cancelled, another one of the slot answered; two callers without a call id only ask.
        early = at("Munich", TUESDAY, "08:00")
        number = self.booked(early, "Munich", "2026-10-27T09:30")
        cancel(self.world.database, number, now=early + second, who="client:ivr")
        for _ in range(2):
            self.asked(early, "Munich", "asked", None, 4)
        self.dialled(self.booked(early, "Munich", "2026-10-27T09:30"), at("Munich", TUESDAY, "09:30"), 10)


@pytest.fixture
def admin(master: MasterFixture) -> Iterator[Admin]:
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Admin(master.world, cache)) as running:
        yield running


def counted(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Counts]:
    """The days and skills of the rows (their instants local), added up without the product's help."""
    counts: dict[str, dict[tuple[date, str], Counter[str]]] = {}
    for report, ones in rows.items():
        of_report = counts.setdefault(report, {})
        for row in ones:
            day = date.fromisoformat(row["dueAt" if report == "made" else "intervalStart"][:10])
            add = of_report.setdefault((day, row["skill"]), Counter())
            number = {name: int(value) for name, value in row.items() if str(value).isdigit()}
            if report == "requests":
                add.update({"requests": number["requests"], "offered": number["offered"],
                            row["category"]: number["requests"]})  # fmt: skip
            elif report == "scheduled":
                names = ("capacity", "booked", "callbacks", "completed", "failed", "expired", "cancelled")
                add.update({"slots": 1, **{name: number[name] for name in names}})
            elif report == "made":
                add.update({"made": 1, "retries": number["attempt"] > 1, "answered": row["outcome"] == "answered",
                            "late": number["secondsToDial"]})  # fmt: skip
            else:
                add.update({row["status"]: number["callbacks"], "attempts": number["attempts"]})
    return {report: {key: shown(count) for key, count in ones.items()} for report, ones in counts.items()}


def shown(count: Counter[str]) -> dict[str, int]:
    return {name: int(number) for name, number in count.items() if number or name == "offered"}


def of_api(browser: Browser, **query: str) -> dict[str, list[dict[str, Any]]]:
    span = {"from": "2026-10-23", "to": "2026-10-27", "pageSize": 100, **query}
    return {name: browser.get(f"/reports/{name}", **span).json["items"] for name in EXPECTED}


def of_files(browser: Browser) -> dict[str, list[dict[str, Any]]]:
    span = {"from": "2026-10-23", "to": "2026-10-27", "format": "csv"}
    files = {name: browser.get(f"/reports/{name}", **span).text.removeprefix("\ufeff") for name in EXPECTED}
    return {name: list(csv.DictReader(io.StringIO(file))) for name, file in files.items()}


# As CUIC sums them up (deploy/cuic), by slot or single row.
VIEWS = {
    "requests": "SELECT interval_start, skill, category, COALESCE(time_zone, 'America/Chicago') AS time_zone,"
                " COUNT(*) AS requests, SUM(offered) AS offered FROM report_requests"
                " GROUP BY interval_start, skill, category, time_zone",
    "scheduled": "SELECT interval_start, skill, time_zone, MAX(capacity) AS capacity, MAX(booked) AS booked,"
                 " SUM(callbacks) AS callbacks, SUM(completed) AS completed, SUM(failed) AS failed,"
                 " SUM(expired) AS expired, SUM(cancelled) AS cancelled FROM report_scheduled"
                 " GROUP BY interval_start, skill, time_zone",
    "made": "SELECT due_at, skill, time_zone, attempt, outcome, seconds_to_dial FROM report_made",
    "results": "SELECT interval_start, skill, time_zone, status, COUNT(*) AS callbacks, SUM(attempts) AS attempts"
               " FROM report_results GROUP BY interval_start, skill, time_zone, status",
}  # fmt: skip
WIRE = {"interval_start": "intervalStart", "due_at": "dueAt", "seconds_to_dial": "secondsToDial"}


def of_views(master: MasterFixture) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    with master.world.database.reading() as connection:
        for name, query in VIEWS.items():
            for row in connection.execute(text(query)).mappings():
                values = {WIRE.get(column, column): value for column, value in row.items()}
                instant = "dueAt" if name == "made" else "intervalStart"
                at = datetime.fromisoformat(str(values[instant])).replace(tzinfo=UTC)
                values[instant] = at.astimezone(ZoneInfo(values["time_zone"])).isoformat()
                if FRIDAY <= date.fromisoformat(values[instant][:10]) <= TUESDAY:
                    found.setdefault(name, []).append(values)
    return found


def test_five_days_counted_by_hand_are_the_same_in_api_file_and_view(master: MasterFixture, admin: Admin) -> None:
    story = Story(master)
    story.prepare()
    story.happens()
    admin.now = story.at("Billing", date(2026, 10, 28), "12:00")
    viewer = admin.as_role("viewer")
    assert counted(of_api(viewer)) == EXPECTED
    assert counted(of_files(viewer)) == EXPECTED
    assert counted(of_views(master)) == EXPECTED
    for day in DAYS:  # a date is that of each row's zone
        of_day = counted(of_api(viewer, **{"from": str(day), "to": str(day)}))
        for name in ("requests", "scheduled", "results"):
            assert of_day.get(name, {}) == {key: value for key, value in EXPECTED[name].items() if key[0] == day}
    for _ in range(3):  # by then everything personal is gone
        purge(master.world.database, master.world.config_cache.current().settings, NOW + timedelta(days=40))
    assert {row.phone for row in master.world.rows(models.Callback)} == {"removed"}
    assert {row.call_id for row in master.world.rows(models.CallbackRequest)} == {None}
    assert counted(of_api(viewer)) == EXPECTED
    assert master.world.drift() == []
