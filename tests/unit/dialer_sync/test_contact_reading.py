"""What the pages of UCCE's list prove: never the absence of a contact that is there."""

from hypothesis import given
from hypothesis import strategies as st

from services.dialer_sync.ucce.contacts import FoundContact, _Page, _Reading

KEYS = [f"k{number:03}" for number in range(60)]


def pages_of(keys: list[str], size: int) -> list[_Page]:
    """The list as UCCE pages it, the largest key first."""
    ordered = [FoundContact(str(index), key, None, None, None) for index, key in enumerate(sorted(keys, reverse=True))]
    starts = range(0, len(ordered), size) if ordered else [0]
    return [
        _Page(ordered[start : start + size], len(ordered), "next" if start + size < len(ordered) else None)
        for start in starts
    ]


lists = st.lists(st.sampled_from(KEYS), max_size=60)


@given(lists, st.integers(1, 20), st.integers(1, 60))
def test_a_steady_reading_proves_absence_down_to_where_it_ended_and_never_more(
    there: list[str], size: int, read: int
) -> None:
    reading, pages = _Reading(), pages_of(there, size)
    for page in pages[:read]:
        reading.add(page)
    lacking = reading.lacking(KEYS)
    assert lacking.isdisjoint(there)
    if read >= len(pages):
        assert lacking == set(KEYS) - set(there)
    assert reading.twice <= {key for key in there if there.count(key) > 1}


@given(lists, lists, st.integers(1, 20), st.integers(1, 10))
def test_a_list_that_changed_its_length_proves_nothing(
    before: list[str], after: list[str], size: int, read: int
) -> None:
    reading, first, rest = _Reading(), pages_of(before, size)[:read], pages_of(after, size)[read:]
    for page in [*first, *rest]:
        reading.add(page)
    if first and rest and len(before) != len(after):
        assert reading.lacking(KEYS) == frozenset()


@given(lists, st.permutations(KEYS))
def test_a_list_in_another_order_proves_something_only_when_read_whole(there: list[str], order: list[str]) -> None:
    reading = _Reading()
    shuffled = sorted(there, key=order.index)
    contacts = [FoundContact(str(index), key, None, None, None) for index, key in enumerate(shuffled)]
    reading.add(_Page(contacts[: len(contacts) // 2], len(contacts), "next"))
    if shuffled[: len(contacts) // 2] != sorted(shuffled[: len(contacts) // 2], reverse=True):
        assert reading.lacking(KEYS) == frozenset()
    reading.add(_Page(contacts[len(contacts) // 2 :], len(contacts), None))
    assert reading.lacking(KEYS) == set(KEYS) - set(there)
