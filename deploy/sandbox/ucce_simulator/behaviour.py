"""Switches of test control: how this UCCE behaves where Cisco's public material leaves it open.

They survive a restart; a reset of the part `behaviour` sets the defaults.
"""

from typing import Any

from deploy.sandbox.ucce_simulator.store import Store

_NAME = "behaviour"
# Each switch with its values, the default first; what each does stands in Behaviour.
SWITCHES: dict[str, tuple[Any, ...]] = {
    "partialAcceptance": ("no", "400", "200", "silent"),
    "importAnswer": ("200", "201", "202", "202 fails"),
    "duplicateKeys": ("taken", "refused", "ignored"),
    "webContainer": ("up", "starting", "login"),
    "sessions": ("none", "cookie"),
    "errorBodies": ("xml", "older", "json", "html"),
    "createAnswer": ("201", "200", "202"),
    "staleChangeStamp": ("409", "400"),
    "timeZone": ("optional", "required"),
    "dialingTimes": ("whole day", "08:00-20:00"),
    "json": ("refused", "spoken"),
    "statusSpelling": ("documented", "capitals"),
    "addedAgain": (False, True),
}
_NUMBERS = {"listLagSeconds": 0.0, "pageCap": 0}
_DEFAULTS: dict[str, Any] = {name: values[0] for name, values in SWITCHES.items()} | _NUMBERS


class Behaviour:
    """`listLagSeconds` (of the simulated clock): a contact is listed, found and exported only so long after its import.
    `pageCap`: no page is longer, whatever is asked for (0: none).

    `partialAcceptance`: what a batch with refused rows does. `no`: nothing is taken, 400. `400`: the good rows are
    taken, and the answer is the same 400. `200`: the good rows are taken, and a 200 says PARTIAL_SUCCESS in its body.
    `silent`: the good rows are taken, and a 200 says nothing of the others.
    `importAnswer`: the status of an import that was taken; a `202` names a task, `202 fails` one that takes nothing.
    `duplicateKeys`: a row whose AccountNumber the campaign has already is `taken` again, `refused` or `ignored`.
    `webContainer`: while it is `starting` every request is a 404 of the web container; behind `login` all are sent to a
    login page. `sessions`: with `cookie`, a request without a session that is known is redirected once, and gets one.
    `errorBodies`: UCCE's reasons as documented, in the `older` shape, as `json`, or none but a web page.
    `createAnswer`, `staleChangeStamp`: the status of a campaign that was made (with 202, the Location is a task's); of
    an update that comes too late. `timeZone`: whether a new campaign must name one. `dialingTimes`: the startTime and
    endTime of a new campaign that names none (Cisco takes them from Blended_Agent_Options). `json`: whether bodies may
    be JSON. `statusSpelling`: with `capitals`, call statuses begin with one. `addedAgain`: a skill group in
    skillGroupInfosAdded that the campaign has already stands there twice then.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def to_dict(self) -> dict[str, Any]:
        changed: dict[str, Any] = self._store.setting(_NAME, {})
        return _DEFAULTS | changed

    def change(self, changes: dict[str, Any]) -> None:
        """Raises ValueError or TypeError for an unknown switch or value."""
        if unknown := sorted(set(changes) - set(_DEFAULTS)):
            raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(_DEFAULTS)}")
        merged = self.to_dict() | changes
        for name, default in _NUMBERS.items():
            merged[name] = type(default)(merged[name])
        for name, values in SWITCHES.items():
            if merged[name] not in values:
                raise ValueError(f"{name} is {' or '.join(map(str, values))}")
        self._store.set_setting(_NAME, merged)

    def of(self, name: str) -> Any:
        """What a switch is set to."""
        return self.to_dict()[name]

    @property
    def list_lag(self) -> float:
        return float(self.of("listLagSeconds"))

    @property
    def added_again(self) -> bool:
        return bool(self.of("addedAgain"))
