"""The worker's settings, and the rules between them that are checked at start."""

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from environs import Env, validate

from services.dialer_sync.election.timing import Timing, checked
from services.dialer_sync.election.zookeeper_access import ZooKeeperAccess, zookeeper_access
from services.dialer_sync.ucce.client import UcceSettings
from services.dialer_sync.ucce.contacts import MAX_BATCH
from shared.config import BadSetting, CommonSettings, common_settings, require_certificates, secret
from shared.syslog import PORTS, SyslogServer

_AT_HOME = ("127.0.0.1", "localhost", "::1")  # where only a simulator answers
QUEUE_SECONDS = 30.0  # seconds for which Cisco's UCCE keeps a request in its queue (ucce/REFERENCE.md 1.2)
MIN_LOGIN_PAUSE_SECONDS = 60.0  # seconds
UNFINISHED_SECONDS = 20.0  # seconds for which its web container waits for the rest of a request


@dataclass(frozen=True, slots=True)
class WorkerSettings(CommonSettings):
    """Times are seconds. `timing` follows from the ZooKeeper session timeout."""

    host: str
    port: int
    zookeeper_hosts: str
    zookeeper_root: str
    zookeeper_access: ZooKeeperAccess
    timing: Timing
    sync_interval: float
    ucce: UcceSettings
    settle_grace: float
    list_lag: float
    batch_size: int
    audit_syslog: SyslogServer | None = None


def worker_settings(env: Env) -> WorkerSettings:
    """Read `CM_…`. Raises EnvError and BadSetting, which name the variable."""
    common = common_settings(env)
    ucce = _ucce(env)
    session = env.float("CM_ZOOKEEPER_SESSION_TIMEOUT", 30.0, validate=validate.Range(min=1, max=300))
    list_lag = env.float("CM_UCCE_LIST_LAG", 30.0, validate=validate.Range(min=0, max=1800))
    return WorkerSettings(
        **{name: getattr(common, name) for name in CommonSettings.__slots__},
        host=env.str("CM_WORKER_HOST", "127.0.0.1"),
        port=env.int("CM_WORKER_PORT", 8121, validate=validate.Range(min=0, max=65535)),
        zookeeper_hosts=env.str("CM_ZOOKEEPER_HOSTS"),
        zookeeper_root=_root(env.str("CM_ZOOKEEPER_ROOT", "/campaign-manager")),
        zookeeper_access=zookeeper_access(env),
        timing=checked(session, ucce.longest_call),
        sync_interval=env.float("CM_SYNC_INTERVAL", 60.0, validate=validate.Range(min=0.1, max=3600)),
        ucce=ucce,
        settle_grace=_settle_grace(env, ucce, list_lag),
        list_lag=list_lag,
        batch_size=env.int("CM_BATCH_SIZE", 500, validate=validate.Range(min=1, max=MAX_BATCH)),
        audit_syslog=_audit_syslog(env),
    )


def _ucce(env: Env) -> UcceSettings:
    urls = _urls(env)
    ca_file = env.str("CM_UCCE_CA_FILE", "") or None
    if ca_file:
        require_certificates("CM_UCCE_CA_FILE", ca_file)
    user, password = env.str("CM_UCCE_USER"), secret(env, "CM_UCCE_PASSWORD")
    _check_credentials(user, password)
    timeout = env.float("CM_UCCE_TIMEOUT", 10.0, validate=validate.Range(min=0.5, max=120))
    import_timeout = env.float("CM_UCCE_IMPORT_TIMEOUT", 0.0, validate=validate.Range(min=0, max=120))
    if 0 < import_timeout < timeout:
        raise BadSetting(f"CM_UCCE_IMPORT_TIMEOUT must not be less than CM_UCCE_TIMEOUT ({timeout:g} s)")
    return UcceSettings(
        url=urls[0],
        user=user,
        password=password,
        ca_file=ca_file,
        timeout=timeout,
        login_pause=_login_pause(env, urls),
        second_url=urls[1] if len(urls) > 1 else None,
        import_timeout=import_timeout or timeout,
    )


def _urls(env: Env) -> list[str]:
    """The Admin Workstations' addresses: CM_UCCE_URLS (the first, the second), or CM_UCCE_URL. Raises BadSetting."""
    several = env.str("CM_UCCE_URLS", "").replace(",", " ").split()
    if several and os.environ.get("CM_UCCE_URL", "") not in ("", several[0]):
        raise BadSetting("CM_UCCE_URL and CM_UCCE_URLS name different Admin Workstations; keep CM_UCCE_URLS")
    name, urls = ("CM_UCCE_URLS", several) if several else ("CM_UCCE_URL", [env.str("CM_UCCE_URL")])
    if len(urls) > 2:
        raise BadSetting(f"CM_UCCE_URLS names {len(urls)} addresses; UCCE has two Admin Workstations at most")
    for url in urls:
        _check_url(name, url)
    if len({urlsplit(url).netloc.lower() for url in urls}) < len(urls):
        raise BadSetting("CM_UCCE_URLS names the same Admin Workstation twice")
    return urls


def _check_url(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise BadSetting(f"{name} holds credentials; put them into CM_UCCE_USER and CM_UCCE_PASSWORD")
    if not parts.hostname or parts.scheme not in ("https", "http"):
        raise BadSetting(f"{name} must be an Admin Workstation's address, such as https://aw.example")
    if parts.scheme == "http" and parts.hostname not in _AT_HOME:
        raise BadSetting(f"{name} must begin with https: the password would be readable on the network")


def _are_at_home(urls: Sequence[str]) -> bool:
    return all(urlsplit(url).hostname in _AT_HOME for url in urls)


def _check_credentials(user: str, password: str) -> None:
    """Raises BadSetting for what HTTP's Basic authentication cannot carry."""
    if ":" in user:
        raise BadSetting("CM_UCCE_USER has a colon, which Basic authentication cannot carry; write it as user@domain")
    for name, value in (("CM_UCCE_USER", user), ("CM_UCCE_PASSWORD", password)):
        if not value.strip():
            raise BadSetting(f"{name} is empty")
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
            raise BadSetting(f"{name} has a control character, or is not UTF-8 text")


def _login_pause(env: Env, urls: Sequence[str]) -> float:
    """Raises BadSetting for a pause in which a directory would lock the account."""
    seconds = env.float("CM_UCCE_LOGIN_PAUSE", 120.0, validate=validate.Range(min=0.5, max=3600))
    if seconds < MIN_LOGIN_PAUSE_SECONDS and not _are_at_home(urls):
        raise BadSetting(
            f"CM_UCCE_LOGIN_PAUSE is {seconds:g} s; with less than {MIN_LOGIN_PAUSE_SECONDS:g} s a wrong password "
            "locks the account in the directory. Less is for a simulator on this machine"
        )
    return seconds


def _settle_grace(env: Env, ucce: UcceSettings, list_lag: float) -> float:
    """The grace must outlast all that can lie between a lost answer and the contact's showing in UCCE's list."""
    grace = env.float("CM_UCCE_SETTLE_GRACE", 120.0, validate=validate.Range(min=1, max=3600))
    queue = env.float("CM_UCCE_QUEUE_TIME", QUEUE_SECONDS, validate=validate.Range(min=0, max=1800))
    on_its_way = ucce.longest_call
    if not _are_at_home(ucce.urls):
        on_its_way = max(on_its_way, UNFINISHED_SECONDS)
        if queue < QUEUE_SECONDS:
            raise BadSetting(
                f"CM_UCCE_QUEUE_TIME is {queue:g} s, but UCCE keeps a request for {QUEUE_SECONDS:g} s in its queue; "
                "less is for a simulator on this machine"
            )
    needed = on_its_way + queue + list_lag
    if grace <= needed:
        raise BadSetting(
            f"CM_UCCE_SETTLE_GRACE is {grace:g} s and must be more than {needed:g} s: an import may be on its way for "
            f"{on_its_way:g} s (the longer of CM_UCCE_TIMEOUT, CM_UCCE_IMPORT_TIMEOUT and UCCE's own patience), wait "
            f"{queue:g} s in UCCE's queue (CM_UCCE_QUEUE_TIME) and show {list_lag:g} s later in its list "
            "(CM_UCCE_LIST_LAG). A contact that is still on its way would be taken for lost and sent a second time"
        )
    return grace


def _audit_syslog(env: Env) -> SyslogServer | None:
    """CM_AUDIT_SYSLOG and CM_AUDIT_SYSLOG_CA_FILE. Raises BadSetting."""
    url, ca_file = env.str("CM_AUDIT_SYSLOG", ""), env.str("CM_AUDIT_SYSLOG_CA_FILE", "") or None
    if ca_file:
        require_certificates("CM_AUDIT_SYSLOG_CA_FILE", ca_file)
    if not url:
        return None
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS[parts.scheme]
    except (KeyError, ValueError):
        port = 0
    if not port or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.username:
        raise BadSetting("CM_AUDIT_SYSLOG must be a server such as tls://siem.example:6514, tcp://… or udp://…")
    return SyslogServer(parts.scheme, parts.hostname, port, ca_file)


def _root(path: str) -> str:
    if not path.startswith("/") or path.rstrip("/") == "":
        raise BadSetting("CM_ZOOKEEPER_ROOT must be a path such as /campaign-manager")
    return path
