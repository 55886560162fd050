"""How a personal callback ended, reported by a flat call."""

import pytest

from shared.db import models
from tests.integration.booking_api.ivr.voice import Voice
from tests.integration.booking_api.test_agent_outcome import dialed, everything, timeline
from tests.support.booking_api import code

NOTHING_NEXT = dict.fromkeys(
    ("nextAccountNumber", "nextStart", "nextDate", "nextTime", "nextCustomerDate", "nextCustomerTime", "nextSpoken"), ""
)


@pytest.mark.parametrize(("outcome", "status"), [("agent", "completed"), ("skill", "imported")])
def test_an_end_is_reported_flat_and_once(voice: Voice, outcome: str, status: str) -> None:
    account = dialed(voice.api)

    answers = [voice.report(f"{account}-01", outcome, as_form=form) for form in (False, True)]

    assert [answer.json for answer in answers] == [{
        "result": "ok", "message": "", "accountNumber": account, "status": status, "agentId": "1042",
        "agentOutcome": outcome, **NOTHING_NEXT,
    }] * 2  # fmt: skip
    assert len(timeline(voice.api, account)) == 2


def test_the_next_call_is_told_in_the_words_of_the_customers_zone(voice: Voice) -> None:
    voice.api.world.configure(models.Campaign, {"calling_hours_start": "00:00", "calling_hours_end": "24:00"})
    account = dialed(voice.api, timeZone="America/Denver")

    answer = voice.report(account, "agent_unavailable", language="es").json

    (follow_up,) = voice.api.world.rows(models.Callback, follow_up_of=account)
    assert {name: value for name, value in answer.items() if name.startswith("next")} == {
        "nextAccountNumber": follow_up.account_number, "nextStart": "2026-11-23T09:30:00-06:00",
        "nextDate": "20261123", "nextTime": "0930", "nextCustomerDate": "20261123", "nextCustomerTime": "0830",
        "nextSpoken": "lunes veintitrés de noviembre, a las ocho y media de la mañana",
    }  # fmt: skip


def test_a_refusal_is_told_in_both_ways_with_every_field_and_records_nothing(voice: Voice) -> None:
    account = dialed(voice.api)
    voice.api.world.settings(accept_bookings=False)
    before = everything(voice.api)

    assert code(voice.report(account, "agent_unavailable")) == (409, "booking_closed")
    flat = voice.report(account, "agent_unavailable", always200="true")

    assert (flat.status_code, flat.json["result"]) == (200, "booking_closed")
    assert everything(voice.api) == before
    assert set(voice.report(account, "skill").json) == set(flat.json)


def test_what_cannot_be_reported_is_refused(voice: Voice) -> None:
    waiting = voice.api.booked(agentId="1042")
    assert code(voice.report(waiting, "skill")) == (409, "not_dialed")
    assert code(voice.report(voice.api.booked(), "skill")) == (409, "not_personal")
    assert code(voice.report("12345", "skill")) == (404, "unknown_callback")
    assert code(voice.report(waiting, "answered")) == (422, "validation_error")
    assert code(voice.report("", "skill")) == (422, "validation_error")
