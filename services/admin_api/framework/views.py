"""Resources as they are shown: frozen dataclasses that are read from rows, and dumped by their schemas."""

from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Row

T = TypeVar("T")


def from_row(kind: type[T], row: Row[*tuple[Any, ...]], **more: Any) -> T:
    """A `kind` (a dataclass) with the columns of `row` that are named as its fields, and what `more` says."""
    names = {field.name for field in fields(kind)} - more.keys()  # type: ignore[arg-type]
    return kind(**{name: row._mapping[name] for name in names}, **more)
