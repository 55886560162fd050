"""The portal names skills and campaigns by id, operators by name: the brakes are the same, with the same audit rows."""

from typing import Any

import pytest

from shared.callbacks.brakes import BrakeChange, read_brakes, set_brakes
from shared.db.audit import Author
from shared.db.models import AuditLog, Campaign, Setting, Skill
from shared.errors import Code, DomainError, InvalidInput
from tests.support.configured_database import NOW, World

ANN = Author("user:ann", "192.0.2.7", "r-1")


def change(world: World, **what: Any) -> None:
    set_brakes(world.database, BrakeChange(**what), by=ANN, now=NOW)


@pytest.mark.parametrize("by", ["id", "name"])
def test_a_skill_and_a_campaign_are_braked_by_id_or_by_name(world: World, by: str) -> None:
    skill, campaign = (world.skill_id, world.campaign_id) if by == "id" else ("BILLING ", "billing_callback")
    change(world, accept_bookings=False, skill=skill)
    change(world, hand_over=False, campaign=campaign)
    (one,), (other,) = world.rows(Skill, id=world.skill_id), world.rows(Campaign, id=world.campaign_id)
    assert (one.accepts_bookings, other.hands_over) == (False, False)
    assert (one.version, other.version) == (1, 1)
    assert world.rows(Setting) == []
    assert [(row.resource, row.resource_id, row.label, row.before, row.after) for row in world.rows(AuditLog)] == [
        ("skills", str(world.skill_id), "Billing", {"accept_bookings": True}, {"accept_bookings": False}),
        ("campaigns", str(world.campaign_id), "Billing_Callback", {"hand_over": True}, {"hand_over": False}),
    ]


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"accept_bookings": False, "skill": 999}, Code.NOT_FOUND),
        ({"accept_bookings": False, "skill": "Nobody"}, Code.UNKNOWN_SKILL),
        ({"hand_over": False, "campaign": 999}, Code.NOT_FOUND),
        ({"hand_over": False, "campaign": "Nobody"}, Code.UNKNOWN_CAMPAIGN),
        ({"accept_bookings": False, "hand_over": False, "campaign": "Nobody"}, Code.UNKNOWN_CAMPAIGN),
    ],
)
def test_of_a_change_that_is_refused_nothing_is_left(
    world: World, what: dict[str, bool | int | str], code: Code
) -> None:
    version = world.config_cache.reload().version
    with pytest.raises(DomainError) as refused:
        change(world, **what)
    assert refused.value.code is code
    assert world.rows(Setting) == world.rows(AuditLog) == []
    assert world.config_cache.reload().version == version


def test_the_state_names_who_stopped_handing_over_and_what_is_paused(world: World) -> None:
    change(world, accept_bookings=True, hand_over=False)
    change(world, accept_bookings=False, skill=world.skill_id)
    with world.database.reading() as connection:
        state = read_brakes(connection)
    assert (state.accept_bookings, state.hand_over, state.hand_over_stopped_by) == (True, False, "user:ann")
    assert [(one.id, one.name) for one in state.paused_skills] == [(world.skill_id, "Billing")]
    assert state.paused_campaigns == []
    change(world, hand_over=True)
    with world.database.reading() as connection:
        assert read_brakes(connection).hand_over_stopped_by is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (BrakeChange(), "acceptBookings"),
        (BrakeChange(hand_over=True, skill=1), "skillId"),
        (BrakeChange(accept_bookings=True, campaign="Billing"), "campaignId"),
    ],
)
def test_a_change_that_sets_nothing_or_names_what_it_does_not_set_is_refused(wrong: BrakeChange, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        wrong.check(skill_field="skillId", campaign_field="campaignId")
    assert list(refused.value.extra["errors"]) == [field]
