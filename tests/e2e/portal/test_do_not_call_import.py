"""The import of a do-not-call list: checked first, followed in a dialog, found again among the jobs."""

from playwright.sync_api import Page, expect

from tests.e2e.portal.bookings import phone
from tests.e2e.portal.conftest import Open
from tests.e2e.portal.people import AdminApi


def _choose(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("CSV file to import").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_a_list_is_imported_after_a_check_and_its_job_tells_what_came_of_it(open_page: Open, api: AdminApi) -> None:
    page = open_page("/do-not-call")
    _choose(page, "list.csv", f"phone,note\n{phone(4400)},by letter\n{phone(4401)},\nnot a number,\n".encode())

    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("Import list.csv?")
    expect(question).to_contain_text("2 new numbers, 0 with another note, 0 known already, 1 lines that are no number.")
    expect(question).to_contain_text("Line 4:")
    assert api.call("GET", "/do-not-call?q=by letter")["total"] == 0, "a check writes nothing"
    question.get_by_role("button", name="Import").click()

    followed = page.get_by_role("dialog")
    expect(followed).to_contain_text("Importing list.csv")
    expect(followed).to_contain_text("3 of 3: 2 added, 1 lines that are no number")
    expect(followed.get_by_role("progressbar")).to_have_count(0)
    followed.get_by_role("button", name="Close").click()
    expect(page.get_by_text("by letter")).to_be_visible()

    page.get_by_role("link", name="Jobs").click()
    imports = page.get_by_role("row").filter(has_text="Import of do-not-call numbers")
    expect(imports).to_have_count(2)
    job, check = imports.first, imports.last
    expect(job).to_contain_text("100 %")
    expect(job).to_contain_text("2 added, 1 lines that are no number")
    expect(check).to_contain_text("(check only)")
    job.get_by_role("link").click()
    expect(page.get_by_text("3 of 3: 2 added, 1 lines that are no number")).to_be_visible()
    expect(page.get_by_text("Line 4:")).to_be_visible()


def test_a_file_that_is_no_csv_is_refused_in_words_about_it_and_starts_nothing(open_page: Open, api: AdminApi) -> None:
    before = api.call("GET", "/jobs")["total"]
    page = open_page("/do-not-call")

    _choose(page, "list.xlsx", b"PK\x03\x04\x00\xff\xfe a workbook")

    expect(page.get_by_role("alert")).to_contain_text("save the file as CSV UTF-8")
    assert api.call("GET", "/jobs")["total"] == before
