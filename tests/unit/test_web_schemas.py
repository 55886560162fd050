"""The fields that services share."""

from typing import Any

import pytest
from marshmallow import ValidationError, fields

from shared.web.schemas import ApiSchema, FreeText, Length, LocalDate, Text, camel


def loaded(field: fields.Field[Any], value: Any) -> Any:
    return field.deserialize(value)


def test_names_are_camel_case_outside() -> None:
    assert [camel(name) for name in ("phone", "call_data", "ucce_skill_group_id")] == [
        "phone",
        "callData",
        "ucceSkillGroupId",
    ]


class _Schema(ApiSchema):
    call_id = fields.String()


def test_a_schema_takes_camel_case_and_nothing_unknown() -> None:
    assert _Schema().load({"callId": "1"}) == {"call_id": "1"}
    assert _Schema().validate({"call_id": "1", "x": 1}) == {"call_id": ["Unknown field."], "x": ["Unknown field."]}


@pytest.mark.parametrize("text", ["Ada", "", "José", "李小龙", "a b", "📞", "'; --", "<b>"])
def test_a_text_may_be_anything_that_can_be_seen(text: str) -> None:
    assert loaded(Text(), text) == text


@pytest.mark.parametrize(
    "text", ["a\nb", "\x00", "\x1b[0m", "a\u202eb", "a\u200bb", "\ufeff", "\ud800", "a\u00a0b", "\x9b"]
)
def test_a_text_has_no_control_and_no_invisible_characters(text: str) -> None:
    with pytest.raises(ValidationError):
        loaded(Text(), text)


@pytest.mark.parametrize("text", ["two\r\nlines", "\ttab", "a\u00a0b", "a\u200db", "📞"])
def test_a_free_text_may_have_line_breaks_and_typography(text: str) -> None:
    assert loaded(FreeText(), text) == text


@pytest.mark.parametrize("text", ["\x00", "\x08", "\x1b", "\x7f", "\ud83d", "\udc00"])
def test_a_free_text_has_nothing_that_no_store_holds(text: str) -> None:
    with pytest.raises(ValidationError):
        loaded(FreeText(), text)


@pytest.mark.parametrize("text", ["x" * 4, "é" * 4, "📞" * 2, "x📞x", ""])
def test_a_length_is_counted_in_utf_16(text: str) -> None:
    assert Length(max=4)(text) == text


@pytest.mark.parametrize("text", ["x" * 5, "📞" * 3, "xx📞x"])
def test_a_length_beyond_its_column_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Length(max=4)(text)


def test_a_length_has_a_minimum_too() -> None:
    with pytest.raises(ValidationError):
        Length(1, 4)("")


@pytest.mark.parametrize(
    "wrong", ["20261123", "2026-W48-1", "2026-11-23 ", "2026-11-31", "", None, 20261123, "٢٠٢٦-11-23"]
)
def test_a_local_date_is_written_in_one_way(wrong: Any) -> None:
    assert loaded(LocalDate(), "2026-11-23").isoformat() == "2026-11-23"
    with pytest.raises(ValidationError):
        loaded(LocalDate(), wrong)
