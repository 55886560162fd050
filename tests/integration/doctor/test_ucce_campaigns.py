"""Doctor holds the campaigns that the database knows against those that UCCE has under their ids."""

from collections.abc import Iterator

import pytest

from deploy.doctor import ucce_campaigns
from deploy.doctor.finding import Finding, Verdict
from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from services.dialer_sync.ucce.client import UcceSettings
from shared.db import models
from tests.integration.dialer_sync.master_fixture import worker_settings
from tests.integration.ucce_simulator.client import Client
from tests.support.configured_database import World


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UcceSimulator]:
    with UcceSimulator(tmp_path_factory.mktemp("ucce"), paused=True) as process:
        yield process


@pytest.fixture
def other_ucce_client(simulator: UcceSimulator) -> Iterator[Client]:
    simulator.control.reset()
    client = Client(simulator)
    yield client
    client.session.close()


def findings(simulator: UcceSimulator, url: str) -> list[Finding]:
    ucce = UcceSettings(simulator.url, simulator.user, simulator.password, str(simulator.ca_file), 5.0)
    return list(ucce_campaigns.check(worker_settings(ucce, database_url=url, database_timeout=10.0)))


def in_ucce(world: World, number: int) -> None:
    """The database knows its campaign in UCCE, enabled, by this id."""
    known = {"ucce_id": number, "ucce_names": ["Billing_Callback"], "enabled_in_ucce": True, "sync_state": "in_sync"}
    world.configure(models.Campaign, known, id=world.campaign_id)


def test_campaigns_that_ucce_has_under_their_names_are_ok(
    world: World, database_url: str, other_ucce_client: Client
) -> None:
    in_ucce(world, other_ucce_client.create(name="Billing_Callback"))
    (found,) = findings(other_ucce_client.simulator, database_url)
    assert found.verdict is Verdict.OK


def test_a_stranger_under_a_stored_id_is_named_before_the_workers_run(
    world: World, database_url: str, other_ucce_client: Client
) -> None:
    in_ucce(world, other_ucce_client.create(name="Payroll_0"))
    (found,) = findings(other_ucce_client.simulator, database_url)
    assert found.verdict is Verdict.FAILED
    assert "'Billing_Callback': Campaign" in found.text
    assert "is called Payroll_0" in found.text
    assert other_ucce_client.control.received(method="PUT") == []


def test_a_campaign_that_somebody_switched_off_there_is_a_warning(
    world: World, database_url: str, other_ucce_client: Client
) -> None:
    number = other_ucce_client.create(name="Billing_Callback")
    in_ucce(world, number)
    other_ucce_client.send("PUT", "/campaign/disable")
    (found,) = findings(other_ucce_client.simulator, database_url)
    assert found.verdict is Verdict.WARNING
    assert "switched off in UCCE" in found.text


def test_without_ucce_nothing_is_said_of_its_campaigns(world: World, database_url: str) -> None:
    nowhere = UcceSettings("http://127.0.0.1:9", "user", "password", "", 1.0)
    in_ucce(world, 5001)
    settings = worker_settings(nowhere, database_url=database_url, database_timeout=10.0)
    (found,) = ucce_campaigns.check(settings)
    assert found.verdict is Verdict.SKIPPED
