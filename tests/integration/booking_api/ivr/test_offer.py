"""Which slots a caller is offered."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.booking_api.ivr.schemas import MAX_SLOTS
from shared.db import models
from tests.integration.booking_api.ivr.voice import Voice, starts
from tests.support.booking_api import add_key, code
from tests.support.configured_database import NOW, phone


def test_an_offer_is_flat_with_the_soonest_slot_and_then_one_of_each_half_day(voice: Voice) -> None:
    offer = voice.offer(phone="(312) 555-0142", callId="call-1").json

    assert {name: value for name, value in offer.items() if not name.startswith("slot") or name == "slotTimeZone"} == {
        "result": "ok", "message": "", "count": 3, "offerId": offer["offerId"], "skill": "Billing",
        "campaign": "Billing_Callback", "phone": "+13125550142", "slotTimeZone": "America/Chicago",
        "spokenTimeZone": "America/Chicago", "nextFrom": "2026-11-24T12:00:00-06:00", "accountNumber": "",
    }  # fmt: skip
    assert {name: value for name, value in offer.items() if name.startswith("slot1")} == {
        "slot1Start": "2026-11-23T08:30:00-06:00", "slot1Date": "20261123", "slot1Time": "0830",
        "slot1CustomerDate": "20261123", "slot1CustomerTime": "0830",
        "slot1Spoken": "Monday, November twenty-third, at eight thirty A M", "slot1Free": 3,
    }  # fmt: skip
    assert starts(offer) == ["2026-11-23T08:30:00-06:00", "2026-11-23T12:00:00-06:00", "2026-11-24T08:30:00-06:00"]
    assert all(not isinstance(value, dict | list) and value is not None for value in offer.values())
