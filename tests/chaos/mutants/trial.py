"""A trial runs a mutant, or the unchanged product, through a scene in a copy of the tree. Outcomes are kept
in a file.
"""

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from deploy.sandbox.process import ROOT
from tests.chaos.mutants.mutant import Mutant, Outdated
from tests.chaos.mutants.scenes import Scene, Seen

_PARTS = ("services", "shared", "deploy", "haproxy", "tests", "pyproject.toml")
_LEFT_OUT = shutil.ignore_patterns("node_modules", "dist", "__pycache__", ".angular", "*.pyc")


@dataclass(frozen=True)
class Outcome:
    """The outcome of a trial. `well`: a named check was broken; for the unchanged product: no check was broken."""

    mutant: str
    scene: str
    said: str
    seconds: float
    well: bool
    trouble: str = ""


@dataclass(frozen=True)
class Trial:
    """`mutant` None is the unchanged product."""

    scene: Scene
    mutant: Mutant | None = None

    @property
    def name(self) -> str:
        return self.mutant.name if self.mutant else "(unchanged)"

    def run(self, folder: Path) -> Outcome:
        """Run in `folder`, which no other trial may use meanwhile; it holds a copy of the tree afterwards."""
        tree, var = folder / "tree", folder / "run"
        if not tree.exists():
            _copy(tree)
        if self.mutant is None:
            seen = self.scene.run(tree, var)
            well = not seen.checks and not seen.trouble
            return replace(self._outcome(seen, _said(seen), well=well), trouble=seen.trouble or seen.words)
        try:
            changed = self.mutant.mutated(tree)
        except Outdated as error:
            return Outcome(self.name, self.scene.name, f"OUTDATED: {error}", 0.0, False)
        path = tree / self.mutant.file
        whole = path.read_text(encoding="utf-8")
        try:
            path.write_text(changed, encoding="utf-8")
            seen = self.scene.run(tree, var)
        finally:
            path.write_text(whole, encoding="utf-8")
        noticed = any(check in seen.checks for check in self.mutant.checks)
        words = _said(seen) if noticed else f"SURVIVED ({_said(seen)}; meant: {', '.join(self.mutant.checks)})"
        return self._outcome(seen, words, well=noticed)

    def _outcome(self, seen: Seen, words: str, *, well: bool) -> Outcome:
        return Outcome(self.name, self.scene.name, words, round(seen.seconds, 1), well, seen.trouble)


def _said(seen: Seen) -> str:
    return ", ".join(f"{check} ({number})" for check, number in seen.checks.most_common()) or "nothing"


def _copy(tree: Path) -> None:
    tree.mkdir(parents=True)
    for part in _PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, tree / part, ignore=_LEFT_OUT)
        else:
            shutil.copy(source, tree / part)


class Kept:
    """The outcomes of earlier passes, one a line of a file. An outcome counts only for identical product and tests."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._of = _fingerprint()

    def add(self, outcome: Outcome) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"of": self._of, **asdict(outcome)}) + "\n")

    def well(self) -> dict[tuple[str, str], Outcome]:
        """The outcomes that went well, by mutant and scene."""
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        rows = [row for line in lines if (row := json.loads(line)).pop("of") == self._of]
        return {(one.mutant, one.scene): one for one in (Outcome(**row) for row in rows) if one.well}


def _fingerprint() -> str:
    """The hash of every Python file that a trial runs with."""
    digest = hashlib.sha256()
    for part in _PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
