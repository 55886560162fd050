"""The database's URL, built from the environment."""

from pathlib import Path

import pytest
from environs import Env, EnvError
from sqlalchemy.engine import make_url

from shared.config import BadSetting, common_settings, database_url
from shared.db.session import open_database

PARTS = {"CM_DATABASE_HOST": "cm-ag.cc.example", "CM_DATABASE_USER": "cm_app", "CM_DATABASE_PASSWORD": "p@ss/w:rd%1"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CM_DATABASE_URL", "CM_DATABASE_URL_FILE", *PARTS):
        monkeypatch.delenv(name, raising=False)


def set_all(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_without_any_setting_the_database_is_the_embedded_one() -> None:
    assert database_url(Env()) == "sqlite:///var/data/campaign-manager.db"


def test_the_parts_make_a_url_for_an_availability_group(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, **PARTS)
    url = make_url(database_url(Env()))
    assert (url.host, url.port, url.database, url.username) == ("cm-ag.cc.example", 1433, "CampaignManager", "cm_app")
    assert url.password == "p@ss/w:rd%1"
    assert url.query == {
        "driver": "ODBC Driver 18 for SQL Server",
        "Encrypt": "yes",
        "TrustServerCertificate": "no",
        "MultiSubnetFailover": "yes",
        "ApplicationIntent": "ReadWrite",
        "APP": "CampaignManager",
        "ConnectRetryCount": "0",
    }


def test_the_password_may_stand_in_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from-a-file\n")
    set_all(monkeypatch, **PARTS, CM_DATABASE_PASSWORD_FILE=str(file))
    assert make_url(database_url(Env())).password == "from-a-file"


def test_what_a_url_says_in_its_query_wins_over_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(
        monkeypatch,
        CM_DATABASE_URL="mssql+pyodbc://u:p@db/CM?driver=Other&encrypt=strict",
        CM_DATABASE_ENCRYPT="no",
        CM_DATABASE_MULTI_SUBNET_FAILOVER="false",
    )
    query = make_url(database_url(Env())).query
    assert query["driver"] == "Other"
    assert query["encrypt"] == "strict"
    assert "Encrypt" not in query
    assert query["MultiSubnetFailover"] == "no"


def test_a_whole_connection_string_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, CM_DATABASE_URL="mssql+pyodbc:///?odbc_connect=DSN%3Dcm")
    assert make_url(database_url(Env())).query == {"odbc_connect": "DSN=cm"}


def test_url_and_parts_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, CM_DATABASE_URL="sqlite:///x.db", **PARTS)
    with pytest.raises(BadSetting, match="keep one of them"):
        database_url(Env())


@pytest.mark.parametrize(
    "url", ["postgresql://db/x", "mssql+pymssql://db/x", "nonsense", "sqlite://", "mssql+pyodbc://u:p@db:port/x"]
)
def test_an_unsupported_url_is_refused_with_the_name_of_the_setting(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    set_all(monkeypatch, CM_DATABASE_URL=url)
    with pytest.raises(BadSetting, match="CM_DATABASE_URL"):
        database_url(Env())


def test_a_wrong_option_is_refused_whatever_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, CM_DATABASE_ENCRYPT="perhaps")
    with pytest.raises(EnvError, match="CM_DATABASE_ENCRYPT"):
        database_url(Env())


def test_a_driver_that_is_not_installed_ends_the_process_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    set_all(monkeypatch, **PARTS, CM_DATABASE_DRIVER="ODBC Driver 99 for SQL Server")
    with pytest.raises(SystemExit) as stopped:
        open_database(common_settings(Env()))
    said = capsys.readouterr().err
    assert stopped.value.code == 2
    assert "ODBC Driver 99" in said
    assert "msodbcsql18" in said
    assert "p@ss" not in said
    assert said.count("\n") == 1
