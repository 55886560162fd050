"""Skills and campaigns: the desired state, validated by Cisco's ranges, which the master brings to UCCE."""

from typing import Any

import pytest
from sqlalchemy import delete

from deploy.sandbox.ucce_simulator import campaign_fields
from shared.db.models import AuditLog, Campaign, CampaignSkill
from tests.support.admin_api import Browser
from tests.support.configured_database import World


def campaign(world: World, **values: Any) -> dict[str, Any]:
    return {
        "name": "Sales_Callback",
        "enabled": True,
        "parameters": {"dialingMode": "PROGRESSIVEONLY", "linesPerAgent": 1, "timeZone": "UTC"},
        "dialForm": "national",
        "dialRegion": "US",
        "maxAttempts": 2,
        "retryDelays": {"busy": 5},
        "callingHoursStart": "00:00",
        "callingHoursEnd": "24:00",
        "skills": [{"skillId": str(world.skill_id), "dialedNumber": "8800101"}],
        **values,
    }


@pytest.fixture
def free_skill_world(world: World, supervisor: Browser) -> World:
    """A world whose skill belongs to no campaign, so that a new campaign may have it."""
    with world.database.writing() as tx:
        tx.execute(delete(CampaignSkill))
        tx.commit()
    return world


def test_a_campaign_is_created_pending_for_the_master_to_bring_to_ucce(
    free_skill_world: World, supervisor: Browser
) -> None:
    made = supervisor.post("/campaigns", campaign(free_skill_world))
    assert made.status_code == 201
    assert (made.json["syncState"], made.json["syncedAt"], made.json["handsOver"]) == ("pending", None, True)
    assert made.json["skills"] == [{
        "skillId": str(free_skill_world.skill_id), "skill": "Billing", "dialedNumber": "8800101", "overflowAgents": 0,
        "recordsToCache": 1, "ivrRoutePoint": None, "ivrPorts": 0, "abandonedRoutePoint": None,
    }]  # fmt: skip
    stored = free_skill_world.rows(Campaign, name="Sales_Callback")[0]
    assert stored.parameters == {"dialingMode": "PROGRESSIVEONLY", "linesPerAgent": 1.0, "timeZone": "UTC"}


def test_a_change_makes_it_pending_again(world: World, supervisor: Browser) -> None:
    world.configure(Campaign, {"sync_state": "in_sync", "applied_version": 1, "ucce_id": 5000}, name="Billing_Callback")
    changed = supervisor.put(f"/campaigns/{world.campaign_id}", campaign(world, name="Billing_Callback"), 1)
    assert (changed.status_code, changed.json["syncState"]) == (200, "pending")
    sync = supervisor.get(f"/campaigns/{world.campaign_id}/sync").json
    assert (sync["version"], sync["appliedVersion"], sync["ucceId"]) == (2, 1, 5000)


def test_the_observed_state_shows_the_message_of_ucce_and_what_drifted(world: World, viewer: Browser) -> None:
    observed = {"linesPerAgent": "1.5"}
    drift = {"linesPerAgent": {"desired": 1, "observed": "1.5"},
             "retries/busySignalDelay": {"desired": 5, "observed": None}}  # fmt: skip
    world.configure(Campaign, {"sync_state": "error", "sync_message": "This field must contain a value from 1 to 100",
                               "observed": observed, "drift": drift}, id=world.campaign_id)  # fmt: skip
    sync = viewer.get(f"/campaigns/{world.campaign_id}/sync").json
    assert (sync["syncState"], sync["syncMessage"]) == ("error", "This field must contain a value from 1 to 100")
    assert sync["drift"][0] == {"field": "linesPerAgent", "desired": 1, "observed": "1.5"}
    assert sync["observed"] == observed


def test_a_supervisor_can_have_a_sync_tried_again(world: World, supervisor: Browser) -> None:
    world.configure(Campaign, {"sync_state": "error", "sync_message": "boom"}, id=world.campaign_id)
    asked = supervisor.post(f"/campaigns/{world.campaign_id}/sync")
    assert (asked.status_code, asked.json["syncState"], asked.json["syncMessage"]) == (202, "pending", None)
    assert world.rows(Campaign)[0].version == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dialingMode", "FAST"), ("linesPerAgent", 0), ("linesPerAgent", 101), ("linesPerAgent", 1.55),
        ("maxAttempts", 0), ("noAnswerRingLimit", 11), ("minimumCallDuration", 11), ("startTime", "24:00"),
        ("startDate", "2026-02-30"), ("campaignPrefix", "12a"), ("timeZone", "America/Chicago"),
        ("reservationPercentage", 101), ("abandonPercent", 0.5), ("predictiveGain", 3.1),
        ("amdTreatmentMode", "hangUp"),
        ("ipAmdEnabled", "perhaps"), ("unknownField", 1),
    ],
)  # fmt: skip
def test_parameters_outside_ciscos_ranges_are_refused_at_their_field(
    free_skill_world: World, supervisor: Browser, field: str, value: Any
) -> None:
    refused = supervisor.post("/campaigns", campaign(free_skill_world, parameters={field: value}))
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == [f"parameters.{field}"]


def test_nested_parameters_have_ranges_too(free_skill_world: World, supervisor: Browser) -> None:
    parameters = {"retries": {"noAnswerDelay": 0}, "callProgressAnalysis": {"minSilencePeriod": 99}}
    errors = supervisor.post("/campaigns", campaign(free_skill_world, parameters=parameters)).json["errors"]
    assert set(errors) == {"parameters.retries.noAnswerDelay", "parameters.callProgressAnalysis.minSilencePeriod"}


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"startTime": "18:00", "endTime": "09:00"}, "endTime"),
        ({"startDate": "2026-12-02", "endDate": "2026-12-01"}, "endDate"),
        ({"campaignPurposeType": "ivrCampaign", "dialingMode": "PREVIEWONLY"}, "dialingMode"),
    ],
)
def test_rules_between_parameters_hold(
    free_skill_world: World, supervisor: Browser, parameters: Any, field: str
) -> None:
    refused = supervisor.post("/campaigns", campaign(free_skill_world, parameters=parameters))
    assert list(refused.json["errors"]) == [f"parameters.{field}"]


@pytest.mark.parametrize("name", ["", "a b", "_x", "dnc", "None", "x" * 33, "Größe"])
def test_a_name_that_ucce_does_not_allow_is_refused(free_skill_world: World, supervisor: Browser, name: str) -> None:
    assert "name" in supervisor.post("/campaigns", campaign(free_skill_world, name=name)).json["errors"]


def test_a_skill_group_serves_one_campaign_only(world: World, supervisor: Browser) -> None:
    refused = supervisor.post("/campaigns", campaign(world))
    (message,) = refused.json["errors"]["skills.0.skillId"]
    assert "Billing_Callback" in message


def test_skills_of_a_campaign_must_exist_and_differ(free_skill_world: World, supervisor: Browser) -> None:
    skill = {"skillId": str(free_skill_world.skill_id), "dialedNumber": "1"}
    twice = supervisor.post("/campaigns", campaign(free_skill_world, skills=[skill, skill]))
    assert list(twice.json["errors"]) == ["skills.1.skillId"]
    unknown = supervisor.post("/campaigns", campaign(free_skill_world, skills=[{**skill, "skillId": "999"}]))
    assert list(unknown.json["errors"]) == ["skills.0.skillId"]
    assert "skills" in supervisor.post("/campaigns", campaign(free_skill_world, skills=[])).json["errors"]


def test_retry_delays_are_for_results_that_can_be_tried_again(free_skill_world: World, supervisor: Browser) -> None:
    assert supervisor.post("/campaigns", campaign(free_skill_world, retryDelays={"answered": 5})).status_code == 422


DELAYS = {"busySignalDelay": 5}


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"maxAttempts": 2, "parameters": {"maxAttempts": 3}}, {"parameters.maxAttempts"}),
        ({"maxAttempts": 1, "parameters": {"maxAttempts": 2}}, {"parameters.maxAttempts"}),
        ({"retriesByUcce": True, "parameters": {"maxAttempts": 3}}, {"maxAttempts", "retryDelays"}),
        ({"retriesByUcce": True, "maxAttempts": 1, "parameters": {"maxAttempts": 3}}, {"retryDelays"}),
        ({"retriesByUcce": True, "maxAttempts": 1, "retryDelays": {}, "parameters": {"retries": DELAYS}},
         {"parameters.maxAttempts"}),
    ],
)  # fmt: skip
def test_retries_of_two_owners_are_refused_at_their_fields(
    free_skill_world: World, supervisor: Browser, values: dict[str, Any], fields: set[str]
) -> None:
    refused = supervisor.post("/campaigns", campaign(free_skill_world, **values))
    assert (refused.status_code, refused.json["code"]) == (422, "validation_error")
    assert set(refused.json["errors"]) == fields
    assert free_skill_world.rows(Campaign, name="Sales_Callback") == []


@pytest.mark.parametrize(
    "values",
    [
        {"maxAttempts": 3, "parameters": {}},
        {"maxAttempts": 3, "parameters": {"maxAttempts": 1}},
        {
            "retriesByUcce": True,
            "maxAttempts": 1,
            "retryDelays": {},
            "parameters": {"maxAttempts": 3, "retries": DELAYS},
        },
    ],
)
def test_retries_of_one_owner_are_kept_and_shown(
    free_skill_world: World, supervisor: Browser, values: dict[str, Any]
) -> None:
    made = supervisor.post("/campaigns", campaign(free_skill_world, **values))
    assert made.status_code == 201, made.text
    shown = supervisor.get(f"/campaigns/{made.json['id']}").json
    assert shown["retriesByUcce"] is values.get("retriesByUcce", False)
    assert (shown["maxAttempts"], shown["parameters"]) == (values["maxAttempts"], values["parameters"])
    (audited,) = free_skill_world.rows(AuditLog, action="create", resource="campaigns")
    assert audited.after["retries_by_ucce"] is shown["retriesByUcce"]


def test_what_becomes_of_personal_callbacks_is_kept_shown_and_audited(
    free_skill_world: World, supervisor: Browser
) -> None:
    made = supervisor.post("/campaigns", campaign(free_skill_world)).json
    assert (made["personalCallbacks"], made["agentWaitMinutes"]) == ("agentThenSkill", 2)

    changes = campaign(free_skill_world, personalCallbacks="agentNextSlot", agentWaitMinutes=0)
    changed = supervisor.put(f"/campaigns/{made['id']}", changes, 1)

    assert changed.status_code == 200, changed.text
    shown = supervisor.get(f"/campaigns/{made['id']}").json
    assert (shown["personalCallbacks"], shown["agentWaitMinutes"]) == ("agentNextSlot", 0)
    (audited,) = free_skill_world.rows(AuditLog, action="update", resource="campaigns")
    assert [(one["personal_callbacks"], one["agent_wait_minutes"]) for one in (audited.before, audited.after)] == [
        ("agentThenSkill", 2),
        ("agentNextSlot", 0),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [("personalCallbacks", "agentFirst"), ("personalCallbacks", None), ("agentWaitMinutes", 61),
     ("agentWaitMinutes", -1), ("agentWaitMinutes", 1.5), ("agentWaitMinutes", None)],
)  # fmt: skip
def test_a_policy_or_a_wait_that_does_not_exist_is_refused_at_its_field(
    free_skill_world: World, supervisor: Browser, field: str, value: Any
) -> None:
    refused = supervisor.post("/campaigns", campaign(free_skill_world, **{field: value}))
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


def test_the_table_of_parameters_names_each_with_its_range_and_help(viewer: Browser) -> None:
    table = {one["name"]: one for one in viewer.get("/campaigns/parameters").json["parameters"]}
    lines = table["linesPerAgent"]
    assert (lines["kind"], lines["minimum"], lines["maximum"], lines["default"], lines["recommended"]) == (
        "decimal", 1, 100, 1.5, 1,
    )  # fmt: skip
    assert all(one["help"] and one["label"] and one["group"] for one in table.values())
    answer = viewer.get("/campaigns/parameters").json
    assert "busy" in answer["retryable"]
    assert answer["defaultDelay"] == 15


def test_the_table_holds_every_field_of_cisco_with_its_default(viewer: Browser) -> None:
    """Against the simulator's own reading of ucce/REFERENCE.md 1.3."""
    table = {one["name"]: one for one in viewer.get("/campaigns/parameters").json["parameters"]}
    ours_elsewhere = {"name", "description", "enabled"}
    cisco = {name: default for name, (_, default) in campaign_fields.SCALARS.items() if name not in ours_elsewhere}
    cisco |= {f"retries.{name}": default for name, (_, default) in campaign_fields.RETRIES.items()}
    cisco |= {f"callProgressAnalysis.{name}": default for name, (_, default) in campaign_fields.ANALYSIS.items()}
    assert set(table) == {*cisco, "timeZone"}
    for name, default in cisco.items():
        shown = table[name]["default"]
        if default is None:
            assert shown is None, name
            continue
        plain = str(shown).lower() if isinstance(shown, bool) else shown
        assert str(plain) == default or float(plain) == float(default), name


def test_a_campaign_in_use_is_not_deleted(world: World, supervisor: Browser) -> None:
    refused = supervisor.delete(f"/campaigns/{world.campaign_id}", 1)
    assert (refused.status_code, refused.json["usedBy"]) == (409, ["skill 'Billing' as its default"])


def test_a_campaign_that_still_runs_in_ucce_is_not_deleted(free_skill_world: World, supervisor: Browser) -> None:
    key = supervisor.post("/campaigns", campaign(free_skill_world)).json["id"]
    free_skill_world.configure(Campaign, {"ucce_id": 5001, "applied_version": 1, "sync_state": "in_sync"}, id=int(key))
    assert supervisor.delete(f"/campaigns/{key}", 1).json["usedBy"][0].startswith("UCCE")
    assert supervisor.put(f"/campaigns/{key}", campaign(free_skill_world, enabled=False), 1).status_code == 200
    assert supervisor.delete(f"/campaigns/{key}", 2).status_code == 409  # UCCE has not got that yet
    free_skill_world.configure(Campaign, {"applied_version": 2, "sync_state": "in_sync"}, id=int(key))
    assert supervisor.delete(f"/campaigns/{key}", 2).status_code == 204


def test_a_skill_is_created_changed_and_deleted(supervisor: Browser, world: World) -> None:
    made = supervisor.post("/skills", {"name": "Sales", "ucceSkillGroupId": 5005})
    assert (made.status_code, made.json["acceptsBookings"], made.json["campaigns"]) == (201, True, [])
    body = {"name": "Sales", "defaultCampaignId": str(world.campaign_id), "description": "Sells"}
    changed = supervisor.put(f"/skills/{made.json['id']}", body, 1).json
    assert (changed["defaultCampaign"], changed["ucceSkillGroupId"]) == ("Billing_Callback", None)
    assert supervisor.delete(f"/skills/{made.json['id']}", 2).status_code == 204


def test_a_skill_in_use_says_by_what(world: World, supervisor: Browser) -> None:
    refused = supervisor.delete(f"/skills/{world.skill_id}", 1)
    assert refused.json["usedBy"] == ["campaign 'Billing_Callback'", "a schedule of this skill"]


def test_another_skill_group_makes_the_campaigns_of_a_skill_pending(world: World, supervisor: Browser) -> None:
    world.configure(Campaign, {"sync_state": "in_sync", "applied_version": 1}, id=world.campaign_id)
    supervisor.put(f"/skills/{world.skill_id}", {"name": "Billing", "ucceSkillGroupId": 5100}, 1)
    (row,) = world.rows(Campaign)
    assert (row.sync_state, row.version) == ("pending", 2)


IVR = {"dialingMode": "PROGRESSIVEONLY", "campaignPurposeType": "ivrCampaign"}
MACHINES = {"dialingMode": "PROGRESSIVEONLY", "amdTreatmentMode": "transferToIVRRoutePoint"}


@pytest.mark.parametrize(
    ("parameters", "more", "fields"),
    [
        (IVR, {}, {"skills.0.ivrRoutePoint", "skills.0.ivrPorts"}),
        (IVR, {"ivrRoutePoint": "9900"}, {"skills.0.ivrPorts"}),
        (IVR, {"ivrPorts": 5}, {"skills.0.ivrRoutePoint"}),
        (MACHINES, {}, {"skills.0.ivrRoutePoint"}),
        ({}, {"ivrRoutePoint": "x" * 33, "abandonedRoutePoint": "x" * 11, "ivrPorts": -1},
         {"skills.0.ivrRoutePoint", "skills.0.abandonedRoutePoint", "skills.0.ivrPorts"}),
    ],
)  # fmt: skip
def test_a_campaign_whose_calls_go_to_an_ivr_needs_its_route_point_and_ports(
    free_skill_world: World, supervisor: Browser, parameters: Any, more: Any, fields: set[str]
) -> None:
    skills = [{"skillId": str(free_skill_world.skill_id), **more}]
    refused = supervisor.post("/campaigns", campaign(free_skill_world, parameters=parameters, skills=skills))
    assert refused.status_code == 422
    assert set(refused.json["errors"]) == fields


def test_an_ivr_campaign_is_stored_with_its_route_points_and_needs_no_dialed_number(
    free_skill_world: World, supervisor: Browser
) -> None:
    skills = [
        {
            "skillId": str(free_skill_world.skill_id),
            "ivrRoutePoint": "9900",
            "ivrPorts": 20,
            "abandonedRoutePoint": "9901",
        }
    ]
    made = supervisor.post("/campaigns", campaign(free_skill_world, parameters=IVR, skills=skills))
    assert made.status_code == 201
    (stored,) = free_skill_world.rows(CampaignSkill)
    assert (stored.dialed_number, stored.ivr_route_point, stored.ivr_ports, stored.abandoned_route_point) == (
        None, "9900", 20, "9901",
    )  # fmt: skip
    assert "9900" in str(free_skill_world.rows(AuditLog, action="create")[-1].after["skills"])


def test_calling_hours_are_kept_shown_and_audited(free_skill_world: World, supervisor: Browser) -> None:
    wish = campaign(free_skill_world)
    for name in ("callingHoursStart", "callingHoursEnd"):
        del wish[name]
    made = supervisor.post("/campaigns", wish).json
    assert (made["callingHoursStart"], made["callingHoursEnd"]) == ("08:00", "21:00")

    changes = {**wish, "callingHoursStart": "09:30", "callingHoursEnd": "24:00"}
    assert supervisor.put(f"/campaigns/{made['id']}", changes, 1).status_code == 200

    shown = supervisor.get(f"/campaigns/{made['id']}").json
    assert (shown["callingHoursStart"], shown["callingHoursEnd"]) == ("09:30", "24:00")
    (audited,) = free_skill_world.rows(AuditLog, action="update", resource="campaigns")
    assert [(one["calling_hours_start"], one["calling_hours_end"]) for one in (audited.before, audited.after)] == [
        ("08:00", "21:00"),
        ("09:30", "24:00"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [("8:00", "21:00", "callingHoursStart"), ("24:00", "24:00", "callingHoursStart"),
     ("08:00", "24:01", "callingHoursEnd"), ("21:00", "08:00", "callingHoursEnd"),
     ("08:00", "08:00", "callingHoursEnd"), ("08:00", None, "callingHoursEnd")],
)  # fmt: skip
def test_calling_hours_that_are_none_are_refused_at_their_field(
    free_skill_world: World, supervisor: Browser, start: str, end: str | None, field: str
) -> None:
    wish = campaign(free_skill_world, callingHoursStart=start, callingHoursEnd=end)
    refused = supervisor.post("/campaigns", wish)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
