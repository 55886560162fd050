"""A campaign that somebody switched off in UCCE stays off until a person resumes it."""

from tests.integration.dialer_sync.master_fixture import MasterFixture, so_far, written
from tests.integration.ucce_simulator.client import Client

DRIFT_CHECK = 301.0  # seconds, then UCCE's campaigns are compared again


def stop_all(other_ucce_client: Client) -> None:
    """Cisco's emergency stop: every campaign that was made by the API is disabled."""
    assert other_ucce_client.send("PUT", "/campaign/disable").status_code == 200


def is_on(master: MasterFixture, other_ucce_client: Client) -> bool:
    return other_ucce_client.campaign(master.campaign().ucce_id).findtext("enabled") == "true"


def resume(master: MasterFixture) -> None:
    """What the portal's button writes (services/admin_api/campaigns/hold_decisions.py)."""
    version = master.campaign().version + 1
    nothing = {"hold": None, "held_at": None, "hold_candidates": None}
    master.configure_campaign(**nothing, enabled_in_ucce=False, sync_state="pending", version=version)


def test_an_emergency_stop_is_held_through_drift_checks_and_changes_until_a_person_resumes(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    stop_all(other_ucce_client)
    before = so_far(master)
    numbers = master.add(2)
    master.cycles(2 * DRIFT_CHECK, step=30)
    master.configure_campaign(description="Edited meanwhile", version=2, sync_state="pending")
    master.renew()
    master.cycles(DRIFT_CHECK, step=30)
    row = master.campaign()
    assert (is_on(master, other_ucce_client), written(master, before)) == (False, [])
    assert set(master.statuses(numbers)) == {"scheduled"}
    assert (row.sync_state, row.hold) == ("error", "switched_off")
    assert "switched off in UCCE" in row.sync_message

    resume(master)
    master.cycles(120)
    assert is_on(master, other_ucce_client)
    assert (master.campaign().sync_state, master.campaign().hold) == ("in_sync", None)
    assert len(master.simulator.control.taken()) == 2


def test_a_stop_is_noticed_before_the_next_import(master: MasterFixture, other_ucce_client: Client) -> None:
    stop_all(other_ucce_client)
    (number,) = master.add(1)
    assert "switched off in UCCE" in master.cycle()  # long before the next drift check
    assert master.callback(number).status == "scheduled"
    assert master.simulator.control.taken() == []
    assert master.campaign().held_at == master.clock.now


def test_a_stop_stays_one_although_ucce_switches_it_on_again(master: MasterFixture, other_ucce_client: Client) -> None:
    number = master.campaign().ucce_id
    other_ucce_client.update(number, "<enabled>false</enabled>")
    master.clock.advance(DRIFT_CHECK)
    master.cycle()
    since = master.campaign().held_at
    other_ucce_client.update(number, "<enabled>true</enabled>")
    master.add(1)
    master.cycles(120)
    assert (master.campaign().hold, master.campaign().held_at) == ("switched_off", since)
    assert "UCCE has it switched on again" in master.campaign().sync_message
    assert master.simulator.control.taken() == []


def test_disabling_a_campaign_here_is_no_stop_and_enabling_it_again_dials(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    master.configure_campaign(enabled=False, version=2, sync_state="pending")
    master.cycle()
    assert (is_on(master, other_ucce_client), master.campaign().hold, master.campaign().sync_state) == (
        False,
        None,
        "in_sync",
    )
    master.configure_campaign(enabled=True, version=3, sync_state="pending")
    master.cycle()
    assert (is_on(master, other_ucce_client), master.campaign().hold) == (True, None)


def test_our_own_disabling_whose_answer_was_lost_is_no_stop(master: MasterFixture, other_ucce_client: Client) -> None:
    master.configure_campaign(enabled=False, version=2, sync_state="pending")
    master.simulator.control.next_answer(kind="campaigns", method="PUT", reset="after")
    master.cycle()
    master.configure_campaign(enabled=True, version=3, sync_state="pending")  # the administrator thinks better of it
    master.cycles(30)
    assert (is_on(master, other_ucce_client), master.campaign().hold) == (True, None)


def test_a_campaign_that_is_disabled_here_after_a_stop_is_held_no_more(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    stop_all(other_ucce_client)
    master.clock.advance(DRIFT_CHECK)
    master.cycle()
    assert master.campaign().hold == "switched_off"
    master.configure_campaign(enabled=False, version=2, sync_state="pending")
    master.cycles(120)
    assert (master.campaign().sync_state, master.campaign().hold) == ("in_sync", None)


def test_the_brake_of_a_campaign_is_no_stop(master: MasterFixture, other_ucce_client: Client) -> None:
    master.configure_campaign(hands_over=False)
    master.cycles(DRIFT_CHECK)
    assert (is_on(master, other_ucce_client), master.campaign().hold) == (True, None)


def test_a_resumption_that_comes_while_the_stop_is_being_written_down_counts(
    master: MasterFixture, other_ucce_client: Client
) -> None:
    stop_all(other_ucce_client)
    master.clock.advance(DRIFT_CHECK)
    master.cycle()

    def resume_once(_seconds: float) -> None:
        if master.campaign().hold is not None:
            resume(master)

    master.guard = resume_once
    master.renew()
    master.clock.advance(DRIFT_CHECK)
    master.cycle()
    master.cycles(120)
    assert (is_on(master, other_ucce_client), master.campaign().hold) == (True, None)
