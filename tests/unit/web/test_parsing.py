"""Reading JSON strictly."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.parsing import strict_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES)
def test_what_is_json_is_read_as_it_is(value: Any) -> None:
    assert strict_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_value_error(raw: bytes) -> None:
    try:
        strict_json(raw)
    except ValueError:
        return


@pytest.mark.parametrize(
    "raw", [b"NaN", b"[Infinity]", b'{"a": -Infinity}', b'{"a": 1, "a": 1}', b'[{"b": {"": 1, "": 2}}]']
)
def test_what_two_readers_would_read_differently_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"duplicate name|NaN|Infinity"):
        strict_json(raw)


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_nesting_without_end_is_refused_and_not_a_crash(raw: bytes) -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        strict_json(raw)


def test_a_number_too_long_to_be_one_is_refused() -> None:
    with pytest.raises(ValueError, match="digits"):
        strict_json(b"9" * 5000)
