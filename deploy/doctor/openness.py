"""Check: the modes of files with secrets or phone numbers, and of the settings files that the services obey."""

import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy.engine import make_url

from deploy.doctor import settings_source
from deploy.doctor.finding import Finding, failed, ok, warning

NAME = "file modes"
_SECRET = re.compile(r"PASSWORD|SECRET|_KEY$")
_PASSWORD_IN_URL = re.compile(r"://[^/@\s]*:[^/@\s]+@")


def check(environ: Mapping[str, str], files: Sequence[Path] = ()) -> Iterator[Finding]:
    """Checks the settings files (`files`, else an installed node's), files that settings name, the SQLite database."""
    findings = [*_of_settings_files(files or settings_source.installed()), *_of_named_files(environ)]
    yield from findings or [ok(NAME, "no file with secrets or phone numbers is open to everybody")]


def _of_settings_files(files: Sequence[Path]) -> Iterator[Finding]:
    for file in files:
        mode = stat.S_IMODE(file.stat().st_mode)
        secrets = [name for name, value in settings_source.settings_of([file]).items() if _is_secret(name, value)]
        if mode & 0o007 and secrets:
            text = f"{file} ({mode:04o}) holds {', '.join(secrets)} and can be read by everybody"
            yield failed(
                NAME, text, f"chmod 0600 {file}, or 0640 with the service's group; and change what was readable"
            )
        elif mode & 0o022:
            text = f"{file} ({mode:04o}) can be written by others than its owner: they decide what the services do"
            yield failed(NAME, text, f"chmod go-w {file}")
        elif mode & 0o007:
            yield warning(NAME, f"{file} ({mode:04o}) can be read by everybody", f"chmod 0600 {file}")


def _is_secret(name: str, value: str) -> bool:
    """Whether a setting's value is to be kept secret; the name of a file that holds it is not."""
    if name.endswith("_FILE"):
        return False
    return bool(_SECRET.search(name) or _PASSWORD_IN_URL.search(value))


def _of_named_files(environ: Mapping[str, str]) -> Iterator[Finding]:
    for name, path in [*_named(environ), *_embedded_database(environ)]:
        file = Path(path)
        if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o007:
            yield warning(NAME, f"{path} ({name}) can be read by everybody", f"chmod o-rwx {path}")


def _named(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, path in environ.items():
        if (
            name.startswith("CM_")
            and (name == "CM_TLS_PEM" or name.endswith("_FILE"))
            and not name.endswith("_CA_FILE")
        ):
            yield name, path


def _embedded_database(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    url = environ.get("CM_DATABASE_URL", "")
    if url.startswith("sqlite"):
        path = make_url(url).database
        yield from (("CM_DATABASE_URL", f"{path}{suffix}") for suffix in ("", "-wal"))
