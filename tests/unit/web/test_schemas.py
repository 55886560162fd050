"""The marshmallow fields that both APIs use."""

from typing import Any

import pytest
from marshmallow import ValidationError, fields

from shared.web.schemas import (
    ApiSchema,
    CleanLines,
    CleanText,
    Float,
    FreeText,
    Integer,
    Length,
    LocalDate,
    MaybeEmpty,
    NameText,
    PhoneParameter,
    Text,
    camel,
)


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


class _Optional(ApiSchema):
    skill = NameText(required=True, validate=Length(1, 8))
    campaign = NameText(load_default=None, validate=Length(1, 8))
    first_name = CleanText(load_default=None, allow_none=True, validate=Length(1, 8))
    call_id = Text(load_default=None, validate=Length(1, 8))
    days = Integer(load_default=3)
    dates = fields.List(LocalDate(), load_default=[])
    data = fields.Dict(load_default=dict)
    prefix = MaybeEmpty(load_default="011")


USUAL: dict[str, Any] = {
    "skill": "A", "campaign": None, "first_name": None, "call_id": None, "days": 3, "dates": [], "data": {},
    "prefix": "011",
}  # fmt: skip


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"campaign": "", "firstName": "", "callId": "", "days": "", "dates": "", "data": ""},
        {"dates": [""]},  # as a query has it
        {"campaign": " \u3000", "callId": " ", "firstName": "\u200b\n"},
        {"firstName": None},
    ],
)
def test_what_is_empty_in_an_optional_field_is_absent(sent: dict[str, Any]) -> None:
    assert _Optional().load({"skill": "A", **sent}) == USUAL


@pytest.mark.parametrize(
    "sent",
    [{"skill": ""}, {"skill": " \u200b"}, {"callId": "\x1b"}, {"days": " "}, {"dates": ["", "x"]}, {"campaign": "\x00"},
     {"colour": ""}, {"days": 0.5, "dates": [None]}],
)  # fmt: skip
def test_what_is_wrong_is_not_taken_for_absent(sent: dict[str, Any]) -> None:
    assert set(_Optional().validate({"skill": "A", **sent})) >= set(sent) - {"days"}


def test_an_empty_text_that_says_something_is_kept() -> None:
    assert _Optional().load({"skill": "A", "prefix": ""})["prefix"] == ""


@pytest.mark.parametrize(
    ("field", "sent", "read"),
    [
        (CleanText(), "\u202aAda\u00a0 Lovelace\u202c\n", "Ada Lovelace"),
        (CleanText(), "\x1bA\ud800", "A"),
        (NameText(), "\u200eBilling\u3000Desk ", "Billing Desk"),
        (CleanLines(), " one\u200b \r\n two\x00\n", "one\ntwo"),
        (PhoneParameter(), " 13125550142", "+13125550142"),
        (PhoneParameter(), "\u202a312\u00a0555 0142\u202c", "\u202a312\u00a0555 0142\u202c"),
    ],
)
def test_what_people_write_is_cleaned(field: fields.Field[Any], sent: str, read: str) -> None:
    assert loaded(field, sent) == read


@pytest.mark.parametrize("wrong", ["a\x00", "\x1b[0m", "a\ud800", "\x7f", 7, None, ["a"]])
def test_a_name_with_control_characters_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        loaded(NameText(), wrong)


@pytest.mark.parametrize("number", [7, "7", "07", "-7", 7.0])
def test_a_whole_number_is_read(number: Any) -> None:
    assert abs(loaded(Integer(), number)) == abs(loaded(Float(), number)) == 7


@pytest.mark.parametrize(
    "wrong", ["1_0", "１０", "٣", " 3", "3 ", "+3", "0x3", "", "-", "9" * 19, "1e3", "nan", True, None]
)
def test_a_number_in_other_than_plain_digits_is_refused(wrong: Any) -> None:
    for field in (Integer(), Float()):
        with pytest.raises(ValidationError):
            loaded(field, wrong)


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
