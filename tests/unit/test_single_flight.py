"""Single flight: identical readings asked for at the same time are done once."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from shared.single_flight import SingleFlight
from tests.support.until import until


class Source:
    """A changing value: each reading returns the newest one, and can be held up."""

    def __init__(self) -> None:
        self.value, self.readings = 0, 0
        self._free = threading.Event()
        self._free.set()

    def __call__(self) -> int:
        self.readings += 1
        seen = self.value
        assert self._free.wait(10)
        return seen

    @contextmanager
    def held(self) -> Iterator[None]:
        self._free.clear()
        yield
        self._free.set()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def flights(monkeypatch: pytest.MonkeyPatch) -> SingleFlight[str, int]:
    monkeypatch.setattr(
        "shared.single_flight.WAIT_SECONDS", 10
    )  # so that a stalled machine does not start further readings
    return SingleFlight()


def test_who_asks_alone_reads_at_once(flights: SingleFlight[str, int], source: Source) -> None:
    assert [flights.read("a", source) for _ in range(3)] == [0, 0, 0]
    assert source.readings == 3


def test_all_who_come_while_a_reading_is_under_way_share_the_next_one(
    flights: SingleFlight[str, int], source: Source
) -> None:
    with ThreadPoolExecutor(8) as pool:
        with source.held():
            asked = [pool.submit(flights.read, "a", source)]
            until(lambda: source.readings == 1)
            asked += [pool.submit(flights.read, "a", source) for _ in range(7)]
            until(lambda: _joined(flights) and pool._work_queue.empty())
            source.value = 1
        answers = [each.result(10) for each in asked]
    assert answers[0] == 0
    assert set(answers[1:]) == {1}, "a reading that began before they asked"
    assert source.readings <= 3


def test_nobody_gets_a_reading_that_began_before_they_asked(flights: SingleFlight[str, int], source: Source) -> None:
    lock = threading.Lock()

    def change_and_read() -> bool:
        with lock:
            source.value += 1
            mine = source.value
        return flights.read("a", source) >= mine

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: change_and_read(), range(2000)))


def test_other_questions_are_read_for_themselves(flights: SingleFlight[str, int], source: Source) -> None:
    with ThreadPoolExecutor(2) as pool, source.held():
        first = pool.submit(flights.read, "a", source)
        until(lambda: source.readings == 1)
        second = pool.submit(flights.read, "b", source)
        until(lambda: source.readings == 2)
    assert (first.result(10), second.result(10)) == (0, 0)


def test_a_reading_that_fails_fails_for_those_who_joined_it_and_for_nobody_later(
    flights: SingleFlight[str, int], source: Source
) -> None:
    def fail() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        flights.read("a", fail)
    assert flights.read("a", source) == 0


def test_a_reading_that_hangs_does_not_hold_up_the_next(source: Source) -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    hanging: Future[int] = Future()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(flights.read, "a", lambda: hanging.result(10))
        until(lambda: flights._under_way)
        assert flights.read("a", source) == 0
        hanging.set_result(7)
        assert first.result(10) == 7


def _joined(flights: SingleFlight[str, int]) -> bool:
    return bool(flights._next)
