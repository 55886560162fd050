"""Every response has an X-Request-ID: the client's own if it sent a sane one, else ours."""

import re

from flask import Flask, Response, g, request
from ulid import ULID

_SANE_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")


def register_request_id(app: Flask) -> None:
    """Give each request of `app` its id, and each response the headers that all of ours have."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _SANE_ID.fullmatch(given) else str(ULID())

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        if response.status_code == 204:
            response.headers.pop("Content-Type", None)  # of a body that there is not
        return response
