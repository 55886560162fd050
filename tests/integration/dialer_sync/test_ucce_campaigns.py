"""Campaigns through the UCCE client, against the simulator: created, found, updated, refused."""

import pytest

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.ucce import campaigns
from services.dialer_sync.ucce.client import UcceClient
from services.dialer_sync.ucce.errors import NotFound, Refused, UcceError
from tests.integration.dialer_sync.samples import DESIRED


def test_a_campaign_is_created_as_desired_and_shows_no_difference(ucce_client: UcceClient, campaign: int) -> None:
    found = campaigns.get(ucce_client, campaign)
    assert campaigns.difference(DESIRED, found.fields) == {}
    assert (found.id, found.change_stamp) == (campaign, 0)


def test_a_campaign_is_found_by_its_exact_name_among_many_pages(
    ucce_client: UcceClient, ucce_simulator: UcceSimulator
) -> None:
    for number in range(30):
        ucce_simulator.control.skill_group(6000 + number, f"Group_{number}")
        group = [{"skillGroup": 6000 + number, "dialedNumber": "1"}]
        campaigns.create(ucce_client, {"name": f"CM_{number}", "enabled": False, "skillGroupInfos": group})
    found = campaigns.find_by_name(ucce_client, "cm_2")
    assert found is not None
    assert found.fields["name"] == "CM_2"
    assert campaigns.find_by_name(ucce_client, "CM_") is None


def test_an_update_sends_only_what_differs_with_the_change_stamp(
    ucce_client: UcceClient, campaign: int, ucce_simulator: UcceSimulator
) -> None:
    desired = DESIRED | {
        "enabled": False,
        "retries": {"noAnswerDelay": 45},
        "skillGroupInfos": [{"skillGroup": 5005, "dialedNumber": "8800102"}],
    }
    campaigns.update(ucce_client, campaigns.get(ucce_client, campaign), desired)
    found = campaigns.get(ucce_client, campaign)
    assert campaigns.difference(desired, found.fields) == {}
    assert found.change_stamp == 1
    campaigns.update(ucce_client, found, desired)
    puts = ucce_simulator.control.received(method="PUT")
    assert len(puts) == 1


def test_a_changed_setting_of_a_skill_group_reaches_ucce(ucce_client: UcceClient, campaign: int) -> None:
    desired = DESIRED | {"skillGroupInfos": [{"skillGroup": 5004, "dialedNumber": "8800999"}]}
    campaigns.update(ucce_client, campaigns.get(ucce_client, campaign), desired)
    assert campaigns.difference(desired, campaigns.get(ucce_client, campaign).fields) == {}


def test_an_update_of_what_somebody_else_changed_fails_and_the_next_reading_shows_why(
    ucce_client: UcceClient, campaign: int
) -> None:
    stale = campaigns.get(ucce_client, campaign)
    campaigns.update(ucce_client, stale, DESIRED | {"maxAttempts": 2})
    with pytest.raises(UcceError, match="changed by another user"):
        campaigns.update(ucce_client, stale, DESIRED | {"maxAttempts": 3})
    assert campaigns.difference(DESIRED, campaigns.get(ucce_client, campaign).fields).keys() == {"maxAttempts"}


def test_a_refused_campaign_says_which_fields_and_why(ucce_client: UcceClient) -> None:
    with pytest.raises(Refused) as caught:
        campaigns.create(ucce_client, DESIRED | {"maxAttempts": 500, "linesPerAgent": 0})
    assert {error.field for error in caught.value.errors} == {"maxAttempts", "linesPerAgent"}
    assert "maxAttempts: This field must contain a value from 1 to 100" in caught.value.message
    assert (caught.value.taken, caught.value.permanent) == ("no", True)


@pytest.mark.parametrize("number", [5000, 999999])
def test_a_campaign_that_the_api_does_not_show_is_not_found(ucce_client: UcceClient, number: int) -> None:
    with pytest.raises(NotFound):
        campaigns.get(ucce_client, number)
