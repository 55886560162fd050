"""Claims: a stale master makes none, a lost commit is found again, and who cancels meanwhile is not called."""

import inspect
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from services.dialer_sync.election.errors import NotMaster, StaleEpoch
from services.dialer_sync.handover import batch_store
from services.dialer_sync.handover.callable_now import CallableNow
from shared.callbacks.calling_hours import ALL_DAY
from shared.callbacks.cancel_dispatch import cancel
from shared.errors import Code, DomainError
from tests.integration.dialer_sync.master_fixture import MasterFixture


def test_a_stale_master_claims_nothing(master: MasterFixture) -> None:
    due = master.add(2)
    stale = master.context
    master.renew("node-b")
    with pytest.raises(StaleEpoch):
        master.cycle_of(stale)
    assert master.statuses(due) == ["scheduled"] * 2
    assert master.posts() == []


def test_a_stale_master_records_nothing_and_the_new_one_finds_what_it_sent(master: MasterFixture) -> None:
    (account_number,) = master.add()
    stale = master.context

    def fail_over(name: str) -> None:
        if name == "answered":
            master.renew("node-b")

    stale.checkpoint = fail_over
    with pytest.raises(StaleEpoch):
        master.cycle_of(stale)
    assert master.callback(account_number).status == "importing"
    assert master.cycle() == "settled 1 (1 were taken)"
    assert master.callback(account_number).status == "imported"
    assert master.simulator.control.taken() == [f"{account_number}-01"]


def test_a_worker_that_ceases_to_be_master_before_sending_gives_the_batch_back(master: MasterFixture) -> None:
    due = master.add(2)
    calls: list[float] = []

    def guard(seconds: float) -> None:
        calls.append(seconds)
        raise NotMaster("the lease ran out unconfirmed")

    master.guard = guard
    master.renew()
    with pytest.raises(NotMaster):
        master.cycle()
    assert master.statuses(due) == ["scheduled"] * 2
    assert master.simulator.control.taken() == []
    assert len(calls) == 1


def test_a_claim_whose_commit_was_lost_on_the_way_back_finds_its_own_batch(master: MasterFixture) -> None:
    due = master.add(3)
    arguments: dict[str, Any] = {
        "ucce_id": 5001, "now": master.clock.now, "floor": master.clock.now - timedelta(hours=1),
        "callable_now": CallableNow(ALL_DAY, (), ()),
        "count": master.context.hand_overs,
        "checkpoint": lambda _name: None,
    }  # fmt: skip
    take = inspect.unwrap(batch_store.claim)
    first = take(master.world.database, master.context.actor, "B" * 26, master.world.campaign_id, due[:2], **arguments)
    again = take(master.world.database, master.context.actor, "B" * 26, master.world.campaign_id, due[:2], **arguments)
    assert first == again
    assert master.context.hand_overs.value == 1
    assert [claimed.account_number for claimed in first] == due[:2]
    assert master.statuses(due) == ["importing", "importing", "scheduled"]


def test_clients_that_cancel_while_batches_are_claimed_and_sent_lose_or_double_no_callback(
    master: MasterFixture,
) -> None:
    master.settings["batch_size"] = 4
    master.renew()
    due = master.add_with_places(32)

    def cancelled(account_number: str) -> bool:
        try:
            cancel(master.world.database, account_number, now=master.clock.now, who="client:ivr")
        except DomainError as refusal:
            assert refusal.code is Code.NOT_CANCELLABLE
            return False
        return True

    with ThreadPoolExecutor(5) as threads:
        cycle = threads.submit(master.cycle)
        answers = dict(zip(due, threads.map(cancelled, due), strict=True))
    cycle.result()
    kept = [account_number for account_number in due if not answers[account_number]]
    assert sorted(master.simulator.control.taken()) == [f"{account_number}-01" for account_number in sorted(kept)]
    assert Counter(master.statuses(due)) == Counter({"imported": len(kept), "cancelled": len(due) - len(kept)})
    assert master.world.drift() == []
