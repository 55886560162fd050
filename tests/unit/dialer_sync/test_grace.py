"""Grace periods: only time covered by readings counts, limited per gap; an unanswered call starts them anew."""

from hypothesis import given
from hypothesis import strategies as st

from services.dialer_sync.handover.grace import MIN_READINGS, GracePeriods

WHOLE = 120.0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_grace_is_over_when_readings_have_covered_it() -> None:
    clock = Clock()
    grace = GracePeriods(WHOLE, clock)
    for second in range(0, 121, 20):
        grace.looked(["a"])
        assert grace.is_over("a", WHOLE) == (second >= 120)
        clock.now += 20
    assert not grace.is_over("b", WHOLE)


def test_a_contact_that_is_sent_again_has_all_of_its_grace_again() -> None:
    clock = Clock()
    grace = GracePeriods(WHOLE, clock)
    for _ in range(20):
        grace.looked(["a", "b"])
        clock.now += 10
    grace.forget(["a"])
    grace.looked(["a", "b"])
    assert (grace.is_over("a", 1), grace.is_over("b", WHOLE)) == (False, True)
    grace.keep_only(["a"])
    assert not grace.is_over("b", 1)


def test_the_next_look_is_due_before_a_gap_would_count_less_than_it_lasted() -> None:
    clock = Clock()
    grace = GracePeriods(WHOLE, clock)
    assert grace.next_look() is None
    grace.looked(["a"])
    assert grace.next_look() == WHOLE / MIN_READINGS / 2
    clock.now += 100
    assert 0 < (grace.next_look() or 0) < 5, "a reading that is overdue must not make the worker spin"
    grace.begin_anew()
    assert grace.next_look() is None


steps = st.lists(st.one_of(st.floats(0, 1000), st.just("unanswered")), max_size=30)


@given(steps)
def test_only_time_covered_by_readings_counts(steps: list[float | str]) -> None:
    """A suspension counts as one gap; nothing from before an unanswered call counts."""
    clock = Clock()
    grace = GracePeriods(WHOLE, clock)
    grace.looked(["a"])
    looked = 0.0
    began = True
    for step in steps:
        if isinstance(step, str):
            grace.begin_anew()
            looked, began = 0.0, False
        else:
            clock.now += step
            grace.looked(["a"])
            looked += min(step, WHOLE / MIN_READINGS) if began else 0.0
            began = True
        assert grace.is_over("a", WHOLE) == (began and looked >= WHOLE) or abs(looked - WHOLE) < 1e-6
