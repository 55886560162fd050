"""The election on a real ZooKeeper: who may believe to be master, and for how long."""

import json
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kazoo.client import KazooClient
from kazoo.protocol.connection import _CONNECTION_DROP

from services.dialer_sync.election.elector import Elector
from services.dialer_sync.election.errors import NotMaster
from services.dialer_sync.election.timing import Timing
from tests.servers.sources import Server
from tests.support.until import until

SESSION = 1.5  # seconds
Start = Callable[..., Elector]


@pytest.fixture
def root() -> str:
    return f"/test-{uuid.uuid4().hex}"


@pytest.fixture
def start_elector(zookeeper_server: Server, root: str) -> Iterator[Start]:
    started: list[Elector] = []

    def begin(
        node: str, session: float = SESSION, ucce_timeout: float = 0.2, hosts: str = zookeeper_server.address
    ) -> Elector:
        elector = Elector(hosts, root, node, Timing.of(session), ucce_timeout)
        elector.start()
        started.append(elector)
        return elector

    yield begin
    for elector in started:
        elector.stop()


@pytest.fixture
def start_process(zookeeper_server: Server, root: str) -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    started: list[subprocess.Popen[str]] = []

    def begin(node: str) -> "subprocess.Popen[str]":
        command = [
            sys.executable,
            "-m",
            "tests.integration.dialer_sync.elector_process",
            zookeeper_server.address,
            root,
            node,
            str(SESSION),
        ]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1))
        return started[-1]

    yield begin
    for child in started:
        child.kill()
        child.communicate()


def ask(child: "subprocess.Popen[str]") -> dict[str, Any]:
    assert child.stdin and child.stdout
    print("?", file=child.stdin, flush=True)
    while not (line := child.stdout.readline()).startswith("{"):
        assert line, "the contender died"
    return dict(json.loads(line))


def master_of(*electors: Elector) -> Elector:
    return until(lambda: next((elector for elector in electors if elector.is_leader()), None), what="a master")


def epoch(elector: Elector) -> int:
    term = elector.current_term()
    assert term is not None
    return term.epoch


def test_of_two_contenders_exactly_one_is_master(start_elector: Start) -> None:
    first, second = start_elector("a"), start_elector("b")
    master = master_of(first, second)
    other = second if master is first else first
    until(lambda: other.problem is None)
    assert (master.is_leader(), other.is_leader()) == (True, False)
    assert other.remaining() == 0 < master.remaining() <= Timing.of(SESSION).lease


def test_a_master_stays_master_by_confirming(start_elector: Start) -> None:
    elector = master_of(start_elector("a"))
    began, first = time.monotonic(), epoch(elector)
    until(lambda: time.monotonic() > began + 2 * SESSION)
    assert epoch(elector) == first


def test_stop_hands_over_in_well_under_a_second_with_a_larger_epoch(start_elector: Start) -> None:
    master = master_of(start_elector("a"))
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    before, began = epoch(master), time.monotonic()
    master.stop()
    until(standby.is_leader, timeout=1, every=0.005)
    assert time.monotonic() - began < 0.5
    assert master.end_reason == "stopped"
    assert epoch(standby) > before


def test_resign_lets_the_other_take_over_and_stands_behind_it(start_elector: Start) -> None:
    master = master_of(start_elector("a"))
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    before = epoch(master)
    master.resign()
    assert not master.is_leader()
    until(standby.is_leader, timeout=1)
    assert (master.end_reason, epoch(standby) > before) == ("resigned", True)
    second = epoch(standby)
    until(lambda: master.problem is None)
    standby.resign()
    until(master.is_leader)
    assert epoch(master) > second


def test_a_worker_that_resigns_alone_becomes_master_again_with_a_larger_epoch(start_elector: Start) -> None:
    elector = master_of(start_elector("a"))
    before = epoch(elector)
    elector.resign()
    until(elector.is_leader, timeout=15)
    assert epoch(elector) > before


def test_a_stop_is_seen_at_whatever_moment_of_the_election_it_comes(start_elector: Start) -> None:
    for _ in range(15):
        first, second = start_elector("a"), start_elector("b")
        master_of(first, second)
        began = time.monotonic()
        first.stop()
        second.stop()
        assert time.monotonic() - began < 1
        assert not first.is_leader()
        assert not second.is_leader()


def test_a_standby_that_resigns_goes_behind_the_others(start_elector: Start) -> None:
    master = master_of(start_elector("a"))
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    standby.resign()
    assert master.is_leader()
    master.stop()
    until(standby.is_leader)


def test_an_expired_session_ends_the_belief_at_once(start_elector: Start, zookeeper_server: Server) -> None:
    master = master_of(start_elector("a"))
    before = epoch(master)
    thief = KazooClient(zookeeper_server.address, client_id=master._lock._client.client_id)
    thief.start()
    thief.stop()  # ends the session that both share
    thief.close()
    until(lambda: not master.is_leader(), timeout=SESSION, every=0.002)
    assert master.end_reason is not None and "ZooKeeper" in master.end_reason
    until(lambda: master.is_leader() and epoch(master) > before)


def test_a_lost_connection_ends_the_belief_at_once(start_elector: Start) -> None:
    master = master_of(start_elector("a"))
    before = epoch(master)
    master._lock._client._call(_CONNECTION_DROP, None)
    until(lambda: master.end_reason == "the connection to ZooKeeper was lost", every=0.002)
    until(lambda: master.is_leader() and epoch(master) > before)


def test_a_removed_lock_node_ends_the_belief_with_the_next_confirmation(
    start_elector: Start, zookeeper_server: Server, root: str
) -> None:
    master = master_of(start_elector("a"))
    before = epoch(master)
    client = KazooClient(zookeeper_server.address)
    client.start()
    for child in client.get_children(f"{root}/master"):
        client.delete(f"{root}/master/{child}")
    client.stop()
    client.close()
    until(lambda: master.end_reason == "the lock node is gone")
    until(lambda: master.is_leader() and epoch(master) > before)


def test_a_server_that_freezes_ends_the_belief_within_the_lease(start_elector: Start, own_zookeeper: Server) -> None:
    master = master_of(start_elector("a", hosts=own_zookeeper.address))
    own_zookeeper.process.kill(signal.SIGSTOP)
    try:
        began = time.monotonic()
        until(lambda: not master.is_leader(), timeout=SESSION)
        assert time.monotonic() - began <= Timing.of(SESSION).lease + 0.1
        assert master.problem is None or "ZooKeeper" in master.problem
    finally:
        own_zookeeper.process.kill(signal.SIGCONT)
    until(master.is_leader)


def test_without_zookeeper_there_is_no_master_and_with_it_there_is_one_again(
    start_elector: Start, own_zookeeper: Server
) -> None:
    master = master_of(start_elector("a", hosts=own_zookeeper.address))
    before = epoch(master)
    own_zookeeper.process.kill()
    until(lambda: not master.is_leader(), timeout=SESSION)
    until(lambda: master.problem is not None)
    own_zookeeper.process.start()
    until(lambda: master.is_leader() and epoch(master) > before, timeout=15)
    assert master.problem is None


def test_a_stalled_process_stands_down_by_itself(
    start_elector: Start, start_process: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    stalled = start_process("stalled")
    until(lambda: ask(stalled)["master"], timeout=30)
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    last = until(lambda: (answer := ask(stalled))["master"] and answer)
    stalled.send_signal(signal.SIGSTOP)
    try:
        until(standby.is_leader, timeout=SESSION + 4, every=0.01)
        assert time.monotonic() >= last["until"], "the other began while this one might still believe"
    finally:
        stalled.send_signal(signal.SIGCONT)
    assert ask(stalled)["epoch"] != last["epoch"], "it still believed in its old term when it woke up"
    until(lambda: standby.is_leader() and not ask(stalled)["master"])
    assert epoch(standby) > last["epoch"]


def test_a_killed_master_is_replaced_when_its_session_ends(
    start_elector: Start, start_process: Callable[[str], "subprocess.Popen[str]"]
) -> None:
    doomed = start_process("doomed")
    until(lambda: ask(doomed)["master"], timeout=30)
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    began = time.monotonic()
    doomed.kill()
    until(standby.is_leader, timeout=SESSION + 4, every=0.005)
    assert time.monotonic() - began <= SESSION + 2


def test_what_an_earlier_try_left_behind_does_not_block_its_own_process(start_elector: Start, root: str) -> None:
    master = master_of(start_elector("a"))
    contender = master._lock
    path = f"{root}/master/{contender._prefix}"
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    standby._lock._client.create(f"{root}/master/{standby._lock._prefix}", b"", ephemeral=True, sequence=True)
    contender._client.create(path, b"", ephemeral=True, sequence=True)
    master.resign()
    until(standby.is_leader, timeout=2)
    standby.resign()
    until(master.is_leader, timeout=8)


def test_the_lease_follows_the_session_timeout_that_the_server_grants(start_elector: Start) -> None:
    elector = master_of(start_elector("a", session=100.0))
    assert elector._lock.timing == Timing.of(60.0)  # the server's maximum
    assert elector.remaining() <= Timing.of(60.0).lease


def test_a_node_that_is_granted_too_short_a_session_does_not_compete(start_elector: Start) -> None:
    elector = start_elector("a", session=100.0, ucce_timeout=31.0)
    until(lambda: elector.problem and "grants too short a session" in elector.problem)
    assert not elector.is_leader()


def test_ensure_confirms_when_little_of_the_lease_is_left(start_elector: Start) -> None:
    elector = master_of(start_elector("a"))
    term = elector.current_term()
    assert term is not None
    lease = Timing.of(SESSION).lease
    for _ in range(20):
        elector.require_lease(term, lease * 0.95)
        assert elector.remaining() >= lease * 0.9


def test_ensure_refuses_a_term_that_is_over(start_elector: Start) -> None:
    elector = master_of(start_elector("a"))
    term = elector.current_term()
    assert term is not None
    elector.resign()
    with pytest.raises(NotMaster, match="resigned"):
        elector.require_lease(term, 0.1)
    until(elector.is_leader, timeout=15)
    with pytest.raises(NotMaster):
        elector.require_lease(term, 0.1)
