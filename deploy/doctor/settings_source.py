"""Where doctor finds the settings: this process's own, an installed node's files, or a running `make run`."""

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.sandbox import demo_env

INSTALLED = Path("/etc/campaign-manager")
_DECISIVE = (
    "CM_DATABASE_URL",
    "CM_DATABASE_URL_FILE",
    "CM_DATABASE_HOST",
    "CM_ZOOKEEPER_HOSTS",
    "CM_UCCE_URL",
    "CM_UCCE_URLS",
)


def installed() -> list[Path]:
    """The settings files of an installed node that can be read."""
    return [file for file in sorted(INSTALLED.glob("*.env")) if os.access(file, os.R_OK)]


def complete(environ: Mapping[str, str], files: Sequence[Path] = ()) -> tuple[dict[str, str], str]:
    """All settings, and a text that says where they came from. The process's own environment always wins."""
    own = {name: value for name, value in environ.items() if value}
    if files:
        return {**settings_of(files), **own}, ", ".join(map(str, files))
    if any(name in own for name in _DECISIVE):
        return dict(own), "the environment"
    if files := installed():
        return {**settings_of(files), **own}, f"{INSTALLED}/*.env"
    var = Path(environ.get("CM_VAR_DIR") or "var").resolve()
    demo = demo_env.read(var)
    if demo:
        return {**demo, **own}, str(demo_env.location(var))
    return dict(own), "defaults: no environment, no /etc/campaign-manager, no running make run"


def settings_of(files: Sequence[Path]) -> dict[str, str]:
    """Read files as systemd reads an EnvironmentFile, as far as ours use it: NAME=value lines, quotes, comments."""
    settings: dict[str, str] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            name, equals, value = line.strip().partition("=")
            if equals and not name.startswith(("#", ";")) and value:
                settings[name] = "".join(shlex.split(value)) if value[0] in "'\"" else value
    return settings
