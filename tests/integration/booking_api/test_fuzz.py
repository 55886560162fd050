"""Whatever a client sends gets an answer of the OpenAPI document, never a 500, and no slot is overbooked."""

import json
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.booking_api import START, Api

# Lone surrogates too: JSON can write them.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)
PHONES = st.sampled_from(["(312) 555-0142", "+13125550143", "911", "+442079460958"]) | ANY_TEXT
STARTS = (
    st.sampled_from(
        [START, "2026-11-23T10:10", "2026-11-23T02:10Z", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00-14:00"]
    )
    | st.datetimes().map(lambda at: at.isoformat())
    | ANY_TEXT
)
REQUESTS = st.fixed_dictionaries(
    {"phone": PHONES | ANY_JSON, "start": STARTS | ANY_JSON, "skill": st.just("Billing") | ANY_JSON},
    optional={
        "campaign": st.just("Billing_Callback") | ANY_JSON,
        "callId": ANY_TEXT | ANY_JSON,
        "callData": st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=4) | ANY_JSON,
        "firstName": ANY_TEXT | ANY_JSON,
        "lastName": ANY_TEXT | ANY_JSON,
        "agentId": ANY_TEXT | ANY_JSON,
        "requestId": st.sampled_from(["key-1", "key-2"]) | ANY_JSON,
    },
)
HEADERS = st.dictionaries(
    st.sampled_from(["X-Request-ID", "Idempotency-Key", "Content-Type", "Accept", "If-Match", "Range", "Expect"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40),
    max_size=3,
)
PATHS = st.sampled_from(
    ["callbacks", "callbacks/{}", "callbacks/{}/cancel", "callbacks/{}/reschedule", "callbacks/{}/agent-outcome",
     "skills/{}/availability", "availability", "callback-requests", "{}"]
)  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
PARAMETERS = st.dictionaries(
    st.sampled_from(["skill", "campaign", "days", "date", "detail", "callId", "phone", "status"]) | ANY_TEXT,
    st.sampled_from(["Billing", "3", "2026-11-23", "slots", "3125550142", "open"]) | ANY_TEXT,
    max_size=4,
)

once_per_example = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def escaped(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


@once_per_example
@given(body=REQUESTS, headers=HEADERS)
def test_any_request_is_answered_by_the_contract(api: Api, body: dict[str, Any], headers: dict[str, str]) -> None:
    response = api.post("/api/v1/callbacks", data=json.dumps(body), headers=headers)

    assert response.status_code in (200, 201, 400, 404, 409, 422)
    assert api.world.drift() == []


@once_per_example
@given(body=ANY_JSON)
def test_any_json_is_answered_by_the_contract(api: Api, body: Any) -> None:
    for path in ("/api/v1/callbacks", "/api/v1/callback-requests"):
        assert api.post(path, data=json.dumps(body)).status_code in (400, 422)


@once_per_example
@given(raw=st.binary(max_size=300))
def test_any_bytes_are_answered_by_the_contract(api: Api, raw: bytes) -> None:
    for path in ("/api/v1/callbacks", "/api/v1/callback-requests"):
        assert api.post(path, data=raw).status_code in (400, 422)


@once_per_example
@given(method=METHODS, path=PATHS, inside=ANY_TEXT, query=PARAMETERS, headers=HEADERS)
def test_any_address_is_answered_by_the_contract(
    api: Api, method: str, path: str, inside: str, query: dict[str, str], headers: dict[str, str]
) -> None:
    address = "/api/v1/" + path.format(escaped(inside))
    parameters = "&".join(f"{escaped(name)}={escaped(value)}" for name, value in query.items())

    response = api.request(method, f"{address}?{parameters}", headers=headers)

    assert response.status_code in (200, 204, 400, 404, 405, 409, 422)
