"""Lists: one page of a query, sorted by a field of an allow-list, searched, and counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import Connection, Select, func, or_, select

from services.admin_api.framework.fields import no_default
from shared.web.schemas import ApiSchema, CleanText, Integer, Length

DEFAULT_SIZE = 50
MAX_SIZE = 200
MAX_PAGE = 10_000


class PageQuery(ApiSchema):
    """What every list takes; each adds its own `sort`."""

    page = Integer(load_default=1, validate=validate.Range(1, MAX_PAGE))
    page_size = Integer(load_default=DEFAULT_SIZE, validate=validate.Range(1, MAX_SIZE))
    q = CleanText(load_default=no_default, validate=Length(1, 100), metadata={"description": "Text to look for"})


def sort_field(*names: str, default: str | None = None) -> fields.String:
    """`sort`: one of `names`, or `-name` for the other direction; the first is the default."""
    allowed = [*names, *(f"-{name}" for name in names)]
    return fields.String(load_default=default or names[0], validate=validate.OneOf(allowed))


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
    query: Select[*tuple[Any, ...]],
    asked: Mapping[str, Any],
    *,
    sorts: Mapping[str, Any],
    tie: Any,
    search: Sequence[Any] = (),
) -> dict[str, Any]:
    """One page of a small table's query. `sorts`, `tie` (unique: pages never overlap) and `search` are columns."""
    if asked["q"] and search:
        query = query.where(or_(*(column.icontains(asked["q"], autoescape=True) for column in search)))
    total = connection.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    name = asked["sort"].removeprefix("-")
    order = sorts[name].desc() if asked["sort"].startswith("-") else sorts[name].asc()
    size = asked["page_size"]
    rows = connection.execute(query.order_by(order, tie).offset((asked["page"] - 1) * size).limit(size)).all()
    return page_body(rows, asked, total)


def page_body(items: Sequence[Any], asked: Mapping[str, Any], total: int, *, exact: bool = True) -> dict[str, Any]:
    """The answer of a list, before its schema."""
    return {
        "items": items,
        "page": asked["page"],
        "page_size": asked["page_size"],
        "total": total,
        "total_is_exact": exact,
    }
