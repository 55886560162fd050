"""A gadget's XML as Finesse's gadget server (Apache Shindig) makes a page of it.

Sources: OpenSocial Core Gadget Specification 1.1 (ModulePrefs, UserPref, Locale, message bundles, the substitutions
`__UP_name__`, `__MSG_name__`, `__MODULE_ID__`), developer.cisco.com/docs/finesse/import-finesse-javascript-api (which
hidden preferences the desktop fills in), …/required-module-pref-feature (pubsub-2).
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit
from xml.etree import ElementTree

Fetch = Callable[[str], bytes]
_HANGMAN = re.compile(r"__(UP|MSG)_([A-Za-z0-9_.-]+?)__")
_LINK = re.compile(r'(?<=\s)(src|href)="([^"]*)"')


class BadGadget(Exception):
    """The XML is not a gadget that Finesse would show; the text says why."""


@dataclass(frozen=True)
class Gadget:
    """Its preferences and messages, and the page's content before links are rewritten."""

    url: str
    title: str
    prefs: Mapping[str, str]
    messages: Mapping[str, str]
    content: str


def read(url: str, fetch: Fetch, locale: str, desktop: Mapping[str, str]) -> Gadget:
    """Parse and expand. `desktop` are the preferences that Finesse gives. Raises BadGadget."""
    root = _parsed(fetch(url))
    modules = root.find("ModulePrefs")
    content = root.find("Content")
    if root.tag != "Module" or modules is None or content is None or content.get("type") != "html":
        raise BadGadget("a gadget is a Module with ModulePrefs and a Content of the type html")
    if not any(one.get("feature") == "pubsub-2" for one in modules.findall("Require")):
        raise BadGadget("Finesse shows only gadgets that require the feature pubsub-2")
    prefs = {one.get("name", ""): one.get("default_value", "") for one in root.findall("UserPref")}
    prefs |= {name: value for name, value in desktop.items() if name in prefs}
    messages = _messages(url, fetch, modules.findall("Locale"), locale)
    values = {"UP": prefs, "MSG": messages}

    def expand(text: str) -> str:
        return _HANGMAN.sub(lambda found: html.escape(values[found[1]].get(found[2], found[0])), text)

    return Gadget(url, expand(modules.get("title", "")), prefs, messages, expand(content.text or ""))


def page(gadget: Gadget, own_url: str) -> str:
    """The document of the gadget's frame. What the gadget's own server has goes through Finesse (content rewriting)."""

    def rewrite(found: re.Match[str]) -> str:
        target = urljoin(gadget.url, found[2])
        if urlsplit(target)[:2] != urlsplit(own_url)[:2]:
            target = "/gadgets/proxy?url=" + quote(target, safe="")
        return f'{found[1]}="{html.escape(target)}"'

    query = quote(gadget.url, safe="")
    return (
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8">\n<script src="/gadgets/js/core.js"></script>\n'
        f'<script src="/gadgets/prefs.js?url={query}"></script></head>\n<body>'
        f"{_LINK.sub(rewrite, gadget.content)}</body></html>"
    )


def _messages(url: str, fetch: Fetch, locales: list[ElementTree.Element], locale: str) -> dict[str, str]:
    """Of the bundle for the language and country, else for the language, else of the one for all."""
    language, _, country = locale.partition("_")
    by_place = {(one.get("lang", ""), one.get("country", "")): one.get("messages", "") for one in locales}
    found: dict[str, str] = {}
    for place in (("", ""), (language, ""), (language, country)):
        if bundle := by_place.get(place):
            root = _parsed(fetch(urljoin(url, bundle)))
            found |= {one.get("name", ""): (one.text or "").strip() for one in root.findall("msg")}
    return found


class _NoDoctype(ElementTree.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise BadGadget(f"a DOCTYPE is not allowed ({name})")


def _parsed(document: bytes) -> ElementTree.Element:
    parser = ElementTree.XMLParser(target=_NoDoctype())  # noqa: S314 - a DOCTYPE is refused above
    try:
        parser.feed(document)
        root: ElementTree.Element = parser.close()
    except ElementTree.ParseError as error:
        raise BadGadget(f"not well-formed XML: {error}") from error
    return root
