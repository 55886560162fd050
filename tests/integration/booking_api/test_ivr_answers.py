"""Every code that a call of the IVR developer's kit documents is brought about here, on each call that documents it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import update

from deploy.cvp.extract import codes_of, extract, operations
from services.booking_api.openapi import document
from shared.db import models
from shared.redis_client import RedisClient
from shared.web.dependencies import dependencies_of
from tests.integration.booking_api.test_agent_outcome import dialed
from tests.servers.sources import Server
from tests.support.booking_api import Api, add_key
from tests.support.configured_database import NOW, World, phone
from tests.support.database_faults import down
from tests.support.json_client import JsonResponse
from tests.support.until import until

VOICE = extract(document())
CALLS = {operation["operationId"]: codes_of(VOICE, operation) for _, _, operation in operations(VOICE)}
CODES = sorted(set().union(*CALLS.values()))
START = "2026-11-23T14:10:00-06:00"
NOBODY = "01HZZZZZZZZZZZZZZZZZZZZZZZ"
BOOK, REPORT = "bookOfferedSlot", "reportVoiceAgentOutcome"
PATHS = {"offerSlots": "ivr/offer", BOOK: "ivr/book", "fetchCallback": "ivr/callback", "declineOffer": "ivr/decline",
         REPORT: "ivr/agent-outcome"}  # fmt: skip
KEEP_THEIR_STATUS = {"unauthorized", "forbidden", "rate_limited"}


class Call:
    """One call of the kit; `send` sends a request that is well-formed and granted but for the changes."""

    def __init__(self, api: Api, operation: str, always_200: bool) -> None:
        self.api, self.operation, self.always_200, self.phone = api, operation, always_200, phone()
        self._good: dict[str, Any] = {
            "offerSlots": {"skill": "Billing", "phone": self.phone},
            BOOK: {"skill": "Billing", "phone": self.phone, "start": START},
            "fetchCallback": {"account": NOBODY},
            "declineOffer": {"skill": "Billing"},
            REPORT: {"outcome": "agent_unavailable"},
        }[operation]
        if operation == REPORT:
            api.now = NOW  # an earlier call's was answered since
            self._good["account"] = dialed(api, phone=self.phone)

    def send(self, *, account: str = "", key: str | None = None, headers: Any = (), **changes: Any) -> JsonResponse:
        fields = {name: value for name, value in {**self._good, **changes}.items() if value is not None}
        how: dict[str, Any] = {"key": key, "headers": dict(headers)}
        query = {"always200": "true"} if self.always_200 else {}
        path = f"/api/v1/{PATHS[self.operation]}"
        fields |= {"account": account} if account else {}
        if self.operation in ("offerSlots", "fetchCallback"):
            return self.api.get(path, query_string={**query, **fields}, **how)
        return self.api.post(path, query_string=query, data=fields, **how)

    @property
    def account(self) -> str:
        """The callback that it is about."""
        return str(self._good["account"])

    def bad_field(self) -> JsonResponse:
        changes = {"offerSlots": {"max": "many"}, BOOK: {"slot": "first"}, "fetchCallback": {"account": "x" * 65}}
        return self.send(**changes.get(self.operation, {"outcome": "lost"}))


def with_key(scope: str, rate: int) -> Callable[[Call], JsonResponse]:
    """The refusal of a new client with this scope and rate a second, at the latest when its rate is used up."""

    def send(call: Call) -> JsonResponse:
        name = f"{scope}-{call.operation}-{call.always_200}"
        add_key(call.api.world, name, scope, rate_per_second=rate)
        dependencies_of(call.api.app).config_cache.reload()

        def refusal() -> JsonResponse | None:
            answer = call.send(key=f"key-of-{name}")
            return answer if answer.status_code in (403, 429) else None

        return until(refusal)

    return send


def configured(model: Any, **values: Any) -> Callable[[Call], JsonResponse]:
    def send(call: Call) -> JsonResponse:
        call.api.world.configure(model, values)
        return call.send()

    return send


def setting(**values: Any) -> Callable[[Call], JsonResponse]:
    def send(call: Call) -> JsonResponse:
        call.api.world.settings(**values)
        return call.send()

    return send


def without_database(call: Call) -> JsonResponse:
    dependencies_of(call.api.app).config_cache.reload()  # which lets the key in for the next second
    with down(call.api.world.database):
        return call.send()


def wrong_phone(number: str) -> Callable[[Call], JsonResponse]:
    def send(call: Call) -> JsonResponse:
        if call.operation != REPORT:
            return call.send(phone=number)
        changed(call, phone=number, open_rank=None)  # as if the rules had changed since it was booked
        return call.send()

    return send


def changed(call: Call, **values: Any) -> None:
    with call.api.world.database.writing() as tx:
        tx.execute(update(models.Callback).filter_by(account_number=call.account).values(**values))
        tx.commit()


def on_the_list(call: Call) -> JsonResponse:
    call.api.world.add(models.DoNotCall, phone=call.phone, added_at=NOW)
    return call.send()


def already_booked(call: Call) -> JsonResponse:
    call.api.world.settings(open_callbacks_per_number=2)
    call.api.booked(phone=call.phone, start=f"2026-11-24T{len(call.api.world.rows(models.Callback)) + 10}:00")
    call.api.world.settings(open_callbacks_per_number=1)
    return call.send()


def same_key_again(call: Call) -> JsonResponse:
    headers = {"Idempotency-Key": f"key-{call.operation}-{call.always_200}"}
    assert call.send(headers=headers, callId="first").json["result"] == "ok"
    return call.send(headers=headers, callId="second")


def full_slot(call: Call) -> JsonResponse:
    return [call.send(phone=phone()) for _ in range(4)][-1]


def erased(call: Call) -> JsonResponse:
    changed(call, erasure_id=1)
    return call.send()


def reported(call: Call) -> JsonResponse:
    assert call.send(outcome="skill").status_code == 200
    return call.send(outcome="agent")


PRODUCED: dict[str, Callable[[Call], JsonResponse]] = {
    "unauthorized": lambda call: call.send(key=""),
    "forbidden": with_key("ops", 1_000_000),
    "gadget_disabled": with_key("gadget", 1_000_000),
    "rate_limited": with_key("ivr", 1),
    "service_unavailable": without_database,
    "validation_error": lambda call: call.bad_field(),
    "body_too_large": lambda call: call.send(data_long="x" * 70_000),
    "idempotency_key_reused": same_key_again,
    "unknown_skill": lambda call: call.send(skill="Nobody"),
    "unknown_campaign": lambda call: call.send(campaign="Nobody"),
    "campaign_not_available": configured(models.Campaign, enabled=False),
    "booking_closed": setting(accept_bookings=False),
    "invalid_phone": wrong_phone("12345"),
    "phone_not_allowed": wrong_phone("911"),
    "do_not_call": on_the_list,
    "duplicate_callback": already_booked,
    "invalid_start": lambda call: call.send(start="tomorrow"),
    "start_in_past": lambda call: call.send(start="2026-11-23T07:00:00-06:00"),
    "outside_booking_window": lambda call: call.send(start="2027-01-04T10:00:00-06:00"),
    "outside_calling_hours": configured(models.Campaign, calling_hours_start="08:00", calling_hours_end="14:00"),
    "no_slot": configured(models.DailySchedule, capacities=[0] * 48),
    "slot_full": full_slot,
    "unknown_offer": lambda call: call.send(start=None, slot="9", callId="nobody"),
    "unknown_callback": lambda call: call.send(account=NOBODY),
    "not_personal": lambda call: call.send(account=call.api.booked(agentId=None, start="2026-11-25T10:00")),
    "not_dialed": lambda call: call.send(account=call.api.booked(agentId="1042", start="2026-11-25T10:00")),
    "already_reported": reported,
    "not_reschedulable": erased,
}


@pytest.fixture
def api(world: World, redis_server: Server) -> Iterator[Api]:
    """With a Redis, so that rates are limited."""
    with closing(RedisClient(redis_server.address, 1.0)) as cache, closing(Api(world, cache)) as running:
        world.configure(models.ApiClient, {"rate_per_second": 1_000_000}, name="test-ivr")
        yield running


def test_the_table_names_every_documented_code_and_call() -> None:
    assert set(CODES) - set(PRODUCED) == set()
    assert set(CALLS) == set(PATHS)


@pytest.mark.parametrize("code", CODES)
def test_a_documented_refusal_is_answered_by_each_call_that_documents_it(api: Api, code: str) -> None:
    calls = [Call(api, operation, always_200) for operation in CALLS for always_200 in (False, True)
             if code in CALLS[operation]]  # fmt: skip
    for call in calls:
        answer = PRODUCED[code](call)

        where = f"{call.operation} {call.always_200}: {answer.status_code} {answer.text}"
        if code not in KEEP_THEIR_STATUS:
            assert (answer.json["result"], answer.json["message"] != "") == (code, True), where
        if call.always_200 and code not in KEEP_THEIR_STATUS:
            assert answer.status_code == 200, where
        else:
            assert answer.json["code"] == code, where
