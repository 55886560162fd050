"""Requests reach their dependencies by one typed accessor only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ACCESSOR = ROOT / "shared/web/dependencies.py"


@pytest.mark.parametrize("folder", ["services", "shared"])
def test_nothing_but_the_accessor_reads_flasks_extensions(folder: str) -> None:
    reading = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*.py")
        if path != ACCESSOR and "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "extensions" and _is_app(node.value)
    }
    assert reading == set()


def _is_app(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
    return name in ("app", "current_app", "wsgi")
