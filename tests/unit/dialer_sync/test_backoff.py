from services.dialer_sync.backoff import Backoff


class Ticking:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_failure_in_a_row_doubles_the_wait_up_to_the_cap() -> None:
    backoff = Backoff(1.0, 60.0, Ticking())
    waits = []
    for _ in range(8):
        backoff.failed("full")
        waits.append(backoff.remaining())
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_try_is_allowed_when_the_wait_is_over_and_the_state_stays_failing() -> None:
    clock = Ticking()
    backoff = Backoff(1.0, 60.0, clock)
    backoff.failed("full")
    clock.now += 1
    assert (backoff.remaining(), backoff.failing, backoff.reason) == (0, True, "full")


def test_a_success_resets_the_wait() -> None:
    backoff = Backoff(1.0, 60.0, Ticking())
    backoff.failed("full")
    backoff.succeeded()
    assert (backoff.remaining(), backoff.failing, backoff.reason) == (0, False, None)
    backoff.failed("again")
    assert backoff.remaining() == 1
