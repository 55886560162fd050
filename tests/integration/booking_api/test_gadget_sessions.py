"""Agents' sessions: begun by Finesse's word alone, for a while, on every node; nothing of their credentials is kept."""

import base64
import io
import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import text

from deploy.sandbox.finesse.handle import FinesseFake
from services.booking_api.agents import login_failures
from shared.config import GadgetSettings
from shared.db import models
from shared.db.models import Base
from shared.redis_client import RedisClient
from shared.web.auth import blueprints_without_auth
from shared.web.dependencies import security_log_of
from tests.support.booking_api import NO_REDIS, PASSWORDS, AgentDesk, Api, authorization, code
from tests.support.configured_database import World

SESSION = "/api/v1/gadget/session"
SKILLS = "/api/v1/gadget/skills"


@pytest.fixture(autouse=True)
def both_nodes_up(finesse: FinesseFake) -> Iterator[None]:
    yield
    for node in (1, 2):
        finesse.control.node(node, "up")


def log_in(api: Api, agent_id: str = "1042", **body: Any) -> Any:
    sent = body or {"authorization": authorization(agent_id)}
    return api.post(SESSION, key="", json={"agentId": agent_id, **sent})


def works(desk: AgentDesk) -> bool:
    return desk.request("GET", SKILLS).status_code == 200


def test_an_agent_whom_finesse_lets_in_gets_a_session(gadget_api: Api) -> None:
    answer = log_in(gadget_api)
    assert answer.status_code == 200
    body = answer.json
    assert {**body, "token": ""} == {
        "token": "", "expiresAt": (gadget_api.now + timedelta(minutes=15)).isoformat(), "agentId": "1042",
        "firstName": "Ada", "lastName": "Byron", "extension": "31042", "draft": None,
    }  # fmt: skip
    assert len(body["token"]) > 40


def test_single_sign_on_lets_an_agent_in_until_the_token_ends(gadget_api: Api, finesse: FinesseFake) -> None:
    token = finesse.control.new_token("1042")
    assert log_in(gadget_api, authToken=token).status_code == 200
    finesse.control.expire_token("1042")
    assert code(log_in(gadget_api, authToken=token)) == (401, "unauthorized")


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("1042", authorization("1042", "wrong")),
        ("1042", authorization("1043")),  # another agent's
        ("1043", authorization("1042")),
        ("4711", authorization("4711", "anything")),
    ],
)
def test_whom_finesse_does_not_let_in_gets_none(gadget_api: Api, asked: str, sent: str) -> None:
    answer = log_in(gadget_api, asked, authorization=sent)
    assert code(answer) == (401, "unauthorized")
    assert gadget_api.world.rows(models.AgentSession) == []


@pytest.mark.parametrize(
    "body",
    [
        {"agentId": "1042"},
        {"agentId": "1042", "authorization": "no base64!"},
        {"agentId": "1042", "authorization": base64.b64encode(b"no colon").decode()},
        {"agentId": "1042", "authToken": "s3cret word"},
        {"agentId": "1042", "authToken": "s3cret\r\nX-Header: value"},
        {"agentId": "1042", "authToken": "s3cret", "authorization": authorization("1042")},
        {"agentId": "..", "authToken": "s3cret"},
        {"agentId": "1042/Dialogs", "authToken": "s3cret"},
        {"agentId": "1042?x=1", "authToken": "s3cret"},
        {"agentId": "1042\n", "authToken": "s3cret"},
        {"agentId": "x" * 33, "authToken": "s3cret"},
        {"agentId": 1042, "authToken": "s3cret"},
    ],
)
def test_a_malformed_login_never_reaches_finesse(gadget_api: Api, finesse: FinesseFake, body: dict[str, Any]) -> None:
    before = len(finesse.control.requests())
    answer = gadget_api.post(SESSION, key="", json=body)
    assert code(answer) == (422, "validation_error")
    assert "s3cret" not in answer.text
    assert len(finesse.control.requests()) == before


def test_a_token_is_good_for_every_node_and_for_nothing_once_it_is_ended(
    gadget_api: Api, world: World, finesse: FinesseFake
) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    settings = GadgetSettings(finesse.urls, str(finesse.ca_file), 3.0, ())
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Api(world_of(world), cache, gadget=settings)) as other:
        elsewhere = {"Authorization": f"Bearer {desk.token}"}
        assert other.get(SKILLS, key="", headers=elsewhere).status_code == 200
        assert other.request("DELETE", SESSION, key="", headers=elsewhere).status_code == 204
        assert not works(desk)
    assert code(desk.request("GET", "/api/v1/availability?skill=Billing")) == (401, "unauthorized")


def world_of(world: World) -> World:
    """The same database for a second API, which brings a client of its own."""
    world.configure(models.ApiClient, {"name": "first", "key_hash": "f" * 64}, name="test-ivr")
    return world


def test_a_session_lasts_while_it_is_used_and_twelve_hours_at_most(gadget_api: Api, finesse: FinesseFake) -> None:
    used, idle = (AgentDesk(gadget_api, finesse, "1042") for _ in range(2))
    hours = 0.0
    while works(used):
        gadget_api.now += timedelta(minutes=14)
        hours += 14 / 60
    assert 11.7 < hours < 12.3
    assert not works(idle)


def test_an_unused_session_ends_after_a_quarter_of_an_hour(gadget_api: Api, finesse: FinesseFake) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    gadget_api.now += timedelta(minutes=15)
    assert code(desk.request("GET", SKILLS)) == (401, "unauthorized")


def test_an_agents_token_is_no_api_key_and_an_api_key_is_no_agents_token(gadget_api: Api, finesse: FinesseFake) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    for headers in ({"X-API-Key": desk.token}, {"Authorization": "Basic " + authorization("1042")}):
        assert code(gadget_api.get("/api/v1/availability?skill=Billing", key="", headers=headers))[0] == 401
    for how in ({}, {"headers": {"Authorization": f"Bearer {gadget_api.key}"}, "key": ""}, {"key": ""}):
        for method, path in (("GET", SKILLS), ("DELETE", SESSION), ("PUT", f"{SESSION}/call")):
            assert code(gadget_api.request(method, path, **how)) == (401, "unauthorized")


def test_what_an_agent_books_has_the_gadget_as_source_and_the_agent_as_booker(
    gadget_api: Api, finesse: FinesseFake
) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    booked = desk.book(agentId="1042")
    assert (booked.status_code, booked.json["source"], booked.json["agentId"]) == (201, "gadget", "1042")
    assert [event.who for event in gadget_api.world.rows(models.CallbackEvent)] == ["agent:1042"]
    (row,) = gadget_api.world.rows(models.Callback)
    assert (row.booked_by_agent, row.api_client_id) == ("1042", None)


@pytest.mark.parametrize("keyed", [False, True])
def test_what_an_agent_does_stands_in_the_audit_log_and_what_is_refused_or_repeated_does_not(
    gadget_api: Api, finesse: FinesseFake, keyed: bool
) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")

    def do(method: str, path: str, body: dict[str, Any], key: str) -> int:
        headers = {"X-Forwarded-For": "192.0.2.9", **({"Idempotency-Key": key} if keyed else {})}
        return [desk.request(method, path, json=body, headers=headers).status_code for _ in range(1 + keyed)][-1]

    booking = {"phone": "+13125550142", "start": "2026-11-23T09:10", "skill": "Billing"}
    assert do("POST", "/api/v1/callbacks", booking, "k-1") == (200 if keyed else 201)
    assert do("POST", "/api/v1/callbacks", booking, "k-2") == 409
    number = gadget_api.world.rows(models.Callback)[0].account_number
    one = f"/api/v1/callbacks/{number}"
    assert do("POST", f"{one}-01/reschedule", {"start": "2026-11-23T12:00"}, "k-3") == 200
    assert do("POST", f"{one}/cancel", {}, "k-4") == 204
    gadget_api.booked()
    acts = [
        (row.action, row.who, row.resource, row.resource_id, row.address, row.skills)
        for row in gadget_api.world.rows(models.AuditLog)
    ]
    skills = f";{gadget_api.world.skill_id};"
    assert acts == [
        (action, "agent:1042", "callbacks", number, "192.0.2.9", skills) for action in ("book", "reschedule", "cancel")
    ]
    assert "5550142" not in str(gadget_api.world.rows(models.AuditLog))


def test_a_personal_callback_is_the_agents_own(gadget_api: Api, finesse: FinesseFake) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    assert code(desk.book(agentId="1043")) == (422, "validation_error")
    assert gadget_api.world.rows(models.Callback) == []


def test_wrong_logins_shut_an_agent_out_from_that_address_for_a_while(gadget_api: Api, finesse: FinesseFake) -> None:
    def guess(agent_id: str, password: str, address: str = "192.0.2.9") -> Any:
        body = {"agentId": agent_id, "authorization": authorization(agent_id, password)}
        return gadget_api.post(SESSION, key="", headers={"X-Forwarded-For": address}, json=body)

    assert [guess("1042", f"guess-{n}").status_code for n in range(4)] == [401] * 4
    assert guess("1042", PASSWORDS["1042"]).status_code == 200  # and is forgiven what was wrong before
    assert [guess("1042", f"guess-{n}").status_code for n in range(5)] == [401] * 5
    asked = len(finesse.control.requests())
    shut_out = guess("1042", PASSWORDS["1042"])
    assert code(shut_out) == (429, "rate_limited")
    assert 890 < int(shut_out.headers["Retry-After"]) <= 900
    assert len(finesse.control.requests()) == asked
    assert guess("1043", PASSWORDS["1043"]).status_code == 200
    assert guess("1042", PASSWORDS["1042"], address="198.51.100.7").status_code == 200
    gadget_api.now += timedelta(minutes=15)
    assert guess("1042", PASSWORDS["1042"]).status_code == 200
    security_log_of(gadget_api.app).close()
    told = [(row.action, row.who, row.resource) for row in gadget_api.world.rows(models.AuditLog)]
    assert {action for action, *_ in told} == {"login_failed", "login_locked", "login_refused"}
    assert {(who, resource) for _, who, resource in told} == {("unknown", "agent_sessions")}


def test_an_address_that_tries_many_agents_is_shut_out(
    gadget_api: Api, finesse: FinesseFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_failures, "OF_AN_ADDRESS", 3)
    guesses = [log_in(gadget_api, f"g{agent}", authorization=authorization(f"g{agent}", "x")) for agent in range(4)]
    assert [code(one) for one in guesses] == [(401, "unauthorized")] * 3 + [(429, "rate_limited")]
    assert code(log_in(gadget_api)) == (429, "rate_limited")


def test_finesse_that_ends_a_login_ends_the_session(gadget_api: Api, finesse: FinesseFake) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    dialog = finesse.control.call_in("1042", "3125550142")
    assert code(desk.work_on(dialog, authorization=authorization("1042", "changed"))) == (401, "unauthorized")
    assert not works(desk)


def test_what_an_agent_has_typed_outlives_a_failover_and_no_session(gadget_api: Api, finesse: FinesseFake) -> None:
    def keep(desk: AgentDesk, draft: str) -> Any:
        return desk.request("PUT", f"{SESSION}/draft", json={"draft": draft})

    def kept(agent_id: str = "1042") -> Any:
        return AgentDesk(gadget_api, finesse, agent_id).session["draft"]

    desk = AgentDesk(gadget_api, finesse, "1042")
    assert keep(desk, '{"phone": "(312) 555-0142"}').status_code == 204
    assert (kept(), kept("1043")) == ('{"phone": "(312) 555-0142"}', None)
    assert keep(AgentDesk(gadget_api, finesse, "1042"), "newer").status_code == 204
    assert kept() == "newer"
    assert keep(desk, "").status_code == 204
    assert kept() is None
    assert keep(desk, "again").status_code == 204
    gadget_api.now += timedelta(minutes=15)
    assert kept() is None
    assert code(keep(AgentDesk(gadget_api, finesse, "1042"), "x" * 4001)) == (422, "validation_error")


# --- the call on the line --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "shown", "problem"),
    [
        ("3125550142", "+13125550142", None),
        ("+1 312 555 0142", "+13125550142", None),
        ("", "", "withheld"),
        ("anonymous", "", "withheld"),
        ("RESTRICTED", "", "withheld"),
        ("7378742833", "", "withheld"),  # the word on a telephone's keypad
        ("1043", "", "extension"),
        ("99999999999999", "", "invalid_phone"),
        ("+442079460000", "+442079460000", "phone_not_allowed"),
    ],
)
def test_the_callers_number_is_told_with_its_problem(
    gadget_api: Api, finesse: FinesseFake, address: str, shown: str, problem: str | None
) -> None:
    answer = AgentDesk(gadget_api, finesse, "1042").call_in(address)
    assert answer.status_code == 200
    assert (answer.json["phone"], answer.json["phoneProblem"]) == (shown, problem)


@pytest.mark.parametrize(
    ("queue", "skill"),
    [("Billing", "Billing"), ("billing", "Billing"), ("Billing_PQ", "Billing"), ("Unheard_of", None), ("", None)],
)
def test_a_queue_maps_to_the_skill_of_its_name_or_alias(
    gadget_api: Api, finesse: FinesseFake, queue: str, skill: str | None
) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    answer = desk.call_in("3125550142", queue).json
    assert (answer["queue"], answer["skill"]) == (queue or None, skill)
    (listed,) = desk.request("GET", SKILLS).json["skills"]
    assert listed == {"name": "Billing", "timeZone": "America/Chicago", "queues": ["Billing", "Billing_PQ"]}


@pytest.mark.parametrize("suffix", ["", "-01"])
def test_a_dialers_call_tells_the_callback_it_is_of(gadget_api: Api, finesse: FinesseFake, suffix: str) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    number = gadget_api.booked(phone="+13125550142", firstName="Grace")
    dialog = finesse.control.dialer_call("1042", "93125550142", BAAccountNumber=number + suffix)
    answer = desk.work_on(dialog).json
    assert (answer["phone"], answer["phoneProblem"], answer["accountNumber"]) == ("+13125550142", None, number)
    assert (answer["callback"]["accountNumber"], answer["callback"]["firstName"]) == (number, "Grace")
    (booked,) = answer["callback"]["history"]
    assert (booked["from"], booked["to"], booked["reason"]) == (None, "scheduled", "booked")


def test_a_dialers_call_of_somebody_elses_campaign_has_the_number_called(gadget_api: Api, finesse: FinesseFake) -> None:
    dialog = finesse.control.dialer_call("1042", "3125550142", BAAccountNumber="4711")
    answer = AgentDesk(gadget_api, finesse, "1042").work_on(dialog).json
    assert (answer["phone"], answer["accountNumber"], answer["callback"]) == ("+13125550142", None, None)


def test_of_two_calls_the_one_counts_that_the_agent_works_on(gadget_api: Api, finesse: FinesseFake) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    first, second = (finesse.control.call_in("1042", number) for number in ("3125550142", "3125550143"))
    assert [desk.work_on(one).json["phone"] for one in (first, second, first)] == [
        "+13125550142", "+13125550143", "+13125550142",
    ]  # fmt: skip


def test_a_call_of_another_agent_or_of_the_past_is_unknown(gadget_api: Api, finesse: FinesseFake) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    theirs, mine = finesse.control.call_in("1043", "3125550142"), finesse.control.call_in("1042", "3125550142")
    finesse.control.end(mine)
    for dialog in (theirs, mine, "0"):
        assert code(desk.work_on(dialog)) == (404, "unknown_call")
    assert {row.call_phone for row in gadget_api.world.rows(models.AgentSession)} == {None}


# --- Finesse down ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["down", "unavailable", "hang"])
def test_with_one_node_down_agents_are_let_in_by_the_other(gadget_api: Api, finesse: FinesseFake, mode: str) -> None:
    finesse.control.node(1, mode)
    desks = [AgentDesk(gadget_api, finesse, "1042") for _ in range(3)]
    assert all(map(works, desks))


@pytest.mark.parametrize("mode", ["down", "unavailable"])
def test_with_both_down_the_gadget_is_told_to_come_again_and_ivrs_notice_nothing(
    gadget_api: Api, finesse: FinesseFake, mode: str
) -> None:
    for node in (1, 2):
        finesse.control.node(node, mode)
    for _ in range(3):
        answer = log_in(gadget_api)
        assert code(answer) == (503, "finesse_unavailable")
        assert answer.headers["Retry-After"] == "5"
    assert gadget_api.book().status_code == 201
    for node in (1, 2):
        finesse.control.node(node, "up")
    assert log_in(gadget_api).status_code == 200
    assert gadget_api.world.rows(models.LoginLimit) == []


# --- off -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", [SESSION, f"{SESSION}/call", SKILLS, "/api/v1/gadget", "/api/v1/gadget/"])
def test_while_it_is_off_every_route_says_so_and_the_document_names_none(api: Api, method: str, path: str) -> None:
    assert code(api.request(method, path, key="")) == (403, "gadget_disabled")
    assert not any("gadget" in one for one in api.contract.document["paths"])


def test_a_session_of_before_is_of_no_use_while_it_is_off(gadget_api: Api, world: World, finesse: FinesseFake) -> None:
    desk = AgentDesk(gadget_api, finesse, "1042")
    with closing(RedisClient(NO_REDIS, 0.1)) as cache, closing(Api(world_of(world), cache)) as off:
        bearer = {"Authorization": f"Bearer {desk.token}"}
        answer = off.get("/api/v1/availability?skill=Billing", key="", headers=bearer)
        assert code(answer) == (401, "unauthorized")


def test_every_route_of_agents_but_the_login_needs_a_session(gadget_api: Api) -> None:
    assert blueprints_without_auth(gadget_api.app) == []
    for path, item in gadget_api.contract.document["paths"].items():
        for method in item:
            if method != "parameters" and (method, path) != ("post", SESSION):
                address = path.format(skill="Billing", account_number="01HZZZZZZZZZZZZZZZZZZZZZZZ")
                assert code(gadget_api.request(method.upper(), address, key="")) == (401, "unauthorized"), path


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_no_credential_is_kept_or_logged_nor_is_a_token_but_by_its_hash(
    gadget_api: Api, finesse: FinesseFake, caplog: pytest.LogCaptureFixture
) -> None:
    written = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(written))
    caplog.set_level(logging.DEBUG)
    try:
        sso = finesse.control.new_token("1043")
        desk = AgentDesk(gadget_api, finesse, "1042")
        desk.call_in("3125550142")
        assert log_in(gadget_api, "1043", authToken=sso).status_code == 200
        secrets = [PASSWORDS["1042"], desk.authorization, sso, desk.token, "wrong-secret",
                   authorization("1042", "wrong-secret"), "sso-that-is-wrong"]  # fmt: skip
        log_in(gadget_api, authorization=authorization("1042", "wrong-secret"))
        log_in(gadget_api, "1043", authToken="sso-that-is-wrong")
        for mode in ("down", "unavailable"):
            for node in (1, 2):
                finesse.control.node(node, mode)
            log_in(gadget_api)
            desk.work_on("1")
        desk.request("GET", SKILLS, headers={"Authorization": f"Bearer {desk.token}x"})
        security_log_of(gadget_api.app).close()
    finally:
        structlog.reset_defaults()
    with gadget_api.world.database.reading() as connection:
        rows = "".join(
            str(connection.execute(text(f'SELECT * FROM "{table}"')).all())  # noqa: S608 - our own tables
            for table in Base.metadata.tables
        )
    for secret in secrets:
        for where in (rows, written.getvalue(), caplog.text, str(finesse.control.requests())):
            assert secret not in where
    assert "finesse_node_down" in written.getvalue()
