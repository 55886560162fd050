"""A Postman collection (format 2.1) of the extract: one request per call, in the order of a call's life, with checks.

The requests hand values on as a caller's dialogue does: the offer's slot to the booking, its account number to the
fetch. Each answer that is no problem is checked against its schema in the extract.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.cvp.extract import answer_schema, operations, resolved

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
VARIABLES = {"baseUrl": "http://127.0.0.1:8080", "client": "demo-ivr", "key": "", "skill": "Billing"}


@dataclass(frozen=True)
class Step:
    """A request with its fields, and the code that is expected of it: as `result`, or as a problem with `status`."""

    name: str
    operation: str
    fields: Mapping[str, str]
    expected: str = "ok"
    status: int = 200


_CALLER = {"phone": "{{phone}}", "callId": "{{callId}}"}
_BOOKING = {"slot": "1", **_CALLER, "data_reason": "invoice"}
STEPS = (
    Step("Offer slots", "offerSlots", {"skill": "{{skill}}", **_CALLER, "max": "5"}),
    Step("Offer slots: Spanish, afternoons", "offerSlots",
         {"skill": "{{skill}}", "phone": "{{phone}}", "max": "3", "part": "afternoon", "language": "es"}),
    Step("Offer slots: unknown skill", "offerSlots",
         {"skill": "Nobody", "phone": "{{phone}}", "always200": "true"}, "unknown_skill"),
    Step("Book a slot of the offer", "bookOfferedSlot", _BOOKING, status=201),
    Step("Book it again: the same callback", "bookOfferedSlot", _BOOKING),
    Step("Book a second one: refused", "bookOfferedSlot",
         {"skill": "{{skill}}", "start": "{{slot2}}", "phone": "{{phone}}", "always200": "true"}, "duplicate_callback"),
    Step("Fetch the callback on the answered call", "fetchCallback", {"account": "{{accountNumber}}-01"}),
    Step("Report the end of a personal callback: this is none", "reportVoiceAgentOutcome",
         {"account": "{{accountNumber}}", "outcome": "skill"}, "not_personal", 409),
    Step("The caller declined", "declineOffer",
         {"skill": "{{skill}}", "callId": "{{callId}}-2", "outcome": "declined"}),
)  # fmt: skip

_FIRST = """\
pm.collectionVariables.set('phone', '+1312' + (2000000 + Math.floor(Math.random() * 7000000)));
pm.collectionVariables.set('callId', 'postman-' + Date.now());"""


def collection(document: Mapping[str, Any]) -> dict[str, Any]:
    """The collection of an extract. Every call of it has a request."""
    known = {operation["operationId"]: (method, path, operation) for method, path, operation in operations(document)}
    missing = set(known) - {step.operation for step in STEPS}
    if missing:
        raise ValueError(f"deploy/cvp/postman.py has no request for {', '.join(sorted(missing))}")
    return {
        "info": {
            "name": document["info"]["title"],
            "description": "Made from openapi.json: set `baseUrl`, `client` and `key`, then run it from top to bottom.",
            "schema": SCHEMA,
        },
        "auth": _basic("{{client}}", "{{key}}"),
        "variable": [{"key": name, "value": value} for name, value in VARIABLES.items()],
        "event": [_event("test", _as_documented(document))],
        "item": [_item(document, step, *known[step.operation]) for step in STEPS],
    }


def _item(
    document: Mapping[str, Any], step: Step, method: str, path: str, operation: Mapping[str, Any]
) -> dict[str, Any]:
    in_query = {one["name"] for one in (resolved(document, part) for part in operation.get("parameters", []))
                if one["in"] == "query"}  # fmt: skip
    query = {name: value for name, value in step.fields.items() if name in in_query}
    body = {name: value for name, value in step.fields.items() if name not in in_query}
    if body and method == "GET":
        raise ValueError(f"{step.name}: {path} has no {', '.join(body)}")
    request: dict[str, Any] = {
        "method": method,
        "description": operation["summary"],
        "header": [],
        "url": {
            "raw": "{{baseUrl}}" + path + _query_text(query),
            "host": ["{{baseUrl}}"],
            "path": path.strip("/").split("/"),
            "query": [{"key": key, "value": value} for key, value in query.items()],
        },
    }
    if method != "GET":
        request["body"] = _form(body)
    events = [_event("test", _checks(step))]
    if step is STEPS[0]:
        events.append(_event("prerequest", _FIRST))
    return {"name": step.name, "event": events, "request": request, "response": []}


def _query_text(query: Mapping[str, str]) -> str:
    return "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""


def _form(fields: Mapping[str, str]) -> dict[str, Any]:
    """As CVP sends it."""
    form = [{"key": key, "value": value, "type": "text"} for key, value in fields.items()]
    return {"mode": "urlencoded", "urlencoded": form}


def _as_documented(document: Mapping[str, Any]) -> str:
    """The check of every answer that is no problem against the schema of its call."""
    schemas = {path: answer_schema(document, operation) for _, path, operation in operations(document)}
    return f"""\
const schema = {json.dumps(schemas)}[pm.request.url.getPath()];
if (schema && pm.response.code < 400)
    pm.test('is as documented', () => pm.response.to.have.jsonSchema(schema));"""


def _checks(step: Step) -> str:
    name = "result" if step.status < 400 else "code"
    lines = [
        "const answer = pm.response.json();",
        f"pm.test('status is {step.status}', () => pm.response.to.have.status({step.status}));",
        f"pm.test('{name} is {step.expected}', () => pm.expect(answer.{name}).to.equal('{step.expected}'));",
    ]
    kept = {"offerSlots": ("slot2", "slot2Start"), "bookOfferedSlot": ("accountNumber", "accountNumber")}
    if step.expected == "ok" and "callId" in step.fields and step.operation in kept:
        variable, field = kept[step.operation]
        lines.append(f"pm.collectionVariables.set('{variable}', answer.{field});")
    return "\n".join(lines)


def _event(kind: str, script: str) -> dict[str, Any]:
    return {"listen": kind, "script": {"type": "text/javascript", "exec": script.split("\n")}}


def _basic(user: str, password: str) -> dict[str, Any]:
    return {
        "type": "basic",
        "basic": [
            {"key": "username", "value": user, "type": "string"},
            {"key": "password", "value": password, "type": "string"},
        ],
    }
