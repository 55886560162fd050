"""The worker's settings, and the rules between them that are checked at start."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env, validate

from services.dialer_sync.timing import Timing, checked
from services.dialer_sync.ucce.client import UcceSettings
from services.dialer_sync.ucce.contacts import LARGEST_BATCH
from shared.config import BadSetting, CommonSettings, common_settings, secret

_AT_HOME = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class WorkerSettings(CommonSettings):
    """Times are seconds. `timing` follows from the ZooKeeper session timeout."""

    host: str
    port: int
    zookeeper_hosts: str
    zookeeper_root: str
    timing: Timing
    sync_interval: float
    ucce: UcceSettings
    settle_grace: float
    batch_size: int


def worker_settings(env: Env) -> WorkerSettings:
    """Read `CM_…`. Raises EnvError and BadSetting, which name the variable."""
    common = common_settings(env)
    ucce = _ucce(env)
    session = env.float("CM_ZOOKEEPER_SESSION_TIMEOUT", 30.0, validate=validate.Range(min=1, max=300))
    grace = env.float("CM_UCCE_SETTLE_GRACE", 120.0, validate=validate.Range(min=1, max=3600))
    if grace < ucce.timeout:
        raise BadSetting(
            f"CM_UCCE_SETTLE_GRACE is {grace:g} s, shorter than CM_UCCE_TIMEOUT ({ucce.timeout:g} s): a contact still "
            "on its way to UCCE would be taken for lost and sent a second time"
        )
    return WorkerSettings(
        **{name: getattr(common, name) for name in CommonSettings.__slots__},
        host=env.str("CM_WORKER_HOST", "127.0.0.1"),
        port=env.int("CM_WORKER_PORT", 8121, validate=validate.Range(min=0, max=65535)),
        zookeeper_hosts=env.str("CM_ZOOKEEPER_HOSTS"),
        zookeeper_root=_root(env.str("CM_ZOOKEEPER_ROOT", "/campaign-manager")),
        timing=checked(session, ucce.timeout),
        sync_interval=env.float("CM_SYNC_INTERVAL", 60.0, validate=validate.Range(min=0.1, max=3600)),
        ucce=ucce,
        settle_grace=grace,
        batch_size=env.int("CM_BATCH_SIZE", 500, validate=validate.Range(min=1, max=LARGEST_BATCH)),
    )


def _ucce(env: Env) -> UcceSettings:
    url = env.str("CM_UCCE_URL")
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise BadSetting("CM_UCCE_URL holds credentials; put them into CM_UCCE_USER and CM_UCCE_PASSWORD")
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise BadSetting("CM_UCCE_URL must be the Admin Workstation's address, such as https://aw.example")
    if parts.scheme == "http" and parts.hostname not in _AT_HOME:
        raise BadSetting("CM_UCCE_URL must begin with https: the password would be readable on the network")
    ca_file = env.str("CM_UCCE_CA_FILE", "") or None
    if ca_file and not Path(ca_file).is_file():
        raise BadSetting(f"CM_UCCE_CA_FILE names {ca_file}, which is not a file")
    return UcceSettings(
        url=url,
        user=env.str("CM_UCCE_USER"),
        password=secret(env, "CM_UCCE_PASSWORD"),
        ca_file=ca_file,
        timeout=env.float("CM_UCCE_TIMEOUT", 10.0, validate=validate.Range(min=0.5, max=120)),
    )


def _root(path: str) -> str:
    if not path.startswith("/") or path.rstrip("/") == "":
        raise BadSetting("CM_ZOOKEEPER_ROOT must be a path such as /campaign-manager")
    return path
