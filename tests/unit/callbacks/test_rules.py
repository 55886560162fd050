"""Rules 2 and 3 without a database: the skill and campaign of a request, and the numbers that are called."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.callbacks.config_snapshot import Campaign, ConfigSnapshot, Skill
from shared.callbacks.resolver import candidate
from shared.callbacks.rules import resolve_target, validate_phone
from shared.callbacks.settings import BusinessSettings
from shared.errors import Code, DomainError
from tests.support.config_snapshots import pool, snapshot

SERVING = Campaign(1, "Billing_Callback", True, frozenset({1}))
DISABLED = Campaign(2, "Paused", False, frozenset({1}))
OTHER = Campaign(3, "Sales_Callback", True, frozenset({2}))
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
EVERY = (SERVING, DISABLED, OTHER)


def skill(default: int | None = 1, *, accepts: bool = True) -> Skill:
    return Skill(1, "Billing", default, accepts)


def test_without_a_campaign_the_default_one_of_the_skill_is_taken() -> None:
    wanted = resolve_target(snapshot(skills=(skill(),), campaigns=EVERY), "Billing", None)
    assert wanted.campaign is SERVING


def test_names_are_known_however_they_are_spelt() -> None:
    wanted = resolve_target(snapshot(campaigns=EVERY), " billing", "BILLING_CALLBACK ")
    assert (wanted.skill.name, wanted.campaign) == ("Billing", SERVING)


def test_a_named_campaign_wins_over_the_default_one() -> None:
    other = Campaign(4, "Billing_Evening", True, frozenset({1}))
    wanted = resolve_target(snapshot(campaigns=(SERVING, other)), "Billing", "Billing_Evening")
    assert wanted.campaign is other


@pytest.mark.parametrize(
    ("of", "skill_name", "campaign_name", "code"),
    [
        (snapshot(campaigns=EVERY), "Nothing", "Nothing", Code.UNKNOWN_SKILL),
        (snapshot(campaigns=EVERY), "", None, Code.UNKNOWN_SKILL),
        (snapshot(campaigns=EVERY), "Billing", "Nothing", Code.UNKNOWN_CAMPAIGN),
        (snapshot(campaigns=EVERY), "Billing", "", Code.UNKNOWN_CAMPAIGN),
        (snapshot(campaigns=EVERY), "Billing", "Paused", Code.CAMPAIGN_NOT_AVAILABLE),
        (snapshot(campaigns=EVERY), "Billing", "Sales_Callback", Code.CAMPAIGN_NOT_AVAILABLE),
        (snapshot(skills=(skill(None),), campaigns=EVERY), "Billing", None, Code.CAMPAIGN_NOT_AVAILABLE),
        (snapshot(skills=(skill(2),), campaigns=EVERY), "Billing", None, Code.CAMPAIGN_NOT_AVAILABLE),
        (snapshot(skills=(skill(3),), campaigns=EVERY), "Billing", None, Code.CAMPAIGN_NOT_AVAILABLE),
    ],
)
def test_a_request_that_leads_nowhere_is_refused(
    of: ConfigSnapshot, skill_name: str, campaign_name: str | None, code: Code
) -> None:
    with pytest.raises(DomainError) as refused:
        resolve_target(of, skill_name, campaign_name)
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("of", "skill_name", "campaign_name", "code"),
    [
        (snapshot(skills=(skill(accepts=False),)), "Billing", None, Code.BOOKING_CLOSED),
        (snapshot(accept_bookings=False), "Billing", None, Code.BOOKING_CLOSED),
        (snapshot(accept_bookings=False), "Billing", "Nothing", Code.UNKNOWN_CAMPAIGN),
        (snapshot(accept_bookings=False), "Nothing", None, Code.UNKNOWN_SKILL),
    ],
)
def test_the_brakes_refuse_after_an_unknown_name_and_before_the_number(
    of: ConfigSnapshot, skill_name: str, campaign_name: str | None, code: Code
) -> None:
    with pytest.raises(DomainError) as refused:
        candidate(of, skill_name, campaign_name, "no number", "no start", NOW)
    assert refused.value.code is code


def test_the_pool_is_the_campaigns_own_for_the_skill_where_there_is_one() -> None:
    shared_pool, own_pool, foreign = pool(1), pool(2, campaign_id=4), pool(3, skill_id=2, campaign_id=1)
    evening = Campaign(4, "Evening", True, frozenset({1}))
    of = snapshot(campaigns=(SERVING, evening), pools=(shared_pool, own_pool, foreign))
    assert resolve_target(of, "Billing", None).pool is shared_pool
    assert resolve_target(of, "Billing", "Evening").pool is own_pool


def test_a_skill_without_a_schedule_has_no_pool_and_the_default_zone() -> None:
    of = snapshot(default_time_zone="Europe/Berlin")
    wanted = resolve_target(of, "Billing", None)
    assert wanted.pool is None
    assert of.zone_of(wanted.pool) == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "code"),
    [("555-0142", Code.INVALID_PHONE), ("312-555-0142 x5", Code.INVALID_PHONE), ("911", Code.PHONE_NOT_ALLOWED),
     ("900-234-5678", Code.PHONE_NOT_ALLOWED), ("+44 20 7946 0018", Code.PHONE_NOT_ALLOWED)],
)  # fmt: skip
def test_a_number_that_is_not_called_is_refused_by_the_settings(text: str, code: Code) -> None:
    with pytest.raises(DomainError) as refused:
        validate_phone(BusinessSettings(), text)
    assert refused.value.code is code


def test_numbers_without_a_country_code_are_of_the_default_region() -> None:
    british = BusinessSettings(default_region="GB", allowed_countries=("GB",))
    assert validate_phone(british, "020 7946 0018") == "+442079460018"
