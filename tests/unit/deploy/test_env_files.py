"""deploy/env documents exactly what the code reads, with the defaults that the code has."""

import ast
import functools
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from environs import Env

ROOT = Path(__file__).parents[3]
ENV = ROOT / "deploy" / "env"
NO_DEFAULT = object()
HOST_NAME = "CM_NODE"  # its default is the host's
OF_A_TOOL = {"CM_SQL_DIALECT"}  # alembic --sql, for developers

_LINE = re.compile(r"^(#?)([A-Z][A-Z0-9_]+)=(.*)$")


@dataclass(frozen=True)
class Read:
    """A variable that the code reads."""

    name: str
    default: Any
    secret: bool
    file: str


def documented(file: str) -> dict[str, tuple[bool, str]]:
    """name → (whether it must be set, value) of an env file; empty when a service reads nothing of its own."""
    if not (ENV / file).exists():
        return {}
    lines = (ENV / file).read_text().splitlines()
    return {match[2]: (not match[1], match[3]) for line in lines if (match := _LINE.match(line))}


@functools.cache
def reads() -> list[Read]:
    """Every call of the code that reads a variable."""
    found = []
    for folder in ("shared", "services/booking_api", "services/admin_api", "services/dialer_sync"):
        file = "common.env" if folder == "shared" else f"{Path(folder).name}.env"
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.parent.name != "migrations":
                found += list(_reads_of(path, file))
    return found


def _reads_of(path: Path, file: str) -> Iterator[Read]:
    tree = ast.parse(path.read_text())
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        named = [i for i, word in enumerate(call.args) if _is_name(word)]
        secret = isinstance(call.func, ast.Name) and call.func.id == "secret"
        through_env = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in ("env", "Env()")
        if not named or not (secret or through_env):
            continue
        rest = call.args[named[0] + 1 :]
        default = _value(rest[0], path) if rest else NO_DEFAULT
        yield Read(ast.literal_eval(call.args[named[0]]), default, secret, file)


def _is_name(word: ast.expr) -> bool:
    return (
        isinstance(word, ast.Constant) and isinstance(word.value, str) and bool(re.match("^(CM|GADGET)_", word.value))
    )


def _value(expression: ast.expr, path: Path) -> Any:
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return eval(ast.unparse(expression), vars(module), {"env": Env()})  # noqa: S307 - our own source


def of_units() -> dict[str, str]:
    """The variables that the systemd units use themselves: `${NAME}`."""
    units = (ROOT / "deploy" / "systemd").glob("*.service")
    return {name: unit.name for unit in units for name in re.findall(r"\$\{(CM_[A-Z0-9_]+)\}", unit.read_text())}


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for read in reads():
        monkeypatch.delenv(read.name, raising=False)


def test_every_variable_that_the_code_reads_is_documented_in_the_file_of_its_service() -> None:
    missing = [
        f"{read.file}: {read.name}" for read in reads() if read.name not in {**documented(read.file), **_tools()}
    ]
    assert missing == []


def test_every_documented_variable_is_read_by_somebody() -> None:
    names = {read.name for read in reads()} | {f"{read.name}_FILE" for read in reads() if read.secret}
    names |= set(of_units()) | set(_of_haproxy())
    told = {name for file in ENV.glob("*.env") for name in documented(file.name)}
    assert told - names == set()


def test_every_documented_default_is_the_codes_own() -> None:
    wrong = []
    for read in reads():
        told = documented(read.file).get(read.name)
        if told is None or read.name == HOST_NAME:
            continue
        must_be_set, value = told
        if read.default is NO_DEFAULT:
            fits = value == ""
        else:
            usual = "sqlite:///var/data/campaign-manager.db" if read.name == "CM_DATABASE_URL" else str(read.default)
            fits = not must_be_set and value == usual
        if not fits:
            wrong.append(f"{read.name}={value}, the code says {read.default}")
    assert wrong == []


def test_every_secret_may_come_from_a_file_and_the_files_say_so() -> None:
    secrets = {(read.file, f"{read.name}_FILE") for read in reads() if read.secret}
    assert secrets
    assert [name for file, name in secrets if name not in documented(file)] == []


def test_no_secret_stands_in_an_env_file() -> None:
    for read in reads():
        if read.secret and read.default is NO_DEFAULT:
            assert documented(read.file)[read.name][1] == ""


def test_what_haproxy_reads_is_documented_with_its_defaults() -> None:
    told = {name: value for name, (_, value) in documented("haproxy.env").items()}
    assert told == _of_haproxy()


def test_every_variable_has_its_meaning_above_it() -> None:
    for file in ENV.glob("*.env"):
        explained = False
        for line in file.read_text().splitlines():
            if _LINE.match(line):
                assert explained, f"{file.name}: {line}"
            else:
                explained = line.startswith("# ")


def _tools() -> dict[str, Any]:
    return dict.fromkeys(OF_A_TOOL)


def _of_haproxy() -> dict[str, str]:
    config = (ROOT / "haproxy" / "haproxy.cfg").read_text()
    return dict(re.findall(r"^\s*presetenv (CM_\w+) (\S+)$", config, re.MULTILINE))
