"""Methods and paths that the booking API has, and those that it does not have."""

import pytest

from tests.support.booking_api import Api, code

NOBODY = "01HZZZZZZZZZZZZZZZZZZZZZZZ"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/v1/callbacks", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("DELETE", "/api/v1/callbacks", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("PUT", f"/api/v1/callbacks/{NOBODY}", {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH"}),
        ("POST", f"/api/v1/callbacks/{NOBODY}", {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH"}),
        ("GET", f"/api/v1/callbacks/{NOBODY}/cancel", {"OPTIONS", "POST"}),
        ("DELETE", f"/api/v1/callbacks/{NOBODY}/reschedule", {"OPTIONS", "POST"}),
        ("POST", "/api/v1/availability", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/api/v1/callback-requests", {"OPTIONS", "POST"}),
        ("BREW", "/api/v1/callbacks", {"GET", "HEAD", "OPTIONS", "POST"}),
    ],
)
def test_another_method_is_405_and_told_which_there_are(api: Api, method: str, path: str, allowed: set[str]) -> None:
    response = api.request(method, path)

    assert code(response) == (405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == allowed


def test_head_answers_as_get_without_a_body(api: Api) -> None:
    account_number = api.booked()

    for path in (f"/api/v1/callbacks/{account_number}", "/api/v1/availability?skill=Billing"):
        got, head = api.get(path), api.request("HEAD", path)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert api.request("HEAD", f"/api/v1/callbacks/{NOBODY}").status_code == 404


def test_options_tells_the_methods(api: Api) -> None:
    response = api.request("OPTIONS", "/api/v1/callbacks")

    assert (response.status_code, response.data) == (200, b"")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "path", ["/", "/api/v1", "/api/v1/callback", "/api/v1/skills/Billing", "/api/v2/callbacks",
             "/api/v1/callbacks/%2e%2e/x", "/api/v1/skills/a/b", f"/api/v1/{'x/' * 2000}", "/%00", "/%FF"],
)  # fmt: skip
def test_an_address_where_nothing_is_answers_404(api: Api, path: str) -> None:
    assert code(api.get(path)) == (404, "not_found")
