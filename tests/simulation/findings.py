"""A breach of what the product promises, as a check names it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    check: str
    text: str

    def __str__(self) -> str:
        return f"{self.check}: {self.text}"
