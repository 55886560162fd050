"""The portal's and the gadget's files, as browsers ask for them."""

import gzip
import re
from pathlib import Path

import pytest

from services.admin_api.portal import files
from shared.config import GadgetSettings
from shared.web.auth import blueprints_without_auth
from tests.support.admin_api import Admin
from tests.support.json_client import JsonClient

DOCUMENT = "/admin/api/v1/openapi.json"


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "index.html").write_text('<html><cm-app ngCspNonce="CSP_NONCE"></cm-app></html>')
    (folder / "main-Y7PSOIA7.js").write_text("let plain;")
    (folder / "main-Y7PSOIA7.js.gz").write_bytes(gzip.compress(b"let plain;"))
    (folder / "main-Y7PSOIA7.js.br").write_bytes(b"as brotli")
    (folder / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


@pytest.fixture
def http_client(admin: Admin, portal: Path, tmp_path: Path) -> JsonClient:
    gadget = tmp_path / "gadget"
    gadget.mkdir()
    (gadget / "callback.xml").write_text("<Module/>")
    admin.app.config.update(PORTAL_FOLDER=portal, GADGET_FOLDER=gadget)
    return JsonClient(admin.app)


@pytest.mark.parametrize("path", ["/", "/callbacks", "/daily-schedules/7", "/login?to=%2Ftoday"])
def test_every_address_of_the_app_gives_its_page(http_client: JsonClient, path: str) -> None:
    page = http_client.get(path)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert page.headers["Cache-Control"] == "no-cache"


def test_the_page_comes_with_a_strict_policy_and_a_nonce_of_its_own(http_client: JsonClient) -> None:
    nonces = set()
    for _ in range(2):
        page = http_client.get("/")
        policy = page.headers["Content-Security-Policy"]
        found = re.search(r"'nonce-([^']+)'", policy)
        assert found is not None, policy
        assert f'ngCspNonce="{found[1]}"' in page.text
        nonces.add(found[1])
    assert len(nonces) == 2
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_hashed_files_are_kept_for_ever_and_others_are_asked_for_again(http_client: JsonClient) -> None:
    hashed, plain = http_client.get("/main-Y7PSOIA7.js"), http_client.get("/icon.svg")
    assert hashed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in plain.headers["Cache-Control"]
    assert (hashed.mimetype, plain.mimetype) == ("text/javascript", "image/svg+xml")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("identity", None), ("br;q=0, gzip", "gzip")],
)
def test_what_was_compressed_beside_a_file_is_sent_so(
    http_client: JsonClient, accepted: str, encoding: str | None
) -> None:
    file = http_client.get("/main-Y7PSOIA7.js", headers={"Accept-Encoding": accepted})
    assert file.headers.get("Content-Encoding") == encoding
    assert file.headers["Vary"] == "Accept-Encoding"
    assert file.mimetype == "text/javascript"
    if encoding == "gzip":
        assert gzip.decompress(file.data) == b"let plain;"


@pytest.mark.parametrize("path", ["/missing.js", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"])
def test_no_file_outside_and_no_page_in_place_of_a_missing_one(http_client: JsonClient, path: str) -> None:
    answer = http_client.get(path)
    assert answer.status_code in (404, 200)
    assert "secret" not in answer.text
    if path.endswith(".js"):
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/admin/api/v1/nothing", "/admin/nothing", "/api/v1/callbacks", "/ops/status"])
def test_an_unknown_address_of_an_api_is_a_problem_not_a_page(http_client: JsonClient, path: str) -> None:
    answer = http_client.get(path)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_before_it_is_built_the_page_says_how_to_build_it(
    http_client: JsonClient, admin: Admin, tmp_path: Path
) -> None:
    admin.app.config["PORTAL_FOLDER"] = tmp_path / "nothing"
    page = http_client.get("/")
    assert page.status_code == 503
    assert "make portal" in page.text


@pytest.mark.parametrize("path", ["/gadget", "/gadget/", "/gadget/callback.xml", "/gadget/assets/none.js"])
def test_nothing_of_the_gadget_is_there_while_it_is_off(http_client: JsonClient, path: str) -> None:
    off = http_client.get(path)
    assert (off.status_code, off.json["code"]) == (404, "not_found")
    assert "adget" not in off.text


def test_the_gadget_is_framed_and_read_by_the_finesse_nodes_while_it_is_on(
    http_client: JsonClient, admin: Admin
) -> None:
    nodes = ("https://finesse-a.example:8445", "https://finesse-b.example:8445")
    admin.app.config["GADGET"] = GadgetSettings(nodes, "", 3.0, ())
    on = http_client.get("/gadget/callback.xml")
    assert (on.status_code, on.text) == (200, "<Module/>")
    assert on.headers["Content-Security-Policy"].endswith(f"frame-ancestors {nodes[0]} {nodes[1]}")
    assert on.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert on.headers["Cache-Control"] == "no-cache"
    for path in ("/gadget", "/gadget/", "/gadget/none.js", "/gadget/../secret.txt"):
        missing = http_client.get(path)
        assert (missing.status_code, missing.json["code"]) == (404, "not_found")


def test_settings_and_features_of_the_gadget_are_shown_while_it_is_on_alone(admin: Admin) -> None:
    administrator = admin.as_role("administrator")
    names = {one["name"] for one in administrator.get("/settings").json["items"]}
    assert "gadget_requests_per_second" not in names
    assert administrator.get("/settings/gadget_requests_per_second").status_code == 404
    assert "gadget" not in administrator.get("/system").text.lower()
    # Of the API's document only the codes, which are one list for every service, name it.
    named = set(re.findall(r"[\w.]*gadget\w*", admin.app.test_client().get(DOCUMENT).text.lower()))
    assert named == {"gadget_disabled"}
    admin.app.config["GADGET"] = GadgetSettings(("https://finesse-a.example",), "", 3.0, ())
    assert administrator.get("/settings/gadget_requests_per_second").json["value"] == 5
    assert administrator.get("/system").json["features"] == ["Finesse gadget"]


def test_files_need_no_login_and_say_so(admin: Admin) -> None:
    assert vars(files)["auth"] == "none"
    assert blueprints_without_auth(admin.app) == []
