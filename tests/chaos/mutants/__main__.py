"""`python -m tests.chaos.mutants --only expir`: try the catalogue's mutants one by one, in a copy of the tree.

First the unchanged product goes through every scene that the chosen mutants need: no check may be broken there. Then
each mutant must break one of the checks that are named for it. Exit status 1 when one survives, or cannot be made.
"""

import argparse
import os
import re
import shutil
import sys
from pathlib import Path

from deploy.local.process import ROOT
from tests.chaos.mutants.catalogue import CATALOGUE
from tests.chaos.mutants.mutant import Mutant, Outdated
from tests.chaos.mutants.scenes import Scene, Seen

_PARTS = ("services", "shared", "deploy", "haproxy", "tests", "pyproject.toml")
_LEFT_OUT = shutil.ignore_patterns("node_modules", "dist", "__pycache__", ".angular", "*.pyc")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="a regular expression: mutants whose name or file has it")
    parser.add_argument("--scene", default="", help="a regular expression: mutants whose scene's name has it")
    parser.add_argument("--no-unchanged", action="store_true", help="do not try the unchanged product")
    options = parser.parse_args()
    chosen = [one for one in CATALOGUE if re.search(options.only, f"{one.name} {one.file}")
              and re.search(options.scene, one.scene.name)]  # fmt: skip
    if not chosen:
        print(f"no mutant has {options.only!r}")
        return 2
    folder = Path(os.environ.get("CM_VAR_DIR", ROOT / "var")).resolve() / "mutants"
    tree, var = folder / "tree", folder / "run"
    _copy(tree)
    lines: list[tuple[str, ...]] = []
    bad = 0 if options.no_unchanged else sum(not _unchanged(one, tree, var, lines) for one in _scenes(chosen))
    bad += sum(not _tried(mutant, tree, var, lines) for mutant in chosen)
    print(_table(lines))
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if bad else 0


def _copy(tree: Path) -> None:
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    for part in _PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, tree / part, ignore=_LEFT_OUT)
        else:
            shutil.copy(source, tree / part)


def _scenes(mutants: list[Mutant]) -> list[Scene]:
    return list({mutant.scene.name: mutant.scene for mutant in mutants}.values())


def _unchanged(scene: Scene, tree: Path, var: Path, lines: list[tuple[str, ...]]) -> bool:
    """Whether no check is broken by the product as it is."""
    seen = scene.run(tree, var)
    lines.append(("(unchanged)", scene.name, _said(seen), f"{seen.seconds:.0f}"))
    _tell(lines[-1], seen)
    return not seen.checks and not seen.trouble


def _tried(mutant: Mutant, tree: Path, var: Path, lines: list[tuple[str, ...]]) -> bool:
    """Whether a check that is named for it noticed the mutant."""
    path = tree / mutant.file
    try:
        changed = mutant.mutated(tree)
    except Outdated as error:
        lines.append((mutant.name, mutant.scene.name, f"OUTDATED: {error}", "0"))
        print(lines[-1][2], flush=True)
        return False
    whole = path.read_text(encoding="utf-8")
    try:
        path.write_text(changed, encoding="utf-8")
        seen = mutant.scene.run(tree, var)
    finally:
        path.write_text(whole, encoding="utf-8")
    noticed = any(check in seen.checks for check in mutant.checks)
    words = _said(seen) if noticed else f"SURVIVED ({_said(seen)}; meant: {', '.join(mutant.checks)})"
    lines.append((mutant.name, mutant.scene.name, words, f"{seen.seconds:.0f}"))
    _tell(lines[-1], seen)
    return noticed


def _said(seen: Seen) -> str:
    return ", ".join(f"{check} ({number})" for check, number in seen.checks.most_common()) or "nothing"


def _tell(line: tuple[str, ...], seen: Seen) -> None:
    print(f"{line[0]}  [{line[1]}]  {line[2]}  {line[3]} s", flush=True)
    if seen.trouble:
        print(seen.trouble, flush=True)


def _table(lines: list[tuple[str, ...]]) -> str:
    head = ("mutant", "scene", "noticed by", "s")
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ("---",) * len(head), *lines))


if __name__ == "__main__":
    sys.exit(main())
