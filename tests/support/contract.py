"""Checks answers against the OpenAPI document that the service itself serves."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from openapi_schema_validator import OAS30Validator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from services.booking_api.ivr.schemas import VoiceProblemSchema
from shared.web.openapi import ProblemSchema
from shared.web.problems import PROBLEMS

_documents: dict[tuple[str, ...], dict[str, Any]] = {}  # by the routes of the app
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document as it is served. It is read once for all apps with the same routes."""
    routes = tuple(sorted(f"{rule.rule} {rule.endpoint}" for rule in app.url_map.iter_rules()))
    if routes not in _documents:
        (path,) = (rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith("/openapi.json"))
        _documents[routes] = app.test_client().get(path).get_json()
    return _documents[routes]


def documented_path(rule: str) -> str:
    """Flask's `/callbacks/<string:account_number>` as OpenAPI writes it."""
    return _ARGUMENT.sub(r"{\1}", rule)


class Contract:
    """The OpenAPI document of an app. `check` raises AssertionError for an answer that breaks it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.document = document(app)

    def check(self, method: str, path: str, response: TestResponse) -> None:
        assert response.status_code < 500 or response.status_code == 503, response.text
        assert re.fullmatch(r"[A-Za-z0-9._:/+=@-]{1,128}", response.headers["X-Request-ID"])
        if response.status_code >= 400 and not path.startswith("/health/"):
            self._check_problem(response)
        operation = self._operation(method, path)
        if operation is None:
            return
        documented = operation["responses"].get(str(response.status_code))
        assert documented is not None, f"{method} {path} answers {response.status_code}, which is not documented"
        if response.status_code >= 400 and response.mimetype == "application/problem+json":
            code = response.get_json()["code"]
            assert f"`{code}`" in documented.get("description", ""), f"{method} {path}: {code} is not documented"
        self._check_content(documented, response)

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        try:
            rule, _ = self._app.url_map.bind("localhost").match(unquote(urlsplit(path).path), method, return_rule=True)
        except HTTPException:  # no such route
            return None
        found: dict[str, Any] | None = self.document["paths"].get(documented_path(rule.rule), {}).get(method.lower())
        return found

    def _check_problem(self, response: TestResponse) -> None:
        if response.request.method == "HEAD":
            return
        assert response.mimetype == "application/problem+json", response.text
        voice = urlsplit(response.request.path).path.startswith("/api/v1/ivr")
        body = (VoiceProblemSchema if voice else ProblemSchema)().load(response.get_json())
        assert body["status"] == response.status_code
        assert body["requestId"] == response.headers["X-Request-ID"]
        assert body["title"] == dict(PROBLEMS)[body["code"]][1]
        if "retryAfter" in body:
            assert response.headers["Retry-After"] == str(body["retryAfter"])

    def _check_content(self, documented: dict[str, Any], response: TestResponse) -> None:
        content = documented.get("content")
        if content is None:
            assert response.data == b""
            return
        assert response.mimetype in content, f"{response.mimetype} is not documented"
        root = {"allOf": [content[response.mimetype]["schema"]], "components": self.document["components"]}
        body = response.json if str(response.mimetype).endswith("json") else response.text
        errors = [f"{error.json_path}: {error.message}" for error in OAS30Validator(root).iter_errors(body)]
        assert not errors, errors
