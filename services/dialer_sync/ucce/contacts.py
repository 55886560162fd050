"""Contacts as a campaign is given them: one import request with a batch of rows (ucce/REFERENCE.md 1.5)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from services.dialer_sync.ucce.client import BASE, UcceClient

HEADER = "AccountNumber|FirstName|LastName|Phone01|TimeZoneBias|DstObserved"
MAX_BATCH = 10_000  # records per request (1.5.4)
MAX_NAME_LENGTH = 50

# What cannot stand in a row: the delimiter, and characters that XML 1.0 has no place for.
_NOT_IN_A_ROW = re.compile(r"[|\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


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


def clean_name(name: str | None) -> str:
    """A name as a row can hold it: no delimiter, no line break, no end of CDATA, at most 50 characters."""
    plain = _NOT_IN_A_ROW.sub(" ", unicodedata.normalize("NFC", name or "")).replace("]]>", " ")
    return " ".join(plain.split())[:MAX_NAME_LENGTH].strip()


def import_batch(client: UcceClient, campaign_id: int, contacts: Sequence[Contact]) -> None:
    """Append `contacts` to the campaign, to be dialled in this order. Raises UcceError."""
    if not 1 <= len(contacts) <= MAX_BATCH:
        raise ValueError(f"a batch has 1 to {MAX_BATCH} contacts, not {len(contacts)}")
    rows = "\n".join((HEADER, *(contact.row() for contact in contacts)))
    # CDATA as in Cisco's samples; a row cannot end it. Existing contacts are never replaced.
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<import><fileContent><![CDATA[\n{rows}\n]]></fileContent>"
        "<delimiter>|</delimiter><overwriteData>false</overwriteData></import>"
    )
    client.post("import", f"{BASE}/campaign/{campaign_id}/import", body.encode())
