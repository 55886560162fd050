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

from services.dialer_sync.ucce.client import UcceClient
from services.dialer_sync.ucce.contact_page import PAGE_SIZE, ContactPage, FoundContact, read_page, search_page

MAX_PAGES = 5_000
MAX_INDIVIDUAL_LOOKUPS = 5  # contacts that are searched for one by one rather than by reading on
NEWEST_PAGES = 4  # are read first, whatever a reading over several cycles has come to

_OUR_KEY = re.compile(r"[0-9A-Z]{26}-\d\d").fullmatch  # other keys may be sorted otherwise there than here


@dataclass(frozen=True, slots=True)
class Lookup:
    """Contacts by key, and the keys of which it is proven that UCCE has no such contact; of others nothing is known.

    `listed` are the keys asked for that were seen, whether or not they were kept, `statuses` the call statuses of those
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


class _Reading:
    """What pages of a list in descending order of account numbers show and prove together."""

    def __init__(self) -> None:
        self.twice: set[str] = set()
        self._ids: dict[str, str] = {}  # contact → key
        self._first: dict[str, str] = {}  # key → contact
        self._totals: set[int | None] = set()
        self._spans: list[tuple[str | None, str | None]] = []  # between these keys (None: no end) all is known
        self._ended = False

    def add(self, page: ContactPage, row: int) -> bool:
        """Take a page that was asked from `row` on; False when it shows nothing new: then UCCE does not go on."""
        before = len(self._ids)
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
        return len(self._ids) > before

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


class _Walk:
    """The pages of a campaign's list, from the largest account number down; each begins with the last row of the one
    before. `pages_below` are those below the last page read, `is_over` says that UCCE has no more."""

    def __init__(self, client: UcceClient, campaign_id: int, allowance: Allowance) -> None:
        self._client, self._campaign_id, self._allowance = client, campaign_id, allowance
        self.reading = _Reading()
        self.row = self.pages = self.pages_below = 0
        self.is_over = False

    def next_page(self) -> ContactPage | None:
        """None when there are no more, or no more may be read. Raises UcceError."""
        if self.is_over or self.pages >= MAX_PAGES or not self._allowance.take():
            return None
        page = read_page(self._client, self._campaign_id, self.row)
        shows_new = self.reading.add(page, self.row)
        self.is_over = page.is_last or not shows_new
        self.pages_below = -(-max(0, (page.total or 0) - self.row - len(page.contacts)) // (PAGE_SIZE - 1))
        self.row += max(1, len(page.contacts) - 1)
        self.pages += 1
        return page


class _Selection:
    """The contacts of `keys` that were seen: those that `keep` accepts, and of the others the call statuses."""

    def __init__(self, keys: Collection[str], keep: Callable[[FoundContact], bool]) -> None:
        self.keys, self._keep = frozenset(keys), keep
        self.kept: dict[str, FoundContact] = {}
        self._statuses: dict[str, str] = {}

    def add(self, contact: FoundContact) -> None:
        """Of two contacts with one key, the one that is kept counts."""
        if contact.key not in self.keys:
            return
        if self._keep(contact):
            self.kept.setdefault(contact.key, contact)
        elif contact.call_status:
            self._statuses[contact.key] = contact.call_status

    def statuses(self) -> dict[str, str]:
        return {key: status for key, status in self._statuses.items() if key not in self.kept}


def find(client: UcceClient, campaign_id: int, keys: Collection[str], allowance: Allowance | None = None) -> Lookup:
    """Look `keys` up so that "not there" is proven wherever the answers prove it. Raises UcceError."""
    allowance = allowance or Unlimited()
    walk, found = _Walk(client, campaign_id, allowance), dict[str, FoundContact]()
    while (page := walk.next_page()) is not None:
        found |= _among(page, keys)
        missing = set(keys) - found.keys()
        if walk.pages == 1 and not walk.is_over and len(missing) < walk.pages_below:
            searched = _each(client, campaign_id, missing, allowance)
            seen = found | searched.found
            return Lookup(seen, searched.absent, frozenset(seen), searched.twice)
    return Lookup(found, walk.reading.lacking(keys), frozenset(found), frozenset(walk.reading.twice))


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
    walk, selection = _Walk(client, campaign_id, allowance), _Selection(keys, keep)
    missing, oldest = set(keys), min(keys, default="")
    read_enough = False
    while missing and not read_enough and (page := walk.next_page()) is not None:
        before = len(missing)
        for contact in page.contacts:
            missing.discard(contact.key)
            selection.add(contact)
        read_enough = walk.is_over or _passed(page, oldest) or _is_rest_searched(walk, missing, before)
        if walk.pages == NEWEST_PAGES:
            walk.row = max(walk.row, place.row)
    place.row = 0 if read_enough or not missing else walk.row
    absent = walk.reading.lacking(missing)
    searched = _each(client, campaign_id, _turn(missing - absent, place) if read_enough else (), allowance)
    for contact in searched.found.values():
        selection.add(contact)
    return Lookup(
        selection.kept,
        absent | searched.absent,
        (selection.keys - missing) | searched.found.keys(),
        frozenset(walk.reading.twice) | searched.twice,
        statuses=selection.statuses(),
    )


def _is_rest_searched(walk: _Walk, missing: Collection[str], before: int) -> bool:
    """Whether those that are `missing` are better searched for one by one: of `before` before the last page."""
    if len(missing) < before:
        return len(missing) <= min(MAX_INDIVIDUAL_LOOKUPS, walk.pages_below)
    return len(frozenset(missing) - walk.reading.lacking(missing)) <= walk.pages_below


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
        page = search_page(client, campaign_id, key)
        match = _among(page, [key])
        found |= match
        if len({contact.id for contact in page.contacts if contact.key == key}) > 1:
            twice.add(key)
        if not match and page.is_last and page.total == len(page.contacts):
            absent.add(key)
    return Lookup(found, frozenset(absent), frozenset(found), frozenset(twice))


def _among(page: ContactPage, keys: Collection[str]) -> dict[str, FoundContact]:
    return {contact.key: contact for contact in page.contacts if contact.key in keys}


def _passed(page: ContactPage, oldest: str) -> bool:
    """Whether a key of our form (as long as ours) is already older than the oldest one wanted."""
    return any(len(contact.key) == len(oldest) and contact.key < oldest for contact in page.contacts)
