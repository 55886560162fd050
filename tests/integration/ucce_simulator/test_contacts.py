"""Import API, reading side (ucce/REFERENCE.md 1.2 and 1.5.3)."""

from urllib.parse import urlsplit

import pytest

from tests.integration.ucce_simulator.client import Client, error_types, row, xml


def _page(ucce_client: Client, number: int, query: str = "") -> tuple[dict[str, str | None], list[str | None]]:
    """(pageInfo, account numbers)"""
    root = xml(ucce_client.get(f"/campaign/{number}/import{query}"))
    info = {child.tag: child.text for child in root.find("pageInfo") or []}
    return info, [name.text for name in root.findall("importContacts/importContact/accountNumber")]


def _loaded(ucce_client: Client, count: int) -> int:
    number = ucce_client.create()
    assert ucce_client.load(number, [row(f"A-{n:03}") for n in range(count)]).status_code == 200
    return number


def test_the_first_page_has_25_contacts_by_account_number(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, [row(f"A-{n:03}") for n in reversed(range(60))])
    info, accounts = _page(ucce_client, number)
    assert accounts == [f"A-{n:03}" for n in range(25)]
    assert (info["startIndex"], info["resultsPerPage"], info["totalResults"]) == ("0", "25", "60")
    assert "prevPage" not in info


def test_following_next_page_gives_every_contact_once(ucce_client: Client) -> None:
    number = _loaded(ucce_client, 37)
    seen: list[str | None] = []
    path: str | None = f"/campaign/{number}/import?resultsPerPage=10&sort=accountNumber%20desc"
    while path:
        root = xml(ucce_client.get(path))
        seen += [name.text for name in root.findall("importContacts/importContact/accountNumber")]
        link = root.findtext("pageInfo/nextPage")
        assert link is None or urlsplit(link).hostname == "aw1.cc.example"
        path = link and link[link.index("/unifiedconfig/config") + len("/unifiedconfig/config") :]
    assert seen == [f"A-{n:03}" for n in reversed(range(37))]


def test_beyond_the_end_the_last_full_page_comes_back_without_a_next_page(ucce_client: Client) -> None:
    number = _loaded(ucce_client, 37)
    info, accounts = _page(ucce_client, number, "?startIndex=1000&resultsPerPage=10")
    assert accounts == [f"A-{n:03}" for n in range(27, 37)]
    assert "nextPage" not in info
    assert _page(ucce_client, number, "?startIndex=37&resultsPerPage=100")[1] == [f"A-{n:03}" for n in range(37)]


def test_an_empty_list_is_one_empty_page(ucce_client: Client) -> None:
    info, accounts = _page(ucce_client, ucce_client.create())
    assert (accounts, info["totalResults"]) == ([], "0")
    assert "nextPage" not in info


@pytest.mark.parametrize("query", ["resultsPerPage=0", "resultsPerPage=101", "startIndex=-1", "startIndex=x"])
def test_paging_outside_its_range_is_refused(ucce_client: Client, query: str) -> None:
    response = ucce_client.get(f"/campaign/{ucce_client.create()}/import?{query}")
    assert (response.status_code, error_types(response)) == (
        400, {query.partition("=")[0]: "invalidInput.outOfRange"}
    )  # fmt: skip


def test_contacts_are_searched_whatever_the_case(ucce_client: Client) -> None:
    number = ucce_client.create()
    lines = ["01JA-01|Анна|Smith|1||", "01JB-01|Boris|Петров|2||", "01JB-02|Smitty|Jones|3||"]
    ucce_client.load(number, lines)
    assert _page(ucce_client, number, "?q=01jb")[1] == ["01JB-01", "01JB-02"]
    assert _page(ucce_client, number, "?q=SMIT")[1] == ["01JA-01", "01JB-02"]
    assert _page(ucce_client, number, "?q=петров")[1] == ["01JB-01"]
    assert _page(ucce_client, number, "?q=firstName:smit%20accountNumber:-02")[1] == ["01JB-02"]
    assert _page(ucce_client, number, "?q=lastName:smit")[1] == ["01JA-01"]
    assert _page(ucce_client, number, "?q=%25")[1] == []
    info, _ = _page(ucce_client, number, "?q=01jb&resultsPerPage=1")
    assert (info["searchTerm"], info["totalResults"]) == ("01jb", "2")
    assert "q=01jb" in str(info["nextPage"])


def test_contacts_are_sorted_by_the_documented_fields_only(ucce_client: Client) -> None:
    number = ucce_client.create()
    ucce_client.load(number, ["1|B|Y|1||", "2|A|Z|1||", "3|C|X|1||"])
    assert _page(ucce_client, number, "?sort=firstName")[1] == ["2", "1", "3"]
    assert _page(ucce_client, number, "?sort=lastName%20desc")[1] == ["2", "1", "3"]
    assert ucce_client.get(f"/campaign/{number}/import?sort=importDate").status_code == 400


def test_one_contact_is_read_by_its_id(ucce_client: Client) -> None:
    number = _loaded(ucce_client, 2)
    assert xml(ucce_client.get(f"/campaign/{number}/import/2")).findtext("accountNumber") == "A-001"
    assert ucce_client.get(f"/campaign/{number}/import/3").status_code == 404


@pytest.mark.parametrize(("path", "headers"), [("", {"Accept": "text/csv"}), ("/csv", {})])
def test_the_whole_list_comes_as_csv(ucce_client: Client, path: str, headers: dict[str, str]) -> None:
    number = _loaded(ucce_client, 120)
    response = ucce_client.get(f"/campaign/{number}/import{path}", headers=headers)
    assert response.headers["Content-Type"].startswith("text/csv")
    assert "Contacts.csv" in response.headers["Content-Disposition"]
    header, *lines = response.text.splitlines()
    assert header.startswith("AccountNumber,FirstName,LastName,Phone01,")
    assert len(lines) == 120
    assert lines[0].startswith("A-000,Ivan,Petrov,13125550142,")


def test_the_template_names_the_columns_of_an_import(ucce_client: Client) -> None:
    response = ucce_client.get("/campaign/import/template")
    assert response.text.splitlines()[0].split(",")[:4] == ["AccountNumber", "FirstName", "LastName", "Phone01"]
    assert response.headers["Content-Disposition"].startswith("attachment")
