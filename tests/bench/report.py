"""Targets, the table that shows every ratio beside its target, and the JSON file."""

import json
import platform
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Check:
    """One figure beside its target; `at_least`: whether the target is a minimum or a maximum."""

    name: str
    value: float
    target: float
    at_least: bool
    unit: str = ""

    @property
    def met(self) -> bool:
        return self.value >= self.target if self.at_least else self.value <= self.target

    def line(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "ok" if self.met else "MISSED"
        return f"  {self.name:<68} {self.value:>10.2f} {self.unit:<4} {sign} {self.target:<8g} {verdict}"


def at_least(name: str, value: float, target: float, unit: str = "") -> Check:
    return Check(name, value, target, True, unit)


def at_most(name: str, value: float, target: float, unit: str = "") -> Check:
    return Check(name, value, target, False, unit)


def write(folder: Path, began: datetime, parts: dict[str, Any], checks: list[Check]) -> Path:
    """The result of a run as JSON, named after its beginning."""
    path = folder / f"{began:%Y%m%dT%H%M%SZ}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    shown = [
        {"name": c.name, "value": c.value, "target": c.target, "at_least": c.at_least, "met": c.met} for c in checks
    ]
    machine = {"python": platform.python_version(), "system": platform.platform()}
    path.write_text(
        json.dumps({"began": began.isoformat(), "machine": machine, "checks": shown, "parts": parts}, indent=1)
    )
    return path


def table(checks: list[Check]) -> str:
    missed = sum(not check.met for check in checks)
    end = "every target met" if not missed else f"{missed} of {len(checks)} targets missed"
    return "\n".join([*(check.line() for check in checks), f"  {end}"])
