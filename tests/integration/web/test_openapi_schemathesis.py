"""Valid and invalid requests generated from both OpenAPI documents are answered as these say.

Schemathesis generates the requests of each operation; they run in this process on a real database.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from services.admin_api.app import PREFIX
from services.admin_api.identity.roles import Role
from services.admin_api.identity.sessions import COOKIE
from tests.support.admin_api import Admin
from tests.support.booking_api import Api, add_key

pytestmark = [pytest.mark.timeout(400), pytest.mark.long]

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
Call = Callable[[Any], Any]

# Deterministic, so that a failure can be repeated. The number of valid and of invalid requests of each operation.
bounded = settings(
    max_examples=10,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def operations(app: Flask, address: str) -> Iterator[Any]:
    """Every operation of the document that is served at `address`."""
    for found in schemathesis.openapi.from_wsgi(address, app).get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def try_out(operation: Any, mode: GenerationMode, known: dict[str, str], call: Call) -> None:
    """Send requests of one operation; every second one uses existing resources: `known`, by parameter."""

    @bounded
    @given(case=operation.as_strategy(generation_mode=mode), exists=st.booleans())
    def one(case: Any, exists: bool) -> None:
        if exists:
            for part in (case.path_parameters, case.query, case.headers):
                part.update({name: known[name] for name in part if name in known})
        response = call(case)
        # Schemathesis would let `default` stand for any status.
        assert str(response.status_code) in operation.definition.raw["responses"], response.status_code
        case.validate_response(response, checks=CHECKS)

    one()


def broken(app: Flask, address: str, known: dict[str, str], call: Call) -> list[str]:
    """The operations whose answers break the document, each with the errors."""
    found = []
    for operation in operations(app, address):
        for mode in GenerationMode:
            try:
                try_out(operation, mode, known, call)
            except* AssertionError as errors:
                found.append(f"{mode.value} {operation.label}: {errors.exceptions}")
            except* Unsatisfiable:
                if mode is not GenerationMode.NEGATIVE or operation.body or operation.query:
                    raise  # for other operations the session is the only possible cause
    return found


def whole_answers(app: Any) -> Any:
    """The WSGI app, its answers read and closed as a server does: Schemathesis does not close those it reads."""

    def answered(environ: Any, start_response: Any) -> list[bytes]:
        answer = app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            if hasattr(answer, "close"):
                answer.close()

    return answered


def test_the_booking_api_keeps_to_its_document(api: Api) -> None:
    key = add_key(api.world, "all", "ivr", "ops")
    known = {"skill": "Billing", "campaign": "Billing_Callback", "account_number": api.booked()}

    def call(case: Any) -> Any:
        return case.call(headers={"X-API-Key": key})

    assert broken(api.app, "/api/v1/openapi.json", known, call) == []
    assert api.world.drift() == []


def test_the_admin_api_keeps_to_its_document(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin.app, "wsgi_app", whole_answers(admin.app.wsgi_app))
    person = admin.as_role(Role.ADMINISTRATOR)
    number = admin.world.book().callback.account_number
    known = {"id": "1", "skillId": "1", "campaignId": "1", "account_number": number, "name": "booking_horizon_days"}
    known |= {"from": "2026-11-20", "to": "2026-11-30", "status": "scheduled", "If-Match": "*"}

    def call(case: Any) -> Any:
        case.headers.update({"X-CSRF-Token": person.csrf, "Accept-Encoding": "identity"})
        response = case.call(cookies={COOKIE: person.session_token})
        if case.operation.path.endswith("/logout"):
            person.log_in(Role.ADMINISTRATOR)
        return response

    assert broken(admin.app, f"{PREFIX}/openapi.json", known, call) == []
    assert admin.world.drift() == []
