"""One table maps the product's codes to HTTP."""

import pytest

from shared.errors import Code
from shared.web.metrics import loggable
from shared.web.problems import PROBLEMS

FROM_THE_LOAD_BALANCER = {Code.REQUEST_TIMEOUT, Code.BAD_GATEWAY}


def test_every_code_has_its_status_and_title() -> None:
    assert set(Code) - set(PROBLEMS) <= FROM_THE_LOAD_BALANCER


def test_a_status_is_an_error_and_a_title_a_text() -> None:
    for code, (status, title) in PROBLEMS.items():
        assert 400 <= status < 600, code
        assert title
        assert not title.endswith(".")


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/api/v1/callbacks", "/api/v1/callbacks"),
        ("/api/v1/callbacks/01M82TPG207WFPJDA0MBJCC9MZ", "/api/v1/callbacks/01M82TPG207WFPJDA0MBJCC9MZ"),
        (
            "/api/v1/callbacks/01M82TPG207WFPJDA012345678-01/cancel",
            "/api/v1/callbacks/01M82TPG207WFPJDA012345678-01/cancel",
        ),
        ("/api/v1/callbacks/3125550142", "/api/v1/callbacks/***"),
        ("/api/v1/callbacks/+13125550142", "/api/v1/callbacks/+***"),
        ("/api/v1/callbacks/(312) 555-0142", "/api/v1/callbacks/(***"),
        ("/api/v1/callbacks/phone=312.555.0142;x", "/api/v1/callbacks/phone=***;x"),
        ("/tel:3125550142/01M82TPG207WFPJDA0MBJCC9MZx5550142", "/tel:***/01M82TPG207WFPJDA0MBJCC9MZx***"),
        ("/" + "x" * 500, "/" + "x" * 199),
    ],
)
def test_a_path_is_logged_without_numbers_and_not_without_end(path: str, logged: str) -> None:
    assert loggable(path) == logged
