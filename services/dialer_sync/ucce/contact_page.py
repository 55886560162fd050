"""Contacts as UCCE lists them, page by page (ucce/REFERENCE.md 1.5.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from services.dialer_sync.ucce.call_results import code_of
from services.dialer_sync.ucce.client import BASE, UcceClient
from shared.xml import number, text

PAGE_SIZE = 100  # the most a page may have (1.2)
MAX_RAW_RESULT = 200  # characters that are kept of a result

_PHONES = tuple(f"phone{index:02}" for index in range(1, 11))


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
class ContactPage:
    contacts: list[FoundContact]
    total: int | None
    is_last: bool


def read_page(client: UcceClient, campaign_id: int, row: int) -> ContactPage:
    """The page that begins with `row`, in descending order of account numbers. Raises UcceError."""
    query: dict[str, str | int] = {"sort": "accountNumber desc", "resultsPerPage": PAGE_SIZE}
    return _request(client, campaign_id, query | ({"startIndex": row} if row else {}))


def search_page(client: UcceClient, campaign_id: int, key: str) -> ContactPage:
    """The contacts whose account number holds `key`: UCCE searches by substring. Raises UcceError."""
    return _request(client, campaign_id, {"q": key, "resultsPerPage": PAGE_SIZE})


def _request(client: UcceClient, campaign_id: int, query: Mapping[str, str | int]) -> ContactPage:
    root = client.get("contacts", f"{BASE}/campaign/{campaign_id}/import", query, root="results")
    # Beyond the end UCCE gives the last full page again: only an absent nextPage ends a list (1.2).
    return ContactPage(
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
