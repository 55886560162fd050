"""XML in and out.

Documents with a DOCTYPE are refused, so that no entity is ever expanded, and so are deep and huge ones, before they
take memory.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

Value: TypeAlias = "str | int | float | bool | Mapping[str, Value] | Sequence[tuple[str, Value]] | None"


class BadXml(Exception):
    """Not a document that UCCE or Finesse writes; the text says why."""


MAX_DEPTH = 32  # elements within each other; UCCE's documents have 7
# Of elements' ends and attributes together, and of lines: far more than a page of 100 contacts or campaigns has. An
# element takes some 100 bytes of memory for 4 of the document.
MAX_MARKUP = 100_000
MAX_LINES = 500_000


# Not defusedxml, which bounds neither size nor depth: it drives the parser from Python (measured: 6.9 ms instead of
# 3.6 ms for a page of 100 contacts, what the worker reads most), and has had no release since 2021.
class _Bounded:
    """Builds a tree, and refuses a DOCTYPE and what is too deep at the tag where it is seen.

    Closures over the builder's own methods: as methods of a subclass they cost twice the parse (measured: 2.1 ms for
    100 contacts without the count of depth, 2.7 ms so, 4.9 ms in a subclass).
    """

    def __init__(self) -> None:
        builder = ElementTree.TreeBuilder()
        begin, finish, room = builder.start, builder.end, MAX_DEPTH

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal room
            room -= 1
            if room < 0:
                raise BadXml(f"its elements are more than {MAX_DEPTH} deep")
            begin(tag, attributes)

        def end(tag: str) -> None:
            nonlocal room
            room += 1
            finish(tag)

        self.start, self.end, self.data, self.close = start, end, builder.data, builder.close

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise BadXml("it has a DOCTYPE")


def parse(body: bytes) -> Element:
    """The root element of `body`. Raises BadXml."""
    _require_bounded(body)
    parser = ElementTree.XMLParser(target=_Bounded())  # noqa: S314 - DOCTYPE, depth and size are refused above
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise BadXml(f"it is not well-formed: {error}") from error
    return root


def _require_bounded(body: bytes) -> None:
    """Raises BadXml. Counts bytes, before anything is built: these characters are the same byte in every encoding that
    the parser knows.
    """
    if body.count(b"<") + body.count(b"=") > MAX_MARKUP or body.count(b"\n") + body.count(b"&") > MAX_LINES:
        raise BadXml("it is too large: more elements, attributes or lines than any document of UCCE has")


def text(element: Element, path: str) -> str | None:
    """The trimmed text at `path`, None when it is absent or empty: UCCE leaves empty elements out (1.3)."""
    found = element.find(path)
    return (found.text or "").strip() or None if found is not None else None


def number(element: Element, path: str) -> int | None:
    """The whole number at `path`, None when it is absent or something else."""
    found = text(element, path)
    try:
        return int(found) if found is not None else None
    except ValueError:
        return None


def render(name: str, value: Value) -> bytes:
    """A document. A mapping or a list of pairs becomes child elements; None is left out."""
    document: bytes = ElementTree.tostring(_element(name, value), encoding="utf-8", xml_declaration=True)
    return document


def _element(name: str, value: Value) -> Element:
    element = Element(name)
    if isinstance(value, bool):
        element.text = "true" if value else "false"
    elif isinstance(value, str | int | float):
        element.text = str(value)
    elif value is not None:
        pairs = value.items() if isinstance(value, Mapping) else value
        element.extend(_element(child, inner) for child, inner in pairs if inner is not None)
    return element
