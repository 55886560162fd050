"""Lists of keys in a statement: the same keys, in few lengths."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mssql

from shared.db.key_lists import CHUNK, one_of
from shared.db.models import Callback


@given(st.integers(0, 1000))
def test_a_list_has_every_key_and_one_of_few_lengths(count: int) -> None:
    keys = [f"key-{index}" for index in range(count)]
    listed = one_of(Callback.account_number, keys).right.value
    assert set(listed) == set(keys)
    assert len(listed) in {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, CHUNK} or len(listed) == count > CHUNK


def test_lists_of_near_lengths_are_one_statement() -> None:
    written = {
        str(one_of(Callback.account_number, ["a"] * count).compile(
            dialect=mssql.dialect(), compile_kwargs={"render_postcompile": True}))
        for count in range(5, 9)
    }  # fmt: skip
    assert len(written) == 1
