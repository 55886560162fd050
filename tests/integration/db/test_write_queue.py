"""The queue of SQLite's writers, among threads and among processes."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from shared.db.sqlite_write_queue import MAX_CONSECUTIVE_TURNS, WriteQueue, WriteQueueTimeout
from tests.support.until import until

HOLDER = """
import sys
from pathlib import Path
from shared.db.sqlite_write_queue import WriteQueue
with WriteQueue(Path(sys.argv[1]), 10).acquire():
    print("holding", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def lock_path(tmp_path: Path) -> Path:
    return tmp_path / "cm.db.write-lock"


@pytest.fixture
def queue(lock_path: Path) -> Iterator[WriteQueue]:
    with closing(WriteQueue(lock_path, timeout=10)) as queue:
        yield queue


@pytest.fixture
def hasty_queue(lock_path: Path) -> Iterator[WriteQueue]:
    """A queue on the same file with a short timeout, as in another process."""
    with closing(WriteQueue(lock_path, timeout=0.05)) as queue:
        yield queue


@pytest.fixture
def holder(lock_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the turn until a line comes on its stdin."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "holding\n"
    yield process
    process.kill()
    process.communicate()


def test_only_one_of_many_threads_has_the_turn(queue: WriteQueue) -> None:
    inside, most, turns = 0, 0, []

    def write() -> None:
        nonlocal inside, most
        for _ in range(50):
            with queue.acquire():
                inside += 1
                most = max(most, inside)
                turns.append(threading.get_ident())
                inside -= 1

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert len(turns) == 400


def test_two_queues_on_one_file_exclude_each_other_as_two_processes_do(
    queue: WriteQueue, hasty_queue: WriteQueue
) -> None:
    with queue.acquire(), pytest.raises(WriteQueueTimeout), hasty_queue.acquire():
        pass
    with hasty_queue.acquire():
        pass


def test_a_thread_whose_turn_does_not_come_gives_up_in_time(hasty_queue: WriteQueue) -> None:
    waited: list[float] = []

    def wait() -> None:
        began = time.monotonic()
        with pytest.raises(WriteQueueTimeout), hasty_queue.acquire():
            pass
        waited.append(time.monotonic() - began)

    with hasty_queue.acquire():
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join()
    assert 0.04 < waited[0] < 2


def test_a_turn_ends_when_its_block_fails(queue: WriteQueue, hasty_queue: WriteQueue) -> None:
    with pytest.raises(ZeroDivisionError), queue.acquire():
        raise ZeroDivisionError
    with hasty_queue.acquire():
        pass


def test_who_gave_up_leaves_the_queue_usable(queue: WriteQueue, hasty_queue: WriteQueue) -> None:
    with queue.acquire():
        for _ in range(3):
            with pytest.raises(WriteQueueTimeout), hasty_queue.acquire():
                pass
    with hasty_queue.acquire():
        pass


def test_the_turn_of_another_process_is_waited_for(queue: WriteQueue, holder: "subprocess.Popen[str]") -> None:
    got = threading.Event()

    def wait() -> None:
        with queue.acquire():
            got.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not got.is_set()
    assert holder.stdin is not None
    holder.stdin.write("\n")
    holder.stdin.flush()
    until(got.is_set)
    thread.join()


def test_the_turn_of_a_process_that_is_killed_is_free_at_once(
    queue: WriteQueue, hasty_queue: WriteQueue, holder: "subprocess.Popen[str]"
) -> None:
    with pytest.raises(WriteQueueTimeout), hasty_queue.acquire():
        pass
    holder.send_signal(signal.SIGKILL)
    with queue.acquire():
        pass


def test_a_process_that_is_stopped_in_its_turn_does_not_hang_the_others(
    hasty_queue: WriteQueue, holder: "subprocess.Popen[str]"
) -> None:
    os.kill(holder.pid, signal.SIGSTOP)
    with pytest.raises(WriteQueueTimeout), hasty_queue.acquire():
        pass


def test_threads_have_their_turns_in_the_order_they_came(queue: WriteQueue) -> None:
    served: list[int] = []

    def write(number: int) -> None:
        with queue.acquire():
            served.append(number)

    def queue_is(long: int) -> bool:
        return len(queue._waiting) == long

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    with queue.acquire():
        for number, thread in enumerate(threads):
            thread.start()
            until(partial(queue_is, number + 1))
    for thread in threads:
        thread.join()
    assert served == list(range(20))


def test_a_process_that_waits_goes_before_one_that_comes_back(queue: WriteQueue, lock_path: Path) -> None:
    turns: list[str] = []
    stop = threading.Event()

    def write(own: WriteQueue, name: str) -> None:
        while not stop.is_set():
            with own.acquire():
                turns.append(name)

    with closing(WriteQueue(lock_path, timeout=10)) as other:  # as another process
        threads = [threading.Thread(target=write, args=each) for each in ((queue, "a"), (queue, "a"), (other, "b"))]
        for thread in threads:
            thread.start()
        until(lambda: len(turns) > 2000)
        stop.set()
        for thread in threads:
            thread.join()
    others = "".join(turns[turns.index("b") :]).split("b")
    # The process may miss the next turn by coming too late, but gets one of the following.
    assert sorted(map(len, others))[len(others) * 9 // 10] <= 4 * MAX_CONSECUTIVE_TURNS


def test_a_process_that_was_stopped_while_it_waited_only_costs_a_moment(queue: WriteQueue, lock_path: Path) -> None:
    with Path(f"{lock_path}-next").open("a") as stopped:
        fcntl.flock(stopped, fcntl.LOCK_EX)
        began = time.monotonic()
        with queue.acquire():
            assert time.monotonic() - began < 1


def test_a_writer_gets_its_turn_although_others_come_back_at_once(queue: WriteQueue, lock_path: Path) -> None:
    stop = threading.Event()

    def greedy(own: WriteQueue) -> None:
        while not stop.is_set():
            with own.acquire():
                pass

    with closing(WriteQueue(lock_path, timeout=10)) as other:  # as another process
        threads = [threading.Thread(target=greedy, args=(each,)) for each in (queue, queue, other)]
        for thread in threads:
            thread.start()
        waits = []
        for _ in range(30):
            began = time.monotonic()
            with queue.acquire():
                waits.append(time.monotonic() - began)
        stop.set()
        for thread in threads:
            thread.join()
    assert sorted(waits)[15] < 1
