"""Hand-overs keep the calling hours at the called party's place, as they are then: a callback waits for them inside its
window, or expires and says why.

CM_TEST_NUMBERS: how many numbers are booked in the weeks in which clocks change (160).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.dialer_sync.steps import expiry, hand_over
from shared.db import models
from shared.errors import DomainError
from tests.integration.dialer_sync.master_fixture import MasterFixture
from tests.integration.dialer_sync.test_call_results import dial
from tests.support.called_places import is_within, random_number
from tests.support.configured_database import NOW

NUMBERS = int(os.environ.get("CM_TEST_NUMBERS", "160"))
CHICAGO = ZoneInfo("America/Chicago")
DENVER = "+1303{:07}"  # 07:00 there at NOW, when it is 08:00 in Chicago


def set_hours(master: MasterFixture, start: str, end: str) -> None:
    master.world.configure(
        models.Campaign, {"calling_hours_start": start, "calling_hours_end": end}, id=master.world.campaign_id
    )


def in_denver(master: MasterFixture, **values: Any) -> str:
    zone = "America/Denver"
    (number,) = master.add(**{"calling_zones": zone, "customer_time_zone": zone, "phone": "+13035550142", **values})
    return number


@pytest.fixture
def by_day(master: MasterFixture) -> MasterFixture:
    """A master whose campaign has the usual calling hours."""
    set_hours(master, "08:00", "21:00")
    master.world.config_cache.reload()
    return master


def test_what_may_not_be_called_yet_waits_and_holds_nobody_up(by_day: MasterFixture) -> None:
    by_day.settings["batch_size"] = 2
    by_day.renew()
    by_day.world.settings(expire_minutes=120)
    by_day.world.config_cache.reload()
    waiting = [in_denver(by_day, due=NOW - timedelta(minutes=n), phone=DENVER.format(5550100 + n)) for n in range(1, 6)]
    free = by_day.add(3)

    assert by_day.cycle() == "handed over 3"
    assert by_day.statuses(free) == ["imported"] * 3
    assert by_day.statuses(waiting) == ["scheduled"] * 5
    by_day.clock.advance(3600)

    assert by_day.cycle() == "handed over 5"


def test_it_expires_with_the_reason_when_its_window_ends_before_the_hours_begin(by_day: MasterFixture) -> None:
    by_day.world.settings(expire_minutes=10)
    by_day.world.config_cache.reload()
    number = in_denver(by_day)
    by_day.clock.advance(41 * 60)
    by_day.cycle()

    callback = by_day.callback(number)
    assert callback.status == "expired"
    assert "outside the calling hours (from 08:00 until 21:00 in America/Denver)" in callback.reason
    assert by_day.posts() == []


def test_a_retry_that_falls_outside_waits_or_expires(by_day: MasterFixture) -> None:
    by_day.configure_campaign(max_attempts=2, retry_delays={"busy": 7})
    evening = datetime(2026, 11, 23, 20, 55, tzinfo=CHICAGO).astimezone(UTC)
    by_day.clock.now = evening
    (number,) = by_day.add()
    assert by_day.cycle() == "handed over 1"
    dial(by_day, [number], {number: 9})
    by_day.cycle()
    assert by_day.callback(number).status == "scheduled"

    by_day.clock.advance(10 * 60)  # 21:05
    by_day.cycle()
    assert by_day.callback(number).status == "scheduled"
    by_day.clock.advance(95 * 60)
    by_day.cycle()

    assert by_day.callback(number).status == "expired"
    assert "outside the calling hours" in by_day.callback(number).reason
    assert by_day.simulator.control.taken() == [f"{number}-01"]


def test_the_hours_are_those_of_the_hand_over_not_of_the_booking(master: MasterFixture) -> None:
    (number,) = master.add()
    set_hours(master, "08:01", "21:00")
    master.cycle()
    assert master.callback(number).status == "scheduled"
    master.clock.advance(60)

    assert master.cycle() == "handed over 1"


def test_hours_that_are_changed_between_choice_and_claim_are_kept(
    by_day: MasterFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = by_day.add()

    def change_and_verify() -> None:  # the lock is verified right before the claim
        set_hours(by_day, "09:00", "21:00")

    monkeypatch.setattr(by_day.context, "verify_lock", change_and_verify)
    by_day.cycle()

    assert by_day.callback(number).status == "scheduled"
    assert by_day.posts() == []


def test_who_is_moved_elsewhere_between_choice_and_claim_is_not_claimed(
    by_day: MasterFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = by_day.add()

    def restate() -> None:
        by_day.world.configure(models.Callback, {"calling_zones": "America/Denver"}, account_number=number)

    monkeypatch.setattr(by_day.context, "verify_lock", restate)
    by_day.cycle()

    assert by_day.callback(number).status == "scheduled"


def test_where_nothing_tells_the_zone_the_pools_counts_as_it_is_now(by_day: MasterFixture) -> None:
    (number,) = by_day.add()
    by_day.world.configure(models.Pool, {"time_zone": "America/Denver"}, id=by_day.world.pool_id)
    by_day.cycle()
    assert by_day.callback(number).status == "scheduled"

    by_day.world.configure(models.Pool, {"time_zone": "America/New_York"}, id=by_day.world.pool_id)

    assert by_day.cycle() == "handed over 1"


@pytest.mark.parametrize(
    ("due", "zone", "bias"),
    [
        ("2026-03-07T18:00+00:00", "America/Denver", 420),
        ("2026-03-09T18:00+00:00", "America/Denver", 360),  # the day after the clocks changed
        ("2026-03-09T18:00+00:00", "America/Phoenix", 420),
        ("2026-10-31T18:00+00:00", "America/Chicago", 300),
        ("2026-11-02T18:00+00:00", "America/Chicago", 360),
        ("2026-11-02T06:00+00:00", "Asia/Kathmandu", -345),
    ],
)
def test_the_bias_of_the_import_is_that_of_the_customers_zone_at_the_due_instant(
    master: MasterFixture, due: str, zone: str, bias: int
) -> None:
    master.clock.now = datetime.fromisoformat(due)
    master.add(calling_zones=zone, customer_time_zone=zone)
    master.cycle()

    (row,) = master.simulator.control.ask("GET", "taken")["contacts"]
    assert (row["bias"], row["dst"]) == (bias, False)


@dataclass
class Weeks:
    """Bookings and hand-overs in weeks in which clocks change; what UCCE got is kept with the time."""

    master: MasterFixture
    chance: Random
    hours: tuple[str, str] = ("08:00", "21:00")
    places: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by account number
    outside: list[str] = field(default_factory=list)
    handed_over: int = 0
    waited: int = 0
    refused: int = 0

    def book(self, number: str, zones: tuple[str, ...], start: datetime) -> None:
        """The booking is refused if, and only if, it is outside at that place."""
        if start.astimezone(CHICAGO).fold:  # the second pass of an hour, which no slot covers
            return
        stated = self.chance.choice((None, None, "America/Denver", "Asia/Tokyo"))
        known = {*zones, *([stated] if stated else [])} or {"America/Chicago"}
        within = is_within(start, sorted(known), *self.hours)
        try:
            booked = self.master.world.book(
                now=self.master.clock.now, phone=number, start=start.isoformat(), time_zone=stated
            )
        except DomainError as refusal:
            assert (refusal.code, within) == ("outside_calling_hours", False), f"{number} at {start}: {refusal}"
            self.refused += 1
        else:
            assert within, f"{number} ({known}) was booked at {start}"
            self.places[booked.callback.account_number] = tuple(sorted(known))

    def tick(self) -> None:
        """Hand over what is due, and look at what UCCE has got since."""
        context, control = self.master.context, self.master.simulator.control
        context.begin_step()
        expiry.run(context)
        said = hand_over.run(context) or ""
        if "handed over" not in said:
            return
        now, taken = self.master.clock.now, control.taken()
        for key in taken[self.handed_over :]:
            number = key[:26]
            if not is_within(now, self.places[number], *self.hours):
                self.outside.append(f"{key} in {self.places[number]} at {now.isoformat()}, hours {self.hours}")
            self.waited += now - self.master.callback(number).due_at > timedelta(hours=1)
        self.handed_over = len(taken)

    def change_hours(self) -> None:
        self.hours = self.chance.choice(
            (("08:00", "21:00"), ("09:30", "19:15"), ("11:00", "16:45"), ("00:00", "24:00"))
        )
        set_hours(self.master, *self.hours)


def starts(chance: Random, week: datetime) -> Iterator[datetime]:
    while True:
        yield week + timedelta(days=1, minutes=chance.randrange(7 * 24 * 60))


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_nobody_is_handed_over_outside_in_the_weeks_in_which_clocks_change(by_day: MasterFixture) -> None:
    world = by_day.world
    world.settings(allowed_countries=[], minimum_notice_minutes=0, expire_minutes=420, open_callbacks_per_number=20)
    world.configure(models.DailySchedule, {"capacities": [9000] * 48}, id=world.daily_id)
    world.config_cache.reload()
    weeks = Weeks(by_day, Random(17))
    # The clocks change on 8 March and 1 November in North America, on 25 October in Europe.
    for begins in (datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)):
        by_day.clock.now = begins
        weeks.hours = ("08:00", "21:00")
        set_hours(by_day, *weeks.hours)
        for start, _ in zip(starts(weeks.chance, begins), range(NUMBERS // 2), strict=False):
            weeks.book(*random_number(weeks.chance), start)
        while by_day.clock.now < begins + timedelta(days=9):
            by_day.clock.advance(60 * weeks.chance.choice((20, 60, 150, 400)))
            if weeks.chance.random() < 0.1:
                weeks.change_hours()
            weeks.tick()

    expired = [row for row in world.rows(models.Callback, status="expired") if "calling hours" in row.reason]
    print(f"{weeks.handed_over} handed over, {weeks.waited} of them later than an hour, {len(expired)} expired for the "
          f"hours, {weeks.refused} refused, {len(weeks.outside)} outside")  # fmt: skip
    assert weeks.outside == []
    assert weeks.handed_over > NUMBERS / 5
    assert weeks.waited > 0
    assert expired
    assert weeks.refused > NUMBERS / 5
