"""How large a request may be, and how much one source may take."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
import requests

from tests.integration.haproxy.conftest import Site, StartSite
from tests.integration.haproxy.test_errors import is_problem
from tests.support.until import until

LIMIT = 64 * 1024
IMPORT = "/admin/api/v1/do-not-call/import"
EVERYWHERE = ["/api/v1/callbacks", "/admin/api/v1/auth/login", "/ops/dispatch-now", "/", IMPORT + "/"]


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_64_kib_is_refused_before_any_service_sees_it(site: Site, path: str, chunked: bool) -> None:
    response = site.ask("POST", path, data=_pieces(LIMIT + 1) if chunked else b"x" * (LIMIT + 1))

    assert is_problem(response, 413, "body_too_large")
    assert site.received == []


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_body_of_64_kib_gets_through(site: Site, path: str) -> None:
    assert site.ask("POST", path, data=b"x" * LIMIT).status_code == 200
    assert len(site.received[0].body) == LIMIT


def test_a_body_of_64_kib_gets_through_beside_headers_of_15_kib(site: Site) -> None:
    headers = {"Idempotency-Key": "k-1", **{f"X-{number}": "h" * 3000 for number in range(5)}}
    site.script.behaviours.append("die")

    assert site.ask("POST", "/api/v1/callbacks", data=b"x" * LIMIT, headers=headers).status_code == 200
    assert [len(request.body) for request in site.received] == [LIMIT, LIMIT]  # repeated whole


def test_a_path_over_8_kib_is_refused(site: Site) -> None:
    assert site.ask("GET", "/" + "x" * 8000).status_code == 200
    assert is_problem(site.ask("GET", "/" + "x" * 8200), 400, "validation_error")
    assert len(site.received) == 1


def test_headers_over_16_kib_are_refused(site: Site) -> None:
    response = site.ask("GET", "/api/v1/availability", headers={f"X-{number}": "h" * 3400 for number in range(5)})

    assert is_problem(response, 400, "validation_error")
    assert site.received == []


def test_a_do_not_call_file_may_have_4_mib(site: Site) -> None:
    assert site.ask("POST", IMPORT, data=b"1" * 4 * 1024 * 1024).status_code == 200
    assert is_problem(site.ask("POST", IMPORT, data=b"1" * (4 * 1024 * 1024 + 1)), 413, "body_too_large")
    assert [len(request.body) for request in site.received] == [4 * 1024 * 1024]


def test_files_take_one_place_of_each_node(site: Site) -> None:
    site.script.behaviours.extend(["hang"] * 2)
    statuses: list[int] = []
    imports = [
        threading.Thread(target=lambda: statuses.append(site.ask("POST", IMPORT, data=b"1" * 200_000).status_code))
        for _ in range(6)
    ]
    for thread in imports:
        thread.start()
    until(lambda: len(site.received) == 2)

    assert site.who_answers("GET", "/").startswith("admin")
    until(lambda: statuses == [503] * 4)  # no place in time
    site.script.end()
    for thread in imports:
        thread.join(15)
    assert Counter(request.path for request in site.received) == {IMPORT: 2, "/": 1}


def test_one_source_has_so_many_connections_and_others_have_theirs(start_site: StartSite) -> None:
    site = start_site(CM_SOURCE_CONNECTIONS="5", CM_SHARED_SOURCES="127.0.0.1 127.0.8.0/24")

    with ExitStack() as open_ones:
        for _ in range(5):
            open_ones.enter_context(_idle(site, "127.0.0.66"))
        assert _status_from(site, "127.0.0.66") is None  # closed without a word
        assert _status_from(site, "127.0.0.67") == 200
    until(lambda: _status_from(site, "127.0.0.66") == 200)


def test_addresses_of_many_clients_have_limits_of_their_own(start_site: StartSite) -> None:
    site = start_site(
        CM_SOURCE_CONNECTIONS="2", CM_SHARED_SOURCES="127.0.0.1 127.0.8.0/24", CM_SHARED_SOURCE_CONNECTIONS="8"
    )

    with ExitStack() as open_ones:
        for _ in range(8):
            open_ones.enter_context(_idle(site, "127.0.8.3"))
        assert _status_from(site, "127.0.8.3") is None
        assert _status_from(site, "127.0.8.4") == 200


def test_no_address_need_be_one_of_many_clients(start_site: StartSite) -> None:
    site = start_site(CM_SOURCE_REQUESTS_PER_10S="5", CM_SHARED_SOURCES="")

    assert [site.ask("GET", "/").status_code for _ in range(6)] == [200] * 5 + [429]


@pytest.mark.parametrize(
    ("source", "admitted"), [("127.0.0.66", 5), ("127.0.8.3", 8)], ids=["a source", "one of many clients"]
)
def test_one_source_that_runs_away_is_slowed_down(start_site: StartSite, source: str, admitted: int) -> None:
    site = start_site(
        CM_SOURCE_REQUESTS_PER_10S="5", CM_SHARED_SOURCES="127.0.8.3", CM_SHARED_SOURCE_REQUESTS_PER_10S="8"
    )

    with requests.Session() as session:
        session.mount("http://", _FromElsewhere(source))
        answers = [session.get(f"{site.balancer.url}/api/v1/availability", timeout=15) for _ in range(admitted + 1)]

    assert [answer.status_code for answer in answers[:-1]] == [200] * admitted
    assert is_problem(answers[-1], 429, "rate_limited")
    assert answers[-1].headers["Retry-After"] == "10"
    assert _status_from(site, "127.0.0.99") == 200


class _FromElsewhere(requests.adapters.HTTPAdapter):
    """Connects from `source`."""

    def __init__(self, source: str) -> None:
        self._source = source
        super().__init__()

    def init_poolmanager(self, *arguments: object, **more: object) -> None:
        super().init_poolmanager(*arguments, source_address=(self._source, 0), **more)  # type: ignore[arg-type]


def _idle(site: Site, source: str) -> closing[socket.socket]:
    """A connection from `source` that HAProxy keeps open after its first answer."""
    connection = socket.create_connection(site.balancer.address, 15, (source, 0))
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    return closing(connection)


def _status_from(site: Site, source: str) -> int | None:
    """The status of a GET from `source`; None when its connection was closed unanswered."""
    try:
        with socket.create_connection(site.balancer.address, 15, (source, 0)) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            head = connection.recv(65536)
    except OSError:
        return None
    return int(head.split()[1]) if head else None


def _pieces(size: int) -> Iterator[bytes]:
    """A body that is sent in chunks, without a Content-Length."""
    while size:
        piece = min(size, 8192)
        yield b"x" * piece
        size -= piece
