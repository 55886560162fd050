"""`python -m deploy.sandbox.demo`: book a callback as an IVR would, follow it to its result, show its timeline.

It uses the system that runs from var/ (see CM_VAR_DIR), or starts one for itself.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import requests

from deploy.sandbox import checks, demo_env, signals
from deploy.sandbox.timeline import print_timeline

TIMEOUT_SECONDS = 50.0  # from the booking to the result: a cycle, a call, a cycle, and room
POLL_SECONDS = 0.2
_AGENT = "1042"
FINAL = ("completed", "failed", "expired", "cancelled")


class DemoFailed(Exception):
    """The demo could not go on; the text says at which step and what the system answered."""


class Ivr:
    """The IVR's side of the booking API."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._base = f"{env['CM_URL']}/api/v1"
        self._session = requests.Session()
        self._session.headers["X-API-Key"] = env["CM_IVR_KEY"]

    def ask(self, step: str, method: str, path: str, **request: Any) -> Any:
        """One call, answered within the 5 s that CVP waits. Raises DemoFailed."""
        try:
            response = self._session.request(method, f"{self._base}{path}", timeout=5, **request)
        except requests.RequestException as error:
            raise DemoFailed(f"{step}: no answer from {self._base} ({type(error).__name__}).") from error
        if not response.ok:
            raise DemoFailed(f"{step}: HTTP {response.status_code}: {response.text.strip()}")
        return response.json()


def main() -> None:
    argparse.ArgumentParser(prog="python -m deploy.sandbox.demo", description=__doc__).parse_args()
    signals.interrupt_on_stop_signals()
    var = signals.var_directory()
    env = demo_env.read(var)
    runs = bool(env) and checks.http_answers(f"{env['CM_URL']}/health/ready")
    try:
        with nullcontext() if runs else signals.running_stack(var, print) as stack:
            _demo(stack.env if stack else env)
    except DemoFailed as error:
        sys.exit(f"\nThe demo failed. {error}")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted.")


def _demo(env: Mapping[str, str]) -> None:
    ivr, skill = Ivr(env), env["CM_DEMO_SKILL"]
    print(f"\nA caller of {skill} meets a long queue. The IVR asks for free slots …")
    free = ivr.ask("Asking for slots", "GET", "/availability", params={"skill": skill})
    print(
        f"  {free['available']} free places: " + ", ".join(f"{day['date']}: {day['available']}" for day in free["days"])
    )
    booked = _book(ivr, skill)
    began = time.monotonic()
    number = booked["accountNumber"]
    print(f"The caller takes one now. Booked: {number}, {booked['phone']}, due {booked['start']}\n")
    outcome = _follow(ivr, number, began)
    _tell_of_the_script(env, number)
    print(f"\n{outcome.capitalize()} {time.monotonic() - began:.1f} s after the booking. Its timeline:\n")
    print_timeline(env["CM_DATABASE_URL"], number)
    _demo_personal(env, ivr, skill)


def _demo_personal(env: Mapping[str, str], ivr: Ivr, skill: str) -> None:
    """A callback of an agent who is busy when the customer answers."""
    simulated = _set_busy(env, [_AGENT])
    booked = _book(ivr, skill, agentId=_AGENT)
    began, number = time.monotonic(), booked["accountNumber"]
    print(f"\nA personal callback, for agent {_AGENT}{', who is busy' if simulated else ''}: {number}")
    print(f"  the script is to wait {booked['agentWaitSeconds']} s for the agent, then: {booked['agentPolicy']}\n")
    _follow(ivr, number, began)
    _tell_of_the_script(env, number)
    _set_busy(env, [])
    print("\nIts timeline:\n")
    print_timeline(env["CM_DATABASE_URL"], number)


def _set_busy(env: Mapping[str, str], agents: list[str]) -> bool:
    """Let these agents alone be busy where UCCE is our simulator; whether it is."""
    try:
        return requests.post(f"{_simulator(env)}/agents", json={"busy": agents}, timeout=5).ok
    except requests.RequestException:
        return False


def _book(ivr: Ivr, skill: str, **more: str) -> dict[str, Any]:
    """Book for the present minute, so that the call comes at once."""
    body = {
        "phone": f"+1312{secrets.randbelow(7_000_000) + 2_000_000}",
        "start": datetime.now(UTC).replace(second=0, microsecond=0).isoformat(),
        "skill": skill,
        "callId": f"demo-{secrets.token_hex(4)}",
        "callData": {"customerId": "A-77", "reason": "invoice"},
        **more,
    }
    key = {"Idempotency-Key": secrets.token_hex(16)}
    booked: dict[str, Any] = ivr.ask("Booking", "POST", "/callbacks", json=body, headers=key)
    return booked


def _follow(ivr: Ivr, number: str, began: float) -> str:
    """Print every change of status until the callback has a result; return its last status."""
    shown_status = None
    while True:
        callback = ivr.ask("Following the callback", "GET", f"/callbacks/{number}")
        status: str = callback["status"]
        if status != shown_status:
            print(f"  {time.monotonic() - began:5.1f} s  {_MEANING.get(status, status)}")
            shown_status = status
        if status in FINAL:
            return status
        if time.monotonic() - began > TIMEOUT_SECONDS:
            raise DemoFailed(
                f"{number} is still {status} after {TIMEOUT_SECONDS:g} s. See /ops/status and the workers' logs."
            )
        time.sleep(POLL_SECONDS)


def _tell_of_the_script(env: Mapping[str, str], number: str) -> None:
    """Print what the script behind the route point did with the answered call, when UCCE is our simulator."""
    for call in _transfers(env, number):
        print(f"\nThe customer answered: UCCE transferred the call to route point {call['routePoint']}.")
        fetched = call["fetched"]
        if fetched and fetched["status"] == 200:
            print(
                f"Its script fetched the callback {call['accountNumber']}: {fetched['skill']}, {fetched['callData']},"
            )
            print(f"and queued the call to {call['queuedTo']}.")


def _transfers(env: Mapping[str, str], number: str) -> list[dict[str, Any]]:
    url = f"{_simulator(env)}/transfers"
    deadline = time.monotonic() + 2
    while True:
        try:
            calls: list[dict[str, Any]] = requests.get(url, {"accountNumber": number}, timeout=5).json()["transfers"]
        except (requests.RequestException, ValueError, KeyError):
            return []  # a real UCCE has no such path
        if (calls and all(call["fetched"] for call in calls)) or time.monotonic() > deadline:
            return calls
        time.sleep(POLL_SECONDS)


def _simulator(env: Mapping[str, str]) -> str:
    """Its test control, over plain HTTP; a real UCCE has no such path."""
    return env["CM_UCCE_URL"].replace("https://", "http://") + "/_simulator"


_MEANING = {
    "scheduled": "scheduled  it waits for its minute",
    "importing": "importing  the master worker hands it to UCCE",
    "imported": "imported   UCCE has it and dials",
    "completed": "completed  the customer answered",
    "failed": "failed     UCCE could not bring customer and agent together",
}


if __name__ == "__main__":
    main()
