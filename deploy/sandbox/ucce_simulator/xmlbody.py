"""XML in and out. A document with a DOCTYPE is refused before any entity in it can be expanded."""

from typing import TypeAlias
from xml.etree import ElementTree
from xml.sax.saxutils import escape

# A name with a text, a number, a truth value, a list of nodes, or None (the element is absent).
Node: TypeAlias = "tuple[str, str | int | float | bool | list[Node] | None]"


class XmlError(Exception):
    """The body is not XML that we read; the text says why."""


class _NoDoctype(ElementTree.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise XmlError(f"a DOCTYPE is not allowed ({name})")


def parse(body: bytes, root: str) -> ElementTree.Element:
    """Read `body`, whose outermost element must be `root` (names are case-sensitive). Raises XmlError."""
    parser = ElementTree.XMLParser(target=_NoDoctype())  # noqa: S314 - DOCTYPE is refused above
    try:
        parser.feed(body)
        element: ElementTree.Element = parser.close()
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise XmlError(f"the body is not well-formed XML: {error}") from error
    if element.tag != root:
        raise XmlError(f"expected the element {root}, got {element.tag}")
    return element


def children(element: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """The child elements by name; of a duplicate the last one wins (ucce/REFERENCE.md 1.2, "Rules")."""
    return {child.tag: child for child in element}


def text(element: ElementTree.Element | None) -> str:
    """The trimmed text of an element, "" when it is empty or absent."""
    return (element.text or "").strip() if element is not None else ""


def render(root: str, nodes: "list[Node]") -> bytes:
    """A whole document, UTF-8."""
    parts = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>']
    _append(parts, root, nodes)
    return "".join(parts).encode()


def _append(parts: list[str], name: str, value: "str | int | float | bool | list[Node] | None") -> None:
    if value is None:
        return
    parts.append(f"<{name}>")
    if isinstance(value, list):
        for child, inner in value:
            _append(parts, child, inner)
    elif isinstance(value, bool):
        parts.append("true" if value else "false")
    else:
        parts.append(escape(str(value)))
    parts.append(f"</{name}>")
