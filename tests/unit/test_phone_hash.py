"""Numbers as keyed hashes: the same for ever, for what is stored is never hashed again."""

from pathlib import Path

import pytest
from environs import Env

from shared.config import BadSetting, web_settings
from shared.phone_hash import PhoneHash

KEY = "0123456789abcdef0123456789abcdef"


def test_the_hash_is_the_one_that_is_stored() -> None:
    """printf 'phone +13125550142' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef"""
    hashed = PhoneHash.of_key(KEY)
    assert hashed is not None
    assert hashed.of("+13125550142") == "786aedb5c4d71ecbce615c0576d4905ff1574b88d941a5627bcc178c24e9748f"
    assert hashed.key_id == "39ed5252b09bd183"


def test_another_key_gives_other_hashes_and_no_key_none() -> None:
    one, another = PhoneHash.of_key(KEY), PhoneHash.of_key(KEY[::-1])
    assert one is not None
    assert another is not None
    assert one.of("+13125550142") != another.of("+13125550142")
    assert one.key_id != another.key_id
    assert PhoneHash.of_key("") is None


def test_the_key_does_not_stand_in_a_log() -> None:
    assert KEY not in repr(PhoneHash.of_key(KEY))


def test_a_short_key_stops_the_process_and_one_may_come_from_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CM_PHONE_HASH_KEY", KEY[:31])
    with pytest.raises(BadSetting, match="CM_PHONE_HASH_KEY needs 32 characters"):
        web_settings(Env())
    (tmp_path / "key").write_text(f"{KEY}\n")
    monkeypatch.delenv("CM_PHONE_HASH_KEY")
    monkeypatch.setenv("CM_PHONE_HASH_KEY_FILE", str(tmp_path / "key"))
    assert web_settings(Env()).phone_hash_key == KEY
