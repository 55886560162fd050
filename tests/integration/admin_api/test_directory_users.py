"""Users of a directory: name, role and password belong to the directory, blocking belongs to the portal."""

import pytest

from services.admin_api.identity.roles import Role
from shared.db.models import PortalUser
from tests.support.admin_api import PASSWORD, Admin, Browser

DIRECTORY = {"source": "ldap", "external_id": "4f2c", "password_hash": None}


@pytest.fixture
def anna(admin: Admin) -> int:
    return admin.add_user("anna", Role.SUPERVISOR, display_name="Anna Ames", **DIRECTORY)


def test_name_and_role_are_the_directorys_and_a_block_is_ours(administrator: Browser, anna: int) -> None:
    same = {"name": "anna", "displayName": "Anna Ames", "role": "supervisor", "enabled": True}
    for change in ({"role": "administrator"}, {"name": "hanna"}, {"displayName": "Hanna"}):
        refused = administrator.put(f"/users/{anna}", same | change, 1)
        assert (refused.status_code, list(refused.json["errors"])) == (422, list(change))
    blocked = administrator.put(f"/users/{anna}", same | {"enabled": False}, 1)
    assert (blocked.status_code, blocked.json["source"], blocked.json["enabled"]) == (200, "ldap", False)


def test_no_local_password_opens_a_directorys_account(admin: Admin, administrator: Browser, anna: int) -> None:
    refused = administrator.post(f"/users/{anna}/password", {"password": "a brand new start"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["password"])
    assert admin.world.rows(PortalUser, id=anna)[0].password_hash is None
    for guess in (PASSWORD, "a brand new start", "x"):
        assert admin.browser().log_in("anna", guess).status_code == 401
