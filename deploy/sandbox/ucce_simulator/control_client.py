"""Test control as methods, for tests that talk to a running simulator."""

from typing import Any

import requests


class Control:
    """The controls (README.md). Every method raises requests.HTTPError with the simulator's message in it."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._session = requests.Session()
        self._session.trust_env = False

    def ask(self, method: str, name: str, body: Any = None, /, **query: Any) -> Any:
        """One control call; gives its JSON."""
        url = f"{self._base}/_simulator/{name}"
        response = self._session.request(method, url, json=body, params=query, timeout=30)
        if not response.ok:
            raise requests.HTTPError(f"{name}: {response.status_code} {response.text}", response=response)
        return response.json()

    def received(self, **query: Any) -> list[dict[str, Any]]:
        """Requests UCCE received, in order; filters: after, method, kind, status, path, limit."""
        return list(self.ask("GET", "received", **query)["requests"])

    def duplicates(self) -> list[dict[str, Any]]:
        """Account numbers taken more than once."""
        return list(self.ask("GET", "duplicates")["duplicates"])

    def taken(self) -> list[str]:
        """Account numbers of every contact ever taken, in order, duplicates included."""
        return [contact["accountNumber"] for contact in self.ask("GET", "taken")["contacts"]]

    def calls(self, account_number: str = "") -> list[dict[str, Any]]:
        """Every dial, oldest first."""
        return list(self.ask("GET", "calls", accountNumber=account_number)["calls"])

    def script(self, url: str, key: str) -> None:
        """Where the script of a route point fetches callbacks: the booking API up to its version, and a key for it."""
        self.ask("POST", "script", {"url": url, "key": key})

    def agents(self, *busy: str) -> None:
        """Agents that do not become free while the script waits for them; all others are free."""
        self.ask("POST", "agents", {"busy": busy})

    def transfers(self, account_number: str = "") -> list[dict[str, Any]]:
        """Every call that was transferred to a route point, oldest first, with what its script did."""
        return list(self.ask("GET", "transfers", accountNumber=account_number)["transfers"])

    def contacts(self) -> dict[str, dict[str, int]]:
        """Number of contacts by campaign id and call status."""
        return dict(self.ask("GET", "contacts")["campaigns"])

    def next_answer(self, **planned: Any) -> None:
        """Prepare one answer; the keywords are those of disturbances.NextAnswer."""
        self.ask("POST", "next-answers", planned)

    def clear_next_answers(self) -> None:
        self.ask("DELETE", "next-answers")

    def delay(self, seconds: float) -> None:
        """From now on every request waits for so many seconds before it is carried out."""
        self.ask("POST", "delay", {"seconds": seconds})

    def queue(self, places: int) -> None:
        """How many imports may be queued."""
        self.ask("POST", "queue", {"places": places})

    def results(self, phones: dict[str, Any] | None = None, accounts: dict[str, Any] | None = None) -> None:
        """Force results; replaces all earlier rules."""
        self.ask("POST", "results", {"phones": phones or {}, "accountNumbers": accounts or {}})

    def dialer(self, **changes: Any) -> dict[str, Any]:
        """Change paused, mix, pickupSeconds, dialSeconds, lines, speed; advance=seconds; lose=True."""
        return dict(self.ask("POST" if changes else "GET", "dialer", changes or None))

    def behaviour(self, **changes: Any) -> dict[str, Any]:
        """Change the switches of behaviour.Behaviour."""
        return dict(self.ask("POST" if changes else "GET", "behaviour", changes or None))

    def down(self, *workstations: int) -> None:
        """These Admin Workstations (1, 2) reset every connection; all others answer."""
        self.ask("POST", "down", {"workstations": workstations})

    def purge(self, *account_numbers: str, any: bool = False) -> int:
        """Remove contacts whose account numbers begin with one of these (without any: all): the finished ones, or with
        `any` those of every status. Returns how many.
        """
        body = {"any": any, **({"accountNumbers": list(account_numbers)} if account_numbers else {})}
        return int(self.ask("POST", "purge", body)["removed"])

    def copy(self, *account_numbers: str) -> int:
        """List contacts whose account numbers begin with one of these a second time. Returns how many."""
        return int(self.ask("POST", "copy", {"accountNumbers": list(account_numbers)})["copied"])

    def skill_group(self, number: int, name: str) -> None:
        self.ask("POST", "skill-groups", {"id": number, "name": name})

    def reset(self, *parts: str) -> None:
        self.ask("POST", "reset", {"parts": list(parts)})

    def close(self) -> None:
        self._session.close()
