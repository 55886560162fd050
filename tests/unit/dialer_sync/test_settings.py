from pathlib import Path

import pytest
from environs import Env, EnvError

from services.dialer_sync.settings import worker_settings
from shared.config import BadSetting
from shared.syslog import SyslogServer

GOOD = {
    "CM_ZOOKEEPER_HOSTS": "zk1:2181,zk2:2181",
    "CM_UCCE_URL": "https://aw.example",
    "CM_UCCE_USER": "cm@cc.example",
    "CM_UCCE_PASSWORD": "hidden",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_what_must_be_set_is_enough() -> None:
    settings = worker_settings(Env())
    assert (settings.sync_interval, settings.settle_grace, settings.batch_size) == (60, 120, 500)
    assert settings.list_lag == 30
    assert (settings.timing.session_timeout, settings.ucce.timeout, settings.port) == (30, 10, 8121)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_is_missing_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(EnvError, match=name):
        worker_settings(Env())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CM_UCCE_URL", "http://aw.example"),
        ("CM_UCCE_URL", "aw.example"),
        ("CM_UCCE_URL", "https://user:secret@aw.example"),
        ("CM_UCCE_CA_FILE", "/nowhere/ca.pem"),
        ("CM_UCCE_USER", "CC:cm"),
        ("CM_UCCE_USER", " "),
        ("CM_UCCE_USER", "cm@cc.example\udcff"),
        ("CM_UCCE_PASSWORD", "se\ncret"),
        ("CM_UCCE_PASSWORD", "secret\udcff"),
        ("CM_UCCE_LOGIN_PAUSE", "59"),
        ("CM_UCCE_URLS", "https://aw1.example, https://aw2.example"),  # CM_UCCE_URL names another one
        ("CM_UCCE_URLS", "https://aw.example, http://aw2.example"),
        ("CM_UCCE_URLS", "https://aw.example https://AW.example/"),
        ("CM_UCCE_URLS", "https://aw.example,https://aw2.example,https://aw3.example"),
        ("CM_UCCE_IMPORT_TIMEOUT", "9"),
        ("CM_UCCE_IMPORT_TIMEOUT", "16"),
        ("CM_UCCE_TIMEOUT", "16"),
        ("CM_UCCE_TIMEOUT", "0"),
        ("CM_UCCE_SETTLE_GRACE", "5"),
        ("CM_UCCE_SETTLE_GRACE", "80"),
        ("CM_UCCE_LIST_LAG", "70"),
        ("CM_UCCE_LIST_LAG", "-1"),
        ("CM_UCCE_QUEUE_TIME", "29"),
        ("CM_UCCE_QUEUE_TIME", "70"),
        ("CM_ZOOKEEPER_SESSION_TIMEOUT", "soon"),
        ("CM_ZOOKEEPER_ROOT", "campaign-manager"),
        ("CM_ZOOKEEPER_ROOT", "/"),
        ("CM_SYNC_INTERVAL", "0"),
        ("CM_BATCH_SIZE", "10001"),
        ("CM_WORKER_PORT", "70000"),
    ],
)
def test_a_wrong_setting_is_named_and_a_secret_in_it_is_not_repeated(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises((EnvError, BadSetting), match=name) as caught:
        worker_settings(Env())
    assert "secret" not in str(caught.value)


def test_the_password_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CM_UCCE_PASSWORD")
    (tmp_path / "password").write_text("from-a-file\n")
    monkeypatch.setenv("CM_UCCE_PASSWORD_FILE", str(tmp_path / "password"))
    settings = worker_settings(Env())
    assert settings.ucce.password == "from-a-file"
    assert "from-a-file" not in repr(settings)


def test_plain_http_is_for_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CM_UCCE_URL", "http://127.0.0.1:8444")
    assert worker_settings(Env()).ucce.url == "http://127.0.0.1:8444"


SHORT = {"CM_UCCE_TIMEOUT": "2.5", "CM_UCCE_QUEUE_TIME": "5", "CM_UCCE_LIST_LAG": "2", "CM_UCCE_SETTLE_GRACE": "10"}


@pytest.mark.parametrize(("url", "refused"), [("https://127.0.0.1:8444", False), ("https://aw.example", True)])
def test_short_times_are_for_a_simulator_on_this_machine(
    url: str, refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (SHORT | {"CM_UCCE_URL": url}).items():
        monkeypatch.setenv(name, value)
    if refused:
        with pytest.raises(BadSetting, match="CM_UCCE_QUEUE_TIME"):
            worker_settings(Env())
    else:
        assert worker_settings(Env()).settle_grace == 10


@pytest.mark.parametrize(("grace", "accepted"), [("9.5", False), ("9.6", True)])
def test_the_grace_is_longer_than_timeout_queue_and_lag_together(
    grace: str, accepted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = SHORT | {"CM_UCCE_URL": "https://localhost:8444", "CM_UCCE_SETTLE_GRACE": grace}
    for name, value in short.items():
        monkeypatch.setenv(name, value)
    if accepted:
        worker_settings(Env())
    else:
        with pytest.raises(BadSetting, match=r"must be more than 9\.5 s"):
            worker_settings(Env())


def test_two_admin_workstations_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CM_UCCE_URLS", "https://aw.example, https://aw2.example:8443")
    assert worker_settings(Env()).ucce.urls == ("https://aw.example", "https://aw2.example:8443")
    monkeypatch.delenv("CM_UCCE_URL")
    assert worker_settings(Env()).ucce.urls == ("https://aw.example", "https://aw2.example:8443")


def test_an_import_may_take_a_minute_when_lease_and_grace_do_and_the_message_says_how(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CM_UCCE_IMPORT_TIMEOUT", "60")
    with pytest.raises(BadSetting, match="set CM_ZOOKEEPER_SESSION_TIMEOUT to 120 or more"):
        worker_settings(Env())
    monkeypatch.setenv("CM_ZOOKEEPER_SESSION_TIMEOUT", "120")
    with pytest.raises(BadSetting, match="CM_UCCE_SETTLE_GRACE is 120 s and must be more than 120 s"):
        worker_settings(Env())
    monkeypatch.setenv("CM_UCCE_SETTLE_GRACE", "121")
    settings = worker_settings(Env())
    assert (settings.ucce.timeout, settings.ucce.import_timeout, settings.ucce.longest_call) == (10, 60, 60)


def test_a_certificate_that_is_not_pem_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "aw.cer").write_bytes(b"\x30\x82\x03\x00")
    monkeypatch.setenv("CM_UCCE_CA_FILE", str(tmp_path / "aw.cer"))
    with pytest.raises(BadSetting, match="openssl x509 -inform der"):
        worker_settings(Env())


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", None),
        ("tls://siem.example", SyslogServer("tls", "siem.example", 6514)),
        ("tcp://siem.example:1601/", SyslogServer("tcp", "siem.example", 1601)),
        ("udp://[2001:db8::5]", SyslogServer("udp", "2001:db8::5", 514)),
    ],
)
def test_the_syslog_server_of_the_audit_log(
    url: str, server: SyslogServer | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CM_AUDIT_SYSLOG", url)
    assert worker_settings(Env()).audit_syslog == server


@pytest.mark.parametrize("url", ["siem.example:514", "http://siem.example", "tcp://", "tls://siem:x", "udp://a/b"])
def test_a_syslog_server_that_cannot_be_one_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CM_AUDIT_SYSLOG", url)
    with pytest.raises(BadSetting, match="CM_AUDIT_SYSLOG must be a server such as tls://"):
        worker_settings(Env())
