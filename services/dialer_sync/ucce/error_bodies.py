"""Error bodies: UCCE's own reasons in every form that its releases print, and the words of whoever else answered.

UCCE's own has the root `apiErrors` or `apiError`, as XML or as JSON; each `apiError` has errorData (the field),
errorMessage, errorType, or texts below errorDetail/error, where a column of an import is named (ucce/REFERENCE.md 1.2).
"""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from services.dialer_sync.ucce.errors import ApiError, masked
from shared.xml import BadXml, parse, text

_OWN = ("apiErrors", "apiError")
_FIELD = re.compile(r"column|field|errorData", re.IGNORECASE)
_NOT_A_REASON = re.compile(r"column|field|errorData|type|code|row|line|min|max", re.IGNORECASE)
_MAX_PAGE_TEXT = 160  # characters
_MAX_JSON_BYTES = 256 * 1024  # bytes; an element for each value takes some 50 times its text
_MAX_PAGE_BYTES = 64 * 1024  # bytes of it that are looked at


def api_errors(body: bytes) -> list[ApiError]:
    """UCCE's reasons in an error body; none when it is empty or not UCCE's own."""
    root = _root(body)
    if root is None or root.tag not in _OWN:
        return []
    return [reason for error in root.iter("apiError") for reason in _reasons(error)]


def says_partial(root: Element) -> bool:
    """Whether the answer to a write tells of a part that was not done (`PARTIAL_SUCCESS`, or an error anywhere)."""
    return any(
        element.tag == "apiError" or (element.text or "").strip() == "PARTIAL_SUCCESS" for element in root.iter()
    )


def page_words(body: bytes) -> str:
    """What an answer says that is not UCCE's own, for operators: its beginning without markup and phone numbers."""
    plain = body[:_MAX_PAGE_BYTES].decode("utf-8", "replace")
    if "<" in plain:
        page = _PageText()
        page.feed(plain)
        plain = " ".join(page.parts)
    text = " ".join("".join(character if character.isprintable() else " " for character in plain).split())
    return masked(text[:_MAX_PAGE_TEXT].strip())


def _root(body: bytes) -> Element | None:
    if body.lstrip()[:1] == b"{":
        return _from_json(body) if len(body) <= _MAX_JSON_BYTES else None
    try:
        return parse(body)
    except BadXml:
        return None


def _from_json(body: bytes) -> Element | None:
    """A JSON body as the XML it stands for: a list is an element again and again."""
    try:
        value = json.loads(body)
        if not isinstance(value, dict):
            return None
        root = Element("json")
        _append(root, "", value)
    except (ValueError, RecursionError):
        return None
    own = [child for child in root if child.tag in _OWN]
    if not own:
        return None
    errors = Element("apiErrors")
    errors.extend(own)
    return errors


def _append(parent: Element, name: str, value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            # {"apiErrors": [{…}]}: the items are apiError
            wrapped = name == "apiErrors" and isinstance(item, dict) and "apiError" not in item
            _append(parent, "apiError" if wrapped else name, item)
        return
    element = SubElement(parent, name) if name else parent
    if isinstance(value, dict):
        for child, inner in value.items():
            _append(element, str(child), inner)
    elif value is not None:
        element.text = str(value)


def _reasons(error: Element) -> Iterator[ApiError]:
    kind, field, message = (text(error, name) or "" for name in ("errorType", "errorData", "errorMessage"))
    details = [_detail(detail) for detail in error.iterfind("errorDetail//error")]
    details = [(column, reason) for column, reason in details if column or reason]
    if not details:
        yield ApiError(kind, message, field)
    for column, reason in details:
        yield ApiError(kind, reason or message, column or field)


def _detail(error: Element) -> tuple[str, str]:
    """(column, reason) of an `error`: a text, or elements of which one names the column."""
    leaves = [(leaf.tag, (leaf.text or "").strip()) for leaf in error.iter() if leaf is not error and not len(leaf)]
    column = next((value for tag, value in leaves if _FIELD.search(tag) and value), "")
    own = [(error.text or "").strip()]
    reasons = own + [value for tag, value in leaves if not _NOT_A_REASON.search(tag)]
    return column, "; ".join(reason for reason in reasons if reason)


class _PageText(HTMLParser):
    """The texts of a page, scripts and styles left out."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
