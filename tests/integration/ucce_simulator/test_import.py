"""Import API, writing side (ucce/REFERENCE.md 1.5.2 and 1.5.4)."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.integration.ucce_simulator.client import Client, error_types, import_xml, messages, row
from tests.support.until import until


def test_an_import_answers_200_and_its_contacts_are_there(ucce_client: Client) -> None:
    number = ucce_client.create()
    response = ucce_client.load(number, [row("A-1"), row("A-2", "84951234567#*")])
    assert (response.status_code, response.content) == (200, b"")
    contact = ucce_client.contact(number, "A-2")
    texts = {child.tag: child.text for child in contact}
    assert texts["callStatus"] == "pending"
    assert texts["callsMade"] == texts["callResultOverall"] == "0"
    assert (texts["firstName"], texts["lastName"]) == ("Ivan", "Petrov")
    assert texts["refURL"] == f"/unifiedconfig/config/campaign/{number}/import/2"
    phone = {child.tag: child.text for child in contact.find("phone01") or []}
    assert phone == {"callResult": "0", "dstObserved": "false", "gmtOffset": "180", "number": "84951234567#*"}


def test_a_positive_bias_is_read_back_as_its_distance_from_a_day(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, ["A-1|||13125550142|300|true", "A-2|||13125550142|0|"])
    phone = ucce_client.contact(number, "A-1").find("phone01")
    assert phone is not None
    assert (phone.findtext("gmtOffset"), phone.findtext("dstObserved")) == ("1140", "true")
    assert ucce_client.contact(number, "A-2").findtext("phone01/gmtOffset") == "0"


def test_without_a_bias_the_campaigns_zone_counts(ucce_client: Client) -> None:
    zone = "<timeZone><refURL>/unifiedconfig/config/timezone/Central%20Standard%20Time</refURL></timeZone>"
    number = ucce_client.create(zone)
    ucce_client.load(number, ["A-1|13125550142"], header="AccountNumber|Phone01")
    contact = ucce_client.contact(number, "A-1")
    assert (contact.findtext("phone01/gmtOffset"), contact.findtext("phone01/dstObserved")) == ("1080", "true")
    assert contact.find("firstName") is None


def test_commas_are_the_default_and_indented_lines_are_read_as_in_ciscos_sample(ucce_client: Client) -> None:
    number = ucce_client.create()
    content = "\n    AccountNumber,Phone01,Phone02\r\n    6782,2225554444,2225556262\n    3456,2225559999,\n    "
    body = f"<import><fileContent>\n<![CDATA[{content}]]></fileContent></import>"
    assert ucce_client.send("POST", f"/campaign/{number}/import", body).status_code == 200
    assert ucce_client.contact(number, "6782").findtext("phone02/number") == "2225556262"
    assert ucce_client.contact(number, "3456").find("phone02") is None


def test_nothing_looks_for_duplicates(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row("A-1")])
    ucce_client.load(number, [row("A-1"), row("A-2")])
    assert len(ucce_client.contacts(number)) == 3
    (duplicate,) = ucce_client.control.duplicates()
    assert (duplicate["accountNumber"], duplicate["times"]) == ("A-1", 2)
    assert len(set(duplicate["requests"])) == 2


def test_an_overwriting_import_replaces_all_contacts(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row("A-1"), row("A-2")])
    assert ucce_client.load(number, [row("A-3")], more="<overwriteData>true</overwriteData>").status_code == 200
    (contact,) = ucce_client.contacts(number)
    assert contact.findtext("accountNumber") == "A-3"
    assert contact.findtext("refURL", "").endswith("/import/3")


def test_delete_takes_every_contact_of_the_one_campaign(ucce_client: Client) -> None:
    first, second = ucce_client.create(name="One", group=5001), ucce_client.create(name="Two", group=5002)
    ucce_client.load(first, [row("A-1")])
    ucce_client.load(second, [row("B-1")])
    assert ucce_client.send("DELETE", f"/campaign/{first}/import").status_code == 200
    assert (len(ucce_client.contacts(first)), len(ucce_client.contacts(second))) == (0, 1)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("0123456789012345678901234567890|I|P|13125550142|0|false", "AccountNumber"),
        ("ключ-из-шестнадцати|I|P|13125550142|0|false", "AccountNumber"),
        ("A-1|" + "и" * 51 + "|P|13125550142|0|false", "FirstName"),
        ("A-1|I|" + "x" * 51 + "|13125550142|0|false", "LastName"),
        ("A-1|I|P|+13125550142|0|false", "Phone01"),
        ("A-1|I|P|(312) 555-0142|0|false", "Phone01"),
        ("A-1|I|P|١٢٣٤٥|0|false", "Phone01"),
        ("A-1|I|P|123456789012345678901|0|false", "Phone01"),
        ("A-1|I|P||0|false", "Phone01"),
        ("A-1|I|P|13125550142|-781|false", "TimeZoneBias"),
        ("A-1|I|P|13125550142|721|false", "TimeZoneBias"),
        ("A-1|I|P|13125550142|1.5|false", "TimeZoneBias"),
        ("A-1|I|P|13125550142||true", "TimeZoneBias"),
        ("A-1|I|P|13125550142|0|FALSE", "DstObserved"),
        ("A-1|I|P|13125550142|0", "fileContent"),
        ("A-1|I|P|13125550142|0|false|more", "fileContent"),
    ],
)
def test_one_bad_row_refuses_the_whole_request(ucce_client: Client, line: str, column: str) -> None:
    number = ucce_client.create()
    response = ucce_client.load(number, [row("good"), line])
    assert (response.status_code, list(error_types(response))) == (400, [column])
    assert "Row 2" in messages(response)[0]
    assert ucce_client.contacts(number) == []


@pytest.mark.parametrize(
    "line",
    [
        "012345678901234567890123456789|" + "и" * 50 + "|" + "x" * 50 + "|12345678901234567890|-780|true",
        "пятнадцатьбукв!|||*#|720|",
        "|||13125550142||",
    ],
)
def test_values_at_the_limits_are_taken(ucce_client: Client, line: str) -> None:
    number = ucce_client.create()
    assert ucce_client.load(number, [line]).status_code == 200
    assert len(ucce_client.contacts(number)) == 1


def test_every_bad_row_is_told(ucce_client: Client) -> None:
    number = ucce_client.create()
    response = ucce_client.load(number, [row("A-1", "+1"), row("A-2"), row("A-3", "+3"), row("A" * 31, "+4")])
    assert [message.split(":")[0] for message in messages(response)] == ["Row 1", "Row 3", "Row 4", "Row 4"]


@pytest.mark.parametrize(
    ("header", "data"),
    [
        ("AccountNumber|Phone01|CallVariables", "fileContent"),
        ("accountNumber|Phone01", "fileContent"),
        ("AccountNumber|Phone11", "fileContent"),
        ("AccountNumber|Phone01|Phone01", "fileContent"),
        ("AccountNumber|FirstName", "Phone01"),
        ("AccountNumber|Phone01|DstObserved", "TimeZoneBias"),
    ],
)
def test_only_the_documented_columns_are_allowed(ucce_client: Client, header: str, data: str) -> None:
    number = ucce_client.create()
    response = ucce_client.load(number, ["|".join("1" for _ in header.split("|"))], header=header)
    assert response.status_code == 400
    assert data in error_types(response)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        ("<import/>", "fileContent"),
        ("<import><fileContent></fileContent></import>", "fileContent"),
        ("<import><fileContent>Phone01</fileContent></import>", "fileContent"),
        ("<import><fileContent>Phone01\n1</fileContent><delimiter>;</delimiter></import>", "delimiter"),
        ("<import><fileContent>Phone01\n1</fileContent><overwriteData>1</overwriteData></import>", "overwriteData"),
        ("<import><fileContent>Phone01\n1</fileContent><Delimiter>,</Delimiter></import>", "Delimiter"),
    ],
)
def test_a_wrong_envelope_is_refused(ucce_client: Client, body: str, data: str) -> None:
    response = ucce_client.send("POST", f"/campaign/{ucce_client.create()}/import", body)
    assert (response.status_code, list(error_types(response))) == (400, [data])


def test_an_unknown_or_legacy_campaign_takes_no_import(ucce_client: Client) -> None:
    assert ucce_client.load(4711, [row("A-1")]).status_code == 404
    assert error_types(ucce_client.load(5000, [row("A-1")])) == {"": "CceDBDataNotFoundException"}
    assert ucce_client.control.taken() == []


def test_ten_thousand_rows_take_less_than_two_seconds_of_the_processor_and_one_more_is_refused(
    ucce_client: Client,
) -> None:
    number = ucce_client.create()
    rows = [row(f"01JZ8Q4T7M2V9K3C5D6E{n:06}-01") for n in range(10_001)]
    began = processor_seconds(ucce_client.simulator.pid)
    assert ucce_client.load(number, rows[:10_000]).status_code == 200
    assert processor_seconds(ucce_client.simulator.pid) - began < 2.0
    refused = ucce_client.load(number, rows)
    assert error_types(refused) == {"fileContent": "invalidInput.outOfRange"}
    assert len(ucce_client.control.taken()) == 10_000


def processor_seconds(pid: int) -> float:
    """Processor time of a process so far, which other programs on a busy machine hardly change."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_the_thirty_first_queued_import_gets_503_and_is_not_taken(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.control.next_answer(method="POST", kind="import", times=30, delayBefore=3)
    path = f"{ucce_client.simulator.api}/campaign/{number}/import"
    with ThreadPoolExecutor(30) as pool:
        queued = [pool.submit(ucce_client.session.post, path, data=import_xml([row(f"Q-{n}")])) for n in range(30)]
        until(lambda: ucce_client.control.ask("GET", "queue")["taken"] == 30)
        refused = ucce_client.load(number, [row("late")])
        assert (refused.status_code, messages(refused)) == (503, ["Request processing queue is at capacity."])
        assert all(answer.result().status_code == 200 for answer in queued)
    assert ucce_client.load(number, [row("later")]).status_code == 200
    assert "late" not in ucce_client.control.taken()
    assert ucce_client.control.duplicates() == []
