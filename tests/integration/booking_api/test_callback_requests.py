"""How an offer ended: what the IVR tells when nothing was booked."""

from typing import Any

import pytest

from shared.db import models
from tests.support.booking_api import Api, code
from tests.support.configured_database import NOW


@pytest.mark.parametrize("outcome", ["declined", "abandoned"])
def test_the_ivr_tells_how_an_offer_ended(api: Api, outcome: str) -> None:
    body = {"skill": "Billing", "callId": "call-1", "outcome": outcome}

    response = api.post("/api/v1/callback-requests", json=body)

    assert (response.status_code, response.data) == (204, b"")
    (row,) = api.world.rows(models.CallbackRequest)
    assert (row.outcome, row.skill, row.call_id, row.source, row.at) == (outcome, "Billing", "call-1", "ivr", NOW)


def test_an_offer_of_an_unknown_skill_is_404(api: Api) -> None:
    response = api.post("/api/v1/callback-requests", json={"skill": "Nobody", "outcome": "declined"})

    assert code(response) == (404, "unknown_skill")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": "scheduled"}, "outcome"),
        ({"outcome": None}, "outcome"),
        ({"skill": 1}, "skill"),
        ({"callId": "x" * 65}, "callId"),
        ({"phone": "3125550142"}, "phone"),
    ],
)
def test_a_malformed_end_of_an_offer_names_its_field(api: Api, changes: dict[str, Any], field: str) -> None:
    body = {"skill": "Billing", "callId": "call-1", "outcome": "declined", **changes}

    response = api.post("/api/v1/callback-requests", json=body)

    assert code(response) == (422, "validation_error")
    assert list(response.json["errors"]) == [field]
    assert api.world.rows(models.CallbackRequest) == []
