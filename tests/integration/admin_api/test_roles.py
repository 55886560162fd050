"""Roles: each operation requires one, and admits users with that or a higher role."""

from typing import Any

import pytest

from services.admin_api.identity.authorization import Operation, operations
from services.admin_api.identity.roles import Role
from shared.web.auth import blueprints_without_auth
from tests.support.admin_api import Admin

OPEN = {("POST", "/admin/api/v1/auth/login"), ("GET", "/admin/api/v1/auth/methods")} | {
    (method, f"/admin/api/v1/auth/oidc/{page}")
    for method, page in (("GET", "login"), ("GET", "callback"), ("POST", "callback"), ("GET", "refusals"))
}
# What a role may do beside reading; the rest is a viewer's (services/README.md, "Who may do what").
WRITERS = {
    Role.ADMINISTRATOR: ("/users", "/api-clients", "/erasures"),
    Role.SUPERVISOR: (
        "/daily-schedules",
        "/weekly-schedules",
        "/skill-schedules",
        "/skills",
        "/campaigns",
        "/settings",
    ),
    Role.OPERATOR: ("/callbacks", "/do-not-call", "/live", "/jobs"),
}


def all_operations(admin: Admin) -> dict[tuple[str, str], Operation | None]:
    return {
        (method, path): operation
        for (method, path), operation in operations(admin.app).items()
        if path.startswith("/admin/api/v1") and "docs" not in path
    }


def test_every_blueprint_says_who_may_call(admin: Admin) -> None:
    assert blueprints_without_auth(admin.app) == []


def test_every_operation_has_a_role(admin: Admin) -> None:
    found = all_operations(admin)
    assert len(found) > 60
    assert {key for key, operation in found.items() if operation is None or operation.role is None} == OPEN


def test_every_operation_has_a_name_of_its_own(admin: Admin) -> None:
    names = [operation.id for operation in all_operations(admin).values() if operation]
    assert len(names) == len(set(names))


def test_the_roles_are_those_of_the_product(admin: Admin) -> None:
    for (method, path), operation in all_operations(admin).items():
        assert operation
        if operation.role is None or path.startswith("/admin/api/v1/auth"):
            continue
        part = path.removeprefix("/admin/api/v1")
        writer = next((role for role, parts in WRITERS.items() if part.startswith(parts)), Role.VIEWER)
        if writer is Role.ADMINISTRATOR or method != "GET":
            assert operation.role is writer, f"{method} {path}"
        elif part.startswith("/audit-log"):
            assert operation.role is Role.SUPERVISOR
        elif part.startswith("/jobs"):
            assert operation.role is Role.OPERATOR
        elif part != "/do-not-call/export":
            assert operation.role is Role.VIEWER, f"{method} {path}"


@pytest.mark.parametrize("role", list(Role))
def test_every_route_lets_in_exactly_who_may(admin: Admin, role: Role) -> None:
    """Over all routes and roles: too small a role is 403 `forbidden`; enough of one never is."""
    browser = admin.as_role(role)
    for (method, path), operation in all_operations(admin).items():
        assert operation
        if operation.role is None or operation.id in ("logout", "logoutEverywhere", "changePassword"):
            continue
        response = browser.request(method, _address(path), _body(method), version=999)
        refused = response.status_code == 403 and response.json["code"] == "forbidden"
        assert refused is not role.includes(operation.role), f"{role}: {method} {path} answered {response.status_code}"


def _address(path: str) -> str:
    return path.replace("<key:id>", "999").replace("<string:account_number>", "X").replace("<string:name>", "nothing")


def _body(method: str) -> Any:
    return {} if method in ("POST", "PUT") else None
