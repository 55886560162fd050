"""A second simulated UCCE: campaigns, imports, the contact list and a dialer, in memory and virtual time.

It keeps a journal: every row it took and every call it made. Faults are `Behaviour`s; each request takes one.
"""

from dataclasses import dataclass, field
from random import Random
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from deploy.sandbox.ucce_simulator import errors as cisco
from deploy.sandbox.ucce_simulator import import_rows, xmlbody
from deploy.sandbox.ucce_simulator.import_rows import Row
from tests.simulation.scheduler import Scheduler
from tests.simulation.ucce_contacts import BASE, Contact, contact_element

PAGE_BASE = "https://aw2.cc.example"
ANSWERED, BUSY, NO_ANSWER, MACHINE, INVALID, WRONG = 10, 9, 8, 12, 7, 23
MIX = {ANSWERED: 6, BUSY: 2, NO_ANSWER: 2, MACHINE: 1, INVALID: 1, WRONG: 1}
MAY_CALL_AGAIN = {BUSY, NO_ANSWER, MACHINE}  # by UCCE itself, as far as the campaign's maxAttempts allows


@dataclass(frozen=True)
class Behaviour:
    """The fault of one request of one of `kinds`. `take`: whether it is carried out all the same.

    `status` with `cisco` has Cisco's error body, else a proxy's page. `lose` drops the answer. `late`: seconds in
    UCCE's queue before it is carried out; `slow`: seconds until the answer is sent.
    """

    kinds: str = "import"
    status: int = 0
    cisco: bool = False
    take: bool = False
    lose: bool = False
    late: float = 0.0
    slow: float = 0.0
    garble: bool = False
    refuse: int = 0  # rows refused for good, with 400
    partial: bool = False  # … and the good rows of that request are taken all the same


@dataclass
class Campaign:
    id: int
    fields: dict[str, Element]
    change_stamp: int = 0
    contacts: list[Contact] = field(default_factory=list)

    def text(self, name: str) -> str:
        return (self.fields[name].text or "") if name in self.fields else ""


@dataclass
class Answer:
    status: int
    body: bytes = b""
    location: str | None = None


@dataclass
class Ucce:
    """The server. `taken` and `calls` are its journals; `lag` is how long a new contact is missing in the list."""

    scheduler: Scheduler
    seed: str
    campaigns: dict[int, Campaign] = field(default_factory=dict)
    taken: list[Contact] = field(default_factory=list)
    calls: list[tuple[float, Contact, int]] = field(default_factory=list)
    behaviours: list[Behaviour] = field(default_factory=list)
    refused: list[tuple[float, str]] = field(default_factory=list)
    lag: float = 0.0
    down_until: float = 0.0
    stands_until: float = 0.0  # until then a proxy answers all but its list, and its import queue stands still
    requests: int = 0
    next_id: int = 5000

    def behaviour(self, kind: str) -> Behaviour:
        if kind != "list" and self.scheduler.now < self.stands_until:
            return Behaviour(kind, status=503)
        for index, one in enumerate(self.behaviours):
            if kind in one.kinds.split(","):
                return self.behaviours.pop(index)
        return Behaviour()

    def kind(self, method: str, path: str) -> str:
        if "/import" in path:
            return "import" if method == "POST" else "list"
        return "campaign"

    def handle(self, method: str, url: str, body: bytes, node: str, behaviour: Behaviour) -> Answer:
        """Carry out one request and answer it."""
        self.requests += 1
        if behaviour.status and not behaviour.take:
            return self._failure(behaviour)
        try:
            answer = self._work(method, url, body, node, behaviour)
        except cisco.RefusedError as refusal:
            made = refusal.answer()
            answer = Answer(made.status, made.body)
        if behaviour.status and answer.status < 300:
            return self._failure(behaviour)
        if behaviour.garble and answer.body:
            return Answer(answer.status, answer.body[: len(answer.body) // 2])
        return answer

    def _failure(self, behaviour: Behaviour) -> Answer:
        if behaviour.status < 300:
            return Answer(behaviour.status)
        if not behaviour.cisco:
            return Answer(behaviour.status, b"<html><body>Service unavailable</body></html>")
        made = cisco.RefusedError(behaviour.status, cisco.ApiError("simulated", "The simulation refuses it")).answer()
        return Answer(made.status, made.body)

    def _work(self, method: str, url: str, body: bytes, node: str, behaviour: Behaviour) -> Answer:
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        path = parts.path.removeprefix(BASE).strip("/").split("/")
        if path[0] != "campaign":
            raise cisco.not_found("There is no such resource")
        if len(path) == 1:
            return self._create(body) if method == "POST" else self._list_campaigns(query)
        campaign = self.campaigns.get(int(path[1])) if path[1].isdigit() else None
        if campaign is None:
            raise cisco.not_found("There is no such campaign")
        if len(path) > 2:
            return (
                self._import(campaign, body, node, behaviour) if method == "POST" else self._contacts(campaign, query)
            )
        if method == "PUT":
            return self._update(campaign, body)
        return Answer(200, ElementTree.tostring(self._shown(campaign)))

    # ---- campaigns

    def _create(self, body: bytes) -> Answer:
        given = xmlbody.children(xmlbody.parse(body, "campaign"))
        self.next_id += 1
        campaign = Campaign(self.next_id, given)
        self.campaigns[campaign.id] = campaign
        return Answer(201, location=f"{PAGE_BASE}{BASE}/campaign/{campaign.id}")

    def _update(self, campaign: Campaign, body: bytes) -> Answer:
        given = xmlbody.children(xmlbody.parse(body, "campaign"))
        stamp = xmlbody.text(given.pop("changeStamp", None))
        if stamp != str(campaign.change_stamp):
            raise cisco.RefusedError(400, cisco.ApiError("invalidInput.outOfDateChangeStamp", "It was changed"))
        groups = campaign.fields.setdefault("skillGroupInfos", Element("skillGroupInfos"))
        for name in ("skillGroupInfosRemoved", "skillGroupInfosAdded"):
            for info in given.pop(name, Element(name)):
                for old in [one for one in groups if _group(one) == _group(info)]:
                    groups.remove(old)
                if name.endswith("Added"):
                    groups.append(info)
        campaign.fields.update(given)
        campaign.change_stamp += 1
        return Answer(200)

    def _shown(self, campaign: Campaign) -> Element:
        root = Element("campaign")
        SubElement(root, "refURL").text = f"{BASE}/campaign/{campaign.id}"
        SubElement(root, "changeStamp").text = str(campaign.change_stamp)
        root.extend(campaign.fields.values())
        return root

    def _list_campaigns(self, query: dict[str, str]) -> Answer:
        wanted = query.get("q", "").casefold()
        found = [one for one in self.campaigns.values() if wanted in one.text("name").casefold()]
        root = Element("results")
        page = SubElement(root, "pageInfo")
        SubElement(page, "totalResults").text = str(len(found))
        SubElement(root, "campaigns").extend(self._shown(one) for one in found)
        return Answer(200, ElementTree.tostring(root))

    # ---- contacts

    def _import(self, campaign: Campaign, body: bytes, node: str, behaviour: Behaviour) -> Answer:
        root = xmlbody.children(xmlbody.parse(body, "import"))
        rows, problems = import_rows.read(xmlbody.text(root["fileContent"]), xmlbody.text(root["delimiter"]))
        bad = [row for row in rows if self._refuses(row)]
        for row in bad:
            self.refused.append((self.scheduler.now, row.account_number))
        problems += [cisco.bad_format("Phone01", "The number is refused") for _ in bad]
        if problems:
            if behaviour.partial:
                self._take(campaign, [row for row in rows if row not in bad], node)
            raise cisco.RefusedError(400, problems)
        self._take(campaign, rows, node)
        return Answer(200)

    @staticmethod
    def _refuses(row: Row) -> bool:
        """A number that this UCCE will never take."""
        return row.phones.get("01", "").endswith("13")

    def _take(self, campaign: Campaign, rows: list[Row], node: str) -> None:
        for row in rows:
            now = self.scheduler.now
            contact = Contact(len(campaign.contacts) + 1, row, campaign.id, now, now + self.lag, node)
            campaign.contacts.append(contact)
            self.taken.append(contact)
            self.scheduler.note("ucce", "took", f"{row.account_number} {row.phones.get('01')}")
            self._dial_later(contact, 1.0)

    def _contacts(self, campaign: Campaign, query: dict[str, str]) -> Answer:
        wanted = query.get("q", "")
        listed = [
            contact
            for contact in campaign.contacts
            if not contact.gone and contact.visible_at <= self.scheduler.now and wanted in contact.row.account_number
        ]
        listed.sort(key=lambda one: (one.row.account_number, one.id), reverse="desc" in query.get("sort", ""))
        start, size = int(query.get("startIndex", "0")), int(query.get("resultsPerPage", "25"))
        root = Element("results")
        page = SubElement(root, "pageInfo")
        if start + size < len(listed):
            sort = f"&sort={query['sort'].replace(' ', '+')}" if "sort" in query else ""
            following = f"{BASE}/campaign/{campaign.id}/import?resultsPerPage={size}&startIndex={start + size}{sort}"
            SubElement(page, "nextPage").text = PAGE_BASE + following
        SubElement(page, "resultsPerPage").text = str(size)
        SubElement(page, "totalResults").text = str(len(listed))
        SubElement(root, "importContacts").extend(contact_element(one) for one in listed[start : start + size])
        return Answer(200, ElementTree.tostring(root))

    # ---- the dialer

    def _dial_later(self, contact: Contact, least: float) -> None:
        # Drawn by number and attempt, not by account number, which changes when a shortened plan leaves requests out.
        attempt = contact.row.account_number[26:]
        chance = Random(f"{self.seed}/{contact.row.phones}/{attempt}/{contact.calls}")
        self.scheduler.after(least + chance.uniform(0, 15), lambda: self._dial(contact, chance))

    def _dial(self, contact: Contact, chance: Random) -> None:
        if contact.gone or contact.status != "pending":
            return
        contact.status = "active"
        contact.calls += 1
        result = chance.choices(list(MIX), weights=list(MIX.values()))[0]
        self.scheduler.after(chance.uniform(3, 40), lambda: self._end_call(contact, result))

    def _end_call(self, contact: Contact, result: int) -> None:
        contact.result = result
        self.calls.append((self.scheduler.now, contact, result))
        self.scheduler.note("ucce", "called", f"{contact.row.account_number}: {result}")
        most = int(self.campaigns[contact.campaign].text("maxAttempts") or 1)
        if result in MAY_CALL_AGAIN and contact.calls < most:
            contact.status = "pending"
            self._dial_later(contact, 60.0)
            return
        contact.status = "maxAttemptsReached" if result in MAY_CALL_AGAIN else "closed"
        contact.closed_at = self.scheduler.now

    def purge(self, seen: set[str]) -> list[str]:
        """Remove closed contacts among the keys that the worker has `seen`; returns their keys.

        UCCE keeps a contact for a day at least, in which the list is read many times: a purged contact was seen before,
        though maybe not its result. A day without any reading is outside of the worker's assumption (EARLIEST_PURGE).
        """
        gone = [one for one in self.taken if one.closed_at and not one.gone and one.row.account_number in seen]
        for contact in gone:
            contact.gone = True
        return [contact.row.account_number for contact in gone]


def _group(info: Element) -> str:
    return xmlbody.text(info.find("skillGroup/refURL"))
