"""A client of the simulator with short methods for these tests."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import requests

from deploy.sandbox.ucce_simulator.control_client import Control
from deploy.sandbox.ucce_simulator.handle import UcceSimulator

HEADER = "AccountNumber|FirstName|LastName|Phone01|TimeZoneBias|DstObserved"


class Client:
    """A session with the administrator's credentials; trusts only the simulator's own certificate."""

    def __init__(self, simulator: UcceSimulator) -> None:
        self.simulator = simulator
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (simulator.user, simulator.password)
        self.session.verify = str(simulator.ca_file)
        self.session.headers["Content-Type"] = "application/xml"

    @property
    def control(self) -> Control:
        return self.simulator.control

    def send(self, method: str, path: str, body: str = "", **more: Any) -> requests.Response:
        """`path` is below the base of the API."""
        url = self.simulator.api + path
        return self.session.request(method, url, data=body.encode() or None, timeout=30, **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.send("GET", path, "", **more)

    def create(self, fields: str = "", *, name: str = "Sales", group: int = 5004) -> int:
        """A campaign that may dial at once; gives its id. `fields` come last, so they win."""
        response = self.send("POST", "/campaign", campaign_xml(fields, name=name, group=group))
        assert response.status_code == 201, response.text
        return int(urlsplit(response.headers["Location"]).path.rpartition("/")[2])

    def campaign(self, number: int) -> ElementTree.Element:
        return xml(self.get(f"/campaign/{number}"))

    def update(self, number: int, fields: str) -> requests.Response:
        stamp = self.campaign(number).findtext("changeStamp")
        return self.send(
            "PUT", f"/campaign/{number}", f"<campaign><changeStamp>{stamp}</changeStamp>{fields}</campaign>"
        )

    def load(self, number: int, rows: Sequence[str], header: str = HEADER, more: str = "") -> requests.Response:
        """Import rows; `more` are further elements of the import."""
        return self.send("POST", f"/campaign/{number}/import", import_xml(rows, header, more))

    def contacts(self, number: int, query: str = "") -> list[ElementTree.Element]:
        return xml(self.get(f"/campaign/{number}/import{query}")).findall("importContacts/importContact")

    def contact(self, number: int, account: str) -> ElementTree.Element:
        """The one contact with this account number."""
        (found,) = self.contacts(number, f"?q=accountNumber:{account}")
        return found


def xml(response: requests.Response) -> ElementTree.Element:
    assert response.status_code == 200, response.text
    return _parse(response)


def _parse(response: requests.Response) -> ElementTree.Element:
    return ElementTree.fromstring(response.content)  # noqa: S314 - from our own simulator


def campaign_xml(fields: str = "", *, name: str = "Sales", group: int = 5004) -> str:
    return (
        f"<campaign><name>{name}</name><enabled>true</enabled><dialingMode>PROGRESSIVEONLY</dialingMode>"
        f"<skillGroupInfos>{skill_group_xml(group)}</skillGroupInfos>{fields}</campaign>"
    )


def skill_group_xml(group: int) -> str:
    url = f"/unifiedconfig/config/skillgroup/{group}"
    return f"<skillGroupInfo><skillGroup><refURL>{url}</refURL></skillGroup></skillGroupInfo>"


def import_xml(rows: Sequence[str], header: str = HEADER, more: str = "") -> str:
    content = "\n".join([header, *rows])
    return f"<import><fileContent><![CDATA[\n{content}\n]]></fileContent><delimiter>|</delimiter>{more}</import>"


def row(account: str, phone: str = "13125550142") -> str:
    return f"{account}|Ivan|Petrov|{phone}|-180|false"


def error_types(response: requests.Response) -> dict[str, str]:
    """errorData → errorType of a refusal."""
    root = _parse(response)
    assert root.tag == "apiErrors"
    return {error.findtext("errorData", ""): error.findtext("errorType", "") for error in root}


def messages(response: requests.Response) -> list[str]:
    return [error.findtext("errorMessage", "") for error in _parse(response)]
