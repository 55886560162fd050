"""Pages of UCCE's list never prove the absence of a contact that is listed all the time."""

from hypothesis import given
from hypothesis import strategies as st

from services.dialer_sync.ucce.contact_list import _Reading
from services.dialer_sync.ucce.contact_page import ContactPage, FoundContact

KEYS = [f"01JZ8Q4T7M2V9K3C5D6E{number:06}-01" for number in range(60)]


def listed(keys: list[str]) -> list[FoundContact]:
    """The list as UCCE sorts it, the largest key first; a contact keeps its id."""
    return [FoundContact(f"{key}/{index}", key, None, None, None) for index, key in enumerate(sorted(keys)[::-1])]


def page_of(keys: list[str], row: int, size: int) -> ContactPage:
    rows = listed(keys)
    return ContactPage(rows[row : row + size], len(rows), row + size >= len(rows))


lists = st.lists(st.sampled_from(KEYS), max_size=60)


@given(lists, st.integers(2, 20), st.integers(1, 60))
def test_a_steady_reading_proves_absence_down_to_where_it_ended_and_never_more(
    there: list[str], size: int, read: int
) -> None:
    reading, row = _Reading(), 0
    for _ in range(read):
        page = page_of(there, row, size)
        reading.add(page, row)
        if page.is_last:
            assert reading.lacking(KEYS) == set(KEYS) - set(there)
            break
        row += size - 1
    assert reading.lacking(KEYS).isdisjoint(there)
    assert reading.twice <= {key for key in there if there.count(key) > 1}


@given(st.lists(st.sets(st.sampled_from(KEYS)), min_size=1, max_size=8), st.integers(2, 20))
def test_whatever_comes_and_goes_between_two_pages_what_is_there_all_the_time_is_not_absent(
    moments: list[set[str]], size: int
) -> None:
    reading, row = _Reading(), 0
    for there in moments:
        page = page_of(sorted(there), row, size)
        reading.add(page, row)
        row += max(1, len(page.contacts) - 1)
    always = set.intersection(*moments)
    assert reading.lacking(KEYS).isdisjoint(always)


@given(lists, st.permutations(KEYS))
def test_a_list_in_another_order_proves_something_only_when_read_whole(there: list[str], order: list[str]) -> None:
    reading = _Reading()
    shuffled = sorted(there, key=order.index)
    contacts = [FoundContact(str(index), key, None, None, None) for index, key in enumerate(shuffled)]
    half = len(contacts) // 2
    reading.add(ContactPage(contacts[:half], len(contacts), False), 0)
    if shuffled[:half] != sorted(shuffled[:half], reverse=True):
        assert reading.lacking(KEYS) == frozenset()
    reading.add(ContactPage(contacts[half:], len(contacts), True), half)
    assert reading.lacking(KEYS) == set(KEYS) - set(there)


@given(st.sets(st.sampled_from(KEYS), min_size=1))
def test_a_page_that_is_not_what_its_total_says_proves_no_end(there: set[str]) -> None:
    reading = _Reading()
    reading.add(ContactPage(listed(sorted(there)), len(there) + 5, True), 0)
    assert not any(key < min(there) for key in reading.lacking(KEYS))
    empty = _Reading()
    empty.add(ContactPage([], 5, True), 0)
    assert empty.lacking(KEYS) == frozenset()
