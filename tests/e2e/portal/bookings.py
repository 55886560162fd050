"""Bookings as an IVR makes them, through the booking API."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.support.until import until

NAMES = (
    ("Maria", "Lopez"),
    ("James", "Chen"),
    ("Priya", "Nair"),
    ("Tom", "Becker"),
    ("Aisha", "Khan"),
    ("Lena", "Ortiz"),
)
REASONS = ("invoice", "cancellation", "new contract", "technician visit")


def phone(number: int) -> str:
    """A valid North American number, another one for each `number` below 9,900."""
    return f"+1312{200 + number // 100}{number % 100:02d}{number % 89 + 10:02d}"


def free_slots(url: str, key: str, skill: str, days: int = 2) -> list[dict[str, object]]:
    """Slots of the coming business days with room. A slot that has begun is left out: its callbacks are due at once."""
    query = {"detail": "slots", "days": days}
    response = _within_the_rate(f"{url}/api/v1/skills/{skill}/availability", key, "GET", params=query)
    response.raise_for_status()
    soon = datetime.now(UTC) + timedelta(minutes=1)
    return [
        slot
        for day in response.json()["days"]
        for slot in day["slots"]
        if slot["available"] and datetime.fromisoformat(str(slot["start"])) > soon
    ]


def book(url: str, key: str, skill: str, start: str, number: int) -> dict[str, object]:
    """Book a callback for the `number`-th customer; the answer's body, also of a refusal."""
    first, last = NAMES[number % len(NAMES)]
    body = {"phone": phone(number), "start": start, "skill": skill, "callId": f"call-{number}", "firstName": first,
            "lastName": last,
            "callData": {"reason": REASONS[number % len(REASONS)], "customerId": f"A-{1000 + number}"}}  # fmt: skip
    response = _within_the_rate(f"{url}/api/v1/callbacks", key, "POST", json=body)
    answer: dict[str, object] = response.json()
    return answer


def _within_the_rate(url: str, key: str, method: str, **more: Any) -> requests.Response:
    """Send again while the answer is 429."""

    def ask() -> list[requests.Response]:
        response = requests.request(method, url, headers={"X-API-Key": key}, timeout=10, **more)
        return [] if response.status_code == 429 else [response]

    return until(ask, what="a place in the rate limit")[0]


def book_a_busy_day(url: str, key: str, skills: tuple[str, ...] = ("Billing", "Sales")) -> int:
    """Fill some slots, half-fill others, always the same ones; returns the number of callbacks."""
    chance = random.Random(7)
    number = 0
    for skill in skills:
        for slot in free_slots(url, key, skill)[:40]:
            room = int(str(slot["available"]))
            for _ in range(min(room, chance.choice((0, 1, 2, room // 2, room)))):
                book(url, key, skill, str(slot["start"]), number)
                number += 1
    return number
