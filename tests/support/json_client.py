"""A test client for apps that answer in JSON."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class JsonResponse(TestResponse):
    @property
    def json(self) -> Any:
        """The parsed body. An answer that is not JSON fails the test; werkzeug's own has None for it."""
        assert self.is_json, f"{self.status} {self.mimetype}: {self.text[:200]}"
        return self.get_json()


class JsonClient(FlaskClient):
    """As `app.test_client()`, but an answer is read to its end at once."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, JsonResponse)

    def open(self, *args: Any, **kwargs: Any) -> JsonResponse:
        response = super().open(*args, buffered=True, **kwargs)
        assert isinstance(response, JsonResponse)
        return response

    def get(self, *args: Any, **kwargs: Any) -> JsonResponse:
        return self.open(*args, method="GET", **kwargs)
