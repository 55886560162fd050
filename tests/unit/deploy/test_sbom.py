"""The committed bill of materials names what is locked, exactly, with hashes and licences, in the form of CycloneDX."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[3]
SBOM = ROOT / "deploy" / "sbom"
STALE = "the bill of materials is not of these locks: make sbom"
LOCKS = ("requirements.txt", "requirements-dev.txt", "services/admin_portal/requirements.txt",
         "deploy/sandbox/mssql_driver_requirements.txt")  # fmt: skip


def parts(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((SBOM / name).read_text())["components"]
    return found


def hashes(part: dict[str, Any], algorithm: str) -> set[str]:
    return {one["content"] for one in part["hashes"] if one["alg"] == algorithm}


def locked_in(file: str) -> dict[tuple[str, str], set[str]]:
    """(name, version) → the SHA-256 hashes of a lock of pip's."""
    text = (ROOT / file).read_text().replace("\\\n", " ")
    lines = re.findall(r"^([a-z0-9._-]+)==(\S+)(.*)$", text, re.MULTILINE)
    return {(name, version): set(re.findall(r"--hash=sha256:([0-9a-f]{64})", rest)) for name, version, rest in lines}


def test_the_python_parts_are_those_of_the_lock_with_every_hash() -> None:
    named = {(part["name"], part["version"]): hashes(part, "SHA-256") for part in parts("python.cdx.json")}
    assert named == locked_in("requirements.txt"), STALE


def test_the_portals_parts_are_those_of_its_lock_that_are_not_for_developers() -> None:
    lock = json.loads((ROOT / "services" / "admin_portal" / "package-lock.json").read_text())["packages"]
    locked = {
        (path.rpartition("node_modules/")[2], entry["version"]): {
            base64.b64decode(entry["integrity"].removeprefix("sha512-")).hex()
        }
        for path, entry in lock.items()
        if path and not entry.get("dev")
    }
    named = {(part["name"], part["version"]): hashes(part, "SHA-512") for part in parts("portal.cdx.json")}
    assert named == locked, STALE


def test_every_part_has_a_licence_and_stands_in_the_table() -> None:
    table = (SBOM / "LICENCES.md").read_text()
    both = [*parts("python.cdx.json"), *parts("portal.cdx.json")]
    rows = [re.escape(f"| {part['name']} | {part['version']} | ") + r"\S.* \|" for part in both]
    assert [row for row in rows if not re.search(row, table)] == [], STALE
    assert "not stated" not in table
    assert [part["name"] for part in both if not part.get("licenses")] == []
    assert table.count("\n| ") == len(both) + 1


def test_nothing_of_others_is_built_into_the_gadget_and_its_tools_are_pinned_by_hashes() -> None:
    lock = json.loads((ROOT / "services" / "finesse_gadget" / "package-lock.json").read_text())["packages"]
    parts = {path: entry for path, entry in lock.items() if path}
    assert [path for path, entry in parts.items() if not entry.get("dev")] == [], "the bill of materials lacks it"
    assert [path for path, entry in parts.items() if not entry["integrity"].startswith("sha512-")] == []


@pytest.mark.parametrize(("name", "version"), [("python", SchemaVersion.V1_6), ("portal", SchemaVersion.V1_5)])
def test_the_documents_are_cyclonedx(name: str, version: SchemaVersion) -> None:
    assert JsonStrictValidator(version).validate_str((SBOM / f"{name}.cdx.json").read_text()) is None


@pytest.mark.parametrize("file", LOCKS)
def test_every_locked_package_is_pinned_by_hashes(file: str) -> None:
    locked = locked_in(file)
    assert locked
    assert [entry for entry, found in locked.items() if not found] == []


def test_every_locked_package_of_the_portal_is_pinned_by_a_hash() -> None:
    lock = json.loads((ROOT / "services" / "admin_portal" / "package-lock.json").read_text())["packages"]
    assert [path for path, entry in lock.items() if path and not entry["integrity"].startswith("sha512-")] == []
