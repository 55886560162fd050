"""How this UCCE behaves where Cisco's public material leaves it open: standing switches of test control.

They outlive a restart; a reset of the part `behaviour` puts them back.
"""

from typing import Any

from tests.fakes.ucce.store import Store

ALL_OR_NOTHING, PARTIAL_400, PARTIAL_200 = "no", "400", "200"
_NAME = "behaviour"
_DEFAULTS: dict[str, Any] = {"listLagSeconds": 0.0, "partialAcceptance": ALL_OR_NOTHING, "addedAgain": False}


class Behaviour:
    """`listLagSeconds` (of the simulated clock): a contact is listed, found and exported only so long after its import.

    `partialAcceptance`: what a batch with refused rows does. `no`: nothing is taken, 400. `400`: the good rows are
    taken, and the answer is the same 400. `200`: the good rows are taken, and a 200 says PARTIAL_SUCCESS in its body.

    `addedAgain`: a skill group in skillGroupInfosAdded that the campaign has already stands there twice then.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def shown(self) -> dict[str, Any]:
        return _DEFAULTS | self._store.setting(_NAME, {})

    def change(self, changes: dict[str, Any]) -> None:
        """Raises ValueError, TypeError for what is unknown."""
        if unknown := sorted(set(changes) - set(_DEFAULTS)):
            raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(_DEFAULTS)}")
        wished = self.shown() | changes
        wished["listLagSeconds"] = float(wished["listLagSeconds"])
        if wished["partialAcceptance"] not in (ALL_OR_NOTHING, PARTIAL_400, PARTIAL_200):
            raise ValueError("partialAcceptance is no, 400 or 200")
        if not isinstance(wished["addedAgain"], bool):
            raise ValueError("addedAgain is true or false")
        self._store.set_setting(_NAME, wished)

    @property
    def list_lag(self) -> float:
        return float(self.shown()["listLagSeconds"])

    @property
    def partial_acceptance(self) -> str:
        return str(self.shown()["partialAcceptance"])

    @property
    def added_again(self) -> bool:
        return bool(self.shown()["addedAgain"])
