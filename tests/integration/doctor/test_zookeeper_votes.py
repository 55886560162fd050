"""Doctor on a real ensemble of three: each vote by itself; one lost is a warning, two are a failure."""

from deploy.doctor import zookeeper
from deploy.doctor.finding import Finding
from tests.servers.sources import Server
from tests.support.until import until


def votes(servers: list[Server]) -> dict[str, Finding]:
    hosts = ",".join(server.address for server in servers)
    environ = {"CM_ZOOKEEPER_HOSTS": hosts, "CM_ZOOKEEPER_ROOT": "/doctor-test"}
    return {found.check: found for found in zookeeper.check(environ)}


def test_one_lost_vote_is_a_warning_and_two_are_the_end_of_the_election(zookeeper_ensemble: list[Server]) -> None:
    found = votes(zookeeper_ensemble)
    assert found["zookeeper votes"].verdict == "ok"
    assert found["zookeeper write"].verdict == "ok"
    assert sorted(found[f"zookeeper {server.address}"].text for server in zookeeper_ensemble) == [
        "follower",
        "follower",
        "leader",
    ]

    zookeeper_ensemble[0].process.kill()
    found = until(lambda: _written(zookeeper_ensemble), 20)
    assert found["zookeeper votes"].verdict == "warning"
    assert found[f"zookeeper {zookeeper_ensemble[0].address}"].text == "no connection"

    zookeeper_ensemble[1].process.kill()
    last = f"zookeeper {zookeeper_ensemble[2].address}"
    found = until(lambda: _alone(zookeeper_ensemble, last), 20)
    assert found["zookeeper votes"].verdict == "failed"
    assert found["zookeeper write"].verdict == "failed"


def _written(servers: list[Server]) -> dict[str, Finding] | None:
    """The findings once the two remaining members have elected a leader."""
    found = votes(servers)
    return found if found["zookeeper write"].verdict == "ok" else None


def _alone(servers: list[Server], last: str) -> dict[str, Finding] | None:
    """The findings once the last member has noticed the loss: for a moment it still reports itself as the leader."""
    found = votes(servers)
    return found if found[last].text == "it runs, but is in no quorum" else None
