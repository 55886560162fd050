"""Settings: read from the environment once, at start, into frozen values.

A missing or malformed variable stops the process with a message that names it. A secret `NAME` may also come
from the file named by `NAME_FILE`, so that it never stands in a process list or a unit file.
"""

import os
import socket
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

from environs import Env, EnvError, validate
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from shared.phone_hash import MIN_KEY_LENGTH

S = TypeVar("S")

MAX_FINESSE_NODES = 2
EMBEDDED_DATABASE = "sqlite:///var/data/campaign-manager.db"


class BadSetting(Exception):
    """A setting that cannot work; the text names the variable and says what it needs."""


@dataclass(frozen=True, slots=True)
class CommonSettings:
    """What every service needs. Times are seconds."""

    node: str
    database_url: str
    database_pool_size: int
    database_timeout: float
    database_login_timeout: float
    redis_url: str
    redis_timeout: float
    log_level: str
    log_format: str


@dataclass(frozen=True, slots=True)
class GadgetSettings:
    """The Finesse gadget's: the Finesse nodes, the CA file that they are trusted by ("" for the public authorities),
    how long a node may take to answer in seconds, and further names of skills' queues: pairs of queue and skill.
    """

    finesse_urls: tuple[str, ...]
    finesse_ca_file: str
    finesse_timeout: float
    queues: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WebSettings(CommonSettings):
    """What the two HTTP services need beyond the common settings. The deadlines are of one request, in seconds.

    `gadget` is None while the Finesse gadget is off.
    """

    gadget: GadgetSettings | None
    body_limit: int
    api_docs: bool
    drain: float
    booking_deadline: float
    admin_deadline: float
    phone_hash_key: str


def common_settings(env: Env) -> CommonSettings:
    """The settings that every service shares, from `CM_…` variables. Raises EnvError."""
    return CommonSettings(
        node=env.str("CM_NODE", socket.gethostname()[:64], validate=validate.Length(1, 64)),
        database_url=database_url(env),
        database_pool_size=env.int("CM_DATABASE_POOL_SIZE", 8, validate=validate.Range(min=1, max=100)),
        database_timeout=env.float("CM_DATABASE_TIMEOUT", 3.0, validate=validate.Range(min=0.1, max=60)),
        database_login_timeout=env.float("CM_DATABASE_LOGIN_TIMEOUT", 3.0, validate=validate.Range(min=1, max=60)),
        redis_url=redis_url(env),
        redis_timeout=env.float("CM_REDIS_TIMEOUT", 0.25, validate=validate.Range(min=0.01, max=5)),
        log_level=env.str("CM_LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])),
        log_format=env.str("CM_LOG_FORMAT", "json", validate=validate.OneOf(["json", "console"])),
    )


def web_settings(env: Env) -> WebSettings:
    """The settings of the booking and admin APIs. Raises EnvError."""
    common = common_settings(env)
    return WebSettings(
        **{name: getattr(common, name) for name in CommonSettings.__slots__},
        gadget=gadget_settings(env) if env.bool("CM_GADGET_ENABLED", env.bool("GADGET_ENABLED", False)) else None,
        body_limit=env.int("CM_BODY_LIMIT", 64 * 1024, validate=validate.Range(min=1024, max=1024 * 1024)),
        api_docs=env.bool("CM_API_DOCS", True),
        drain=env.float("CM_DRAIN_SECONDS", 2.0, validate=validate.Range(min=0, max=10)),
        booking_deadline=env.float("CM_BOOKING_DEADLINE", 4.0, validate=validate.Range(min=0.5, max=60)),
        admin_deadline=env.float("CM_ADMIN_DEADLINE", 9.0, validate=validate.Range(min=0.5, max=60)),
        phone_hash_key=phone_hash_key(env),
    )


def gadget_settings(env: Env) -> GadgetSettings:
    """The settings of the gadget that is on. Raises EnvError, BadSetting."""
    urls = tuple(url.rstrip("/") for url in env.str("CM_FINESSE_URLS", "").replace(",", " ").split())
    if not 1 <= len(urls) <= MAX_FINESSE_NODES:
        raise BadSetting(
            f"CM_FINESSE_URLS names {len(urls)} addresses; while CM_GADGET_ENABLED is true it must name Finesse's one "
            "or two nodes, such as https://finesse-a.example:8445,https://finesse-b.example:8445"
        )
    for url in urls:
        _require_finesse_url(url)
    ca_file = env.str("CM_FINESSE_CA_FILE", "")
    if ca_file:
        require_certificates("CM_FINESSE_CA_FILE", ca_file)
    pairs = [pair.partition("=") for pair in env.str("CM_GADGET_QUEUES", "").split(",") if pair.strip()]
    if not all(queue.strip() and skill.strip() for queue, _, skill in pairs):
        raise BadSetting("CM_GADGET_QUEUES must be pairs such as Billing_PQ=Billing,Sales_PQ=Sales")
    return GadgetSettings(
        finesse_urls=urls,
        finesse_ca_file=ca_file,
        finesse_timeout=env.float("CM_FINESSE_TIMEOUT", 3.0, validate=validate.Range(min=0.2, max=10)),
        queues=tuple((queue.strip(), skill.strip()) for queue, _, skill in pairs),
    )


def _require_finesse_url(url: str) -> None:
    """Raises BadSetting for what is no address of a node, or would show passwords to the network."""
    try:
        parts = urlsplit(url)
        well_formed = bool(parts.hostname) and parts.scheme in ("https", "http") and parts.port != 0
    except ValueError:  # a port that is no number
        well_formed = False
    if not well_formed or parts.username or parts.path or parts.query or parts.fragment:
        raise BadSetting("CM_FINESSE_URLS must hold addresses of Finesse nodes, such as https://finesse-a.example:8445")
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise BadSetting("CM_FINESSE_URLS must begin with https: agents' passwords would be readable on the network")


def database_url(env: Env) -> str:
    """The complete SQLAlchemy URL, password included: never log it. Raises EnvError, BadSetting.

    CM_DATABASE_URL is the whole of it; CM_DATABASE_HOST and its companions are the parts, for a password that is kept
    in a file of its own. What a URL for SQL Server does not say in its query is added from the other settings.
    """
    whole, host = secret(env, "CM_DATABASE_URL", ""), env.str("CM_DATABASE_HOST", "")
    if whole and host:
        raise BadSetting("CM_DATABASE_URL and CM_DATABASE_HOST are both set; keep one of them")
    url = _from_parts(env, host) if host else parsed_url(whole or EMBEDDED_DATABASE)
    options = _odbc_options(env)  # read for SQLite too: a wrong one is reported before the move to SQL Server
    if url.get_backend_name() == "mssql" and "odbc_connect" not in url.query:
        present = {name.lower() for name in url.query}
        url = url.update_query_dict({name: value for name, value in options.items() if name.lower() not in present})
    return url.render_as_string(hide_password=False)


def parsed_url(url: str) -> URL:
    """The URL of a supported database. Raises BadSetting."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise BadSetting(
            "CM_DATABASE_URL is not a database URL such as sqlite:///path or mssql+pyodbc://user:password@host/name "
            "(in user and password, write @ as %40, : as %3A, / as %2F, % as %25)"
        ) from error
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "mssql+pyodbc"):
        raise BadSetting(
            f"CM_DATABASE_URL names {parsed.drivername}; supported are sqlite and mssql+pyodbc (SQL Server)"
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise BadSetting("CM_DATABASE_URL names an in-memory SQLite database; several processes need a file")
    return parsed


def _from_parts(env: Env, host: str) -> URL:
    return URL.create(
        "mssql+pyodbc",
        host=host,
        port=env.int("CM_DATABASE_PORT", 1433, validate=validate.Range(min=1, max=65535)),
        database=env.str("CM_DATABASE_NAME", "CampaignManager"),
        username=env.str("CM_DATABASE_USER"),
        password=secret(env, "CM_DATABASE_PASSWORD"),
    )


def _odbc_options(env: Env) -> dict[str, str]:
    """ODBC keywords by their names in the connection string (ucce/REFERENCE.md 7.2)."""
    encrypt = env.str("CM_DATABASE_ENCRYPT", "yes", validate=validate.OneOf(["yes", "strict", "no"]))
    intent = env.str("CM_DATABASE_APPLICATION_INTENT", "ReadWrite", validate=validate.OneOf(["ReadWrite", "ReadOnly"]))
    return {
        "driver": env.str("CM_DATABASE_DRIVER", "ODBC Driver 18 for SQL Server"),
        "Encrypt": encrypt,
        "TrustServerCertificate": "yes" if env.bool("CM_DATABASE_TRUST_CERTIFICATE", False) else "no",
        "MultiSubnetFailover": "yes" if env.bool("CM_DATABASE_MULTI_SUBNET_FAILOVER", True) else "no",
        "ApplicationIntent": intent,
        "APP": "CampaignManager",
        # Else the driver mends a broken connection by itself, without regard to our deadlines and our transaction.
        "ConnectRetryCount": "0",
    }


def redis_url(env: Env) -> str:
    """The URL of Redis with its password and, for TLS, its authority: never log it. Raises EnvError, BadSetting."""
    url, password = secret(env, "CM_REDIS_URL", "redis://127.0.0.1:6379/0"), secret(env, "CM_REDIS_PASSWORD", "")
    ca_file = env.str("CM_REDIS_CA_FILE", "")
    try:
        parts = urlsplit(url)
        well_formed = parts.scheme in ("redis", "rediss", "unix") and parts.port != 0
    except ValueError:  # a port that is no number
        well_formed = False
    if not well_formed:
        raise BadSetting(
            "CM_REDIS_URL is not a Redis URL such as redis://host:6379/0 or rediss://:password@host:6379/0"
        )
    if password:
        if parts.password:
            raise BadSetting("CM_REDIS_URL holds a password and CM_REDIS_PASSWORD is set; keep one of them")
        user, _, address = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{user.removesuffix(':')}:{quote(password, safe='')}@{address}")
    if ca_file:
        if parts.scheme != "rediss":
            raise BadSetting("CM_REDIS_CA_FILE is for TLS: CM_REDIS_URL must begin with rediss://")
        require_certificates("CM_REDIS_CA_FILE", ca_file)
        parts = parts._replace(query="&".join(filter(None, [parts.query, f"ssl_ca_certs={quote(ca_file)}"])))
    return urlunsplit(parts) if password or ca_file else url


def phone_hash_key(env: Env) -> str:
    """The key by which do-not-call numbers of erased people are hashed; empty for none. Raises BadSetting."""
    key = secret(env, "CM_PHONE_HASH_KEY", "")
    if key and len(key) < MIN_KEY_LENGTH:
        raise BadSetting(f"CM_PHONE_HASH_KEY needs {MIN_KEY_LENGTH} characters or more; openssl rand -hex 32 makes one")
    return key


def require_certificates(name: str, path: str) -> None:
    """Raises BadSetting for a file that cannot be read, or that holds no certificate, such as one in DER form."""
    if not Path(path).is_file():
        raise BadSetting(f"{name} names {path}, which is not a file")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as error:  # ssl.SSLError is one
        raise BadSetting(
            f"{name} names {path}, of which no certificate can be read. It must be PEM "
            "(-----BEGIN CERTIFICATE-----); of a .cer or .der file make it by openssl x509 -inform der"
        ) from error


def secret(env: Env, name: str, default: str | None = None) -> str:
    """The secret `name`, or the content of the file that `name_FILE` points to. Raises BadSetting."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return env.str(name) if default is None else env.str(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadSetting(f"{name}_FILE points to {path}, which cannot be read: {reason}") from error


def load(read: Callable[[Env], S]) -> S:
    """Read settings with `read`; on a bad variable print which and why, and end the process with status 2."""
    try:
        return read(Env())
    except (EnvError, BadSetting) as error:
        stop_for_setting(str(error))


def stop_for_setting(message: str) -> NoReturn:
    """End the process for a wrong setting, with status 2: starting again would not help (deploy/systemd)."""
    stop_with(f"wrong setting: {message}", status=2)


def stop_with(message: str, *, status: int = 1) -> NoReturn:
    """End the process: what went wrong and what to do on stderr, in a sentence or two."""
    sys.stderr.write(f"campaign-manager: {message}\n")
    raise SystemExit(status)
