"""The throw-away campaign: switched off, so that nothing is ever dialled, and removed again with all that is in it."""

import secrets
import time
from collections import Counter
from collections.abc import Mapping, Sequence

from deploy.lab.wire import Reply, Wire
from shared.xml import text

PREFIX = "CM_LAB_"
HEADER = "AccountNumber|FirstName|LastName|Phone01"
GOOD_NUMBER, BAD_NUMBER = "93125550142", "+1 312 no number"  # nobody has the first number
# How long to wait for a contact to appear in the list, and how long after such a wait was in vain once.
MAX_LAG_SECONDS, RETRY_LAG_SECONDS = 180.0, 10.0


class Campaign:
    """`key()` gives an account number that no other run uses; `longest_lag`: seconds to wait for a contact."""

    def __init__(self, wire: Wire, skill_group: int, dialed_number: str, longest_lag: float = MAX_LAG_SECONDS) -> None:
        self.wire = wire
        self.skill_group = skill_group
        self.dialed_number = dialed_number
        self.run = secrets.token_hex(3).upper()
        self.name = f"{PREFIX}{self.run}"
        self.id: int | None = None
        self.longest_lag = longest_lag
        self._keys = 0

    def key(self) -> str:
        self._keys += 1
        return f"{f'LAB{self.run}':0<20}{self._keys:06}-01"

    def body(self, name: str, *, time_zone: bool = True, group: bool = True) -> bytes:
        zone = "<timeZone><refURL>/unifiedconfig/config/timezone/UTC</refURL></timeZone>" if time_zone else ""
        groups = f"<skillGroupInfos>{self.group()}</skillGroupInfos>" if group else ""
        return (
            f"<campaign><name>{name}</name><enabled>false</enabled>{zone}<linesPerAgent>3</linesPerAgent>"
            f"{groups}</campaign>"
        ).encode()

    def group(self) -> str:
        return (
            f"<skillGroupInfo><skillGroup><refURL>/unifiedconfig/config/skillgroup/{self.skill_group}</refURL>"
            f"</skillGroup><dialedNumber>{self.dialed_number}</dialedNumber></skillGroupInfo>"
        )

    def find(self, name: str) -> int | None:
        """The id of a campaign by its name."""
        root = self.wire.call("GET", "/campaign", query={"q": name, "resultsPerPage": 100}).root()
        for campaign in root.iter("campaign") if root is not None else ():
            if text(campaign, "name") == name:
                return int((text(campaign, "refURL") or "").rsplit("/", 1)[-1])
        return None

    @property
    def path(self) -> str:
        return f"/campaign/{self.id}"

    def send(self, rows: Mapping[str, str], query: Mapping[str, str] | None = None) -> Reply:
        """Import rows: account number → phone number."""
        lines = "\n".join([HEADER, *(f"{key}|Lab|Test|{phone}" for key, phone in rows.items())])
        body = f"<import><fileContent><![CDATA[\n{lines}\n]]></fileContent><delimiter>|</delimiter></import>"
        return self.wire.call("POST", f"{self.path}/import", body.encode(), query)

    def listed(self, keys: Sequence[str]) -> Counter[str]:
        """How often each key stands in the list."""
        counts: Counter[str] = Counter()
        for key in keys:
            root = self.wire.call("GET", f"{self.path}/import", query={"q": key, "resultsPerPage": 100}).root()
            for one in root.iter("importContact") if root is not None else ():
                counts[text(one, "accountNumber") or ""] += text(one, "accountNumber") == key
        return counts

    def wait_until_listed(self, key: str, most: float | None = None) -> float | None:
        """Seconds until a key is listed; None when it was not within `most` or `longest_lag` seconds.

        A wait of the whole `longest_lag` in vain shortens it to RETRY_LAG_SECONDS for the questions that follow.
        """
        began = time.monotonic()
        while (waited := time.monotonic() - began) < min(most or self.longest_lag, self.longest_lag):
            if self.listed([key])[key]:
                return waited
            time.sleep(0.25)
        if most is None:
            self.longest_lag = min(self.longest_lag, RETRY_LAG_SECONDS)
        return None

    def remove_all(self) -> list[str]:
        """Delete every campaign of this run with its contacts; returns those that could not be removed."""
        left = []
        root = self.wire.call("GET", "/campaign", query={"q": PREFIX, "resultsPerPage": 100}).root()
        for campaign in root.iter("campaign") if root is not None else ():
            name, number = text(campaign, "name") or "", (text(campaign, "refURL") or "").rsplit("/", 1)[-1]
            if not name.startswith(f"{PREFIX}{self.run}"):
                continue
            self.wire.call("DELETE", f"/campaign/{number}/import")
            if self.wire.call("DELETE", f"/campaign/{number}").status >= 300:
                left.append(f"{name} (id {number})")
        return left
