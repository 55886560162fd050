"""The master seals the audit log in its cycle, also while UCCE does not answer."""

from sqlalchemy import insert

from shared.db.audit_verification import verify
from shared.db.models import AuditLog
from tests.integration.dialer_sync.master_fixture import MasterFixture


def test_a_cycle_seals_what_was_written_since_the_last_one(master: MasterFixture) -> None:
    for outage in (False, True):
        if outage:
            master.simulator.control.next_answer(status=503)
        with master.world.database.writing() as tx:
            row = {"at": master.clock.now, "who": "user:anna", "action": "update", "resource": "settings"}
            tx.execute(insert(AuditLog).values(row))
            tx.commit()
        assert verify(master.world.database).unsealed == 1
        master.cycle()
        report = verify(master.world.database)
        assert (report.breaks, report.unsealed) == ([], 0)
