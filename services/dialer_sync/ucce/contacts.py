"""Contacts of a campaign: importing a batch, and reading back what UCCE has (ucce-reference 1.5)."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from services.dialer_sync.ucce.client import BASE, UcceClient, path_of
from services.dialer_sync.ucce.xml import number, text

HEADER = "AccountNumber|FirstName|LastName|Phone01|TimeZoneBias|DstObserved"
LARGEST_BATCH = 10_000  # records per request (1.5.4)
PAGE = 100  # the most a page may have (1.2)
MOST_PAGES = 5_000
LONGEST_NAME = 50
FEW = 5  # contacts that are searched for one by one rather than by reading on

# What cannot stand in a row: the delimiter, and characters that XML 1.0 has no place for.
_NOT_IN_A_ROW = re.compile(r"[|\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_PHONES = tuple(f"phone{index:02}" for index in range(1, 11))


@dataclass(frozen=True, slots=True)
class Contact:
    """One row of an import. `key` is its AccountNumber (≤ 30 bytes), `phone` the digits to dial.

    `bias` is the customer's zone in minutes as Windows has it (UTC = local time + bias), daylight saving time included
    (shared/callbacks/time_zone_bias.py); None lets the campaign's zone count.
    """

    key: str
    phone: str
    first_name: str | None = None
    last_name: str | None = None
    bias: int | None = None

    def row(self) -> str:
        bias, dst = ("", "") if self.bias is None else (str(self.bias), "false")
        return "|".join((self.key, clean_name(self.first_name), clean_name(self.last_name), self.phone, bias, dst))


@dataclass(frozen=True, slots=True)
class FoundContact:
    """A contact as UCCE lists it; what is empty there is None here. `id` is the last part of its refURL."""

    id: str
    key: str
    call_status: str | None
    call_result: int | None
    calls_made: int | None


@dataclass(frozen=True, slots=True)
class Lookup:
    """Contacts by key, and the keys of which it is proven that UCCE has no such contact; of others nothing is known.

    `listed` are the wanted keys that were seen, whether or not they were kept; `twice` all keys, also others, that two
    contacts have; `gone` says that the whole campaign is.
    """

    found: dict[str, FoundContact]
    absent: frozenset[str]
    listed: frozenset[str] = frozenset()
    twice: frozenset[str] = frozenset()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class _Page:
    contacts: list[FoundContact]
    total: int | None
    following: str | None


class _Reading:
    """What the pages of a list in descending order of account numbers, read one after the other, prove together."""

    def __init__(self) -> None:
        self.twice: set[str] = set()
        self._ids: dict[str, str] = {}  # contact → key
        self._first: dict[str, str] = {}  # key → contact
        self._rows = 0
        self._totals: set[int | None] = set()
        self._last: str | None = None
        self._ordered = True
        self._ended = False

    def add(self, page: _Page) -> None:
        self._totals.add(page.total)
        self._ended = page.following is None
        for contact in page.contacts:
            self._rows += 1
            self._ids[contact.id] = contact.key
            self._ordered = self._ordered and (self._last is None or contact.key <= self._last)
            self._last = contact.key
            if contact.key and self._first.setdefault(contact.key, contact.id) != contact.id:
                self.twice.add(contact.key)

    def lacking(self, keys: Collection[str]) -> frozenset[str]:
        """Those of `keys` that UCCE certainly has not: the list stood still and was read whole, or past the key."""
        if len(self._totals) != 1 or len(self._ids) != self._rows:
            return frozenset()
        unseen = frozenset(keys) - self._first.keys()
        if self._ended and self._totals == {self._rows}:
            return unseen
        if not self._ordered or self._last is None:
            return frozenset()
        return frozenset(key for key in unseen if key > self._last)


def clean_name(name: str | None) -> str:
    """A name as a row can hold it: no delimiter, no line break, no end of CDATA, at most 50 characters."""
    plain = _NOT_IN_A_ROW.sub(" ", unicodedata.normalize("NFC", name or "")).replace("]]>", " ")
    return " ".join(plain.split())[:LONGEST_NAME].strip()


def import_batch(client: UcceClient, campaign_id: int, contacts: Sequence[Contact]) -> None:
    """Append `contacts` to the campaign, to be dialled in this order. Raises UcceError."""
    if not 1 <= len(contacts) <= LARGEST_BATCH:
        raise ValueError(f"a batch has 1 to {LARGEST_BATCH} contacts, not {len(contacts)}")
    rows = "\n".join((HEADER, *(contact.row() for contact in contacts)))
    # CDATA as in Cisco's samples; a row cannot end it. Existing contacts are never replaced.
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<import><fileContent><![CDATA[\n{rows}\n]]></fileContent>"
        "<delimiter>|</delimiter><overwriteData>false</overwriteData></import>"
    )
    client.post("import", f"{BASE}/campaign/{campaign_id}/import", body.encode())


def find(client: UcceClient, campaign_id: int, keys: Collection[str]) -> Lookup:
    """Look `keys` up so that "not there" is proven wherever the answers prove it. Raises UcceError."""
    first = _read(client, _list_path(campaign_id))
    found = _among(first, keys)
    missing = set(keys) - found.keys()
    pages_left = -(-(first.total or 0) // PAGE) - 1
    if first.following and len(missing) < pages_left:
        searched = _each(client, campaign_id, missing)
        seen = found | searched.found
        return Lookup(seen, searched.absent, frozenset(seen), searched.twice)
    reading = _Reading()
    for page in _pages(client, first):
        reading.add(page)
        found |= _among(page, keys)
    return Lookup(found, reading.lacking(keys), frozenset(found), frozenset(reading.twice))


def newest(client: UcceClient, campaign_id: int, keys: Collection[str], keep: Callable[[FoundContact], bool]) -> Lookup:
    """Look `keys` up from the largest account number down, as far as it takes; only what `keep` says is kept.

    What the pages that were read prove absent is absent. The few that are left then are searched for one by one, oldest
    first, so that a single old contact does not make us read the whole list each time. Raises UcceError.
    """
    missing, kept, reading = set(keys), dict[str, FoundContact](), _Reading()
    wanted, oldest = frozenset(keys), min(missing, default="")
    for page in _pages(client, _read(client, _list_path(campaign_id))) if missing else ():
        reading.add(page)
        for contact in page.contacts:
            missing.discard(contact.key)
            if contact.key in wanted and keep(contact):
                kept.setdefault(contact.key, contact)
        if len(missing) <= FEW or _passed(page, oldest):
            break
    absent = reading.lacking(missing)
    searched = _each(client, campaign_id, sorted(missing - absent)[:FEW])
    kept.update({key: contact for key, contact in searched.found.items() if keep(contact)})
    listed = (wanted - missing) | searched.found.keys()
    return Lookup(kept, absent | searched.absent, listed, frozenset(reading.twice) | searched.twice)


def _list_path(campaign_id: int) -> str:
    return f"{BASE}/campaign/{campaign_id}/import?sort=accountNumber+desc&resultsPerPage={PAGE}"


def _each(client: UcceClient, campaign_id: int, keys: Collection[str]) -> Lookup:
    """One search per key. The search is by substring, the comparison exact."""
    found: dict[str, FoundContact] = {}
    absent: set[str] = set()
    twice: set[str] = set()
    for key in keys:
        path = f"{BASE}/campaign/{campaign_id}/import"
        page = _read(client, path, {"q": key, "resultsPerPage": PAGE})
        match = _among(page, [key])
        found |= match
        if len({contact.id for contact in page.contacts if contact.key == key}) > 1:
            twice.add(key)
        if not match and not page.following and page.total == len(page.contacts):
            absent.add(key)
    return Lookup(found, frozenset(absent), frozenset(found), frozenset(twice))


def _among(page: _Page, keys: Collection[str]) -> dict[str, FoundContact]:
    return {contact.key: contact for contact in page.contacts if contact.key in keys}


def _passed(page: _Page, oldest: str) -> bool:
    """Whether a key of our form (as long as ours) is already older than the oldest one wanted."""
    return any(len(contact.key) == len(oldest) and contact.key < oldest for contact in page.contacts)


def _pages(client: UcceClient, first: _Page) -> Iterator[_Page]:
    """`first` and those after it, until nextPage is absent: beyond the end UCCE repeats the last full page (1.2)."""
    page, asked = first, set[str]()
    yield page
    while page.following and page.following not in asked and len(asked) < MOST_PAGES:
        asked.add(page.following)
        page = _read(client, page.following)
        yield page


def _read(client: UcceClient, path: str, query: Mapping[str, str | int] | None = None) -> _Page:
    return _page(client.get("contacts", path, query, root="results"))


def _page(root: Element) -> _Page:
    following = text(root, "pageInfo/nextPage")
    return _Page(
        contacts=[_contact(element) for element in root.iter("importContact")],
        total=number(root, "pageInfo/totalResults"),
        following=path_of(following) if following else None,
    )


def _contact(element: Element) -> FoundContact:
    results = [number(element, f"{phone}/callResult") for phone in _PHONES]
    overall = number(element, "callResultOverall")
    return FoundContact(
        id=(text(element, "refURL") or "").rsplit("/", 1)[-1],
        key=text(element, "accountNumber") or "",
        call_status=text(element, "callStatus"),
        # The overall result is absent or 0 until there is one; then the phones' own may already say more.
        call_result=overall or next((result for result in reversed(results) if result), overall),
        calls_made=number(element, "callsMade"),
    )
