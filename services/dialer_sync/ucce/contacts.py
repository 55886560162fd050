"""Contacts of a campaign: importing a batch, and reading back what UCCE has (ucce-reference 1.5)."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from services.dialer_sync.ucce.client import BASE, UcceClient, path_of
from services.dialer_sync.ucce.errors import Unknown
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
    (ucce/time_zone_bias.py); None lets the campaign's zone count.
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
    """Contacts by key, and the keys of which it is proven that UCCE has no such contact; of others nothing is known."""

    found: dict[str, FoundContact]
    absent: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Page:
    contacts: list[FoundContact]
    total: int | None
    following: str | None


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
        return Lookup(found | searched.found, searched.absent)
    return _walk(client, first, keys)


def newest(client: UcceClient, campaign_id: int, keys: Collection[str], keep: Callable[[FoundContact], bool]) -> Lookup:
    """Look `keys` up from the largest account number down, as far as it takes; only what `keep` says is kept.

    The few that are left then are searched for one by one, oldest first, so that a single old contact does not make
    us read the whole list each time. Raises UcceError.
    """
    missing, kept = set(keys), dict[str, FoundContact]()
    oldest = min(missing, default="")
    for page in _pages(client, _read(client, _list_path(campaign_id))) if missing else ():
        found = _among(page, missing)
        missing -= found.keys()
        kept.update({key: contact for key, contact in found.items() if keep(contact)})
        if len(missing) <= FEW or _passed(page, oldest):
            break
    searched = _each(client, campaign_id, sorted(missing)[:FEW])
    kept.update({key: contact for key, contact in searched.found.items() if keep(contact)})
    return Lookup(kept, searched.absent)


def _list_path(campaign_id: int) -> str:
    return f"{BASE}/campaign/{campaign_id}/import?sort=accountNumber+desc&resultsPerPage={PAGE}"


def _each(client: UcceClient, campaign_id: int, keys: Collection[str]) -> Lookup:
    """One search per key. The search is by substring, the comparison exact."""
    found: dict[str, FoundContact] = {}
    absent: set[str] = set()
    for key in keys:
        path = f"{BASE}/campaign/{campaign_id}/import"
        page = _read(client, path, {"q": key, "resultsPerPage": PAGE})
        match = _among(page, [key])
        found |= match
        if not match and not page.following and page.total == len(page.contacts):
            absent.add(key)
    return Lookup(found, frozenset(absent))


def _walk(client: UcceClient, first: _Page, keys: Collection[str]) -> Lookup:
    """Page by page to the end. It proves something when the list stood still meanwhile and all of it was seen."""
    found: dict[str, FoundContact] = {}
    seen: set[str] = set()
    steady = True
    for page in _pages(client, first):
        steady = steady and page.total == first.total
        seen.update(contact.id for contact in page.contacts)
        found |= _among(page, keys)
    complete = steady and first.total == len(seen)
    return Lookup(found, frozenset(keys) - found.keys() if complete else frozenset())


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
    root = client.get("contacts", path, query)
    if root.tag != "results":
        raise Unknown("UCCE's answer is not a list of contacts", 200)
    return _page(root)


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
