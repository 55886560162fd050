"""Signing in by the company's directory, in a real browser over HTTPS: its cookies cross the provider's pages."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deploy.sandbox import ports
from deploy.sandbox.stack import Stack
from services.admin_api.identity.directory.oidc_settings import CALLBACK_PATH
from tests.e2e.portal.browser import WIDE, Complaints
from tests.servers import sources
from tests.servers.oidc import CLIENT_ID, CLIENT_SECRET, OidcServer
from tests.servers.slapd import GROUPS, PASSWORD, PEOPLE, SERVICE, SERVICE_PASSWORD, Slapd

OPERATORS = "callback-operators"


@dataclass(frozen=True)
class Company:
    """A system whose people log in by an LDAP directory or an OpenID Connect provider."""

    system: Stack
    provider: OidcServer

    @property
    def url(self) -> str:
        return self.system.settings.https_url


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, slapd: Slapd) -> Iterator[Company]:
    sources.need_local_stack()
    free = ports.any_free()
    url = f"https://127.0.0.1:{free['https']}"
    with sources.oidc(tmp_path_factory.mktemp("provider"), url + CALLBACK_PATH) as provider:
        settings = {
            "CM_LDAP_URLS": slapd.ldaps, "CM_LDAP_CA_FILE": slapd.ca_file, "CM_LDAP_TYPE": "openldap",
            "CM_LDAP_BIND_DN": SERVICE, "CM_LDAP_BIND_PASSWORD": SERVICE_PASSWORD, "CM_LDAP_USER_BASE": PEOPLE,
            "CM_LDAP_GROUP_BASE": GROUPS, "CM_LDAP_OPERATOR_GROUPS": f"cn={OPERATORS},{GROUPS}",
            "CM_LDAP_LABEL": "Corp directory",
            "CM_OIDC_ISSUER": provider.issuer, "CM_OIDC_CLIENT_ID": CLIENT_ID,
            "CM_OIDC_CLIENT_SECRET": CLIENT_SECRET, "CM_OIDC_PORTAL_URL": url, "CM_OIDC_CA_FILE": provider.ca_file,
            "CM_OIDC_RESPONSE_MODE": "form_post", "CM_OIDC_OPERATOR_GROUPS": OPERATORS,
            "CM_OIDC_LABEL": "Corp login",
        }  # fmt: skip
        stack = Stack(tmp_path_factory.mktemp("company"), settings, free)
        try:
            stack.start()
            yield Company(stack, provider)
        finally:
            stack.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(
        viewport={"width": WIDE[0], "height": WIDE[1]}, ignore_https_errors=True, reduced_motion="reduce"
    ) as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints = Complaints(page)
    yield page
    assert complaints.heard == []


def at_the_provider(page: Page, name: str) -> None:
    """Fill in the provider's own page."""
    page.wait_for_url("https://localhost:*/interaction/*")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()


def test_a_deep_link_leads_through_the_provider_and_back_to_its_page(
    company: Company, context: BrowserContext, page: Page
) -> None:
    company.provider.set_person("anna.ames", {"groups": [OPERATORS], "name": "Anna Ames"})
    page.goto(f"{company.url}/skills")
    page.get_by_role("link", name="Sign in with Corp login").click()
    at_the_provider(page, "anna.ames")
    page.wait_for_url(f"{company.url}/skills")
    expect(page.get_by_role("heading", level=1)).to_have_text("Skills")
    kept = {cookie["name"]: cookie["sameSite"] for cookie in context.cookies(company.url) if "cm_" in cookie["name"]}
    assert kept.items() >= {("__Host-cm_session", "Strict")}
    assert "__Host-cm_oidc" not in kept
    page.get_by_role("button", name="Anna Ames").click()
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Change password")).to_have_count(0)


def test_who_is_in_no_group_reads_why(company: Company, page: Page) -> None:
    company.provider.set_person("otto", {"groups": []})
    page.goto(f"{company.url}/login")
    page.get_by_role("link", name="Sign in with Corp login").click()
    at_the_provider(page, "otto")
    expect(page.get_by_role("alert")).to_contain_text("You are in none of the groups")


def test_the_directory_is_offered_first_and_a_local_account_beside_it(company: Company, page: Page) -> None:
    page.goto(f"{company.url}/login")
    expect(page.get_by_role("radio", name="Corp directory")).to_be_checked()
    page.get_by_label("User name").fill("anna")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("radio", name="Local account").check()
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The name or the password is wrong")
    page.get_by_role("radio", name="Corp directory").check()
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/today")
    expect(page.get_by_role("button", name="Anna Ames")).to_be_visible()


def test_a_session_that_ended_is_renewed_in_a_tab_of_its_own(
    company: Company, context: BrowserContext, page: Page
) -> None:
    company.provider.set_person("rosa", {"groups": [OPERATORS], "name": "Rosa"})
    page.goto(f"{company.url}/login?to=/skills")
    page.get_by_role("link", name="Sign in with Corp login").click()
    at_the_provider(page, "rosa")
    expect(page.get_by_role("heading", level=1)).to_have_text("Skills")
    context.clear_cookies(name="__Host-cm_session")
    page.get_by_role("link", name="Callbacks").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    with context.expect_page() as opened:
        page.get_by_role("link", name="Sign in with Corp login").click()
    opened.value.wait_for_url(f"{company.url}/today")  # the provider still knows them
    opened.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_text("Your session has ended")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Callbacks")
