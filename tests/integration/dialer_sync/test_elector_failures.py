"""The election on a real ZooKeeper when sessions, connections, servers or masters are lost or stand still."""

import signal
import time

from kazoo.client import KazooClient
from kazoo.protocol.connection import _CONNECTION_DROP

from services.dialer_sync.election.timing import Timing
from tests.integration.dialer_sync.electors import SESSION, StartElector, StartProcess, ask, epoch, master_of
from tests.servers.sources import Server
from tests.support.until import until


def test_an_expired_session_ends_the_lease_at_once(start_elector: StartElector, zookeeper_server: Server) -> None:
    master = master_of(start_elector("a"))
    before = epoch(master)
    thief = KazooClient(zookeeper_server.address, client_id=master._lock._client.client_id)
    thief.start()
    thief.stop()  # ends the session that both share
    thief.close()
    until(lambda: not master.is_leader(), timeout=SESSION, every=0.002)
    assert master.end_reason is not None and "ZooKeeper" in master.end_reason
    until(lambda: master.is_leader() and epoch(master) > before)


def test_a_lost_connection_ends_the_lease_at_once(start_elector: StartElector) -> None:
    master = master_of(start_elector("a"))
    before = epoch(master)
    master._lock._client._call(_CONNECTION_DROP, None)
    until(lambda: master.end_reason == "the connection to ZooKeeper was lost", every=0.002)
    until(lambda: master.is_leader() and epoch(master) > before)


def test_a_removed_lock_node_ends_the_lease_with_the_next_confirmation(
    start_elector: StartElector, zookeeper_server: Server, election_root: str
) -> None:
    master = master_of(start_elector("a"))
    before = epoch(master)
    client = KazooClient(zookeeper_server.address)
    client.start()
    for child in client.get_children(f"{election_root}/master"):
        client.delete(f"{election_root}/master/{child}")
    client.stop()
    client.close()
    until(lambda: master.end_reason == "the lock node is gone")
    until(lambda: master.is_leader() and epoch(master) > before)


def test_a_server_that_freezes_ends_the_mastership_within_the_lease(
    start_elector: StartElector, own_zookeeper: Server
) -> None:
    master = master_of(start_elector("a", hosts=own_zookeeper.address))
    own_zookeeper.process.kill(signal.SIGSTOP)
    try:
        frozen = time.monotonic()
        lease_ends = [frozen]

        def is_over() -> bool:
            now, left = time.monotonic(), master.remaining()
            lease_ends.append(now + left if left else frozen)
            return not master.is_leader()

        until(is_over)
        assert max(lease_ends) <= frozen + Timing.of(SESSION).lease, "a confirmation was counted without an answer"
        assert master.problem is None or "ZooKeeper" in master.problem
    finally:
        own_zookeeper.process.kill(signal.SIGCONT)
    until(master.is_leader)


def test_without_zookeeper_there_is_no_master_and_with_it_there_is_one_again(
    start_elector: StartElector, own_zookeeper: Server
) -> None:
    master = master_of(start_elector("a", hosts=own_zookeeper.address))
    before = epoch(master)
    own_zookeeper.process.kill()
    until(lambda: not master.is_leader(), timeout=SESSION)
    until(lambda: master.problem is not None)
    own_zookeeper.process.start()
    until(lambda: master.is_leader() and epoch(master) > before, timeout=15)
    assert master.problem is None


def test_a_stalled_process_stands_down_by_itself(start_elector: StartElector, start_process: StartProcess) -> None:
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
    start_elector: StartElector, start_process: StartProcess
) -> None:
    doomed = start_process("doomed")
    until(lambda: ask(doomed)["master"], timeout=30)
    standby = start_elector("b")
    until(lambda: standby.problem is None)
    began = time.monotonic()
    doomed.kill()
    until(standby.is_leader, timeout=SESSION + 4, every=0.005)
    assert time.monotonic() - began <= SESSION + 2
