"""Places of several slots are given back in one order of the slots' rows, so that two transactions cannot deadlock."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import event

from shared.db import models
from tests.integration.dialer_sync.master_fixture import MasterFixture


def test_the_do_not_call_step_locks_the_earlier_slot_first_whatever_order_it_was_booked_in(
    master: MasterFixture,
) -> None:
    later = master.add_with_places(1)
    earlier = master.add_with_places(1, due=master.clock.now - timedelta(minutes=30))
    assert later < earlier  # by account number, the order in which the callbacks are cancelled
    for number in (*later, *earlier):
        master.world.add(models.DoNotCall, phone=master.callback(number).phone, added_at=master.clock.now)
    given: list[Any] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if re.match("UPDATE slot SET booked", statement):
            given.append(parameters)

    engine = master.world.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert master.cycle() == "cancelled 2 on the do-not-call list"
    finally:
        event.remove(engine, "before_cursor_execute", note)
    starts = [str(value) for parameters in given for value in parameters if re.match(r"\d{4}-", str(value))]
    assert starts == sorted(starts)
    assert len(starts) == 2
