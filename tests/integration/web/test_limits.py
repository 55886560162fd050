"""Rate limits: counted in a real Redis for all processes together, and open while Redis does not answer."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import requests

from shared.callbacks.config_snapshot import Client
from shared.callbacks.settings import BusinessSettings
from shared.errors import Code, DomainError
from shared.redis_client import RedisClient
from shared.web.rate_limits import RateLimits
from tests.servers.sources import Server
from tests.support.booking_api import add_key
from tests.support.configured_database import World
from tests.support.gunicorn_nodes import Node, StartNode
from tests.support.until import until


def client(name: str, rate: int, scope: str = "ivr") -> Client:
    return Client(abs(hash(name)) % 10**9, name, True, frozenset({scope}), rate)


def admitted(nodes: list[RateLimits], who: Client, requests: int) -> tuple[int, int]:
    """How many of `requests`, spread over `nodes`, come through, and over how many seconds of the clock."""
    until(lambda: time.time() % 1 < 0.1, every=0.005)  # start with a second of the clock, to stay within it
    began, through = int(time.time()), 0
    for number in range(requests):
        try:
            nodes[number % len(nodes)].check_client(who)
        except DomainError as refusal:
            assert refusal.code is Code.RATE_LIMITED
        else:
            through += 1
    return through, int(time.time()) - began + 1


def scripts_run(cache: RedisClient) -> int:
    """How many scripts the server has run so far."""
    statistics = cache.redis.info("commandstats")
    assert isinstance(statistics, dict)
    return int(statistics.get("cmdstat_evalsha", {}).get("calls", 0))


@pytest.fixture
def new_rate_limits(redis_server: Server) -> Iterator[Callable[[], RateLimits]]:
    """Limits as each process has them, with a connection of its own to the same Redis."""
    caches: list[RedisClient] = []

    def new() -> RateLimits:
        caches.append(RedisClient(redis_server.address, 1.0))
        return RateLimits(caches[-1])

    yield new
    for cache in caches:
        cache.close()


@pytest.mark.parametrize("rate", [1, 5, 50])
def test_exactly_the_rate_is_admitted_in_a_second(new_rate_limits: Callable[[], RateLimits], rate: int) -> None:
    through, seconds = admitted([new_rate_limits()], client(f"exact-{rate}", rate), rate + 20)

    assert rate <= through <= rate * seconds


@pytest.mark.parametrize("rate", [7, 50, 130, 1000])
def test_processes_share_a_rate(new_rate_limits: Callable[[], RateLimits], rate: int) -> None:
    through, seconds = admitted([new_rate_limits(), new_rate_limits()], client(f"shared-{rate}", rate), 2 * rate + 40)

    assert through <= rate * seconds
    # The last permits may be in the bundle of one process while the requests go to the other.
    assert through >= rate - 2 * max(1, rate // 50)


def test_a_busy_client_costs_few_trips_to_redis(
    new_rate_limits: Callable[[], RateLimits], redis_server: Server
) -> None:
    limits, who = new_rate_limits(), client("trips", 1000)
    with closing(RedisClient(redis_server.address, 1.0)) as cache:
        before = scripts_run(cache)
        through, seconds = admitted([limits], who, 1000)
        trips = scripts_run(cache) - before

    assert through >= 950
    assert 0 < trips <= 55 * seconds


def test_a_client_over_its_rate_costs_redis_nothing_more_that_second(
    new_rate_limits: Callable[[], RateLimits], redis_server: Server
) -> None:
    with closing(RedisClient(redis_server.address, 1.0)) as cache:
        before = scripts_run(cache)
        _, seconds = admitted([new_rate_limits()], client("flood", 5), 500)
        trips = scripts_run(cache) - before

    assert 0 < trips <= 6 * seconds


def test_an_agent_has_a_rate_on_all_nodes_together_and_no_other_agent_a_part_in_it(
    new_rate_limits: Callable[[], RateLimits],
) -> None:
    nodes = [new_rate_limits(), new_rate_limits()]
    until(lambda: time.time() % 1 < 0.1, every=0.005)
    began, through = int(time.time()), 0
    for number in range(20):
        try:
            nodes[number % 2].check_agent("1042", 5)
        except DomainError as refusal:
            assert (refusal.code, refusal.extra["retryAfter"]) == (Code.RATE_LIMITED, 1)
        else:
            through += 1
    assert 5 <= through <= 5 * (int(time.time()) - began + 1)
    nodes[0].check_agent("1043", 5)


def test_clients_do_not_share_a_rate(new_rate_limits: Callable[[], RateLimits]) -> None:
    limits = new_rate_limits()
    admitted([limits], client("greedy", 5), 30)

    limits.check_client(client("modest", 5))


@pytest.mark.parametrize(("scope", "rate"), [("ivr", 50), ("gadget", 5)])
def test_a_client_without_a_rate_has_its_scopes(
    new_rate_limits: Callable[[], RateLimits], scope: str, rate: int
) -> None:
    through, seconds = admitted(
        [new_rate_limits()],
        client(f"default-{scope}", BusinessSettings().requests_per_second([scope]), scope),
        rate + 30,
    )

    assert rate <= through <= rate * seconds


# --- in real processes ---------------------------------------------------------------------------------------


@pytest.fixture
def slow_key(current_world: World) -> str:
    return add_key(current_world, "slow-ivr", "ivr", rate_per_second=10)


def burst(nodes: list[Node], key: str, count: int = 60) -> tuple[list[requests.Response], int]:
    until(lambda: time.time() % 1 < 0.1, every=0.005)
    began = int(time.time())
    answers = [nodes[number % len(nodes)].availability(key=key) for number in range(count)]
    return answers, int(time.time()) - began + 1


def limited(node: Node, key: str) -> bool:
    answers, _ = burst([node], key, 30)
    return any(answer.status_code == 429 for answer in answers)


def test_over_the_rate_is_429_for_two_processes_together(
    start_node: StartNode, redis_server: Server, slow_key: str
) -> None:
    nodes = [start_node(redis_server.address), start_node(redis_server.address)]
    for node in nodes:
        node.availability()  # the snapshot is loaded

    answers, seconds = burst(nodes, slow_key)

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) == {200, 429}
    assert 10 <= statuses[200] <= 10 * seconds
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "rate_limited"
    assert refused.json()["retryAfter"] == 1
    assert nodes[0].metric("cm_rate_limited_total") >= 1
    assert nodes[0].metric("cm_redis_up") == 1


def durations(node: Node, key: str, count: int) -> list[float]:
    taken = []
    for _ in range(count):
        began = time.monotonic()
        assert node.availability(key=key).status_code == 200
        taken.append(time.monotonic() - began)
    return taken


def test_redis_killed_opens_the_limits_at_once_and_its_return_closes_them(
    start_node: StartNode, own_redis: Server, slow_key: str
) -> None:
    node = start_node(own_redis.address)
    assert limited(node, slow_key)

    own_redis.process.kill()
    until(lambda: node.availability(key=slow_key).status_code == 200, timeout=2)  # this second stays closed
    taken = durations(node, slow_key, 100)

    assert max(taken) < 0.5
    assert node.metric("cm_redis_up") == 0
    assert node.metric("cm_redis_failures_total") <= 3  # tried now and then, not with every request
    assert node.ready() == (200, None)
    assert '"event": "redis_down"' in node.log()

    own_redis.process.start()
    own_redis.process.wait_ready()
    until(lambda: limited(node, slow_key), timeout=15)
    assert node.metric("cm_redis_up") == 1
    assert '"event": "redis_up"' in node.log()


def test_a_redis_that_stalls_costs_one_request_a_short_wait_now_and_then(
    start_node: StartNode, own_redis: Server, slow_key: str
) -> None:
    node = start_node(own_redis.address, CM_REDIS_TIMEOUT="0.25")
    assert limited(node, slow_key)
    closed = int(time.time())

    own_redis.process.kill(signal.SIGSTOP)
    try:
        until(lambda: int(time.time()) > closed, every=0.01)  # this second stays closed
        began = time.monotonic()
        taken = durations(node, slow_key, 150)
        lasted = time.monotonic() - began
    finally:
        own_redis.process.kill(signal.SIGCONT)

    assert max(taken) < 1.0
    waits = [wait for wait in taken if wait > 0.2]
    assert 1 <= len(waits) <= 2 + lasted / RedisClient.PAUSE_SECONDS
    until(lambda: limited(node, slow_key), timeout=15)


def test_without_any_redis_everything_works(start_node: StartNode, slow_key: str) -> None:
    node = start_node()
    node.availability()  # the snapshot is loaded

    assert max(durations(node, slow_key, 50)) < 0.5
    assert node.book(key=slow_key).status_code == 201
    assert node.metric("cm_redis_up") == 0
