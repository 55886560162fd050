"""The connection of the UCCE client: deadlines, sizes, redirects, TLS, and URLs that never leave the API."""

import contextlib
import dataclasses
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from requests.adapters import HTTPAdapter

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.ucce import campaigns
from services.dialer_sync.ucce.client import BASE, UcceClient, UcceSettings, path_of
from services.dialer_sync.ucce.contacts import import_batch
from services.dialer_sync.ucce.errors import NothingTaken, UcceError, Unknown
from tests.integration.dialer_sync.conftest import settings_for
from tests.integration.dialer_sync.samples import batch


@contextmanager
def answering(data: bytes, then_every: float = 0.0) -> Iterator[str]:
    """A plain HTTP server that answers one request with `data`, and then a byte every so many seconds."""
    over = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            request = b""
            while not request.endswith(b"<import/>"):  # all of it: what is left unread would reset the connection
                request += connection.recv(65536)
            try:
                connection.sendall(data)
                while then_every and not over.wait(then_every):
                    connection.sendall(b" ")
            except OSError:
                return  # the client has given up, as it should

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            thread.join(5)


def test_a_call_ends_at_its_deadline_even_when_the_answer_trickles(ucce_simulator: UcceSimulator) -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", then_every=0.2) as url:
        ucce_client = UcceClient(dataclasses.replace(settings_for(ucce_simulator), url=url, timeout=1.0))
        began = time.monotonic()
        with pytest.raises(Unknown):
            ucce_client.post("import", f"{BASE}/campaign/1/import", b"<import/>")
        assert time.monotonic() - began < 10.0, "the whole answer takes 200 s"


def test_an_answer_without_end_is_given_up(ucce_simulator: UcceSimulator) -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 17 * 1024 * 1024) as url:
        ucce_client = UcceClient(dataclasses.replace(settings_for(ucce_simulator), url=url, timeout=10.0))
        with pytest.raises(Unknown, match="too large"):
            ucce_client.post("import", f"{BASE}/campaign/1/import", b"<import/>")


def test_a_redirect_is_not_followed(ucce_simulator: UcceSimulator) -> None:
    with answering(b"HTTP/1.1 307 Moved\r\nLocation: https://elsewhere.example/\r\nContent-Length: 0\r\n\r\n") as url:
        ucce_client = UcceClient(dataclasses.replace(settings_for(ucce_simulator), url=url))
        with pytest.raises(Unknown, match="307"):
            ucce_client.post("import", f"{BASE}/campaign/1/import", b"<import/>")


def test_a_refused_connection_means_nothing_taken(ucce_simulator: UcceSimulator) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = f"https://127.0.0.1:{probe.getsockname()[1]}"
        with pytest.raises(NothingTaken, match="cannot be reached"):
            import_batch(UcceClient(dataclasses.replace(settings_for(ucce_simulator), url=nobody)), 1, batch(1))


def test_a_connection_that_is_not_accepted_in_time_means_nothing_taken(ucce_simulator: UcceSimulator) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        settings = dataclasses.replace(
            settings_for(ucce_simulator), url=f"https://127.0.0.1:{full.getsockname()[1]}", timeout=1.0
        )
        with pytest.raises(NothingTaken):
            import_batch(UcceClient(settings), 1, batch(1))
        for one in waiting:
            one.close()


def test_an_untrusted_certificate_means_nothing_taken_and_names_the_setting(ucce_simulator: UcceSimulator) -> None:
    ucce_client = UcceClient(dataclasses.replace(settings_for(ucce_simulator), ca_file=None))
    with pytest.raises(NothingTaken, match="CM_UCCE_CA_FILE"):
        import_batch(ucce_client, 1, batch(1))


def test_the_kernel_gives_up_bytes_that_are_not_acknowledged_within_the_calls_time(
    campaign: int, ucce_simulator: UcceSimulator
) -> None:
    ucce_client = UcceClient(settings_for(ucce_simulator))
    campaigns.get(ucce_client, campaign)
    adapter = ucce_client._session.get_adapter(ucce_simulator.url)
    assert isinstance(adapter, HTTPAdapter)
    pools = adapter.poolmanager.pools
    connection = pools[next(iter(pools.keys()))].pool.get_nowait()
    with contextlib.closing(connection):
        assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 2000


def test_of_a_page_url_only_the_path_counts() -> None:
    url = "http://aw2.other:7070/unifiedconfig/config/campaign?startIndex=100&q=a%20b"
    assert path_of(url) == "/unifiedconfig/config/campaign?startIndex=100&q=a%20b"


@pytest.mark.parametrize(
    "link",
    [
        "{thief}/unifiedconfig/config/campaign?startIndex=100",
        "@{thief}/unifiedconfig/config/campaign",
        ".{thief}/x",
        ":{port}/unifiedconfig/config2",
        "@{thief}/",
        "{thief}/other",
        "//{thief}/x",
        "/unifiedconfig/config/../../ccppa/campaign",
        "/unifiedconfig/config/%2e%2e/campaign",
        "/unifiedconfig/configs/campaign",
        "/unifiedconfig/config/campaign@{thief}",
    ],
)
def test_a_page_link_never_takes_the_password_out_of_the_api(
    ucce_client: UcceClient, ucce_simulator: UcceSimulator, link: str
) -> None:
    """The server it names hears nothing, and UCCE nothing outside of its API."""
    with socket.create_server(("127.0.0.1", 0)) as thief:
        thief.setblocking(False)
        port = thief.getsockname()[1]
        body = "<results><pageInfo><totalResults>2</totalResults><nextPage>{}</nextPage></pageInfo></results>"
        evil = link.format(thief=f"127.0.0.1:{port}", port=port)
        ucce_simulator.control.next_answer(method="GET", kind="campaigns", status=200, body=body.format(evil))
        with contextlib.suppress(UcceError):
            campaigns.list_all(ucce_client)
        with pytest.raises(BlockingIOError):
            thief.accept()
    paths = [request["path"] for request in ucce_simulator.control.received(method="GET")]
    assert all(path.startswith(f"{BASE}/") and ".." not in path and "@" not in path for path in paths), paths


def test_settings_may_name_the_base_path_or_not(ucce_simulator: UcceSimulator, campaign: int) -> None:
    for suffix in ("", "/", BASE, BASE + "/"):
        ucce_client = UcceClient(dataclasses.replace(settings_for(ucce_simulator), url=ucce_simulator.url + suffix))
        assert campaigns.get(ucce_client, campaign).id == campaign


def test_settings_do_not_show_the_password() -> None:
    assert "hidden" not in repr(UcceSettings("https://aw", "user", "hidden", None, 1.0))
