"""`make up` and `make down`: two nodes of everything in containers. Needs Docker with the compose plugin, and openssl.

Only the standard library, so that it runs with whatever python3 there is.
"""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.self_signed import self_signed
from shared.scopes import SCOPES

COMPOSE = Path(__file__).with_name("compose.yml")
FOLDER = COMPOSE.parents[2] / "var" / "up"

NO_ENGINE = """\
No Docker engine answers here, so make up can start nothing: {reason}
Install Docker Engine with the compose plugin (docker compose version), or use make run, which needs neither."""


def main(arguments: list[str]) -> int:
    """Run `up` or `down`; returns the exit status."""
    if arguments not in (["up"], ["down"]):
        print(__doc__, file=sys.stderr)
        return 2
    if reason := engine_trouble():
        print(NO_ENGINE.format(reason=reason), file=sys.stderr)
        return 2
    prepare(FOLDER)
    compose = ["docker", "compose", "--file", str(COMPOSE)]
    if arguments == ["down"]:
        return subprocess.run([*compose, "down"], check=False).returncode
    done = subprocess.run([*compose, "up", "--build", "--detach", "--wait"], check=False).returncode
    if done == 0:
        keys = json.loads((FOLDER / "demo_keys").read_text())
        print(f"http://127.0.0.1:8080 and https://127.0.0.1:8443 (self-signed); IVR key {keys['ivr']}")
        print(f"The other keys: {FOLDER}/demo_keys. Logs: docker compose -f {COMPOSE} logs -f")
    return done


def engine_trouble() -> str | None:
    """Why containers cannot be started here; None when they can."""
    for command in (["docker", "compose", "version"], ["docker", "info"]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{' '.join(command)}: {error}"
        if done.returncode:
            return (done.stderr or done.stdout).strip().splitlines()[0]
    return None


def prepare(folder: Path) -> None:
    """Make the secrets that compose.yml names, each once. The folder (mode 0700) keeps other users out; the files
    can be read by everybody, because the containers' users are not ours."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, make in MAKERS.items():
        if not (folder / name).exists():
            _write(folder / name, make())
    if not (folder / "ucce_certificate").exists():
        certificate, key = self_signed("ucce", ["ucce"])
        _write(folder / "ucce_key", key)
        _write(folder / "ucce_certificate", certificate)
    if not (folder / "tls").exists():
        _write(folder / "tls", "".join(self_signed("localhost")))


def _password() -> str:
    """A random password with every kind of character that SQL Server's password policy asks for."""
    return f"Cm1-{secrets.token_hex(20)}"


def _keys() -> str:
    return json.dumps({scope: f"cm_{scope}_{secrets.token_urlsafe(24)}" for scope in SCOPES})


MAKERS: dict[str, Callable[[], str]] = {
    **dict.fromkeys(
        ("sa_password", "app_password", "migration_password", "report_password", "ucce_password"), _password
    ),
    "phone_hash_key": lambda: secrets.token_hex(32),
    "demo_keys": _keys,
}


def _write(path: Path, content: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o444), "w") as file:
        file.write(content)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
