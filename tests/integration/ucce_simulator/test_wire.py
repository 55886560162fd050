"""Transport, authentication, XML (ucce/REFERENCE.md 1.1 and 1.2)."""

from pathlib import Path

import pytest
import requests
from requests.adapters import HTTPAdapter

from deploy.sandbox.ucce_simulator.handle import UcceSimulator
from tests.integration.ucce_simulator.client import Client, campaign_xml, error_types

_BOMB = (
    '<!DOCTYPE campaign [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><campaign><name>&j;</name></campaign>"
)


def test_a_client_that_does_not_trust_the_certificate_is_not_served(ucce_client: Client) -> None:
    with requests.Session() as session, pytest.raises(requests.exceptions.SSLError):
        session.trust_env = False
        session.get(ucce_client.simulator.api + "/campaign", timeout=10)


@pytest.mark.parametrize("auth", [None, ("cm@ucce.example", "wrong"), ("other@ucce.example", "simulated-secret")])
def test_bad_credentials_are_refused_and_the_request_is_still_noted(
    ucce_client: Client, auth: tuple[str, str] | None
) -> None:
    ucce_client.session.auth = auth
    response = ucce_client.get("/campaign")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Basic")
    assert [entry["status"] for entry in ucce_client.control.received()] == [401]


def test_a_plain_simulator_speaks_http_and_names_the_host_it_was_asked_by(tmp_path: Path) -> None:
    with UcceSimulator(tmp_path, ["--page-base", "same"], plain=True, paused=True) as simulator:
        client = Client(simulator)
        response = client.send("POST", "/campaign", campaign_xml())
        assert response.headers["Location"] == f"{simulator.api}/campaign/5001"
        assert simulator.url.startswith("http://127.0.0.1:")
        client.session.close()


def test_plain_http_on_the_tls_port_reaches_only_the_controls(ucce_client: Client) -> None:
    plain = ucce_client.simulator.url.replace("https://", "http://")
    response = requests.get(f"{plain}/unifiedconfig/config/campaign", timeout=10)
    assert (response.status_code, "requires TLS" in response.text) == (400, True)
    assert requests.get(f"{plain}/_simulator/ready", timeout=10).status_code == 200
    assert ucce_client.control.received() == []


@pytest.mark.parametrize(
    "body",
    [_BOMB, "<campaign><name>", "", "<Campaign/>", "not xml", '<?xml version="1.0" encoding="x-none"?><campaign/>'],
)
def test_a_body_that_is_not_the_expected_xml_is_refused_at_once(ucce_client: Client, body: str) -> None:
    response = ucce_client.send("POST", "/campaign", body)
    assert (response.status_code, error_types(response)) == (400, {"": "invalidInput.malformedXml"})
    assert response.elapsed.total_seconds() < 2


def test_json_is_refused(ucce_client: Client) -> None:
    response = ucce_client.send("POST", "/campaign", "{}", headers={"Content-Type": "application/json"})
    assert response.status_code == 415


def test_unknown_paths_and_methods_are_refused(ucce_client: Client) -> None:
    assert ucce_client.get("/agent").status_code == 404
    assert ucce_client.send("PUT", "/campaign", campaign_xml()).status_code == 405


def test_one_connection_serves_many_requests(ucce_client: Client) -> None:
    for _ in range(5):
        assert ucce_client.get("/campaign").status_code == 200
    adapter = ucce_client.session.get_adapter(ucce_client.simulator.url)
    assert isinstance(adapter, HTTPAdapter)
    pools = adapter.poolmanager.pools
    assert [pools[key].num_connections for key in pools.keys()] == [1]  # noqa: SIM118 - not a dict
