"""Column types: the values they refuse, and values read equal values written."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy.dialects import mssql, sqlite

from shared.db.columns import Json, UtcDateTime, nvarchar, truncate_utf16

DIALECTS = [sqlite.dialect(), mssql.dialect()]
dialects = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


@dialects
def test_a_naive_datetime_is_refused_before_it_is_stored(dialect: Any) -> None:
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2026, 11, 23, 9, 0), dialect)  # noqa: DTZ001


@dialects
@pytest.mark.parametrize("hours", [-12, -6, 0, 5.75, 14])
def test_an_instant_is_stored_in_utc_and_comes_back_aware(dialect: Any, hours: float) -> None:
    at = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=hours)))
    stored = UtcDateTime().process_bind_param(at, dialect)
    assert stored is not None
    assert stored.tzinfo is None
    back = UtcDateTime().process_result_value(stored, dialect)
    assert back == at
    assert back.tzinfo is UTC


@dialects
def test_none_is_stored_and_read_as_none(dialect: Any) -> None:
    for kind in (UtcDateTime(), Json()):
        assert kind.process_bind_param(None, dialect) is None
        assert kind.process_result_value(None, dialect) is None


@dialects
@pytest.mark.parametrize("value", [{}, {"a": "Straße 🧾\x00\n\"'"}, [0] * 48, 5, True, "text", {"a": {"b": [None]}}])
def test_json_comes_back_as_it_went_in(dialect: Any, value: Any) -> None:
    stored = Json().process_bind_param(value, dialect)
    assert isinstance(stored, str)
    assert Json().process_result_value(stored, dialect) == value


def test_a_value_that_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        Json().process_bind_param({"at": datetime.now(UTC)}, DIALECTS[0])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(UtcDateTime(), "DATETIME2(6)"), (Json(), "NVARCHAR(max)"), (nvarchar(64), "NVARCHAR(64)")],
)
def test_sql_server_gets_the_types_that_its_reports_can_read(kind: Any, expected: str) -> None:
    assert kind.compile(dialect=mssql.dialect()) == expected


@pytest.mark.parametrize(
    ("given", "length", "kept"),
    [("abc", 64, "abc"), ("abc", 2, "ab"), ("🧾🧾", 3, "🧾"), ("🧾🧾", 4, "🧾🧾"), ("a\x00b\x00", 64, "ab"),
     ("\ud800x", 64, "?x"), ("", 3, "")],
)  # fmt: skip
def test_text_is_cut_to_what_both_engines_hold(given: str, length: int, kept: str) -> None:
    assert truncate_utf16(given, length) == kept
