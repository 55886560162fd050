"""The answered call's data, and the end of an offer."""

from shared.db import models
from tests.integration.booking_api.ivr.voice import Voice
from tests.support.booking_api import code
from tests.support.configured_database import phone


def test_a_callback_is_fetched_flat_by_the_account_number_that_ucce_hands_over(voice: Voice) -> None:
    number = phone()
    account = voice.api.booked(
        phone=number, agentId="1042", firstName="Ada", callData={"customerId": "A-77", "Last order": "7, “blue”"}
    )

    answer = voice.callback(f"{account.lower()}-01", language="es").json

    assert answer == {
        "result": "ok", "message": "", "accountNumber": account, "status": "scheduled", "phone": number,
        "start": "2026-11-23T09:10:00-06:00", "date": "20261123", "time": "0910", "customerDate": "20261123",
        "customerTime": "0910", "spoken": "lunes veintitrés de noviembre, a las nueve y diez de la mañana",
        "slotStart": "2026-11-23T09:00:00-06:00", "slotEnd": "2026-11-23T09:30:00-06:00",
        "slotTimeZone": "America/Chicago", "spokenTimeZone": "America/Chicago", "timeZone": "",
        "customerTimeZone": "America/Chicago", "skill": "Billing",
        "campaign": "Billing_Callback", "firstName": "Ada", "lastName": "", "agentId": "1042",
        "agentPolicy": "agentThenSkill", "agentWaitSeconds": answer["agentWaitSeconds"], "agentOutcome": "",
        "source": "ivr", "createdAt": "2026-11-23T08:00:00-06:00", "data_customerId": "A-77",
        "data_Last order": "7, “blue”",
    }  # fmt: skip
    assert answer["agentWaitSeconds"] > 0


def test_an_unknown_account_number_is_told_in_both_ways_with_every_field(voice: Voice) -> None:
    assert code(voice.callback("01ARZ3NDEKTSV4RRFFQ69G5FAV")) == (404, "unknown_callback")
    assert code(voice.callback("12345")) == (404, "unknown_callback")
    assert code(voice.callback("")) == (422, "validation_error")

    flat = voice.callback("12345", always200="true")
    assert (flat.status_code, flat.json["result"]) == (200, "unknown_callback")
    assert set(voice.callback(voice.api.booked()).json) == set(flat.json)


def test_the_end_of_an_offer_is_recorded_with_the_skill_of_the_offer(voice: Voice) -> None:
    voice.offer(callId="call-1")

    assert voice.decline(callId="call-1").json == {"result": "ok", "message": ""}
    assert voice.decline(callId="call-2", skill="billing", outcome="abandoned").status_code == 200
    voice.api.flush()

    rows = voice.api.world.rows(models.CallbackRequest)
    assert [(row.call_id, row.outcome, row.skill) for row in rows] == [
        ("call-1", "asked", "Billing"), ("call-1", "declined", "Billing"), ("call-2", "abandoned", "Billing"),
    ]  # fmt: skip


def test_the_end_of_an_unknown_offer_is_refused_in_both_ways(voice: Voice) -> None:
    assert code(voice.decline(callId="never offered")) == (422, "validation_error")
    assert code(voice.decline(skill="Nobody")) == (404, "unknown_skill")
    answer = voice.api.post("/api/v1/ivr/decline?always200=true", data="skill=Nobody")
    assert (answer.status_code, answer.json["result"]) == (200, "unknown_skill")


def test_the_end_of_an_offer_is_recorded_once_for_a_key(voice: Voice) -> None:
    for _ in range(2):
        assert voice.decline(skill="Billing", requestId="end-1").status_code == 200
    assert code(voice.decline(skill="Billing", outcome="abandoned", requestId="end-1")) == (
        422,
        "idempotency_key_reused",
    )
    assert len(voice.api.world.rows(models.CallbackRequest)) == 1
