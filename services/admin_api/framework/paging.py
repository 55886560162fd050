"""Lists: one page of a query, sorted by a field of an allow-list, searched, and counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from marshmallow import fields, validate
from sqlalchemy import Connection, Select, func, or_, select

from services.admin_api.framework.fields import DataclassSchema, no_default
from shared.web.schemas import ApiSchema, CleanText, Integer, Length

DEFAULT_SIZE = 50
MAX_SIZE = 200
MAX_PAGE = 10_000


@dataclass(frozen=True, kw_only=True)
class ListQuery:
    """The parameters of a list. `sort` is None for its own order; `q` is text to look for."""

    page: int
    page_size: int
    sort: str | None
    q: str | None

    @property
    def offset(self) -> int:
        """How many rows lie before the page."""
        return (self.page - 1) * self.page_size


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list (PageSchema). `total` counts all pages, or as far as is counted where it is not exact."""

    items: Sequence[Any]
    page: int
    page_size: int
    total: int
    total_is_exact: bool = True

    @classmethod
    def of(cls, query: ListQuery, items: Sequence[Any], total: int, *, max_counted: int | None = None) -> Self:
        """The page that `query` asked for; a total above `max_counted` was not counted to its end."""
        exact = max_counted is None or total <= max_counted
        return cls(items, query.page, query.page_size, total if max_counted is None else min(total, max_counted), exact)

    def map(self, convert: Callable[[Any], Any]) -> Self:
        """The page with each item converted."""
        return replace(self, items=[convert(item) for item in self.items])


class PageQuery(DataclassSchema):
    """What every list takes; each adds its own `sort`."""

    loads: ClassVar[type[Any]] = ListQuery
    page = Integer(load_default=1, validate=validate.Range(1, MAX_PAGE))
    page_size = Integer(load_default=DEFAULT_SIZE, validate=validate.Range(1, MAX_SIZE))
    q = CleanText(load_default=no_default, validate=Length(1, 100), metadata={"description": "Text to look for"})


def sort_field(*names: str, default: str | None = None) -> fields.String:
    """`sort`: one of `names`, or `-name` for the other direction; the first is the default."""
    allowed = [*names, *(f"-{name}" for name in names)]
    return fields.String(load_default=default or names[0], validate=validate.OneOf(allowed))


class NamedQuery(PageQuery):
    """The parameters of a list that `named_page` makes."""

    loads: ClassVar[type[Any]] = ListQuery
    sort = sort_field("name", "changedAt")


class PageSchema(ApiSchema):
    """What every list answers; each adds its `items`."""

    page = fields.Integer(required=True)
    page_size = fields.Integer(required=True)
    total = fields.Integer(required=True, metadata={"description": "How many there are on all pages"})
    total_is_exact = fields.Boolean(
        required=True, metadata={"description": "False: there are more than `total`, which is not counted further"}
    )


def page_of(
    connection: Connection,
    statement: Select[*tuple[Any, ...]],
    query: ListQuery,
    *,
    sorts: Mapping[str, Any],
    tie: Any,
    search: Sequence[Any] = (),
) -> Page:
    """One page of a small table's query. `sorts`, `tie` (unique: pages never overlap) and `search` are columns."""
    if query.q and search:
        statement = statement.where(or_(*(column.icontains(query.q, autoescape=True) for column in search)))
    total = connection.execute(select(func.count()).select_from(statement.order_by(None).subquery())).scalar_one()
    sort = query.sort or next(iter(sorts))
    column = sorts[sort.removeprefix("-")]
    order = column.desc() if sort.startswith("-") else column.asc()
    rows = connection.execute(statement.order_by(order, tie).offset(query.offset).limit(query.page_size)).all()
    return Page.of(query, rows, total)


def named_page(
    connection: Connection,
    statement: Select[*tuple[Any, ...]],
    query: ListQuery,
    model: Any,
    *,
    search: Sequence[Any] = (),
) -> Page:
    """One page of edited resources with a name (NamedQuery): sorted by name or last change, searched by name, and by
    `search`."""
    sorts = {"name": model.name, "changedAt": model.changed_at}
    return page_of(connection, statement, query, sorts=sorts, tie=model.id, search=[model.name, *search])
