"""Which result a dial gets: forced by test control, else drawn by weight, the same for the same seed."""

import random
from typing import Any

from deploy.sandbox.ucce_simulator.outcomes import OUTCOMES
from deploy.sandbox.ucce_simulator.store import Store


def mix_from_text(text: str) -> dict[int, float]:
    """`10:60,9:15` → weights by CallResult. Raises ValueError."""
    return checked({int(code): float(weight) for code, _, weight in (part.partition(":") for part in text.split(","))})


def checked(mix: dict[int, float]) -> dict[int, float]:
    unknown = sorted(set(mix) - set(OUTCOMES))
    if unknown:
        raise ValueError(f"unknown CallResult: {', '.join(map(str, unknown))}")
    if not mix or min(mix.values()) < 0 or sum(mix.values()) <= 0:
        raise ValueError("a mix needs weights of 0 or more, and one above 0")
    return mix


def draw(seed: int, contact: str) -> random.Random:
    """A random generator of its own for each dial: its result depends on neither order nor restarts."""
    return random.Random(f"{seed}:{contact}")


class Forced:
    """Results forced by the end of the phone number or the start of the account number.

    Each rule has a list of results: a dial takes the first away, the last one stays for good.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def rules(self) -> dict[str, dict[str, list[int]]]:
        stored = self._store.setting("results", {})
        return {"phones": stored.get("phones", {}), "accountNumbers": stored.get("accountNumbers", {})}

    def replace(self, value: dict[str, Any]) -> None:
        """Raises ValueError for unknown codes or names."""
        if unknown := sorted(set(value) - {"phones", "accountNumbers"}):
            raise ValueError(f"unknown: {', '.join(unknown)}; known: accountNumbers, phones")
        rules: dict[str, dict[str, list[int]]] = {}
        for kind, given in value.items():
            rules[kind] = {key: codes if isinstance(codes, list) else [codes] for key, codes in given.items()}
            for codes in rules[kind].values():
                if not codes or any(code not in OUTCOMES for code in codes):
                    raise ValueError(f"not a list of CallResult codes: {codes}")
        self._store.set_setting("results", rules)

    def next(self, account_number: str, phone: str) -> int | None:
        rules = self.rules()
        for start, codes in rules["accountNumbers"].items():
            if account_number.startswith(start):
                return self._use(rules, codes)
        for end, codes in rules["phones"].items():
            if phone.endswith(end):
                return self._use(rules, codes)
        return None

    def _use(self, rules: dict[str, dict[str, list[int]]], codes: list[int]) -> int:
        result = codes[0]
        if len(codes) > 1:
            del codes[0]
            self._store.set_setting("results", rules)
        return result
