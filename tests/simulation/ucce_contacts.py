"""A contact of the simulated UCCE, and how its list shows it."""

from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from deploy.sandbox.ucce_simulator.import_rows import Row

BASE = "/unifiedconfig/config"


@dataclass(eq=False)
class Contact:
    """A row that UCCE took. `status` is the call status as listed."""

    id: int
    row: Row
    campaign: int
    taken_at: float
    visible_at: float
    from_node: str
    status: str = "pending"
    result: int = 0
    calls: int = 0
    closed_at: float = 0.0
    gone: bool = False  # purged or deleted: listed no more


def contact_element(contact: Contact) -> Element:
    root = Element("importContact")
    fields: dict[str, Any] = {
        "refURL": f"{BASE}/campaign/{contact.campaign}/import/{contact.id}",
        "accountNumber": contact.row.account_number,
        "callsMade": contact.calls,
        "callStatus": contact.status,
        "callResultOverall": contact.result,
        "firstName": contact.row.first_name,
        "lastName": contact.row.last_name,
    }
    for name, value in fields.items():
        SubElement(root, name).text = str(value)
    for index, number in contact.row.phones.items():
        phone = SubElement(root, f"phone{index}")
        SubElement(phone, "callResult").text = str(contact.result)
        SubElement(phone, "number").text = number
    return root
