"""The state machine of a callback: the legal transitions and no others."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.callbacks.states import FINAL, LEGAL, OPEN, Status, is_legal
from shared.db.models.callbacks import STATUSES

# shared/README.md, "The life of a callback", word for word; a reschedule is `scheduled` to itself.
ALLOWED = {
    None: {"scheduled"},
    "scheduled": {"scheduled", "importing", "cancelled", "expired"},
    "importing": {"imported", "scheduled", "failed"},
    "imported": {"completed", "failed", "scheduled"},
    "completed": set(),
    "failed": set(),
    "cancelled": {"scheduled"},  # a cancellation that was a mistake is undone
    "expired": set(),
}


@pytest.mark.parametrize(("before", "after"), list(itertools.product([None, *Status], Status)))
def test_a_transition_is_legal_only_if_the_product_names_it(before: Status | None, after: Status) -> None:
    assert is_legal(before, after) == (after.value in ALLOWED[before.value if before else None])


def test_open_is_what_may_still_be_called_and_the_rest_is_final() -> None:
    assert {"scheduled", "importing", "imported"} == OPEN
    assert {"completed", "failed", "cancelled", "expired"} == FINAL


@given(st.data())
def test_every_life_begins_scheduled_and_stays_where_it_became_final(data: st.DataObject) -> None:
    """Only a cancellation can be undone: nothing was dialled, and the callback waits as before."""
    now: Status | None = None
    for _ in range(12):
        onward = sorted(after for before, after in LEGAL if before == now)
        if now in FINAL:
            assert onward == (["scheduled"] if now == "cancelled" else [])
            break
        now = data.draw(st.sampled_from(onward))
        assert now is not None
    assert is_legal(None, Status.SCHEDULED)


def test_the_database_knows_the_same_states() -> None:
    assert {word.strip(" '") for word in STATUSES.split(",")} == set(Status)


@pytest.mark.parametrize("word", ["Scheduled", "booked", "", "cancelled "])
def test_an_unknown_word_is_never_legal(word: str) -> None:
    assert not is_legal("scheduled", word)
    assert not is_legal(word, "scheduled")
