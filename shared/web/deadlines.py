"""Each request has one deadline, from its first handler on (shared/deadline.py)."""

from flask import Flask, g, request

from shared import deadline


def register_deadline(app: Flask, seconds: float) -> None:
    """Give each request of `app` that many seconds; health checks have none: the first one connects and asks much."""

    @app.before_request
    def begin() -> None:
        if request.blueprint != "health":
            g.deadline = deadline.start(seconds)

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        token = g.pop("deadline", None)
        if token is not None:
            deadline.end(token)
