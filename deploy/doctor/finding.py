"""The result of a check: one line of text, and what to do about it."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    OK = "ok"
    SKIPPED = "skipped"  # not set up here, and need not be
    WARNING = "warning"  # works, but not as it should
    FAILED = "failed"  # does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` names what was checked, `text` is the result, `cure` what to do (empty when there is nothing to do)."""

    check: str
    verdict: Verdict
    text: str
    cure: str = ""

    def line(self) -> str:
        cure = f" → {self.cure}" if self.cure else ""
        return f"{self.verdict:<8} {self.check:<18} {self.text}{cure}"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def ok(check: str, text: str) -> Finding:
    return Finding(check, Verdict.OK, text)


def skipped(check: str, text: str) -> Finding:
    return Finding(check, Verdict.SKIPPED, text)


def warning(check: str, text: str, cure: str) -> Finding:
    return Finding(check, Verdict.WARNING, text, cure)


def failed(check: str, text: str, cure: str) -> Finding:
    return Finding(check, Verdict.FAILED, text, cure)


def failed_by(check: str, sentence: str) -> Finding:
    """A failure from a sentence of the form "cause: cure", as shared.db.error_advice writes them."""
    cause, _, cure = sentence.partition(": ")
    return failed(check, cause, cure or "see deploy/README.md, What to do when")
