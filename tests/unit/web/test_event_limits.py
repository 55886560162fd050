"""Limits of security events: every event is written or summed up, and no source or kind exceeds its limit."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shared.web.event_limits import STRANGERS, EventLimits, Kind, limit_of

_events = st.lists(
    st.tuples(
        st.sampled_from(list(Kind)), st.integers(0, 200), st.booleans(), st.integers(1, 12),
        st.sampled_from([0, 1, 61, 700]),
    ),
    max_size=150,
)  # fmt: skip


@given(_events)
def test_every_event_is_written_or_summed_up_exactly_once(events: list[tuple[Kind, int, bool, int, int]]) -> None:
    limits: EventLimits[int] = EventLimits()
    now, came, written, summed = 0.0, 0, 0, 0
    for kind, source, known, times, later in events:
        now += later
        summed += sum(one.count for one in limits.sums(now))
        for _ in range(times):
            came += 1
            written += limits.admit(kind, (source, known), came, now, known=known)
    assert written + summed + sum(one.count for one in limits.sums(float("inf"))) == came
    assert limits.next_end() is None


@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(1, 20)), max_size=200))
def test_strangers_together_write_no_more_than_is_set_and_each_no_more_than_its_share(
    sources: list[tuple[int, int]],
) -> None:
    limits: EventLimits[int] = EventLimits()
    written: Counter[int] = Counter()
    for source, times in sources:
        for _ in range(times):
            written[source] += limits.admit(Kind.API_KEY_REFUSED, source, 0, 0.0, known=False)
    assert sum(written.values()) <= STRANGERS.each
    assert max(written.values(), default=0) <= limit_of(Kind.API_KEY_REFUSED).each


def test_a_flood_of_strangers_hides_neither_another_kind_nor_somebody_who_is_known() -> None:
    limits: EventLimits[str] = EventLimits()
    for source in range(3_000):
        limits.admit(Kind.API_KEY_REFUSED, source, "guess", 0.0, known=False)
    assert limits.admit(Kind.FORBIDDEN, "user:eve", "insider", 1.0, known=True)
    assert limits.admit(Kind.LOGIN_LOCKED, "192.0.2.1", "lock", 1.0, known=False)
    (strangers,) = [one for one in limits.sums(float("inf")) if one.source is None]
    assert strangers.count == 3_000 - STRANGERS.each


def test_after_its_window_a_source_is_heard_again_and_its_sum_is_told() -> None:
    limits: EventLimits[int] = EventLimits()
    admitted = [limits.admit(Kind.FORBIDDEN, "user:eve", number, 0.0, known=True) for number in range(8)]
    assert admitted == [True] * 5 + [False] * 3
    end = limits.next_end()
    assert end == limit_of(Kind.FORBIDDEN).seconds
    assert limits.sums(end - 0.1) == []
    (told,) = limits.sums(end)
    assert (told.count, told.last, told.source) == (3, 7, "user:eve")
    assert limits.admit(Kind.FORBIDDEN, "user:eve", 8, end, known=True)
