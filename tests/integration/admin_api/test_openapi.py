"""The served OpenAPI document is what the portal's client is made from: exact, stable, and printable anywhere."""

import json
import subprocess
import sys
from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator

from services.admin_api.openapi import document
from tests.support.admin_api import Admin
from tests.support.contract import documented_path

OPEN = {
    "login",
    "listLoginMethods",
    "beginOidcLogin",
    "finishOidcLogin",
    "postOidcLogin",
    "listLoginRefusals",
}  # for everybody
METHODS = {"get", "post", "put", "delete"}


def operations(served: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, item in served["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_the_document_is_equal_to_the_routes(admin: Admin) -> None:
    routes = {
        (method.lower(), documented_path(rule.rule))
        for rule in admin.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/admin/api/v1") and not rule.endpoint.startswith(("docs.", "api-docs."))
    }
    assert set(operations(admin.contract.document)) == routes


def test_the_document_is_valid(admin: Admin) -> None:
    assert list(OpenAPIV30SpecValidator(admin.contract.document).iter_errors()) == []


def test_every_operation_says_its_name_its_summary_and_its_role(admin: Admin) -> None:
    for (method, path), operation in operations(admin.contract.document).items():
        assert operation["operationId"], path
        assert operation["summary"], path
        assert operation.get("x-role") or operation["operationId"] in OPEN, f"{method} {path}"


def test_every_write_of_a_person_asks_for_the_csrf_token_and_every_change_for_the_version(admin: Admin) -> None:
    for (method, path), operation in operations(admin.contract.document).items():
        headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        assert ("X-CSRF-Token" in headers) is (method != "get" and operation["operationId"] not in OPEN), path
        ends_a_key = path.endswith("/previous-key")  # no edit of what was read
        assert ("If-Match" in headers) is (method in ("put", "delete") and not ends_a_key), path


def test_every_list_is_paged_sorted_and_counted(admin: Admin) -> None:
    schemas = admin.contract.document["components"]["schemas"]
    for (method, path), operation in operations(admin.contract.document).items():
        asked = {one["name"]: one["schema"] for one in operation.get("parameters", []) if one["in"] == "query"}
        if "page" not in asked:
            continue
        assert {"pageSize", "sort", "q"} <= set(asked), f"{method} {path}"
        assert asked["pageSize"]["maximum"] == 200
        assert asked["sort"]["enum"]
        page = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert {"items", "page", "pageSize", "total", "totalIsExact"} == set(schemas[page]["required"]), path


def test_the_document_is_printed_without_a_database() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "services.admin_api.openapi"], capture_output=True, check=True, timeout=60
    )
    assert json.loads(printed.stdout) == document()
