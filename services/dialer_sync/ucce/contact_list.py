"""Contacts read back from a campaign's list in UCCE (ucce/REFERENCE.md 1.5.3): what is there, what certainly is not.

The list is read from the largest account number down, and each page begins with the last row of the one before. So
every page proves by itself that UCCE had nothing between the page's largest and smallest key but what it shows,
whatever is imported or deleted between two pages: a contact that was listed all the time is never taken for absent.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol
from xml.etree.ElementTree import Element

from services.dialer_sync.ucce.call_results import code_of
from services.dialer_sync.ucce.client import BASE, UcceClient
from services.dialer_sync.ucce.xml import number, text

PAGE = 100  # the most a page may have (1.2)
MAX_PAGES = 5_000
MAX_RAW_RESULT = 200  # characters that are kept of a result
MAX_INDIVIDUAL_LOOKUPS = 5  # contacts that are searched for one by one rather than by reading on
NEWEST_PAGES = 4  # are read first, whatever a reading over several cycles has come to

_PHONES = tuple(f"phone{index:02}" for index in range(1, 11))
_OUR_KEY = re.compile(r"[0-9A-Z]{26}-\d\d").fullmatch  # other keys may be sorted otherwise there than here


@dataclass(frozen=True, slots=True)
class FoundContact:
    """A contact as UCCE lists it; what is empty there is None here. `id` is the last part of its refURL.

    `raw_result` is the result as UCCE prints it, `call_result` the code that it begins with.
    """

    id: str
    key: str
    call_status: str | None
    call_result: int | None
    calls_made: int | None
    raw_result: str | None = None

    @property
    def result_message(self) -> str | None:
        """The result in UCCE's words, when it is more than the code."""
        raw = self.raw_result
        return None if raw is None or raw == str(self.call_result) else f"UCCE's result: {raw[:MAX_RAW_RESULT]}"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Contacts by key, and the keys of which it is proven that UCCE has no such contact; of others nothing is known.

    `listed` are the wanted keys that were seen, whether or not they were kept, `statuses` the call statuses of those
    that were not; `twice` all keys, also others, that two
    contacts have; `gone` says that the whole campaign is.
    """

    found: dict[str, FoundContact]
    absent: frozenset[str]
    listed: frozenset[str] = frozenset()
    twice: frozenset[str] = frozenset()
    gone: bool = False
    statuses: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Place:
    """Where a reading that takes several cycles has come to: the next row, and the key that was searched for last."""

    row: int = 0
    searched: str = ""


class Allowance(Protocol):
    """Asked before each call; False when no more is to be read for now."""

    def take(self) -> bool: ...


class Unlimited:
    """Reads all that it takes; `before` is called before each call."""

    def __init__(self, before: Callable[[], None] = lambda: None) -> None:
        self._before = before

    def take(self) -> bool:
        self._before()
        return True


@dataclass(frozen=True, slots=True)
class _Page:
    contacts: list[FoundContact]
    total: int | None
    is_last: bool


class _Reading:
    """What pages of a list in descending order of account numbers show and prove together."""

    def __init__(self) -> None:
        self.twice: set[str] = set()
        self._ids: dict[str, str] = {}  # contact → key
        self._first: dict[str, str] = {}  # key → contact
        self._totals: set[int | None] = set()
        self._spans: list[tuple[str | None, str | None]] = []  # between these keys (None: no end) all is known
        self._ended = False

    def add(self, page: _Page, row: int) -> bool:
        """Take a page that was asked from `row` on; False when it shows nothing new: then UCCE does not go on."""
        known = len(self._ids)
        self._totals.add(page.total)
        self._ended = self._ended or page.is_last
        for contact in page.contacts:
            self._ids[contact.id] = contact.key
            if contact.key and self._first.setdefault(contact.key, contact.id) != contact.id:
                self.twice.add(contact.key)
        ours = [contact.key for contact in page.contacts if _OUR_KEY(contact.key)]
        at_end = page.is_last and page.total == row + len(page.contacts)
        if all(above >= below for above, below in pairwise(ours)) and (ours or (row == 0 and at_end)):
            self._spans.append((None if at_end else ours[-1], None if row == 0 else ours[0]))
        return len(self._ids) > known

    def lacking(self, keys: Collection[str]) -> frozenset[str]:
        """Those of `keys` that UCCE certainly had not at some moment of the reading."""
        unseen = frozenset(keys) - self._first.keys()
        if self._ended and self._totals == {len(self._ids)}:  # the whole list, and it stood still
            return unseen
        ours = sorted(filter(_OUR_KEY, unseen))
        proven: set[str] = set()
        for low, high in self._spans:
            begin = 0 if low is None else bisect_right(ours, low)
            proven.update(ours[begin : len(ours) if high is None else bisect_left(ours, high)])
        return frozenset(proven)


def find(client: UcceClient, campaign_id: int, keys: Collection[str], allowance: Allowance | None = None) -> Lookup:
    """Look `keys` up so that "not there" is proven wherever the answers prove it. Raises UcceError."""
    allowance = allowance or Unlimited()
    reading, found = _Reading(), dict[str, FoundContact]()
    row = pages = 0
    while pages < MAX_PAGES and allowance.take():
        page = _page_from(client, campaign_id, row)
        goes_on = reading.add(page, row)
        found |= _among(page, keys)
        pages += 1
        if page.is_last or not goes_on:
            break
        missing = set(keys) - found.keys()
        if pages == 1 and len(missing) < _pages_below(page, row):
            searched = _each(client, campaign_id, missing, allowance)
            seen = found | searched.found
            return Lookup(seen, searched.absent, frozenset(seen), searched.twice)
        row += _step(page)
    return Lookup(found, reading.lacking(keys), frozenset(found), frozenset(reading.twice))


def newest(
    client: UcceClient,
    campaign_id: int,
    keys: Collection[str],
    keep: Callable[[FoundContact], bool],
    *,
    place: Place | None = None,
    allowance: Allowance | None = None,
) -> Lookup:
    """Look `keys` up from the largest account number down, as far as it takes; only what `keep` says is kept.

    What the pages that were read prove absent is absent. When few are left, or fewer than pages, they are searched for
    one by one, MAX_INDIVIDUAL_LOOKUPS a time and each in its turn. What `allowance` forbids is read from `place` on the
    next time, behind the newest pages. Raises UcceError.
    """
    place, allowance = place or Place(), allowance or Unlimited()
    missing, reading = set(keys), _Reading()
    kept: dict[str, FoundContact] = {}
    others: dict[str, str] = {}
    wanted, oldest = frozenset(keys), min(missing, default="")
    row = pages = 0
    read_enough = False
    while missing and not read_enough and pages < MAX_PAGES and allowance.take():
        page = _page_from(client, campaign_id, row)
        goes_on = reading.add(page, row)
        pages += 1
        before = len(missing)
        for contact in page.contacts:
            missing.discard(contact.key)
            if contact.key in wanted:
                _sort(contact, keep, kept, others)
        is_fruitless = len(missing) == before
        left = len(missing - reading.lacking(missing)) if is_fruitless else len(missing)
        most = _pages_below(page, row) if is_fruitless else min(MAX_INDIVIDUAL_LOOKUPS, _pages_below(page, row))
        read_enough = page.is_last or not goes_on or _passed(page, oldest) or left <= most
        row += _step(page)
        if pages == NEWEST_PAGES:
            row = max(row, place.row)
    place.row = 0 if read_enough or not missing else row
    absent = reading.lacking(missing)
    searched = _each(client, campaign_id, _turn(missing - absent, place) if read_enough else (), allowance)
    for contact in searched.found.values():
        _sort(contact, keep, kept, others)
    return Lookup(
        kept,
        absent | searched.absent,
        (wanted - missing) | searched.found.keys(),
        frozenset(reading.twice) | searched.twice,
        statuses={key: status for key, status in others.items() if key not in kept},
    )


def _sort(
    contact: FoundContact, keep: Callable[[FoundContact], bool], kept: dict[str, FoundContact], others: dict[str, str]
) -> None:
    """Of two contacts with one key, the one that is kept counts."""
    if keep(contact):
        kept.setdefault(contact.key, contact)
    elif contact.call_status:
        others[contact.key] = contact.call_status


def _turn(keys: Collection[str], place: Place) -> Sequence[str]:
    """The next MAX_INDIVIDUAL_LOOKUPS of `keys` to be searched for, oldest first, behind those of the last time."""
    ordered = sorted(keys)
    begin = bisect_right(ordered, place.searched)
    turn = (ordered[begin:] + ordered[:begin])[:MAX_INDIVIDUAL_LOOKUPS]
    place.searched = turn[-1] if turn else ""
    return turn


def _each(client: UcceClient, campaign_id: int, keys: Collection[str], allowance: Allowance) -> Lookup:
    """One search per key. The search is by substring, the comparison exact."""
    found: dict[str, FoundContact] = {}
    absent: set[str] = set()
    twice: set[str] = set()
    for key in keys:
        if not allowance.take():
            break
        page = _read(client, f"{BASE}/campaign/{campaign_id}/import", {"q": key, "resultsPerPage": PAGE})
        match = _among(page, [key])
        found |= match
        if len({contact.id for contact in page.contacts if contact.key == key}) > 1:
            twice.add(key)
        if not match and page.is_last and page.total == len(page.contacts):
            absent.add(key)
    return Lookup(found, frozenset(absent), frozenset(found), frozenset(twice))


def _among(page: _Page, keys: Collection[str]) -> dict[str, FoundContact]:
    return {contact.key: contact for contact in page.contacts if contact.key in keys}


def _passed(page: _Page, oldest: str) -> bool:
    """Whether a key of our form (as long as ours) is already older than the oldest one wanted."""
    return any(len(contact.key) == len(oldest) and contact.key < oldest for contact in page.contacts)


def _step(page: _Page) -> int:
    """From the first row of a page to its last one, with which the next page begins."""
    return max(1, len(page.contacts) - 1)


def _pages_below(page: _Page, row: int) -> int:
    """How many more pages there are below a page that begins with `row`."""
    return -(-max(0, (page.total or 0) - row - len(page.contacts)) // (PAGE - 1))


def _page_from(client: UcceClient, campaign_id: int, row: int) -> _Page:
    path = f"{BASE}/campaign/{campaign_id}/import"
    query: dict[str, str | int] = {"sort": "accountNumber desc", "resultsPerPage": PAGE}
    return _read(client, path, query | ({"startIndex": row} if row else {}))


def _read(client: UcceClient, path: str, query: Mapping[str, str | int]) -> _Page:
    root = client.get("contacts", path, query, root="results")
    # Beyond the end UCCE gives the last full page again: only an absent nextPage ends a list (1.2).
    return _Page(
        contacts=[_contact(element) for element in root.iter("importContact")],
        total=number(root, "pageInfo/totalResults"),
        is_last=text(root, "pageInfo/nextPage") is None,
    )


def _contact(element: Element) -> FoundContact:
    results = [text(element, f"{phone}/callResult") for phone in reversed(_PHONES)]
    overall = text(element, "callResultOverall")
    # The overall result is absent or 0 until there is one; then the phones' own may already say more.
    result = next((result for result in (overall, *results) if result and code_of(result) != 0), overall)
    return FoundContact(
        id=(text(element, "refURL") or "").rsplit("/", 1)[-1],
        key=text(element, "accountNumber") or "",
        call_status=text(element, "callStatus"),
        call_result=code_of(result),
        raw_result=result,
        calls_made=number(element, "callsMade"),
    )
