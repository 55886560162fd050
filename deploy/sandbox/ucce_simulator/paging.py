"""Lists in pages (ucce/REFERENCE.md 1.2): startIndex from 0, resultsPerPage 1..100, no nextPage on the last page."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from deploy.sandbox.ucce_simulator import errors, xmlbody
from deploy.sandbox.ucce_simulator.application import Ucce
from deploy.sandbox.ucce_simulator.wire import Answer, Request


@dataclass(frozen=True)
class Page:
    """Which items to show: `size` of them from `start`, out of `total`."""

    start: int
    size: int
    total: int

    @property
    def last_start(self) -> int:
        return (self.total - 1) // self.size * self.size if self.total else 0


def page_of(request: Request, total: int, cap: int = 0) -> Page:
    """The page asked for. Beyond the end the last *full* page comes back: a client must look at nextPage.

    Assumption: a value that is no number or out of range is a 400, not silently corrected.
    """
    start = _number(request, "startIndex", 0, 0, 2**31 - 1)
    size = _number(request, "resultsPerPage", 25, 1, 100)
    if cap:
        size = min(size, cap)
    return Page(start if start < total else max(0, total - size), size, total)


def _number(request: Request, name: str, default: int, minimum: int, maximum: int) -> int:
    text = request.query.get(name, "") or str(default)
    if not re.fullmatch(r"-?\d{1,10}", text) or not minimum <= int(text) <= maximum:
        raise errors.RefusedError(400, errors.out_of_range(name, minimum, maximum))
    return int(text)


def sort_of(request: Request, allowed: tuple[str, ...]) -> tuple[str, bool]:
    """(field, descending) of `sort=field asc|desc`; the first of `allowed` is the default.

    Assumption: an unknown field or direction is a 400.
    """
    words = request.query.get("sort", "").split()
    if not words:
        return allowed[0], False
    direction = words[1].lower() if len(words) == 2 else "asc"
    if words[0] not in allowed or direction not in ("asc", "desc") or len(words) > 2:
        raise errors.RefusedError(400, errors.bad_format("sort", f"Sort by one of {', '.join(allowed)}, asc or desc"))
    return words[0], direction == "desc"


def answer(
    ucce: Ucce, request: Request, page: Page, wrapper: str, items: list[xmlbody.Node], *, writable: bool = True
) -> Answer:
    """The results document around `items`; only resources that can be written carry permissionInfo."""
    rights: list[xmlbody.Node] = [(name, True) for name in ("canCreate", "canUpdate", "canDelete")]
    nodes: list[xmlbody.Node] = [
        ("pageInfo", _page_info(ucce, request, page)),
        ("permissionInfo", [*rights, ("role", "administrator")] if writable else None),
        (wrapper, items),
    ]
    return Answer(body=xmlbody.render("results", nodes))


def _page_info(ucce: Ucce, request: Request, page: Page) -> list[xmlbody.Node]:
    def url(start: int) -> str:
        kept = {name: value for name, value in request.query.items() if name != "startIndex"}
        query = urlencode(kept | ({"startIndex": str(start)} if start else {}))
        return ucce.page_base(request) + request.path + (f"?{query}" if query else "")

    following = page.start + page.size
    return [
        ("resultsPerPage", page.size),
        ("startIndex", page.start),
        ("totalResults", page.total),
        ("firstPage", url(0)),
        ("lastPage", url(page.last_start)),
        ("prevPage", url(max(0, page.start - page.size)) if page.start else None),
        ("nextPage", url(following) if following < page.total else None),
        ("searchTerm", request.query.get("q") or None),
        ("sortTerm", request.query.get("sort") or None),
    ]
