"""Test control under /_simulator/: JSON in, JSON out, no authentication, loopback only. README.md has the examples."""

import json
from collections.abc import Callable
from typing import Any

from deploy.sandbox.ucce_simulator import control_dialer, control_script
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.control_reset import reset
from deploy.sandbox.ucce_simulator.disturbances import from_json
from deploy.sandbox.ucce_simulator.wire import CONTROL_PATH, Answer, Request

Control = Callable[[Ucce, Request, Any], Any]


def _received(ucce: Ucce, request: Request, _: Any) -> Any:
    return {"requests": ucce.journal.received(request.query)}


def _duplicates(ucce: Ucce, _request: Request, _: Any) -> Any:
    return {"duplicates": ucce.journal.duplicates()}


def _taken(ucce: Ucce, _request: Request, _: Any) -> Any:
    return {"contacts": ucce.journal.taken()}


def _next_answers(ucce: Ucce, request: Request, body: Any) -> Any:
    if request.method == "POST":
        ucce.disturbances.add([from_json(value) for value in (body if isinstance(body, list) else [body])])
    elif request.method == "DELETE":
        ucce.disturbances.clear()
    return {"nextAnswers": ucce.disturbances.waiting()}


def _delay(ucce: Ucce, request: Request, body: Any) -> Any:
    if request.method == "POST":
        ucce.disturbances.set_delay(float(body["seconds"]))
    return {"seconds": ucce.disturbances.delay}


def _queue(ucce: Ucce, request: Request, body: Any) -> Any:
    if request.method == "POST":
        ucce.gate.places = int(body["places"])
    return {"places": ucce.gate.places, "taken": ucce.gate.taken}


def _skill_groups(ucce: Ucce, request: Request, body: Any) -> Any:
    if request.method == "POST":
        with ucce.store.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO skill_group VALUES (?, ?)", (int(body["id"]), str(body["name"])))
    return {"skillGroups": [dict(row) for row in ucce.store.rows("SELECT id, name FROM skill_group ORDER BY id")]}


def _behaviour(ucce: Ucce, request: Request, body: Any) -> Any:
    if request.method == "POST":
        ucce.behaviour.change(body)
    return ucce.behaviour.to_dict()


def _down(ucce: Ucce, request: Request, body: Any) -> Any:
    if request.method == "POST":
        ucce.down = {int(number) for number in body["workstations"]}
    return {"workstations": sorted(ucce.down)}


def _ready(_ucce: Ucce, _request: Request, _: Any) -> Any:
    return {"ready": True}


_CONTROLS: dict[str, tuple[Control, str]] = {
    "ready": (_ready, "GET"),
    "received": (_received, "GET"),
    "duplicates": (_duplicates, "GET"),
    "taken": (_taken, "GET"),
    "next-answers": (_next_answers, "GET POST DELETE"),
    "delay": (_delay, "GET POST"),
    "queue": (_queue, "GET POST"),
    "skill-groups": (_skill_groups, "GET POST"),
    "behaviour": (_behaviour, "GET POST"),
    "statuses": (control_dialer.statuses, "POST"),
    "down": (_down, "GET POST"),
    "purge": (control_dialer.purge, "POST"),
    "copy": (control_dialer.copy, "POST"),
    "reset": (reset, "POST"),
    "results": (control_dialer.results, "GET POST"),
    "dialer": (control_dialer.dialer, "GET POST"),
    "calls": (control_dialer.calls, "GET"),
    "script": (control_script.script, "GET POST"),
    "agents": (control_script.agents, "GET POST"),
    "transfers": (control_script.transfers, "GET"),
    "contacts": (control_dialer.contacts, "GET"),
}


def serve(ucce: Ucce, request: Request) -> Answer:
    """Wrong input is a 400 that says what is wrong; an unknown control a 404 that lists the known ones."""
    name = request.path.removeprefix(CONTROL_PATH).strip("/")
    if name not in _CONTROLS:
        return _json(404, {"error": f"no such control; there are {', '.join(sorted(_CONTROLS))}"})
    control, methods = _CONTROLS[name]
    if request.method not in methods.split():
        return _json(405, {"error": f"{name} takes {methods}"})
    try:
        return _json(200, control(ucce, request, json.loads(request.body) if request.body else {}))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return _json(400, {"error": f"{type(error).__name__}: {error}"})


def _json(status: int, value: Any) -> Answer:
    return Answer(status, json.dumps(value, indent=1).encode() + b"\n", "application/json")
