"""DECISIONS.md as data: what the caller hears on which code, and what comes next."""

from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "es")
STEPS = ("offer", "phone", "end", "queue")

_FILE = Path(__file__).parent / "DECISIONS.md"


@dataclass(frozen=True)
class Decision:
    """`prompt` by language; `step` is one of STEPS."""

    prompt: dict[str, str]
    step: str


@dataclass(frozen=True)
class Decisions:
    """`of` the codes, and the `prompts` of the dialogue by name and language."""

    of: dict[str, Decision]
    prompts: dict[str, dict[str, str]]

    def for_code(self, code: str) -> Decision:
        """What to do on a code; one that the table lacks leads to the queue, as an unavailable service does."""
        return self.of.get(code) or self.of["service_unavailable"]


def read_decisions() -> Decisions:
    """Both tables of DECISIONS.md."""
    _, refusals, prompts = _FILE.read_text().split("\n## ")
    return Decisions(
        {
            code: Decision({"en": english, "es": spanish}, step)
            for codes, english, spanish, step, _ in _rows(refusals)
            for code in codes.replace("`", "").split(", ")
        },
        {name: {"en": english, "es": spanish} for name, english, spanish in _rows(prompts)},
    )


def _rows(section: str) -> list[list[str]]:
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]
