"""The campaigns in the database: as administrators want them, and what the master knows of them in UCCE."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from services.dialer_sync.cycle_context import CycleContext
from services.dialer_sync.election.fencing import fence
from services.dialer_sync.ucce.campaigns import ObservedCampaign
from shared.callbacks.config_cache import bump_version
from shared.callbacks.dialing_window import DialingWindow
from shared.callbacks.retries import ucce_parameters
from shared.db.columns import explicit_nulls
from shared.db.models import Campaign, CampaignSkill, Skill
from shared.db.session import Database, retried

_OBSERVED = select(Campaign.parameters, Campaign.observed)
# What is forgotten with a campaign that UCCE has no more.
UNKNOWN_IN_UCCE = {"ucce_id": None, "change_stamp": None, "ucce_names": None, "enabled_in_ucce": False}


@dataclass(frozen=True, slots=True)
class DesiredCampaign:
    """A campaign as administrators want it, in Cisco's terms; `version` is that of the row it was read from."""

    id: int
    version: int
    ucce_id: int | None
    ucce_names: tuple[str, ...]
    enabled_in_ucce: bool
    hold: str | None
    fields: dict[str, Any]
    problem: str | None

    @property
    def name(self) -> str:
        return str(self.fields["name"])

    @property
    def enabled(self) -> bool:
        return bool(self.fields["enabled"])


@retried
def desired_campaigns(database: Database, which: ColumnElement[bool]) -> list[DesiredCampaign]:
    """The desired state of the campaigns that `which` selects. Raises Unavailable."""
    groups = select(
        CampaignSkill.campaign_id, CampaignSkill.dialed_number, CampaignSkill.overflow_agents,
        CampaignSkill.records_to_cache, CampaignSkill.ivr_route_point, CampaignSkill.ivr_ports,
        CampaignSkill.abandoned_route_point, Skill.name, Skill.ucce_skill_group_id,
    ).join(Skill, Skill.id == CampaignSkill.skill_id)  # fmt: skip
    campaigns = select(
        Campaign.id, Campaign.version, Campaign.ucce_id, Campaign.ucce_names, Campaign.enabled_in_ucce, Campaign.hold,
        Campaign.name, Campaign.description, Campaign.enabled, Campaign.parameters, Campaign.retries_by_ucce,
    ).where(which)  # fmt: skip
    with database.reading() as connection:
        skills = connection.execute(groups.order_by(CampaignSkill.skill_id)).all()
        rows = connection.execute(campaigns.order_by(Campaign.id)).all()
    return [_desired(row, [skill for skill in skills if skill.campaign_id == row.id]) for row in rows]


def _desired(row: Any, skills: list[Any]) -> DesiredCampaign:
    groups = [
        {
            "skillGroup": skill.ucce_skill_group_id,
            "dialedNumber": skill.dialed_number,
            "overflowAgents": skill.overflow_agents,
            "recordsToCache": skill.records_to_cache,
            "ivrRoutePoint": skill.ivr_route_point,
            "abandonedRoutePoint": skill.abandoned_route_point,
            **({"ivrPorts": skill.ivr_ports} if skill.ivr_route_point else {}),
        }
        for skill in skills
    ]
    fields = {
        **ucce_parameters(row.retries_by_ucce, row.parameters),
        "name": row.name,
        "description": row.description or "",
        "enabled": row.enabled,
        "skillGroupInfos": groups,
    }
    missing = [skill.name for skill in skills if skill.ucce_skill_group_id is None]
    problem = f"the skill {missing[0]} has no UCCE skill group" if missing else None
    return DesiredCampaign(
        row.id, row.version, row.ucce_id, tuple(row.ucce_names or ()), row.enabled_in_ucce, row.hold, fields,
        problem or (None if skills else "it serves no skill"),
    )  # fmt: skip


@retried
def record_observed(context: CycleContext, campaign_id: int, observed: ObservedCampaign, now: datetime) -> None:
    """What UCCE has of a campaign of ours. Its window bounds the slots: where that changes, so does what can be booked.

    Nothing is written when a person took another campaign in UCCE over meanwhile. Raises StaleEpoch, Unavailable.
    """
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, now)
        parameters, earlier = tx.execute(_OBSERVED.where(Campaign.id == campaign_id)).one()
        values = {
            "ucce_id": observed.id, "change_stamp": observed.change_stamp, "observed": observed.fields,
            "synced_at": now, "ucce_names": [observed.name], "enabled_in_ucce": not observed.is_switched_off,
        }  # fmt: skip
        # Another of ours that has this id has it from a UCCE that numbered its campaigns otherwise.
        stale = {**UNKNOWN_IN_UCCE, "sync_state": "pending"}
        others = (Campaign.ucce_id == observed.id, Campaign.id != campaign_id)
        tx.execute(update(Campaign).where(*others).values(**explicit_nulls(stale)))
        same = or_(Campaign.ucce_id.is_(None), Campaign.ucce_id == observed.id)
        tx.execute(update(Campaign).where(Campaign.id == campaign_id, same).values(**values))
        if DialingWindow.of(parameters, earlier) != DialingWindow.of(parameters, observed.fields):
            bump_version(tx)
        tx.commit()


@retried
def window_differs(context: CycleContext, campaign_id: int, observed: ObservedCampaign) -> bool:
    """Whether UCCE has another window than is known. Raises Unavailable."""
    with context.database.reading() as connection:
        parameters, earlier = connection.execute(_OBSERVED.where(Campaign.id == campaign_id)).one()
    return DialingWindow.of(parameters, earlier) != DialingWindow.of(parameters, observed.fields)


@retried
def write(
    context: CycleContext,
    campaign_id: int,
    values: dict[str, Any],
    now: datetime | None = None,
    *which: ColumnElement[bool],
) -> None:
    """Write `values` over the campaign's row where it is as `which` says. Raises StaleEpoch, Unavailable."""
    with context.database.writing() as tx:
        fence(tx, context.actor.epoch, now or context.now())
        tx.execute(update(Campaign).where(Campaign.id == campaign_id, *which).values(**explicit_nulls(values)))
        tx.commit()
