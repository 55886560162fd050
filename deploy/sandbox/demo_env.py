"""`var/run/demo.env`: how to reach a running local system, for `make demo`, for shells and for tests."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from deploy.sandbox.demo_people import ADMIN
from deploy.sandbox.seed import DEMO_SKILL
from deploy.sandbox.settings import FINESSE_AGENT, SandboxSettings

_SETTINGS = (
    "CM_DATABASE_URL",
    "CM_REDIS_URL",
    "CM_ZOOKEEPER_HOSTS",
    "CM_UCCE_URL",
    "CM_UCCE_USER",
    "CM_UCCE_PASSWORD",
    "CM_UCCE_CA_FILE",
)


def write(settings: SandboxSettings, keys: Mapping[str, str]) -> dict[str, str]:
    """Write the file (it holds secrets: mode 0600) and return its variables."""
    variables = {
        "CM_URL": settings.url,
        "CM_HTTPS_URL": settings.https_url,
        "CM_STATS_URL": settings.stats_url,
        "CM_IVR_KEY": keys["ivr"],
        "CM_OPS_KEY": keys["ops"],
        "CM_DEMO_SKILL": DEMO_SKILL,
        "CM_ADMIN_USER": ADMIN,
        "CM_ADMIN_PASSWORD": keys[ADMIN],
        **{name: settings.environment[name] for name in _SETTINGS if name in settings.environment},
        **settings.service_urls(),
        **_finesse(settings),
    }
    path = location(settings.var)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())
    unfinished.replace(path)
    return variables


def _finesse(settings: SandboxSettings) -> dict[str, str]:
    if not settings.own_finesse:
        return {}
    return {
        "CM_FINESSE_DESKTOP_URL": f"{settings.finesse_urls[0]}/desktop/container/",
        "CM_FINESSE_AGENT": FINESSE_AGENT,
        "CM_FINESSE_AGENT_PASSWORD": settings.finesse_agent_password,
    }


def read(var: Path) -> dict[str, str]:
    """The variables of a system that was started from `var`; empty when there was none."""
    path = location(var)
    if not path.exists():
        return {}
    pairs = (line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return {name: "".join(shlex.split(value)) for name, value in pairs}


def location(var: Path) -> Path:
    return var / "run" / "demo.env"
