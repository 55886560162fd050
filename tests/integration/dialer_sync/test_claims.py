"""Claims: a stale master makes none, a lost commit is found again, and who cancels meanwhile is not called."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from services.dialer_sync.election.errors import NotMaster, StaleEpoch
from services.dialer_sync.handover import batch_store
from shared.callbacks.cancel_dispatch import cancel
from shared.errors import Code, DomainError
from tests.integration.dialer_sync.master_fixture import Desk


def test_a_stale_master_claims_nothing(desk: Desk) -> None:
    due = desk.add(2)
    stale = desk.context
    desk.renew("node-b")
    with pytest.raises(StaleEpoch):
        desk.cycle_of(stale)
    assert desk.statuses(due) == ["scheduled"] * 2
    assert desk.posts() == []


def test_a_stale_master_records_nothing_and_the_new_one_finds_what_it_sent(desk: Desk) -> None:
    (account_number,) = desk.add()
    stale = desk.context

    def fail_over(name: str) -> None:
        if name == "answered":
            desk.renew("node-b")

    stale.checkpoint = fail_over
    with pytest.raises(StaleEpoch):
        desk.cycle_of(stale)
    assert desk.callback(account_number).status == "importing"
    assert desk.cycle() == "settled 1 (1 were taken)"
    assert desk.callback(account_number).status == "imported"
    assert desk.simulator.control.taken() == [f"{account_number}-01"]


def test_who_ceases_to_be_master_before_sending_gives_the_batch_back(desk: Desk) -> None:
    due = desk.add(2)
    calls: list[float] = []

    def guard(seconds: float) -> None:
        calls.append(seconds)
        raise NotMaster("the lease ran out unconfirmed")

    desk.guard = guard
    desk.renew()
    with pytest.raises(NotMaster):
        desk.cycle()
    assert desk.statuses(due) == ["scheduled"] * 2
    assert desk.simulator.control.taken() == []
    assert len(calls) == 1


def test_a_claim_whose_commit_was_lost_on_the_way_back_finds_its_own_batch(desk: Desk) -> None:
    due = desk.add(3)
    arguments: dict[str, Any] = {
        "ucce_id": 5001, "now": desk.clock.now, "floor": desk.clock.now - timedelta(hours=1),
        "count": desk.context.hand_overs,
        "checkpoint": lambda _name: None,
    }  # fmt: skip
    take = batch_store.claim.__wrapped__  # type: ignore[attr-defined]
    first = take(desk.world.database, desk.context.actor, "B" * 26, desk.world.campaign_id, due[:2], **arguments)
    again = take(desk.world.database, desk.context.actor, "B" * 26, desk.world.campaign_id, due[:2], **arguments)
    assert first == again
    assert desk.context.hand_overs.value == 1
    assert [claimed.account_number for claimed in first] == due[:2]
    assert desk.statuses(due) == ["importing", "importing", "scheduled"]


def test_clients_that_cancel_while_batches_are_claimed_and_sent_lose_or_double_no_callback(desk: Desk) -> None:
    desk.settings["batch_size"] = 4
    desk.renew()
    due = desk.add_with_places(32)

    def cancelled(account_number: str) -> bool:
        try:
            cancel(desk.world.database, account_number, now=desk.clock.now, who="client:ivr")
        except DomainError as refusal:
            assert refusal.code is Code.NOT_CANCELLABLE
            return False
        return True

    with ThreadPoolExecutor(5) as threads:
        cycle = threads.submit(desk.cycle)
        answers = dict(zip(due, threads.map(cancelled, due), strict=True))
    cycle.result()
    kept = [account_number for account_number in due if not answers[account_number]]
    assert sorted(desk.simulator.control.taken()) == [f"{account_number}-01" for account_number in sorted(kept)]
    assert Counter(desk.statuses(due)) == Counter({"imported": len(kept), "cancelled": len(due) - len(kept)})
    assert desk.world.drift() == []
