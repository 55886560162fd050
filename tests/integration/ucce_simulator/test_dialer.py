"""The dialer: a callback's whole life inside UCCE (ucce/REFERENCE.md 1.3, 1.5.3, 1.10, 2.3)."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from tests.integration.ucce_simulator.client import Client, row, xml
from tests.support.until import until


def _status(ucce_client: Client, number: int, account: str = "A-1") -> str | None:
    return ucce_client.contact(number, account).findtext("callStatus")


def _called(ucce_client: Client, times: int) -> bool:
    return len(ucce_client.control.calls("A-1")) == times


def _dialled(ucce_client: Client, result: int, fields: str = "") -> int:
    """A campaign whose one contact A-1 has been dialled once, with this result."""
    number = ucce_client.create(fields)
    ucce_client.control.results(phones={"": result})
    ucce_client.load(number, [row("A-1")])
    ucce_client.control.dialer(paused=False)
    until(lambda: ucce_client.control.calls("A-1"))
    return number


def test_a_contact_goes_from_pending_over_active_to_its_result(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.control.results(phones={"0142": 10})
    ucce_client.load(number, [row("A-1")])
    assert _status(ucce_client, number) == "pending"
    ucce_client.control.dialer(paused=False, dialSeconds=3600)
    until(lambda: _status(ucce_client, number) == "active")
    assert ucce_client.contact(number, "A-1").findtext("callsMade") == "0"
    ucce_client.control.dialer(advance=3600)
    contact = ucce_client.contact(number, "A-1")
    assert contact.findtext("callStatus") == "closed"
    assert (contact.findtext("callsMade"), contact.findtext("callResultOverall")) == ("1", "10")
    assert contact.findtext("phone01/callResult") == "10"


@pytest.mark.parametrize(
    ("result", "status", "calls_made"),
    [
        (2, "closed", "0"), (3, "closed", "1"), (5, "closed", "1"), (8, "maxAttemptsReached", "1"),
        (9, "maxAttemptsReached", "1"), (10, "closed", "1"), (11, "fax", "1"), (12, "maxAttemptsReached", "1"),
        (14, "closed", "1"), (18, "retry", "0"), (19, "agentRejected", "0"), (21, "maxAttemptsReached", "1"),
        (23, "closed", "1"), (26, "closed", "0"), (32, "closed", "1"),
    ],
)  # fmt: skip
def test_each_result_ends_as_the_table_says_when_one_attempt_is_allowed(
    ucce_client: Client, result: int, status: str, calls_made: str
) -> None:
    number = _dialled(ucce_client, result, "<maxAttempts>1</maxAttempts>")
    contact = ucce_client.contact(number, "A-1")
    assert (contact.findtext("callStatus"), contact.findtext("callsMade")) == (status, calls_made)
    assert contact.findtext("callResultOverall") == str(result)


def test_a_busy_number_is_tried_again_after_the_campaigns_delay_until_the_attempts_are_used(
    ucce_client: Client,
) -> None:
    fields = "<maxAttempts>2</maxAttempts><retries><busySignalDelay>15</busySignalDelay></retries>"
    number = _dialled(ucce_client, 9, fields)
    assert _status(ucce_client, number) == "retry"
    ucce_client.control.dialer(advance=14 * 60)
    assert _status(ucce_client, number) == "retry"
    ucce_client.control.dialer(advance=60)
    until(lambda: _status(ucce_client, number) == "maxAttemptsReached")
    assert [call["result"] for call in ucce_client.control.calls("A-1")] == [9, 9]


def test_forced_results_are_used_up_in_order_and_the_last_one_stays(ucce_client: Client) -> None:
    number = ucce_client.create("<maxAttempts>5</maxAttempts><retries><noAnswerDelay>1</noAnswerDelay></retries>")
    ucce_client.control.results(accounts={"A-1": [8, 8, 10]})
    ucce_client.load(number, [row("A-1")])
    ucce_client.control.dialer(paused=False)
    for calls in (1, 2):
        until(partial(_called, ucce_client, calls))
        ucce_client.control.dialer(advance=60)
    until(lambda: _status(ucce_client, number) == "closed")
    assert [call["result"] for call in ucce_client.control.calls("A-1")] == [8, 8, 10]


def test_a_machine_is_not_tried_again_where_the_campaign_hands_it_to_an_agent(ucce_client: Client) -> None:
    number = _dialled(ucce_client, 12, "<amdTreatmentMode>transferToAgent</amdTreatmentMode>")
    assert _status(ucce_client, number) == "closed"


def test_the_numbers_of_a_contact_are_dialled_in_turn(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.control.results(phones={"11": 9, "22": 10})
    ucce_client.load(number, ["A-1|11|22"], header="AccountNumber|Phone01|Phone02")
    ucce_client.control.dialer(paused=False)
    until(lambda: ucce_client.control.calls("A-1"))
    ucce_client.control.dialer(advance=3600)
    until(lambda: _status(ucce_client, number) == "closed")
    contact = ucce_client.contact(number, "A-1")
    assert (contact.findtext("phone01/callResult"), contact.findtext("phone02/callResult")) == ("9", "10")


@pytest.mark.parametrize(
    "fields",
    [
        "<enabled>false</enabled>",
        "<dialingMode>INBOUND</dialingMode>",
        "<reservationPercentage>0</reservationPercentage>",
        "<startDate>2100-01-01</startDate>",
        "<endDate>2001-01-01</endDate>",
    ],
)
def test_a_campaign_that_is_off_or_outside_its_dates_dials_nobody(ucce_client: Client, fields: str) -> None:
    off = ucce_client.create(fields, name="Off", group=5001)
    on = ucce_client.create(name="On", group=5002)
    ucce_client.load(off, [row("off")])
    ucce_client.load(on, [row("on")])
    ucce_client.control.dialer(paused=False)
    until(lambda: ucce_client.control.calls("on"))
    assert _status(ucce_client, off, "off") == "pending"


def test_a_contact_waits_for_the_window_in_its_own_time_zone(ucce_client: Client) -> None:
    now = datetime.fromisoformat(ucce_client.control.dialer()["now"])
    noon = now.replace(hour=12, minute=0, second=0)
    ucce_client.control.dialer(advance=(noon - now + timedelta(days=1)).total_seconds())
    number = ucce_client.create("<startTime>09:00</startTime><endTime>15:00</endTime>")
    ucce_client.load(
        number, ["utc|||1|0|", "moscow|||1|-180|", "moscow-late|||1|-240|", "chicago|||1|360|", "no-bias|||1||"]
    )
    ucce_client.control.dialer(paused=False)
    until(lambda: {call["accountNumber"] for call in ucce_client.control.calls()} == {"utc", "no-bias"})
    ucce_client.control.dialer(advance=0)  # one more step: nothing else was due
    assert {call["accountNumber"] for call in ucce_client.control.calls()} == {"utc", "no-bias"}
    ucce_client.control.dialer(advance=4 * 3600)
    until(lambda: ucce_client.control.calls("chicago"))
    ucce_client.control.dialer(advance=14.5 * 3600)
    until(lambda: ucce_client.control.calls("moscow-late"))
    assert ucce_client.control.calls("moscow")


def test_contacts_are_dialled_in_the_order_of_import_and_no_more_at_once_than_there_are_lines(
    ucce_client: Client,
) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row(f"A-{n}") for n in (3, 1, 2)])
    ucce_client.control.dialer(paused=False, lines=2, dialSeconds=3600)
    until(lambda: ucce_client.control.contacts()[str(number)] == {"active": 2, "pending": 1})
    assert _status(ucce_client, number, "A-2") == "pending"


def test_the_emergency_stop_brings_active_contacts_back_undialled(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row("A-1")])
    ucce_client.control.dialer(paused=False, dialSeconds=3600)
    until(lambda: _status(ucce_client, number) == "active")
    ucce_client.send("PUT", "/campaign/disable")
    contact = ucce_client.contact(number, "A-1")
    assert (contact.findtext("callStatus"), contact.findtext("callResultOverall")) == ("pending", "25")


def test_a_dialer_that_dies_leaves_its_contacts_unknown_for_an_hour(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row("A-1")])
    ucce_client.control.dialer(paused=False, dialSeconds=600)
    until(lambda: _status(ucce_client, number) == "active")
    ucce_client.control.dialer(lose=True)
    assert _status(ucce_client, number) == "unknown"
    ucce_client.control.dialer(advance=59 * 60)
    assert _status(ucce_client, number) == "unknown"
    ucce_client.control.dialer(advance=60)
    until(lambda: _status(ucce_client, number) == "active")


def test_results_follow_the_mix_and_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    def run(name: str, seed: str) -> list[int]:
        with UcceSimulator(tmp_path / name, ["--lines", "1000", "--mix", "10:3,9:1", "--seed", seed]) as simulator:
            client = Client(simulator)
            client.load(client.create(), [row(f"A-{n:03}") for n in range(300)])
            until(lambda: len(client.control.calls()) == 300)
            client.session.close()
            return [call["result"] for call in sorted(client.control.calls(), key=lambda call: call["accountNumber"])]

    results = run("one", "1")
    assert 180 < results.count(10) < 270
    assert results.count(9) == 300 - results.count(10)
    assert run("two", "1") == results
    assert run("three", "2") != results


def test_the_status_counts_todays_calls(ucce_client: Client) -> None:
    number = ucce_client.create("<maxAttempts>1</maxAttempts>")
    ucce_client.control.results(phones={"1": 10, "2": 9, "3": 8})
    ucce_client.load(number, [row("A-1", "1"), row("A-2", "2"), row("A-3", "3"), row("A-4", "1")])
    ucce_client.control.dialer(paused=False)
    until(lambda: len(ucce_client.control.calls()) == 4)
    ucce_client.control.dialer(paused=True)
    ucce_client.load(number, [row("A-5", "1")])
    counters = {child.tag: child.text for child in xml(ucce_client.get(f"/campaign/{number}/status"))}
    assert len(counters) == 26
    assert (counters["voiceCount"], counters["busyCount"], counters["noAnswerDetectCount"]) == ("2", "1", "1")
    assert (counters["attemptedCount"], counters["totalCount"], counters["closedCount"]) == ("4", "1", "2")
    assert int(counters["talkTimeCount"] or 0) > 0
    ucce_client.control.dialer(advance=86400)
    tomorrow = xml(ucce_client.get(f"/campaign/{number}/status"))
    assert (tomorrow.findtext("voiceCount"), tomorrow.findtext("totalVoiceCount")) == ("0", "2")


def test_closed_records_are_purged_at_midnight_after_five_days(ucce_client: Client) -> None:
    number = _dialled(ucce_client, 10)
    ucce_client.control.dialer(paused=True)
    ucce_client.load(number, [row("A-2")])
    ucce_client.control.dialer(advance=4 * 86400)
    assert len(ucce_client.contacts(number)) == 2
    ucce_client.control.dialer(advance=2 * 86400)
    (left,) = ucce_client.contacts(number)
    assert left.findtext("accountNumber") == "A-2"


def test_the_clock_runs_faster_when_asked(ucce_client: Client) -> None:
    before = datetime.fromisoformat(ucce_client.control.dialer(speed=3600)["now"])
    until(lambda: datetime.fromisoformat(ucce_client.control.dialer()["now"]) - before > timedelta(minutes=30))
    assert before.tzinfo == UTC


IVR = "<campaignPurposeType>ivrCampaign</campaignPurposeType>"
GROUP = "<skillGroup><refURL>/unifiedconfig/config/skillgroup/5004</refURL></skillGroup>"
TO_IVR = "<ivrRoutePoint>9900</ivrRoutePoint><ivrPorts>2</ivrPorts><abandonedRoutePoint>9901</abandonedRoutePoint>"


def with_ports(infos: str) -> str:
    return f"<skillGroupInfos><skillGroupInfo>{GROUP}{infos}</skillGroupInfo></skillGroupInfos>"


@pytest.mark.parametrize("infos", ["", "<ivrRoutePoint>9900</ivrRoutePoint>", "<ivrPorts>5</ivrPorts>"])
def test_an_ivr_campaign_without_route_point_or_ports_dials_nothing(ucce_client: Client, infos: str) -> None:
    number = ucce_client.create(IVR)
    assert ucce_client.update(number, with_ports(infos)).status_code == 200
    ucce_client.load(number, [row("A-1")])
    ucce_client.control.dialer(paused=False, advance=3600)
    ucce_client.control.dialer(advance=3600)
    assert (_status(ucce_client, number), ucce_client.control.calls("A-1")) == ("pending", [])
    ucce_client.update(number, with_ports(TO_IVR))
    until(lambda: ucce_client.control.calls("A-1"))


def test_an_ivr_campaign_dials_no_more_at_once_than_it_has_ports(ucce_client: Client) -> None:
    number = ucce_client.create(IVR)
    ucce_client.update(number, with_ports(TO_IVR))
    ucce_client.load(number, [row(f"A-{each}") for each in range(5)])
    ucce_client.control.dialer(paused=False, dialSeconds=3600)
    until(lambda: ucce_client.control.contacts()[str(number)].get("active"))
    assert ucce_client.control.contacts()[str(number)] == {"active": 2, "pending": 3}


@pytest.mark.parametrize(
    ("fields", "result", "route_point"),
    [
        (IVR, 10, "9900"), (IVR, 16, "9901"), (IVR, 9, None), ("", 10, None),
        ("<amdTreatmentMode>transferToIVRRoutePoint</amdTreatmentMode>", 12, "9900"),
        ("<amdTreatmentMode>transferToAgent</amdTreatmentMode>", 12, None),
    ],
)  # fmt: skip
def test_a_call_is_transferred_by_its_result_and_the_campaign(
    ucce_client: Client, fields: str, result: int, route_point: str | None
) -> None:
    number = ucce_client.create(fields)
    ucce_client.update(number, with_ports(TO_IVR))
    ucce_client.control.results(phones={"": result})
    ucce_client.load(number, [row("A-1")])
    ucce_client.control.dialer(paused=False)
    until(lambda: ucce_client.control.calls("A-1"))
    ucce_client.control.dialer(paused=True)
    found = ucce_client.control.transfers("A-1")
    assert [call["routePoint"] for call in found][:1] == ([route_point] if route_point else [])
