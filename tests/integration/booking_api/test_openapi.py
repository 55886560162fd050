"""The served OpenAPI document is the contract: equal to the routes, valid, and browsable without the internet."""

import json
import re
from typing import Any
from urllib.parse import urljoin

from flask import Flask
from openapi_spec_validator import OpenAPIV30SpecValidator

from services.booking_api.app import create_app
from services.booking_api.dependencies import request_log_of
from shared.web.dependencies import dependencies_of
from shared.web.problems import PROBLEMS
from tests.support.booking_api import Api, web_settings
from tests.support.contract import documented_path

METHODS = {"get", "post", "put", "patch", "delete"}


def routes(app: Flask, prefix: str) -> set[tuple[str, str]]:
    """The app's own routes under `prefix`, as the document writes them; those of its documentation and of
    the gadget that is off are not documented."""
    return {
        (method.lower(), documented_path(rule.rule))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(prefix) and not rule.endpoint.startswith(("docs.", "api-docs.", "gadget_off."))
    }


def operations(api: Api) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, item in api.contract.document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_the_document_is_equal_to_the_routes(api: Api) -> None:
    assert set(operations(api)) == routes(api.app, "/api/v1")


def test_every_route_of_the_public_surface_is_there(api: Api) -> None:
    assert set(operations(api)) == {
        ("get", "/api/v1/skills/{skill}/availability"),
        ("get", "/api/v1/availability"),
        ("post", "/api/v1/callbacks"),
        ("get", "/api/v1/callbacks"),
        ("get", "/api/v1/callbacks/{account_number}"),
        ("patch", "/api/v1/callbacks/{account_number}"),
        ("delete", "/api/v1/callbacks/{account_number}"),
        ("post", "/api/v1/callbacks/{account_number}/reschedule"),
        ("post", "/api/v1/callbacks/{account_number}/cancel"),
        ("post", "/api/v1/callbacks/{account_number}/agent-outcome"),
        ("post", "/api/v1/callback-requests"),
        ("get", "/api/v1/ivr/offer"),
        ("post", "/api/v1/ivr/book"),
        ("get", "/api/v1/ivr/callback"),
        ("post", "/api/v1/ivr/decline"),
        ("post", "/api/v1/ivr/agent-outcome"),
    }


def test_the_document_is_valid_openapi_3_0_3(api: Api) -> None:
    assert api.contract.document["openapi"] == "3.0.3"
    assert list(OpenAPIV30SpecValidator(api.contract.document).iter_errors()) == []


def test_every_error_is_documented_as_a_problem(api: Api) -> None:
    for (method, path), operation in operations(api).items():
        for status, response in operation["responses"].items():
            shown = response
            if "$ref" in response:
                shown = api.contract.document["components"]["responses"][response["$ref"].rpartition("/")[2]]
            if status == "204":
                assert "content" not in shown
            elif status in ("200", "201"):
                assert list(shown["content"]) == ["application/json"], f"{method} {path} {status}"
            else:
                assert list(shown["content"]) == ["application/problem+json"], f"{method} {path} {status}"


def test_every_operation_documents_what_may_always_happen(api: Api) -> None:
    for operation in operations(api).values():
        assert {"401", "403", "429", "503", "default"} <= set(operation["responses"])
        assert "Retry-After" in operation["responses"]["429"]["headers"]
        assert operation["summary"]


def test_documented_codes_stand_under_their_own_status(api: Api) -> None:
    status_of = {str(code): str(status) for code, (status, _) in PROBLEMS.items()}
    for operation in operations(api).values():
        for status, response in operation["responses"].items():
            for code in re.findall(r"`(\w+)`", response.get("description", "")):
                if status != "400":  # malformed JSON is the other face of validation_error
                    assert status_of.get(code, status) == status


def test_bodies_and_answers_allow_no_fields_beyond_the_documented_ones(api: Api) -> None:
    for name, schema in api.contract.document["components"]["schemas"].items():
        data = {"type": "string"} if name in ("Book", "FlatCallback") else False  # their `data_<name>` fields
        assert schema["additionalProperties"] == data, name


def test_the_document_needs_no_key_and_names_the_one_that_calls_need(api: Api) -> None:
    response = api.get("/api/v1/openapi.json", key="")

    assert response.status_code == 200
    assert response.json["security"] == [{"apiKey": []}, {"bearer": []}, {"basic": []}]
    schemes = response.json["components"]["securitySchemes"]
    assert schemes["apiKey"]["name"] == "X-API-Key"
    assert [(schemes[name]["type"], schemes[name]["scheme"]) for name in ("bearer", "basic")] == [
        ("http", "bearer"), ("http", "basic"),
    ]  # fmt: skip


def test_the_page_and_all_it_loads_come_from_us(api: Api) -> None:
    page = api.get("/api/v1/docs", key="")

    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    wanted = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(wanted) == 4
    for link in wanted:
        asset = api.get(urljoin("http://localhost/api/v1/docs", link).removeprefix("http://localhost"), key="")
        assert asset.status_code == 200
        assert len(asset.data) > 50
    start = api.get("/api/v1/docs/start.js", key="")
    document = re.search(r'url: "([^"]+)"', start.text)
    assert document is not None
    assert api.get(urljoin("/api/v1/docs", document[1]), key="").json == api.contract.document


def test_the_page_works_with_a_slash_at_its_end_too(api: Api) -> None:
    page = api.get("/api/v1/docs/", key="")

    assert page.status_code == 200
    for link in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert api.get(urljoin("/api/v1/docs/", link), key="").status_code == 200


def test_no_file_beside_the_assets_can_be_had(api: Api) -> None:
    for path in ("../app.py", "%2e%2e/app.py", "..%2f..%2fapp.py", "/etc/passwd", "nothing.js", "%00"):
        assert api.get(f"/api/v1/docs/{path}", key="").status_code == 404


def test_the_page_can_be_switched_off(api: Api) -> None:
    settings = web_settings(api_docs=False)
    app = create_app(settings, database=api.world.database, cache=dependencies_of(api.app).cache)

    assert app.test_client().get("/api/v1/docs").status_code == 404
    request_log_of(app).close()


def test_every_operation_has_a_name_of_its_own_for_generated_clients(api: Api) -> None:
    names = [operation["operationId"] for operation in operations(api).values()]

    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name)] == []


def test_every_schema_of_the_document_is_used(api: Api) -> None:
    text = json.dumps(api.contract.document)
    unused = [name for name in api.contract.document["components"]["schemas"] if f'/schemas/{name}"' not in text]

    assert unused == []
