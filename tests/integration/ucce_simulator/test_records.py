"""Do-not-call rules and personal callbacks: the documented checks of creating, changing and deleting single ones."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from shared.clock import utcnow
from tests.integration.ucce_simulator.client import Client, xml


def personal(**fields: str) -> str:
    later = f"{utcnow() + timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"
    known = {"phone": "93125550142", "maxAttempts": "3", "callbackDateTime": later, "accountNumber": "P-1", **fields}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in known.items())
    return f"<personalCallback>{inner}</personalCallback>"


def test_a_personal_callback_is_made_found_changed_and_deleted(ucce_client: Client) -> None:
    made = ucce_client.send("POST", "/personalcallback", personal())
    assert made.status_code == 201, made.text
    path = "/personalcallback/" + made.headers["Location"].rpartition("/")[2]
    assert xml(ucce_client.get(path)).findtext("accountNumber") == "P-1"
    assert xml(ucce_client.get(path)).findtext("callStatus") == "pending"
    assert len(xml(ucce_client.get("/personalcallback?q=accountNumber:p-1")).findall(".//personalCallback")) == 1
    assert ucce_client.get("/personalcallback?q=nobody").text.count("<personalCallback>") == 0
    body = "<personalCallback><changeStamp>0</changeStamp><maxAttempts>5</maxAttempts></personalCallback>"
    assert ucce_client.send("PUT", path, body).status_code == 200
    changed = xml(ucce_client.get(path))
    assert (changed.findtext("maxAttempts"), changed.findtext("phone"), changed.findtext("changeStamp")) == (
        "5", "93125550142", "1",
    )  # fmt: skip
    assert ucce_client.send("DELETE", path).status_code == 200
    assert ucce_client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"phone": "+13125550142"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"maxAttempts": "0"}, "maxAttempts"),
        ({"callbackDateTime": "2020-01-01T09:00:00"}, "callbackDateTime"),
        ({"callbackDateTime": "tomorrow"}, "callbackDateTime"),
        ({"accountNumber": "9" * 31}, "accountNumber"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_personal_callback_with_a_bad_field_is_refused_by_its_name(
    ucce_client: Client, fields: dict[str, str], named: str
) -> None:
    answer = ucce_client.send("POST", "/personalcallback", personal(**fields))
    assert answer.status_code == 400
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - from our own simulator
    assert [error.findtext("errorData") for error in root] == [named]


def test_a_do_not_call_rule_has_its_defaults(ucce_client: Client) -> None:
    made = ucce_client.send("POST", "/dnc", "<dnc><name>Stop</name><filePath>C:\\dnc.txt</filePath></dnc>")
    assert made.status_code == 201
    rule = xml(ucce_client.get("/dnc/" + made.headers["Location"].rpartition("/")[2]))
    assert (rule.findtext("overwrite"), rule.findtext("renameFileAfterImport")) == ("false", "true")
    assert ucce_client.send("POST", "/dnc", "<dnc><name>Stop</name></dnc>").status_code == 400
    assert len(xml(ucce_client.get("/dnc")).findall("dncs/dnc")) == 1
