"""A finding: a broken promise of the product, named by its check."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    check: str
    text: str

    def __str__(self) -> str:
        return f"{self.check}: {self.text}"
