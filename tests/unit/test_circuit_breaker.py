"""While a resource is down only one thread tries it; the circuit breaker refuses the others at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from shared.circuit_breaker import CircuitBreaker
from shared.errors import Unavailable
from tests.support.until import until


@pytest.fixture
def breaker() -> CircuitBreaker:
    return CircuitBreaker("It does not answer.")


def fail(breaker: CircuitBreaker, entered: threading.Event, end: threading.Event) -> None:
    with suppress(Unavailable), breaker.call():
        entered.set()
        assert end.wait(10)
        raise Unavailable("It timed out.")


class CountedLock:
    """A lock that counts the threads that have asked for it."""

    def __init__(self) -> None:
        self.asked, self._lock = 0, threading.Lock()

    def acquire(self, blocking: bool) -> bool:
        self.asked += 1
        return self._lock.acquire(blocking)

    def release(self) -> None:
        self._lock.release()


def test_who_waited_while_a_call_failed_is_refused_without_another(
    breaker: CircuitBreaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = CountedLock()
    monkeypatch.setattr(breaker, "_lock", lock)
    calls = []

    def call() -> None:
        with breaker.call():
            calls.append(1)

    entered, end = threading.Event(), threading.Event()
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(fail, breaker, entered, end)
        assert entered.wait(10)
        waiting = [threads.submit(call) for _ in range(3)]
        until(lambda: lock.asked == 4)
        end.set()
        first.result(10)
        errors = [each.exception(10) for each in waiting]
    assert all(isinstance(error, Unavailable) for error in errors)
    assert calls == []


def test_open_it_refuses_at_once_while_one_tries_and_closes_when_that_succeeds(breaker: CircuitBreaker) -> None:
    with suppress(Unavailable), breaker.call():
        raise Unavailable("It timed out.")
    entered, end = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as threads:
        trial = threads.submit(fail, breaker, entered, end)
        assert entered.wait(10)
        with pytest.raises(Unavailable, match="does not answer"), breaker.call():
            pytest.fail("it called a second time at once")
        end.set()
        trial.result(10)
    with breaker.call():
        pass
    with breaker.call():
        pass


def test_with_several_at_once_no_more_call_and_nobody_waits_for_a_turn() -> None:
    breaker = CircuitBreaker("It does not answer.", at_once=2)
    entered, end = [threading.Event(), threading.Event()], threading.Event()
    with ThreadPoolExecutor(2) as threads:
        calls = [threads.submit(fail, breaker, event, end) for event in entered]
        assert all(event.wait(10) for event in entered)
        with pytest.raises(Unavailable, match="does not answer"), breaker.call():
            pytest.fail("a third call at once")
        end.set()
        for call in calls:
            call.result(10)
    trying, over = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as threads:  # open: one tries it, however many may call at once
        trial = threads.submit(fail, breaker, trying, over)
        assert trying.wait(10)
        with pytest.raises(Unavailable, match="does not answer"), breaker.call():
            pytest.fail("a second trial at once")
        over.set()
        trial.result(10)


def test_another_error_of_the_call_does_not_open_it(breaker: CircuitBreaker) -> None:
    with pytest.raises(ZeroDivisionError), breaker.call():
        raise ZeroDivisionError
    with breaker.call():
        pass
