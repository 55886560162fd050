"""A mutant: one place of one file, changed."""

import ast
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.mutants.scenes import Scene


class Outdated(Exception):
    """The product changed and the catalogue did not; the text says where."""


@dataclass(frozen=True)
class Mutant:
    """`old` stands exactly once in `file`, and `new` takes its place; so does each pair of `also`. `breaks` says in a
    sentence what then goes wrong; one of `checks` must be broken under `scene`.
    """

    name: str
    file: str
    old: str
    new: str
    breaks: str
    scene: Scene
    checks: tuple[str, ...]
    also: tuple[tuple[str, str], ...] = ()

    def mutated(self, root: Path) -> str:
        """The file's text with the change. Raises Outdated when it cannot be made."""
        path = root / self.file
        if not path.exists():
            raise Outdated(f"{self.name}: there is no {self.file} any more")
        changed = path.read_text(encoding="utf-8")
        for old, new in ((self.old, self.new), *self.also):
            number = changed.count(old)
            if number != 1:
                raise Outdated(f"{self.name}: {self.file} has {old!r} {number} times, not once")
            changed = changed.replace(old, new)
        try:
            ast.parse(changed)
        except SyntaxError as error:
            raise Outdated(f"{self.name}: {self.file} is no Python with the change: {error}") from error
        return changed
