"""When a listener under load is closed, established connections are answered and later ones are refused; none
is cut.
"""

import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial

import pytest

from shared.web.syn_filter import drop_new_connections
from tests.support.until import until

CLIENTS, ROUNDS = 16, 3


def answer(connection: socket.socket) -> None:
    with connection:
        connection.settimeout(5)
        assert connection.recv(100) == b"book"
        connection.sendall(b"booked")


def book_until_refused(address: tuple[str, int]) -> Counter[str]:
    """Open one connection after the other until one is refused; returns the results."""
    met: Counter[str] = Counter()
    while not met["refused"]:
        try:
            with socket.create_connection(address, timeout=10) as connection:
                connection.sendall(b"book")
                met["answered" if connection.recv(100) == b"booked" else "cut off"] += 1
        except ConnectionRefusedError:
            met["refused"] += 1
        except OSError:
            met["cut off"] += 1
    return met


def accept_all(listener: socket.socket) -> bool:
    """Answer all waiting connections; returns whether there was none."""
    nobody = True
    with suppress(BlockingIOError):
        for _ in range(CLIENTS):
            threading.Thread(target=answer, args=(listener.accept()[0],)).start()
            nobody = False
    return nobody


def filter_or_skip(listener: socket.socket) -> None:
    try:
        drop_new_connections(listener)
    except OSError as error:
        pytest.skip(f"This kernel cannot filter a listener ({error}): a stopping node may cut somebody off.")


def test_nobody_who_has_connected_is_cut_off_by_the_close() -> None:
    met: Counter[str] = Counter()
    for _ in range(ROUNDS):
        listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        listener.settimeout(10)
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(book_until_refused, listener.getsockname()) for _ in range(CLIENTS)]
            with closing(listener):
                for _ in range(100):
                    answer(listener.accept()[0])
                filter_or_skip(listener)
                listener.setblocking(False)
                until(partial(accept_all, listener))
            met += sum((client.result(30) for client in clients), Counter())

    assert met["cut off"] == 0
    assert met["refused"] == ROUNDS * CLIENTS
    assert met["answered"] > ROUNDS * 100
