"""Settings: read from the environment once, at start, into frozen values.

A missing or malformed variable stops the process with a message that names it. A secret `NAME` may also come
from the file named by `NAME_FILE`, so that it never stands in a process list or a unit file.
"""

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

from environs import Env, EnvError, validate

S = TypeVar("S")


class BadSetting(Exception):
    """A setting that cannot work; the text names the variable and says what it needs."""


@dataclass(frozen=True, slots=True)
class CommonSettings:
    """What every service needs. Times are seconds."""

    node: str
    database_url: str
    database_pool_size: int
    database_timeout: float
    redis_url: str
    redis_timeout: float
    log_level: str
    log_format: str


@dataclass(frozen=True, slots=True)
class WebSettings(CommonSettings):
    """What the two HTTP services need beyond the common settings."""

    gadget_enabled: bool
    body_limit: int
    api_docs: bool


def common_settings(env: Env) -> CommonSettings:
    """The settings that every service shares, from `CM_…` variables. Raises EnvError."""
    return CommonSettings(
        node=env.str("CM_NODE", socket.gethostname()),
        database_url=secret(env, "CM_DATABASE_URL", "sqlite:///var/data/campaign-manager.db"),
        database_pool_size=env.int("CM_DATABASE_POOL_SIZE", 8, validate=validate.Range(min=1, max=100)),
        database_timeout=env.float("CM_DATABASE_TIMEOUT", 3.0, validate=validate.Range(min=0.1, max=60)),
        redis_url=secret(env, "CM_REDIS_URL", "redis://127.0.0.1:6379/0"),
        redis_timeout=env.float("CM_REDIS_TIMEOUT", 0.25, validate=validate.Range(min=0.01, max=5)),
        log_level=env.str("CM_LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])),
        log_format=env.str("CM_LOG_FORMAT", "json", validate=validate.OneOf(["json", "console"])),
    )


def web_settings(env: Env) -> WebSettings:
    """The settings of the booking and admin APIs. Raises EnvError."""
    common = common_settings(env)
    return WebSettings(
        **{name: getattr(common, name) for name in CommonSettings.__slots__},
        gadget_enabled=env.bool("CM_GADGET_ENABLED", env.bool("GADGET_ENABLED", False)),
        body_limit=env.int("CM_BODY_LIMIT", 64 * 1024, validate=validate.Range(min=1024, max=1024 * 1024)),
        api_docs=env.bool("CM_API_DOCS", True),
    )


def secret(env: Env, name: str, default: str | None = None) -> str:
    """The secret `name`, or the content of the file that `name_FILE` points to. Raises BadSetting."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return env.str(name) if default is None else env.str(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{name}_FILE points to {path}, which cannot be read: {error.strerror}") from error


def load(read: Callable[[Env], S]) -> S:
    """Read settings with `read`; on a bad variable print which and why, and end the process with status 2."""
    try:
        return read(Env())
    except (EnvError, BadSetting) as error:
        stop_with(str(error))


def stop_with(message: str) -> NoReturn:
    """End the process for a wrong setting: one sentence on stderr, status 2."""
    sys.stderr.write(f"campaign-manager: wrong setting: {message}\n")
    raise SystemExit(2)
