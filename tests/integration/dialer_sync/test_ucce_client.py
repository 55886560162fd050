"""The UCCE client against the simulator, over TLS: every way a call can end, and what it says was taken."""

import contextlib
import dataclasses
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.election.errors import NotMaster
from services.dialer_sync.ucce import campaigns, contact_list
from services.dialer_sync.ucce.client import BASE, UcceClient, UcceSettings, path_of
from services.dialer_sync.ucce.contacts import Contact, import_batch
from services.dialer_sync.ucce.errors import NothingTaken, Refused, UcceError, Unknown
from tests.integration.dialer_sync.conftest import settings_for
from tests.integration.dialer_sync.samples import batch, key


def test_a_batch_is_taken_once_in_its_order(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    import_batch(ucce_client, campaign, batch(3, 1, 2))
    assert ucce_simulator.control.taken() == [key(3), key(1), key(2)]
    found = contact_list.find(ucce_client, campaign, [key(1)]).found[key(1)]
    assert (found.call_status, found.call_result, found.calls_made) == ("pending", 0, 0)


def test_names_and_zones_of_any_kind_are_taken(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    odd = ["Per|Ove", "x]]>y", "A\nB", "Пётр", "<b>&", "n" * 80, "", None, " "]
    rows = [Contact(key(n), "93125550142", name, name, None if n % 2 else -780) for n, name in enumerate(odd)]
    import_batch(ucce_client, campaign, rows)
    assert len(ucce_simulator.control.taken()) == len(odd)


BARE = (400, 401, 403, 404, 503)  # a proxy or a web container may answer so, also after UCCE had the request


@pytest.mark.parametrize("status", [401, 403, 404, 503])
def test_these_answers_with_the_error_body_of_ucce_say_that_nothing_was_taken(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator, status: int
) -> None:
    ucce_simulator.control.next_answer(method="POST", kind="import", status=status, message="Because.")
    with pytest.raises(NothingTaken, match=rf"{status}: Because\.") as caught:
        import_batch(ucce_client, campaign, batch(1))
    assert (caught.value.taken, caught.value.permanent, caught.value.status) == ("no", False, status)
    assert ucce_simulator.control.taken() == []


def test_a_full_queue_says_that_nothing_was_taken(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    ucce_simulator.control.queue(0)
    with pytest.raises(NothingTaken, match="Request processing queue is at capacity"):
        import_batch(ucce_client, campaign, batch(1))


def test_a_wrong_password_is_explained_and_not_repeated_in_the_message(ucce_simulator: UcceSimulator) -> None:
    wrong = dataclasses.replace(settings_for(ucce_simulator), password="not-the-secret")
    with pytest.raises(UcceError, match="user or password are wrong") as caught:
        campaigns.get(UcceClient(wrong), 5168)
    assert "secret" not in str(caught.value) + repr(wrong)


def test_a_bad_contact_refuses_the_batch_with_reasons(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    with pytest.raises(Refused, match="Phone01: Row 2"):
        import_batch(ucce_client, campaign, [*batch(1), Contact(key(2), "+1312")])
    assert ucce_simulator.control.taken() == []


@pytest.mark.parametrize(
    ("planned", "taken"),
    [
        ({"status": 500}, 0),
        ({"status": 500, "take": True}, 1),
        ({"status": 502}, 0),
        ({"status": 409}, 0),
        ({"status": 202}, 0),
        ({"status": 202, "take": True}, 1),
        ({"status": 204, "take": True}, 1),
        *(({"status": status, "bare": True, "take": bool(take)}, take) for status in BARE for take in (0, 1)),
        ({"status": 200, "bare": True}, 0),
        ({"body": "<import><errorType>PARTIAL_SUCCESS</errorType></import>"}, 1),
        ({"body": "<results><apiErrors><apiError><errorMessage>no</errorMessage></apiError></apiErrors></results>"}, 1),
        ({"reset": "before"}, 0),
        ({"reset": "after"}, 1),
        ({"body": "<importAnswer><ok/></importAnswer>", "cutShort": True}, 1),
        ({"body": "<html>maintenance<br></html>"}, 1),
        ({"status": 200, "body": "<apiErrors><apiError><errorMessage>no</errorMessage></apiError></apiErrors>"}, 0),
        ({"delayAfter": 3}, 1),
        ({"delayBefore": 3}, 0),
    ],
)
def test_any_other_end_is_unknown_whether_or_not_the_batch_was_taken(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator, planned: dict[str, Any], taken: int
) -> None:
    ucce_simulator.control.next_answer(method="POST", kind="import", **planned)
    with pytest.raises(Unknown) as caught:
        import_batch(ucce_client, campaign, batch(1))
    assert (caught.value.taken, caught.value.permanent) == ("unknown", False)
    if not planned.get("delayBefore"):
        assert len(ucce_simulator.control.taken()) == taken
    posts = [request for request in ucce_simulator.control.received(kind="import") if request["method"] == "POST"]
    assert len(posts) == 1, "the client repeated a POST by itself"
    ucce_simulator.control.clear_next_answers()


def test_a_call_ends_at_its_deadline_even_when_the_answer_trickles(ucce_simulator: UcceSimulator) -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", then_every=0.2) as url:
        ucce_client = UcceClient(dataclasses.replace(settings_for(ucce_simulator), url=url, timeout=1.0))
        began = time.monotonic()
        with pytest.raises(Unknown):
            ucce_client.post("import", f"{BASE}/campaign/1/import", b"<import/>")
        assert time.monotonic() - began < 2.0


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


# never sent


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


def test_the_guard_is_asked_before_each_call_and_again_before_the_body(
    campaign: int, ucce_simulator: UcceSimulator
) -> None:
    asked: list[float] = []
    ucce_client = UcceClient(settings_for(ucce_simulator), guard=asked.append)
    campaigns.get(ucce_client, campaign)
    import_batch(ucce_client, campaign, batch(1))
    assert asked == pytest.approx([2.0, 2.0, 1.4])


@pytest.mark.parametrize("refusals", [1, 2])
def test_a_worker_that_is_not_master_sends_no_contact(
    campaign: int, ucce_simulator: UcceSimulator, refusals: int
) -> None:
    asked: list[float] = []

    def guard(seconds: float) -> None:
        asked.append(seconds)
        if len(asked) == refusals:
            raise NotMaster("resigned")

    ucce_client = UcceClient(settings_for(ucce_simulator), guard=guard)
    with pytest.raises(NotMaster):
        import_batch(ucce_client, campaign, batch(1))
    assert ucce_simulator.control.taken() == []
    import_batch(ucce_client, campaign, batch(1))
    assert ucce_simulator.control.taken() == [key(1)]


def test_the_lock_is_confirmed_before_a_body_whatever_the_lease_says_and_not_for_reading(
    campaign: int, ucce_simulator: UcceSimulator
) -> None:
    asked: list[str] = []
    ucce_client = UcceClient(
        settings_for(ucce_simulator), lambda _: asked.append("lease"), confirm=lambda _: asked.append("confirmation")
    )
    campaigns.get(ucce_client, campaign)
    assert asked == ["lease"]
    import_batch(ucce_client, campaign, batch(1))
    assert asked == ["lease", "lease", "confirmation"]


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


def test_every_call_is_observed_with_its_kind_end_and_time(campaign: int, ucce_simulator: UcceSimulator) -> None:
    seen: list[tuple[str, str]] = []
    ucce_client = UcceClient(settings_for(ucce_simulator), observe=lambda call: seen.append((call.kind, call.outcome)))
    import_batch(ucce_client, campaign, batch(1))
    ucce_simulator.control.next_answer(kind="import", status=503)
    ucce_simulator.control.next_answer(kind="import", reset="before")
    for _ in range(2):
        with pytest.raises(UcceError):
            import_batch(ucce_client, campaign, batch(2))
    assert seen == [("import", "ok"), ("import", "503"), ("import", "unknown")]


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


def test_settings_do_not_show_the_password() -> None:
    assert "hidden" not in repr(UcceSettings("https://aw", "user", "hidden", None, 1.0))
