"""Error bodies of UCCE in every form that its releases print, and of others that stand before it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dialer_sync.ucce.client import _answer
from services.dialer_sync.ucce.error_bodies import api_errors, page_words
from services.dialer_sync.ucce.errors import Refused, UcceError, Unknown

SAID = "Phone01: must be digits, # or *"
REASON = SAID.partition(": ")[2]
BODIES = {
    "15.0, XML": f"<apiErrors><apiError><errorData>Phone01</errorData><errorMessage>{REASON}</errorMessage>"
    "<errorType>invalidInput.format</errorType></apiError></apiErrors>",
    "one apiError as root": f"<apiError><errorData>Phone01</errorData><errorMessage>{REASON}</errorMessage></apiError>",
    "texts below errorDetail": f"<apiErrors><apiError><errorDetail><error>{SAID}</error></errorDetail></apiError>"
    "</apiErrors>",
    "errorDetail with a column": "<apiErrors><apiError><errorMessage>Import failed</errorMessage><errorDetail><error>"
    f"<columnName>Phone01</columnName><errorMessage>{REASON}</errorMessage><row>1</row></error></errorDetail>"
    "</apiError></apiErrors>",
    "15.0, JSON": json.dumps(
        {"apiError": [{"errorData": "Phone01", "errorMessage": REASON, "errorType": "invalidInput.format"}]}
    ),
    "JSON, one": json.dumps({"apiErrors": {"apiError": {"errorData": "Phone01", "errorMessage": REASON}}}),
    "JSON, list": json.dumps({"apiErrors": [{"errorData": "Phone01", "errorMessage": REASON}]}),
    "12.5, JSON": json.dumps({"apiError": {"errorDetail": {"error": {"column": "Phone01", "message": REASON}}}}),
    "12.5, JSON texts": json.dumps({"apiError": [{"errorDetail": {"error": [SAID]}}]}),
}


@pytest.mark.parametrize("form", BODIES)
def test_column_and_reason_are_read_in_every_form(form: str) -> None:
    body = BODIES[form].encode()
    assert [str(error) for error in api_errors(body)] == [SAID]
    assert [str(error) for error in api_errors(b"\n" + body)] == [SAID]
    with pytest.raises(Refused) as caught:
        _answer(400, None, body, wrote=True)
    assert (caught.value.message, caught.value.by_ucce) == (SAID, True)


def test_several_errors_of_one_body_are_several_reasons() -> None:
    details = [{"column": f"Phone0{n}", "message": "bad"} for n in range(1, 4)]
    body = json.dumps({"apiError": [{"errorDetail": {"error": details}}, {"errorMessage": "and more"}]}).encode()
    assert [str(error) for error in api_errors(body)] == ["Phone01: bad", "Phone02: bad", "Phone03: bad", "and more"]


def test_the_limits_in_an_error_detail_are_no_reasons_of_their_own() -> None:
    body = (
        b"<apiErrors><apiError><errorData>f</errorData><errorDetail><min>1</min><max>9</max></errorDetail>"
        b"<errorMessage>m</errorMessage></apiError><apiError/></apiErrors>"
    )
    assert [str(error) for error in api_errors(body)] == ["f: m", ""]


FOREIGN = [
    b"", b"<html>", b"<html><apiErrors/></html>", b'{"error": "no"}', b'"apiErrors"', b"[1, 2]", b"{", b"null",
    b'[{"message": "no"}]', b'{"message": {"apiError": []}}', b"[" * 100_000, b"apiErrors", b"<oops",
]  # fmt: skip


@pytest.mark.parametrize("body", FOREIGN, ids=lambda body: repr(body[:20]))
def test_an_answer_of_a_proxy_proves_nothing(body: bytes) -> None:
    assert api_errors(body) == []
    with pytest.raises(Unknown):
        _answer(400, None, body, wrote=True)


def test_what_a_page_says_is_told_without_markup_and_numbers() -> None:
    page = (
        b"<!DOCTYPE html><html><head><title>HTTP Status 500</title><style>h1 {}</style></head><body><h1>Internal"
        b" Server Error</h1><p>row\n13125550142 &amp; more</p><script>go()</script></body></html>"
    )
    assert page_words(page) == "HTTP Status 500 Internal Server Error row …42 & more"
    with pytest.raises(Unknown, match=r"500 without UCCE's own error body.*HTTP Status 500 Internal Server Error"):
        _answer(500, None, page, wrote=True)
    assert len(page_words(b"x" * 1000)) == 160


def test_a_redirect_says_where_to_without_its_query_s_secrets() -> None:
    with pytest.raises(Unknown, match=r"302 .*go to https://sso\.example/login\"$"):
        _answer(302, "https://sso.example/login?ticket=abc", b"", wrote=False)


@given(st.binary(max_size=300), st.sampled_from([200, 302, 400, 404, 500]))
def test_no_body_breaks_the_reading(body: bytes, status: int) -> None:
    try:
        _answer(status, None, body, wrote=True)
    except UcceError as error:
        assert error.message
