"""Every response has an X-Request-ID: the client's own if it sent a sane one, else ours."""

import re

from flask import Flask, Response, g, request
from ulid import ULID

_SANE_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")


def register_request_id(app: Flask) -> None:
    """Give each request of `app` its id, and each response the headers that all of ours have."""

    @app.before_request
    def begin() -> None:
        provided = request.headers.get("X-Request-ID", "")
        g.request_id = provided if _SANE_ID.fullmatch(provided) else str(ULID())

    @app.after_request
    def end(response: Response) -> Response:
        headers = response.headers
        headers.add("X-Request-ID", g.get("request_id", ""))
        headers.add("X-Content-Type-Options", "nosniff")
        if "Cache-Control" not in headers:
            headers.add("Cache-Control", "no-store")
        if response.status_code == 204:
            headers.pop("Content-Type", None)  # of a body that there is not
        return response
