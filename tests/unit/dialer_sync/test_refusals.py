"""Refused batches: the sizes of the parts sent next, contact or campaign as the cause, the choice of samples."""

from hypothesis import given
from hypothesis import strategies as st

from services.dialer_sync.handover.refusals import SAMPLE_SIZE, SMALLEST_BATCH, Refusals, spread


@given(st.integers(1, 10_000))
def test_every_contact_of_a_refused_batch_stands_alone_after_three_rounds(size: int) -> None:
    refusals = Refusals()
    parts = [[f"k{number}" for number in range(size)]]
    for _ in range(3):
        part = max(parts, key=len)
        if len(part) == 1:
            break
        refusals.batch_refused(part, 0.0)
        parts = refusals.in_parts(part, part)
        assert sorted(key for one in parts for key in one) == sorted(part)
        assert len(parts) <= max(20, SMALLEST_BATCH)
    assert max(map(len, parts)) == 1


def test_only_what_the_campaign_took_since_the_first_refusal_blames_a_contact() -> None:
    refusals = Refusals()
    refusals.took(1, ["good"], 5.0)
    refusals.batch_refused(["a", "b"], 10.0)
    refusals.contact_refused("a", 20.0)
    assert not refusals.is_to_blame(1, "a")
    refusals.took(2, ["other"], 25.0)
    assert not refusals.is_to_blame(1, "a")
    refusals.took(1, ["b"], 30.0)
    assert refusals.is_to_blame(1, "a")
    assert (refusals.is_known("a"), refusals.is_known("b"), refusals.is_known("c")) == (True, False, False)


def test_what_is_sent_again_is_in_doubt_no_longer_and_keeps_its_size() -> None:
    refusals = Refusals()
    keys = [f"k{number}" for number in range(500)]
    refusals.batch_refused(keys, 0.0)
    assert refusals.doubtful == set(keys)
    refusals.claimed(keys)
    assert refusals.doubtful == set()
    assert {len(part) for part in refusals.in_parts([*keys, "new"], [*keys, "new"])} == {25, 1}


@given(st.integers(0, 3000), st.integers(0, 100))
def test_a_sample_holds_different_items_in_their_order(count: int, turn: int) -> None:
    sample = spread(range(count), SAMPLE_SIZE, turn)
    assert len(sample) == min(count, SAMPLE_SIZE)
    assert sample == sorted(set(sample))


def test_samples_reach_every_item_in_time() -> None:
    seen: set[int] = set()
    for turn in range(200):
        seen.update(spread(range(300), SAMPLE_SIZE, turn))
    assert seen == set(range(300))
