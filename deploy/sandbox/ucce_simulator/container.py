"""The web container around the API, by the switches of behaviour.py: start, login, sessions, error pages."""

import html
import json
import secrets
from xml.etree import ElementTree

from deploy.sandbox.ucce_simulator import xmlbody
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.wire import Answer, Request

_HTML = "text/html;charset=UTF-8"


def instead_of_ucce(ucce: Ucce, request: Request) -> Answer | None:
    """The answer that the container gives instead of UCCE; None when UCCE itself answers."""
    state = ucce.behaviour.of("webContainer")
    if state == "starting":
        return Answer(404, page("HTTP Status 404 - Not Found"), _HTML)
    if state == "login":
        return Answer(302, page("Login"), _HTML, {"Location": "/unifiedconfig/login.jsp"})
    if ucce.behaviour.of("sessions") == "cookie" and not ucce.sessions & set(_session_ids(request)):
        number = secrets.token_hex(8)
        ucce.sessions.add(number)
        cookie = f"JSESSIONID={number}; Path=/unifiedconfig; HttpOnly"
        return Answer(302, page("Moved"), _HTML, {"Location": request.target, "Set-Cookie": cookie})
    return None


def in_its_words(ucce: Ucce, answer: Answer) -> Answer:
    """The answer with its error body in the form that the switch `errorBodies` sets."""
    shape = ucce.behaviour.of("errorBodies")
    if answer.status < 400 or shape == "xml" or not answer.body.lstrip().startswith(b"<"):
        return answer
    root = ElementTree.fromstring(answer.body)  # noqa: S314 - written by this process
    if root.tag != "apiErrors":
        return answer
    reasons = [{child.tag: child.text or "" for child in error} for error in root]
    if shape == "html":
        return Answer(answer.status, page(f"HTTP Status {answer.status}"), _HTML, answer.headers)
    if shape == "json":
        body = json.dumps({"apiErrors": {"apiError": reasons}}).encode()
        return Answer(answer.status, body, "application/json;charset=UTF-8", answer.headers)
    texts: list[xmlbody.Node] = [("error", f"{one.get('errorData', '')}: {one['errorMessage']}") for one in reasons]
    return Answer(answer.status, xmlbody.render("apiError", [("errorDetail", texts)]), headers=answer.headers)


def page(title: str) -> bytes:
    title = html.escape(title)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>".encode()


def _session_ids(request: Request) -> list[str]:
    pairs = (pair.strip().partition("=") for pair in request.headers.get("Cookie", "").split(";"))
    return [value for name, _, value in pairs if name == "JSESSIONID"]
