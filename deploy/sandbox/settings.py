"""The settings of every part of a local system, from the caller's own settings, the ports and the var directory."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Short intervals, so that a demo shows results within seconds. Settings of the caller win.
DEMO_SETTINGS = {
    # The booking API's default on SQL Server is 1 s; here the server shares the machine with everything else.
    "CM_DATABASE_TIMEOUT": "3",
    "CM_SYNC_INTERVAL": "2",
    "CM_ZOOKEEPER_SESSION_TIMEOUT": "6",
    # The longest call that fits the session timeout (services/dialer_sync/election/timing.py), less a margin.
    "CM_UCCE_TIMEOUT": "2.5",
    "UCCE_SIMULATOR_PICKUP_SECONDS": "1",
    "UCCE_SIMULATOR_DIAL_SECONDS": "3",
}
SIMULATOR_USER = "administrator@demo.example"
FINESSE_AGENT = "1042"


@dataclass(frozen=True)
class SandboxSettings:
    """The settings of one local system, and which of its servers it starts itself.

    `environment` holds every CM_… variable that the services get.
    """

    var: Path
    ports: Mapping[str, int]
    environment: Mapping[str, str]
    own_redis: bool
    own_zookeeper: bool
    own_ucce: bool
    own_finesse: bool

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['http']}"

    @property
    def https_url(self) -> str:
        return f"https://127.0.0.1:{self.ports['https']}"

    @property
    def finesse_urls(self) -> tuple[str, str]:
        """Of the Finesse fake's two nodes."""
        return (f"https://127.0.0.1:{self.ports['finesse-1']}", f"https://127.0.0.1:{self.ports['finesse-2']}")

    @property
    def finesse_agent_password(self) -> str:
        """Of the agent who can sign in at the Finesse fake."""
        return _kept_secret(self.var / "run" / "finesse-agent-password")

    @property
    def stats_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['stats']}"

    def own_url(self, name: str) -> str:
        """The direct URL of a service process (`booking-1`, `worker-2`, …), past the load balancer."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def service_urls(self) -> dict[str, str]:
        """CM_BOOKING_1_URL and so on: each service process by itself."""
        return {f"CM_{name.upper().replace('-', '_')}_URL": self.own_url(name) for name in SERVICES}

    def servers(self) -> dict[str, str]:
        """CM_BOOKING_1 and so on, as haproxy.cfg wants them."""
        return {f"CM_{name.upper().replace('-', '_')}": f"127.0.0.1:{self.ports[name]}" for name in SERVICES}


SERVICES = ("booking-1", "booking-2", "admin-1", "admin-2", "worker-1", "worker-2")

_TRUE = ("true", "1", "yes", "on", "y", "t")  # what environs takes for true


def complete_settings(var: Path, environ: Mapping[str, str], ports: Mapping[str, int]) -> SandboxSettings:
    """Complete the caller's settings: a server whose address is given is used, for the others ours is put in."""
    provided = {name: value for name, value in environ.items() if name.startswith(("CM_", "UCCE_SIMULATOR_")) and value}
    for name in (
        "CM_DATABASE_URL", "CM_REDIS_URL", "CM_ZOOKEEPER_HOSTS", "CM_UCCE_URL", "CM_UCCE_PASSWORD", "CM_PHONE_HASH_KEY",
    ):  # fmt: skip
        if path := provided.pop(f"{name}_FILE", None):
            provided.setdefault(name, Path(path).read_text(encoding="utf-8").strip())
    own_ucce = not {"CM_UCCE_URL", "CM_UCCE_URLS"} & provided.keys()
    ours = {
        "CM_DATABASE_URL": f"sqlite:///{var}/data/campaign-manager.db",
        "CM_REDIS_URL": f"redis://127.0.0.1:{ports['redis']}/0",
        "CM_ZOOKEEPER_HOSTS": f"127.0.0.1:{ports['zookeeper']}",
        "CM_PHONE_HASH_KEY": _kept_secret(var / "run" / "phone-hash-key"),
    }
    if own_ucce:
        ours |= {
            "CM_UCCE_URL": f"https://127.0.0.1:{ports['ucce']}",
            "CM_UCCE_USER": SIMULATOR_USER,
            "CM_UCCE_PASSWORD": _kept_secret(var / "run" / "ucce-password"),
            "CM_UCCE_CA_FILE": str(var / "ucce" / "ucce-ca.pem"),
            # The simulator works off what it gets, and lists it, at once; a real UCCE needs the products' own defaults.
            "CM_UCCE_QUEUE_TIME": "5",
            "CM_UCCE_LIST_LAG": "1",
            "CM_UCCE_SETTLE_GRACE": "10",
        }
    own_finesse = provided.get("CM_GADGET_ENABLED", "").lower() in _TRUE and "CM_FINESSE_URLS" not in provided
    if own_finesse:
        ours |= {
            "CM_FINESSE_URLS": ",".join(f"https://127.0.0.1:{ports[name]}" for name in ("finesse-1", "finesse-2")),
            "CM_FINESSE_CA_FILE": str(var / "finesse" / "finesse-ca.pem"),
        }
    return SandboxSettings(
        var=var,
        ports=ports,
        environment={**DEMO_SETTINGS, **ours, **provided, "CM_VAR_DIR": str(var)},
        own_redis="CM_REDIS_URL" not in provided,
        own_zookeeper="CM_ZOOKEEPER_HOSTS" not in provided,
        own_ucce=own_ucce,
        own_finesse=own_finesse,
    )


def _kept_secret(path: Path) -> str:
    """The secret in `path`; generated the first time, so that it is the same at every start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24) + "\n")
    return path.read_text().strip()
