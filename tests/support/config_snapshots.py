"""A snapshot built in memory, for rules that need no database."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from shared.callbacks.config_snapshot import Campaign, ConfigSnapshot, Pool, Skill
from shared.callbacks.settings import BusinessSettings
from shared.text import name_key

CHICAGO = ZoneInfo("America/Chicago")
ROUND_THE_CLOCK = ((3,) * 48,) * 7


def pool(key: int = 1, skill_id: int = 1, campaign_id: int | None = None, zone: ZoneInfo = CHICAGO) -> Pool:
    return Pool(key, skill_id, campaign_id, zone, ((date(2020, 1, 1), ROUND_THE_CLOCK),))


def snapshot(
    *,
    skills: tuple[Skill, ...] = (Skill(1, "Billing", 1, True),),
    campaigns: tuple[Campaign, ...] = (Campaign(1, "Billing_Callback", True, frozenset({1})),),
    pools: tuple[Pool, ...] = (),
    **settings: Any,
) -> ConfigSnapshot:
    """A snapshot with the skill Billing and its default campaign Billing_Callback, unless arguments replace them."""
    return ConfigSnapshot(
        version=1,
        settings=BusinessSettings(**settings),
        skills={name_key(skill.name): skill for skill in skills},
        campaigns={name_key(campaign.name): campaign for campaign in campaigns},
        pools={(each.skill_id, each.campaign_id): each for each in pools},
        clients={},
        skill_by_id={skill.id: skill for skill in skills},
        campaign_by_id={campaign.id: campaign for campaign in campaigns},
        pool_by_id={each.id: each for each in pools},
    )
