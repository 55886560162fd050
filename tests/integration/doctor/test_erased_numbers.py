"""Doctor tells whether this node recognises the do-not-call numbers of erased people."""

from dataclasses import replace

from environs import Env

from deploy.doctor import erased_numbers
from deploy.doctor.finding import Finding, Verdict
from shared.callbacks.erasure import begin
from shared.config import web_settings
from shared.db import models
from shared.db.audit import Author
from shared.phone_hash import PhoneHash
from tests.support.configured_database import NOW, World, phone

KEY, ANOTHER = "k" * 32, "l" * 32


def finding(url: str, key: str) -> Finding:
    settings = replace(web_settings(Env()), database_url=url, database_timeout=10.0, phone_hash_key=key)
    (found,) = erased_numbers.check(settings)
    return found


def test_numbers_that_were_hashed_with_another_key_are_an_error(world: World, database_url: str) -> None:
    assert finding(database_url, "").verdict is Verdict.OK
    number = phone()
    world.add(models.DoNotCall, phone=number, added_at=NOW)
    begin(world.database, number, PhoneHash.of_key(KEY), by=Author("user:anna"), now=NOW)

    assert finding(database_url, KEY).verdict is Verdict.OK
    assert "1 on the do-not-call list" in finding(database_url, KEY).text
    for key, words in (("", "CM_PHONE_HASH_KEY is not set"), (ANOTHER, "another CM_PHONE_HASH_KEY")):
        found = finding(database_url, key)
        assert found.verdict is Verdict.FAILED
        assert found.text.startswith("1 do-not-call numbers")
        assert words in found.text
