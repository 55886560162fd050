"""Settings from the environment: a wrong one is named and stops the process."""

import os
from pathlib import Path

import pytest
from environs import Env

from shared.config import BadSetting, GadgetSettings, common_settings, load, secret, web_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("CM_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CM_DATABASE_POOL_SIZE", ""),
        ("CM_DATABASE_POOL_SIZE", "0"),
        ("CM_DATABASE_POOL_SIZE", "101"),
        ("CM_DATABASE_POOL_SIZE", "8.5"),
        ("CM_DATABASE_TIMEOUT", "soon"),
        ("CM_DATABASE_TIMEOUT", "0"),
        ("CM_DATABASE_TIMEOUT", "nan"),
        ("CM_DATABASE_TIMEOUT", "inf"),
        ("CM_REDIS_TIMEOUT", "-1"),
        ("CM_LOG_LEVEL", "LOUD"),
        ("CM_LOG_FORMAT", "xml"),
        ("CM_NODE", ""),
        ("CM_NODE", "n" * 65),
        ("CM_GADGET_ENABLED", "perhaps"),
        ("CM_BODY_LIMIT", "1"),
        ("CM_API_DOCS", "2"),
    ],
)
def test_a_malformed_setting_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        load(web_settings)
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert name in said
    assert said.count("\n") == 1


def test_a_missing_secret_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        load(lambda env: secret(env, "CM_UCCE_PASSWORD"))
    assert "CM_UCCE_PASSWORD" in capsys.readouterr().err


def test_a_secret_comes_from_its_file_without_the_last_line_break(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "url").write_text("redis://:hunter2@cache:6379/0\n")
    monkeypatch.setenv("CM_REDIS_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("CM_REDIS_URL", "redis://ignored:6379/0")
    assert common_settings(Env()).redis_url == "redis://:hunter2@cache:6379/0"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["missing", "not text"])
def test_a_secret_whose_file_cannot_be_read_is_named_with_its_file_and_never_shown(
    content: bytes | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / "url").write_bytes(content)
    monkeypatch.setenv("CM_REDIS_URL_FILE", str(tmp_path / "url"))
    with pytest.raises(SystemExit):
        load(common_settings)
    said = capsys.readouterr().err
    assert "CM_REDIS_URL_FILE" in said
    assert str(tmp_path / "url") in said


def test_a_folder_is_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CM_REDIS_URL_FILE", str(tmp_path))
    with pytest.raises(BadSetting, match="CM_REDIS_URL_FILE"):
        common_settings(Env())


def test_a_wrong_setting_does_not_show_what_was_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CM_DATABASE_URL", "postgresql://cm:hunter2@db/cm")
    with pytest.raises(SystemExit):
        load(common_settings)
    assert "hunter2" not in capsys.readouterr().err


def test_the_gadget_is_off_unless_either_name_says_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CM_FINESSE_URLS", "https://finesse-a.example:8445, https://finesse-b.example:8445/")
    assert web_settings(Env()).gadget is None
    monkeypatch.setenv("GADGET_ENABLED", "true")
    monkeypatch.setenv("CM_GADGET_QUEUES", "Billing_PQ = Billing, Sales_PQ=Sales")
    assert web_settings(Env()).gadget == GadgetSettings(
        ("https://finesse-a.example:8445", "https://finesse-b.example:8445"), "", 3.0,
        (("Billing_PQ", "Billing"), ("Sales_PQ", "Sales")),
    )  # fmt: skip
    monkeypatch.setenv("CM_GADGET_ENABLED", "false")
    assert web_settings(Env()).gadget is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CM_FINESSE_URLS", ""),
        ("CM_FINESSE_URLS", "https://a.example,https://b.example,https://c.example"),
        ("CM_FINESSE_URLS", "finesse.example"),
        ("CM_FINESSE_URLS", "http://finesse.example"),
        ("CM_FINESSE_URLS", "https://agent:pass@finesse.example"),
        ("CM_FINESSE_URLS", "https://finesse.example/desktop"),
        ("CM_FINESSE_URLS", "https://finesse.example:port"),
        ("CM_FINESSE_CA_FILE", "/nowhere/ca.pem"),
        ("CM_FINESSE_TIMEOUT", "soon"),
        ("CM_GADGET_QUEUES", "Billing_PQ"),
        ("CM_GADGET_QUEUES", "=Billing"),
    ],
)
def test_a_wrong_setting_of_the_gadget_stops_the_start_while_it_is_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv("CM_FINESSE_URLS", "https://finesse-a.example:8445")
    monkeypatch.setenv(name, value)
    assert load(web_settings).gadget is None
    monkeypatch.setenv("CM_GADGET_ENABLED", "true")
    with pytest.raises(SystemExit):
        load(web_settings)
    assert name in capsys.readouterr().err
