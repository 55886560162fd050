"""The agent desktop: sign-in, the container page, notifications.

The strict policy is that of releases from 15.0(1) SU1 on (Finesse administration guide, "Content Security Policy").
"""

import json
import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, redirect, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from deploy.sandbox.finesse.agents import Agent
from deploy.sandbox.finesse.cluster import Desktop, Here, here

STATIC = Path(__file__).parent / "static"
COOKIE = "finesse-desktop"
CSP = "default-src 'self'; frame-ancestors 'self'"
_HEARTBEAT_SECONDS = 1.0  # between two looks of an event stream at its node

blueprint = Blueprint("desktop", __name__)


@blueprint.after_request
def strict(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CSP
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/")
def root() -> AnyResponse:
    return redirect("/desktop/container/")


@blueprint.get("/desktop/container/")
def container() -> Response:
    signed_in = request.cookies.get(COOKIE, "") in here().cluster.desktops
    return send_from_directory(STATIC, "container.html" if signed_in else "sign-in.html")


@blueprint.get("/desktop/static/<name>")
def static(name: str) -> Response:
    return send_from_directory(STATIC, name)


@blueprint.get("/desktop/assets/js/finesse.min.js")
def library() -> Response:
    return send_from_directory(STATIC, "finesse.js")


@blueprint.post("/desktop/sign-in")
def sign_in() -> AnyResponse:
    form, cluster = request.form, here().cluster
    agent = cluster.agents.get(form.get("id", ""))
    if agent is None or form.get("password") != agent.password:
        refused = send_from_directory(STATIC, "sign-in.html")
        refused.status_code = 401
        return refused
    locale, theme = form.get("locale") or "en_US", form.get("theme") or "light"
    cookie = cluster.sign_in(agent, sso="sso" in form, locale=locale, theme=theme)
    response = redirect("/desktop/container/")
    # Cookies know no ports: on one machine both nodes get it.
    response.set_cookie(COOKIE, cookie, secure=True, httponly=True, samesite="Lax")
    return response


@blueprint.get("/desktop/state")
def state() -> Response:
    """What the page of the container begins with. It goes to the frames by postMessage, never into their addresses."""
    desktop, place = signed_in(), here()
    return jsonify(
        {
            "config": _config(desktop, place),
            "state": desktop.agent.state,
            "node": place.node,
            "otherNode": place.other_url,
            "dialogs": [dialog.summary() for dialog in place.cluster.dialogs_of(desktop.agent.id)],
        }
    )


@blueprint.get("/desktop/events")
def events() -> Response:
    return Response(_events(here(), signed_in().agent), mimetype="text/event-stream")


def signed_in() -> Desktop:
    """The desktop of this request. Aborts with 401 when there is none."""
    desktop = here().cluster.desktops.get(request.cookies.get(COOKIE, ""))
    if desktop is None:
        abort(401)
    return desktop


def _config(desktop: Desktop, place: Here) -> dict[str, Any]:
    """finesse.gadget.Config: fields of developer.cisco.com/docs/finesse/gadget-configuration."""
    agent, own = desktop.agent, urlsplit(place.url)
    language, _, country = desktop.locale.partition("_")
    return {
        "authorization": "" if desktop.sso else agent.authorization,
        "authToken": agent.token if desktop.sso else "",
        "id": agent.id,
        "extension": agent.extension,
        "host": own.hostname,
        "hostPort": str(own.port),
        "locale": desktop.locale,
        "language": language,
        "country": country,
        "theme": desktop.theme,
    }


def _events(place: Here, agent: Agent) -> Iterator[str]:
    """Server-sent events while the node is up. Begins with a comment: the browser knows then that it is connected."""
    listener = place.cluster.listen(agent.id)
    try:
        yield ": connected\n\n"
        while place.cluster.modes[place.node] in ("up", "unavailable"):
            try:
                message = listener.get(timeout=_HEARTBEAT_SECONDS)
            except queue.Empty:
                message = {"topic": "heartbeat"}
            if message is not None:
                yield f"data: {json.dumps(message)}\n\n"
    finally:
        place.cluster.forget(agent.id, listener)
